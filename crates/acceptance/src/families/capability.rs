//! What can be done with records at all: create, read, list, change, delete.

use super::{creation, deletion, some_change, transition};
use crate::{
    python::string,
    script::{Expect, Script},
    suite::{Bench, Sheet},
    world::Rows,
};
use maestro_artifacts::Action;

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, action: Action) -> bool {
    let name = match action {
        Action::Create => "can be created",
        Action::Read => "can be read",
        Action::List => "can be listed",
        Action::Update => "can be changed",
        Action::Delete => "can be deleted",
    };
    let mut sheet = bench.sheet(rule, entity, name);
    let path = string(&sheet.bench.writer.path(entity));
    match action {
        Action::Create => {
            let Some(script) = full(&sheet, entity) else { return false };
            let Some(rec) = script.last().map(|last| last.rec) else { return false };
            sheet.play(&script);
            let var = sheet.body.var(rec);
            sheet.line(format!("self.assertGreater({var}[\"id\"], 0)"));
            sheet.line(format!("self.assertEqual(self.read({path}, {var}), {var})"));
        }
        Action::Read | Action::List => {
            let Some((script, rec)) = creation(sheet.bench, entity) else { return false };
            sheet.play(&script);
            let var = sheet.body.var(rec);
            if action == Action::Read {
                sheet.line(format!("self.assertEqual(self.read({path}, {var}), {var})"));
            } else {
                sheet.line(format!("found = [item for item in self.items({path}) if item[\"id\"] == {var}[\"id\"]]"));
                sheet.line(format!("self.assertEqual(found, [{var}])"));
                sheet.line(format!("page = self.page({path}, {{\"page\": 1, \"per_page\": 1}})"));
                sheet.line("self.assertEqual((len(page[\"items\"]), page[\"page\"], page[\"per_page\"]), (1, 1, 1))");
                sheet.line(format!("self.assertEqual(page[\"total\"], len(self.items({path})))"));
            }
        }
        Action::Update => {
            let script = some_change(&sheet, entity, Expect::Accepted, &|_| Vec::new())
                .or_else(|| any_transition(&sheet, entity));
            let Some(script) = script else { return false };
            sheet.play(&script);
        }
        Action::Delete => {
            let Some((script, rec)) = deletion(sheet.bench, entity) else { return false };
            let Some(found) = sheet.solve(script, Expect::Accepted, &[]) else { return false };
            sheet.play(&found);
            let var = sheet.body.var(rec);
            sheet.line(format!("self.assertNotIn({var}[\"id\"], [item[\"id\"] for item in self.items({path})])"));
        }
    }
    sheet.done()
}

/// A creation with as many fields as the rules allow.
fn full(sheet: &Sheet<'_, '_>, entity: &str) -> Option<Script> {
    let (mut script, rec) = creation(sheet.bench, entity)?;
    let world = &sheet.bench.writer.scripts.world;
    let meta = world.entity(entity)?;
    let state = meta.workflow.as_ref().map(|workflow| workflow.field.as_str());
    for field in &meta.fields {
        let given = script.last().is_some_and(|last| last.sets.contains_key(&field.key));
        if field.read_only || given || Some(field.key.as_str()) == state {
            continue;
        }
        for value in world.candidates(&Rows::new(), rec, entity, field).iter().take(6) {
            let mut more = script.clone();
            let value = super::fresh(&mut more, value);
            more.pin([(field.key.as_str(), value)]);
            if sheet.bench.writer.scripts.run(&more, Expect::Accepted, &[]).cost == 0 {
                script = more;
                break;
            }
        }
    }
    Some(script)
}

fn any_transition(sheet: &Sheet<'_, '_>, entity: &str) -> Option<Script> {
    let workflow = sheet.bench.writer.scripts.world.workflow(entity)?;
    workflow.states.iter().find_map(|to| {
        let (script, _) = transition(sheet.bench, entity, to)?;
        sheet.solve(script, Expect::Accepted, &[])
    })
}
