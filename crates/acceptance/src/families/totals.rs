//! Totals: counts and sums of records by group.

use super::lists::{Several, make, several};
use crate::{
    judge::Act,
    python::string,
    script::{Expect, Want},
    suite::{Bench, Sheet},
    value::Val,
    world::{Rows, add_up},
};
use maestro_artifacts::{FieldKind, Measure};
use std::collections::BTreeMap;

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, by: &[String], measures: &[Measure]) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("totals by {}", by.join(" of ")));
    let Some((first, rest)) = by.split_first() else { return false };
    let made = match rest.first() {
        None => several(&sheet, entity, first, 2),
        Some(field) => through_parents(&sheet, entity, first, field),
    };
    let Some(made) = made.filter(|made| !made.recs.is_empty()) else { return false };
    let made = doubled(&sheet, entity, by, measures, made);
    let all = sheet.bench.writer.scripts.run(&made.script, Expect::Accepted, &[]).after;
    let path = string(&sheet.bench.writer.path(entity));
    let query = string(&by.join("."));
    sheet.line(format!("before = self.totals({path}, {query})"));
    // The lines before the records are part of the same test.
    make(&mut sheet, entity, &made);
    sheet.line(format!("after = self.totals({path}, {query})"));
    for (value, recs) in groups(&sheet, &all, by, &made.recs) {
        group(&mut sheet, entity, by, measures, &all, &value, &recs);
    }
    sheet.done()
}

/// Two records whose parents differ in a field.
fn through_parents(sheet: &Sheet<'_, '_>, entity: &str, via: &str, field: &str) -> Option<Several> {
    let scripts = &sheet.bench.writer.scripts;
    let target = scripts.world.target(entity, via)?;
    let parents = several(sheet, target, field, 2)?;
    let mut script = parents.script;
    let mut recs = Vec::new();
    for parent in &parents.recs {
        let mut next = script.clone();
        let end = next.requests.len();
        let given = BTreeMap::from([(via.to_owned(), Val::Ref(*parent))]);
        let Some(rec) = scripts.create(&mut next, end, entity, &given) else { continue };
        next.then(Act::Idle, rec, entity);
        if let Some(mut found) = sheet.solve(next, Expect::Accepted, &[]) {
            found.requests.pop();
            script = found;
            recs.push(rec);
        }
    }
    Some(Several { script, recs })
}

/// A further record in the group of the first one, and different numbers in what is added up.
fn doubled(sheet: &Sheet<'_, '_>, entity: &str, by: &[String], measures: &[Measure], made: Several) -> Several {
    let scripts = &sheet.bench.writer.scripts;
    let mut script = made.script.clone();
    let mut recs = made.recs.clone();
    let (Some(field), Some(rec)) = (by.first(), recs.first().copied()) else { return made };
    let all = scripts.run(&script, Expect::Accepted, &[]).after;
    let Some(value) = all.get(&rec).and_then(|row| row.values.get(field)).cloned() else { return made };
    let settable = scripts.world.field(entity, field).is_some_and(|meta| !meta.read_only)
        && scripts.world.workflow(entity).is_none_or(|workflow| workflow.field != *field);
    let given = if settable { BTreeMap::from([(field.clone(), value.clone())]) } else { BTreeMap::new() };
    let end = script.requests.len();
    if let Some(twin) = scripts.create(&mut script, end, entity, &given) {
        script.then(Act::Idle, twin, entity);
        let wants = if settable { Vec::new() } else { vec![Want::Value(twin, field.clone(), value)] };
        if let Some(mut found) = sheet.solve(script.clone(), Expect::Accepted, &wants) {
            found.requests.pop();
            script = found;
            recs.push(twin);
        } else {
            script = made.script.clone();
        }
    }
    // Numbers of their own, so that no sum is like another.
    for measure in measures {
        let (Measure::Sum { field } | Measure::Average { field } | Measure::Min { field } | Measure::Max { field }) =
            measure
        else {
            continue;
        };
        let Some(meta) = scripts.world.field(entity, field).filter(|meta| !meta.read_only) else { continue };
        let mut options = [7, 4, 12, 2, 3, 20, 1].map(Val::whole).to_vec();
        options.retain(|value| scripts.world.fits_alone(entity, meta, value));
        for (rec, value) in recs.iter().zip(options.iter().cycle()) {
            let mut next = script.clone();
            if let Some(request) = next.requests.iter_mut().find(|r| r.rec == *rec && r.act == Act::Create) {
                request.sets.insert(field.clone(), value.clone());
            }
            if scripts.run(&with_idle(&next, *rec, entity), Expect::Accepted, &[]).cost == 0 {
                script = next;
            }
        }
    }
    Several { script, recs }
}

fn with_idle(script: &crate::script::Script, rec: usize, entity: &str) -> crate::script::Script {
    let mut script = script.clone();
    script.then(Act::Idle, rec, entity);
    script
}

fn groups(sheet: &Sheet<'_, '_>, rows: &Rows, by: &[String], recs: &[usize]) -> Vec<(Val, Vec<usize>)> {
    let world = &sheet.bench.writer.scripts.world;
    let mut found: Vec<(Val, Vec<usize>)> = Vec::new();
    for rec in recs {
        let Some(row) = rows.get(rec) else { continue };
        let value = match by {
            [field] => world.read(rows, row, *rec, field),
            [via, field] => world.reach(rows, row, *rec, Some(via), field),
            _ => continue,
        };
        match found.iter_mut().find(|(one, _)| one.same(&value)) {
            Some((_, members)) => members.push(*rec),
            None => found.push((value, vec![*rec])),
        }
    }
    found
}

/// What the new records add to the totals of their group.
fn group(
    sheet: &mut Sheet<'_, '_>,
    entity: &str,
    by: &[String],
    measures: &[Measure],
    rows: &Rows,
    value: &Val,
    recs: &[usize],
) {
    let scripts = &sheet.bench.writer.scripts;
    let kind = match by {
        [field] => scripts.world.kind_through(entity, None, field),
        [via, field] => scripts.world.kind_through(entity, Some(via), field),
        _ => None,
    };
    let key = sheet.bench.writer.value(&sheet.body, kind, value);
    sheet.line(format!("new, old = after[{key}], before.get({key}, {{\"count\": 0}})"));
    sheet.line(format!("self.assertEqual(new[\"count\"] - old[\"count\"], {})", recs.len()));
    for measure in measures {
        let Measure::Sum { field } = measure else { continue };
        // The service keeps `value` and `count` for the group itself.
        let own = matches!(field.as_str(), "value" | "count");
        let name = string(&if own { format!("sum_{field}") } else { field.clone() });
        let world = &sheet.bench.writer.scripts.world;
        let values = recs.iter().map(|rec| world.known(rows, rows.get(rec)?, *rec, field));
        let Some(values) = values.collect::<Option<Vec<Val>>>() else { continue };
        let values: Vec<Val> = values.into_iter().filter(|value| !value.is_null()).collect();
        let Some(Val::Number(sum)) = add_up(measure, 0, &values) else { continue };
        sheet.line(format!("self.assertAlmostEqual(float(new[{name}]) - float(old.get({name}, 0)), {sum}, 6)"));
        if matches!(sheet.bench.writer.scripts.world.kind_through(entity, None, field), Some(FieldKind::Money)) {
            sheet.line(format!("self.assertRegex(new[{name}], r\"^-?[0-9]+\\.[0-9]{{2}}$\")"));
        }
    }
}
