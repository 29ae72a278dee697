//! Kinds of records that an epic speaks of throughout, told by how its nouns are used rather than by one sentence.
//!
//! A sentence that introduces a record may say more than is understood ("a race needs a title of ..."). The other
//! sentences must not fail for that: a noun with enough evidence is known as a kind of record from the start. What
//! no understood sentence gives a field never reaches the model.

use crate::lexicon::{Lexicon, name_words, one_of};
use crate::token::{Token, tokens};
use maestro_domain::{Epic, Statement, StatementId, StatementKind};
use std::collections::BTreeMap;

/// What was seen of one noun.
#[derive(Debug, Default)]
struct Evidence {
    /// "A race needs a title", "for each race we store": things are said to be recorded of it.
    holds: usize,
    /// "No two races", "each race", "the same race": there are many.
    many: usize,
    /// "Of a race", "the race's": others belong to it.
    owns: usize,
    /// "I want to announce a race", "the system shall store races": it is made or kept.
    kept: usize,
    /// A heading is called so.
    headed: usize,
    /// "A race can be closed": something is done with it.
    done: usize,
    /// "Runners can be searched by", "a runner cannot be deleted": only what is kept can be.
    looked: usize,
    /// "A race needs a title": it is what another noun holds.
    held: usize,
    source: Option<StatementId>,
}

impl Evidence {
    fn kinds(&self) -> usize {
        [self.holds, self.many, self.owns, self.kept, self.headed, self.done, self.looked]
            .iter()
            .filter(|count| **count > 0)
            .count()
    }

    fn bears(&self, role: bool) -> bool {
        let told = self.holds > 0 && (self.kinds() > 1 || self.holds > 1);
        let used = self.held == 0
            && self.kinds() > 2
            && (self.headed > 0 || self.kept > 0)
            && (self.many > 0 || self.owns > 0);
        let kept = self.looked > 0 && self.held == 0 && (self.many > 0 || self.owns > 0);
        told || kept || used && !role
    }
}

/// The nouns that stand for kinds of records, with the statement that speaks of them first.
pub(crate) fn records(epic: &Epic) -> Vec<(String, StatementId)> {
    let mut seen: BTreeMap<String, Evidence> = BTreeMap::new();
    let mut roles: Vec<String> = Vec::new();
    for statement in epic.statements.iter().filter(|statement| statement.deferred.is_none()) {
        let words = tokens(&statement.text);
        roles.extend(role(&words));
        if statement.kind != StatementKind::Narrative {
            sentence(&words, statement, &mut seen);
        }
    }
    for heading in epic.statements.iter().flat_map(|statement| statement.section.last()) {
        let words = tokens(heading);
        if let Some(name) = name(&words) {
            // Each statement below it counts the heading once more, which does not matter.
            if let Some(evidence) = seen.get_mut(&name) {
                evidence.headed += 1;
            }
        }
    }
    let borne: Vec<(String, StatementId)> = seen
        .iter()
        .filter(|(name, evidence)| evidence.bears(roles.contains(name)))
        .filter_map(|(name, evidence)| Some((name.clone(), evidence.source.clone()?)))
        .collect();
    // "Pruning job" and "job" are one.
    let longer =
        |name: &str| borne.iter().any(|(other, _)| other.len() > name.len() && other.ends_with(&format!(" {name}")));
    borne.iter().filter(|(name, _)| !longer(name)).cloned().collect()
}

/// Adds the nouns that nothing else names. What the pass before knew as a kind of record is no mere field now.
pub(crate) fn introduce(lexicon: &mut Lexicon, before: &Lexicon, found: &[(String, StatementId)]) {
    for (name, source) in found {
        let words = name_words(name);
        let head = words.last();
        let kept = before.entities.iter().any(|entity| entity.words == words);
        let known = lexicon.entities.iter().any(|entity| {
            entity.words == words
                || entity.words.last() == head && (entity.words.len() == 1 || words.len() == 1)
                || !kept && entity.fields.iter().any(|field| field.words == words && !field.key.ends_with("_id"))
                || entity.values().iter().any(|(_, value)| name_words(value) == words)
        });
        // Who takes part is described by no fields, unless something else says so.
        let somebody = before.roles.iter().any(|role| name_words(role) == words);
        if !known && !somebody {
            lexicon.add_entity(name, source);
        }
    }
}

