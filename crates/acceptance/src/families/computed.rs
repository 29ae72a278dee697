//! Fields that the service works out: what comes out is worked out here independently, for several inputs.

use super::{change, creation};
use crate::{
    judge::Act,
    number::Number,
    python::string,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::{Anchor, DAY, TODAY, Val},
};
use maestro_artifacts::{Condition, Expr, FieldKind, Measure, Test};
use std::collections::BTreeMap;

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, field: &str, expr: &Expr) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{field} is worked out"));
    let mut leaves = Leaves::default();
    leaves.collect(expr);
    for round in 0..3 {
        if let Some(script) = inputs(&sheet, entity, &leaves, round) {
            shown(&mut sheet, entity, field, script);
        }
    }
    // Without the optional operands there is no value.
    if let Some((script, _)) = creation(sheet.bench, entity) {
        shown(&mut sheet, entity, field, script);
    }
    for condition in &leaves.conditions {
        for (way, _) in super::ways(sheet.bench, entity, condition) {
            for (script, rec) in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
                let wants: Vec<Want> = way.iter().map(|(test, truth)| Want::After(rec, test.clone(), *truth)).collect();
                if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
                    shown(&mut sheet, entity, field, found);
                    break;
                }
            }
        }
    }
    later(&mut sheet, entity, field, &leaves);
    sheet.done()
}

/// What an expression is made of.
#[derive(Default)]
struct Leaves<'r> {
    fields: Vec<&'r str>,
    referenced: Vec<(&'r str, &'r str)>,
    children: Vec<(&'r str, &'r str, &'r Measure, &'r Condition)>,
    conditions: Vec<&'r Condition>,
    /// Time is counted in hours or minutes.
    elapsed: bool,
}

impl<'r> Leaves<'r> {
    fn collect(&mut self, expr: &'r Expr) {
        match expr {
            Expr::Number { .. } | Expr::Today => {}
            Expr::Field { field } => self.fields.push(field),
            Expr::Referenced { via, field } => self.referenced.push((via, field)),
            Expr::Add { left, right }
            | Expr::Sub { left, right }
            | Expr::Mul { left, right }
            | Expr::Div { left, right } => {
                self.collect(left);
                self.collect(right);
            }
            Expr::PlusDays { date: left, days: right } | Expr::PlusMonths { date: left, months: right } => {
                self.collect(left);
                self.collect(right);
            }
            Expr::Elapsed { from, to, .. } => {
                self.elapsed = true;
                self.collect(from);
                self.collect(to);
            }
            Expr::Children { child, via, measure, when } => self.children.push((child, via, measure, when)),
            Expr::Holds { when } => self.conditions.push(when),
        }
    }
}

/// Numbers that no two operators make the same result of; a quotient of the second row is not whole.
const NUMBERS: [[i64; 4]; 3] = [[12, 4, 3, 2], [18, 4, 2, 5], [36, 6, 3, 9]];

