//! How records go on from state to state, told in prose: `batches begin in quarantine`, `after quarantine they go to
//! growing, or they are destroyed`, `change the phase from option to confirmed, and from either to cancelled`.
//!
//! Such a sentence is read from its parts, in whatever order they stand: whose life it is, where they come from, the verb,
//! where it leads, who alone may do it. Every word must belong to one of these parts.

use super::transitions;
use crate::effect::Effect;
use crate::engine::{Engine, Reading};
use crate::token::Token;
use maestro_artifacts::RuleKind;
use serde_json::Value;

mod hints;
mod verbs;
mod walk;

pub(crate) use hints::hint;
use walk::Walk;

/// Reads the clause as the life of a record.
pub(crate) fn read(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    if !verbs::tells_of_life(tokens) {
        return None;
    }
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    let told = owners(&reading).into_iter().find_map(|entity| Walk::of(&reading, &entity, false).whole())?;
    effects(&reading, &told)
}

/// Ways from one state to another, who takes them, and whether nobody else may.
type Agent = (Vec<(String, String)>, Vec<String>, bool);

/// What a sentence tells of the life of a record.
#[derive(Debug, Default, Clone)]
struct Told {
    entity: String,
    /// The name of the state's field, where the sentence gives it.
    field: Option<String>,
    initial: Option<String>,
    ways: Vec<(String, String)>,
    agents: Vec<Agent>,
}

/// Whose life it may be: the records that are named before a verb, else those spoken of.
fn owners(reading: &Reading<'_>) -> Vec<String> {
    let mut owners = reading.scope.mentioned(reading.tokens);
    owners.extend(reading.engine.topics.first().cloned());
    // "From option or confirmed to cancelled": of the only records that are ever so.
    owners.extend(super::owner(reading));
    let mut seen: Vec<String> = Vec::new();
    for owner in owners {
        if !seen.contains(&owner) {
            seen.push(owner);
        }
    }
    seen
}

fn effects(reading: &Reading<'_>, told: &Told) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let entity = &told.entity;
    // A sentence that names a kind of record names no state by the same word.
    let states = told.ways.iter().flat_map(|(from, to)| [from, to]).chain(&told.initial);
    let mut named: Vec<String> = Vec::new();
    for state in states {
        if lexicon.find(state).is_some() {
            return None;
        }
        if !named.contains(state) {
            named.push(state.clone());
        }
    }
    let mut effects = Vec::new();
    if told.field.is_some() || told.initial.is_some() {
        effects.push(Effect::States { entity: entity.clone(), field: told.field.clone(), states: named });
    }
    if let Some(state) = &told.initial {
        effects.push(Effect::Initial { entity: entity.clone(), state: state.clone() });
        if let Some(field) = lexicon.flow_field(entity) {
            let value = Value::from(state.clone());
            effects.push(Effect::Rule(RuleKind::Default { entity: entity.clone(), field, value }));
        }
    }
    if !told.ways.is_empty() {
        effects.extend(transitions(entity, &told.ways));
    }
    for (ways, roles, only) in &told.agents {
        effects.extend(roles.iter().map(|role| Effect::Role { name: role.clone() }));
        for (from, to) in ways {
            if *only {
                effects.push(Effect::Rule(RuleKind::TransitionRole {
                    entity: entity.clone(),
                    from: Some(from.clone()),
                    to: to.clone(),
                    roles: roles.clone(),
                }));
            } else {
                let actor =
                    |role: &String| Effect::Actor { entity: entity.clone(), to: to.clone(), role: role.clone() };
                effects.extend(roles.iter().map(actor));
            }
        }
    }
    (!effects.is_empty()).then_some(effects)
}
