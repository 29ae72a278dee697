//! How a child gets the value that is summed up: the field itself, or the fields out of which the service works it out.

use crate::{
    number::Number,
    script::{Expect, Want},
    suite::Sheet,
    value::Val,
    world::{Row, Rows},
};
use maestro_artifacts::{Expr, Field, RuleKind};
use std::collections::BTreeMap;

/// What a child is given for a value: its own fields, and records that it refers to, by field, entity and values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Gift {
    pub(super) own: BTreeMap<String, Val>,
    pub(super) others: Vec<(String, String, BTreeMap<String, Val>)>,
}

/// A number field of an entity whose value tests choose.
pub(super) struct Summand<'a> {
    entity: &'a str,
    field: &'a Field,
    worked_out: Option<WorkedOut<'a>>,
}

/// A record as it is made, to see what changes of its fields come to.
struct WorkedOut<'a> {
    expr: &'a Expr,
    rows: Rows,
    rec: usize,
    row: Row,
    leaves: Vec<&'a Field>,
    /// Fields of records that the record refers to, as they were when the value came about.
    others: Vec<(String, String, BTreeMap<String, Val>)>,
}

impl<'a> Summand<'a> {
    /// `None` where the field is worked out of what no test can choose.
    pub(super) fn of(sheet: &Sheet<'a, '_>, entity: &'a str, field: &str) -> Option<Self> {
        let world = &sheet.bench.writer.scripts.world;
        let meta = world.field(entity, field)?;
        if !meta.read_only {
            return Some(Self { entity, field: meta, worked_out: None });
        }
        let expr = world.model.rules.iter().find_map(|rule| match &rule.demand {
            RuleKind::Computed { entity: of, field: key, expr } if of == entity && key == field => Some(expr),
            _ => None,
        })?;
        let mut keys = Vec::new();
        own_fields(expr, &mut keys);
        let number = |key: &&str| world.field(entity, key).filter(|field| !field.read_only && is_number(field));
        let leaves: Vec<&Field> = keys.iter().filter_map(number).collect();
        let (script, rec) = super::creation(sheet.bench, entity)?;
        // With a value, whatever else must be given for it.
        let valued = sheet.solve(script.clone(), Expect::Accepted, &[Want::Given(rec, field.to_owned())]);
        let made = valued.or_else(|| sheet.solve(script, Expect::Accepted, &[]))?;
        let rows = sheet.bench.writer.scripts.run(&made, Expect::Accepted, &[]).after;
        let mut row = rows.get(&rec)?.as_ref().clone();
        for leaf in &leaves {
            if row.values.get(&leaf.key).and_then(Val::number).is_none() {
                let values = world.candidates(&Rows::new(), rec, entity, leaf);
                let fitting = values.into_iter().find(|value| {
                    value.number().is_some_and(|number| number > Number::ZERO) && world.fits_alone(entity, leaf, value)
                })?;
                row.values.insert(leaf.key.clone(), fitting);
            }
        }
        let mut others: Vec<(String, String, BTreeMap<String, Val>)> = Vec::new();
        let mut referenced = Vec::new();
        referred(expr, &mut referenced);
        for (via, key) in referenced {
            let Some(Val::Ref(other)) = row.values.get(via) else { continue };
            let other = rows.get(other)?;
            let Some(value) = other.values.get(key).filter(|value| value.number().is_some()) else { continue };
            match others.iter_mut().find(|(known, ..)| known == via) {
                Some((_, _, values)) => drop(values.insert(key.to_owned(), value.clone())),
                None => others.push((
                    via.to_owned(),
                    other.entity.clone(),
                    BTreeMap::from([(key.to_owned(), value.clone())]),
                )),
            }
        }
        (!leaves.is_empty()).then_some(Self {
            entity,
            field: meta,
            worked_out: Some(WorkedOut { expr, rows, rec, row, leaves, others }),
        })
    }

