//! Understands the statements of an epic: sentence patterns to entities, fields and rules.
//!
//! The epic is read several times: each pass knows the names that the pass before found, until nothing new appears.
//! No pattern knows a noun of any domain; a statement that is not understood whole is `Unknown`, never guessed.

mod aside;
mod assemble;
mod condition;
mod coordination;
mod criteria;
mod deed;
mod discover;
mod effect;
mod engine;
mod exception;
mod family;
mod fields;
mod frame;
mod implied;
mod keys;
mod lexicon;
mod memo;
mod message;
mod normal;
mod nouns;
mod pattern;
mod records;
mod restate;
mod reword;
mod scope;
mod span;
mod statement;
mod together;
mod token;
mod verbs;
mod whole;
mod whose;
mod words;

use lexicon::Lexicon;
use maestro_artifacts::Requirements;
use maestro_domain::Epic;

/// Names settle in few passes: entities, references to them, states, and what is worked out of those.
const PASSES: usize = 6;

/// Reads an epic.
#[must_use]
pub fn read(epic: &Epic) -> Requirements {
    let nouns = nouns::records(epic);
    let mut lexicon = Lexicon::default();
    let mut outcomes = Vec::new();
    for _ in 0..PASSES {
        outcomes = statement::read_all(epic, &lexicon);
        let mut next = Lexicon::default();
        let told = || {
            let now = epic.statements.iter().zip(&outcomes).filter(|(statement, _)| statement.deferred.is_none());
            now.flat_map(|(statement, outcome)| outcome.effects.iter().map(move |effect| (effect, &statement.id)))
        };
        // The states of a record may be told before what else is recorded of it.
        told().for_each(|(effect, source)| effect::introduce(&mut next, effect, source));
        told().for_each(|(effect, source)| effect::apply(&mut next, effect, source));
        nouns::introduce(&mut next, &nouns);
        effect::keep_named(&mut next, &lexicon, &outcomes);
        effect::settle(&mut next);
        if next == lexicon {
            break;
        }
        lexicon = next;
    }
    assemble::requirements(epic, &lexicon, &outcomes)
}
