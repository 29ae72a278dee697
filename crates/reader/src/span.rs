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
    "first",
    "borrowed",
    "lent",
    "since",
    "sowing",
];
const ENDS: &[&str] = &[
    "end", "to", "until", "finish", "closing", "due", "return", "expiry", "till", "ending", "checkout", "last",
    "through",
];
/// A guest arrives and departs, a train departs and arrives: the epic's order tells.
const EITHER: &[&str] = &["arrival", "departure", "arrive", "depart"];

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