    /// What the fields of a child must be for this value; `None` where no rule-abiding values come to it.
    pub(super) fn giving(&self, sheet: &Sheet<'_, '_>, value: Number) -> Option<Gift> {
        let world = &sheet.bench.writer.scripts.world;
        let Some(out) = &self.worked_out else {
            let value = Val::Number(value);
            return world
                .fits_alone(self.entity, self.field, &value)
                .then(|| Gift { own: BTreeMap::from([(self.field.key.clone(), value)]), others: Vec::new() });
        };
        let comes_to = |leaf: &Field, number: Number| {
            let mut row = out.row.clone();
            row.values.insert(leaf.key.clone(), Val::Number(number));
            world.eval(&out.rows, &row, out.rec, out.expr)?.number()
        };
        out.leaves.iter().find_map(|leaf| {
            // Sums, differences and products grow evenly with each of their parts: two points tell the third.
            let from = out.row.values.get(&leaf.key)?.number()?;
            let (low, high) = (comes_to(leaf, from)?, comes_to(leaf, from.add(Number::whole(1)))?);
            let chosen = from.add(value.sub(low).div(high.sub(low))?);
            let whole = !matches!(leaf.kind, maestro_artifacts::FieldKind::Integer) || chosen.is_whole();
            let exact = whole
                && comes_to(leaf, chosen) == Some(value)
                && world.fits_alone(self.entity, leaf, &Val::Number(chosen));
            exact.then(|| {
                let mut values: BTreeMap<String, Val> = out
                    .leaves
                    .iter()
                    .filter_map(|other| Some((other.key.clone(), out.row.values.get(&other.key)?.clone())))
                    .collect();
                values.insert(leaf.key.clone(), Val::Number(chosen));
                Gift { own: values, others: out.others.clone() }
            })
        })
    }

    /// The same for the next greater value that there is: a little more, or one more of what is counted.
    pub(super) fn above(&self, sheet: &Sheet<'_, '_>, value: Number) -> Option<Gift> {
        let least = sheet.bench.writer.scripts.world.step(self.entity, self.field);
        self.giving(sheet, value.add(least)).or_else(|| {
            let world = &sheet.bench.writer.scripts.world;
            let out = self.worked_out.as_ref()?;
            out.leaves.iter().find_map(|leaf| {
                let from = out.row.values.get(&leaf.key)?.number()?;
                let comes_to = |number: Number| {
                    let mut row = out.row.clone();
                    row.values.insert(leaf.key.clone(), Val::Number(number));
                    world.eval(&out.rows, &row, out.rec, out.expr)?.number()
                };
                let grows = comes_to(from.add(Number::whole(1)))?.sub(comes_to(from)?);
                (grows > Number::ZERO).then(|| self.giving(sheet, value.add(grows))).flatten()
            })
        })
    }

    /// Values that come about easily: those of a record as it is made.
    pub(super) fn usual(&self, sheet: &Sheet<'_, '_>) -> Vec<Number> {
        let world = &sheet.bench.writer.scripts.world;
        match &self.worked_out {
            Some(out) => world
                .eval(&out.rows, &out.row, out.rec, out.expr)
                .and_then(|value| value.number())
                .filter(|value| *value > Number::ZERO)
                .into_iter()
                .collect(),
            None => {
                let values = world.candidates(&Rows::new(), 0, self.entity, self.field);
                values.iter().filter_map(Val::number).filter(|number| *number > Number::ZERO).collect()
            }
        }
    }
}

fn is_number(field: &Field) -> bool {
    use maestro_artifacts::FieldKind;
    matches!(field.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money)
}

/// The fields of records that the record refers to with which an expression works: reference and field.
fn referred<'a>(expr: &'a Expr, found: &mut Vec<(&'a str, &'a str)>) {
    match expr {
        Expr::Referenced { via, field } => found.push((via, field)),
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right }
        | Expr::PlusDays { date: left, days: right }
        | Expr::PlusMonths { date: left, months: right } => {
            referred(left, found);
            referred(right, found);
        }
        Expr::Number { .. }
        | Expr::Today
        | Expr::Field { .. }
        | Expr::Children { .. }
        | Expr::Holds { .. }
        | Expr::Elapsed { .. } => {}
    }
}

/// The record's own fields that an expression works with.
fn own_fields<'a>(expr: &'a Expr, found: &mut Vec<&'a str>) {
    match expr {
        Expr::Field { field } => {
            if !found.contains(&field.as_str()) {
                found.push(field);
            }
        }
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right }
        | Expr::PlusDays { date: left, days: right }
        | Expr::PlusMonths { date: left, months: right } => {
            own_fields(left, found);
            own_fields(right, found);
        }
        Expr::Number { .. }
        | Expr::Today
        | Expr::Referenced { .. }
        | Expr::Children { .. }
        | Expr::Holds { .. }
        | Expr::Elapsed { .. } => {}
    }
}
