//! Which way an example goes: "when its end is before its start" shows a rule that keeps the end from being so, and no
//! other rule of the same two fields.

use super::Steps;
use crate::engine::Engine;
use crate::family::compare::backwards;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Offset, Op};

/// Whether what the steps say of two fields breaks a comparison of them; `None` where they say no direction.
pub(super) fn breaks_fields(
    engine: &Engine<'_>,
    steps: &Steps,
    (field, op, other): (&FieldRef, Op, &FieldRef),
    offset: &Offset,
) -> Option<bool> {
    // "Ends 61 days after it starts": how far decides, too.
    if steps.when.iter().any(Token::is_number) {
        return None;
    }
    told(engine, &steps.when, field, other).map(|said| excludes(said, op, sign(offset)))
}

/// Whether what the steps say of a moment and the clock breaks a comparison with the day or instant of the request.
pub(super) fn breaks_clock(steps: &Steps, op: Op, offset: &Offset) -> Option<bool> {
    let said = |words: &[&str]| steps.when.iter().any(|token| words.iter().any(|word| token.is(word)) && !token.quoted);
    if steps.when.iter().any(Token::is_number) {
        return None;
    }
    let way = match (said(&["past", "yesterday", "ago"]), said(&["future", "tomorrow"])) {
        (true, false) => Op::Lt,
        (false, true) => Op::Gt,
        (true, true) => return None,
        (false, false) => {
            let today = steps.when.iter().position(|token| token.is("today") || token.is("now"))?;
            match today.checked_sub(1).and_then(|before| steps.when.get(before)).map(|token| token.word.as_str()) {
                Some("<") => Op::Lt,
                Some(">") => Op::Gt,
                Some("<=" | ">=" | "not" | "and" | "or") => return None,
                // "A charter starting today"
                _ => Op::Eq,
            }
        }
    };
    Some(excludes(way, op, sign(offset)))
}

/// Whether the year that the steps tell breaks a comparison with the year of the request, whatever that is: one that is told
/// by it ("next year", "in the future"), or one that is long past or far ahead.
pub(super) fn breaks_year(steps: &Steps, op: Op, plus_years: i64, given: Option<&str>) -> bool {
    /// No epic is read before the first, none of those who read this sees the second.
    const FIRST: i64 = 2000;
    const LAST: i64 = 2200;
    let broken = |years: i64| match op {
        Op::Lt => years >= plus_years,
        Op::Le => years > plus_years,
        Op::Gt => years <= plus_years,
        Op::Ge => years < plus_years,
        Op::Eq => years != plus_years,
        Op::Ne => years == plus_years,
    };
    let tokens: Vec<&Token> = steps.given.iter().chain(&steps.when).filter(|token| !token.quoted).collect();
    let moving = |token: &&Token| ["thisyear", "nextyear", "lastyear"].iter().any(|year| token.is(year));
    let mut told = tokens.iter().enumerate().filter(|(_, token)| moving(token)).map(|(at, _)| at);
    match (told.next(), told.next()) {
        (Some(at), None) => return from_this(&tokens, at).is_some_and(broken),
        (Some(_), Some(_)) => return false,
        (None, _) => {}
    }
    if let Some(year) = given.and_then(|year| year.parse::<i64>().ok()) {
        let ahead = year >= LAST + plus_years.abs() && matches!(op, Op::Lt | Op::Le | Op::Eq);
        let past = year <= FIRST - plus_years.abs() && matches!(op, Op::Gt | Op::Ge | Op::Eq);
        return ahead || past;
    }
    // How far ahead it lies is not told: a year that may be next year need not be refused.
    let said = |word: &str| tokens.iter().any(|token| token.is(word));
    let (past, future) = (said("past"), said("future"));
    past != future && !tokens.iter().any(|token| token.is_number()) && broken(if future { 1 } else { -1 })
}

/// How many years from this one the year lies that is told at a place: `next year`, `after this year`, `this year plus 2`.
fn from_this(tokens: &[&Token], at: usize) -> Option<i64> {
    let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.word.as_str());
    let number = |at: Option<usize>| word(at).parse::<i64>().ok();
    let named = match word(Some(at)) {
        "nextyear" => 1,
        "lastyear" => -1,
        _ => 0,
    };
    // "2 years after this year"
    let measured = matches!(word(at.checked_sub(2)), "year" | "years").then(|| number(at.checked_sub(3)));
    let away = measured.unwrap_or(Some(1));
    let named = match word(at.checked_sub(1)) {
        ">" => named + away?,
        "<" => named - away?,
        ">=" | "<=" => return None,
        _ => named,
    };
    Some(match word(Some(at + 1)) {
        "plus" | "+" => named + number(Some(at + 2))?,
        "minus" | "–" => named - number(Some(at + 2))?,
        _ => named,
    })
}

