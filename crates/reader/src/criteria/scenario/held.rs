//! What keeps a record from a state: `a member with a confirmed booking ... set to former ... rejected`.

use super::record_at;
use crate::criteria::Steps;
use crate::criteria::facts::{Act, Facts};
use crate::effect::Effect;
use crate::engine::Engine;
use maestro_artifacts::{Moment, RuleKind};

/// The one record that the Given tells it has, where the workflow would allow the change.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let [Act::Move(entity, to)] = facts.acts.as_slice() else { return None };
    let named = engine.lexicon.entity(entity)?;
    let given = steps.given.as_slice();
    let (at, end) = (0..given.len()).find_map(|at| {
        let (end, of) = record_at(engine, given, at)?;
        (of == *entity).then_some((at, end))
    })?;
    let rest = given.get(end..)?;
    let [with, some, ..] = rest else { return None };
    let has = with.is("with") || with.is("have") || with.is("that") && some.is("have");
    let from = usize::from(with.is("that")) + 1;
    let first = rest.get(from).filter(|first| has && matches!(first.article, Some("a" | "an" | "any")))?;
    let behind = rest.get(from..)?;
    let states = engine.scope(behind).state_at(behind, 0).into_iter().max_by_key(|(end, _)| *end);
    let begins = states.as_ref().map_or(0, |(end, _)| *end);
    let (stop, child) = record_at(engine, behind, begins)?;
    engine.lexicon.reference(&child, entity)?;
    // The Given tells nothing else, but the state from which the workflow leads there.
    let flow = engine.lexicon.flow_field(entity)?;
    let before = facts.given_states.iter().flatten().find(|state| state.entity == *entity && state.field == flow);
    let from = before.map(|state| state.value.clone()).or_else(|| crate::verbs::begins_as(engine.lexicon, entity))?;
    let led = named.flow.transitions.iter().any(|(a, b, _)| *a == from && b == to);
    if stop < behind.len() || first.quoted || !led || at > 2 || !facts.missing.is_empty() || !facts.values.is_empty() {
        return None;
    }
    let state = states.and_then(|(_, found)| found.into_iter().find(|state| state.entity == child));
    let state = state.map(|state| format!("{} ", state.value)).unwrap_or_default();
    let many = &engine.lexicon.entity(&child)?.plural;
    let told = format!("A {} can only be set to {to} if it has no {state}{many}.", named.name);
    let effects = engine.sentence(&told).ok()?;
    let held = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Requires { entity: of, at: Moment::Transition { .. }, .. }) if of == entity);
    effects.iter().all(held).then_some(effects)
}
