//! No two records with the same values.

use super::{change, creation, race, states};
use crate::{
    judge::Act,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::{Condition, RuleKind, Test};
use std::collections::BTreeMap;

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, fields: &[String], when: &Condition) -> bool {
    let ignore_case =
        matches!(bench.rule(rule).map(|rule| &rule.demand), Some(RuleKind::Unique { ignore_case: true, .. }));
    let mut sheet = bench.sheet(rule, entity, &format!("{} is unique", fields.join(" and ")));
    let Some((first, rec, values)) = one(&sheet, entity, fields, when) else { return false };
    // The same again.
    if let Some(script) = second(&sheet, &first, entity, &values)
        && let Some(found) = sheet.solve(script.0, Expect::Breaks(rule), &[])
    {
        sheet.play(&found);
    }
    // Whatever became of the first.
    for (test, counts) in states::later(&sheet.bench.writer.scripts.world, entity, when) {
        let expect = if counts { Expect::Breaks(rule) } else { Expect::Accepted };
        if let Some((script, _)) = second(&sheet, &first, entity, &values)
            && let Some(found) = sheet.solve(script, expect, &[Want::Before(rec, test.clone(), true)])
        {
            sheet.play(&found);
        }
        if !counts {
            uncounted(&mut sheet, entity, fields, when, (&test, true));
        }
    }
    // Each field on its own makes the difference.
    for field in fields {
        let mut rest = values.clone();
        rest.remove(field);
        let Some((script, rec)) = second(&sheet, &first, entity, &rest) else { continue };
        let given = Want::Given(rec, field.clone());
        // Where only a later state counts, the second is brought there as well.
        let mut later = script.clone();
        later.then(Act::Patch, rec, entity);
        later.pin(rest.iter().map(|(field, value)| (field.as_str(), value.clone())));
        if let Some(found) = sheet.solve(script, Expect::Accepted, std::slice::from_ref(&given)) {
            sheet.play(&found);
        }
        if !when.0.is_empty() {
            let mut wants = vec![given];
            wants.extend(when.0.iter().map(|test| Want::After(rec, test.clone(), true)));
            if let Some(found) = sheet.solve(later, Expect::Accepted, &wants) {
                sheet.play(&found);
            }
        }
    }
    // Upper and lower case.
    for (field, value) in &values {
        // A text without letters (a number of digits) has no other case.
        if let Val::Fresh(id, shape) = value
            && crate::shape::swapped(&shape.example()) != shape.example()
        {
            let mut swapped = values.clone();
            swapped.insert(field.clone(), Val::Swapped(*id, shape.clone()));
            let expect = if ignore_case { Expect::Breaks(rule) } else { Expect::Accepted };
            if let Some((script, _)) = second(&sheet, &first, entity, &swapped)
                && let Some(found) = sheet.solve(script, expect, &[])
            {
                sheet.play(&found);
            }
        }
    }
    changed(&mut sheet, &first, entity, &values);
    // Records that do not count.
    for test in &when.0 {
        for counts in [rec, 0] {
            let Some((script, other)) = second(&sheet, &first, entity, &values) else { continue };
            let want = if counts == rec {
                Want::Before(rec, test.clone(), false)
            } else {
                Want::After(other, test.clone(), false)
            };
            if let Some(found) = sheet.solve(script, Expect::Accepted, &[want]) {
                sheet.play(&found);
            }
        }
        uncounted(&mut sheet, entity, fields, when, (test, false));
    }
    let done = sheet.done();
    if let Some((script, rec)) = creation(bench, entity) {
        let mut wants: Vec<Want> = fields.iter().map(|field| Want::Given(rec, field.clone())).collect();
        wants.extend(when.0.iter().map(|test| Want::After(rec, test.clone(), true)));
        race::write(bench, rule, entity, vec![(script, wants)]);
    }
    done
}

