//! The form of a text told in words: `two letters, a dash and five digits`, `digits only`. It becomes an expression in
//! backticks before anything else is read, so that its commas and its `and` part nothing.

use crate::token::{Token, starts, tokens};
use std::ops::Range;

/// The text with every form in words as `pattern` and an expression; `None` where it has none.
pub(crate) fn rewrite(text: &str) -> Option<String> {
    let mut out = text.to_owned();
    let mut found = false;
    let mut from = 0;
    while let Some((range, with)) = next(&out, from) {
        from = range.start + with.len();
        out.replace_range(range, &with);
        found = true;
    }
    found.then_some(out)
}

/// Words between a field and the form of its text; the finite ones make a sentence of it.
const LEADS: &[&str] = &[
    "a",
    "an",
    "the",
    "of",
    "in",
    "with",
    "from",
    "by",
    "up",
    "form",
    "format",
    "pattern",
    "made",
    "built",
    "composed",
    "consisting",
    "comprising",
    "formed",
    "exactly",
    "always",
    "following",
    "matching",
    "like",
    "be",
    "which",
    "that",
];
const FINITE: &[&str] = &[
    "is",
    "are",
    "has",
    "have",
    "must",
    "shall",
    "should",
    "consist",
    "consists",
    "look",
    "looks",
    "match",
    "matches",
    "follow",
    "follows",
    "contain",
    "contains",
    "comprise",
    "comprises",
    "need",
    "needs",
    "start",
    "starts",
    "begin",
    "begins",
];
/// Words behind which a number bounds something, or counts what is no part of a text.
const BOUNDS: &[&str] = &[
    "most", "least", "than", "to", "maximum", "minimum", "max", "min", "between", "within", "after", "before", "every",
    "over", "under", "exceed", "first", "last",
];

/// The next form at or behind a byte, with what stands for it.
fn next(text: &str, from: usize) -> Option<(Range<usize>, String)> {
    let words = tokens(text);
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    // "are written as two letters"
    let verb = |at: usize| matches!(word(at), "written" | "entered" | "recorded" | "noted");
    let written_as = |at: usize| {
        let be = |at: Option<usize>| matches!(at.map_or("", &word), "is" | "are" | "be");
        word(at) == "as" && at > 0 && verb(at - 1) && be(at.checked_sub(2))
            || verb(at) && word(at + 1) == "as" && be(at.checked_sub(1))
    };
    for at in 0..words.len() {
        if words.get(at).is_none_or(|token| token.start < from) {
            continue;
        }
        let begins = at.checked_sub(1).map_or("", &word);
        if BOUNDS.contains(&begins) {
            continue;
        }
        let Some((end, regex)) = form(&words, at).or_else(|| only(&words, at)).or_else(|| explained(&words, at)) else {
            continue;
        };
        let (end, regex) = with_optional_mark(&words, end, regex);
        let mut begin = at;
        let mut finite = false;
        while let Some(before) = begin.checked_sub(1)
            && (LEADS.contains(&word(before))
                || written_as(before)
                || FINITE.contains(&word(before))
                // "may only contain digits"
                || matches!(word(before), "may" | "can") && matches!(word(before + 1), "only" | "contain" | "consist" | "have")
                || word(before) == "to" && matches!(before.checked_sub(1).map_or("", &word), "has" | "have"))
        {
            finite |= FINITE.contains(&word(before)) || matches!(word(before), "may" | "can");
            begin = before;
        }
        // "Starts with a capital letter": what follows is free, unless more of it is told.
        let joined = (at..end).any(|at| matches!(word(at), "," | "followed" | "then" | "and"));
        let begun = (begin..at).any(|at| matches!(word(at), "start" | "starts" | "begin" | "begins"));
        let regex = if begun && !joined && end - at <= 3 { format!("{regex}.*") } else { regex };
        // "looks like 12-345: two digits, a dash ...", "has the form 1987.42 (four digits, ...)"
        let mut end = end;
        let mut lead = (begin..at).any(|at| matches!(word(at), "which" | "that"));
        if let Some(announced) = behind_example(&words, begin) {
            end += usize::from(word(announced.end) == "(" && word(end) == ")");
            begin = announced.start;
            finite = true;
            lead = false;
        }
        // "a code, which is two letters and a digit": said of the item before the comma.
        let said_of = lead && begin > 0 && word(begin - 1) == ",";
        if said_of {
            begin -= 1;
        }
        let (first, last) = (words.get(begin)?, words.get(example(&words, end).unwrap_or(end) - 1)?);
        let with = match (begin > 0, finite && !lead) {
            (true, true) => format!("must match pattern `{regex}`"),
            (true, false) if !matches!(word(begin - 1), "," | "(" | ":" | ";" | "–" | "is") => {
                format!("(pattern `{regex}`)")
            }
            _ => format!("pattern `{regex}`"),
        };
        let with = if said_of { format!(" {with}") } else { with };
        return Some((first.start..last.end, with));
    }
    None
}

