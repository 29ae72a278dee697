//! Comparisons: with constants, other fields, fields of referenced records, the day and the instant of the request.

use super::{any_side, change, creation};
use crate::{
    candidates::{edges, shift},
    judge::Act,
    number::Number,
    python::Outcome,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::{Anchor, DAY, NOW, Val},
    world::World,
};
use maestro_artifacts::{Condition, FieldKind, Operand, Test};

/// A comparison rule.
pub(super) struct Comparison<'r> {
    pub(super) entity: &'r str,
    pub(super) field: &'r str,
    pub(super) to: &'r Operand,
    pub(super) when: &'r Condition,
    pub(super) on_create: bool,
}

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, c: &Comparison<'_>) -> bool {
    let Some(field) = bench.writer.scripts.world.field(c.entity, c.field) else { return false };
    let mut sheet = bench.sheet(rule, c.entity, &format!("{} compares as it must", c.field));
    if field.read_only {
        any_side(&mut sheet, c.entity, &|rec| compared(c, rec));
        if let Some((script, rec)) = creation(sheet.bench, c.entity)
            && let Some(found) = sheet.solve(script, Expect::Accepted, &[Want::Given(rec, c.field.to_owned())])
        {
            sheet.play(&found);
        }
        return sheet.done();
    }
    for (script, rec) in [creation(sheet.bench, c.entity), change(sheet.bench, c.entity)].into_iter().flatten() {
        around(&mut sheet, c, &script, rec, &field.kind);
    }
    if let Operand::Field { field: other, .. } = c.to {
        the_other_field(&mut sheet, c, other);
    }
    if let Operand::Referenced { via, field: there, .. } = c.to {
        the_referenced_record(&mut sheet, c, via, there);
    }
    outside(&mut sheet, c, &field.kind);
    if sheet.accepted == 0 {
        // Of texts and the like nothing lies beside what they are compared with: any other one will do.
        any_side(&mut sheet, c.entity, &|rec| compared(c, rec));
    }
    sheet.done()
}

/// What must be given for the comparison to say something.
fn compared(c: &Comparison<'_>, rec: usize) -> Vec<Want> {
    let mut wants = super::all_hold(c.when, |test| Want::After(rec, test, true));
    wants.push(Want::Given(rec, c.field.to_owned()));
    match c.to {
        Operand::Field { field, .. } => wants.push(Want::Given(rec, field.clone())),
        Operand::Referenced { via, field, .. } => {
            wants.push(Want::After(rec, Test::Given { via: Some(via.clone()), field: field.clone() }, true));
        }
        Operand::Value { .. } | Operand::Today { .. } | Operand::ThisYear { .. } | Operand::Now { .. } => {}
    }
    wants
}

/// A value to compare with, what keeps it so, and the fields of the same record that it comes from.
type Point = (Val, Vec<Want>, Vec<(String, Val)>);

/// What the field is compared with, once everything else is settled: the operand's value, and wants that keep it.
fn reference_point(sheet: &Sheet<'_, '_>, c: &Comparison<'_>, script: &Script, rec: usize) -> Option<Point> {
    let world = &sheet.bench.writer.scripts.world;
    let mut wants: Vec<Want> = c.when.0.iter().map(|test| Want::After(rec, test.clone(), true)).collect();
    let kind = world.kind_through(c.entity, None, c.field);
    match c.to {
        Operand::Field { field, offset } => {
            wants.push(Want::Given(rec, field.clone()));
            wants.push(Want::Given(rec, c.field.to_owned()));
            let found = sheet.solve(script.clone(), Expect::Accepted, &wants)?;
            let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
            let row = course.after.get(&rec)?;
            let other = world.read(&course.after, row, rec, field);
            wants.truncate(c.when.0.len());
            let writable = world.field(c.entity, field).is_some_and(|f| !f.read_only);
            let pins = if writable { vec![(field.clone(), other.clone())] } else { Vec::new() };
            // What is worked out cannot be sent: its operands must make it so.
            if !writable {
                wants.push(Want::Worked(rec, field.clone(), other.clone()));
            }
            Some((other.offset(offset), wants, pins))
        }
        Operand::Referenced { via, field, offset } => {
            wants.push(Want::After(rec, Test::Given { via: Some(via.clone()), field: field.clone() }, true));
            wants.push(Want::Given(rec, c.field.to_owned()));
            let found = sheet.solve(script.clone(), Expect::Accepted, &wants)?;
            let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
            let row = course.after.get(&rec)?;
            let other = world.reach(&course.after, row, rec, Some(via), field);
            // What no other record has is known when the test runs: beside it stands nothing, beside a given value does.
            let other = other.begin().unwrap_or(other);
            wants.truncate(c.when.0.len());
            wants.push(Want::Reached(rec, via.clone(), field.clone(), other.clone()));
            Some((other.offset(offset), wants, Vec::new()))
        }
        other => Some((world.operand(&Default::default(), &empty_row(c.entity), rec, other, kind), wants, Vec::new())),
    }
}

