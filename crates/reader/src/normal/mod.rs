//! Brings a sentence to one wording: modals, comparisons, numbers; articles and filler are dropped.
//!
//! Names that the epic gave (of two or more words) are left alone, so that a field `maximum weight` stays a field.

use crate::lexicon::{Lexicon, Named, Names};
use crate::token::{Token, tokens};
use std::collections::HashMap;
use std::sync::LazyLock;

mod numbers;
mod phrasal;
mod wordings;

pub(crate) use phrasal::joined as with_phrasal_verbs;
use wordings::{ARTICLES, BEFORE_ENTITY, FILLER, PHRASES, TIME_UNITS, WORDS};

type Phrase = (Vec<&'static str>, Vec<&'static str>);
static BY_FIRST: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut map: HashMap<&'static str, Vec<Phrase>> = HashMap::new();
    for (from, to) in PHRASES {
        let from: Vec<&str> = from.split_whitespace().collect();
        if let Some(first) = from.first() {
            map.entry(first).or_default().push((from, to.split_whitespace().collect()));
        }
    }
    for list in map.values_mut() {
        list.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    }
    map
});
static BY_WORD: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| WORDS.iter().copied().collect());

/// A number in words as digits: `twelve` as `12`.
pub(crate) fn digits(word: &str) -> Option<&'static str> {
    BY_WORD.get(word).copied().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a word is a unit of time: `day`, `hour`.
pub(crate) fn is_time_unit(lemma: &str) -> bool {
    TIME_UNITS.contains(&lemma)
}

/// The tokens of a sentence in one wording.
pub(crate) fn normalise(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    lexicon.worded(text, |names| worded(&tokens(text), lexicon, names))
}

/// The same for tokens.
pub(crate) fn normalise_tokens(raw: &[Token], lexicon: &Lexicon) -> Vec<Token> {
    lexicon.with_names(|names| worded(raw, lexicon, names))
}

fn worded(raw: &[Token], lexicon: &Lexicon, names: &Names) -> Vec<Token> {
    let raw = &with_heads(&unhyphenated(&phrasal::joined(&numbers::joined(raw), lexicon), lexicon), lexicon);
    // Names first: they pass through untouched, marked by `true`.
    let mut words: Vec<(Token, bool)> = Vec::new();
    let mut i = 0;
    while let Some(token) = raw.get(i) {
        let length = names.longest(raw, i);
        // "Must start at least two days ahead" of a field `starts at`
        let compares = raw.get(i + length).is_some_and(|next| matches!(next.word.as_str(), "least" | "most"))
            && raw.get((i + length).saturating_sub(1)).is_some_and(|last| last.word == "at");
        if length >= 2 && !compares {
            let mut article = None;
            for named in raw.iter().skip(i).take(length) {
                let dropped = ARTICLES.iter().find(|article| **article == named.word);
                if dropped.is_none() {
                    words.push((Token { article, ..named.clone() }, true));
                }
                article = dropped.copied();
            }
            i += length;
            continue;
        }
        // "A valid until date" is a name, whatever `until` means elsewhere.
        let dated = matches!(token.word.as_str(), "until" | "till")
            && i > 0
            && raw.get(i + 1).is_some_and(|next| matches!(next.word.as_str(), "date" | "time" | "day"));
        if token.quoted || token.field.is_some() || dated || names_field(raw, i, lexicon) {
            words.push((token.clone(), true));
        } else if token.word == "once"
            && (raw.get(i + 1).is_none_or(|next| matches!(next.word.as_str(), "," | "per" | "for"))
                // "Can be set once and never again"
                || i > 0 && raw.get(i + 1).is_some_and(|next| next.word == "and" || next.word == "but")
                    && raw.get(i + 2).is_some_and(|next| matches!(next.word.as_str(), "never" | "not" | "cannot"))
                || (i > 0
                    && raw.get(i - 1).is_some_and(|before| {
                        before.word == "at"
                            || matches!(before.word.as_str(), "only" | "than" | "exactly" | "most")
                                && raw.get(i + 1).is_some_and(|next| {
                                    matches!(
                                        next.word.as_str(),
                                        "in" | "on" | "for" | "within" | "by" | "to" | "at" | "per" | "a"
                                    )
                                })
                    })))
        {
            // "only once", "at once": a count, not a condition.
            words.push((token.clone(), false));
        } else if let Some(mapped) = BY_WORD.get(token.word.as_str()) {
            let of_next = token.word == "one" && raw.get(i + 1).is_some_and(|next| next.word == "of");
            for part in mapped.split(' ') {
                words.push((if of_next { token.clone() } else { token.renamed(part) }, false));
            }
        } else if token.word.len() > 1 && token.word.contains(',') {
            words.push((token.renamed(&token.word.replace(',', "")), false));
        } else {
            words.push((token.clone(), false));
        }
        i += 1;
    }
    phrases(&words, lexicon)
}

