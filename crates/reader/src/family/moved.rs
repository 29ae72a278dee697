//! Dates beside other dates: "the loan date plus 3 weeks", "purchase date + warranty months", "a month after the start".

use super::computed::{expression, kind};
use crate::engine::Reading;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Expr, FieldKind, Offset};

/// Whether an expression is a date or an instant.
pub(super) fn is_moment(reading: &Reading<'_>, entity: &str, expr: &Expr) -> bool {
    matches!(kind(reading, entity, expr), Some(FieldKind::Date | FieldKind::DateTime))
}

/// A date and what is added to it or taken from it: "3 months", a field that holds days, weeks, months or years, or
/// another date that it is counted from.
pub(super) fn beside(reading: &Reading<'_>, entity: &str, date: Expr, sign: i64, tokens: &[Token]) -> Option<Expr> {
    let quantities = reading.scope.quantity_at(tokens, 0);
    if let Some((_, quantity)) = quantities.into_iter().find(|(end, _)| *end == tokens.len()) {
        let offset =
            if quantity.unit.is_none() { Offset::days(quantity.value.parse().ok()?) } else { quantity.offset()? };
        return by(date, if sign < 0 { offset.negated() } else { offset });
    }
    let held = match tokens {
        [held @ .., preposition, unit] if !held.is_empty() && preposition.is("in") && unit_of_time(&unit.lemma) => held,
        whole => whole,
    };
    let right = expression(reading, entity, held)?;
    if is_moment(reading, entity, &right) {
        return (sign < 0).then(|| Expr::Sub { left: Box::new(date), right: Box::new(right) });
    }
    if kind(reading, entity, &right)? != FieldKind::Integer {
        return None;
    }
    let times = |count: i64| match count {
        1 => right.clone(),
        _ => Expr::Mul { left: Box::new(right.clone()), right: Box::new(Expr::Number { value: count.to_string() }) },
    };
    let date = Box::new(date);
    Some(match unit_of(reading, entity, &right, tokens).as_deref() {
        None | Some("day" | "night") => Expr::PlusDays { date, days: Box::new(times(sign)) },
        Some("week") => Expr::PlusDays { date, days: Box::new(times(7 * sign)) },
        Some("month") => Expr::PlusMonths { date, months: Box::new(times(sign)) },
        Some("year") => Expr::PlusMonths { date, months: Box::new(times(12 * sign)) },
        // No computed field lies so many hours beside another.
        Some(_) => return None,
    })
}

/// The unit of time that the words, or the name of the one field they mean, tell.
fn unit_of(reading: &Reading<'_>, entity: &str, expr: &Expr, tokens: &[Token]) -> Option<String> {
    let field = match expr {
        Expr::Field { field } => reading.scope.lexicon.entity(entity).and_then(|named| named.field(field)),
        Expr::Referenced { via, field } => {
            let via = FieldRef { entity: entity.to_owned(), field: via.clone() };
            reading.scope.target(&via).and_then(|of| reading.scope.lexicon.entity(of)?.field(field))
        }
        _ => None,
    };
    let noted = field.and_then(|field| field.unit.as_deref());
    let named = field.into_iter().flat_map(|field| &field.words).map(String::as_str);
    let said = tokens.iter().map(|token| token.lemma.as_str());
    noted.into_iter().chain(said).chain(named).find(|word| unit_of_time(word)).map(str::to_owned)
}

fn unit_of_time(word: &str) -> bool {
    matches!(word, "second" | "minute" | "hour" | "day" | "night" | "week" | "month" | "year")
}

/// A date so far from another; nothing where hours or minutes are added.
pub(super) fn by(date: Expr, offset: Offset) -> Option<Expr> {
    let number = |count: i64| Box::new(Expr::Number { value: count.to_string() });
    Some(match offset {
        Offset { plus, plus_months: 0, plus_minutes: 0 } => Expr::PlusDays { date: Box::new(date), days: number(plus) },
        Offset { plus: 0, plus_months, plus_minutes: 0 } => {
            Expr::PlusMonths { date: Box::new(date), months: number(plus_months) }
        }
        _ => return None,
    })
}
