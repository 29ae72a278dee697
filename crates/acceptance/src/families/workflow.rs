//! States: the allowed changes and no others, what a change requires, what it sets by itself.

use super::{change, creation, in_state, pairs, transition};
use crate::{
    judge::Caller,
    python::{Outcome, string},
    script::{Expect, Want},
    suite::{Bench, Sheet},
    value::{Anchor, Val},
};
use maestro_artifacts::{Operand, Test};

pub(super) fn transitions(bench: &mut Bench<'_>, rule: usize, entity: &str) -> bool {
    let Some(workflow) = bench.writer.scripts.world.workflow(entity) else { return false };
    initial(bench, rule, entity);
    pairs::allowed(bench, rule, entity, workflow);
    for from in &workflow.states {
        forbidden(bench, rule, entity, from);
    }
    true
}

fn forbidden(bench: &mut Bench<'_>, rule: usize, entity: &str, from: &str) {
    let Some(workflow) = bench.writer.scripts.world.workflow(entity) else { return };
    let mut sheet = bench.sheet(rule, entity, &format!("{} goes from {from} nowhere else", workflow.field));
    let Some((script, rec)) = change(sheet.bench, entity) else { return };
    let Some(want) = in_state(sheet.bench, entity, rec, from) else { return };
    let mut written = false;
    for to in &workflow.states {
        if to == from || workflow.transitions.iter().any(|t| t.from == from && t.to == *to) {
            continue;
        }
        // One record does for all: what is refused leaves it as it is.
        let mut script = script.clone();
        script.pin([(workflow.field.as_str(), Val::text(to))]);
        if let Some(last) = script.last_mut() {
            last.fixed.insert("*".to_owned());
            // That the change is impossible is said before anybody asks who wants it.
            last.caller = if written { Caller::Nobody } else { Caller::Fitting };
        }
        let Some(found) = sheet.bench.writer.scripts.reach(script, &want) else { continue };
        if !written {
            sheet.setup(&found);
        }
        sheet.last(&found, &Outcome::Refused(409, Vec::new()));
        written = true;
    }
    sheet.done();
}

fn initial(bench: &mut Bench<'_>, rule: usize, entity: &str) {
    let Some(workflow) = bench.writer.scripts.world.workflow(entity) else { return };
    let mut sheet = bench.sheet(rule, entity, &format!("{} begins as {}", workflow.field, workflow.initial));
    let Some((script, rec)) = creation(sheet.bench, entity) else { return };
    sheet.play(&script);
    let field = string(&workflow.field);
    let line = format!("self.assertEqual({}[{field}], {})", sheet.body.var(rec), string(&workflow.initial));
    sheet.line(line);
    let mut with = script.clone();
    with.pin([(workflow.field.as_str(), Val::text(&workflow.initial))]);
    if let Some(found) = sheet.solve(with, Expect::Accepted, &[]) {
        sheet.play(&found);
    }
    for state in workflow.states.iter().filter(|state| **state != workflow.initial) {
        let mut other = script.clone();
        other.pin([(workflow.field.as_str(), Val::text(state))]);
        let refused = Outcome::Refused(409, Vec::new());
        sheet.setup(&other);
        sheet.last(&other, &refused);
    }
    sheet.done();
}

/// The states from which a change to another is allowed, of those that a rule speaks of.
pub(super) fn origins(bench: &Bench<'_>, entity: &str, from: Option<&str>, to: &str) -> Vec<String> {
    let Some(workflow) = bench.writer.scripts.world.workflow(entity) else { return Vec::new() };
    let ways = workflow.transitions.iter().filter(|t| t.to == to && from.is_none_or(|from| t.from == from));
    ways.map(|t| t.from.clone()).collect()
}

