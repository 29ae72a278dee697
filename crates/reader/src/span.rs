//! The start and the end of a record that lasts.

use crate::lexicon::{Lexicon, NamedField};
use crate::words;
use maestro_artifacts::FieldKind;

const STARTS: &[&str] = &[
    "start",
    "from",
    "begin",
    "beginning",
    "opening",
    "starting",
    "pickup",
    "checkin",
    "lending",
    "valid_from",
    "validfrom",
    "first",
    "borrowed",
    "lent",
    "since",
    "sowing",
];
const ENDS: &[&str] = &[
    "end",
    "to",
    "until",
    "finish",
    "closing",
    "due",
    "return",
    "expiry",
    "till",
    "ending",
    "checkout",
    "last",
    "through",
    "validto",
    "validuntil",
    "validtill",
];
/// A guest arrives and departs, a train departs and arrives: the epic's order tells.
const EITHER: &[&str] = &["arrival", "departure", "arrive", "depart"];

/// What came to be, beside what was meant.
const ACTUAL: &[&str] = &["actual", "real", "effective"];
/// The same where a moment that was meant stands beside it.
const CAME_BACK: &[&str] = &["returned", "return", "collected", "received"];
/// Moments that begin and end nothing.
const NEVER: &[&str] = &["birth", "created", "updated", "changed", "last", "inspection", "purchase", "paid", "payment"];

/// What comes first of what is done to a record, and what comes last.
const EARLIER: &[&str] =
    &["order", "request", "report", "create", "submit", "apply", "register", "book", "plant", "birth", "issue"];
const LATER: &[&str] =
    &["deliver", "delivery", "complete", "return", "close", "finish", "end", "pay", "expire", "retire"];

/// Whether the names of its moments tell that a record lasts from the one to the other: a start and an end, and no day on which
/// it was planned and one on which it was done.
pub(crate) fn told(lexicon: &Lexicon, entity: &str) -> bool {
    let Some((start, end)) = of(lexicon, entity) else { return false };
    let called = |key: &str, names: &[&str]| {
        lexicon.entity(entity).and_then(|named| named.field(key)).is_some_and(|field| {
            field.words.iter().any(|word| names.contains(&word.as_str()) || EITHER.contains(&word.as_str()))
        })
    };
    called(&start, STARTS) && called(&end, ENDS)
}

/// Which of two moments of a record comes first, where their names tell: both, in this order.
pub(crate) fn in_order(lexicon: &Lexicon, entity: &str, a: &str, b: &str) -> Option<(String, String)> {
    let named = lexicon.entity(entity)?;
    let called = |key: &str, lists: &[&[&str]]| {
        named.field(key).is_some_and(|field| {
            field.words.iter().any(|word| {
                lists
                    .iter()
                    .any(|list| list.contains(&word.as_str()) || list.iter().any(|known| words::related(word, known)))
            })
        })
    };
    let (first, last) = ([STARTS, EARLIER], [ENDS, LATER]);
    let before = |a: &str, b: &str| {
        let (opens, closes) = (called(a, &first) && !called(a, &last), called(b, &last) && !called(b, &first));
        (opens || closes) && !called(a, &last) && !called(b, &first)
    };
    if before(a, b) {
        Some((a.to_owned(), b.to_owned()))
    } else if before(b, a) {
        Some((b.to_owned(), a.to_owned()))
    } else {
        None
    }
}

/// The keys of both fields: those whose names say so, else the only two fields of time, the first one named first.
pub(crate) fn of(lexicon: &Lexicon, entity: &str) -> Option<(String, String)> {
    let named = lexicon.entity(entity)?;
    let times: Vec<&NamedField> =
        named.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime)).collect();
    let called = |field: &&&NamedField, list: &[&str]| {
        field.words.iter().any(|word| list.contains(&word.as_str()) || list.contains(&words::stem(word).as_str()))
    };
    let either: Vec<&&NamedField> = times.iter().filter(|field| called(field, EITHER)).collect();
    let (start, end) = match (times.iter().find(|field| called(field, STARTS)), either.as_slice()) {
        (None, [start, end]) => (Some(*start), Some(*end)),
        (start, _) => (start, times.iter().find(|field| called(field, ENDS))),
    };
    // "arrival" and "end", "start" and "departure"
    let start = start.or_else(|| either.first().copied());
    let end = end.or_else(|| either.last().copied());
    // "Issued on, due on, returned on": what was meant comes before what came to be.
    let told = |list: &[&str]| times.iter().filter(|field| !called(field, list)).copied().collect::<Vec<_>>();
    let planned = Some(told(ACTUAL)).filter(|left| left.len() < times.len()).unwrap_or_else(|| told(CAME_BACK));
    let (start, end) = match planned.as_slice() {
        [first, second]
            if start.is_none()
                && times.len() == 3
                && end.is_none_or(|end| end.key == second.key)
                && ![first, second].into_iter().any(|field| called(&field, NEVER)) =>
        {
            (Some(first), Some(second))
        }
        _ => (start, end),
    };
    if let (Some(start), Some(end)) = (start, end)
        && start.key != end.key
        && start.kind == end.kind
    {
        return Some((start.key.clone(), end.key.clone()));
    }
    match times.as_slice() {
        [start, end]
            if start.kind == end.kind && times.iter().all(|time| !time.words.iter().any(|word| word == "birth")) =>
        {
            Some((start.key.clone(), end.key.clone()))
        }
        _ => None,
    }
}

/// The two decimal fields that are called by a measure, the lower end first: `top depth` and `bottom depth`.
pub(crate) fn along(lexicon: &Lexicon, entity: &str, measure: &str) -> Option<(String, String)> {
    const LOWER: &[&str] =
        &["top", "from", "start", "begin", "lower", "minimum", "min", "first", "upper", "low", "left"];
    const HIGHER: &[&str] =
        &["bottom", "to", "end", "finish", "upper", "maximum", "max", "last", "lower", "high", "right", "until"];
    let named = lexicon.entity(entity)?;
    let called = |field: &&NamedField| {
        !field.read_only && field.kind == FieldKind::Decimal && field.words.iter().any(|word| word == measure)
    };
    let mut fields = named.fields.iter().filter(called);
    let (Some(first), Some(second), None) = (fields.next(), fields.next(), fields.next()) else { return None };
    let one = |field: &NamedField, list: &[&str]| field.words.iter().any(|word| list.contains(&word.as_str()));
    // Told in the order in which people say such things.
    (one(first, LOWER) && one(second, HIGHER)).then(|| (first.key.clone(), second.key.clone()))
}
