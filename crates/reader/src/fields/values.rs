//! Lists of values, and single values as constants.

use crate::fields::kinds::TYPES;
use crate::fields::note::{Notes, one};
use crate::lexicon::{self, Lexicon};
use crate::token::tokens;
use maestro_artifacts::FieldKind;
use serde_json::Value;

const OPENERS: &[&str] = &[
    "one of the following",
    "exactly one of",
    "one of",
    "either",
    "choice of",
    "choice between",
    "enum of",
    "enum",
    "values",
    "allowed values",
    "possible values",
    "options",
    "choose from",
    "any of",
    "selected from",
    "choice",
    "states",
    "list of",
    "statuses",
];

/// Whether a segment says that a list of values follows, and nothing else.
pub(super) fn announces_values(segment: &str) -> bool {
    let lower = segment.trim_end_matches([':', ' ']).to_lowercase();
    OPENERS.contains(&lower.as_str())
        || ["enumeration", "select", "dropdown", "pick list", "picklist"].contains(&lower.as_str())
}

/// Kinds of input that hold one of the values behind their colon.
const LISTS: &[&str] = &[
    "list:",
    "dropdown:",
    "drop-down:",
    "select:",
    "selection:",
    "pick list:",
    "picklist:",
    "enumeration:",
    "radio buttons:",
];

/// Whether a segment begins with words that say that a list of values follows.
pub(super) fn announces(segment: &str) -> bool {
    let lower = segment.to_lowercase();
    LISTS.iter().any(|list| lower.starts_with(list))
        || OPENERS.iter().any(|opener| lower.strip_prefix(opener).is_some_and(|rest| rest.starts_with([' ', ':'])))
}

/// Whether a segment is the name of a type and nothing else.
pub(super) fn names_type(segment: &str) -> bool {
    let lower = segment.trim().to_lowercase();
    TYPES.iter().any(|(word, _)| *word == lower)
}

/// The values that a segment begins to list: `one of draft`, `draft / sent / paid`, `low|medium|high`, `draft → sent`.
pub(super) fn opens_values(segment: &str) -> Option<Vec<String>> {
    let lower = segment.to_lowercase();
    // "list: a, b": a colon makes it one of them, where "list" alone is a type.
    if let Some(rest) = LISTS.iter().find_map(|list| lower.strip_prefix(list)) {
        let values = split_values(segment.get(segment.len() - rest.len()..)?);
        return (values.len() >= 2 || !rest.trim().is_empty()).then_some(values);
    }
    for opener in OPENERS {
        if let Some(rest) = lower.strip_prefix(opener)
            && (rest.starts_with([' ', ':']))
        {
            let rest = segment.get(opener.len()..)?.trim_start_matches([' ', ':', '=']);
            let values = split_values(rest);
            if rest.is_empty() || (*opener == "list of" && (rest.split(' ').count() > 3 || values.len() < 2)) {
                return None;
            }
            return Some(values);
        }
    }
    let slashes = segment.split(['|', '/']).map(str::trim).collect::<Vec<_>>();
    let plain = slashes.len() >= 2
        && slashes
            .iter()
            .all(|part| !part.is_empty() && part.split(' ').count() <= 3 && part.chars().any(char::is_alphabetic));
    let type_word =
        TYPES.iter().any(|(word, _)| *word == lower) || lower.starts_with("http") || lower.contains("and/or");
    (plain && !type_word && !lower.contains(" per ")).then(|| slashes.iter().map(|part| unquoted(part)).collect())
}

/// "two capital letters", "four digits": what a text is made of, and no value.
pub(crate) fn made_of(value: &str) -> bool {
    let last = value.split(' ').next_back().unwrap_or_default().to_lowercase();
    value.contains(' ') && matches!(last.trim_end_matches('s'), "digit" | "letter" | "character")
}

/// Values separated by `or`, `and`, `/`, `|`, `,`; a slash between digits belongs to a value where others are listed by
/// commas (`0/4, 4/8, 8/16`).
pub(crate) fn split_values(text: &str) -> Vec<String> {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let listed = text.contains(',') || text.matches('/').count() == 1;
    let sizes = listed && text.match_indices('/').any(|(at, _)| at > 0 && digit(at - 1) && digit(at + 1));
    let mut out = Vec::new();
    for part in text.split(|c| matches!(c, ',' | '|' | ';') || c == '/' && !sizes) {
        let mut rest = part.trim();
        for lead in ["or ", "and "] {
            rest = rest.strip_prefix(lead).unwrap_or(rest).trim();
        }
        let mut pieces = vec![rest.to_owned()];
        for word in [" or ", " and "] {
            pieces = pieces.iter().flat_map(|piece| piece.split(word).map(str::to_owned).collect::<Vec<_>>()).collect();
        }
        out.extend(pieces.iter().map(|piece| unquoted(piece)).filter(|piece| !piece.is_empty()));
    }
    out
}

/// "initially new", "with new as default", "( initially new )": which value records begin with, and no value.
pub(crate) fn tells_first(value: &str) -> bool {
    const LEADS: &[&str] = &[
        "initially",
        "initial value",
        "initial value:",
        "initial:",
        "default",
        "defaults to",
        "by default",
        "at first",
        "first",
        "starting with",
        "starting as",
        "starts as",
        "beginning with",
        "beginning as",
        "usually",
        "normally",
        "with",
    ];
    let lower = value.to_lowercase();
    let plain = lower.trim_start_matches(['(', ' ']);
    let leads = LEADS.iter().any(|lead| plain.strip_prefix(lead).is_some_and(|rest| rest.starts_with(' ')));
    leads
        || [" by default", " as default", " as the default"]
            .iter()
            .any(|tail| plain.trim_end_matches([')', ' ']).ends_with(tail))
        || plain.contains(" ( ")
}

