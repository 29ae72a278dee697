//! What a sentence says of one field, facet by facet, in any order and with any joint: `is a whole number between 1 and
//! 900`, `both required, each at most 50 characters long`, `chosen from 5 km, 10 km and marathon`.
//!
//! A facet is understood whole: what follows it must be a joint, another facet or the end.

use super::opening::predicate;
use super::words::{bounds, is_number, joined, prepared, raw, starts};
use crate::fields::kinds::{TYPES, set_type, unit};
use crate::fields::note::{Notes, of_cents};
use crate::fields::values::set_values;
use crate::token::Token;
use maestro_artifacts::FieldKind;

/// What a fixed phrase says.
#[derive(Debug, Clone, Copy)]
enum Says {
    Required,
    Optional,
    Unique,
    /// Read as `<field> must be <segment>`.
    Demand(&'static str),
    Nothing,
}

const PHRASES: &[(&str, Says)] = &[
    ("required", Says::Required),
    ("mandatory", Says::Required),
    ("compulsory", Says::Required),
    ("obligatory", Says::Required),
    ("needed", Says::Required),
    ("not empty", Says::Required),
    ("not blank", Says::Required),
    ("not left empty", Says::Required),
    ("not left blank", Says::Required),
    ("not missing", Says::Required),
    ("not optional", Says::Required),
    ("optional", Says::Optional),
    ("not required", Says::Optional),
    ("not mandatory", Says::Optional),
    ("not compulsory", Says::Optional),
    ("may be empty", Says::Optional),
    ("may be blank", Says::Optional),
    ("may be left empty", Says::Optional),
    ("may be left blank", Says::Optional),
    ("may be left out", Says::Optional),
    ("may be omitted", Says::Optional),
    ("may be missing", Says::Optional),
    ("may be added", Says::Optional),
    ("may be given", Says::Optional),
    ("may stay empty", Says::Optional),
    ("not have to be given", Says::Optional),
    ("not have to be filled in", Says::Optional),
    ("if known", Says::Optional),
    ("if any", Says::Optional),
    ("if there is one", Says::Optional),
    ("if it is given", Says::Optional),
    ("if given", Says::Optional),
    ("unique", Says::Unique),
    ("used only once", Says::Unique),
    ("used once only", Says::Unique),
    ("exist only once", Says::Unique),
    ("occur only once", Says::Unique),
    ("appear only once", Says::Unique),
    ("may only be used once", Says::Unique),
    ("may be used only once", Says::Unique),
    ("may exist only once", Says::Unique),
    ("may occur only once", Says::Unique),
    ("may only occur once", Says::Unique),
    ("may only exist once", Says::Unique),
    ("not used twice", Says::Unique),
    ("not occur twice", Says::Unique),
    ("not given out twice", Says::Unique),
    ("not negative", Says::Demand("at least 0")),
    ("non-negative", Says::Demand("at least 0")),
    ("positive", Says::Demand("greater than 0")),
    ("filled in later", Says::Optional),
    ("added later", Says::Optional),
    ("entered later", Says::Optional),
    ("may be filled in later", Says::Optional),
    ("may be added later", Says::Optional),
    ("in the past", Says::Demand("in the past")),
    ("in the future", Says::Demand("in the future")),
    ("not in the past", Says::Demand("not in the past")),
    ("not in the future", Says::Demand("not in the future")),
    ("not after today", Says::Demand("not in the future")),
    ("not later than today", Says::Demand("not in the future")),
    ("today or earlier", Says::Demand("not in the future")),
    ("not before today", Says::Demand("not in the past")),
    ("not earlier than today", Says::Demand("not in the past")),
    ("today or later", Says::Demand("not in the past")),
    ("before today", Says::Demand("in the past")),
    ("tomorrow or later", Says::Demand("in the future")),
    ("tomorrow at the earliest", Says::Demand("in the future")),
    ("at the earliest tomorrow", Says::Demand("in the future")),
    ("not earlier than tomorrow", Says::Demand("in the future")),
    ("not before tomorrow", Says::Demand("in the future")),
    ("yesterday or earlier", Says::Demand("in the past")),
    ("today at the latest", Says::Demand("not in the future")),
    ("today at the earliest", Says::Demand("not in the past")),
    ("after today", Says::Demand("in the future")),
    ("as well", Says::Nothing),
    ("too", Says::Nothing),
];

/// What asks for a value behind a word of duty: `has to be given`, `must be filled in`.
const GIVEN: &[&str] = &[
    "given",
    "filled in",
    "entered",
    "provided",
    "stated",
    "specified",
    "present",
    "supplied",
    "set",
    "known",
    "recorded",
    "chosen",
];

/// Words between facets that say nothing; those of duty are told apart.
const LEADS: &[&str] = &[
    "is", "are", "be", "which", "that", "both", "each", "also", "always", "it", "they", "being", "as", "and", "but",
    "all", "so", "has", "have", "looks", "look", "follows", "follow",
];
const DUTY: &[&str] = &["must", "shall", "should", "has to", "have to", "needs to", "need to"];

const EXAMPLES: &[&str] = &["for example", "for instance", "e.g", "such as", "like"];

const OPENERS: &[&str] = &[
    "exactly one of",
    "one of the following",
    "one of the values",
    "one of",
    "either",
    "chosen from",
    "selected from",
    "picked from",
    "one out of",
    "any of",
];

const MORE_TYPES: &[(&str, &str)] = &[
    ("amounts of money", "money"),
    ("sum of money", "money"),
    ("sums of money", "money"),
    ("date with a time of day", "datetime"),
    ("date with time of day", "datetime"),
    ("date with a time", "datetime"),
    ("date with time", "datetime"),
    ("with date", "datetime"),
    ("dates with a time of day", "datetime"),
    ("dates with time of day", "datetime"),
    ("dates with time", "datetime"),
    ("dates with a time", "datetime"),
    ("date and a time", "datetime"),
    ("dates and times", "datetime"),
    ("decimals allowed", "decimal"),
    ("number with decimals", "decimal"),
    ("dates", "date"),
    ("whole numbers", "integer"),
    ("decimal numbers", "decimal"),
    ("texts", "text"),
    ("decimals", "decimal"),
    ("integers", "integer"),
];

/// Whether a note is nothing but facets; what they say goes into the notes.
pub(crate) fn whole(note: &str, notes: &mut Notes) -> bool {
    // "training, cross-country or guest flight (required)": marks around a part join it to the others.
    let mut words = prepared(note);
    words.retain(|token| token.quoted || token.word != ")");
    for token in words.iter_mut().filter(|token| !token.quoted && token.word == "(") {
        ";".clone_into(&mut token.word);
    }
    let mut trial = notes.clone();
    let all = !words.is_empty() && run(&words, 0, Place::Apart, &mut trial) == Some(words.len());
    if all {
        *notes = trial;
    }
    all
}

/// Facets from `at` on: where the last of them ends; `None` where there is none.
pub(super) fn run(words: &[Token], at: usize, place: Place, notes: &mut Notes) -> Option<usize> {
    let mut end = None;
    let mut next = at;
    // "both required, and a phone number": a noun with an article is what the next item is called.
    let another = |at: usize| {
        let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
        word(at) == "and" && matches!(word(at + 1), "a" | "an" | "the") && !explicit(words, at + 2)
            // "both at most 50 characters long, an e-mail address"
            || at > 0 && word(at - 1) == "," && matches!(word(at), "a" | "an") && !explicit(words, at + 1)
            || subject(words, at)
    };
    while let Some(found) = one(words, next, place, notes) {
        end = Some(found);
        next = joint(words, found);
        if another(next) {
            break;
        }
    }
    end
}

/// "... are required; the phone number is optional": whether what begins here says something of another field.
fn subject(words: &[Token], at: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let from = at + usize::from(matches!(word(at), "and" | "but"));
    let named = matches!(word(from), "the" | "its" | "their");
    let ends = (from + 2..words.len().min(from + 7)).find(|at| predicate(words, *at) || bounds(words, *at));
    named && ends.is_some_and(|end| predicate(words, end))
}

/// Where facets stand: among items of a list, where a type may be the name of the next one, or apart from such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    List,
    Apart,
}

