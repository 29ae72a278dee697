//! Ways between states where nobody knows how they begin: the statement that tells it is not understood.

use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use crate::lexicon::{Lexicon, name_words};
use crate::normal;
use crate::statement::{self, Outcome};
use crate::token::tokens;
use crate::verbs;
use maestro_artifacts::RuleKind;
use maestro_domain::Epic;

/// Words that tell how records begin.
const FIRST: &[&str] = &[
    "is first",
    "are first",
    "is at first",
    "first it is",
    "initially",
    "initial",
    "starts as",
    "start as",
    "starts out",
    "begins as",
    "begin as",
    "to begin with",
    "to start with",
    "at the start",
    "at the beginning",
];

/// Takes back the ways of records whose first state would be guessed, though a statement tells another one in words that are
/// not understood: they would begin in the middle.
pub(super) fn hold(epic: &Epic, lexicon: &Lexicon, outcomes: &mut [Outcome]) {
    let guessed: Vec<(&str, String)> = lexicon
        .entities
        .iter()
        .filter(|named| named.flow.initial.is_none() && !named.flow.transitions.is_empty())
        .filter(|named| !begun(&named.key, lexicon, outcomes))
        .filter_map(|named| {
            Some((named.key.as_str(), verbs::begins_as(lexicon, &named.key).or(named.flow.states.first().cloned())?))
        })
        .collect();
    if guessed.is_empty() {
        return;
    }
    let mut otherwise: Vec<&str> = Vec::new();
    let mut see = 0;
    statement::each(epic, lexicon, &mut |engine, statement| {
        let unread = outcomes.get(see).is_some_and(|outcome| outcome.gap.is_some());
        see += 1;
        if !unread || statement.deferred.is_some() || !statement.items.is_empty() || !statement.table.is_empty() {
            return;
        }
        for (key, first) in &guessed {
            if tells_beginning(engine, &statement.text, key)
                && !names(&statement.text, first)
                && !otherwise.contains(key)
            {
                otherwise.push(key);
            }
        }
    });
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.gap.is_none()) {
        let of = |effect: &Effect| match effect {
            Effect::Transition { entity, .. } | Effect::Rule(RuleKind::Transitions { entity }) => Some(entity.clone()),
            _ => None,
        };
        let Some(entity) = outcome.effects.iter().find_map(of).filter(|of| otherwise.contains(&of.as_str())) else {
            continue;
        };
        let name = lexicon.entity(&entity).map_or(entity.as_str(), |named| named.name.as_str());
        let why = format!("how a {name} begins is told by a statement that is not understood");
        outcome.gap = Some(Gap { quote: String::new(), why });
    }
    for (outcome, statement) in outcomes.iter_mut().zip(&epic.statements) {
        if let Some(gap) = outcome.gap.as_mut().filter(|gap| gap.quote.is_empty()) {
            statement.text.trim().clone_into(&mut gap.quote);
            outcome.effects = outcome.effects.drain(..).filter_map(without_way).collect();
        }
    }
}

/// What stays of a way: the states that it names.
fn without_way(effect: Effect) -> Option<Effect> {
    match effect {
        Effect::Transition { entity, from, to } => Some(Effect::States { entity, field: None, states: vec![from, to] }),
        Effect::Rule(_) | Effect::Steps { .. } => None,
        named => Some(named),
    }
}

/// Whether the state of new records is told as a default.
fn begun(entity: &str, lexicon: &Lexicon, outcomes: &[Outcome]) -> bool {
    let flow = lexicon.flow_field(entity);
    outcomes.iter().flat_map(|outcome| &outcome.effects).any(|effect| {
        matches!(effect, Effect::Rule(RuleKind::Default { entity: of, field, .. }) if of == entity && flow.as_ref() == Some(field))
    })
}

/// Whether a sentence tells how records of a kind begin.
fn tells_beginning(engine: &Engine<'_>, text: &str, entity: &str) -> bool {
    let lower = format!(" {} ", text.to_lowercase().trim_end_matches('.').replace([',', ';', ':'], " "));
    // "Its first name" names no state: "is first applied", "at first".
    let told = FIRST.iter().any(|first| lower.contains(&format!(" {first} ")));
    // "The latest start first" is an order.
    let order = [" sorted ", " ordered ", " order by ", " in order ", " sort "].iter().any(|word| lower.contains(word))
        || lower.trim_end().ends_with(" first");
    if !told || order {
        return false;
    }
    let words = normal::normalise(text, engine.lexicon);
    let plain = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    plain.scope(&words).mentioned(&words).first().is_some_and(|named| named == entity)
}

/// Whether a sentence names a state.
fn names(text: &str, state: &str) -> bool {
    let words: Vec<String> = tokens(text).into_iter().map(|token| token.lemma).collect();
    let state = name_words(state);
    words.windows(state.len().max(1)).any(|part| part == state.as_slice())
}