fn empty_row(entity: &str) -> crate::world::Row {
    crate::world::Row { entity: entity.to_owned(), values: Default::default() }
}

/// The smallest difference between two values of the field.
fn own_step(world: &World<'_>, c: &Comparison<'_>) -> Number {
    world.field(c.entity, c.field).map_or(Number::whole(1), |field| world.step(c.entity, field))
}

/// The values right below, at and right above what the field is compared with.
fn neighbours(c: &Comparison<'_>, kind: &FieldKind, step: Number, at: &Val) -> Vec<Val> {
    match (c.to, kind) {
        (Operand::Now { plus_minutes }, FieldKind::DateTime) => {
            [-86_400, -3600, 3600, 86_400].map(|s| Val::Time(NOW + plus_minutes * 60 + s, Anchor::Now)).to_vec()
        }
        (Operand::Today { plus_days, plus_months }, FieldKind::DateTime) => {
            let start = Val::start_of_day(*plus_months, *plus_days);
            [-1, 0, DAY - 1, DAY].map(|seconds| shift(&start, Number::whole(1), seconds)).to_vec()
        }
        _ => {
            let mut all = Vec::new();
            for edge in edges(kind, at) {
                for times in [-1, 0, 1] {
                    let value = match kind {
                        FieldKind::Enum { .. } | FieldKind::Text { .. } | FieldKind::Boolean if times != 0 => continue,
                        _ => shift(&edge, step, times),
                    };
                    if !all.contains(&value) {
                        all.push(value);
                    }
                }
            }
            match kind {
                FieldKind::Boolean => all = vec![Val::Bool(true), Val::Bool(false)],
                // Beside a choice stand all the others.
                FieldKind::Enum { values } => {
                    all.extend(values.iter().map(|value| Val::text(value)).filter(|value| !value.same(at)));
                }
                _ => {}
            }
            all
        }
    }
}

fn around(sheet: &mut Sheet<'_, '_>, c: &Comparison<'_>, script: &Script, rec: usize, kind: &FieldKind) {
    let Some((at, wants, pins)) = reference_point(sheet, c, script, rec) else { return };
    let is_change = script.requests.iter().filter(|request| request.rec == rec).count() > 1;
    for value in neighbours(c, kind, own_step(&sheet.bench.writer.scripts.world, c), &at) {
        let mut script = script.clone();
        let mut wants = wants.clone();
        script.pin([(c.field, value)]);
        for (other, value) in &pins {
            if is_change {
                // The other field stays as it is: only one side of the comparison moves.
                script.omit(other);
                wants.push(Want::Value(rec, other.clone(), value.clone()));
            } else {
                script.pin([(other.as_str(), value.clone())]);
            }
        }
        sheet.probe(script, &wants);
    }
}

/// How many steps the other side of a comparison moves at once. Where months lie between the two, a few days may make no
/// difference.
const fn stride(to: &Operand, kind: &FieldKind) -> i64 {
    match (to, kind) {
        (Operand::Field { offset, .. } | Operand::Referenced { offset, .. }, _) if offset.plus_months == 0 => 1,
        (Operand::Field { .. } | Operand::Referenced { .. }, FieldKind::DateTime) => 40 * DAY,
        (Operand::Field { .. } | Operand::Referenced { .. }, _) => 40,
        _ => 1,
    }
}

/// The comparison holds as well when the other side moves.
fn the_other_field(sheet: &mut Sheet<'_, '_>, c: &Comparison<'_>, other: &str) {
    let world = &sheet.bench.writer.scripts.world;
    let Some(field) = world.field(c.entity, other).filter(|field| !field.read_only) else { return };
    let Some((script, rec)) = change(sheet.bench, c.entity) else { return };
    let Some((at, wants, pins)) = reference_point(sheet, c, &script, rec) else { return };
    let Some((_, base)) = pins.first() else { return };
    let step = world.step(c.entity, field);
    for times in [-1, 0, 1] {
        let mut script = script.clone();
        let mut wants = wants.clone();
        script.omit(c.field);
        wants.push(Want::Value(rec, c.field.to_owned(), at.clone()));
        script.pin([(other, shift(base, step, times * stride(c.to, &field.kind)))]);
        sheet.probe(script, &wants);
    }
}

