//! A whole number against the year of the request: `the year of publication must not be after the current year`.

use super::compare::earlier;
use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, FieldKind, Offset, Op, Operand, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("<fields> [:] %stands [strictly] <cmp> %year", year),
    ("<fields> [:] [not] <cmp> %year", year),
    ("<fields> %standsnot <cmp> %year", not_year),
    ("<fields> (must be | be | must %standing | must) [in] %year [orless | ormore]", year_itself),
    ("<fields> mustnot be [in] %year", not_year_itself),
    (
        "<fields> %stands [in | in range | in range of] [between | from] <qty:low> (and | to | – | unless | through | .. | <=) %year [inclusive]",
        from_to_year,
    ),
    (
        "<fields> [:] [between | from] <qty:low> (and | to | – | unless | through | .. | <=) %year [inclusive]",
        from_to_year,
    ),
    (
        "<fields> %stands [in | in range | in range of] [between | from] %year (and | to | – | unless | through | .. | <=) <qty:low> [inclusive]",
        from_year,
    ),
    (
        "<fields> %stands [in] (between | from) (lastyear | thisyear) (and | to | – | unless) (thisyear | nextyear)",
        years_between,
    ),
    ("<fields> %stands <cmp:c2> <qty:low> [,] (and | but) [must] [be] [not] <cmp> %year", bounded_by_year),
    ("<fields> %stands <cmp:c2> <qty:low> [,] (and | but) (mustnot be | mustnot) <cmp> %year", bounded_by_year),
    (
        "<fields> %stands <cmp:c2> <qty:low> [,] (and | but) [must be | be | mustnot be] [not] in (future | past)",
        bounded_by_year,
    ),
    ("<fields> %standsnot <cmp:c2> <qty:low> [,] (or | and) [be] (<cmp> %year | in future)", not_bounded_by_year),
    ("<fields> [that be] <cmp> %year (be | must be) %refused", year_refused),
    ("<entity> with <fields> [that be] <cmp> %year %nosave", year_refused),
];

/// The year that lies so many whole years from this one, for a whole number that is a year by its name.
pub(crate) fn in_years(reading: &Reading<'_>, field: &FieldRef, offset: Offset) -> Option<Operand> {
    let named = reading.scope.lexicon.field(field)?;
    let whole = named.kind == FieldKind::Integer && offset.plus == 0 && offset.plus_minutes == 0;
    (whole && is_year(&named.words) && offset.plus_months % 12 == 0)
        .then_some(Operand::ThisYear { plus_years: offset.plus_months / 12 })
}

/// Whether a field is a year by its name: `model year`, `year of publication`, `vintage`.
fn is_year(words: &[String]) -> bool {
    words.iter().any(|word| matches!(word.as_str(), "year" | "vintage"))
}

/// What is compared with a year is a whole number, where nothing else tells its type.
fn is_whole(reading: &Reading<'_>, field: &FieldRef) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let (named, entity) = (lexicon.field(field)?, lexicon.entity(&field.entity)?);
    match &named.kind {
        FieldKind::Text { .. } if named.stated || !is_year(&named.words) => None,
        FieldKind::Integer if named.stated || !is_year(&named.words) => Some(Vec::new()),
        // Told again on every reading, or the next one would forget it.
        FieldKind::Integer | FieldKind::Text { .. } => Some(vec![Effect::Field {
            entity: entity.name.clone(),
            name: named.name.clone(),
            kind: Some(FieldKind::Integer),
            read_only: false,
        }]),
        _ => None,
    }
}

/// How many years from this one the year is that is told.
fn years(bound: &Bound, reading: &Reading<'_>) -> Option<i64> {
    let said = |words: &[&str]| reading.tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    if said(&["nextyear", "lastyear"]) {
        // "Between last year and next year" names two.
        let named = reading.tokens.iter().filter(|token| token.word.ends_with("year") && token.word != "year");
        return (named.count() == 1).then_some(if said(&["nextyear"]) { 1 } else { -1 });
    }
    let Some(quantity) = bound.quantity("years") else { return Some(0) };
    let years: i64 = quantity.value.parse().ok()?;
    let at = bound.place("years")?;
    let beside = |at: Option<usize>| at.and_then(|at| reading.tokens.get(at)).map(|token| token.word.as_str());
    let back = matches!(beside(at.start.checked_sub(1)), Some("minus" | "–")) || beside(Some(at.end)) == Some("<");
    quantity.unit.as_deref().is_none_or(|unit| unit == "year").then_some(if back { -years } else { years })
}