/// An example and the words that announce it are no longer.
const LONGEST_SHOWN: usize = 12;

/// The words that announce an example, with the example and the mark behind it: `looks like 1987.42:`.
fn behind_example(words: &[Token], form: usize) -> Option<Range<usize>> {
    const SHOWS: &[&str] = &[
        "looks like",
        "look like",
        "has the form",
        "have the form",
        "has the format",
        "have the format",
        "is written like",
        "are written like",
    ];
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let mut mark = form.checked_sub(1)?;
    // "..., that is four digits", "..., that is, four digits"
    if word(mark) == "," && mark > 2 && word(mark - 1) == "is" {
        mark -= 1;
    }
    if word(mark) == "is" && mark > 1 && word(mark - 1) == "that" {
        mark = mark.checked_sub(2)?;
    }
    if matches!(word(mark), "ie" | "i.e" | "namely") {
        mark = mark.checked_sub(1)?;
    }
    matches!(word(mark), ":" | "," | "(" | "–").then_some(())?;
    // "has the form ..." is told from its verb on.
    let announced = |at: usize| SHOWS.iter().filter_map(|shows| starts(words, at, shows)).max();
    let (begin, length) = (mark.saturating_sub(LONGEST_SHOWN)..mark).find_map(|at| Some((at, announced(at)?)))?;
    let shown = words.get(begin + length..mark)?;
    shown.iter().any(|token| token.word.contains(|c: char| c.is_ascii_digit())).then_some(begin..mark)
}

/// Where an example behind a form ends: `..., for example AB-123`.
fn example(words: &[Token], at: usize) -> Option<usize> {
    const SAYS: &[&str] = &["for example", "for instance", "eg", "e.g", "such as", "like"];
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let open = word(at) == "(";
    let from = at + usize::from(open || word(at) == ",");
    let mut end = from + SAYS.iter().find_map(|says| starts(words, from, says))?;
    end += usize::from(matches!(word(end), "," | ":"));
    let begin = end;
    while words.get(end).is_some_and(|token| !matches!(token.word.as_str(), "," | ";" | ")" | "and" | "or" | "but")) {
        end += 1;
    }
    let shown = words.get(begin..end)?;
    let fits = shown.iter().any(|token| token.word.contains(|c: char| c.is_ascii_digit())) && shown.len() <= 6;
    fits.then_some(end + usize::from(open && word(end) == ")"))
}

