//! Finds the entities, fields, values and quantities that a sentence mentions.

use crate::lexicon::{Lexicon, Named, name_words};
use crate::pattern::Value;
use crate::token::Token;
use maestro_artifacts::FieldKind;
use std::cell::RefCell;
use std::collections::HashMap;

mod fields;
mod quantity;

pub(crate) use quantity::{Quantity, is_date};

/// A field of an entity, by keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct FieldRef {
    pub(crate) entity: String,
    pub(crate) field: String,
}

/// A value that a field may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateRef {
    pub(crate) entity: String,
    pub(crate) field: String,
    pub(crate) value: String,
}

/// What a slot may hold at a place: where each reading ends, and its value.
pub(crate) type Readings = Vec<(usize, Value)>;

/// Where a sentence stands.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) lexicon: &'a Lexicon,
    /// Entities that a bare mention may belong to, the likeliest first.
    pub(crate) focus: Vec<String>,
    /// What the slots of patterns found in the tokens of this scope: many patterns ask the same.
    pub(crate) memo: RefCell<HashMap<(u8, usize), Readings>>,
}

/// Rank of an entity that the surroundings do not suggest.
const FAR: usize = 1000;

impl<'a> Scope<'a> {
    fn rank(&self, entity: &str) -> usize {
        self.focus.iter().position(|focus| focus == entity).unwrap_or(FAR)
    }

    /// Entities whose name stands at `at`, longest first: (end, key).
    pub(crate) fn entity_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, String)> {
        let mut out: Vec<(usize, String)> = Vec::new();
        if idiom(tokens, at) {
            return out;
        }
        for entity in &self.lexicon.entities {
            if let Some(end) = matches(&entity.words, tokens, at) {
                let more = tokens.get(end).is_some_and(|next| next.is("record") || next.is("entry"));
                if more {
                    out.push((end + 1, entity.key.clone()));
                }
                out.push((end, entity.key.clone()));
            } else if let Some(last) = entity.words.last()
                && entity.words.len() > 1
                && tokens.get(at).is_some_and(|token| token.lemma == *last)
                && self.only_head(entity, last)
                && !compound(entity, tokens, at)
            {
                out.push((at + 1, entity.key.clone()));
            } else if let Some(end) =
                self.without_entry(entity, tokens, at).or_else(|| self.without_participle(entity, tokens, at))
            {
                out.push((end, entity.key.clone()));
            }
        }
        out.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        out
    }

    /// "The date of the work", "work can only be entered for ..." of a `work entry`, "the price of equipment" of an `equipment item`,
    /// where nothing else is called so.
    fn without_entry(&self, entity: &Named, tokens: &[Token], at: usize) -> Option<usize> {
        const ENDS: &[&str] = &["must", "mustnot", "may", "mayonly", "be", "have", "per", "by"];
        const PIECES: &[&str] = &["entry", "record", "item", "piece", "unit"];
        let (_, what) = entity.words.split_last().filter(|(last, _)| PIECES.contains(&last.as_str()))?;
        let end = matches(what, tokens, at)?;
        let ends = tokens.get(end).is_none_or(|next| !next.quoted && ENDS.contains(&next.word.as_str()));
        let led = at == 0 || tokens.get(at - 1).is_some_and(|before| before.is("of") || before.is("for"));
        let shared = self.lexicon.entities.iter().any(|other| {
            other.key != entity.key && other.words.starts_with(what)
                || other.fields.iter().any(|field| field.words.starts_with(what))
        });
        let somebody = self.lexicon.roles.iter().any(|role| crate::lexicon::name_words(role) == what);
        (ends && led && !shared && !somebody).then_some(end)
    }

    /// "Parts" of `part used`, where nothing else is called so.
    fn without_participle(&self, entity: &Named, tokens: &[Token], at: usize) -> Option<usize> {
        let [what, done] = entity.words.as_slice() else { return None };
        let token = tokens.get(at).filter(|token| !token.quoted && token.lemma == *what)?;
        let apart = crate::verbs::done_behind(done) && tokens.get(at + 1).is_none_or(|next| next.word != *done);
        let shared = self.lexicon.entities.iter().any(|other| {
            other.key != entity.key && other.words.contains(what)
                || other.fields.iter().any(|field| field.words.first() == Some(what))
        });
        let somebody = self.lexicon.roles.iter().any(|role| name_words(role).contains(what));
        (apart && !shared && !somebody && token.field.is_none()).then_some(at + 1)
    }

    /// "batch" means the `concrete batch` where no other entity is called so.
    fn only_head(&self, entity: &Named, head: &str) -> bool {
        !self
            .lexicon
            .entities
            .iter()
            .any(|other| other.key != entity.key && other.words.last().is_some_and(|word| word == head))
    }

    /// Readings of the value at `at`, longest first: each end has all entities' readings of it, the likeliest first.
    pub(crate) fn state_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, Vec<StateRef>)> {
        let mut found: Vec<(usize, usize, StateRef)> = Vec::new();
        for entity in &self.lexicon.entities {
            for (field, value) in entity.values() {
                let quoted = tokens.get(at).is_some_and(|token| token.quoted && token.word == value.to_lowercase());
                let words = name_words(value);
                // "a checked-in visit" is one that is `checked in`.
                let joined = words.len() > 1
                    && tokens.get(at).is_some_and(|token| token.word.contains('-') && token.lemma == words.concat());
                let end = if quoted || joined { Some(at + 1) } else { matches(&words, tokens, at) };
                if let Some(end) = end {
                    let state =
                        StateRef { entity: entity.key.clone(), field: field.to_owned(), value: value.to_owned() };
                    found.push((end, self.rank(&entity.key), state));
                }
            }
        }
        let mut ends: Vec<usize> = found.iter().map(|(end, _, _)| *end).collect();
        ends.sort_unstable_by(|a, b| b.cmp(a));
        ends.dedup();
        ends.into_iter()
            .map(|end| {
                let mut here: Vec<&(usize, usize, StateRef)> = found.iter().filter(|(e, _, _)| *e == end).collect();
                here.sort_by_key(|(_, rank, _)| *rank);
                (end, here.into_iter().map(|(_, _, state)| state.clone()).collect())
            })
            .collect()
    }

    /// A list of values `a, b or c`, longest first.
    pub(crate) fn states_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, Vec<Vec<StateRef>>)> {
        let mut out = Vec::new();
        let mut list = Vec::new();
        let mut position = at;
        while let Some((end, state)) = self.state_at(tokens, position).into_iter().next() {
            list.push(state);
            out.push((end, list.clone()));
            position = separator(tokens, end);
            if position == end {
                break;
            }
        }
        out.reverse();
        out
    }

    /// The entity of the first focus, if any.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.focus.first().map(String::as_str)
    }

    /// The type of a field.
    pub(crate) fn kind(&self, field: &FieldRef) -> Option<&'a FieldKind> {
        self.lexicon.field(field).map(|field| &field.kind)
    }

    /// The entity that a reference field points to.
    pub(crate) fn target(&self, field: &FieldRef) -> Option<&'a str> {
        match self.kind(field)? {
            FieldKind::Reference { entity } => Some(entity),
            _ => None,
        }
    }

    /// Entities mentioned anywhere in the tokens, in order.
    pub(crate) fn mentioned(&self, tokens: &[Token]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            // "The parts cost of an order" speaks of no parts.
            let field = |end: usize| {
                let whole = |named: &Named| {
                    let words = named.fields.iter().map(|field| &field.words);
                    words.filter(|words| words.len() > 1).filter_map(|words| matches(words, tokens, at)).max()
                };
                self.lexicon.entities.iter().filter_map(whole).max().filter(|longer| *longer > end)
            };
            match self.entity_at(tokens, at).into_iter().next() {
                Some((end, entity)) => {
                    if let Some(longer) = field(end) {
                        at = longer;
                        continue;
                    }
                    if !out.contains(&entity) {
                        out.push(entity);
                    }
                    at = end;
                }
                None => at += 1,
            }
        }
        out
    }
}

