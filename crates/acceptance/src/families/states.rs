//! Rules that count records in some states only: how records come to count, and a case for every state, or a rule that
//! counts the wrong ones goes unnoticed.

use super::{all_hold, change, creation};
use crate::{
    judge::Act,
    script::{Expect, Script, Want},
    suite::Sheet,
    value::Val,
    world::World,
};
use maestro_artifacts::{Condition, Test};
use serde_json::Value;
use std::collections::BTreeMap;

/// Records that count for a rule, one beside the other: as they are made or, where only a later state counts, by a change
/// that brings them there.
pub(super) struct Counting<'r> {
    pub(super) entity: &'r str,
    pub(super) when: &'r Condition,
    pub(super) by_change: bool,
}

impl<'r> Counting<'r> {
    /// A script whose last request makes a record count, and the record; `given` are fields that have a value then.
    pub(super) fn first(
        sheet: &Sheet<'_, '_>,
        entity: &'r str,
        when: &'r Condition,
        given: &[&str],
    ) -> Option<(Self, Script, usize)> {
        for (by_change, start) in [(false, creation(sheet.bench, entity)), (true, change(sheet.bench, entity))] {
            let Some((script, rec)) = start else { continue };
            let one = Self { entity, when, by_change };
            let mut wants: Vec<Want> = given.iter().map(|field| Want::Given(rec, (*field).to_owned())).collect();
            wants.extend(one.counts(rec));
            if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
                return Some((one, found, rec));
            }
        }
        None
    }

    /// A record counts after the last request.
    pub(super) fn counts(&self, rec: usize) -> Vec<Want> {
        all_hold(self.when, |test| Want::After(rec, test, true))
    }

    /// A record counts before the last request.
    pub(super) fn counted(&self, rec: usize) -> Vec<Want> {
        all_hold(self.when, |test| Want::Before(rec, test, true))
    }

    /// The script with one more record of these values, which the last request makes count.
    pub(super) fn another(
        &self,
        sheet: &Sheet<'_, '_>,
        script: &Script,
        values: &BTreeMap<String, Val>,
    ) -> Option<(Script, usize)> {
        let mut script = script.clone();
        let end = script.requests.len();
        let rec = sheet.bench.writer.scripts.create(&mut script, end, self.entity, values)?;
        if self.by_change {
            script.then(Act::Patch, rec, self.entity);
        }
        Some((script, rec))
    }

    /// Of two records that are alike one does not count, so that both may be: the first one, when the second comes to count;
    /// and the second, made and not brought any further.
    pub(super) fn apart(
        &self,
        sheet: &mut Sheet<'_, '_>,
        (first, rec): (&Script, usize),
        values: &BTreeMap<String, Val>,
        test: &Test,
    ) {
        if let Some((script, second)) = self.another(sheet, first, values) {
            let mut wants = self.counts(second);
            wants.push(Want::Before(rec, test.clone(), false));
            if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
                sheet.play(&found);
            }
        }
        let mut script = first.clone();
        let end = script.requests.len();
        if let Some(second) = sheet.bench.writer.scripts.create(&mut script, end, self.entity, values) {
            let mut wants = self.counted(rec);
            wants.push(Want::After(second, test.clone(), false));
            if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
                sheet.play(&found);
            }
        }
    }
}

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