/// Two parts or more, or one of capital letters: `three letters and two digits`.
fn form(words: &[Token], at: usize) -> Option<(usize, String)> {
    let mut parts = vec![part(words, at)?];
    loop {
        let end = parts.last()?.end;
        let Some(found) = joiners(words, end).into_iter().find_map(|from| part(words, from)) else { break };
        parts.push(found);
    }
    while parts.len() > 1 && parts.last().is_some_and(|part| part.kind == Kind::Mark) {
        parts.pop();
    }
    let end = parts.last()?.end;
    // "Starts with A and ends with B" leaves open what stands between them.
    let ends = words.get(at..end)?.iter().any(|token| token.is("end"));
    if ends && parts.len() < 3 {
        return None;
    }
    let classes = parts.iter().filter(|part| part.kind == Kind::Class).count();
    let cased = parts.len() == 1
        && (words.get(at..end)?.iter().any(|token| token.word.contains('-'))
            || parts
                .iter()
                .all(|part| ["[A-Z]", "[a-z]", "[A-Z0-9]"].iter().any(|class| part.regex.starts_with(class))));
    let sound = classes > 0
        && (parts.len() > 1 || cased)
        && (parts.first()?.kind != Kind::Mark || ["[+]", "[+]?"].contains(&parts.first()?.regex.as_str()));
    // "2 letters and 3 numbers are sent": letters are also posted, and numbers counted.
    sound.then(|| (end, parts.iter().map(|part| part.regex.as_str()).collect()))
}

/// "6 to 14 digits and may start with a plus sign", "..., optionally preceded by a plus": a mark in front that may be missing.
fn with_optional_mark(words: &[Token], at: usize, regex: String) -> (usize, String) {
    const SAYS: &[&str] = &[
        "and may start with",
        "and may begin with",
        ", may start with",
        "and can start with",
        "and can begin with",
        "optionally preceded by",
        ", optionally preceded by",
        ", optionally with",
        "with an optional leading",
        ", with an optional leading",
        "and an optional leading",
    ];
    let Some(said) = SAYS.iter().filter_map(|says| starts(words, at, says)).max() else { return (at, regex) };
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let from = at + said;
    let from = from + usize::from(matches!(word(from), "a" | "an" | "the" | "one"));
    let from = from + usize::from(word(from) == "leading");
    match mark_at(words, from) {
        Some((end, mark)) => (end + usize::from(word(end) == "sign"), format!("{mark}?{regex}")),
        None => (at, regex),
    }
}

/// A sample with what its marks stand for: `SK-9999, where 9 stands for any digit`. What is not explained stands for itself.
fn explained(words: &[Token], at: usize) -> Option<(usize, String)> {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let sample = words.get(at)?.raw.as_str();
    let mut end = at + 1;
    end += usize::from(matches!(word(end), "," | "("));
    let open = word(end - 1) == "(";
    (word(end) == "where").then_some(())?;
    end += 1;
    let mut legend: Vec<(char, &str)> = Vec::new();
    loop {
        end += usize::from(matches!(word(end), "each" | "every" | "a" | "an" | "the"));
        let mut mark = words.get(end)?.raw.chars();
        let (mark, None) = (mark.next()?, mark.next()) else { return None };
        let verbs = ["stands for", "stand for", "is", "means", "represents", "denotes"];
        end += 1 + verbs.iter().find_map(|verb| starts(words, end + 1, verb))?;
        end += usize::from(matches!(word(end), "any" | "a" | "an" | "one"));
        let (next, class) = class(words, end)?;
        legend.push((mark, class));
        end = next;
        if word(end) != "and" || !legend.iter().all(|(mark, _)| sample.contains(*mark)) {
            break;
        }
        end += 1;
    }
    let stands = |c: char| legend.iter().find(|(mark, _)| *mark == c).map(|(_, class)| *class);
    let mut regex = String::new();
    let mut chars = sample.chars().peekable();
    while let Some(c) = chars.next() {
        let mut times = 1;
        while chars.next_if_eq(&c).is_some() {
            times += 1;
        }
        match stands(c) {
            Some(class) if times > 1 => regex.push_str(&format!("{class}{{{times}}}")),
            Some(class) => regex.push_str(class),
            None if c.is_alphanumeric() || matches!(c, '-' | '_' | '/') => regex.extend(std::iter::repeat_n(c, times)),
            None if matches!(c, '.' | '#' | '+') => (0..times).for_each(|_| regex.push_str(&format!("[{c}]"))),
            None => return None,
        }
    }
    let all = legend.iter().all(|(mark, _)| sample.contains(*mark));
    all.then(|| (end + usize::from(open && word(end) == ")"), regex))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Class,
    Mark,
    Literal,
}