/// Behind a mark or a word that joins facets.
fn joint(words: &[Token], at: usize) -> usize {
    at + usize::from(words.get(at).is_some_and(|token| matches!(token.word.as_str(), "," | ";" | "–")))
}

/// One facet with the words that lead to it.
fn one(words: &[Token], at: usize, place: Place, notes: &mut Notes) -> Option<usize> {
    let mut from = at;
    let mut duty = false;
    let mut said = place == Place::Apart;
    loop {
        if let Some(length) = DUTY.iter().find_map(|lead| starts(words, from, lead)) {
            duty = true;
            said = true;
            from += length;
        } else if let Some(lead) = words.get(from).filter(|token| LEADS.contains(&token.word.as_str()) && !token.quoted)
        {
            // "a start and an end, both required": said of more than the item before.
            if !said && matches!(lead.word.as_str(), "both" | "each" | "all") {
                return None;
            }
            said |= !matches!(lead.word.as_str(), "and" | "but");
            from += 1;
        } else {
            break;
        }
    }
    let mut trial = notes.clone();
    let end = content(words, from, duty, &mut trial)?;
    // "a title, a date and a price": in a list, a bare type is what the next item is called, and values are items.
    let typed = trial.kind != notes.kind || trial.format != notes.format;
    if !said && typed && !explicit(words, from) {
        return None;
    }
    let ends = bounds(words, end) || one(words, end, place, &mut Notes::default()).is_some();
    ends.then(|| {
        *notes = trial;
        end
    })
}