/// Titles over fields that end in a word for any list or table and are names all the same: the epic speaks of panel models, and
/// of no panels.
pub(crate) fn titles(epic: &Epic) -> Vec<Vec<String>> {
    const ENDS: &[&str] = &[
        "model", "list", "record", "form", "register", "table", "object", "section", "resource", "note", "entity",
        "data",
    ];
    let listed = epic.statements.iter().filter(|one| !one.items.is_empty() || !one.table.is_empty());
    let titles = listed.flat_map(|one| std::iter::once(&one.text).chain(one.section.last()));
    let mut known: Vec<Vec<String>> = Vec::new();
    for words in titles.map(|title| name_words(title)) {
        let named = words.last().is_some_and(|last| ENDS.contains(&last.as_str())) && (2..=4).contains(&words.len());
        if named && !known.contains(&words) {
            known.push(words);
        }
    }
    if known.is_empty() {
        return known;
    }
    let texts = epic.statements.iter().flat_map(|one| {
        let cells = one.table.iter().flatten();
        std::iter::once(&one.text).chain(&one.items).chain(cells).map(|text| name_words(text))
    });
    let texts: Vec<Vec<String>> = texts.filter(|text| !known.contains(text)).collect();
    let count = |part: &[String], behind: Option<&String>| {
        let at = |text: &Vec<String>| {
            let ends = |end: usize| text.get(end).is_none_or(|next| Some(next) != behind);
            (0..text.len()).filter(|at| text.get(*at..at + part.len()) == Some(part) && ends(at + part.len())).count()
        };
        texts.iter().map(at).sum::<usize>()
    };
    let whole = |words: &Vec<String>| {
        words.split_last().is_some_and(|(last, short)| count(words, None) > count(short, Some(last)))
    };
    known.retain(whole);
    known
}

const DETERMINERS: &[&str] = &["a", "an", "the", "each", "every", "no", "any", "another", "this", "that", "one"];
/// What is done to records alone.
const LOOKS: &[&str] = &["searched", "filtered", "sorted", "exported", "downloaded", "listed", "deleted"];
/// Words that end a noun phrase.
const ENDS: &[&str] = &[
    "has",
    "have",
    "had",
    "needs",
    "need",
    "must",
    "can",
    "may",
    "is",
    "are",
    "was",
    "were",
    "be",
    "shall",
    "should",
    "will",
    "cannot",
    "can't",
    "of",
    "for",
    "with",
    "without",
    "that",
    "which",
    "who",
    "whose",
    "and",
    "or",
    "in",
    "on",
    "at",
    "to",
    "by",
    "from",
    "as",
    "if",
    "when",
    "while",
    "once",
    "starts",
    "begins",
    "belongs",
    "links",
    "records",
    "contains",
    "consists",
    "requires",
    "gets",
    "moves",
    "goes",
    "becomes",
    "so",
    "than",
    "then",
    "until",
    "unless",
    "only",
    "not",
    "'s",
    "refers",
    "carries",
    "still",
    "also",
    "already",
    "never",
    "always",
    "currently",
    "usually",
    "often",
    "just",
    "there",
    "here",
    "does",
    "do",
    "it",
    "they",
    "we",
    "i",
    "you",
    "has",
    "includes",
    "holds",
    "shows",
    "stands",
    "after",
    "before",
    "per",
    "but",
];
const HOLDS: &[&str] = &[
    "has", "have", "needs", "need", "requires", "require", "records", "contains", "contain", "consists", "includes",
    "include", "holds", "carries", "belongs", "belong", "links", "refers", "gets", "states",
];
const DOES: &[&str] = &[
    "must", "can", "may", "shall", "should", "cannot", "can't", "starts", "begins", "is", "are", "will", "moves",
    "becomes",
];
const KEEPS: &[&str] = &[
    "register", "record", "add", "create", "enter", "manage", "keep", "maintain", "announce", "book", "plan", "log",
    "store", "edit", "delete", "track", "schedule", "save", "describe", "list", "propose", "order", "request",
    "submit", "update", "remove",
];
/// Nouns of every epic.
const COMMON: &[&str] = &[
    "system",
    "service",
    "application",
    "app",
    "user",
    "list",
    "page",
    "report",
    "file",
    "csv",
    "field",
    "value",
    "status",
    "state",
    "stage",
    "phase",
    "name",
    "date",
    "time",
    "number",
    "total",
    "change",
    "role",
    "time",
    "record",
    "entry form",
    "form",
    "day",
    "week",
    "month",
    "year",
    "person",
    "people",
    "anyone",
    "everyone",
    "nobody",
    "one",
    "error",
    "message",
    "search",
    "order in which",
    "range",
    "period",
    "sum",
    "count",
    "text",
    "case",
    "rule",
    "way",
    "thing",
    "data",
    "overview",
    "export",
    "filter",
    "amount",
    "screen",
    "software",
    "team",
    "office",
    "story",
    "scenario",
    "description",
    "example",
    "word",
    "letter",
    "digit",
    "character",
    "limit",
    "kind",
];

