//! What must hold of a record, or of one that it refers to, at the moment of an action.

use super::{change, creation, in_state, transition, ways, workflow::origins};
use crate::{
    script::{Expect, Script, Want},
    suite::Bench,
};
use maestro_artifacts::{Condition, Moment, Test};

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, at: &Moment, condition: &Condition) -> bool {
    let name = match at {
        Moment::Create => "creation has its conditions".to_owned(),
        Moment::Save => "saving has its conditions".to_owned(),
        Moment::Transition { to } => format!("{to} has its conditions"),
    };
    let mut sheet = bench.sheet(rule, entity, &name);
    let all = ways(sheet.bench, entity, condition);
    for (way, good) in &all {
        let starts: Vec<(Script, usize)> = match at {
            // A record that comes to refer to another one is tried as well.
            Moment::Create if condition.looks_through() => {
                [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten().collect()
            }
            Moment::Create => creation(sheet.bench, entity).into_iter().collect(),
            Moment::Save => {
                [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten().collect()
            }
            Moment::Transition { to } => transition(sheet.bench, entity, to).into_iter().collect(),
        };
        let expect = if *good { Expect::Accepted } else { Expect::Breaks(rule) };
        for (script, rec) in starts {
            let wants: Vec<Want> = way.iter().map(|(test, truth)| Want::After(rec, test.clone(), *truth)).collect();
            // Where the search does not find the way to a change of state by itself, it is told where to begin.
            let found = sheet.solve(script.clone(), expect, &wants).or_else(|| {
                let Moment::Transition { to } = at else { return None };
                origins(sheet.bench, entity, None, to).into_iter().find_map(|origin| {
                    let begins = in_state(sheet.bench, entity, rec, &origin)?;
                    let mut wants = wants.clone();
                    wants.push(begins.clone());
                    let found = sheet.solve(script.clone(), expect, &wants);
                    // A change that is accepted meets the condition anyway.
                    let any = || if *good { sheet.solve(script.clone(), expect, &[begins]) } else { None };
                    found.or_else(any)
                })
            });
            if let Some(found) = found {
                sheet.play(&found);
            }
        }
    }
    // Where nothing is referred to, nothing has to meet the condition.
    for via in condition.0.iter().filter_map(Test::via) {
        let start = match at {
            Moment::Transition { to } => transition(sheet.bench, entity, to),
            Moment::Create | Moment::Save => creation(sheet.bench, entity),
        };
        let Some((script, rec)) = start else { continue };
        let (own, _) = maestro_artifacts::first_step(via);
        let nothing = Test::Empty { via: None, field: own.to_owned() };
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[Want::After(rec, nothing, true)]) {
            sheet.play(&found);
        }
    }
    sheet.done()
}