pub(super) fn requires(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    from: Option<&str>,
    to: &str,
    fields: &[String],
) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{to} needs {}", fields.join(" and ")));
    for origin in origins(sheet.bench, entity, from, to) {
        for field in fields {
            let Some((script, rec)) = transition(sheet.bench, entity, to) else { continue };
            let Some(state) = in_state(sheet.bench, entity, rec, &origin) else { continue };
            let blank = Test::Empty { via: None, field: field.clone() };
            let others = fields.iter().filter(|other| *other != field).map(|other| Want::Given(rec, other.clone()));
            let mut wants: Vec<Want> = others.collect();
            wants.push(state.clone());
            wants.push(Want::Before(rec, blank.clone(), true));
            // Without the field, and with the field emptied by the request.
            let mut without = script.clone();
            without.omit(field);
            if let Some(found) = sheet.solve(without, Expect::Breaks(rule), &wants) {
                sheet.play(&found);
            }
            let mut emptied = script.clone();
            emptied.pin([(field.as_str(), Val::Null)]);
            let full = [state.clone(), Want::Before(rec, blank.clone(), false)];
            if let Some(found) = sheet.solve(emptied, Expect::Breaks(rule), &full) {
                sheet.play(&found);
            }
            // Given along with the change of state, and given before it.
            wants.push(Want::Given(rec, field.clone()));
            if let Some(found) = sheet.solve(script.clone(), Expect::Accepted, &wants) {
                sheet.play(&found);
            }
            let mut early = script;
            early.omit(field);
            let wants = [state, Want::Before(rec, blank, false)];
            if let Some(found) = sheet.solve(early, Expect::Accepted, &wants) {
                sheet.play(&found);
            }
        }
    }
    kept(&mut sheet, rule, entity, from, to, fields);
    sheet.done()
}

/// What a change required cannot be taken away behind it.
fn kept(sheet: &mut Sheet<'_, '_>, rule: usize, entity: &str, from: Option<&str>, to: &str, fields: &[String]) {
    let world = &sheet.bench.writer.scripts.world;
    let Some(workflow) = world.workflow(entity) else { return };
    let states: Vec<String> =
        workflow.behind(from, to, world.is_ruled(entity)).into_iter().map(str::to_owned).collect();
    for state in states {
        for field in fields {
            let Some((mut script, rec)) = change(sheet.bench, entity) else { continue };
            let Some(state) = in_state(sheet.bench, entity, rec, &state) else { continue };
            script.pin([(field.as_str(), Val::Null)]);
            let had = Want::Before(rec, Test::Empty { via: None, field: field.clone() }, false);
            if let Some(found) = sheet.solve(script, Expect::Breaks(rule), &[state, had]) {
                sheet.play(&found);
            }
        }
    }
}

pub(super) fn stamp(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    to: Option<&str>,
    field: &str,
    value: &Operand,
) -> bool {
    let Some(meta) = bench.writer.scripts.world.field(entity, field) else { return false };
    let mut sheet = bench.sheet(rule, entity, &format!("{field} is set by itself"));
    let origins =
        to.map_or_else(|| vec![None], |to| origins(sheet.bench, entity, None, to).into_iter().map(Some).collect());
    for origin in origins {
        let start = to.map_or_else(|| creation(sheet.bench, entity), |to| transition(sheet.bench, entity, to));
        let Some((script, rec)) = start else { continue };
        let mut wants: Vec<Want> =
            origin.iter().filter_map(|state| in_state(sheet.bench, entity, rec, state)).collect();
        if to.is_some() {
            wants.push(Want::Before(rec, Test::Empty { via: None, field: field.to_owned() }, true));
        }
        let mut plain = script.clone();
        plain.omit(field);
        if let Operand::Field { field: other, .. } = value {
            wants.push(Want::Given(rec, other.clone()));
        }
        if let Some(found) = sheet.solve(plain, Expect::Accepted, &wants) {
            let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
            let stamped = course.after.get(&rec).and_then(|row| row.values.get(field)).cloned().unwrap_or(Val::Null);
            sheet.play(&found);
            expect_value(&mut sheet, entity, rec, field, &stamped);
        }
        if meta.read_only {
            continue;
        }
        // What the request says goes before what the service would say.
        let values = sheet.bench.writer.scripts.world.candidates(&Default::default(), rec, entity, meta);
        for value in values.into_iter().skip(1).take(4) {
            let mut given = script.clone();
            let value = super::fresh(&mut given, &value);
            given.pin([(field, value)]);
            if let Some(found) = sheet.solve(given, Expect::Accepted, &wants) {
                sheet.play(&found);
                break;
            }
        }
    }
    sheet.done()
}

fn expect_value(sheet: &mut Sheet<'_, '_>, entity: &str, rec: usize, field: &str, value: &Val) {
    let var = sheet.body.var(rec);
    let name = string(field);
    let kind = sheet.bench.writer.scripts.world.field(entity, field).map(|field| &field.kind);
    let line = match value {
        Val::Time(_, Anchor::Now) => format!("self.assert_moment({var}[{name}])"),
        value => format!("self.assert_value({var}[{name}], {})", sheet.bench.writer.value(&sheet.body, kind, value)),
    };
    sheet.line(line);
}
