//! Every allowed change of state is taken once: a record is brought to where the change begins and makes it. That other
//! changes are refused says nothing about one that no record can ever make.

use super::{in_state, transition};
use crate::{
    judge::Act,
    script::{Expect, Script},
    suite::Bench,
    value::Val,
};
use maestro_artifacts::{Transition, service_model::Workflow};

pub(super) fn allowed(bench: &mut Bench<'_>, rule: usize, entity: &str, workflow: &Workflow) {
    let pairs = taken(bench, entity, workflow);
    for from in &workflow.states {
        let mut sheet = bench.sheet(rule, entity, &format!("{} goes from {from} to what follows", workflow.field));
        for to in &workflow.states {
            let here = pairs.iter().find(|(pair, _)| pair.from == *from && pair.to == *to);
            if let Some(script) = here.and_then(|(_, script)| script.as_ref()) {
                sheet.play(script);
            }
        }
        sheet.done();
    }
    for (pair, _) in pairs.iter().filter(|(_, script)| script.is_none()) {
        let why = why_not(bench, entity, pair);
        bench.lack(rule, &pair.sources, &why);
    }
}

/// The allowed changes, each with requests of which the last one makes it.
fn taken<'w>(bench: &Bench<'_>, entity: &str, workflow: &'w Workflow) -> Vec<(&'w Transition, Option<Script>)> {
    let mut found: Vec<(&Transition, Option<Script>)> = Vec::new();
    for pair in workflow.transitions.iter().filter(|pair| pair.from != pair.to) {
        if !found.iter().any(|(known, _)| known.from == pair.from && known.to == pair.to) {
            found.push((pair, alone(bench, entity, pair)));
        }
    }
    // The shortest way to where a change begins may be closed, or lead to a record that cannot make it: whatever else was
    // found to lead there is gone on from.
    loop {
        let further =
            found.iter().enumerate().filter(|(_, (_, script))| script.is_none()).find_map(|(at, (pair, _))| {
                let before =
                    found.iter().filter(|(known, _)| known.to == pair.from).filter_map(|(_, script)| script.as_ref());
                let mut ways = before.filter_map(|before| onward(bench, entity, before, pair));
                ways.next().map(|script| (at, script))
            });
        let Some((at, script)) = further else { return found };
        if let Some((_, open)) = found.get_mut(at) {
            *open = Some(script);
        }
    }
}

/// A change of state by a record that is made for it.
fn alone(bench: &Bench<'_>, entity: &str, pair: &Transition) -> Option<Script> {
    let (script, rec) = transition(bench, entity, &pair.to)?;
    let begins = in_state(bench, entity, rec, &pair.from)?;
    bench.writer.scripts.solve(script, Expect::Accepted, &[begins])
}

/// A change of state by a record that has just made the one before it.
fn onward(bench: &Bench<'_>, entity: &str, before: &Script, pair: &Transition) -> Option<Script> {
    let mut script = before.clone();
    let rec = script.last()?.rec;
    script.keep();
    script.then(Act::Patch, rec, entity);
    script.pin([(bench.writer.scripts.world.workflow(entity)?.field.as_str(), Val::text(&pair.to))]);
    let begins = in_state(bench, entity, rec, &pair.from)?;
    bench.writer.scripts.solve(script, Expect::Accepted, &[begins])
}

/// What stands in the way of a change that no requests were found for.
fn why_not(bench: &Bench<'_>, entity: &str, pair: &Transition) -> String {
    let scripts = &bench.writer.scripts;
    let name = scripts.world.entity(entity).map_or(entity, |entity| entity.name.as_str());
    let change = format!("no requests were found that take a record of {name} from `{}` to `{}`", pair.from, pair.to);
    let Some((script, rec)) = transition(bench, entity, &pair.to) else {
        return format!("{change}: no record was found that meets all the rules");
    };
    let Some(begins) = in_state(bench, entity, rec, &pair.from) else { return change };
    let initial = scripts.world.workflow(entity).map_or("", |workflow| workflow.initial.as_str());
    if scripts.path(entity, initial, &pair.from).is_none() {
        return format!("{change}: no allowed changes of state lead from `{initial}` to `{}`", pair.from);
    }
    let obstacles = match scripts.approach(script, &begins) {
        Err(course) => format!("on the way to `{}`, {}", pair.from, bench.obstacles(&course)),
        // From there on, what was nearest to the change is what the change itself meets with.
        Ok(there) => match scripts.search(there, Expect::Accepted, &[begins]) {
            Err(course) => bench.obstacles(&course),
            Ok(_) => return change,
        },
    };
    format!("{change}: {obstacles}")
}