/// Whole numbers against the year of the request. What must not be a past year is judged when it is given first: time
/// passes, and the record must stay editable.
fn by_year(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let plus_years = years(bound, reading)?;
    // "At least 5 years before this year" is that year or an earlier one.
    let measured = bound.place("years").and_then(|at| reading.tokens.get(at.end)).is_some_and(|token| token.is("<"));
    held(bound, reading, if measured { earlier(bound, reading, op) } else { op }, plus_years)
}

fn held(bound: &Bound, reading: &Reading<'_>, op: Op, plus_years: i64) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    for field in bound.fields("fields")? {
        effects.extend(is_whole(reading, &field)?);
        effects.push(Effect::Rule(RuleKind::Compare {
            entity: field.entity,
            field: field.field,
            op,
            to: Operand::ThisYear { plus_years },
            when: Condition::default(),
            on_create: matches!(op, Op::Ge | Op::Gt),
        }));
    }
    Some(effects)
}

fn year(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp")?;
    let not = reading.tokens.iter().any(|token| token.is("not"));
    by_year(bound, reading, if not { negated(op) } else { op })
}
fn not_year(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    by_year(bound, reading, negated(bound.op("cmp")?))
}
fn year_refused(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (fields, entity) = (bound.fields("fields")?, bound.entity("entity"));
    let theirs = entity.is_none_or(|entity| fields.iter().all(|field| field.entity == entity));
    theirs.then(|| not_year(bound, reading)).flatten()
}
fn year_itself(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let op = match (said("orless"), said("ormore")) {
        (true, _) => Op::Le,
        (_, true) => Op::Ge,
        _ => Op::Eq,
    };
    by_year(bound, reading, op)
}
fn not_year_itself(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    by_year(bound, reading, Op::Ne)
}

/// "Between 1500 and the current year": a bound that stands, and one that moves.
fn from_to_year(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = standing(bound, Op::Ge)?;
    effects.extend(by_year(bound, reading, Op::Le)?);
    Some(effects)
}

/// "Between the current year and 2100".
fn from_year(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = by_year(bound, reading, Op::Ge)?;
    effects.extend(standing(bound, Op::Le)?);
    Some(effects)
}

/// "Between last year and next year".
fn years_between(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let (from, to) = (if said("lastyear") { -1 } else { 0 }, i64::from(said("nextyear")));
    let mut effects = held(bound, reading, Op::Ge, from)?;
    effects.extend(held(bound, reading, Op::Le, to)?);
    (from < to).then_some(effects)
}

/// "At least 1500 and not later than the current year", "... and not in the future".
fn bounded_by_year(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said = |words: &[&str]| reading.tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    let op = bound.op("cmp").unwrap_or(if said(&["past"]) { Op::Lt } else { Op::Gt });
    let op = if said(&["not", "mustnot"]) { negated(op) } else { op };
    let mut effects = standing(bound, bound.op("c2")?)?;
    effects.extend(by_year(bound, reading, op)?);
    Some(effects)
}

/// "Must not be before 1500 or after the current year".
fn not_bounded_by_year(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = standing(bound, negated(bound.op("c2")?))?;
    effects.extend(by_year(bound, reading, negated(bound.op("cmp").unwrap_or(Op::Gt)))?);
    Some(effects)
}

/// The bound of a year that is told by its number.
fn standing(bound: &Bound, op: Op) -> Option<Vec<Effect>> {
    let low = bound.quantity("low")?;
    let whole = low.unit.is_none() && low.value.parse::<i64>().is_ok();
    let (min, max) = match op {
        Op::Ge | Op::Gt => (Some(low.value.clone()), None),
        Op::Le | Op::Lt => (None, Some(low.value.clone())),
        Op::Eq | Op::Ne => return None,
    };
    let rules = bound.fields("fields")?.into_iter().map(|field| {
        Effect::Rule(RuleKind::Range {
            entity: field.entity,
            field: field.field,
            min: min.clone(),
            max: max.clone(),
            above_min: op == Op::Gt,
            below_max: op == Op::Lt,
        })
    });
    whole.then(|| rules.collect())
}