/// Whether what begins here can only be said of a field, and is the name of none: `a whole number`, `one of`, `in kilograms`.
fn explicit(words: &[Token], at: usize) -> bool {
    const TYPES: &[&str] = &[
        "whole number",
        "decimal number",
        "decimal",
        "integer",
        "amount of money",
        "yes / no",
        "yes or no",
        "text",
        "free text",
        "number between",
        "number from",
        "number of at",
    ];
    let skipped = |word: &str| matches!(word, "a" | "an" | "required" | "optional" | "plain" | "positive");
    let from = (at..words.len()).find(|at| !words.get(*at).is_some_and(|token| skipped(&token.word))).unwrap_or(at);
    let opened = OPENERS.iter().any(|lead| starts(words, at, lead).is_some());
    opened
        || TYPES.iter().any(|name| starts(words, from, name).is_some())
        || words.get(at).is_some_and(|token| matches!(token.word.as_str(), "in" | "of"))
}

/// The facet itself.
fn content(words: &[Token], at: usize, duty: bool, notes: &mut Notes) -> Option<usize> {
    if let Some(end) = pattern(words, at, notes) {
        return Some(end);
    }
    let known = PHRASES.iter().filter_map(|(phrase, says)| Some((starts(words, at, phrase)?, *says)));
    if let Some((length, says)) = known.max_by_key(|(length, _)| *length) {
        match says {
            Says::Required => notes.required = true,
            Says::Optional => notes.optional = true,
            Says::Unique => notes.unique = true,
            Says::Demand(segment) => notes.segments.push(segment.to_owned()),
            Says::Nothing => {}
        }
        return Some(at + length);
    }
    if OPENERS.iter().any(|lead| starts(words, at, lead).is_some()) {
        let end = choice(words, at, notes)?;
        // "must be chosen from": one of them has to be.
        notes.required |= duty && words.get(at).is_some_and(|token| GIVEN.contains(&token.word.as_str()));
        return Some(end);
    }
    if let Some(length) = GIVEN.iter().find_map(|word| starts(words, at, word)).filter(|_| duty) {
        notes.required = true;
        return Some(at + length);
    }
    // "looks like "S-0001"" tells a form.
    let looks = at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|before| before.word.starts_with("look"));
    if let Some(length) = EXAMPLES.iter().find_map(|lead| starts(words, at, lead)).filter(|_| !looks) {
        let end = (at + length..words.len()).find(|at| bounds(words, *at)).unwrap_or(words.len());
        return (end > at + length && end - at - length <= 3).then_some(end);
    }
    if notes.kind == Some(FieldKind::Money)
        && let Some(end) = [4, 3, 2]
            .into_iter()
            .map(|length| at + length)
            .find(|end| words.get(at..*end).is_some_and(|part| of_cents(&joined(part))))
    {
        return Some(end);
    }
    default(words, at, notes)
        .or_else(|| by_year(words, at, notes))
        .or_else(|| size(words, at, notes))
        .or_else(|| type_at(words, at, notes))
        .or_else(|| choice(words, at, notes))
}