/// The comparison holds as well when the record that is referred to changes.
fn the_referenced_record(sheet: &mut Sheet<'_, '_>, c: &Comparison<'_>, via: &str, there: &str) {
    let world = &sheet.bench.writer.scripts.world;
    if c.on_create {
        return;
    }
    let Some(target) = world.target(c.entity, via) else { return };
    let Some(field) = world.field(target, there).filter(|field| !field.read_only) else { return };
    let Some((script, rec)) = creation(sheet.bench, c.entity) else { return };
    let Some((at, wants, _)) = reference_point(sheet, c, &script, rec) else { return };
    // The record whose side stays, with a value on the edge.
    let mut whole = wants.clone();
    whole.push(Want::After(rec, Test::Given { via: Some(via.to_owned()), field: there.to_owned() }, true));
    let mut edge = script;
    edge.pin([(c.field, at.clone())]);
    let found = sheet.solve(edge.clone(), Expect::Accepted, &whole).or_else(|| {
        // An edge that itself is refused: as near to it as it is accepted.
        neighbours(c, world.kind_through(c.entity, None, c.field)?, own_step(world, c), &at).into_iter().find_map(
            |value| {
                edge.pin([(c.field, value)]);
                sheet.solve(edge.clone(), Expect::Accepted, &whole)
            },
        )
    });
    let Some(mut found) = found else { return };
    let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
    let Some((parent, row)) = course.after.get(&rec).and_then(|row| World::follow(&course.after, row, via)) else {
        return;
    };
    let base = world.read(&course.after, row, parent, there);
    let step = world.step(target, field);
    found.keep();
    let values: Vec<Val> = match &field.kind {
        FieldKind::Enum { values } => {
            values.iter().map(|value| Val::text(value)).filter(|value| !value.same(&base)).collect()
        }
        kind => [-2, -1, 1, 2].map(|times| shift(&base, step, times * stride(c.to, kind))).to_vec(),
    };
    for value in values {
        let mut script = found.clone();
        script.then(Act::Patch, parent, target);
        script.pin([(there, value)]);
        let holds: Vec<Want> = c.when.0.iter().map(|test| Want::Before(rec, test.clone(), true)).collect();
        sheet.probe(script, &holds);
    }
}

/// Where the rule does not apply, values that it would refuse are accepted.
fn outside(sheet: &mut Sheet<'_, '_>, c: &Comparison<'_>, kind: &FieldKind) {
    let rule = sheet.rule;
    for test in &c.when.0 {
        for (script, rec) in [creation(sheet.bench, c.entity), change(sheet.bench, c.entity)].into_iter().flatten() {
            let Some((at, _, pins)) = reference_point(sheet, c, &script, rec) else { continue };
            for value in neighbours(c, kind, own_step(&sheet.bench.writer.scripts.world, c), &at) {
                let mut script = script.clone();
                script.pin([(c.field, value)]);
                script.pin(pins.iter().map(|(field, value)| (field.as_str(), value.clone())));
                // Only values that are refused inside show that the rule does not apply outside.
                let inside: Vec<Want> = c.when.0.iter().map(|test| Want::After(rec, test.clone(), true)).collect();
                if sheet.solve(script.clone(), Expect::Breaks(rule), &inside).is_none() {
                    continue;
                }
                if let Some(found) = sheet.solve(script, Expect::Accepted, &[Want::After(rec, test.clone(), false)]) {
                    sheet.play(&found);
                    break;
                }
            }
        }
    }
    if c.on_create {
        let Some((script, rec)) = change(sheet.bench, c.entity) else { return };
        let Some((at, wants, pins)) = reference_point(sheet, c, &script, rec) else { return };
        for value in neighbours(c, kind, own_step(&sheet.bench.writer.scripts.world, c), &at) {
            let Some((mut fresh, _)) = creation(sheet.bench, c.entity) else { return };
            fresh.pin([(c.field, value.clone())]);
            fresh.pin(pins.iter().map(|(field, value)| (field.as_str(), value.clone())));
            let refused = sheet.bench.writer.outcome(&fresh);
            if refused == Outcome::Accepted {
                continue;
            }
            let mut script = script.clone();
            script.pin([(c.field, value)]);
            script.pin(pins.iter().map(|(field, value)| (field.as_str(), value.clone())));
            if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
                sheet.play(&found);
                return;
            }
        }
    }
}