/// How the steps compare the first field with the second.
fn told(engine: &Engine<'_>, tokens: &[Token], field: &FieldRef, other: &FieldRef) -> Option<Op> {
    let scope = engine.scope(tokens);
    let mention = |of: &FieldRef| {
        (0..tokens.len()).find_map(|at| {
            scope.field_at(tokens, at).into_iter().find(|(_, found)| found == of).map(|(end, _)| (at, end))
        })
    };
    let ((a, a_end), (b, b_end)) = (mention(field)?, mention(other)?);
    let between = tokens.get(if a < b { a_end..b } else { b_end..a })?;
    let mut ops = between.iter().filter_map(|token| match token.word.as_str() {
        "<" | "earlier" => Some(Op::Lt),
        ">" | "later" => Some(Op::Gt),
        "<=" => Some(Op::Le),
        ">=" => Some(Op::Ge),
        "=" => Some(Op::Eq),
        _ => None,
    });
    let (Some(op), None) = (ops.next(), ops.next()) else { return None };
    if between.iter().any(|token| token.is("not")) {
        return None;
    }
    Some(if a < b { op } else { backwards(op) })
}

/// Which way an offset moves the bound; `None` where months and days go different ways.
fn sign(offset: &Offset) -> Option<i64> {
    let parts = [offset.plus, offset.plus_months, offset.plus_minutes].map(i64::signum);
    let (up, down) = (parts.contains(&1), parts.contains(&-1));
    match (up, down) {
        (true, true) => None,
        (true, false) => Some(1),
        (false, true) => Some(-1),
        (false, false) => Some(0),
    }
}

/// Whether a value that compares so with something breaks the demand that it compares so with it, moved that way.
fn excludes(said: Op, demanded: Op, moved: Option<i64>) -> bool {
    let Some(moved) = moved else { return false };
    let below = matches!(said, Op::Lt | Op::Le);
    let touches = matches!(said, Op::Le | Op::Ge);
    // "An end that is equal to the start"
    if said == Op::Eq {
        return match demanded {
            Op::Ge => moved > 0,
            Op::Gt => moved >= 0,
            Op::Le => moved < 0,
            Op::Lt => moved <= 0,
            Op::Eq => moved != 0,
            Op::Ne => moved == 0,
        };
    }
    match demanded {
        Op::Ge => below && (moved > 0 || moved == 0 && !touches),
        Op::Gt => below && moved >= 0,
        Op::Le => !below && (moved < 0 || moved == 0 && !touches),
        Op::Lt => !below && moved <= 0,
        Op::Eq => moved == 0,
        Op::Ne => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_counted_from_this_one() {
        for (told, years) in [
            ("thisyear", Some(0)),
            ("nextyear", Some(1)),
            ("lastyear", Some(-1)),
            ("> thisyear", Some(1)),
            ("< lastyear", Some(-2)),
            (">= thisyear", None),
            ("thisyear plus 2", Some(2)),
            ("thisyear minus 3", Some(-3)),
            ("2 years > thisyear", Some(2)),
        ] {
            let tokens: Vec<Token> = told.split(' ').map(|word| Token::new(word, 0, 0)).collect();
            let tokens: Vec<&Token> = tokens.iter().collect();
            let at = tokens.iter().position(|token| token.word.ends_with("year") && token.word != "year").unwrap();
            assert_eq!(from_this(&tokens, at), years, "{told}");
        }
    }

    #[test]
    fn what_is_refused_must_lie_on_the_other_side() {
        for (said, demanded, moved, breaks) in [
            (Op::Lt, Op::Ge, 0, true),
            (Op::Lt, Op::Ge, 3, true),
            (Op::Lt, Op::Ge, -3, false),
            (Op::Lt, Op::Le, 60, false),
            (Op::Gt, Op::Le, 60, false),
            (Op::Gt, Op::Le, 0, true),
            (Op::Gt, Op::Ge, 0, false),
            (Op::Le, Op::Gt, 0, true),
            (Op::Le, Op::Ge, 0, false),
            (Op::Lt, Op::Eq, 0, true),
            (Op::Eq, Op::Ge, 0, false),
            (Op::Eq, Op::Gt, 0, true),
            (Op::Eq, Op::Ne, 0, true),
        ] {
            assert_eq!(excludes(said, demanded, Some(moved)), breaks, "{said:?} {demanded:?} {moved}");
        }
    }
}