/// "pattern `[A-Z]{2}`", "exactly five digits", "made up of 6 to 15 digits".
fn pattern(words: &[Token], at: usize, notes: &mut Notes) -> Option<usize> {
    let lead =
        ["match pattern", "matches pattern", "pattern", "format"].iter().find_map(|lead| starts(words, at, lead));
    // "which has the form AB-99", "looks like G-9999"
    let shape =
        ["the form", "the format", "the pattern", "form", "like"].iter().find_map(|lead| starts(words, at, lead));
    if let Some(length) = shape
        && let Some(shape) = words.get(at + length).filter(|token| !token.quoted && shaped(&token.raw))
        && bounds(words, at + length + 1)
    {
        notes.segments.push(format!("pattern {}", shape.raw));
        return Some(at + length + 1);
    }
    if let Some(length) = lead
        && let Some(regex) = words.get(at + length).filter(|token| token.quoted)
    {
        notes.segments.push(format!("pattern `{}`", regex.raw));
        return Some(at + length + 1);
    }
    const MADE: &[&str] =
        &["made up of", "made of", "consisting of", "consist of", "consists of", "composed of", "of", "with"];
    let from = at + MADE.iter().find_map(|lead| starts(words, at, lead)).unwrap_or(0);
    let from = from + starts(words, from, "exactly").unwrap_or(0);
    let (low, high, end) = span(words, from)?;
    let class = match words.get(end)?.word.as_str() {
        "digits" | "digit" => "[0-9]",
        "letters" | "letter" if from > at => "[A-Za-z]",
        _ => return None,
    };
    let count = high.map_or_else(|| low.clone(), |high| format!("{low},{high}"));
    notes.segments.push(format!("pattern `{class}{{{count}}}`"));
    Some(end + 1)
}

/// "AB-99", "G-9999": an example of a text that stands for its form.
fn shaped(text: &str) -> bool {
    let sign = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '_');
    // "GL-042" is one of them.
    let mut digits = text.chars().filter(char::is_ascii_digit);
    let same = digits.next().is_some_and(|first| matches!(first, '0' | '9') && digits.all(|digit| digit == first));
    text.chars().all(sign) && same && text.chars().any(|c| c.is_ascii_uppercase())
}

/// `6`, `6 to 15`, `between 6 and 15`: low, high, where it ends.
fn span(words: &[Token], at: usize) -> Option<(String, Option<String>, usize)> {
    let lead = ["between", "from"].iter().find_map(|lead| starts(words, at, lead)).unwrap_or(0);
    let low = number(words, at + lead)?;
    let joint = words.get(low.1).is_some_and(|token| matches!(token.word.as_str(), "to" | "and" | "–" | "or"));
    match number(words, low.1 + 1).filter(|_| joint) {
        Some(high) => Some((low.0, Some(high.0), high.1)),
        None if lead == 0 => Some((low.0, None, low.1)),
        None => None,
    }
}

/// How a year is told by the day on which somebody asks.
const YEARS: &[&str] =
    &["the current year", "current year", "this year", "the present year", "present year", "next year", "last year"];

/// `the current year`, `this year plus one`: where it ends.
fn moving_year(words: &[Token], at: usize) -> Option<usize> {
    let end = at + YEARS.iter().find_map(|year| starts(words, at, year))?;
    let plus = words.get(end).is_some_and(|token| matches!(token.word.as_str(), "plus" | "minus" | "+" | "–"));
    let counted = words.get(end + 1).filter(|_| plus).is_some_and(|token| is_number(token) || token.word == "one");
    let unit =
        words.get(end + 2).filter(|_| counted).is_some_and(|token| matches!(token.word.as_str(), "year" | "years"));
    Some(end + usize::from(counted) * 2 + usize::from(unit))
}

