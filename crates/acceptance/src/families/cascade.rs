//! Records that are deleted with the one that they refer to: all of those and no others, or nothing.

use super::ways;
use crate::{
    judge::{Act, Fault},
    python::string,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::{Field, RuleKind, Test};
use std::collections::{BTreeMap, BTreeSet};

/// A record that is deleted, and what belongs to it.
struct Litter {
    script: Script,
    /// The record that is deleted.
    owner: usize,
    /// What must be so for the deletion to show something.
    wants: Vec<Want>,
    /// The records that refer to the owner, at the last step.
    children: Vec<usize>,
}

/// References from the record that is deleted down to the rule's records, the rule's own last.
type Way<'w> = [(&'w str, &'w str)];

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, via: &str) -> bool {
    let name = format!("goes with its {}", via.strip_suffix("_id").unwrap_or(via));
    let mut sheet = bench.sheet(rule, entity, &name);
    let Some(target) = sheet.bench.writer.scripts.world.target(entity, via) else { return false };
    let mut ways: Vec<Vec<(&str, &str)>> = vec![vec![(entity, via)]];
    // What goes with the owner's own owner goes with that one as well.
    for rule in &sheet.bench.writer.scripts.world.model.rules {
        if let RuleKind::Cascade { entity: above, field } = &rule.demand
            && above == target
        {
            ways.push(vec![(above, field), (entity, via)]);
        }
    }
    for way in &ways {
        goes(&mut sheet, way);
    }
    goes_in_a_circle(&mut sheet, entity, via);
    for way in &ways {
        kept_by_rule(&mut sheet, entity, way);
        kept_by_reference(&mut sheet, entity, way);
    }
    sheet.done()
}

/// The owner goes with all that is its, and with nothing that is another's.
fn goes(sheet: &mut Sheet<'_, '_>, way: &Way<'_>) {
    // Two of them, or one where an owner has no more.
    for count in [2, 1] {
        let Some(mut litter) = litter(sheet, way, count) else { continue };
        // The same for another owner, which stays.
        let Some(other) = line(sheet, &mut litter.script, way, 1) else { continue };
        litter.wants.extend(other.wants);
        litter.script.then(Act::Delete, litter.owner, &entity_of(sheet, way));
        if let Some(found) = sheet.solve(litter.script, Expect::Accepted, &litter.wants) {
            sheet.play(&found);
            left(sheet, &found, true);
            return;
        }
    }
}

/// Where what goes with a record may take that very record with it, all of them go, and that comes to an end.
fn goes_in_a_circle(sheet: &mut Sheet<'_, '_>, entity: &str, via: &str) {
    let way = [(entity, via)];
    let owner_entity = entity_of(sheet, &way);
    let world = &sheet.bench.writer.scripts.world;
    let cascades = |field: &&Field| !field.read_only && world.cascades(&owner_entity, &field.key);
    let fields = world.entity(&owner_entity).map_or(&[][..], |owner| &owner.fields);
    let back = fields.iter().filter(cascades).find(|field| world.target(&owner_entity, &field.key) == Some(entity));
    let (Some(back), Some(mut litter)) = (back, litter(sheet, &way, 1)) else { return };
    let Some(child) = litter.children.first().map(|child| Val::Ref(*child)) else { return };
    litter.script.then(Act::Patch, litter.owner, &owner_entity);
    litter.script.pin([(back.key.as_str(), child.clone())]);
    litter.wants.push(Want::Value(litter.owner, back.key.clone(), child));
    litter.script.then(Act::Delete, litter.owner, &owner_entity);
    if let Some(found) = sheet.solve(litter.script, Expect::Accepted, &litter.wants) {
        sheet.play(&found);
        left(sheet, &found, true);
    }
}

/// One that a rule keeps keeps all.
fn kept_by_rule(sheet: &mut Sheet<'_, '_>, entity: &str, way: &Way<'_>) {
    let model = sheet.bench.writer.scripts.world.model;
    for (index, rule) in model.rules.iter().enumerate() {
        let when = match &rule.demand {
            RuleKind::NoDelete { entity: e, when } if e == entity => when,
            RuleKind::Immutable { entity: e, when, fields } if e == entity && fields.is_empty() => when,
            _ => continue,
        };
        let mut all = ways(sheet.bench, entity, when);
        all.retain(|(_, kept)| *kept);
        if when.0.is_empty() {
            all.push((Vec::new(), true));
        }
        for (tests, _) in all {
            let Some(litter) = litter(sheet, way, 2) else { return };
            let (Some(free), Some(kept)) = (litter.children.first(), litter.children.last()) else { return };
            let so = |rec: usize, (test, truth): &(Test, bool)| Want::Before(rec, test.clone(), *truth);
            let mut wants = litter.wants.clone();
            wants.extend(tests.iter().map(|test| so(*kept, test)));
            // Beside it is one that nothing keeps, where that can be.
            let mut beside = wants.clone();
            beside.extend(tests.last().map(|(test, truth)| so(*free, &(test.clone(), !truth))));
            let mut script = litter.script;
            script.then(Act::Delete, litter.owner, &entity_of(sheet, way));
            let expect = Expect::Breaks(index);
            let found = sheet.solve(script.clone(), expect, &beside).or_else(|| sheet.solve(script, expect, &wants));
            if let Some(found) = found {
                refused(sheet, &found, Some(&rule.message));
            }
        }
    }
}

