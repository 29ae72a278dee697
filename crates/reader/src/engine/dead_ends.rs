//! Clauses of a sentence that lead nowhere, remembered while it is being read.
//!
//! Long sentences are parted and told in other words in many ways, and most of these come back to the same few clauses.

use super::Engine;
use crate::token::Token;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// What was not understood of a clause.
type Gap = Option<Range<usize>>;

#[derive(Default)]
struct Known {
    /// How many readings are under way, one within the other.
    inside: u32,
    gaps: HashMap<Key, Gap>,
}

/// Two hashes of the words, of what stands around them and of how deep they lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key(u64, u64);

thread_local!(static KNOWN: RefCell<Known> = RefCell::default());

impl Key {
    pub(super) fn of(engine: &Engine<'_>, tokens: &[Token], depth: u8) -> Self {
        let hash = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, depth, std::ptr::from_ref(engine.lexicon) as usize, engine.lexicon.size(), &engine.topics)
                .hash(&mut hasher);
            for token in tokens {
                (&token.word, &token.lemma, &token.raw, token.start, token.end, token.quoted, token.article)
                    .hash(&mut hasher);
                token.field.as_ref().map(|field| (&field.entity, &field.field)).hash(&mut hasher);
            }
            hasher.finish()
        };
        Self(hash(0), hash(1))
    }
}

/// The reading of a clause, or the gap that an earlier try of the same left.
pub(super) fn unless_known<T>(key: Key, read: impl FnOnce() -> Result<T, Gap>) -> Result<T, Gap> {
    if let Some(gap) = KNOWN.with_borrow(|known| known.gaps.get(&key).cloned()) {
        return Err(gap);
    }
    KNOWN.with_borrow_mut(|known| known.inside += 1);
    let read = read();
    KNOWN.with_borrow_mut(|known| {
        known.inside -= 1;
        if known.inside == 0 {
            // The next sentence may be read with other names.
            known.gaps.clear();
        } else if let Err(gap) = &read {
            known.gaps.insert(key, gap.clone());
        }
    });
    read
}
