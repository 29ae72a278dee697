//! What keeps a record from a state: `a member with a confirmed booking ... set to former ... rejected`, `a trip without bookings
//! ... confirmed ... refused`.

use super::record_at;
use crate::criteria::Steps;
use crate::criteria::facts::{Act, Facts};
use crate::criteria::refused::blamed;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::name_words;
use crate::scope::StateRef;
use crate::token::Token;
use maestro_artifacts::{Moment, RuleKind};

pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    with(engine, facts, steps).or_else(|| without(engine, facts, steps))
}

/// Whether a change is refused for something else that the steps tell: the workflow leads not there, or others bring about this
/// change, or the record has none of what it may need.
pub(in crate::criteria) fn barred(engine: &Engine<'_>, facts: &Facts, steps: &Steps, entity: &str, to: &str) -> bool {
    let Some(named) = engine.lexicon.entity(entity) else { return true };
    let flow = engine.lexicon.flow_field(entity);
    let in_state = |state: &&StateRef| state.entity == entity && Some(&state.field) == flow.as_ref();
    let from = facts.given_states.iter().flatten().find(in_state);
    let leads = |(_, state, _): &&(String, String, Vec<maestro_domain::StatementId>)| state == to;
    let known = named.flow.transitions.iter().any(|way| leads(&way));
    let off = from.is_some_and(|from| !named.flow.transitions.iter().filter(leads).any(|(a, _, _)| *a == from.value));
    known && off || stranger(engine, facts, entity, to) || blamed(steps) || !lacked(engine, &steps.given).is_empty()
}

/// Whether somebody makes a change that the epic shows others making, and not them.
fn stranger(engine: &Engine<'_>, facts: &Facts, entity: &str, to: &str) -> bool {
    let makers = engine.lexicon.actors.iter().filter(|(of, state, _)| of == entity && state == to);
    let makers: Vec<Vec<String>> = makers.map(|(_, _, role)| name_words(role)).collect();
    let mut who = facts.roles.iter().chain(&facts.doer);
    !makers.is_empty() && who.any(|role| !makers.contains(&name_words(role)))
}

/// The kinds of records that a step tells it has none of: `without bookings`, `has no bookings`.
fn lacked(engine: &Engine<'_>, given: &[Token]) -> Vec<(usize, String)> {
    let none = |at: usize| given.get(at).is_some_and(|token| token.is("without") || token.is("no"));
    let any = |at: usize| usize::from(given.get(at).is_some_and(|token| token.is("any") || token.is("1")));
    let named = |at: usize| record_at(engine, given, at + 1 + any(at + 1));
    (0..given.len()).filter(|at| none(*at)).filter_map(named).collect()
}

/// The one kind of record that the Given tells it has none of, where the workflow would allow the change.
fn without(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    const PLAIN: &[&str] = &[
        "a", "that", "have", "be", "with", "without", "no", "and", "there", "for", "it", "in", "any", "1", "status",
        "state",
    ];
    let [Act::Move(entity, to)] = facts.acts.as_slice() else { return None };
    let named = engine.lexicon.entity(entity)?;
    let given = steps.given.as_slice();
    let lacked = lacked(engine, given);
    let [(_, child)] = lacked.as_slice() else { return None };
    engine.lexicon.reference(child, entity)?;
    let flow = engine.lexicon.flow_field(entity)?;
    // The steps tell nothing else, but the state from which the workflow leads there.
    let scope = engine.scope(given);
    let (mut at, mut from) = (0, None);
    while let Some(token) = given.get(at) {
        if let Some((end, of)) = record_at(engine, given, at) {
            (of == *entity || of == *child).then_some(())?;
            at = end;
        } else if let Some((end, states)) = scope.state_at(given, at).into_iter().next() {
            let state = states.into_iter().find(|state| state.entity == *entity && state.field == flow)?;
            from.replace(state.value).is_none().then_some(())?;
            at = end;
        } else {
            PLAIN.iter().any(|word| token.is(word)).then_some(())?;
            at += 1;
        }
    }
    let from = from.or_else(|| crate::verbs::begins_as(engine.lexicon, entity))?;
    let led = named.flow.transitions.iter().any(|(a, b, _)| *a == from && b == to);
    let more = steps.when.iter().any(|token| ["without", "no", "with", "and", "but"].iter().any(|word| token.is(word)));
    if !led
        || stranger(engine, facts, entity, to)
        || more
        || blamed(steps)
        || !facts.missing.is_empty()
        || !facts.values.is_empty()
    {
        return None;
    }
    let one = &engine.lexicon.entity(child)?.name;
    let told = format!("A {} can only be set to {to} if it has at least one {one}.", named.name);
    let effects = engine.sentence(&told).ok()?;
    let held = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Requires { entity: of, at: Moment::Transition { .. }, .. }) if of == entity);
    effects.iter().all(held).then_some(effects)
}

/// The one record that the Given tells it has, where the workflow would allow the change.
fn with(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
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
