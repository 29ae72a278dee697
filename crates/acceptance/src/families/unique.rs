//! No two records with the same values.

use super::{
    creation, race,
    states::{self, Counting},
};
use crate::{
    judge::{Act, Fault},
    python::Outcome,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::{Condition, RuleKind, Test};
use std::collections::BTreeMap;

/// A first record that counts, with values in all fields.
pub(super) struct First<'r> {
    pub(super) counting: Counting<'r>,
    pub(super) script: Script,
    /// The same, nothing of it pinned and all of it kept.
    kept: Script,
    pub(super) rec: usize,
    pub(super) values: BTreeMap<String, Val>,
}

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, fields: &[String], when: &Condition) -> bool {
    let ignore_case =
        matches!(bench.rule(rule).map(|rule| &rule.demand), Some(RuleKind::Unique { ignore_case: true, .. }));
    let mut sheet = bench.sheet(rule, entity, &format!("{} is unique", fields.join(" and ")));
    let Some(first) = First::made(&sheet, entity, fields, when) else { return false };
    // The same again.
    first.tried(&mut sheet, &first.values, Expect::Breaks(rule));
    // Whatever became of the first.
    for (test, counts) in states::later(&sheet.bench.writer.scripts.world, entity, when) {
        let expect = if counts { Expect::Breaks(rule) } else { Expect::Accepted };
        if let Some((script, second)) = first.counting.another(&sheet, &first.script, &first.values) {
            let mut wants = first.counting.counts(second);
            wants.push(Want::Before(first.rec, test.clone(), true));
            if let Some(found) = sheet.solve(script, expect, &wants) {
                sheet.play(&found);
            }
        }
        if !counts {
            uncounted(&mut sheet, entity, fields, when, (&test, true));
        }
    }
    // Each field on its own makes the difference.
    for field in fields {
        let mut rest = first.values.clone();
        rest.remove(field);
        let Some((script, second, mut wants)) = first.beside(&sheet, &rest) else { continue };
        wants.push(Want::Given(second, field.clone()));
        // With the first one just as it was made, and the values held in the change of the second.
        let mut kept = first.kept.clone();
        let end = kept.requests.len();
        let Some(other) = sheet.bench.writer.scripts.create(&mut kept, end, entity, &rest) else { continue };
        kept.then(Act::Patch, other, entity);
        kept.pin(rest.iter().map(|(field, value)| (field.as_str(), value.clone())));
        let mut simpler = first.counting.counts(other);
        simpler.push(Want::Given(other, field.clone()));
        // The change must not move what is alike: that would show nothing.
        let (start, wants) = if first.counting.by_change { (kept, simpler) } else { (script, wants) };
        let found = sheet.solve(start, Expect::Accepted, &wants);
        if let Some(found) = found {
            sheet.play(&found);
        }
    }
    // Upper and lower case.
    for (field, value) in &first.values {
        // A text without letters (a number of digits) has no other case.
        if let Val::Fresh(id, shape) = value
            && crate::shape::swapped(&shape.example()) != shape.example()
        {
            let mut swapped = first.values.clone();
            swapped.insert(field.clone(), Val::Swapped(*id, shape.clone()));
            let expect = if ignore_case { Expect::Breaks(rule) } else { Expect::Accepted };
            first.tried(&mut sheet, &swapped, expect);
        }
    }
    changed(&mut sheet, &first);
    // Records that do not count.
    for test in &when.0 {
        first.counting.apart(&mut sheet, (&first.script, first.rec), &first.values, test);
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

impl<'r> First<'r> {
    pub(super) fn made(sheet: &Sheet<'_, '_>, entity: &'r str, fields: &[String], when: &'r Condition) -> Option<Self> {
        let given: Vec<&str> = fields.iter().map(String::as_str).collect();
        let (counting, mut script, rec) = Counting::first(sheet, entity, when, &given)?;
        let scripts = &sheet.bench.writer.scripts;
        let course = scripts.run(&script, Expect::Accepted, &[]);
        let row = course.after.get(&rec)?;
        let values: BTreeMap<String, Val> =
            fields.iter().filter_map(|field| Some((field.clone(), row.values.get(field)?.clone()))).collect();
        let mut kept = script.clone();
        kept.keep();
        // Whether or not the second record clashes with it, the first one stays as it is.
        let pinned = open(sheet, entity, &values)
            .into_iter()
            .filter(|(field, _)| scripts.world.field(entity, field).is_some_and(|field| !field.read_only));
        script.pin_new(rec, pinned.map(|(field, value)| (field.as_str(), value.clone())));
        Some(Self { counting, script, kept, rec, values })
    }

    /// The script with a second record, and wants that both count.
    fn beside(&self, sheet: &Sheet<'_, '_>, values: &BTreeMap<String, Val>) -> Option<(Script, usize, Vec<Want>)> {
        let (script, rec) = self.counting.another(sheet, &self.script, values)?;
        let mut wants = self.counting.counted(self.rec);
        wants.extend(self.counting.counts(rec));
        Some((script, rec, wants))
    }

    fn tried(&self, sheet: &mut Sheet<'_, '_>, values: &BTreeMap<String, Val>, expect: Expect) {
        if let Some((script, _, wants)) = self.beside(sheet, values)
            && let Some(found) = sheet.solve(script, expect, &wants)
        {
            sheet.play(&found);
        }
    }
}

/// The values that are no state of the record.
fn open<'v>(sheet: &Sheet<'_, '_>, entity: &str, values: &'v BTreeMap<String, Val>) -> Vec<(&'v String, &'v Val)> {
    let state = sheet.bench.writer.scripts.world.workflow(entity).map(|workflow| &workflow.field);
    values.iter().filter(|(field, _)| Some(*field) != state).collect()
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
    let later = Counting { entity, when, by_change: true };
    let Some((script, other)) = later.another(sheet, &found, &values) else { return };
    let mut wants = later.counts(other);
    wants.push(Want::Before(rec, test.clone(), passes));
    if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
        sheet.play(&found);
    }
}

/// A second record that is changed into the likeness of the first.
fn changed(sheet: &mut Sheet<'_, '_>, first: &First<'_>) {
    let (rule, entity) = (sheet.rule, first.counting.entity);
    let alike = open(sheet, entity, &first.values);
    let mut script = first.script.clone();
    let end = script.requests.len();
    let scripts = &sheet.bench.writer.scripts;
    let Some(second) = scripts.create(&mut script, end, entity, &BTreeMap::new()) else { return };
    script.then(Act::Patch, second, entity);
    script.pin(alike.iter().map(|(field, value)| (field.as_str(), (*value).clone())));
    let mut wants = first.counting.counted(first.rec);
    wants.extend(first.counting.counted(second));
    if let Some(found) = sheet.solve(script, Expect::Breaks(rule), &wants) {
        sheet.play(&found);
    }
    // A record is not in its own way.
    let mut script = first.script.clone();
    script.then(Act::Patch, first.rec, entity);
    if let Some(last) = script.last_mut() {
        last.sets = alike.iter().map(|(field, value)| ((*field).clone(), (*value).clone())).collect();
        last.fixed.insert("*".to_owned());
    }
    let idle = |fault: &Fault| *fault == Fault::Pointless;
    if sheet.bench.writer.scripts.run(&script, Expect::Accepted, &[]).last.iter().all(idle) {
        sheet.setup(&script);
        sheet.last(&script, &Outcome::Accepted);
    }
}