/// One that a record needs which does not go with it keeps all.
fn kept_by_reference(sheet: &mut Sheet<'_, '_>, entity: &str, way: &Way<'_>) {
    let world = &sheet.bench.writer.scripts.world;
    let referrers: Vec<(String, String)> = world
        .model
        .referrers(entity)
        .filter(|(from, field)| !field.read_only && !world.cascades(&from.key, &field.key))
        .map(|(from, field)| (from.key.clone(), field.key.clone()))
        .collect();
    for (from, field) in referrers {
        let Some(litter) = litter(sheet, way, 2) else { return };
        let Some(needed) = litter.children.last() else { return };
        let mut script = litter.script;
        let given = BTreeMap::from([(field.clone(), Val::Ref(*needed))]);
        let end = script.requests.len();
        let scripts = &sheet.bench.writer.scripts;
        let Some(needing) = scripts.create(&mut script, end, &from, &given) else { continue };
        let owner = entity_of(sheet, way);
        // All of them are brought about first; then nothing but the reference may stand in the way.
        let mut wants = litter.wants;
        wants.push(Want::Value(needing, field, Val::Ref(*needed)));
        script.then(Act::Idle, litter.owner, &owner);
        let Some(mut found) = sheet.solve(script, Expect::Accepted, &wants) else { continue };
        found.requests.pop();
        found.then(Act::Delete, litter.owner, &owner);
        if sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]).last == [Fault::Referenced] {
            refused(sheet, &found, None);
        }
    }
}

/// Writes a deletion that is refused: it says why, and everything is still there.
fn refused(sheet: &mut Sheet<'_, '_>, script: &Script, message: Option<&str>) {
    let outcome = sheet.bench.writer.outcome(script);
    sheet.setup(script);
    let at = sheet.body.lines.len();
    sheet.last(script, &outcome);
    if let Some(message) = message
        && let Some(line) = sheet.body.lines.get_mut(at)
    {
        line.insert_str(0, "problem = ");
        sheet.line(format!("self.assertIn({}, problem[\"detail\"])", string(message)));
    }
    left(sheet, script, false);
}

/// Writes which of the records are gone after the deletion, and that all others are there.
fn left(sheet: &mut Sheet<'_, '_>, script: &Script, deleted: bool) {
    let scripts = &sheet.bench.writer.scripts;
    let Some(owner) = script.last().map(|last| last.rec) else { return };
    let before = scripts.run(script, Expect::Accepted, &[]).before;
    let gone = if deleted { scripts.world.deleted_with(&before, owner) } else { BTreeSet::new() };
    let others = before.iter().filter(|(rec, _)| **rec != owner);
    let mut lines = Vec::new();
    for (rec, row) in others {
        // What a factory makes by itself has no name.
        if let Some(var) = sheet.body.known(*rec) {
            let path = string(&sheet.bench.writer.path(&row.entity));
            let check = if gone.contains(rec) { "assert_gone" } else { "read" };
            lines.push(format!("self.{check}({path}, {var})"));
        }
    }
    lines.into_iter().for_each(|line| sheet.line(line));
}

/// The entity of the record that is deleted.
fn entity_of(sheet: &Sheet<'_, '_>, way: &Way<'_>) -> String {
    let first = way.first().and_then(|(entity, via)| sheet.bench.writer.scripts.world.target(entity, via));
    first.unwrap_or_default().to_owned()
}

fn litter(sheet: &Sheet<'_, '_>, way: &Way<'_>, children: usize) -> Option<Litter> {
    let mut script = Script::default();
    let found = line(sheet, &mut script, way, children)?;
    Some(Litter { script, owner: found.owner, wants: found.wants, children: found.children })
}

/// One owner with its descendants.
struct Line {
    owner: usize,
    wants: Vec<Want>,
    children: Vec<usize>,
}

/// Adds an owner and a record a step of the way, with as many at the last one.
fn line(sheet: &Sheet<'_, '_>, script: &mut Script, way: &Way<'_>, count: usize) -> Option<Line> {
    let owner = added(sheet, script, &entity_of(sheet, way), &BTreeMap::new())?;
    let mut found = Line { owner, wants: Vec::new(), children: vec![owner] };
    for (place, (entity, via)) in way.iter().enumerate() {
        let above = *found.children.last()?;
        let count = if place + 1 == way.len() { count } else { 1 };
        found.children.clear();
        for _ in 0..count {
            let rec = added(sheet, script, entity, &BTreeMap::from([((*via).to_owned(), Val::Ref(above))]))?;
            found.wants.push(Want::Value(rec, (*via).to_owned(), Val::Ref(above)));
            found.children.push(rec);
        }
    }
    Some(found)
}

/// Adds a record that refers to others wherever the rules let it: what it refers to must not go with it.
fn added(sheet: &Sheet<'_, '_>, script: &mut Script, entity: &str, given: &BTreeMap<String, Val>) -> Option<usize> {
    let scripts = &sheet.bench.writer.scripts;
    let cost = |script: &Script| scripts.run(script, Expect::Accepted, &[]).cost;
    let end = script.requests.len();
    let rec = scripts.create(script, end, entity, given)?;
    for field in scripts.world.entity(entity)?.fields.iter().filter(|field| !field.read_only) {
        let Some(target) = scripts.world.target(entity, &field.key) else { continue };
        let set = script.last().is_some_and(|last| last.sets.contains_key(&field.key));
        if !set {
            let mut more = script.clone();
            let end = more.requests.len() - 1;
            let Some(other) = scripts.create(&mut more, end, target, &BTreeMap::new()) else { continue };
            more.last_mut()?.sets.insert(field.key.clone(), Val::Ref(other));
            if cost(&more) > cost(script) {
                continue;
            }
            *script = more;
        }
        // A reference that is fixed is one whose record the test knows by name.
        script.last_mut()?.fixed.insert(field.key.clone());
    }
    script.keep();
    Some(rec)
}