/// A bound by the year in which somebody asks: `1900 to the current year`, `not later than next year`.
fn by_year(words: &[Token], at: usize, notes: &mut Notes) -> Option<usize> {
    const LATER: &[&str] = &[
        "not later than",
        "no later than",
        "not after",
        "not before",
        "not earlier than",
        "no earlier than",
        "not exceeding",
        "later than",
        "earlier than",
        "at the latest",
        "until",
        "before",
        "after",
    ];
    let at = at + starts(words, at, "of").unwrap_or(0);
    let said = |bound: &Bound| match bound {
        Bound::Least => Some("at least"),
        Bound::Most => Some("at most"),
        Bound::Above => Some("greater than"),
        Bound::Below => Some("less than"),
        Bound::Exactly => None,
    };
    let bounds = BOUNDS.iter().filter_map(|(lead, bound)| Some((*lead, said(bound)?)));
    let led = bounds
        .chain(LATER.iter().map(|lead| (*lead, *lead)))
        .filter_map(|(lead, said)| Some((starts(words, at, lead)?, said)))
        .max_by_key(|(length, _)| *length);
    let (text, end) = if let Some((length, lead)) = led {
        let end = moving_year(words, at + length)?;
        let lead = if matches!(lead, "until" | "at the latest") { "at most" } else { lead };
        (format!("{lead} {}", joined(words.get(at + length..end)?)), end)
    } else if let Some(end) = moving_year(words, at) {
        let year = joined(words.get(at..end)?);
        let tail = |tails: &[&str]| tails.iter().find_map(|tail| starts(words, end, tail));
        match (tail(&["or earlier", "or before", "at the latest"]), tail(&["or later", "or after", "at the earliest"]))
        {
            (Some(length), _) => (format!("at most {year}"), end + length),
            (None, Some(length)) => (format!("at least {year}"), end + length),
            (None, None) => return None,
        }
    } else {
        let lead = ["between", "from"].iter().find_map(|lead| starts(words, at, lead)).unwrap_or(0);
        let (low, joint) = number(words, at + lead)?;
        words.get(joint).filter(|token| matches!(token.word.as_str(), "to" | "and" | "–" | "until"))?;
        let end = moving_year(words, joint + 1)?;
        (format!("between {low} and {}", joined(words.get(joint + 1..end)?)), end)
    };
    notes.segments.push(text);
    Some(end)
}

/// A number with a sign of money around it: its digits and where it ends.
fn number(words: &[Token], at: usize) -> Option<(String, usize)> {
    let sign = |at: usize| words.get(at).is_some_and(|token| matches!(token.word.as_str(), "€" | "$" | "£"));
    // "-20" is written in two.
    let minus = words.get(at).is_some_and(|token| token.word == "–" && !token.quoted);
    let at = at + usize::from(minus);
    let at = at + usize::from(sign(at));
    let token = words.get(at).filter(|token| is_number(token))?;
    let figure = token.word.replace(',', "");
    Some((if minus { format!("-{figure}") } else { figure }, at + 1 + usize::from(sign(at + 1))))
}

#[derive(Debug, Clone, Copy)]
enum Bound {
    Least,
    Most,
    Above,
    Below,
    Exactly,
}

