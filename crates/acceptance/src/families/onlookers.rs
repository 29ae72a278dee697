//! What a rule looks at of other records, more than one reference away or worked out of children: no change there lets a
//! record that the rule is about fit no longer.

use super::creation;
use crate::{
    judge::Act,
    script::{Expect, Script},
    suite::{Bench, Sheet},
    value::Val,
    world::World,
};
use maestro_artifacts::{Reach, RuleKind, Step};
use std::collections::BTreeMap;

pub(super) fn write(bench: &mut Bench<'_>, rule: usize) -> bool {
    let Some(demand) = bench.rule(rule).map(|rule| &rule.demand) else { return false };
    let entity = match demand {
        RuleKind::Compare { entity, .. } | RuleKind::Range { entity, .. } | RuleKind::Requires { entity, .. } => entity,
        RuleKind::Capacity { parent, .. } => parent,
        _ => return false,
    };
    let world = &bench.writer.scripts.world;
    let mut reaches = world.model.reaches(demand);
    // What stands in the record that is referred to itself is shown with the rule.
    let shown = !matches!(demand, RuleKind::Requires { .. });
    reaches.retain(|reach| !shown || reach.steps.len() > 1 || reach.counts_children());
    if reaches.is_empty() {
        return false;
    }
    let mut sheet = bench.sheet(rule, entity, "nothing that it looks at may break it");
    for reach in &reaches {
        let field = sheet.bench.writer.scripts.world.field(&reach.target, &reach.field);
        if field.is_some_and(|field| !field.read_only)
            && let Some(found) = change_there(&sheet, entity, reach)
        {
            sheet.play(&found);
        }
    }
    sheet.done()
}

/// A record, those on the way to what the rule looks at, and the request there that breaks the rule.
fn change_there(sheet: &Sheet<'_, '_>, entity: &str, reach: &Reach) -> Option<Script> {
    let (mut script, rec) = creation(sheet.bench, entity)?;
    script.keep();
    let mut at = rec;
    let (last, before) = reach.steps.split_last()?;
    for step in before {
        at = follow(sheet, &mut script, at, step)?;
    }
    let counts = matches!(last, Step::Down { via, .. } if *via == reach.field);
    at = follow(sheet, &mut script, at, last)?;
    if !counts {
        script.then(Act::Patch, at, &reach.target);
        let field = sheet.bench.writer.scripts.world.field(&reach.target, &reach.field)?;
        // Any value of the field will do: the search looks for one that breaks the rule.
        script.last_mut()?.sets.insert(field.key.clone(), Val::Null);
    }
    sheet.solve(script, Expect::Breaks(sheet.rule), &[])
}

/// The record that a step leads to: the one that is referred to, or a new one that refers.
fn follow(sheet: &Sheet<'_, '_>, script: &mut Script, from: usize, step: &Step) -> Option<usize> {
    let scripts = &sheet.bench.writer.scripts;
    match step {
        Step::Up { via } => {
            let course = scripts.run(script, Expect::Accepted, &[]);
            World::follow(&course.after, course.after.get(&from)?, via).map(|(rec, _)| rec)
        }
        Step::Down { child, via } => {
            let given = BTreeMap::from([(via.clone(), Val::Ref(from))]);
            let end = script.requests.len();
            let rec = scripts.create(script, end, child, &given)?;
            script.keep();
            Some(rec)
        }
    }
}