/// The singular of a noun phrase of one to three plain words.
fn name(words: &[Token]) -> Option<String> {
    let plain = |token: &Token| {
        !token.quoted && token.word.len() > 1 && token.word.chars().all(|c| c.is_alphabetic() || c == '-')
    };
    ((1..=3).contains(&words.len()) && words.iter().all(plain)).then_some(())?;
    let told = words.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ");
    let one = one_of(&told).to_lowercase();
    let head = one.rsplit(' ').next().unwrap_or_default();
    let common = COMMON.contains(&one.as_str())
        || words.len() == 1 && COMMON.contains(&head)
        || words.iter().any(|token| ENDS.contains(&token.word.as_str()));
    let filler = [
        "new",
        "same",
        "other",
        "own",
        "whole",
        "single",
        "given",
        "following",
        "certain",
        "maximum",
        "total",
        "optional",
        "valid",
    ];
    (!common && !words.first().is_some_and(|first| filler.contains(&first.word.as_str()))).then_some(one)
}

/// "As a race director, ...": who wishes.
fn role(words: &[Token]) -> Option<String> {
    let at = words.first().filter(|first| first.is("as")).map(|_| 1)?;
    let from = at + usize::from(words.get(at).is_some_and(|token| matches!(token.word.as_str(), "a" | "an" | "the")));
    let end = (from..words.len())
        .find(|at| words.get(*at).is_some_and(|token| matches!(token.word.as_str(), "," | "i" | "we")))?;
    name(words.get(from..end)?)
}

fn sentence(words: &[Token], statement: &Statement, seen: &mut BTreeMap<String, Evidence>) {
    let is = |at: usize, list: &[&str]| {
        words.get(at).is_some_and(|token| !token.quoted && list.contains(&token.word.as_str()))
    };
    // Where a noun phrase that begins at `from` ends.
    let end_of = |from: usize| {
        (from..words.len().min(from + 4))
            .find(|at| {
                words.get(*at).is_none_or(|token| {
                    ENDS.contains(&token.word.as_str()) || !token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                })
            })
            .unwrap_or(words.len().min(from + 4))
    };
    let mut note = |from: usize, end: usize, count: fn(&mut Evidence) -> &mut usize| {
        if let Some(name) = words.get(from..end).and_then(name) {
            let evidence = seen.entry(name).or_default();
            *count(evidence) += 1;
            evidence.source.get_or_insert_with(|| statement.id.clone());
        }
    };
    for at in 0..words.len() {
        let determined = is(at, DETERMINERS);
        let begins = at == 0 || is(at - 1, &[".", ";", ",", "and", "that", "if", "when"]);
        // "Races have ...", "A race has ..."
        let from = if determined { at + 1 } else { at };
        if determined || begins {
            let end = end_of(from);
            if end > from && is(end, HOLDS) && !is(end + 1, &["to", "been"]) {
                note(from, end, |evidence| &mut evidence.holds);
                // "... needs a title"
                if is(end + 1, &["a", "an", "the", "its"]) {
                    let object = end_of(end + 2);
                    note(end + 2, object, |evidence| &mut evidence.held);
                }
            } else if end > from
                && is(end, &["can", "may", "must", "cannot", "shall"])
                && is(end + 1, &["be"])
                && is(end + 2, LOOKS)
            {
                note(from, end, |evidence| &mut evidence.looked);
            } else if end > from && is(end, DOES) && determined {
                note(from, end, |evidence| &mut evidence.done);
            }
        }
        // "For each race we store ..."
        if is(at, &["for", "of"]) && is(at + 1, &["each", "every", "a", "an"]) {
            let end = end_of(at + 2);
            let stores = (end..words.len().min(end + 4))
                .any(|at| is(at, &["store", "keep", "record", "note", "need", "track", "save"]));
            if is(at, &["for"]) && stores {
                note(at + 2, end, |evidence| &mut evidence.holds);
            } else if is(at, &["of"]) {
                note(at + 2, end, |evidence| &mut evidence.owns);
            }
        }
        if is(at, &["each", "every", "same", "another"]) || is(at, &["no"]) && is(at + 1, &["two"]) {
            let from = at + 1 + usize::from(is(at, &["no"]));
            note(from, end_of(from), |evidence| &mut evidence.many);
        }
        if is(at, &["'s"]) && at > 1 {
            let from = (0..at).rev().find(|at| is(*at, DETERMINERS)).map_or(at, |at| at + 1);
            note(from, at, |evidence| &mut evidence.owns);
        }
        if is(at, KEEPS)
            && (is(at.wrapping_sub(1), &["to", "shall", "must", "and", "or", "can", "may", "i", "we", "should"]))
        {
            let from = at + 1 + usize::from(is(at + 1, DETERMINERS) || is(at + 1, &["my", "our", "new", "all"]));
            let from = from + usize::from(is(from, &["new"]));
            note(from, end_of(from), |evidence| &mut evidence.kept);
        }
    }
}
