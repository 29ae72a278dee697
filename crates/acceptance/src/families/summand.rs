//! How a child gets the value that is summed up: the field itself, or the fields out of which the service works it out.

use crate::{
    number::Number,
    script::Expect,
    suite::Sheet,
    value::Val,
    world::{Row, Rows},
};
use maestro_artifacts::{Expr, Field, RuleKind};
use std::collections::BTreeMap;

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
        let made = sheet.solve(script, Expect::Accepted, &[])?;
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
        (!leaves.is_empty()).then_some(Self {
            entity,
            field: meta,
            worked_out: Some(WorkedOut { expr, rows, rec, row, leaves }),
        })
    }

    /// What the fields of a child must be for this value; `None` where no rule-abiding values come to it.
    pub(super) fn giving(&self, sheet: &Sheet<'_, '_>, value: Number) -> Option<BTreeMap<String, Val>> {
        let world = &sheet.bench.writer.scripts.world;
        let Some(out) = &self.worked_out else {
            let value = Val::Number(value);
            return world
                .fits_alone(self.entity, self.field, &value)
                .then(|| BTreeMap::from([(self.field.key.clone(), value)]));
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
                values
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
        | Expr::PlusDays { date: left, days: right } => {
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