/// A record with values in all operands.
fn inputs(sheet: &Sheet<'_, '_>, entity: &str, leaves: &Leaves<'_>, round: usize) -> Option<Script> {
    let world = &sheet.bench.writer.scripts.world;
    let (mut script, rec) = creation(sheet.bench, entity)?;
    let row = NUMBERS.get(round)?;
    let mut wants = Vec::new();
    let mut place = 0;
    let mut soft = Vec::new();
    for field in &leaves.fields {
        let meta = world.field(entity, field)?;
        wants.push(Want::Given(rec, (*field).to_owned()));
        if !meta.read_only
            && let Some(value) = operand(&meta.kind, row.get(place % 4).copied()?, round)
        {
            soft.push(((*field).to_owned(), value));
        }
        place += 1;
    }
    let mut given: Vec<Want> = wants.iter().filter(|want| matches!(want, Want::Given(..))).cloned().collect();
    for (via, field) in &leaves.referenced {
        let kind = world.kind_through(entity, Some(via), field)?;
        // Bounds of the other record may allow none of the preferred numbers; it has some value all the same.
        let told = Test::Given { via: Some((*via).to_owned()), field: (*field).to_owned() };
        given.push(Want::After(rec, told, true));
        if let Some(value) = operand(kind, row.get(place % 4).copied()?, round) {
            wants.push(Want::Reached(rec, (*via).to_owned(), (*field).to_owned(), value));
        }
        place += 1;
    }
    let mut near = soft.clone();
    let instants = near.iter_mut().filter(|(_, value)| matches!(value, Val::Time(..)));
    for (place, (_, value)) in instants.enumerate() {
        *value = hours(place, round)?;
    }
    // What is counted in hours is told apart from whole days first, where the other rules allow it.
    let preferred = if leaves.elapsed { vec![near, soft] } else { vec![soft] };
    // The preferred values where the other rules allow them, any otherwise.
    let solved = preferred.iter().find_map(|values| {
        let mut pinned = script.clone();
        pinned.pin(values.iter().map(|(field, value)| (field.as_str(), value.clone())));
        sheet.solve(pinned.clone(), Expect::Accepted, &wants).or_else(|| sheet.solve(pinned, Expect::Accepted, &given))
    });
    script = solved.or_else(|| sheet.solve(script.clone(), Expect::Accepted, &given))?;
    for (child, via, measure, when) in &leaves.children {
        script = with_children(sheet, script, rec, child, via, measure, when, round)?;
    }
    Some(script)
}

/// Instants of one day, an hour and a half apart, and further in later rounds.
fn hours(place: usize, round: usize) -> Option<Val> {
    let (place, round) = (i64::try_from(place).ok()?, i64::try_from(round).ok()?);
    let at = (TODAY + 20 + round) * DAY + 9 * 3600 + place * (5400 + round * 1800);
    Some(Val::Time(at, Anchor::Today))
}

fn operand(kind: &FieldKind, number: i64, round: usize) -> Option<Val> {
    let days = i64::try_from(round).ok()? + number;
    match kind {
        FieldKind::Integer => Some(Val::whole(number)),
        FieldKind::Decimal | FieldKind::Money => Some(Val::Number(Number::whole(number))),
        FieldKind::Date => Some(Val::today(days)),
        // All at one time of the day: whole days apart.
        FieldKind::DateTime => Some(Val::Time((TODAY + days) * DAY + 10 * 3600, Anchor::Today)),
        _ => None,
    }
}

/// Adds children with different values: some that count and one that does not.
#[expect(clippy::too_many_arguments, reason = "a sum over children is four of them")]
fn with_children(
    sheet: &Sheet<'_, '_>,
    script: Script,
    rec: usize,
    child: &str,
    via: &str,
    measure: &Measure,
    when: &Condition,
    round: usize,
) -> Option<Script> {
    let scripts = &sheet.bench.writer.scripts;
    let summed = match measure {
        Measure::Count => None,
        Measure::Sum { field } | Measure::Average { field } | Measure::Min { field } | Measure::Max { field } => {
            Some(field)
        }
    };
    let mut found = script;
    let mut wants = Vec::new();
    let count = [2, 3, 1].get(round).copied().unwrap_or(2);
    for at in 0..=count {
        let mut given = BTreeMap::from([(via.to_owned(), Val::Ref(rec))]);
        if let Some(field) = summed
            && let Some(meta) = scripts.world.field(child, field).filter(|meta| !meta.read_only)
            && let Some(value) = operand(&meta.kind, [4, 9, 5, 7].get(at).copied()?, round)
            && scripts.world.fits_alone(child, meta, &value)
        {
            given.insert(field.clone(), value);
        }
        let mut next = found.clone();
        let end = next.requests.len();
        let Some(one) = scripts.create(&mut next, end, child, &given) else { continue };
        // The last child is left out by the condition, where there is one.
        let counts = at < count;
        if !counts && when.0.is_empty() {
            continue;
        }
        let truth: Vec<Want> = if counts {
            when.0.iter().map(|test| Want::After(one, test.clone(), true)).collect()
        } else {
            when.0.first().map(|test| Want::After(one, test.clone(), false)).into_iter().collect()
        };
        let mut with = wants.clone();
        with.extend(truth);
        // A child may have to change its state to count, so a later request is needed to search before.
        next.then(Act::Idle, rec, &scripts.world.model.entities.first()?.key);
        if let Some(last) = next.last_mut() {
            last.entity = scripts.run(&found, Expect::Accepted, &[]).after.get(&rec)?.entity.clone();
        }
        if let Some(mut solved) = sheet.solve(next, Expect::Accepted, &with) {
            solved.requests.pop();
            found = solved;
            wants = with;
            for request in &mut found.requests {
                if request.rec == one {
                    request.fixed.insert(via.to_owned());
                }
            }
        }
    }
    Some(found)
}