const BOUNDS: &[(&str, Bound)] = &[
    ("at least", Bound::Least),
    ("not less than", Bound::Least),
    ("no less than", Bound::Least),
    ("not below", Bound::Least),
    ("not under", Bound::Least),
    ("not lower than", Bound::Least),
    ("no fewer than", Bound::Least),
    ("a minimum of", Bound::Least),
    ("minimum", Bound::Least),
    ("min", Bound::Least),
    ("at most", Bound::Most),
    ("not more than", Bound::Most),
    ("no more than", Bound::Most),
    ("up to", Bound::Most),
    ("not exceed", Bound::Most),
    ("not above", Bound::Most),
    ("not over", Bound::Most),
    ("no longer than", Bound::Most),
    ("no heavier than", Bound::Most),
    ("not longer than", Bound::Most),
    ("no larger than", Bound::Most),
    ("no greater than", Bound::Most),
    ("not greater than", Bound::Most),
    ("not higher than", Bound::Most),
    ("a maximum of", Bound::Most),
    ("maximum", Bound::Most),
    ("max", Bound::Most),
    ("more than", Bound::Above),
    ("greater than", Bound::Above),
    ("larger than", Bound::Above),
    ("higher than", Bound::Above),
    ("above", Bound::Above),
    ("less than", Bound::Below),
    ("fewer than", Bound::Below),
    ("smaller than", Bound::Below),
    ("lower than", Bound::Below),
    ("below", Bound::Below),
    ("exactly", Bound::Exactly),
];

/// Bounds of a number or of a length.
fn size(words: &[Token], at: usize, notes: &mut Notes) -> Option<usize> {
    let at = at + ["of", "with"].iter().find_map(|lead| starts(words, at, lead)).unwrap_or(0);
    let bound = BOUNDS
        .iter()
        .filter_map(|(lead, bound)| Some((starts(words, at, lead)?, *bound)))
        .max_by_key(|(length, _)| *length);
    let (mut text, mut end) = match bound {
        Some((length, bound)) => {
            let (figure, end) = number(words, at + length)?;
            let text = match bound {
                Bound::Least => format!("at least {figure}"),
                Bound::Most => format!("at most {figure}"),
                Bound::Above => format!("greater than {figure}"),
                Bound::Below => format!("less than {figure}"),
                Bound::Exactly => format!("exactly {figure}"),
            };
            (text, end)
        }
        None => {
            let (low, high, end) = span(words, at)?;
            let more = || ["or more", "or above", "or greater"].iter().find_map(|tail| starts(words, end, tail));
            let less = || ["or less", "or fewer"].iter().find_map(|tail| starts(words, end, tail));
            match high {
                Some(high) => (format!("between {low} and {high}"), end),
                None => match (more(), less()) {
                    (Some(length), _) => (format!("at least {low}"), end + length),
                    (None, Some(length)) => (format!("at most {low}"), end + length),
                    (None, None) => return None,
                },
            }
        }
    };
    // "At most two decimals", "no more than 3 digits" bound how a number is written.
    if words.get(end).is_some_and(|token| matches!(token.word.as_str(), "decimals" | "decimal" | "digits" | "digit")) {
        return None;
    }
    const LENGTHS: &[&str] = &["characters", "character", "chars", "letters", "signs", "symbols"];
    if words.get(end).is_some_and(|token| LENGTHS.contains(&token.word.as_str())) {
        end += 1;
        end +=
            ["long", "in length", "or fewer", "or less"].iter().find_map(|tail| starts(words, end, tail)).unwrap_or(0);
        text.push_str(" characters");
    } else if matches!(bound, Some((_, Bound::Exactly))) {
        return None;
    } else if let Some(more) = measured(words, end, notes) {
        end = more;
    }
    notes.segments.push(text);
    Some(end)
}

/// A unit: `kilograms`, `square metres`, `euros`.
fn measured(words: &[Token], at: usize, notes: &mut Notes) -> Option<usize> {
    [2, 1].into_iter().find_map(|length| {
        let text = joined(words.get(at..at + length)?);
        unit(&text, notes).then_some(at + length)
    })
}

/// A word, and no figure, mark or quotation.
fn is_word(token: &Token) -> bool {
    !token.quoted && token.word.chars().all(char::is_alphabetic)
}

