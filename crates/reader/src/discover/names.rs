//! The names of fields in a sentence: where one ends, and what stands around it.

use super::describe::{Item, Sentence};
use super::facet::{self, Place};
use super::opening::{possessor, predicate};
use super::words::{bounds, raw, starts};
use crate::fields::akin;
use crate::fields::infer;
use crate::fields::item;
use crate::fields::note::{self, Notes};
use crate::fields::phrase;
use crate::lexicon::name_words;
use crate::normal;
use crate::token::Token;

/// Words that tell when something holds, in front of what happens then.
const WHEN: &[&str] =
    &["after", "before", "since", "upon", "during", "as", "by", "from", "on", "at", "with", "in", "for"];

const DETERMINERS: &[&str] =
    &["a", "an", "the", "its", "their", "my", "your", "our", "his", "her", "one", "exactly", "1"];

impl Sentence<'_> {
    /// A name from `at` on: what stands before a mark, a predicate, or what is noted of it.
    pub(super) fn name(&self, at: usize) -> Option<(String, usize)> {
        if let Some(named) = self.named_behind(at) {
            return Some(named);
        }
        let (name, end) = self.plain_name(at)?;
        // "An existing boat" is a boat that must be there.
        let led = [Some(at), at.checked_sub(1)]
            .into_iter()
            .flatten()
            .any(|at| self.words.get(at).is_some_and(|token| token.word == "an"));
        let record = name.strip_prefix("existing ").filter(|_| led);
        Some((record.map(str::to_owned).unwrap_or(name), end))
    }

    fn plain_name(&self, at: usize) -> Option<(String, usize)> {
        const NEVER: &[&str] = &[
            "no",
            "any",
            "unlimited",
            "arbitrary",
            "apart",
            "except",
            "besides",
            "everything",
            "everyone",
            "nothing",
            "anything",
            "if",
            "when",
            "only",
            "than",
            "or",
            "unless",
            "it",
            "they",
            "we",
            "i",
            "there",
            "same",
            "all",
            "any",
            "both",
            "each",
            "every",
            "other",
            "them",
            "these",
            "this",
            "must",
            "would",
            "will",
            "to",
            "by",
            "until",
            "while",
            "once",
            "new",
            "following",
        ];
        let mut end = at;
        while let Some(token) = self.words.get(end) {
            let word = token.word.as_str();
            if token.quoted
                || bounds(&self.words, end)
                || predicate(&self.words, end)
                || matches!(word, "which" | "that" | "who" | "where")
            {
                break;
            }
            // "The deposit of a booking": whose it is is no part of its name.
            if end > at
                && let Some((owner, behind)) = possessor(self.engine, &self.words, end)
                && owner == self.owner
            {
                let name = raw(self.words.get(at..end)?);
                return self.names_field(&name).then_some((name, behind));
            }
            // "a donation for the youth team": what it is for is no part of its name.
            if end > at && self.aside(end) > end {
                break;
            }
            // "The number of helpers needed" is a name; "needed" notes something only behind a comma or a verb.
            let named = word == "needed" && self.words.get(end + 1).is_none_or(|_| bounds(&self.words, end + 1));
            if end > at && !named && facet::run(&self.words, end, Place::List, &mut Notes::default()).is_some() {
                break;
            }
            let plain = word == "'s"
                || word.starts_with(char::is_alphabetic)
                    && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
            // "After a booking is checked out, ..." says when.
            let article = |at: usize| {
                self.words
                    .get(at)
                    .is_some_and(|next| matches!(next.word.as_str(), "a" | "an" | "the" | "each" | "every"))
            };
            let soon =
                || starts(&self.words, at, "as soon as").is_some() || starts(&self.words, at, "as long as").is_some();
            let when = end == at && (WHEN.contains(&word) && article(at + 1) || soon());
            if !plain || when || NEVER.contains(&word) {
                return None;
            }
            end += 1;
        }
        let part = self.words.get(at..end).filter(|part| (1..=5).contains(&part.len()))?;
        if part.last().is_some_and(|last| {
            matches!(last.word.as_str(), "of" | "for" | "in" | "with" | "from" | "at" | "'s")
                || last.word == "on" && part.len() == 2 && part.first().is_some_and(|first| first.is("date"))
        }) {
            return None;
        }
        let name = item::without_owner(&raw(part), &self.owner);
        self.names_field(&name).then_some((name, end))
    }

    /// Where words that say what a field is for end: `for the youth team`.
    pub(super) fn aside(&self, at: usize) -> usize {
        let led = self.words.get(at).is_some_and(|token| token.word == "for")
            && self.words.get(at + 1).is_some_and(|token| matches!(token.word.as_str(), "the" | "our" | "my"));
        let those = starts(&self.words, at, "for those who").or_else(|| starts(&self.words, at, "for those that"));
        if those.is_some() {
            return (at..self.words.len())
                .find(|at| self.words.get(*at).is_some_and(|token| matches!(token.word.as_str(), "," | ";" | "(")))
                .unwrap_or(self.words.len());
        }
        let end = (at..self.words.len()).find(|at| {
            bounds(&self.words, *at)
                || predicate(&self.words, *at)
                || self.words.get(*at).is_some_and(|token| token.word == "which")
        });
        if led { end.unwrap_or(self.words.len()) } else { at }
    }

    /// "the date until which it is airworthy (airworthy until)": the name stands in parentheses behind its meaning.
    fn named_behind(&self, at: usize) -> Option<(String, usize)> {
        let open = (at..self.words.len()).find(|at| {
            self.words.get(*at).is_some_and(|token| matches!(token.word.as_str(), "(" | "," | ";" | "and" | "or"))
        })?;
        self.words.get(open).filter(|token| token.word == "(")?;
        let clause = self
            .words
            .get(at..open)?
            .iter()
            .any(|token| matches!(token.word.as_str(), "which" | "it" | "they" | "that" | "who"));
        let close = (open..self.words.len()).find(|at| self.words.get(*at).is_some_and(|token| token.word == ")"))?;
        let part = self.words.get(open + 1..close).filter(|part| clause && (1..=3).contains(&part.len()))?;
        let plain = part.iter().all(|token| token.word.chars().all(char::is_alphabetic));
        let facet = facet::run(&self.words, open + 1, Place::Apart, &mut Notes::default()).is_some();
        (plain && !facet).then(|| (raw(part), close + 1))
    }

    /// Whether a name can be a field's: the plural of a kind of record names many of them, and a role is somebody.
    fn names_field(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let lexicon = self.engine.lexicon;
        let many = lexicon.entities.iter().any(|entity| entity.plural == lower && entity.name != lower);
        let own = lexicon.find(&self.owner).is_some_and(|owner| owner.words == name_words(name));
        const NOTHING: &[&str] =
            &["field", "fields", "following", "data", "information", "details", "look", "right", "way", "reason why"];
        // "The total weight of the items" is worked out of them.
        let worked_out = lower.rsplit_once(" of ").is_some_and(|(what, of)| {
            let records = name_words(of);
            let sum = what.split(' ').next().is_some_and(|first| matches!(first, "total" | "sum" | "combined"));
            // "The fees of accepted jobs": one of each.
            let many = |entity: &crate::lexicon::Named| {
                of.ends_with(&entity.plural)
                    && what.ends_with('s')
                    && entity.fields.iter().any(|field| field.words == name_words(what))
            };
            lexicon.entities.iter().any(|entity| sum && entity.words.ends_with(&records) || many(entity))
        });
        !many && !own && !worked_out && !NOTHING.contains(&lower.as_str())
    }

    /// Whether fields of the record begin or end with this name, and none is called so: "the minimum" of several.
    pub(super) fn part_of_names(&self, name: &str) -> bool {
        let part = name_words(name);
        self.engine.lexicon.find(&self.owner).is_some_and(|named| {
            let longer =
                |words: &[String]| words.len() > part.len() && (words.starts_with(&part) || words.ends_with(&part));
            named.fields.iter().any(|field| longer(&field.words))
        })
    }

    /// The field of the record that goes by this name.
    pub(super) fn known(&self, name: &str) -> Option<String> {
        let named = self.engine.lexicon.find(&self.owner)?;
        if let Some(field) = named.find(name) {
            return Some(field.name.clone());
        }
        let inner = self.inner();
        let words = normal::normalise(&format!("the {name}"), self.engine.lexicon);
        let found = inner.scope(&words).field_at(&words, 0);
        let mut whole = found.into_iter().filter(|(end, field)| *end == words.len() && field.entity == named.key);
        let whole = whole.next().and_then(|(_, field)| named.field(&field.field));
        akin::per(named, name).or(whole).or_else(|| akin::field(named, name)).map(|field| field.name.clone())
    }

    /// Whether a new name may be another one for a field that the sentence does not name.
    pub(super) fn unclear(&self, name: &str) -> bool {
        let lexicon = self.engine.lexicon;
        let kind = infer::kind(name, &self.owner, lexicon);
        let told: Vec<Vec<String>> = self.items.iter().map(|item| name_words(&item.name)).collect();
        let of = lexicon.find(&self.owner).filter(|_| self.known(name).is_none());
        of.is_some_and(|named| akin::unclear(named, name, &kind, &told))
    }

    /// "whether I am a club member": a yes/no field.
    pub(super) fn flag(&mut self, at: usize, mut notes: Notes) -> Option<usize> {
        let end = (at..self.words.len()).find(|at| bounds(&self.words, *at)).unwrap_or(self.words.len());
        let part = self.words.get(at..end)?;
        let pronoun =
            part.first().is_some_and(|token| matches!(token.word.as_str(), "i" | "it" | "they" | "he" | "she"));
        // "whether I am a club member" asks whether one is a club member.
        let asked: Vec<&str> = part
            .get(usize::from(pronoun)..)?
            .iter()
            .map(|token| if token.word == "am" { "is" } else { token.raw.as_str() })
            .filter(|word| !matches!(*word, "a" | "an" | "the"))
            .collect();
        let name = phrase::flag(&asked).filter(|name| pronoun && name.split(' ').count() <= 3)?;
        note::read("yes/no", self.engine.lexicon, &mut notes);
        let end = self.notes_behind(end, Place::List, &mut notes)?;
        self.last = vec![self.items.len()];
        self.items.push(Item { name, notes });
        Some(end)
    }
}

/// Whether a word says whose something is.
fn whose(token: &Token) -> bool {
    matches!(token.word.as_str(), "its" | "their" | "my" | "your" | "our" | "his" | "her")
}

/// Behind determiners and words such as `optional`; whether a determiner stood there.
pub(super) fn determined(tokens: &[Token], at: usize, notes: &mut Notes) -> (usize, bool) {
    let mut at = at;
    let mut led = false;
    while let Some(token) = tokens.get(at).filter(|token| !token.quoted) {
        match token.word.as_str() {
            // "exactly one instructor": none is not one.
            "exactly" if tokens.get(at + 1).is_some_and(|next| matches!(next.word.as_str(), "one" | "1")) => {
                notes.required = true;
            }
            word if DETERMINERS.contains(&word) => led = true,
            // "their own code"; an own contribution is called so.
            "own" if at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(whose) => {}
            "optional" | "optionally" => notes.optional = true,
            "required" | "mandatory" => notes.required = true,
            "unique" => notes.unique = true,
            "also" => {}
            _ => break,
        }
        at += 1;
    }
    (at, led)
}