/// "Until must be later than from": a word that joins clauses elsewhere is a field's name where a name must stand.
fn names_field(raw: &[Token], at: usize, lexicon: &Lexicon) -> bool {
    const VERBS: &[&str] = &["must", "may", "is", "are", "can", "cannot", "has", "should", "shall", "can't", "needs"];
    let Some(token) = raw.get(at).filter(|token| BY_WORD.contains_key(token.word.as_str()) && !token.is_number())
    else {
        return false;
    };
    let named =
        lexicon.entities.iter().flat_map(|entity| &entity.fields).any(|field| *field.words == [token.lemma.clone()]);
    let next = raw.get(at + 1).map(|next| next.word.as_str());
    let before = at.checked_sub(1).and_then(|at| raw.get(at)).map(|before| before.word.as_str());
    let ends = next.is_none_or(|next| VERBS.contains(&next) || matches!(next, "," | ";" | ")" | "and" | "or"));
    let begins = before.is_none_or(|before| {
        matches!(before, "than" | "after" | "before" | "the" | "its" | "and" | "or" | "," | "both" | ":" | "of" | "by")
    });
    named && ends && begins
}

/// "the wanted-by date" of a field `wanted by`: apart where a field's name has the parts apart.
fn unhyphenated(raw: &[Token], lexicon: &Lexicon) -> Vec<Token> {
    let known = |parts: &[&str]| {
        lexicon.entities.iter().flat_map(|entity| &entity.fields).any(|field| {
            field.words.len() >= parts.len()
                && field
                    .words
                    .iter()
                    .zip(parts)
                    .all(|(word, part)| word == part || *word == crate::words::singular(part))
        })
    };
    // "A flight must not take off": the verb of a field `take-off time`.
    let particle = |token: &Token| ["off", "out", "up", "in", "on", "down", "over"].contains(&token.word.as_str());
    let joined = |verb: &Token, particle: &Token| {
        let name = format!("{}{}", verb.lemma, particle.lemma);
        lexicon.entities.iter().flat_map(|entity| &entity.fields).any(|field| field.words.contains(&name))
    };
    let mut out: Vec<Token> = Vec::with_capacity(raw.len());
    for token in raw {
        if particle(token)
            && !token.quoted
            && let Some(verb) = out.last_mut().filter(|verb| !verb.quoted && joined(verb, token))
        {
            // What a state is called by it stays as it is written: "picked up".
            let written = format!("{} {}", verb.raw, token.raw);
            *verb = Token::new(&format!("{}-{}", verb.raw, token.raw), verb.start, token.end);
            verb.raw = written;
            continue;
        }
        let parts: Vec<&str> = token.word.split('-').collect();
        if parts.len() > 1 && !token.quoted && parts.iter().all(|part| !part.is_empty()) && known(&parts) {
            out.extend(parts.iter().map(|part| Token::new(part, token.start, token.end)));
        } else {
            out.push(token.clone());
        }
    }
    out
}

/// "First and last name are mandatory", of a record that has both: the first name and the last name.
fn with_heads(raw: &[Token], lexicon: &Lexicon) -> Vec<Token> {
    let both = |one: &Token, other: &Token, head: &Token| {
        let is = |field: &crate::lexicon::NamedField, of: &Token| matches!(field.words.as_slice(), [first, last] if *first == of.lemma && *last == head.lemma);
        lexicon.entities.iter().any(|entity| {
            let has = |of: &Token| entity.fields.iter().any(|field| is(field, of));
            has(one) && has(other)
        })
    };
    let mut out: Vec<Token> = Vec::with_capacity(raw.len());
    for (at, token) in raw.iter().enumerate() {
        out.push(token.clone());
        if let [joint, other, head] = raw.get(at + 1..at + 4).unwrap_or_default()
            && matches!(joint.word.as_str(), "and" | "or")
            && !token.quoted
            && both(token, other, head)
        {
            out.push(Token { start: token.start, end: token.end, ..head.clone() });
        }
    }
    out
}

