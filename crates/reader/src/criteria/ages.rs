//! Ages in the steps of an example: `a child who is 3 years old`.

use super::Steps;
use crate::engine::Engine;
use crate::family::compare;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Op, Operand};

/// Whether somebody of this age breaks a bound of a date of birth: `4 years ago or before`.
pub(super) fn breaks(engine: &Engine<'_>, steps: &Steps, field: &FieldRef, op: Op, to: &Operand) -> bool {
    let birth = compare::birth_of(engine.lexicon, &field.entity).is_some_and(|birth| birth == *field);
    let Operand::Today { plus_days: 0, plus_months } = to else { return false };
    let told = [&steps.given, &steps.when].into_iter().find_map(|part| age(part));
    let Some(months) = told.filter(|_| birth).map(|years| years * 12) else { return false };
    match op {
        Op::Le | Op::Lt => months < -plus_months,
        Op::Ge | Op::Gt => months >= -plus_months,
        Op::Eq | Op::Ne => false,
    }
}

/// "3 years old", "aged 3".
fn age(part: &[Token]) -> Option<i64> {
    let number = |token: &Token| token.word.parse::<i64>().ok().filter(|_| !token.quoted);
    part.windows(3).find_map(|three| match three {
        [count, year, old] if year.is("year") && old.is("old") => number(count),
        [aged, count, ..] if aged.is("aged") => number(count),
        _ => None,
    })
}