struct Part {
    end: usize,
    regex: String,
    kind: Kind,
}

/// Where the next part may stand behind a joint.
fn joiners(words: &[Token], at: usize) -> Vec<usize> {
    const JOINTS: &[&[&str]] = &[
        &[",", "and", "then"],
        &[",", "followed", "by"],
        &["and", "is", "followed", "by"],
        &["and", "are", "followed", "by"],
        &["and", "then"],
        &[",", "then"],
        &[",", "and"],
        &["followed", "by"],
        &[",", "continues", "with"],
        &[",", "and", "ends", "with"],
        &["and", "ends", "with"],
        &["and"],
        &["then"],
        &["plus"],
        &["+"],
        &[","],
    ];
    // "one capital letter for the row and two digits": what a part is for
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let told = word(at) == "for" && matches!(word(at + 1), "the" | "a" | "an" | "its");
    let at = if told && !word(at + 2).is_empty() { at + 3 } else { at };
    let fits = |joint: &&&[&str]| {
        joint.iter().enumerate().all(|(k, word)| words.get(at + k).is_some_and(|token| token.word == *word))
    };
    JOINTS.iter().filter(fits).map(|joint| at + joint.len()).collect()
}

fn part(words: &[Token], at: usize) -> Option<Part> {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let mut from = at;
    if word(from) == "exactly" {
        from += 1;
    }
    // "the letter M", "the prefix INV"
    let named = from + usize::from(word(from) == "the");
    if matches!(word(named), "letter" | "letters" | "prefix")
        && let Some(literal) = words.get(named + 1).and_then(literal)
    {
        return Some(Part { end: named + 2, regex: literal, kind: Kind::Literal });
    }
    // "D followed by 6 digits", "a D followed by ..."
    let article = from + usize::from(matches!(word(from), "a" | "an"));
    let dashed = article + 1 + usize::from(dash_against(words, article));
    // "\"D\" + 6 digits"
    let added = words.get(article).is_some_and(|token| token.quoted) && word(dashed) == "+";
    if (added || word(dashed) == "followed" && word(dashed + 1) == "by")
        && let Some(regex) = words.get(article).and_then(literal)
    {
        let dash = if dashed > article + 1 { "-" } else { "" };
        return Some(Part { end: dashed, regex: format!("{regex}{dash}"), kind: Kind::Literal });
    }
    // "a two-letter code in capitals"
    if let Some((end, regex)) = of_length(words, article) {
        return Some(Part { end, regex, kind: Kind::Class });
    }
    // "An optional plus sign followed by 6 to 14 digits"
    let optional = from + usize::from(matches!(word(from), "a" | "an"));
    if word(optional) == "optional"
        && let Some((end, mark)) = mark_at(words, optional + 1)
    {
        let sign = usize::from(word(end) == "sign");
        return Some(Part { end: end + sign, regex: format!("{mark}?"), kind: Kind::Mark });
    }
    if let Some((count, next)) = count(words, from) {
        let next = next + usize::from(matches!(word(next), "more" | "further" | "other"));
        if let Some((end, class)) = class(words, next) {
            // "One letter A to F"
            if let Some((end, class)) = letters(words, end).filter(|_| class.starts_with("[A-Z")) {
                let times = if count == "1" { String::new() } else { format!("{{{count}}}") };
                return Some(Part { end, regex: format!("{class}{times}"), kind: Kind::Class });
            }
            let times = if count == "1" { String::new() } else { format!("{{{count}}}") };
            return Some(Part { end, regex: format!("{class}{times}"), kind: Kind::Class });
        }
        if let Some((end, mark)) = mark_at(words, next).filter(|_| count == "1") {
            let sign = usize::from(word(end) == "sign");
            return Some(Part { end: end + sign, regex: mark.to_owned(), kind: Kind::Mark });
        }
        return None;
    }
    if let Some((end, mark)) = mark_at(words, from).filter(|_| at > 0) {
        return Some(Part { end, regex: mark.to_owned(), kind: Kind::Mark });
    }
    // "M followed by four digits", behind words that announce it.
    let told = at > 0
        && matches!(
            word(at - 1),
            "with"
                | "form"
                | "format"
                | "of"
                | "by"
                | "and"
                | "then"
                | ","
                | "("
                | "prefix"
                | "is"
                | "are"
                | "like"
                | "as"
        );
    let raw = words.get(from).filter(|_| told)?;
    literal(raw).map(|regex| {
        let dash = dash_against(words, from);
        let regex = if dash { format!("{regex}-") } else { regex };
        Part { end: from + 1 + usize::from(dash), regex, kind: Kind::Literal }
    })
}

