//! Sentences that no pattern knows, understood by what they speak of: which records, fields, states and figures they name, the
//! few words that tell what is demanded of these, and nothing else.
//!
//! Order and grammar hardly matter here, so every word has to be one of a name, of the demand or of the glue between them:
//! one word more and the sentence is left alone. What is understood is told in the wording of the patterns where that is
//! possible, and is held to all words of its statement like any other reading.

mod alike;
mod counted;
mod frozen;
mod gone;
mod lists;
mod needs;
mod once;
mod parts;
mod remarks;
mod rights;
mod spans;
mod sums;
mod totals;
mod worded;

use crate::effect::Effect;
use crate::engine::{Engine, PRONOUNS};
use crate::normal;
use parts::Parts;

/// One kind of demand: what it makes of what a sentence names.
type Kind = fn(&Parts<'_>) -> Option<Vec<Effect>>;

const KINDS: &[Kind] = &[
    rights::read,
    needs::read,
    frozen::read,
    gone::read,
    alike::read,
    sums::read,
    counted::read,
    once::read,
    spans::between,
    lists::searched,
];

/// Reads a sentence that the patterns do not know.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    totals::read(engine, text)
        .or_else(|| clause(engine, text))
        .or_else(|| worded::read(engine, text))
        .or_else(|| spans::read(engine, text))
        .or_else(|| lists::read(engine, text))
        .or_else(|| remarks::without(engine, text))
        .or_else(|| joined(engine, text))
}

fn clause(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let tokens = normal::normalise(text, engine.lexicon);
    let scope = engine.scope(&tokens);
    let parts = Parts { engine, scope: &scope, tokens: &tokens };
    KINDS.iter().find_map(|kind| kind(&parts))
}

/// "Delivered orders must not be altered, and no lines can be added to them": one of the two by the patterns, the other one
/// by what it names.
fn joined(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    ["; ", ", and ", " and ", ", but "].iter().find_map(|joint| {
        let (first, second) = text.split_once(joint)?;
        // "... has a tag and a price; it is required": which of them?
        let taken_up = second.split(' ').next().is_some_and(|word| PRONOUNS.contains(&word.to_lowercase().as_str()));
        (!taken_up).then_some(())?;
        let mut effects = engine.any_reading(first).ok().or_else(|| clause(engine, first))?;
        let mut topics = engine.scope(&normal::normalise(first, engine.lexicon)).focus;
        topics.extend(engine.topics.iter().cloned());
        let after = Engine { lexicon: engine.lexicon, topics };
        effects.extend(after.any_reading(second).ok().or_else(|| clause(&after, second))?);
        Some(effects)
    })
}
