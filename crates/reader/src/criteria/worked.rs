//! Examples with figures of what is worked out: `a stay from 1 June to 4 June has 3 nights`. They show the rule only where
//! the figures agree with it.

use super::dates;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::normal;
use crate::scope::{FieldRef, is_date};
use crate::token::Token;
use maestro_artifacts::{Expr, RuleKind, TimeUnit};

/// How such an example begins.
const LEADS: &[&str] = &["example:", "for example:", "for example,", "for instance,", "for instance:", "e.g."];

/// More figures than these are not tried in every order.
const MOST: usize = 5;

/// What stands behind "Example:".
pub(crate) fn told(text: &str) -> Option<&str> {
    let text = text.trim();
    LEADS.iter().find_map(|lead| {
        let begins = text.get(..lead.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(lead));
        text.get(lead.len()..).filter(|_| begins).map(str::trim)
    })
}

/// The one rule that the example shows. `bare` where examples need no lead, as among criteria.
pub(crate) fn example(engine: &Engine<'_>, text: &str, rules: &[RuleKind], bare: bool) -> Option<Vec<Effect>> {
    let text = told(text).or_else(|| bare.then_some(text))?;
    let tokens = normal::normalise(&dates::in_digits(text), engine.lexicon);
    let mut shown = rules.iter().filter(|rule| shows(engine, &tokens, rule));
    let rule = shown.next()?;
    shown.all(|other| other == rule).then(|| vec![Effect::Rule(rule.clone())])
}

/// Whether the figures of an example agree with what a field is worked out of.
fn shows(engine: &Engine<'_>, tokens: &[Token], rule: &RuleKind) -> bool {
    let RuleKind::Computed { entity, field, expr } = rule else { return false };
    let Some((place, result)) = result(engine, tokens, &FieldRef { entity: entity.clone(), field: field.clone() })
    else {
        return false;
    };
    let others = tokens.iter().enumerate().filter(|(at, _)| *at != place);
    let figures: Vec<f64> = others.filter_map(|(_, token)| figure(token)).collect();
    let leaves = leaves(expr);
    (1..=MOST).contains(&figures.len())
        && leaves.is_some_and(|leaves| leaves.len() == figures.len())
        && orders(&figures).iter().any(|order| {
            let mut values = order.iter().copied();
            worked_out(expr, &mut |_| values.next()).is_some_and(|value| near(value, result))
        })
}

/// Where the value of the field stands, and the value: `3 nights`, `an amount of 360`, `the amount is 360`.
fn result(engine: &Engine<'_>, tokens: &[Token], field: &FieldRef) -> Option<(usize, f64)> {
    let scope = engine.scope(tokens);
    let named = engine.lexicon.field(field)?;
    let words = |at: usize| {
        let all = named.words.iter().enumerate();
        all.clone()
            .all(|(k, word)| tokens.get(at + k).is_some_and(|token| token.lemma == *word))
            .then(|| at + named.words.len())
    };
    (0..tokens.len()).find_map(|at| {
        let told = scope.field_at(tokens, at).into_iter().find(|(_, found)| found == field).map(|(end, _)| end);
        let end = told.or_else(|| words(at))?;
        let before = at.checked_sub(1).and_then(|at| Some((at, figure(tokens.get(at)?)?)));
        before.or_else(|| {
            let skipped =
                tokens.get(end..)?.iter().take_while(|token| ["of", "be", "=", ":"].iter().any(|word| token.is(word)));
            let next = end + skipped.count();
            let behind = tokens.get(next).and_then(figure).map(|value| (next, value));
            behind.or_else(|| at_the_end(tokens).filter(|_| at == 0))
        })
    })
}

/// "The amount of an order with 2 lines is 60": the value behind all else.
fn at_the_end(tokens: &[Token]) -> Option<(usize, f64)> {
    let [.., be, last] = tokens else { return None };
    (be.is("be") || be.is("=")).then_some((tokens.len() - 1, figure(last)?))
}

/// A number, a day as the number of days, a time of day as the number of minutes.
fn figure(token: &Token) -> Option<f64> {
    if token.quoted {
        return None;
    }
    value(&token.word)
}

pub(super) fn value(word: &str) -> Option<f64> {
    if is_date(word) {
        let mut parts = word.split('-').filter_map(|part| part.parse::<i64>().ok());
        return Some(days(parts.next()?, parts.next()?, parts.next()?) as f64);
    }
    if let Some((hours, minutes)) = word.split_once(':') {
        let (hours, minutes) = (hours.parse::<u32>().ok()?, minutes.parse::<u32>().ok()?);
        return Some(f64::from(hours * 60 + minutes));
    }
    // "A 4-day charter"
    const UNITS: &[&str] = &["day", "night", "hour", "minute", "week", "month", "year", "person", "piece"];
    let word = word.split_once('-').filter(|(_, unit)| UNITS.contains(unit)).map_or(word, |(count, _)| count);
    word.parse().ok()
}

/// Days since a day that comes before all others.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
}