fn phrases(words: &[(Token, bool)], lexicon: &Lexicon) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut article: Option<&'static str> = None;
    let mut i = 0;
    while let Some((token, named)) = words.get(i) {
        if !*named {
            if let Some((from, to)) = phrase_at(words, i, lexicon) {
                let last = words.get(i + from.len() - 1).map_or(token.end, |(last, _)| last.end);
                // "All of its tasks" are all of them.
                if to.is_empty() && from.first() == Some(&"all") {
                    article = Some("all");
                }
                for (k, part) in to.iter().enumerate() {
                    let mut renamed = token.renamed(part);
                    let covered = words.iter().skip(i).take(if k == 0 { from.len() } else { 0 });
                    renamed.raw = covered.map(|(token, _)| token.raw.as_str()).collect::<Vec<_>>().join(" ");
                    renamed.end = last;
                    renamed.article = if k == 0 { article.take() } else { None };
                    out.push(renamed);
                }
                i += from.len();
                continue;
            }
            if let Some(found) = dropped(words, i, out.last(), lexicon) {
                // That records are new says how they begin, where nothing else needs the word.
                if found == "new" {
                    article = Some(found);
                } else if ARTICLES.contains(&found) {
                    // "All their jobs", "all of the jobs" are all of them.
                    let owned = matches!(found, "its" | "their" | "the" | "these" | "those") && article == Some("all");
                    article = if owned { article } else { Some(found) };
                    let unit = words.get(i + 1).is_some_and(|(next, _)| TIME_UNITS.contains(&next.lemma.as_str()));
                    if unit
                        && matches!(found, "a" | "an")
                        && out
                            .last()
                            .is_some_and(|last| matches!(last.word.as_str(), ">=" | "<=" | ">" | "<" | "within"))
                    {
                        out.push(token.renamed("1"));
                    }
                }
                i += 1;
                continue;
            }
        }
        let mut kept = token.clone();
        kept.article = article.take().or(kept.article);
        out.push(kept);
        i += 1;
    }
    // "hand it out" is to hand out.
    for at in 1..out.len().saturating_sub(1) {
        let object = out.get(at).is_some_and(|token| !token.quoted && matches!(token.word.as_str(), "it" | "them"));
        let particle = out.get(at + 1).is_some_and(|token| {
            matches!(token.word.as_str(), "in" | "out" | "off" | "up" | "over" | "back" | "down" | "away")
        });
        let ends = out.get(at + 2).is_none_or(|token| matches!(token.word.as_str(), "," | "and" | "or" | ";" | "if"));
        if object && particle && ends {
            out.swap(at, at + 1);
        }
    }
    or_equal(&mut out);
    none_must(&mut out);
    shared_unit(&mut out);
    // "must be able to" inside phrases leaves doubled modals: "may may".
    out.dedup_by(|b, a| a.word == b.word && matches!(a.word.as_str(), "may" | "must" | "mustnot" | ","));
    out
}

/// "At or before", "before or at", "equal to or above": one comparison.
fn or_equal(out: &mut Vec<Token>) {
    let found = |out: &[Token], at: usize| {
        let word = |at: usize| out.get(at).filter(|token| !token.quoted).map(|token| token.word.as_str());
        let equal = |word: Option<&str>| matches!(word, Some("at" | "on" | "="));
        let op = |word: Option<&str>| matches!(word, Some("<" | ">")).then_some(());
        let or = word(at + 1) == Some("or");
        let first = or && equal(word(at)) && op(word(at + 2)).is_some();
        let last = or && op(word(at)).is_some() && equal(word(at + 2));
        (first || last).then_some(if first { at + 2 } else { at })
    };
    let mut at = 0;
    while at + 2 < out.len() {
        if let Some(op) = found(out, at).and_then(|op| out.get(op).cloned()) {
            let joined = op.renamed(&format!("{}=", op.word));
            out.splice(at..at + 3, [joined]);
        }
        at += 1;
    }
}

/// "At least 2 and at most 7 characters": both count what stands behind the second.
fn shared_unit(out: &mut Vec<Token>) {
    let found = out.windows(6).position(|six| match six {
        [low, first, and, high, second, unit] => {
            let bounds =
                matches!((low.word.as_str(), high.word.as_str()), (">=" | ">", "<=" | "<") | ("<=" | "<", ">=" | ">"));
            const LENGTHS: &[&str] = &["character", "char", "letter", "digit", "sign", "symbol", "night"];
            let of = |units: &[&str]| units.contains(&unit.lemma.as_str());
            let unit = !unit.quoted && (of(LENGTHS) || of(TIME_UNITS));
            bounds && first.is_number() && and.is("and") && second.is_number() && unit
        }
        _ => false,
    });
    if let Some(at) = found
        && let Some(unit) = out.get(at + 5).cloned()
    {
        out.insert(at + 2, unit);
    }
}