/// "JOB-": the dash belongs to what it is written against.
fn dash_against(words: &[Token], at: usize) -> bool {
    let end = words.get(at).filter(|token| !token.quoted).map(|token| token.end);
    words.get(at + 1).is_some_and(|next| next.raw == "-" && Some(next.start) == end)
}

/// `two-letter code`, `4-digit number in capitals`: where the words end, and the form.
fn of_length(words: &[Token], at: usize) -> Option<(usize, String)> {
    const NOUNS: &[&str] = &["code", "number", "identifier", "abbreviation", "string", "text", "key", "id"];
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let (count, of) = word(at).split_once('-')?;
    let count = counted(count)?;
    let mut end = at + 1 + usize::from(NOUNS.contains(&word(at + 1)));
    let class = match of {
        "letter" => {
            const CAPITALS: &[&str] =
                &["in capitals", "in capital letters", "of capital letters", "in upper case", "in uppercase"];
            let told = CAPITALS.iter().find_map(|told| starts(words, end, told));
            end += told.unwrap_or(0);
            if told.is_some() { "[A-Z]" } else { "[A-Za-z]" }
        }
        "digit" => "[0-9]",
        _ => return None,
    };
    (end > at + 1).then(|| (end, format!("{class}{{{count}}}")))
}

/// Capital letters, or what is quoted, as it stands.
fn literal(token: &Token) -> Option<String> {
    let raw = token.raw.as_str();
    // "... 15 digits, and I can say": who speaks is no letter of it.
    let letters = raw != "I" && !raw.is_empty() && raw.len() <= 4 && raw.chars().all(|c| c.is_ascii_uppercase());
    let quoted = token.quoted && raw.len() <= 8 && raw.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (letters || quoted).then(|| raw.to_owned())
}

/// `two`, `2`, `a`, `between 2 and 4`, `2 to 4`: as the expression counts.
fn count(words: &[Token], at: usize) -> Option<(String, usize)> {
    let number = |at: usize| words.get(at).and_then(|token| counted(&token.word));
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    if word(at) == "between" {
        let (low, high) = (number(at + 1)?, number(at + 3).filter(|_| word(at + 2) == "and")?);
        return (low < high).then(|| (format!("{low},{high}"), at + 4));
    }
    let low = number(at)?;
    if matches!(word(at + 1), "to" | "or" | "–")
        && let Some(high) = number(at + 2).filter(|high| low < *high)
    {
        return Some((format!("{low},{high}"), at + 3));
    }
    Some((low.to_string(), at + 1))
}

fn counted(word: &str) -> Option<u32> {
    const WORDS: &[&str] =
        &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    let named = WORDS.iter().position(|known| *known == word).and_then(|at| u32::try_from(at + 1).ok());
    named.or_else(|| word.parse().ok()).filter(|count| (1..=64).contains(count))
}

