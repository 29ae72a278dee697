//! Formulas over the records that refer to one: counts and sums, some of them only.

use crate::engine::Reading;
use crate::scope::{FieldRef, StateRef};
use crate::token::Token;
use maestro_artifacts::{Condition, Expr, FieldKind, Measure, Test};
use serde_json::Value;

/// `number of open loans`, `sum of the amounts of its payments`, `total amount of all lines`.
pub(super) fn children(
    reading: &Reading<'_>,
    scope: &crate::scope::Scope<'_>,
    entity: &str,
    tokens: &[Token],
) -> Option<Expr> {
    let first = tokens.first()?;
    let lexicon = reading.scope.lexicon;
    let skip = |mut at: usize| {
        while tokens.get(at).is_some_and(|token| {
            matches!(token.word.as_str(), "of" | "over" | ">" | "all" | "in" | "on" | "across" | "for")
        }) {
            at += 1;
        }
        at
    };
    // The children, with their state and what follows ("that refer to it", "of the tool").
    let kids = |at: usize| -> Option<(String, Condition)> {
        let at = skip(at);
        let lists = scope.states_at(tokens, at).into_iter().next();
        let from = lists.as_ref().map_or(at, |(end, _)| *end);
        let (end, child) = scope.entity_at(tokens, from).into_iter().find(|(_, child)| child != entity)?;
        let mut condition = match &lists {
            None => Condition::default(),
            Some((_, lists)) => within(reading, lists, &child)?,
        };
        let rest = tokens.get(end..)?;
        let rest = match rest {
            [of, more @ ..] if of.is("of") || of.is("for") || of.is("in") || of.is("on") => {
                let (end, parent) = scope.entity_at(more, 0).into_iter().next()?;
                if parent != entity {
                    return None;
                }
                more.get(end..)?
            }
            other => other,
        };
        match rest {
            [] => {}
            [that, be, not, ..] if that.is("that") && be.is("be") && not.is("not") => {
                let at = tokens.len() - rest.len() + 3;
                let (end, lists) = scope.states_at(tokens, at).into_iter().next()?;
                if end != tokens.len() || lists.len() != 1 {
                    return None;
                }
                condition = crate::condition::negation(&within(reading, &lists, &child)?)?;
            }
            [that, be, ..] if (that.is("that") && be.is("be")) || that.is("with") || that.is("in") => {
                let at = tokens.len() - rest.len() + if be.is("be") { 2 } else { 1 };
                let (end, lists) = scope.states_at(tokens, at).into_iter().next()?;
                if end != tokens.len() {
                    return None;
                }
                condition = within(reading, &lists, &child)?;
            }
            _ => return None,
        }
        Some((child, condition))
    };
    if first.is("numberof") {
        let (child, when) = kids(1)?;
        let via = lexicon.reference(&child, entity)?;
        return Some(Expr::Children { child, via, measure: Measure::Count, when });
    }
    // "the cost of all its calibrations"
    for (end, field) in child_fields(scope, tokens, 0, entity) {
        let all = tokens.get(end).is_some_and(|token| token.is("of"))
            && tokens.get(end + 1).is_some_and(|token| {
                token.word != token.lemma && matches!(token.article, Some("all" | "its" | "their"))
            });
        let numeric = matches!(scope.kind(&field), Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money));
        if let (true, true, Some(via)) = (all, numeric, lexicon.reference(&field.entity, entity))
            && let Some((child, when)) = kids(end + 1)
            && child == field.entity
        {
            return Some(Expr::Children { child, via, measure: Measure::Sum { field: field.field }, when });
        }
    }
    let measure: fn(String) -> Measure = match first.word.as_str() {
        "sum" | "total" => |field| Measure::Sum { field },
        "average" | "mean" => |field| Measure::Average { field },
        "highest" | "largest" | "maximum" | "latest" | "<=" => |field| Measure::Max { field },
        "lowest" | "smallest" | "minimum" | "earliest" | ">=" => |field| Measure::Min { field },
        _ => return None,
    };
    let mut at = skip(1);
    if let Some((end, child, when)) = scope.states_at(tokens, at).into_iter().next().and_then(|(end, lists)| {
        scope
            .entity_at(tokens, end)
            .into_iter()
            .find_map(|(to, child)| within(reading, &lists, &child).map(|when| (to, child, when)))
    }) {
        // "sum of open loans' fees"
        let possessive = usize::from(tokens.get(end).is_some_and(|token| token.word == "'s"));
        let (_, field) = scope
            .field_at(tokens, end + possessive)
            .into_iter()
            .find(|(to, field)| *to == tokens.len() && field.entity == child)?;
        let via = lexicon.reference(&child, entity)?;
        return Some(Expr::Children { child, via, measure: measure(field.field), when });
    }
    for (end, field) in child_fields(scope, tokens, at, entity) {
        let child = field.entity.clone();
        let Some(via) = lexicon.reference(&child, entity) else { continue };
        if end == tokens.len() {
            return Some(Expr::Children { child, via, measure: measure(field.field), when: Condition::default() });
        }
        at = end;
        if let Some((named, when)) = kids(at)
            && named == child
        {
            return Some(Expr::Children { child, via, measure: measure(field.field), when });
        }
    }
    None
}

