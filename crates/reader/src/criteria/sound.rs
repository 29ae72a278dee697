//! Whether a rule that an example alone has told says what the example says, and no more: what is told of the records must
//! have left a trace.

use super::Steps;
use super::facts::{Act, Facts};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::scope::StateRef;
use crate::token::Token;
use maestro_artifacts::{Condition, RuleKind, Test};

/// Whether the rules that were made of the steps hold all that the steps tell of the records.
pub(super) fn holds(engine: &Engine<'_>, facts: &Facts, steps: &Steps, effects: &[Effect]) -> bool {
    let rules: Vec<&RuleKind> =
        effects.iter().filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule) } else { None }).collect();
    let said = format!("{rules:?}").to_lowercase();
    !(unbounded(steps, &rules, &said)
        || of_other_parent(engine, facts, steps, &rules)
        || of_all(engine, facts, &rules, &said)
        || wider(facts, steps, &rules)
        || of_any_status(engine, facts, steps, &rules)
        || one_way(facts, steps, &rules)
        || rules.iter().any(|rule| impossible(rule)))
}

fn bounds(rule: &RuleKind) -> bool {
    matches!(
        rule,
        RuleKind::Range { .. } | RuleKind::Length { .. } | RuleKind::Required { .. } | RuleKind::RequiredWhen { .. }
    )
}

/// "Zero, negative or above 1000", "without a fee or with a fee below 100": a number that no bound has kept.
fn unbounded(steps: &Steps, rules: &[&RuleKind], said: &str) -> bool {
    let number = |word: &str| word.parse::<f64>().ok().filter(|number| *number > 1.0);
    let lost = |number: f64| ![number, number + 1.0, number - 1.0].iter().any(|near| said.contains(&near.to_string()));
    let missing = |rule: &&RuleKind| matches!(rule, RuleKind::Required { .. } | RuleKind::RequiredWhen { .. });
    // "A fee of -5" is told by its being less than nothing.
    let negative = |at: usize| at > 0 && steps.when.get(at - 1).is_some_and(|before| before.is("–"));
    let told = |(at, token): &(usize, &Token)| !token.quoted && !negative(*at);
    // "A guest of 11 years without a phone"
    if !rules.is_empty()
        && rules.iter().all(missing)
        && steps.given.iter().filter(|token| !token.quoted).filter_map(|token| number(&token.word)).any(lost)
    {
        return true;
    }
    !rules.is_empty()
        && rules.iter().all(|rule| bounds(rule))
        && steps.when.iter().enumerate().filter(told).filter_map(|(_, token)| number(&token.word)).any(lost)
}

/// "Given a batch of a client whose kind is clinic", "given a job with level high": a rule of these alone, and of no others.
fn of_all(engine: &Engine<'_>, facts: &Facts, rules: &[&RuleKind], said: &str) -> bool {
    let own = |rule: &&RuleKind| crate::condition::rule_entity(rule).to_owned();
    let Some(entity) = rules.first().map(own) else { return false };
    let flow = engine.lexicon.flow_field(&entity);
    let told = |state: &StateRef| {
        let parents = state.entity != entity && engine.lexicon.reference(&entity, &state.entity).is_some();
        parents || state.entity == entity && flow.as_ref() != Some(&state.field)
    };
    let class = |readings: &&Vec<StateRef>| !readings.is_empty() && readings.iter().all(told);
    let kept = |readings: &Vec<StateRef>| readings.iter().any(|state| said.contains(&state.value.to_lowercase()));
    let fits = |rule: &&RuleKind| bounds(rule) || matches!(rule, RuleKind::TransitionRequires { .. });
    rules.iter().all(fits)
        && facts.given_states.iter().chain(&facts.when_states).filter(class).any(|readings| !kept(readings))
}

