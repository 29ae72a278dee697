//! Sentences that no pattern knows, understood by what they speak of: which records, fields, states and figures they name, the
//! few words that tell what is demanded of these, and nothing else.
//!
//! Order and grammar hardly matter here, so every word has to be one of a name, of the demand or of the glue between them:
//! one word more and the sentence is left alone. What is understood is told in the wording of the patterns where that is
//! possible, and is held to all words of its statement like any other reading.

mod alike;
mod barred;
mod counted;
mod frozen;
mod gone;
mod lists;
mod needs;
mod once;
mod parts;
mod remarks;
pub(crate) mod reworded;
mod rights;
mod ruled_out;
mod spans;
pub(crate) mod sums;
mod totals;
pub(crate) mod turned;
mod worded;

use crate::effect::Effect;
use crate::engine::{Engine, PRONOUNS, half_asked};
use crate::normal;
use maestro_artifacts::{FieldKind, RuleKind};
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
    barred::read,
    ruled_out::read,
];

/// Reads a sentence that the patterns do not know.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    totals::read(engine, text)
        .or_else(|| clause(engine, text))
        .or_else(|| worded::read(engine, text))
        .or_else(|| spans::read(engine, text))
        .or_else(|| spans::inside(engine, text))
        .or_else(|| sums::of_children(engine, text))
        .or_else(|| lists::read(engine, text))
        .or_else(|| turned::read(engine, text))
        .or_else(|| reworded::read(engine, text))
        .or_else(|| remarks::without(engine, text))
        .or_else(|| joined(engine, text))
        .filter(|effects| names_nothing(engine, effects) && keeps_whole(engine, text, effects))
}

/// Whether nothing is made up: what a field is called is told by a sentence that describes records, and not by one that has to
/// be taken apart.
fn names_nothing(engine: &Engine<'_>, effects: &[Effect]) -> bool {
    effects.iter().all(|effect| match effect {
        Effect::Field { entity, name, read_only: false, .. } => {
            engine.lexicon.find(entity).is_some_and(|named| named.find(name).is_some())
        }
        Effect::Entity { name } => engine.lexicon.find(name).is_some(),
        _ => true,
    })
}

/// "Is a whole number between 1 and 40 with a default of 20": the bounds of whole numbers, or nothing.
fn keeps_whole(engine: &Engine<'_>, text: &str, effects: &[Effect]) -> bool {
    let whole = ["whole number", "integer"].iter().any(|word| text.contains(word));
    !whole
        || effects.iter().all(|effect| match effect {
            Effect::Rule(RuleKind::Range { entity, field, .. }) => {
                let named = engine.lexicon.entity(entity).and_then(|entity| entity.field(field));
                named.is_some_and(|named| named.kind == FieldKind::Integer)
            }
            _ => true,
        })
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
    const JOINTS: &[&str] = &["; ", ", and ", " and ", ", but ", " but "];
    let places = JOINTS.iter().flat_map(|joint| text.match_indices(joint).map(|(at, joint)| (at, at + joint.len())));
    places.take(MOST_JOINTS).find_map(|(end, from)| {
        let (first, second) = (text.get(..end)?, text.get(from..)?);
        let word = second.split(' ').next().map(str::to_lowercase).unwrap_or_default();
        // "... has a tag and a price; it is required": which of them?
        (!PRONOUNS.contains(&word.as_str())).then_some(())?;
        // "The warranty is between 0 and 60 months and is 12 by default": said of the same.
        let again = VERBS.contains(&word.as_str()).then(|| subject(first)).flatten();
        let mut effects = engine.any_reading(first).ok().or_else(|| clause(engine, first))?;
        let mut topics = engine.scope(&normal::normalise(first, engine.lexicon)).focus;
        topics.extend(engine.topics.iter().cloned());
        let after = Engine { lexicon: engine.lexicon, topics };
        let second = again.map_or_else(|| second.to_owned(), |subject| format!("{subject} {second}"));
        let more = after.any_reading(&second).ok().or_else(|| clause(&after, &second))?;
        // "A search over the name | and the code is needed": of both.
        let half = half_asked(&normal::normalise(first, engine.lexicon), &effects, &more);
        effects.extend(more);
        (!half).then_some(effects)
    })
}

/// A sentence of more parts lists something, and is none of two demands.
const MOST_JOINTS: usize = 5;

/// Verbs with which a clause goes on about what the one before spoke of.
const VERBS: &[&str] = &[
    "is", "are", "must", "may", "can", "cannot", "has", "have", "shall", "should", "will", "defaults", "needs",
    "looks", "look",
];

/// What a clause speaks of: all in front of its verb.
fn subject(clause: &str) -> Option<&str> {
    let verb = VERBS.iter().filter_map(|verb| clause.find(&format!(" {verb} "))).min()?;
    clause.get(..verb)
}