/// The fields that an expression works with, in their order; `None` where it counts other records.
fn leaves(expr: &Expr) -> Option<Vec<(&str, &str)>> {
    Some(match expr {
        Expr::Number { .. } => Vec::new(),
        Expr::Field { field } => vec![("", field)],
        Expr::Referenced { via, field } => vec![(via, field)],
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right }
        | Expr::Elapsed { from: left, to: right, .. } => [leaves(left)?, leaves(right)?].concat(),
        _ => return None,
    })
}

/// The value of an expression, its fields as `value` tells one after the other; `None` where one has no value.
pub(super) fn worked_out(expr: &Expr, value: &mut dyn FnMut(&Expr) -> Option<f64>) -> Option<f64> {
    Some(match expr {
        Expr::Number { value } => value.parse().ok()?,
        Expr::Field { .. } | Expr::Referenced { .. } => value(expr)?,
        Expr::Add { left, right } => worked_out(left, value)? + worked_out(right, value)?,
        Expr::Sub { left, right } => worked_out(left, value)? - worked_out(right, value)?,
        Expr::Mul { left, right } => worked_out(left, value)? * worked_out(right, value)?,
        Expr::Div { left, right } => worked_out(left, value)? / worked_out(right, value)?,
        Expr::Elapsed { from, to, unit } => {
            let (from, to) = (worked_out(from, value)?, worked_out(to, value)?);
            if *unit == TimeUnit::Hours { (to - from) / 60.0 } else { to - from }
        }
        _ => return None,
    })
}

/// Whether two figures are the same to the cent.
pub(super) fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.006
}

/// The figures in every order, as they stand first.
fn orders(figures: &[f64]) -> Vec<Vec<f64>> {
    let Some((first, rest)) = figures.split_first() else { return vec![Vec::new()] };
    let behind = orders(rest);
    let places = 0..=rest.len();
    places
        .flat_map(|at| {
            behind.iter().map(move |order| {
                let mut order = order.clone();
                order.insert(at, *first);
                order
            })
        })
        .collect()
}

/// Whether the values that steps name for the fields of a record give another value than the one they expect.
pub(super) fn contradicts(expr: &Expr, entity: &str, values: &[super::facts::Given], expected: &str) -> bool {
    let told = |expr: &Expr| match expr {
        Expr::Field { field } => {
            let mut named = values.iter().filter(|given| given.field.entity == entity && given.field.field == *field);
            value(&named.next()?.value).filter(|_| named.next().is_none())
        }
        _ => None,
    };
    let expected = value(expected.trim_matches(|c: char| !c.is_ascii_digit() && c != '-'));
    let worked = worked_out(expr, &mut |leaf| told(leaf));
    worked.zip(expected).is_some_and(|(worked, expected)| !near(worked, expected))
}

/// Whether as many figures are told as a value is worked out of, and none of the orders in which they may stand makes the
/// value that is expected: `a day rate of 200 ... from 1 July to 4 July ... then its price is 500`.
pub(super) fn disagrees(rules: &[RuleKind], entity: &str, expr: &Expr, told: &[Token], expected: &str) -> bool {
    let Some(expected) = value(expected.trim_matches(|c: char| !c.is_ascii_digit() && c != '-')) else { return false };
    let figures: Vec<f64> = told.iter().filter_map(figure).collect();
    let within = inlined(rules, entity, expr);
    let levels = [expr, &within];
    let mut counted = levels
        .into_iter()
        .filter(|expr| leaves(expr).is_some_and(|leaves| leaves.len() == figures.len()))
        .filter(|_| (1..=MOST).contains(&figures.len()))
        .peekable();
    counted.peek().is_some()
        && !counted.any(|expr| {
            orders(&figures).iter().any(|order| {
                let mut values = order.iter().copied();
                worked_out(expr, &mut |_| values.next()).is_some_and(|value| near(value, expected))
            })
        })
}

/// The expression with the fields that are worked out themselves told by what they are worked out of.
fn inlined(rules: &[RuleKind], entity: &str, expr: &Expr) -> Expr {
    let both =
        |left: &Expr, right: &Expr| (Box::new(inlined(rules, entity, left)), Box::new(inlined(rules, entity, right)));
    match expr {
        Expr::Field { field } => {
            let own = rules.iter().find_map(|rule| match rule {
                RuleKind::Computed { entity: of, field: own, expr } if of == entity && own == field => Some(expr),
                _ => None,
            });
            own.cloned().unwrap_or_else(|| expr.clone())
        }
        Expr::Add { left, right } => {
            let (left, right) = both(left, right);
            Expr::Add { left, right }
        }
        Expr::Sub { left, right } => {
            let (left, right) = both(left, right);
            Expr::Sub { left, right }
        }
        Expr::Mul { left, right } => {
            let (left, right) = both(left, right);
            Expr::Mul { left, right }
        }
        Expr::Div { left, right } => {
            let (left, right) = both(left, right);
            Expr::Div { left, right }
        }
        _ => expr.clone(),
    }
}