/// Letters, digits, or either: where the words end, and the class.
fn class(words: &[Token], at: usize) -> Option<(usize, &'static str)> {
    const CLASSES: &[(&[&str], &str)] = &[
        (&["letters", "or", "digits"], "[A-Za-z0-9]"),
        (&["digits", "or", "letters"], "[A-Za-z0-9]"),
        (&["capital", "letters", "or", "digits"], "[A-Z0-9]"),
        (&["capitals", "or", "digits"], "[A-Z0-9]"),
        (&["uppercase", "letters", "or", "digits"], "[A-Z0-9]"),
        (&["digits", "or", "capital", "letters"], "[A-Z0-9]"),
        (&["alphanumeric", "characters"], "[A-Za-z0-9]"),
        (&["upper", "case", "letter"], "[A-Z]"),
        (&["lower", "case", "letter"], "[a-z]"),
        (&["capital", "letter"], "[A-Z]"),
        (&["uppercase", "letter"], "[A-Z]"),
        (&["upper-case", "letter"], "[A-Z]"),
        (&["lowercase", "letter"], "[a-z]"),
        (&["lower-case", "letter"], "[a-z]"),
        (&["small", "letter"], "[a-z]"),
        (&["capital"], "[A-Z]"),
        (&["letter"], "[A-Za-z]"),
        (&["digit"], "[0-9]"),
        (&["numeral"], "[0-9]"),
    ];
    let fits = |(class, _): &&(&[&str], &str)| {
        class.iter().enumerate().all(|(k, word)| words.get(at + k).is_some_and(|token| token.is(word)))
    };
    CLASSES.iter().find(fits).map(|(class, regex)| (at + class.len(), *regex))
}

/// "A to F", "from A to F" behind "letter": the only ones that are meant.
fn letters(words: &[Token], at: usize) -> Option<(usize, String)> {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let from = at + usize::from(matches!(word(at), "from" | "between"));
    let one = |at: usize| {
        let raw = words.get(at).filter(|token| !token.quoted)?.raw.as_str();
        (raw.len() == 1).then(|| raw.chars().next()).flatten().filter(char::is_ascii_uppercase)
    };
    let (first, last) = (one(from)?, one(from + 2)?);
    (matches!(word(from + 1), "to" | "–" | "and") && first < last).then(|| (from + 3, format!("[{first}-{last}]")))
}

/// `a hyphen`, `full stop`: where the words of a mark end, and the mark.
fn mark_at(words: &[Token], at: usize) -> Option<(usize, &'static str)> {
    const LONG: &[(&str, &str)] = &[("full stop", "[.]"), ("decimal point", "[.]"), ("forward slash", "/")];
    let long = LONG.iter().find_map(|(name, mark)| Some((at + starts(words, at, name)?, *mark)));
    long.or_else(|| words.get(at).and_then(|token| mark(&token.word)).map(|mark| (at + 1, mark)))
}

fn mark(word: &str) -> Option<&'static str> {
    Some(match word {
        "dash" | "hyphen" | "minus" => "-",
        "plus" => "[+]",
        "slash" => "/",
        "dot" | "point" | "period" => "[.]",
        "underscore" => "_",
        "space" | "blank" => " ",
        _ => return None,
    })
}