pub(super) fn unquoted(text: &str) -> String {
    // A dash in front belongs between the name of the field and its values.
    text.trim_start_matches(['—', '–', ' '])
        .trim()
        .trim_matches(['"', '“', '”', '`', '\'', '‘', '’', '.', ':', '*'])
        .trim()
        .to_owned()
}

pub(super) fn is_value(segment: &str, lexicon: &Lexicon) -> bool {
    let mut trial = Notes::default();
    let lower = segment.to_lowercase();
    // "minor" and "maxi" are values, whatever "min" and "max" say.
    let flag = [
        "required",
        "optional",
        "unique",
        "mandatory",
        "default",
        "defaults",
        "read-only",
        "initially",
        "initial value",
        "initial:",
        "not",
        "min",
        "minimum",
        "max",
        "maximum",
        "starts",
        "begins",
        "it begins",
        "it starts",
        "it is",
        "must",
        "new",
        "at least",
        "at most",
        "only",
        "see",
        "as",
        "def",
    ]
    .iter()
    .any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' && !matches!(*word, "min" | "max"))
        })
    }) && !matches!(lower.as_str(), "not" | "new" | "see" | "as" | "def")
        || matches!(lower.as_str(), "req" | "uniq" | "opt");
    let words = segment.split(' ').count();
    let begins =
        [" at first", " to begin with", " to start with", " initially"].iter().any(|tail| lower.ends_with(tail));
    if flag && !undone(segment) || begins || clause(segment) {
        return false;
    }
    words <= 6
        && !(one(segment, lexicon, &mut trial).is_some_and(|rest| rest.is_empty())
            && trial.kind.is_some()
            && words == 1
            && TYPES.iter().any(|(word, _)| {
                *word == lower && *word != "list" && *word != "option" && *word != "count" && *word != "number"
            }))
}

/// "new loans are reserved", "a loan starts as reserved": something is said, and no value.
pub(super) fn clause(value: &str) -> bool {
    const VERBS: &[&str] = &[
        "is", "are", "was", "were", "has", "have", "must", "may", "can", "cannot", "shall", "should", "starts",
        "start", "begins", "begin",
    ];
    let words: Vec<&str> = value.split(' ').collect();
    let inner = words.len().checked_sub(1).and_then(|last| words.get(1..last)).unwrap_or_default();
    inner.iter().any(|word| VERBS.contains(word))
}

/// "not attended", "not yet paid": what a thing is not may be how it stands.
pub(super) fn undone(value: &str) -> bool {
    const NOTES: &[&str] =
        &["required", "needed", "allowed", "given", "permitted", "repeated", "shared", "edited", "changed"];
    let lower = value.to_lowercase();
    lower
        .strip_prefix("not yet ")
        .or_else(|| lower.strip_prefix("not "))
        .is_some_and(|done| !done.contains(' ') && crate::verbs::is_participle(done) && !NOTES.contains(&done))
}

pub(crate) fn set_values(values: Vec<String>, notes: &mut Notes) {
    let mut clean: Vec<String> = Vec::new();
    for value in values {
        // `draft = not yet sent`, `draft (initial)`: the value is what stands first.
        let value = value.split(" = ").next().unwrap_or_default().trim().to_owned();
        if !value.is_empty() && !clean.contains(&value) {
            clean.push(value);
        }
    }
    notes.kind = Some(FieldKind::Enum { values: clean });
}

/// A constant as it looks in JSON for a field of this type.
pub(crate) fn constant(text: &str, kind: &FieldKind) -> Option<Value> {
    let text = unquoted(text);
    let lower = text.to_lowercase();
    let number = || {
        tokens(&text)
            .iter()
            .find(|token| token.is_number() || token.word.contains(','))
            .map(|token| token.word.replace(',', ""))
    };
    Some(match kind {
        FieldKind::Integer => Value::from(number()?.parse::<i64>().ok()?),
        FieldKind::Decimal => serde_json::from_str::<Value>(&number()?).ok().filter(Value::is_number)?,
        FieldKind::Money => Value::from(money(&number()?)?),
        FieldKind::Boolean => match lower.as_str() {
            "yes" | "true" | "on" | "checked" | "ticked" => Value::Bool(true),
            "no" | "false" | "off" | "unchecked" => Value::Bool(false),
            _ => return None,
        },
        FieldKind::Date | FieldKind::DateTime => {
            match lower.trim_start_matches("the ").trim_start_matches("current ") {
                "today" | "date" | "day" | "today's date" | "current date" | "creation date" | "date of creation"
                | "day of creation" => Value::from("today"),
                "now" | "time" | "date and time" | "moment" | "time of creation" => Value::from("now"),
                date if crate::scope::is_date(date) => Value::from(date),
                _ => return None,
            }
        }
        FieldKind::Enum { values } => {
            let words = lexicon::name_words(&text);
            Value::from(values.iter().find(|value| lexicon::name_words(value) == words)?.as_str())
        }
        FieldKind::Text { .. } => Value::from(text),
        FieldKind::Reference { .. } => return None,
    })
}

/// `12` and `12.5` as the decimal strings `12.00` and `12.50`.
pub(crate) fn money(number: &str) -> Option<String> {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || cents.len() > 2 || !whole.chars().chain(cents.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    Some(format!("{sign}{whole}.{cents:0<2}"))
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn money_has_two_places() {
        assert_eq!(money("5").as_deref(), Some("5.00"));
        assert_eq!(money("-0.5").as_deref(), Some("-0.50"));
        assert_eq!(money("1.234"), None);
    }
}
