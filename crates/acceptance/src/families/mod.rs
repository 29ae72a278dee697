//! One file a family of rules: which requests show that a rule holds, on both sides of it.

mod capability;
mod capacity;
mod cascade;
mod compare;
mod computed;
mod fields;
mod frozen;
mod lists;
mod onlookers;
mod overlap;
mod overlap_there;
mod pairs;
mod quota;
mod race;
mod requires;
mod roles;
mod siblings;
mod states;
mod summand;
mod texts;
mod totals;
mod unique;
mod workflow;

use crate::{
    judge::Act,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::{Condition, RuleKind, Test};

/// Writes the tests of one rule.
pub(crate) fn write(bench: &mut Bench<'_>, rule: usize) {
    let Some(demand) = bench.rule(rule).map(|rule| &rule.demand) else { return };
    let written = match demand {
        RuleKind::Capability { entity, action } => capability::write(bench, rule, entity, *action),
        RuleKind::HasField { entity, field } => fields::has_field(bench, rule, entity, field),
        RuleKind::Required { entity, field } => fields::required(bench, rule, entity, field),
        RuleKind::RequiredWhen { entity, field, when } => fields::required_when(bench, rule, entity, field, when),
        RuleKind::EmptyWhen { entity, field, when } => fields::empty_when(bench, rule, entity, field, when),
        RuleKind::Default { entity, field, .. } => fields::default(bench, rule, entity, field),
        RuleKind::Range { entity, field, min, max, .. } => {
            fields::range(bench, rule, entity, field, min.as_deref(), max.as_deref())
        }
        RuleKind::Places { entity, field, places } => fields::places(bench, rule, entity, field, *places),
        RuleKind::Length { entity, field, min, max } => texts::length(bench, rule, entity, field, *min, *max),
        RuleKind::Pattern { entity, field, regex } => texts::pattern(bench, rule, entity, field, regex),
        RuleKind::Format { entity, field, format } => texts::format(bench, rule, entity, field, *format),
        RuleKind::Compare { entity, field, to, when, on_create, .. } => {
            compare::write(bench, rule, &compare::Comparison { entity, field, to, when, on_create: *on_create })
        }
        RuleKind::Unique { entity, fields, when, .. } => unique::write(bench, rule, entity, fields, when),
        RuleKind::NoOverlap { entity, via: Some(via), start, end, by, when } => {
            let own = overlap::Overlap { entity, start, end, by, when };
            overlap_there::write(bench, rule, &overlap_there::There { own, via })
        }
        RuleKind::NoOverlap { entity, via: None, start, end, by, when } => {
            overlap::write(bench, rule, &overlap::Overlap { entity, start, end, by, when })
        }
        RuleKind::Quota { entity, by, most, when } => {
            quota::write(bench, rule, &quota::Quota { entity, by, most: *most, when })
        }
        RuleKind::Capacity { parent, child, via, measure, op, limit, when } => {
            let capacity = capacity::Capacity { parent, child, via, measure, op: *op, limit, when };
            capacity::write(bench, rule, &capacity)
        }
        RuleKind::Requires { entity, at, condition } => requires::write(bench, rule, entity, at, condition),
        RuleKind::Transitions { entity } => workflow::transitions(bench, rule, entity),
        RuleKind::TransitionRole { entity, from, to, roles } => {
            roles::transition(bench, rule, entity, from.as_deref(), to, roles)
        }
        RuleKind::TransitionRequires { entity, from, to, fields } => {
            workflow::requires(bench, rule, entity, from.as_deref(), to, fields)
        }
        RuleKind::Stamp { entity, to, field, value } => {
            workflow::stamp(bench, rule, entity, to.as_deref(), field, value)
        }
        RuleKind::Immutable { entity, when, fields } => frozen::immutable(bench, rule, entity, when, fields),
        RuleKind::NoDelete { entity, when } => frozen::no_delete(bench, rule, entity, when),
        RuleKind::Cascade { entity, field } => cascade::write(bench, rule, entity, field),
        RuleKind::Computed { entity, field, expr } => computed::write(bench, rule, entity, field, expr),
        RuleKind::Totals { entity, by, measures } => totals::write(bench, rule, entity, by, measures),
        RuleKind::List { entity, sort, page_size } => lists::defaults(bench, rule, entity, sort, *page_size),
        RuleKind::Filter { entity, field } => lists::filter(bench, rule, entity, field),
        RuleKind::Sort { entity, field } => lists::sort(bench, rule, entity, field),
        RuleKind::Search { entity, fields } => lists::search(bench, rule, entity, fields),
        RuleKind::Csv { entity } => lists::csv(bench, rule, entity),
        RuleKind::ActionRole { entity, action, fields, roles } => {
            roles::action(bench, rule, entity, *action, fields, roles)
        }
        RuleKind::ActionBarred { entity, action, fields, roles } => {
            roles::barred(bench, rule, entity, *action, fields, roles)
        }
    };
    let _ = onlookers::write(bench, rule) || written;
    allowed_side(bench, rule);
}

/// A rule of which only refusals were found is not shown: it may refuse everything.
fn allowed_side(bench: &mut Bench<'_>, rule: usize) {
    let Some(demand) = bench.rule(rule).map(|rule| &rule.demand) else { return };
    let forbids_always = match demand {
        RuleKind::Immutable { when, .. } | RuleKind::NoDelete { when, .. } => when.0.is_empty(),
        // The families of these say themselves what is missing.
        RuleKind::Transitions { .. } => true,
        _ => false,
    };
    let (accepted, refused) = bench.sides(rule);
    if accepted == 0 && refused > 0 && !forbids_always {
        bench.lack(rule, &[], "no requests were found that keep it while all other rules hold, only such as break it");
    }
}

/// A script that creates a record, for the search to go on from.
pub(crate) fn creation(bench: &Bench<'_>, entity: &str) -> Option<(Script, usize)> {
    let script = bench.writer.scripts.base(entity)?;
    let rec = script.last()?.rec;
    Some((script, rec))
}

/// A script that changes a record that it made.
pub(crate) fn change(bench: &Bench<'_>, entity: &str) -> Option<(Script, usize)> {
    let (mut script, rec) = creation(bench, entity)?;
    script.then(Act::Patch, rec, entity);
    Some((script, rec))
}

/// A script that changes the state of a record to another.
pub(crate) fn transition(bench: &Bench<'_>, entity: &str, to: &str) -> Option<(Script, usize)> {
    let field = &bench.writer.scripts.world.workflow(entity)?.field;
    let (mut script, rec) = change(bench, entity)?;
    script.pin([(field.as_str(), Val::text(to))]);
    Some((script, rec))
}

/// A script that deletes a record that it made.
pub(crate) fn deletion(bench: &Bench<'_>, entity: &str) -> Option<(Script, usize)> {
    let (mut script, rec) = creation(bench, entity)?;
    script.then(Act::Delete, rec, entity);
    Some((script, rec))
}

/// A want that a record is in this state before the last request.
pub(crate) fn in_state(bench: &Bench<'_>, entity: &str, rec: usize, state: &str) -> Option<Want> {
    let field = &bench.writer.scripts.world.workflow(entity)?.field;
    Some(Want::Value(rec, field.clone(), Val::text(state)))
}

/// Wants that all tests of a condition hold.
pub(crate) fn all_hold(condition: &Condition, want: impl Fn(Test) -> Want) -> Vec<Want> {
    condition.0.iter().map(|test| want(test.clone())).collect()
}

/// The ways in which a condition can hold or fail: each value of each `In`/`NotIn` on its own, every other test on
/// both sides. Each way is what must hold and what must not.
pub(crate) fn ways(bench: &Bench<'_>, entity: &str, condition: &Condition) -> Vec<(Vec<(Test, bool)>, bool)> {
    let world = &bench.writer.scripts.world;
    let mut found = Vec::new();
    for (at, test) in condition.0.iter().enumerate() {
        let others: Vec<(Test, bool)> =
            condition.0.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, test)| (test.clone(), true)).collect();
        let mut single = Vec::new();
        if let Test::In { via, field, values } | Test::NotIn { via, field, values } = test {
            let listed_is_good = matches!(test, Test::In { .. });
            let mut all: Vec<serde_json::Value> = values.clone();
            match world.kind_through(entity, via.as_deref(), field) {
                Some(maestro_artifacts::FieldKind::Enum { values }) => {
                    all.extend(values.iter().map(|value| serde_json::Value::from(value.as_str())));
                }
                Some(maestro_artifacts::FieldKind::Boolean) => all.extend([true.into(), false.into()]),
                _ => {}
            }
            let mut seen = Vec::new();
            for value in all {
                if !seen.contains(&value) {
                    let good = values.contains(&value) == listed_is_good;
                    let one = Test::In { via: via.clone(), field: field.clone(), values: vec![value.clone()] };
                    single.push((one, true, good));
                    seen.push(value);
                }
            }
        }
        let known_both = single.iter().any(|(_, _, good)| *good) && single.iter().any(|(_, _, good)| !good);
        if !known_both {
            single.push((test.clone(), true, true));
            single.push((test.clone(), false, false));
        }
        for (test, truth, good) in single {
            let mut way = others.clone();
            way.push((test, truth));
            found.push((way, good));
        }
    }
    found
}

