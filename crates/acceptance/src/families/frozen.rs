//! Records that cannot be changed or deleted while something holds of them.

use super::{change, deletion, some_change, transition, ways};
use crate::{
    judge::Fault,
    python::string,
    script::{Expect, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::{Condition, Test};

fn before(rec: usize, way: &[(Test, bool)]) -> Vec<Want> {
    way.iter().map(|(test, truth)| Want::Before(rec, test.clone(), *truth)).collect()
}

pub(super) fn immutable(bench: &mut Bench<'_>, rule: usize, entity: &str, when: &Condition, fields: &[String]) -> bool {
    let name = if fields.is_empty() { "is frozen".to_owned() } else { format!("{} frozen", fields.join(" and ")) };
    let mut sheet = bench.sheet(rule, entity, &name);
    let mut all = ways(sheet.bench, entity, when);
    if when.0.is_empty() {
        all.push((Vec::new(), true));
    }
    for (way, frozen) in &all {
        let expect = if *frozen { Expect::Breaks(rule) } else { Expect::Accepted };
        if fields.is_empty() {
            if let Some(found) = some_change(&sheet, entity, expect, &|rec| before(rec, way)) {
                sheet.play(&found);
            }
            if let Some((script, rec)) = deletion(sheet.bench, entity)
                && let Some(found) = sheet.solve(script, expect, &before(rec, way))
            {
                sheet.play(&found);
            }
        } else {
            for field in fields {
                one_field(&mut sheet, entity, field, expect, way);
            }
            if *frozen {
                beside(&mut sheet, entity, fields, way);
            }
        }
        if *frozen {
            moves_on(&mut sheet, entity, way);
        }
    }
    sheet.done()
}

fn one_field(sheet: &mut Sheet<'_, '_>, entity: &str, field: &str, expect: Expect, way: &[(Test, bool)]) {
    let Some(meta) = sheet.bench.writer.scripts.world.field(entity, field) else { return };
    let mut values = sheet.bench.writer.scripts.world.candidates(&Default::default(), 0, entity, meta);
    values.truncate(4);
    values.push(Val::Null);
    for value in values {
        let Some((mut script, rec)) = change(sheet.bench, entity) else { return };
        let value = super::fresh(&mut script, &value);
        script.pin([(field, value)]);
        if let Some(found) = sheet.solve(script, expect, &before(rec, way)) {
            sheet.play(&found);
            return;
        }
    }
}

/// Where only some fields are frozen, none of the others is, and the record can be deleted.
fn beside(sheet: &mut Sheet<'_, '_>, entity: &str, fields: &[String], way: &[(Test, bool)]) {
    let world = &sheet.bench.writer.scripts.world;
    let Some(meta) = world.entity(entity) else { return };
    let open = meta.fields.iter().filter(|field| !field.read_only && !fields.contains(&field.key));
    let names: Vec<String> = open.map(|field| field.key.clone()).collect();
    for name in names {
        one_field(sheet, entity, &name, Expect::Accepted, way);
    }
    if let Some((script, rec)) = deletion(sheet.bench, entity)
        && let Some(found) = sheet.solve(script, Expect::Accepted, &before(rec, way))
    {
        sheet.play(&found);
    }
}

/// Changes of state that the workflow allows stay possible.
fn moves_on(sheet: &mut Sheet<'_, '_>, entity: &str, way: &[(Test, bool)]) {
    let Some(workflow) = sheet.bench.writer.scripts.world.workflow(entity) else { return };
    for to in &workflow.states {
        if let Some((script, rec)) = transition(sheet.bench, entity, to)
            && let Some(found) = sheet.solve(script, Expect::Accepted, &before(rec, way))
        {
            sheet.play(&found);
            return;
        }
    }
}

pub(super) fn no_delete(bench: &mut Bench<'_>, rule: usize, entity: &str, when: &Condition) -> bool {
    let mut sheet = bench.sheet(rule, entity, "cannot be deleted");
    let mut all = ways(sheet.bench, entity, when);
    if when.0.is_empty() {
        all.push((Vec::new(), true));
    }
    for (way, kept) in &all {
        let expect = if *kept { Expect::Breaks(rule) } else { Expect::Accepted };
        if let Some((script, rec)) = deletion(sheet.bench, entity)
            && let Some(found) = sheet.solve(script, expect, &before(rec, way))
        {
            let referenced = sheet.bench.writer.scripts.run(&found, expect, &[]).last.contains(&Fault::Referenced);
            sheet.setup(&found);
            let at = sheet.body.lines.len();
            let outcome = sheet.bench.writer.outcome(&found);
            sheet.last(&found, &outcome);
            // Any reference keeps a record; that this rule does shows in what the refusal says.
            if *kept
                && referenced
                && let Some(message) = sheet.bench.rule(rule).map(|rule| string(&rule.message))
                && let Some(line) = sheet.body.lines.get_mut(at)
            {
                line.insert_str(0, "problem = ");
                sheet.line(format!("self.assertIn({message}, problem[\"detail\"])"));
            }
        }
    }
    sheet.done()
}
