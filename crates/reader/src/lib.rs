//! Understands the statements of an epic: sentence patterns to entities, fields and rules.
//!
//! The epic is read several times: each pass knows the names that the pass before found, until nothing new appears.
//! No pattern knows a noun of any domain; a statement that is not understood whole is `Unknown`, never guessed.

mod aside;
mod assemble;
mod barred;
mod blocked;
mod brief;
mod brings;
mod cascade;
mod clauses;
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
mod gist;
mod implied;
mod keys;
mod letter;
mod lexicon;
mod memo;
mod message;
mod normal;
mod nouns;
mod pattern;
mod records;
mod restate;
mod reword;
mod same;
mod scope;
mod span;
mod speaker;
mod statement;
mod telegram;
mod together;
mod token;
mod verbs;
mod whole;
mod whose;
mod words;

use effect::Effect;
use engine::Gap;
use lexicon::Lexicon;
use maestro_artifacts::Requirements;
use maestro_domain::{Epic, StatementId};
use statement::Outcome;

/// Names settle in few passes: entities, references to them, states, and what is worked out of those.
const FREE_PASSES: usize = 8;

/// From then on each pass holds fast a statement whose reading changes, so that they end; no epic comes near this.
const MOST_PASSES: usize = 40;

/// Reads an epic.
#[must_use]
pub fn read(epic: &Epic) -> Requirements {
    let nouns = nouns::records(epic);
    let mut lexicon = Lexicon { titles: nouns::titles(epic), speaker: speaker::of(epic), ..Lexicon::default() };
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut held: Vec<Option<Outcome>> = vec![None; epic.statements.len()];
    // The pass in which reading what no pattern knows began.
    let mut since = 0;
    for pass in 0..MOST_PASSES {
        lexicon.close();
        let mut now = statement::read_all(epic, &lexicon);
        for ((held, now), (before, statement)) in
            held.iter_mut().zip(&mut now).zip(outcomes.iter().zip(&epic.statements))
        {
            if held.is_none() && pass - since >= FREE_PASSES && before.effects != now.effects {
                *held = Some(settled(before, now, &statement.text));
            }
            if let Some(held) = held {
                now.clone_from(held);
            }
        }
        outcomes = now;
        let next = named(epic, &outcomes, &lexicon, &nouns);
        if next != lexicon {
            lexicon = next;
        } else if lexicon.settled {
            break;
        } else {
            lexicon.settled = true;
            since = pass + 1;
        }
    }
    lexicon.close();
    whole::hold(epic, &lexicon, &mut outcomes);
    // What was taken back names nothing.
    lexicon = named(epic, &outcomes, &lexicon, &nouns);
    lexicon.close();
    assemble::requirements(epic, &lexicon, &outcomes)
}

/// Everything that the statements name.
fn named(epic: &Epic, outcomes: &[Outcome], lexicon: &Lexicon, nouns: &[(String, StatementId)]) -> Lexicon {
    let mut next = Lexicon {
        titles: lexicon.titles.clone(),
        speaker: lexicon.speaker.clone(),
        settled: lexicon.settled,
        ..Lexicon::default()
    };
    let told = || {
        let now = epic.statements.iter().zip(outcomes).filter(|(statement, _)| statement.deferred.is_none());
        now.flat_map(|(statement, outcome)| outcome.effects.iter().map(move |effect| (effect, &statement.id)))
    };
    // The states of a record may be told before what else is recorded of it.
    told().for_each(|(effect, source)| effect::introduce(&mut next, effect, source));
    told().for_each(|(effect, source)| effect::apply(&mut next, effect, source));
    nouns::introduce(&mut next, lexicon, nouns);
    effect::keep_named(&mut next, lexicon, outcomes);
    effect::settle(&mut next);
    family::workflow::life::hint(&mut next, lexicon, epic, outcomes);
    next
}

/// What holds of a statement that reads otherwise each time, as what it names itself changes how it reads: what both
/// readings say, or nothing.
fn settled(before: &Outcome, now: &Outcome, text: &str) -> Outcome {
    let rules = |outcome: &Outcome| {
        outcome.effects.iter().filter(|effect| matches!(effect, Effect::Rule(_))).cloned().collect()
    };
    let (said, again): (Vec<Effect>, Vec<Effect>) = (rules(before), rules(now));
    let fuller = if before.effects.len() > now.effects.len() { before } else { now };
    if before.gap.is_none() && now.gap.is_none() && said == again {
        return fuller.clone();
    }
    let why = "what it names can be read in two ways that exclude each other".to_owned();
    Outcome { gap: Some(Gap { quote: text.trim().to_owned(), why }), ..Outcome::default() }
}