/// A record that does not count stands in the way of none that is brought to count.
fn uncounted(
    sheet: &mut Sheet<'_, '_>,
    entity: &str,
    fields: &[String],
    when: &Condition,
    (test, passes): (&Test, bool),
) {
    let Some((plain, rec)) = creation(sheet.bench, entity) else { return };
    let mut wants: Vec<Want> = fields.iter().map(|field| Want::Given(rec, field.clone())).collect();
    if !passes {
        wants.push(Want::After(rec, test.clone(), false));
    }
    let Some(mut found) = sheet.solve(plain, Expect::Accepted, &wants) else { return };
    let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
    let Some(row) = course.after.get(&rec) else { return };
    let values = fields.iter().filter_map(|field| Some((field.clone(), row.values.get(field)?.clone()))).collect();
    found.keep();
    let Some((mut script, other)) = second(sheet, &found, entity, &values) else { return };
    script.then(Act::Patch, other, entity);
    let mut wants = vec![Want::Before(rec, test.clone(), passes)];
    wants.extend(when.0.iter().map(|test| Want::After(other, test.clone(), true)));
    if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
        sheet.play(&found);
    }
}

/// A first record that counts, with values in all fields.
fn one(
    sheet: &Sheet<'_, '_>,
    entity: &str,
    fields: &[String],
    when: &Condition,
) -> Option<(Script, usize, BTreeMap<String, Val>)> {
    let given = |rec: usize| fields.iter().map(move |field| Want::Given(rec, field.clone()));
    // Where only a later state counts, the record is brought there by a change.
    for (script, rec) in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
        let mut wants: Vec<Want> = given(rec).collect();
        wants.extend(when.0.iter().map(|test| Want::After(rec, test.clone(), true)));
        if let Some(mut found) = sheet.solve(script, Expect::Accepted, &wants) {
            let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
            let row = course.after.get(&rec)?;
            // Whether or not the second record clashes with it, the first one stays.
            found.keep();
            let values = fields.iter().filter_map(|field| Some((field.clone(), row.values.get(field)?.clone())));
            let values = values.collect();
            return Some((found, rec, values));
        }
    }
    None
}

/// A second record with some values of the first.
fn second(
    sheet: &Sheet<'_, '_>,
    first: &Script,
    entity: &str,
    values: &BTreeMap<String, Val>,
) -> Option<(Script, usize)> {
    let mut script = first.clone();
    let end = script.requests.len();
    let rec = sheet.bench.writer.scripts.create(&mut script, end, entity, values)?;
    Some((script, rec))
}

/// A second record that is changed into the likeness of the first.
fn changed(sheet: &mut Sheet<'_, '_>, first: &Script, entity: &str, values: &BTreeMap<String, Val>) {
    let rule = sheet.rule;
    let state = sheet.bench.writer.scripts.world.workflow(entity).map(|workflow| workflow.field.clone());
    let open: Vec<(&String, &Val)> = values.iter().filter(|(field, _)| Some(*field) != state.as_ref()).collect();
    let Some((mut script, rec)) = second(sheet, first, entity, &BTreeMap::new()) else { return };
    script.then(Act::Patch, rec, entity);
    script.pin(open.iter().map(|(field, value)| (field.as_str(), (*value).clone())));
    if let Some(found) = sheet.solve(script, Expect::Breaks(rule), &[]) {
        sheet.play(&found);
    }
    // A record is not in its own way.
    let Some(rec) = first.last().map(|last| last.rec) else { return };
    let mut script = first.clone();
    script.then(Act::Patch, rec, entity);
    if let Some(last) = script.last_mut() {
        last.sets = open.iter().map(|(field, value)| ((*field).clone(), (*value).clone())).collect();
        last.fixed.insert("*".to_owned());
    }
    if sheet
        .bench
        .writer
        .scripts
        .run(&script, Expect::Accepted, &[])
        .last
        .iter()
        .all(|fault| *fault == crate::judge::Fault::Pointless)
    {
        sheet.setup(&script);
        sheet.last(&script, &crate::python::Outcome::Accepted);
    }
}
