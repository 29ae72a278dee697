//! How old somebody is: `the child is at least 4 years old`, by the one date of birth.

use super::comparison;
use crate::engine::Reading;
use crate::family::compare;
use crate::pattern::Bound;
use maestro_artifacts::{Op, Operand, Test};

/// Older than so many years by today, or younger.
pub(super) fn old(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let entity = bound.entity("entity").unwrap_or_else(|| base.to_owned());
    let birth = compare::birth_of(reading.scope.lexicon, &entity)?;
    // Whoever is younger than 4 was born later than 4 years ago.
    let op = match bound.op("cmp") {
        Some(Op::Ge) | None => Op::Le,
        Some(Op::Lt) => Op::Gt,
        Some(_) => return None,
    };
    let ago = compare::age(bound)?.negated();
    let to = Operand::Today { plus_days: ago.plus, plus_months: ago.plus_months };
    comparison(reading, base, birth, op, to)
}
