//! Ways of a workflow that a rule forbids to everybody: the epic allows a change of state and rules it out.

use crate::lexicon;
use maestro_artifacts::requirements::Contradiction;
use maestro_artifacts::service_model::Entity;
use maestro_artifacts::{Condition, Moment, Rule, RuleKind, Test};
use serde_json::Value;

/// Adds a contradiction for each allowed change of state whose demands no record in the first state can meet.
pub(crate) fn ways(entities: &[Entity], rules: &[Rule], contradictions: &mut Vec<Contradiction>) {
    for entity in entities {
        let Some(flow) = &entity.workflow else { continue };
        for way in &flow.transitions {
            let forbids = rules.iter().find(|rule| {
                matches!(&rule.demand, RuleKind::Requires { entity: of, at: Moment::Transition { to }, condition }
                    if *of == entity.key && *to == way.to && !fits(condition, &flow.field, &way.from))
            });
            let Some(rule) = forbids else { continue };
            let message = format!(
                "the epic lets a {} go from `{}` to `{}`, but another rule never does: {}",
                entity.name, way.from, way.to, rule.message
            );
            let mut statements = way.sources.clone();
            rule.sources.iter().for_each(|source| lexicon::add(&mut statements, source));
            contradictions.push(Contradiction { message, statements });
        }
    }
}

/// Whether a record in this state may meet the condition.
fn fits(condition: &Condition, field: &str, state: &str) -> bool {
    let named = |values: &[Value]| values.iter().any(|value| value.as_str() == Some(state));
    condition.0.iter().all(|test| match test {
        Test::In { via: None, field: of, values } if of == field => named(values),
        Test::NotIn { via: None, field: of, values } if of == field => !named(values),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_a_rule_forbids_everywhere_is_a_contradiction() {
        let epic = "# Workshop\n\n- A job has a title and a status: new, accepted, in progress, finished.\n- A new job is new. A new \
                    job can be accepted. An accepted job can be put in progress. A job in progress can be finished.\n- A job that has \
                    not been accepted cannot be finished.\n";
        let mut read = crate::read(&maestro_epic::read(epic.as_bytes(), "epic.md").unwrap());
        assert!(read.contradictions.is_empty());
        let told = |state: &str, rules: &mut [Rule], entities: &[Entity]| {
            for rule in rules.iter_mut() {
                if let RuleKind::Requires { at: Moment::Transition { .. }, condition, .. } = &mut rule.demand {
                    let values = vec![Value::from(state)];
                    *condition = Condition(vec![Test::In { via: None, field: "status".to_owned(), values }]);
                }
            }
            let mut found = Vec::new();
            ways(entities, rules, &mut found);
            found
        };
        let found = told("accepted", &mut read.concepts.rules, &read.concepts.entities);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert!(one.message.contains("from `in progress` to `finished`"), "{one:?}");
        assert_eq!(one.statements.len(), 2);
        assert_eq!(told("in progress", &mut read.concepts.rules, &read.concepts.entities), []);
    }
}
