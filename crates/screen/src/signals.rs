//! Signals that a text speaks to the reader instead of about its subject. One that is strong is enough; several weak ones in one
//! paragraph are as good.

use crate::{
    Kind, decode,
    fold::Folded,
    words::{Part, Words},
};
use regex::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

/// How much a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Strength {
    Weak,
    Strong,
}

/// A signal and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signal {
    pub(crate) kind: Kind,
    pub(crate) strength: Strength,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What to show, where the text itself would tell nothing.
    pub(crate) shown: Option<String>,
}

/// Words within which one order is given.
const REACH: usize = 9;
/// How deep what is encoded is decoded.
const DEPTH: usize = 3;

/// `data/phrases.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    phrase: Vec<Phrase>,
    near: Vec<Near>,
    markup: Markup,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    strength: Strength,
    topic: String,
    #[serde(with = "expression")]
    form: Regex,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Near {
    /// Characters that may stand between the two.
    reach: usize,
    #[serde(with = "expression")]
    one: Regex,
    #[serde(with = "expression")]
    other: Regex,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Markup {
    #[serde(with = "expression")]
    form: Regex,
}

mod expression {
    use regex::Regex;
    use serde::{Deserialize, Deserializer, de::Error};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Regex, D::Error> {
        Regex::new(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

static PHRASES: LazyLock<Option<Phrases>> = LazyLock::new(|| toml::from_str(include_str!("../data/phrases.toml")).ok());

/// Whether the data of this program can be read; without it nothing would be found.
pub(crate) fn ready() -> Result<(), &'static str> {
    match &*PHRASES {
        Some(_) => Ok(()),
        None => Err("the expressions of the screen cannot be read"),
    }
}

/// The signals of one paragraph.
pub(crate) fn of(paragraph: &str) -> Vec<Signal> {
    deep(paragraph, DEPTH)
}

fn deep(paragraph: &str, depth: usize) -> Vec<Signal> {
    let folded = Folded::of(paragraph);
    let mut found = plain(&folded);
    found.extend(markup(paragraph));
    let mut other = Vec::new();
    if let Some(read) = folded.figures_read() {
        other.extend(plain(&read));
    }
    for run in folded.spelled_out() {
        other.extend(run_together(&run));
    }
    for turned in [folded.backwards(), folded.turned()] {
        // What means something only when it is turned is no accident; one strong signal is asked for.
        other.extend(plain(&turned).into_iter().filter(|signal| signal.strength == Strength::Strong));
    }
    found.extend(other.into_iter().map(|signal| Signal { kind: Kind::Encoded, ..signal }));
    if depth > 0 {
        for piece in decode::pieces(paragraph) {
            let inner = deep(&piece.text, depth - 1);
            if strong(&inner) {
                let shown: String = piece.text.chars().take(100).collect();
                found.push(Signal {
                    kind: Kind::Encoded,
                    strength: Strength::Strong,
                    start: piece.start,
                    end: piece.end,
                    shown: Some(format!("{}: {}", piece.form, shown.replace('\n', " "))),
                });
            }
        }
    }
    found
}

pub(crate) fn strong(signals: &[Signal]) -> bool {
    signals.iter().any(|signal| signal.strength == Strength::Strong)
}

/// What a folded text says as it is.
fn plain(folded: &Folded) -> Vec<Signal> {
    let signal = |strength, start: usize, end: usize| Signal {
        kind: Kind::Injection,
        strength,
        start: folded.origin(start).min(folded.origin(end.saturating_sub(1))),
        end: folded.origin(start).max(folded.origin(end.saturating_sub(1))) + 1,
        shown: None,
    };
    let mut found = Vec::new();
    let mut weak: Vec<(&str, usize, usize)> = Vec::new();
    let Some(phrases) = &*PHRASES else { return found };
    for Phrase { strength, topic, form } in &phrases.phrase {
        if let Some(hit) = form.find(&folded.text) {
            match strength {
                Strength::Strong => found.push(signal(Strength::Strong, hit.start(), hit.end())),
                Strength::Weak => weak.push((topic, hit.start(), hit.end())),
            }
        }
    }
    found.extend(turned_away(&folded.text).map(|(start, end)| signal(Strength::Strong, start, end)));
    for pair in &phrases.near {
        found.extend(near(&folded.text, pair).map(|(start, end)| signal(Strength::Strong, start, end)));
    }
    let mut names: Vec<_> = weak.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    names.dedup();
    // Different weak signals stand for each other.
    let together = names.len() >= 2;
    let strength = if together { Strength::Strong } else { Strength::Weak };
    found.extend(weak.into_iter().map(|(_, start, end)| signal(strength, start, end)));
    found
}

fn markup(text: &str) -> Vec<Signal> {
    let hits = PHRASES.iter().flat_map(|phrases| phrases.markup.form.find_iter(text));
    hits.map(|hit| Signal {
        kind: Kind::Markup,
        strength: Strength::Strong,
        start: hit.start(),
        end: hit.end(),
        shown: None,
    })
    .collect()
}

/// Where two expressions match near each other, in any order, within one sentence.
fn near(text: &str, Near { reach, one, other }: &Near) -> Option<(usize, usize)> {
    for first in one.find_iter(text).take(50) {
        for second in other.find_iter(text).take(50) {
            let (start, end) = (first.start().min(second.start()), first.end().max(second.end()));
            let between =
                text.get(first.end().min(second.end())..first.start().max(second.start())).unwrap_or_default();
            if between.chars().count() <= *reach && !between.contains(['。', '!', ';', '?', '؟', '।']) {
                return Some((start, end));
            }
        }
    }
    None
}

/// A word that turns away, one that names the reader's orders and one that says which, near each other.
fn turned_away(text: &str) -> Option<(usize, usize)> {
    let words: Vec<_> = split(text).collect();
    for (at, (start, word)) in words.iter().enumerate() {
        if !stands(&words, at, Part::Turn) {
            continue;
        }
        let from = at.saturating_sub(REACH);
        let around = words.get(from..(at + REACH).min(words.len())).unwrap_or_default();
        // A sentence ends.
        let around = same_sentence(text, around, *start);
        let orders = around.iter().enumerate().filter(|(at, _)| stands(&around, *at, Part::Order));
        let order = orders.map(|(_, word)| word).max_by_key(|(_, word)| !is_everyday_order(word));
        let which = (0..around.len()).any(|at| stands(&around, at, Part::Which));
        let every = around.iter().any(|(_, word)| Words::of(Part::Every).iter().any(|one| word == one));
        let strict = matches!(
            *word,
            "ignore" | "disregard" | "forget" | "bypass" | "override" | "disobey" | "unlearn" | "circumvent"
        ) || !word.is_ascii()
            || !begins(word, Part::Turn)
            || word.len() > 4 && begins(word, Part::Turn) && !is_everyday(word);
        let own = order.is_some_and(|(_, word)| !is_everyday_order(word));
        let reader = around.iter().any(|(_, word)| is_reader(word));
        if let Some((other, named)) = order
            && own
            // Every subject has rules; what is meant are those of the reader.
            && (!is_rule(named) || reader || (which && (every || is_demand(text, *start))))
            && ((strict && (which || every)) || (which && reader))
        {
            return Some((*start.min(other), (start + word.len()).max(other + named.len())));
        }
    }
    None
}

/// Verbs that epics use of records; they need the reader beside them.
fn is_everyday(word: &str) -> bool {
    [
        "skip",
        "omit",
        "drop",
        "reset",
        "clear",
        "delet",
        "cancel",
        "suspend",
        "replac",
        "dismiss",
        "discard",
        "erase",
        "abandon",
        "anul",
        "отмен",
        "neglect",
    ]
    .iter()
    .any(|one| word.starts_with(one))
}

/// What epics speak of themselves: orders are bought, rules are kept, policies apply.
fn is_everyday_order(word: &str) -> bool {
    [
        "order",
        "orden",
        "ordin",
        "ordre",
        "auftrag",
        "safety",
        "polic",
        "restriction",
        "regul",
        "command",
        "comand",
        "opdracht",
        "constraint",
    ]
    .iter()
    .any(|one| word.starts_with(one))
}

/// Whether a sentence begins at a place, so that its verb demands and does not tell.
fn is_demand(text: &str, place: usize) -> bool {
    let before = text.get(..place).unwrap_or_default().trim_end();
    let polite = ["please", "kindly", "bitte", "just", "now", "then", "haz", "por favor", "lutfen", "пожалуйста"];
    before.is_empty()
        || before.ends_with(['.', '!', '?', ':', ';', '>', '*', '"', '\'', '`', '(', ']', '-', ','])
        || polite.iter().any(|word| before.ends_with(word))
}

/// What the subject of an epic has as well.
fn is_rule(word: &str) -> bool {
    ["rule", "regel", "regl", "regol", "regra", "kural", "aturan", "правил", "zasad", "szabal"]
        .iter()
        .any(|one| word.starts_with(one))
}

fn is_reader(word: &str) -> bool {
    matches!(
        word,
        "you"
            | "your"
            | "system"
            | "prompt"
            | "deine"
            | "deinen"
            | "ihre"
            | "vos"
            | "tes"
            | "tus"
            | "suas"
            | "tue"
            | "твои"
            | "ваши"
    )
}

fn begins(word: &str, part: Part) -> bool {
    Words::of(part).iter().any(|one| if one.len() <= 3 { word == one } else { word.starts_with(one.as_str()) })
}

/// Whether a word does this, alone or with the one after it.
fn stands(words: &[(usize, &str)], at: usize, part: Part) -> bool {
    let Some((_, word)) = words.get(at) else { return false };
    let two = words.get(at + 1).map(|(_, next)| format!("{word} {next}"));
    begins(word, part)
        || two.is_some_and(|two| Words::of(part).iter().any(|one| one.contains(' ') && two.starts_with(one.as_str())))
}

/// Words with their places.
fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// Those of the words that stand in the same sentence as a place.
fn same_sentence<'a>(text: &str, words: &[(usize, &'a str)], place: usize) -> Vec<(usize, &'a str)> {
    let apart = |a: usize, b: usize| {
        let between = text.get(a.min(b)..a.max(b)).unwrap_or_default();
        between.contains(". ") || between.contains("! ") || between.contains("? ")
    };
    words.iter().filter(|(at, _)| !apart(*at, place)).copied().collect()
}

/// The same of letters that were put together, where words have no ends.
fn run_together(run: &Folded) -> Vec<Signal> {
    let mut text = run.text.clone();
    if let Some(read) = run.figures_read() {
        text = read.text;
    }
    let has = |part: Part| Words::of(part).iter().any(|one| one.len() > 4 && text.contains(one.as_str()));
    let told = has(Part::Turn) && has(Part::Order)
        || (text.contains("systemprompt") || text.contains("youarenow") || text.contains("jailbreak"));
    if !told {
        return Vec::new();
    }
    let (start, end) = (run.origin(0), run.origin(run.text.len().saturating_sub(1)) + 1);
    vec![Signal { kind: Kind::Encoded, strength: Strength::Strong, start, end, shown: None }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_compiles() {
        let phrases = PHRASES.as_ref().expect("the file can be read");
        assert!(phrases.phrase.len() > 40 && phrases.near.len() > 10);
    }
}