/// "In review", "under repair": without an article this is how something stands, and no record of that name.
fn idiom(tokens: &[Token], at: usize) -> bool {
    let bare = |token: &Token| token.article.is_none() && !token.quoted && token.word == token.lemma;
    let stands = |token: &Token| token.is("in") || token.is("under");
    tokens.get(at).is_some_and(bare) && at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(stands)
}

/// "An order line belongs to ...": the head of a `purchase order` is but the first word of another name.
fn compound(entity: &Named, tokens: &[Token], at: usize) -> bool {
    let (Some(next), Some(verb)) = (tokens.get(at + 1), tokens.get(at + 2)) else { return false };
    let noun = next.word.len() > 2
        && next.word.chars().all(char::is_alphabetic)
        && !next.quoted
        && !crate::engine::MODALS.contains(&next.lemma.as_str())
        && !matches!(next.word.as_str(), "that" | "with" | "without" | "and" | "for" | "from" | "moves" | "goes")
        && !entity.fields.iter().any(|field| field.words.first() == Some(&next.lemma));
    at == 0
        && tokens.first().is_some_and(|first| matches!(first.article, Some("a" | "an" | "each" | "every")))
        && noun
        && matches!(verb.lemma.as_str(), "belong" | "have" | "contain" | "record" | "consist")
}

/// Where the words stand at `at`, the end.
fn matches(words: &[String], tokens: &[Token], at: usize) -> Option<usize> {
    if words.is_empty() {
        return None;
    }
    let (mut position, mut rest) = (at, words);
    while let Some((word, more)) = rest.split_first() {
        let token = tokens.get(position).filter(|token| token.field.is_none())?;
        // "starts_at" is what machines call "starts at".
        let parts = if token.word.contains('_') { name_words(&token.word) } else { Vec::new() };
        rest = match rest.strip_prefix(parts.as_slice()) {
            Some(behind) if !parts.is_empty() => behind,
            _ if token.lemma == *word || token.word == *word => more,
            _ => return None,
        };
        position += 1;
    }
    Some(position)
}

/// The same for a name such as `tuner's name`, which is told with the mark.
fn matches_possessive(words: &[String], tokens: &[Token], at: usize) -> Option<usize> {
    let mut position = at;
    for (k, word) in words.iter().enumerate() {
        position += usize::from(k > 0 && tokens.get(position).is_some_and(|token| token.word == "'s"));
        tokens.get(position).filter(|token| token.field.is_none() && (token.lemma == *word || token.word == *word))?;
        position += 1;
    }
    Some(position)
}

/// Behind `,`, `and`, `or` and `, and`.
pub(crate) fn separator(tokens: &[Token], at: usize) -> usize {
    let is = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|token| !token.quoted && words.contains(&token.word.as_str()))
    };
    if is(at, &[","]) {
        if is(at + 1, &["and", "or", "then"]) { at + 2 } else { at + 1 }
    } else if is(at, &["and", "or", "/"]) {
        at + 1
    } else {
        at
    }
}
