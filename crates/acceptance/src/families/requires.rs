//! What must hold of a record, or of one that it refers to, at the moment of an action.

use super::{change, creation, transition, ways};
use crate::{
    script::{Expect, Script, Want},
    suite::Bench,
};
use maestro_artifacts::{Condition, Moment};

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
            Moment::Create => creation(sheet.bench, entity).into_iter().collect(),
            Moment::Save => {
                [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten().collect()
            }
            Moment::Transition { to } => transition(sheet.bench, entity, to).into_iter().collect(),
        };
        let expect = if *good { Expect::Accepted } else { Expect::Breaks(rule) };
        for (script, rec) in starts {
            let wants: Vec<Want> = way.iter().map(|(test, truth)| Want::After(rec, test.clone(), *truth)).collect();
            if let Some(found) = sheet.solve(script, expect, &wants) {
                sheet.play(&found);
            }
        }
    }
    sheet.done()
}