/// Writes tests for points of one field, given in a creation and in a change: which of them are refused is for the
/// rules to say.
pub(crate) fn points(sheet: &mut Sheet<'_, '_>, entity: &str, field: &str, values: &[Val]) {
    for value in values {
        if let Some((mut script, _)) = creation(sheet.bench, entity) {
            let value = fresh(&mut script, value);
            script.pin([(field, value)]);
            sheet.probe(script, &[]);
        }
    }
    for value in values {
        if let Some((mut script, _)) = change(sheet.bench, entity) {
            let value = fresh(&mut script, value);
            script.pin([(field, value)]);
            sheet.probe(script, &[]);
        }
    }
}

pub(crate) fn fresh(script: &mut Script, value: &Val) -> Val {
    match value {
        Val::Fresh(0, shape) => Val::Fresh(script.fresh_id(), shape.clone()),
        other => other.clone(),
    }
}

/// For a rule that no request can aim at directly: any requests of which one breaks it and one, for which it `matters`, does
/// not.
pub(crate) fn any_side(sheet: &mut Sheet<'_, '_>, entity: &str, matters: &dyn Fn(usize) -> Vec<Want>) {
    let rule = sheet.rule;
    let breaks = sheet.refused == 0;
    for (script, rec) in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
        if breaks && let Some(found) = sheet.solve(script.clone(), Expect::Breaks(rule), &[]) {
            sheet.play(&found);
        }
        if sheet.accepted == 0
            && let Some(found) = sheet.solve(script, Expect::Accepted, &matters(rec))
        {
            sheet.play(&found);
        }
    }
}

/// Whether the record of a script can be changed in some field; gives the script.
pub(crate) fn some_change(
    sheet: &Sheet<'_, '_>,
    entity: &str,
    expect: Expect,
    wants: &dyn Fn(usize) -> Vec<Want>,
) -> Option<Script> {
    let world = &sheet.bench.writer.scripts.world;
    let state = world.workflow(entity).map(|workflow| workflow.field.as_str());
    for field in &world.entity(entity)?.fields {
        if field.read_only || Some(field.key.as_str()) == state {
            continue;
        }
        let (script, rec) = change(sheet.bench, entity)?;
        let values = match world.target(entity, &field.key) {
            Some(_) => vec![Val::Null],
            None => world.candidates(&crate::world::Rows::new(), rec, entity, field),
        };
        for value in values.iter().take(3) {
            let mut script = script.clone();
            let value = fresh(&mut script, value);
            script.pin([(field.key.as_str(), value)]);
            if let Some(found) = sheet.solve(script, expect, &wants(rec)) {
                return Some(found);
            }
        }
    }
    None
}