/// "Another job titled Dig at the same site", "from 4 May to 8 May for the same site": not one job per site.
fn wider(facts: &Facts, steps: &Steps, rules: &[&RuleKind]) -> bool {
    const CALLED: &[&str] = &["titled", "called", "named"];
    let one = |rule: &&RuleKind| matches!(rule, RuleKind::Unique { fields, .. } if matches!(fields.as_slice(), [one] if one.ends_with("_id")));
    // "Another fitting for the same tailor from 10:30 to 11:30": not one fitting per tailor.
    let single = |rule: &&RuleKind| matches!(rule, RuleKind::Unique { fields, .. } if fields.len() == 1);
    let spans = steps.when.windows(3).any(|three| matches!(three, [from, _, to] if from.is("from") && to.is("to")));
    if spans && rules.iter().any(single) {
        return true;
    }
    // "A second mooring at the jetty North on the same day from 11:00"
    let told = |word: &str| facts.values.iter().any(|value| value.value == word);
    let timed =
        |token: &Token| token.word.contains(':') && token.word.len() <= 5 && !token.quoted && !told(&token.word);
    if rules.iter().any(single) && steps.when.iter().any(timed) {
        return true;
    }
    let more = |token: &Token| {
        token.quoted
            || token.is_number() && !token.is("1") && !token.is("2")
            || CALLED.iter().any(|word| token.is(word))
    };
    rules.iter().any(one) && steps.when.iter().any(more)
}

/// "A full trip ... a booking of another trip", "a cancelled trip with 4 places": not for being full.
fn of_other_parent(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[&RuleKind]) -> bool {
    let capacity = |rule: &&&RuleKind| matches!(rule, RuleKind::Capacity { .. });
    let Some(RuleKind::Capacity { parent, .. }) = rules.iter().find(capacity) else { return false };
    let scope = engine.scope(&steps.when);
    let here = |at: usize| scope.entity_at(&steps.when, at).iter().any(|(_, entity)| entity == parent);
    let other =
        (1..steps.when.len()).any(|at| here(at) && steps.when.get(at - 1).is_some_and(|token| token.is("other")));
    let begins = crate::verbs::begins_as(engine.lexicon, parent);
    let flow = engine.lexicon.flow_field(parent);
    let moved = |state: &StateRef| {
        state.entity == *parent && Some(&state.field) == flow.as_ref() && begins.as_ref() != Some(&state.value)
    };
    other || begins.is_some() && facts.given_states.iter().flatten().any(moved)
}

/// "The operator rejects it without a note" where nothing tells of rejecting: no rule of every batch.
fn of_any_status(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[&RuleKind]) -> bool {
    let moved = |entity: &str| {
        steps.when.iter().any(|token| {
            !token.quoted
                && (crate::verbs::usual(&token.lemma) || token.is("refused"))
                && crate::verbs::actions(&token.lemma).is_empty()
                && crate::verbs::state(engine.lexicon, entity, &token.word).is_none()
        })
    };
    let made = facts.acts.iter().any(|act| matches!(act, Act::Do(..)));
    let flows = |entity: &str| engine.lexicon.flow_field(entity).is_some();
    rules
        .iter()
        .any(|rule| matches!(rule, RuleKind::Required { entity, .. } if (flows(entity) || !made) && moved(entity)))
}

/// "Given a job with level low, when the level is changed to high": from there to there, and no other change.
fn one_way(facts: &Facts, steps: &Steps, rules: &[&RuleKind]) -> bool {
    let told = facts.when_states.iter().flatten().map(|state| state.field.as_str()).collect::<Vec<_>>();
    let to = steps.when.iter().any(|token| token.is("to") || token.is("setto"));
    to && rules.iter().any(|rule| {
        matches!(rule, RuleKind::Immutable { fields, .. } if fields.iter().any(|field| told.contains(&field.as_str())))
    })
}

/// "When the status is open and the status is done" is never so.
fn impossible(rule: &RuleKind) -> bool {
    let apart = |condition: &Condition| {
        condition.0.iter().enumerate().any(|(at, test)| {
            condition.0.iter().skip(at + 1).any(|other| match (test, other) {
                (Test::In { via, field, values }, Test::In { via: v, field: f, values: w }) => {
                    via == v && field == f && !values.iter().any(|value| w.contains(value))
                }
                _ => false,
            })
        })
    };
    match rule {
        RuleKind::Compare { when, .. }
        | RuleKind::RequiredWhen { when, .. }
        | RuleKind::EmptyWhen { when, .. }
        | RuleKind::Immutable { when, .. }
        | RuleKind::NoDelete { when, .. }
        | RuleKind::Unique { when, .. }
        | RuleKind::Quota { when, .. }
        | RuleKind::NoOverlap { when, .. } => apart(when),
        _ => false,
    }
}