/// "No bookings shall be accepted": none may be.
fn none_must(out: &mut [Token]) {
    let starts = |at: usize| {
        at.checked_sub(1)
            .and_then(|at| out.get(at))
            .is_none_or(|before| matches!(before.word.as_str(), "," | ":" | ";"))
    };
    let Some(no) = (0..out.len()).find(|at| out.get(*at).is_some_and(|token| token.is("no")) && starts(*at)) else {
        return;
    };
    const MODALS: &[&str] = &["must", "may", "mustnot", "mayonly", "be", "have"];
    let modal = out.iter_mut().skip(no + 1).find(|token| !token.quoted && MODALS.contains(&token.word.as_str()));
    if let Some(modal) = modal.filter(|modal| modal.word == "must") {
        *modal = modal.renamed("may");
    }
}

/// Whether a year that is told by the day on which somebody asks stands at a place: `the current year`.
fn a_moving_year(words: &[(Token, bool)], at: usize) -> bool {
    const MOVING: &[&str] = &["this", "current", "present", "next", "last"];
    let word = |at: usize| words.get(at).map_or("", |(token, _)| token.word.as_str());
    let at = at + usize::from(word(at) == "the");
    MOVING.contains(&word(at)) && word(at + 1 + usize::from(word(at + 1) == "calendar")) == "year"
}

fn phrase_at(words: &[(Token, bool)], at: usize, lexicon: &Lexicon) -> Option<&'static Phrase> {
    let (first, _) = words.get(at)?;
    BY_FIRST.get(first.word.as_str())?.iter().find(|(from, to)| {
        // `maximum 5` compares, `maximum stock` is a name.
        let bare = matches!(from.as_slice(), ["max" | "maximum" | "min" | "minimum"]);
        let number = words.get(at + 1).is_some_and(|(next, _)| {
            next.is_number()
                || ["€", "$", "£"].contains(&next.word.as_str())
                || next.word == "length"
                    && words.get(at + 2).is_some_and(|(after, _)| {
                        after.is_number() || matches!(after.word.as_str(), "of" | "is" | "be" | ":" | "=")
                    })
                || crate::scope::is_date(&next.word)
        });
        if bare && !number && !a_moving_year(words, at + 1) {
            return false;
        }
        // "Under review", "under repair": how something stands, and below nothing.
        let stands = |(next, _): &(Token, bool)| {
            next.article.is_none()
                && !next.quoted
                && next.word.len() > 3
                && next.word.chars().all(char::is_alphabetic)
                && !matches!(next.word.as_str(), "half" | "twice" | "their" | "that" | "this" | "zero" | "today")
        };
        if (from.as_slice() == ["under"] && words.get(at + 1).is_some_and(stands))
            || (from.as_slice() == ["not", "under"] && words.get(at + 2).is_some_and(stands))
        {
            return false;
        }
        // "The budget of this year" where years are kept: one of these.
        if matches!(to.as_slice(), ["thisyear" | "nextyear" | "lastyear"]) && lexicon.find("year").is_some() {
            return false;
        }
        // "must be provided, and": what is given, no condition.
        let given = from.as_slice() == ["provided"]
            && at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|(before, _)| before.word == "be");
        if given {
            return false;
        }
        // "a whole number of at least 1": what kind of number it is, and nothing counted.
        let whole = at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|(before, _)| {
            matches!(before.word.as_str(), "whole" | "decimal" | "natural" | "positive" | "integer")
        });
        if whole && matches!(to.as_slice(), ["numberof"]) {
            return false;
        }
        // "the number of a booking" is its number, where it has one: what is counted is many.
        if matches!(to.as_slice(), ["numberof"])
            && from.contains(&"number")
            && numbered(words, at + from.len(), lexicon)
        {
            return false;
        }
        // "above 14 or below 0" joins two bounds, "0 or below" is one.
        let joins = from.len() == 2 && from.first() == Some(&"or") && matches!(to.as_slice(), ["ormore" | "orless"]);
        if joins && words.get(at + 2).is_some_and(|(next, _)| next.is_number() || next.word == "than") {
            return false;
        }
        // "before 1500 or after the current year": so do these.
        if joins && a_moving_year(words, at + 2) {
            return false;
        }
        from.iter()
            .enumerate()
            .all(|(k, word)| words.get(at + k).is_some_and(|(token, named)| !*named && token.word == *word))
    })
}

