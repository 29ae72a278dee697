//! Time between two moments: in days, hours or minutes, as the sentence says. What it does not say is not guessed.

use crate::effect::Effect;
use crate::engine::Reading;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Expr, FieldKind, TimeUnit};

/// What a sentence counts time in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Days,
    Time(TimeUnit),
}

/// The one unit that the words name.
fn unit(words: &[Token]) -> Option<Unit> {
    const UNITS: &[(&[&str], Unit)] = &[
        (&["day", "night", "date"], Unit::Days),
        (&["hour", "hourly", "h"], Unit::Time(TimeUnit::Hours)),
        (&["minute", "min"], Unit::Time(TimeUnit::Minutes)),
    ];
    let said = |(names, _): &&(&[&str], Unit)| words.iter().any(|token| names.contains(&token.lemma.as_str()));
    let mut found = UNITS.iter().filter(said);
    match (found.next(), found.next()) {
        (Some((_, unit)), None) => Some(*unit),
        _ => None,
    }
}

fn kind<'a>(reading: &Reading<'a>, entity: &str, expr: &Expr) -> Option<&'a FieldKind> {
    let field = match expr {
        Expr::Field { field } => FieldRef { entity: entity.to_owned(), field: field.clone() },
        Expr::Referenced { via, field } => {
            FieldRef { entity: reading.scope.lexicon.target(entity, via)?.to_owned(), field: field.clone() }
        }
        _ => return None,
    };
    reading.scope.kind(&field)
}

/// The expression with every difference of two instants in the unit that the sentence names.
pub(super) fn counted(reading: &Reading<'_>, entity: &str, expr: Expr) -> Option<Expr> {
    let again = |expr: Box<Expr>| counted(reading, entity, *expr).map(Box::new);
    Some(match expr {
        Expr::Sub { left, right } => {
            let instant = |expr: &Expr| kind(reading, entity, expr) == Some(&FieldKind::DateTime);
            if instant(&left) && instant(&right) {
                return match unit(reading.tokens)? {
                    Unit::Days => Some(Expr::Sub { left, right }),
                    Unit::Time(unit) => Some(Expr::Elapsed { from: right, to: left, unit }),
                };
            }
            Expr::Sub { left: again(left)?, right: again(right)? }
        }
        Expr::Add { left, right } => Expr::Add { left: again(left)?, right: again(right)? },
        Expr::Mul { left, right } => Expr::Mul { left: again(left)?, right: again(right)? },
        Expr::Div { left, right } => Expr::Div { left: again(left)?, right: again(right)? },
        other => other,
    })
}

/// What makes moments of the two fields between which time is counted.
pub(super) fn moments(reading: &Reading<'_>, entity: &str, expr: &Expr) -> Option<Vec<Effect>> {
    let (Expr::Sub { left, right } | Expr::Elapsed { to: left, from: right, .. }) = expr else { return None };
    let field = |expr: &Expr| match expr {
        Expr::Field { field } => Some(FieldRef { entity: entity.to_owned(), field: field.clone() }),
        _ => None,
    };
    unit(reading.tokens).and_then(|_| reading.as_moments(&[field(right)?, field(left)?]))
}

/// "The hours are computed from the start and the end", "the duration in hours": from one moment to the other.
pub(super) fn between(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    // "Both date and time" is a type.
    if matches!(tokens, [date, and, time] if date.is("date") && and.is("and") && time.is("time")) {
        return None;
    }
    let scope = reading.engine.scope(tokens);
    let time = |field: &FieldRef| {
        field.entity == entity && matches!(reading.scope.kind(field), Some(FieldKind::Date | FieldKind::DateTime))
    };
    let (end, from) = scope.field_at(tokens, 0).into_iter().find(|(_, field)| time(field))?;
    let joined = tokens.get(end).is_some_and(|token| ["and", "to", "–"].iter().any(|word| token.is(word)));
    let (stop, to) = scope.field_at(tokens, end + 1).into_iter().find(|(_, field)| time(field)).filter(|_| joined)?;
    unit(reading.tokens).filter(|_| stop == tokens.len())?;
    let at = |field: FieldRef| Box::new(Expr::Field { field: field.field });
    Some(Expr::Sub { left: at(to), right: at(from) })
}

/// "Its duration", "the length of the stay": from the one moment with which a record begins to the one with which it ends.
pub(super) fn duration(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    const NAMES: &[&str] = &["duration", "length"];
    let first = tokens.first().filter(|first| NAMES.iter().any(|name| first.is(name)))?;
    let named = reading.scope.lexicon.entity(entity)?;
    let known = named.fields.iter().any(|field| field.words.contains(&first.lemma));
    let mut rest = tokens.get(1..)?;
    if rest.first().is_some_and(|token| token.is("of")) {
        let (end, of) = reading.engine.scope(tokens).entity_at(tokens, 2).into_iter().next()?;
        (of == entity).then_some(())?;
        rest = tokens.get(end..)?;
    }
    let counted =
        rest.is_empty() || rest.len() == 2 && rest.first().is_some_and(|token| token.is("in")) && unit(rest).is_some();
    if known || !counted {
        return None;
    }
    let (from, to) = crate::span::of(reading.scope.lexicon, entity)?;
    let kind = |key: &str| named.field(key).map(|field| &field.kind);
    (kind(&from) == kind(&to)).then_some(())?;
    let at = |field: String| Box::new(Expr::Field { field });
    Some(Expr::Sub { left: at(to), right: at(from) })
}