/// `digits only`, `only letters and digits`, `consist of capital letters`.
fn only(words: &[Token], at: usize) -> Option<(usize, String)> {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let before = at.checked_sub(1).map_or("", &word);
    let announced = before == "of" && at >= 2 && matches!(word(at - 2), "consist" | "consists" | "consisting" | "made");
    let leads = matches!(word(at), "only" | "solely");
    // "may only contain letters", "consists only of digits"
    let verb = at + usize::from(leads);
    let verb =
        verb + usize::from(leads && matches!(word(verb), "contain" | "have" | "of" | "include" | "hold" | "consist"));
    let verb = verb + usize::from(verb > at && word(verb) == "of");
    // "Consists of 6 to 14 digits"
    if let Some((times, (end, class))) = count(words, verb).and_then(|(times, next)| Some((times, class(words, next)?)))
        && (announced || leads && verb > at + 1)
    {
        return Some((end, format!("{class}{{{times}}}")));
    }
    let (mut end, first) = class(words, verb)?;
    let mut classes = vec![first];
    let sign = |at: usize| {
        let lemma = words.get(at).map(|token| token.lemma.as_str()).unwrap_or_default();
        mark(lemma).map(|sign| (at + 1, sign))
    };
    while let Some((next, more)) = joiners(words, end)
        .into_iter()
        .chain((word(end) == "or").then_some(end + 1))
        .find_map(|from| class(words, from).or_else(|| sign(from)))
    {
        classes.push(more);
        end = next;
    }
    let tails =
        matches!(word(end), "only") || word(end) == "and" && word(end + 1) == "nothing" && word(end + 2) == "else";
    if tails {
        end += if word(end) == "only" { 1 } else { 3 };
    }
    // "a letter", "letters": one of many words, unless it is said that nothing else may stand there.
    if !(announced || leads || tails) {
        return None;
    }
    // A hyphen stands for itself at the end of a class only.
    let (hyphen, plain): (Vec<&str>, Vec<&str>) = classes.into_iter().partition(|class| *class == "-");
    let inner: String =
        plain.iter().map(|class| class.trim_matches(['[', ']'])).chain(hyphen.first().copied()).collect();
    Some((end, format!("[{inner}]+")))
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn forms_become_expressions() {
        let cases = [
            (
                "a membership number made of two letters, a dash and five digits",
                "a membership number (pattern `[A-Za-z]{2}-[0-9]{5}`)",
            ),
            (
                "The code shall match the form of one capital letter followed by three digits.",
                "The code must match pattern `[A-Z][0-9]{3}`.",
            ),
            ("text, unique, three capital letters and two digits", "text, unique, pattern `[A-Z]{3}[0-9]{2}`"),
            ("The code consists of the letter M and four digits", "The code must match pattern `M[0-9]{4}`"),
            ("It must consist of digits only and be short", "It must match pattern `[0-9]+` and be short"),
            ("text, only letters and digits", "text, pattern `[A-Za-z0-9]+`"),
            (
                "A boat has a registration, which is two letters, a dash and four digits, a make and a length",
                "A boat has a registration (pattern `[A-Za-z]{2}-[0-9]{4}`), a make and a length",
            ),
            (
                "text, unique, starts with JOB- followed by four digits",
                "text, unique, must match pattern `JOB-[0-9]{4}`",
            ),
            ("text, unique, one letter A to F and two digits", "text, unique, pattern `[A-F][0-9]{2}`"),
            ("language: two lower-case letters, required", "language: pattern `[a-z]{2}`, required"),
            ("required, unique, \"B\" + 6 digits", "required, unique, pattern `B[0-9]{6}`"),
            ("a plus sign followed by 8 to 14 digits", "pattern `[+][0-9]{8,14}`"),
            (
                "The code consists of four digits, a full stop and three digits",
                "The code must match pattern `[0-9]{4}[.][0-9]{3}`",
            ),
            ("a code of 2 to 4 capital letters, a slash and a digit", "a code (pattern `[A-Z]{2,4}/[0-9]`)"),
        ];
        for (text, plain) in cases {
            assert_eq!(rewrite(text).as_deref(), Some(plain));
        }
        for text in [
            "6 to 15 digits, and I can say more",
            "at most 80 letters",
            "We send two letters and a form",
            "exactly 5 digits",
            "a letter and a card",
            "\"bed\" + breakfast",
        ] {
            assert_eq!(rewrite(text), None, "{text}");
        }
    }
}