/// Whether one record of a kind that has a number stands at a place: `a booking`.
fn numbered(words: &[(Token, bool)], at: usize, lexicon: &Lexicon) -> bool {
    const ONE: &[&str] = &["a", "an", "the", "each", "every", "its", "this", "that"];
    let article = words.get(at).is_some_and(|(token, _)| ONE.contains(&token.word.as_str()));
    let noun = words.get(at + 1).map(|(token, _)| token).filter(|token| article && token.word == token.lemma);
    noun.is_some_and(|noun| {
        lexicon.entities.iter().any(|entity| {
            entity.words.first() == Some(&noun.lemma) && entity.fields.iter().any(|field| *field.words == ["number"])
        })
    })
}

/// The word, if it is an article or filler where it stands.
fn dropped(words: &[(Token, bool)], at: usize, before: Option<&Token>, lexicon: &Lexicon) -> Option<&'static str> {
    let (token, _) = words.get(at)?;
    let word = token.word.as_str();
    // A grade `A` is no article; a relative or demonstrative `that` is judged by what stands before it.
    if word == "that" {
        let starts = before
            .is_none_or(|before| matches!(before.word.as_str(), "," | "if" | "than" | "for" | "of" | "on" | "in"));
        return (starts && words.get(at + 1).is_some()).then_some("that");
    }
    let listed =
        words.get(at + 1).is_some_and(|(next, _)| matches!(next.word.as_str(), "," | "or" | "and" | "/" | "|"));
    if word == "a" && token.raw == "A" && (at > 0 || listed) {
        return None;
    }
    // "new orders" may be those whose state is called so.
    let state = || lexicon.entities.iter().any(|entity| entity.values().iter().any(|(_, value)| *value == word));
    if word == "new" && at > 0 && state() {
        return None;
    }
    let next = words.get(at + 1).map(|(next, _)| next);
    let next_names = next.is_some();
    // "new orders" are those in the state `new`, where orders have one.
    let state = lexicon.entities.iter().any(|entity| {
        next.is_some_and(|next| entity.words.first() == Some(&next.lemma))
            && entity.values().iter().any(|(_, value)| value.eq_ignore_ascii_case(word))
    });
    // "Its own contribution", where that is what a field is called.
    let of_a_name = || {
        let named = |field: &crate::lexicon::NamedField| {
            field.words.first().is_some_and(|first| first == word)
                && next.is_some_and(|next| field.words.get(1) == Some(&next.lemma))
        };
        lexicon.entities.iter().any(|entity| entity.fields.iter().any(named))
    };
    // "Their own code" is their code.
    let whose = at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|(whose, _)| {
        matches!(whose.word.as_str(), "its" | "their" | "his" | "her" | "our" | "your" | "my")
    });
    if word == "own" && whose && next_names && !of_a_name() {
        return Some("own");
    }
    if let Some(empty) = BEFORE_ENTITY.iter().find(|empty| **empty == word)
        && !state
        && !of_a_name()
        && next.is_some_and(|next| {
            // "A new agreement" where the kind is called loan agreement.
            let heads = |entity: &Named| {
                entity.words.first() == Some(&next.lemma) || word == "new" && entity.words.last() == Some(&next.lemma)
            };
            lexicon.entities.iter().any(heads)
        })
    {
        return Some(empty);
    }
    ARTICLES
        .iter()
        .chain(FILLER)
        .find(|drop| **drop == word)
        .copied()
        .filter(|_| next_names || !ARTICLES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        normalise(text, &Lexicon::default()).into_iter().map(|token| token.word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_wording() {
        assert_eq!(
            words("A member may not borrow more than three tools at the same time."),
            "member mustnot borrow > 3 tools sametime"
        );
        assert_eq!(words("The due date has to be on or after the start date"), "due date must be >= start date");
        assert_eq!(words("Names can't be longer than 80 characters"), "names mustnot be > 80 characters");
        assert_eq!(words("Status is one of draft, sent"), "status be oneof draft , sent");
        assert_eq!(words("Users should be able to search"), "users may search");
    }
}