/// Fields of children of `entity` at `at`: a bare `amount` in "sum of the amounts of its payments" is the child's.
pub(super) fn child_fields(
    scope: &crate::scope::Scope<'_>,
    tokens: &[Token],
    at: usize,
    entity: &str,
) -> Vec<(usize, FieldRef)> {
    let mut out: Vec<(usize, FieldRef)> =
        scope.field_at(tokens, at).into_iter().filter(|(_, field)| field.entity != entity).collect();
    for (child, via) in scope
        .lexicon
        .entities
        .iter()
        .filter_map(|child| scope.lexicon.reference(&child.key, entity).map(|via| (child, via)))
    {
        let mut near = scope.clone();
        near.focus.retain(|focus| *focus != child.key);
        near.focus.insert(0, child.key.clone());
        for found in
            near.field_at(tokens, at).into_iter().filter(|(_, field)| field.entity == child.key && field.field != via)
        {
            if !out.contains(&found) {
                out.push(found);
            }
        }
    }
    out
}

pub(super) fn within(reading: &Reading<'_>, lists: &[Vec<StateRef>], child: &str) -> Option<Condition> {
    let states: Option<Vec<StateRef>> = lists.iter().map(|readings| reading.state_of(readings, child)).collect();
    let states = states?;
    let field = states.first()?.field.clone();
    Some(Condition(vec![Test::In {
        via: None,
        field,
        values: states.into_iter().map(|state| Value::from(state.value)).collect(),
    }]))
}

/// Without words behind it that say that the first and the last day count too, and whether there were any.
pub(super) fn inclusive(tokens: &[Token]) -> Option<(&[Token], bool)> {
    const SAYING: &[&[&str]] = &[
        &["counting", "first", "and", "last", "day"],
        &["counting", "first", "and", "last"],
        &["including", "first", "and", "last", "day"],
        &["including", "first", "and", "last"],
        &["first", "and", "last", "day", "included"],
        &["first", "and", "last", "day", "inclusive"],
        &["first", "and", "last", "included"],
        &["days", "included"],
        &["days", "inclusive"],
        &["included"],
        &["inclusive"],
        &["counting"],
        &["including"],
    ];
    let said = |words: &&&[&str]| {
        words.len() < tokens.len() && words.iter().rev().zip(tokens.iter().rev()).all(|(word, token)| token.is(word))
    };
    let words = SAYING.iter().find(said)?;
    let mut end = tokens.len() - words.len();
    while end > 0 && tokens.get(end - 1).is_some_and(|token| matches!(token.word.as_str(), "," | "(" | "both")) {
        end -= 1;
    }
    Some((tokens.get(..end)?, true))
}