/// Writes a script, and what the field must be after it.
fn shown(sheet: &mut Sheet<'_, '_>, entity: &str, field: &str, script: Script) {
    let scripts = &sheet.bench.writer.scripts;
    let course = scripts.run(&script, Expect::Accepted, &[]);
    // The record whose field it is: the last of its kind that was made.
    let made = script.requests.iter().rev().find(|r| r.act == Act::Create && r.entity == entity).map(|r| r.rec);
    let Some(rec) = made else { return };
    let Some(row) = course.after.get(&rec) else { return };
    let Some(value) = exact(sheet, &course.after, row, rec, entity, field) else { return };
    let mut script = script;
    script.then(Act::Idle, rec, entity);
    sheet.play(&script);
    expect(sheet, entity, field, rec, &value);
}

fn exact(
    sheet: &Sheet<'_, '_>,
    rows: &crate::world::Rows,
    row: &crate::world::Row,
    rec: usize,
    entity: &str,
    field: &str,
) -> Option<Val> {
    let world = &sheet.bench.writer.scripts.world;
    let expr = world.model.rules.iter().find_map(|rule| match &rule.demand {
        maestro_artifacts::RuleKind::Computed { entity: e, field: f, expr } if e == entity && f == field => Some(expr),
        _ => None,
    })?;
    let value = world.eval(rows, row, rec, expr)?;
    match (&world.field(entity, field)?.kind, &value) {
        (FieldKind::Integer, Val::Number(number)) if !number.is_whole() => None,
        (_, Val::Time(_, Anchor::Now)) => None,
        _ => Some(value),
    }
}

fn expect(sheet: &mut Sheet<'_, '_>, entity: &str, field: &str, rec: usize, value: &Val) {
    let path = string(&sheet.bench.writer.path(entity));
    let kind = sheet.bench.writer.scripts.world.field(entity, field).map(|field| &field.kind);
    let line = format!(
        "self.assert_value(self.read({path}, {})[{}], {})",
        sheet.body.var(rec),
        string(field),
        sheet.bench.writer.value(&sheet.body, kind, value)
    );
    sheet.line(line);
}

/// The value follows its operands when they change.
fn later(sheet: &mut Sheet<'_, '_>, entity: &str, field: &str, leaves: &Leaves<'_>) {
    let Some(first) = leaves.fields.first() else { return };
    let Some(script) = inputs(sheet, entity, leaves, 0) else { return };
    let Some(rec) = script.requests.iter().rev().find(|r| r.act == Act::Create && r.entity == entity).map(|r| r.rec)
    else {
        return;
    };
    let world = &sheet.bench.writer.scripts.world;
    let Some(meta) = world.field(entity, first).filter(|meta| !meta.read_only) else { return };
    let mut script = script;
    script.then(Act::Patch, rec, entity);
    for number in [24, 40, 8] {
        let Some(value) = operand(&meta.kind, number, 0) else { return };
        script.pin([(*first, value)]);
        if let Some(found) = sheet.solve(script.clone(), Expect::Accepted, &[]) {
            shown(sheet, entity, field, found);
            return;
        }
    }
}