/// A type, with the words that may stand around it: `a valid e-mail address`, `a required whole number of kilograms`.
fn type_at(words: &[Token], at: usize, notes: &mut Notes) -> Option<usize> {
    let mut at = at;
    loop {
        match words.get(at)?.word.as_str() {
            "a" | "an" | "the" | "valid" | "plain" | "simple" | "single" | "full" | "with" => at += 1,
            "required" | "mandatory" => {
                notes.required = true;
                at += 1;
            }
            "optional" => {
                notes.optional = true;
                at += 1;
            }
            "unique" => {
                notes.unique = true;
                at += 1;
            }
            "positive" => {
                notes.segments.push("greater than 0".to_owned());
                at += 1;
            }
            "non-negative" => {
                notes.segments.push("at least 0".to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    let known = TYPES
        .iter()
        .chain(MORE_TYPES)
        .filter(|(_, kind)| *kind != "enum")
        .filter_map(|(name, kind)| Some((starts(words, at, &name.replace('/', " / "))?, *kind)));
    if let Some((length, kind)) = known.max_by_key(|(length, _)| *length) {
        set_type(kind, notes);
        let end = at + length;
        let behind = end + usize::from(words.get(end).is_some_and(|token| matches!(token.word.as_str(), "of" | "in")));
        // "a decimal number of more than 0": what stands behind `of` may be a bound. "A whole number of points" counts these.
        let known = (behind > end).then(|| measured(words, behind, notes)).flatten();
        let counts = length > 1 && matches!(kind, "integer" | "decimal") && starts(words, end, "of").is_some();
        let things = (behind + 1..=behind + 2).find(|to| bounds(words, *to)).filter(|_| counts && known.is_none());
        let plain = |to: &usize| words.get(behind..*to).is_some_and(|part| part.iter().all(is_word));
        let things = things.filter(plain);
        notes.units.extend(things.and_then(|to| words.get(behind..to)).map(joined));
        return Some(known.or(things).unwrap_or(end));
    }
    let at = at + starts(words, at, "in").unwrap_or(0);
    measured(words, at, notes)
}

/// Words that no value holds.
const NO_VALUE: &[&str] = &[
    "must",
    "may",
    "can",
    "not",
    "is",
    "are",
    "be",
    "has",
    "have",
    "if",
    "when",
    "unless",
    "that",
    "which",
    "required",
    "optional",
    "mandatory",
    "unique",
    "than",
    "between",
    "from",
    "to",
    "the",
    "it",
    "they",
    "we",
    "i",
    "default",
    "defaults",
    "shall",
    "should",
    "one",
    "either",
    "each",
    "both",
    "empty",
    "blank",
    "missing",
    "given",
    "given",
    "characters",
    "initially",
    "before",
    "after",
    "for",
    "of",
    "by",
    "as",
    "whether",
    "an",
    "a",
    "no",
];

/// `one of North, South or East`, `chosen from 5 km, 10 km and marathon`, `training, cross-country or guest flight`.
fn choice(words: &[Token], at: usize, notes: &mut Notes) -> Option<usize> {
    let announced = OPENERS.iter().find_map(|lead| starts(words, at, lead));
    let mut from = at + announced.unwrap_or(0);
    from += usize::from(announced.is_some() && words.get(from).is_some_and(|token| token.word == ":"));
    let mut values: Vec<String> = Vec::new();
    // "0/4, 4/8": the slash belongs to the value, where commas part them.
    let sized = |at: usize| {
        let near = |one: usize, other: usize| {
            let (one, other) = (words.get(one), words.get(other));
            one.zip(other).is_some_and(|(one, other)| one.end == other.start && (one.is_number() || other.is_number()))
        };
        words.get(at).is_some_and(|token| token.word == "/") && at > 0 && near(at - 1, at) && near(at, at + 1)
    };
    // "in the garage"
    let led = |token: &Token| matches!(token.word.as_str(), "the" | "a" | "an");
    let mut at = from;
    let end = loop {
        let stop = (at..words.len())
            .find(|at| {
                let or = words.get(*at).is_some_and(|token| matches!(token.word.as_str(), "or" | "/") && !token.quoted);
                bounds(words, *at) || or && !sized(*at)
            })
            .unwrap_or(words.len());
        let value_from = at;
        let value = words.get(at..stop)?;
        let plain = (1..=4).contains(&value.len())
            && value.iter().zip(at..).all(|(token, at)| {
                token.quoted
                    || sized(at)
                    || at > value_from && led(token)
                    || !NO_VALUE.contains(&token.word.as_str()) && token.word.starts_with(char::is_alphanumeric)
            })
            && type_at(words, at, &mut Notes::default()) != Some(stop);
        if !plain {
            return None;
        }
        values.push(raw(value));
        let joint = words.get(stop).map_or("", |token| token.word.as_str());
        let closed = |joint: &str| joint == "or" || joint == "and" && announced.is_some();
        if closed(joint) {
            let last = stop + 1;
            let stop = (last..words.len()).find(|at| bounds(words, *at)).unwrap_or(words.len());
            let value = words.get(last..stop)?;
            let plain = (1..=3).contains(&value.len())
                && value
                    .iter()
                    .enumerate()
                    .all(|(k, token)| token.quoted || k > 0 && led(token) || !NO_VALUE.contains(&token.word.as_str()));
            if !plain {
                return None;
            }
            values.push(raw(value));
            break stop;
        }
        match joint {
            "," if words.get(stop + 1).is_some_and(|token| closed(&token.word)) => {
                // ", or marathon": the last of them.
                let last = stop + 2;
                let stop = (last..words.len()).find(|at| bounds(words, *at)).unwrap_or(words.len());
                values.push(raw(words.get(last..stop).filter(|value| (1..=3).contains(&value.len()))?));
                break stop;
            }
            "," | "/" => at = stop + 1,
            // A list without its last joint: only behind words that announce it, up to the end of the note.
            _ if announced.is_some() && values.len() >= 2 => break stop,
            _ => return None,
        }
    };
    // "14, 30 or 60 days" are numbers, "5 km, 10 km and marathon" are not.
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let numbers = values.iter().any(|value| digits(value))
        && values.iter().all(|value| value.split(' ').next().is_some_and(digits));
    if values.len() < 2 || numbers {
        return None;
    }
    if notes.kind.is_some() {
        return None;
    }
    set_values(values, notes);
    Some(end)
}

/// `defaults to no`, `initially 0`, `is 0 if I leave it empty`, `unless I say so, I am not`.
fn default(words: &[Token], at: usize, notes: &mut Notes) -> Option<usize> {
    const LEADS: &[&str] = &[
        "defaults to",
        "default is",
        "default",
        "by default",
        "initially",
        "initial value",
        "initial value :",
        "default value",
        "default to",
        "starts as",
        "starts at",
        "starts out as",
        "begins as",
        "begins at",
    ];
    if let Some(length) = LEADS.iter().filter_map(|lead| starts(words, at, lead)).max() {
        let from = at + length;
        let end = (from..words.len()).find(|at| bounds(words, *at)).unwrap_or(words.len());
        let value = words.get(from..end).filter(|value| (1..=3).contains(&value.len()))?;
        notes.default = Some(raw(value));
        return Some(end);
    }
    if let Some(length) = ["unless i say so , i am not", "unless i say otherwise , i am not"]
        .iter()
        .find_map(|said| starts(words, at, said))
    {
        notes.default = Some("no".to_owned());
        return Some(at + length);
    }
    const TAILS: &[&str] = &[
        "by default",
        "unless stated otherwise",
        "unless said otherwise",
        "unless something else is given",
        "if nothing is entered",
        "if nothing is given",
        "if none is given",
        "if none is entered",
        "if it is left empty",
        "if left empty",
        "if it is not given",
        "if not given",
        "if nothing else is said",
        "when nothing is entered",
        "if i leave it empty",
        "if they leave it empty",
        "if we leave it empty",
        "if you leave it empty",
        "if it is empty",
    ];
    (1..=2).find_map(|length| {
        let tail = TAILS.iter().find_map(|tail| starts(words, at + length, tail))?;
        let value = words.get(at..at + length)?;
        let plain = value.iter().all(|token| token.quoted || token.word.starts_with(char::is_alphanumeric));
        plain.then(|| {
            notes.default = Some(raw(value));
            at + length + tail
        })
    })
}
