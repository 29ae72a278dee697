//! Rules that count records in some states only: a case for every state, or a rule that counts the wrong ones goes
//! unnoticed.

use crate::world::World;
use maestro_artifacts::{Condition, Test};
use serde_json::Value;

/// Every state that a record of this kind can be brought to, and whether the condition counts records in it.
pub(super) fn later(world: &World<'_>, entity: &str, when: &Condition) -> Vec<(Test, bool)> {
    let Some(flow) = world.workflow(entity) else { return Vec::new() };
    let counts = |state: &String| {
        when.0.iter().all(|test| match test {
            Test::In { via: None, field, values } if *field == flow.field => {
                values.contains(&Value::from(state.clone()))
            }
            Test::NotIn { via: None, field, values } if *field == flow.field => {
                !values.contains(&Value::from(state.clone()))
            }
            _ => true,
        })
    };
    let reached = flow.states.iter().filter(|state| **state != flow.initial);
    reached
        .map(|state| {
            let values = vec![Value::from(state.clone())];
            (Test::In { via: None, field: flow.field.clone(), values }, counts(state))
        })
        .collect()
}
