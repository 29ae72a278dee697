//! Outcomes that tell the state in which a record is afterwards, or what a field of it holds.

use super::acted;
use crate::criteria::facts::{Act, Facts};
use crate::criteria::worked;
use crate::effect::Effect;
use crate::engine::Reading;
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Action, FieldKind, Operand, RuleKind};
use serde_json::Value;

/// The change from the given state to this one, where the Given names one.
pub(super) fn moved(reading: &Reading<'_>, facts: &Facts, entity: &str, to: &str) -> Option<Vec<Effect>> {
    let flow = &reading.scope.lexicon.entity(entity)?.flow;
    let given: Vec<String> = facts
        .given_states
        .iter()
        .filter_map(|states| reading.state_of(states, entity))
        .filter(|state| Some(&state.field) == flow.field.as_ref() || flow.field.is_none())
        .map(|state| state.value)
        .filter(|from| from != to)
        .collect();
    // "When it is submitted and then approved": the one before leads to where the next begins.
    let before = facts
        .acts
        .iter()
        .take_while(|act| **act != Act::Move(entity.to_owned(), to.to_owned()))
        .filter_map(|act| match act {
            Act::Move(of, state) if of == entity => Some(state.clone()),
            _ => None,
        })
        .last();
    let given = before.map_or(given, |state| vec![state]);
    let mut effects: Vec<Effect> = given
        .into_iter()
        .map(|from| Effect::Transition { entity: entity.to_owned(), from, to: to.to_owned() })
        .collect();
    let reachable = flow.transitions.iter().any(|(_, state, _)| state == to);
    if effects.is_empty() && !reachable {
        return None;
    }
    effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.to_owned() }));
    Some(effects)
}

pub(super) fn state(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let readings = bound.states("state")?.first()?;
    let wanted = bound
        .entity("entity")
        .or_else(|| bound.field("field").map(|field| field.entity))
        .or_else(|| acted(facts, reading))?;
    let state = reading
        .state_of(readings, &wanted)
        .or_else(|| readings.iter().find(|state| facts.entities.contains(&state.entity)).cloned())?;
    let lexicon = reading.scope.lexicon;
    if lexicon.flow_field(&state.entity).as_deref() == Some(state.field.as_str()) {
        let creates = facts.acts.iter().any(|act| matches!(act, Act::Do(of, Action::Create) if *of == state.entity));
        let moves =
            facts.acts.iter().any(|act| matches!(act, Act::Move(of, to) if *of == state.entity && *to == state.value));
        // "When an agent starts it": what has a state already is not made anew.
        let exists = facts
            .given_states
            .iter()
            .filter_map(|states| reading.state_of(states, &state.entity))
            .any(|given| given.field == state.field);
        if creates && !moves && (!exists || facts.anew) {
            let value = Value::from(state.value.clone());
            return Some(vec![
                Effect::capability(&state.entity, Action::Create),
                Effect::Initial { entity: state.entity.clone(), state: state.value },
                Effect::Rule(RuleKind::Default { entity: state.entity, field: state.field, value }),
            ]);
        }
        // "Then it is returned" shows the move only if something was done to this record.
        let same = exists
            || facts.acts.iter().any(|act| matches!(act, Act::Do(of, _) | Act::Move(of, _) if *of == state.entity));
        return same.then(|| moved(reading, facts, &state.entity, &state.value)).flatten();
    }
    let default = RuleKind::Default {
        entity: state.entity.clone(),
        field: state.field.clone(),
        value: Value::from(state.value.clone()),
    };
    // "Given a job without urgency, when it is saved, then its urgency is normal"
    let lacks = facts.missing.iter().any(|field| field.entity == state.entity && field.field == state.field)
        && facts.missing.len() == 1
        && facts.acts.iter().any(|act| matches!(act, Act::Do(of, Action::Create) if *of == state.entity));
    (lacks || rules.contains(&default)).then(|| vec![Effect::Rule(default)])
}

/// "Its status becomes submitted" where nothing else names that state: the example does.
pub(super) fn new_state(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.entity("e")).or_else(|| acted(facts, reading))?;
    let range = bound.words("new")?;
    let mut found = crate::family::workflow::names(reading, &range)?;
    let (Some(state), true) = (found.pop(), found.is_empty() && range.len() <= 3) else { return None };
    // An adjective of its own that is no state ("becomes impossible") would be a guess without the word "status".
    let word = reading
        .tokens
        .iter()
        .find(|token| crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()) && !token.quoted);
    let quoted = reading.part(&range).iter().all(|token| token.quoted);
    if word.is_none() && !quoted && reading.scope.lexicon.flow_field(&entity).is_none() {
        return None;
    }
    let field = word.map(|token| token.lemma.clone());
    let mut effects = vec![Effect::States { entity: entity.clone(), field, states: vec![state.clone()] }];
    let creates = facts.acts.iter().any(|act| matches!(act, Act::Do(of, Action::Create) if *of == entity));
    let given = given_state(reading, facts, &entity).filter(|_| !(creates && facts.anew));
    match given {
        Some(from) if from != state => {
            effects.push(Effect::Transition { entity: entity.clone(), from, to: state });
            effects.push(Effect::Rule(RuleKind::Transitions { entity }));
        }
        None if creates => {
            effects.push(Effect::capability(&entity, Action::Create));
            effects.push(Effect::Initial { entity: entity.clone(), state: state.clone() });
            if let Some(field) = reading.scope.lexicon.flow_field(&entity) {
                effects.push(Effect::Rule(RuleKind::Default { entity, field, value: Value::from(state) }));
            }
        }
        _ => return None,
    }
    Some(effects)
}

/// The state that the Given names for a record: a known one, or the word where a state stands.
pub(super) fn given_state(reading: &Reading<'_>, facts: &Facts, entity: &str) -> Option<String> {
    let flow = reading.scope.lexicon.flow_field(entity);
    let known = facts
        .given_states
        .iter()
        .filter_map(|states| reading.state_of(states, entity))
        .find(|state| flow.as_ref() == Some(&state.field));
    if let Some(state) = known {
        return Some(state.value);
    }
    let given = &facts.given;
    let scope = reading.engine.scope(given);
    for at in 0..given.len() {
        // `a claim with status "draft"`, `a claim in state draft`
        let token = given.get(at)?;
        if crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()) && !token.quoted {
            let begin = (at + 1..given.len()).find(|at| {
                given.get(*at).is_some_and(|token| !matches!(token.word.as_str(), "be" | "of" | "=" | ":"))
            })?;
            return Some(told_state(given.get(begin..)?));
        }
        // `a submitted claim`
        // A "found item" is called so, whatever its state.
        let called = !scope.entity_at(given, at).is_empty();
        let here = !called && scope.entity_at(given, at + 1).iter().any(|(_, found)| found == entity);
        let like = token.quoted || crate::verbs::is_participle(&token.word) || crate::verbs::plain_state(&token.word);
        if here && like {
            return Some(token.raw.clone());
        }
        // `a van that is out of service`
        let be = at.checked_sub(1).filter(|be| given.get(*be).is_some_and(|token| token.is("be")));
        let that =
            be.and_then(|be| be.checked_sub(1)).filter(|that| given.get(*that).is_some_and(|token| token.is("that")));
        let told = that.or(be).is_some_and(|end| {
            (0..end)
                .any(|from| scope.entity_at(given, from).iter().any(|(stop, found)| found == entity && *stop == end))
        });
        if told && let Some(state) = given.get(at..).and_then(crate::same::place) {
            return Some(state);
        }
        // `a claim that is submitted`
        let before =
            at > 1 && scope.entity_at(given, at - 2).iter().any(|(end, found)| found == entity && *end == at - 1);
        if before && like && given.get(at - 1).is_some_and(|token| token.is("be")) {
            return Some(token.raw.clone());
        }
    }
    None
}

/// The state that these words begin with: `draft`, `in use`, `waiting for parts`.
fn told_state(words: &[Token]) -> String {
    const LEADS: &[&str] = &["in", "on", "under", "out", "at", "off"];
    const STOPS: &[&str] = &["and", ",", "with", "that", "by", "of", "for", "at", "to", "from", "in", "on", "=", ":"];
    let Some(first) = words.first() else { return String::new() };
    let leads = !first.quoted && LEADS.contains(&first.word.as_str());
    let more = words.iter().skip(1).take_while(|token| leads && !token.quoted && !STOPS.contains(&token.word.as_str()));
    let more: Vec<&str> = more.take(2).map(|token| token.raw.as_str()).collect();
    std::iter::once(first.raw.as_str()).chain(more).collect::<Vec<_>>().join(" ")
}

/// A value of a field shown: computed, defaulted or stamped by a rule that is known, or just kept.
const SEEN: &[&str] =
    &["shown", "visible", "available", "there", "hidden", "empty", "correct", "complete", "unchanged", "valid"];

pub(super) fn field_value(
    bound: &Bound,
    reading: &Reading<'_>,
    facts: &Facts,
    rules: &[RuleKind],
) -> Option<Vec<Effect>> {
    let field: FieldRef = bound.field("field")?;
    let range = bound.words("value")?;
    let value = reading.part(&range);
    if value.len() > 6 {
        return None;
    }
    let own = |entity: &str, key: &str| entity == field.entity && key == field.field;
    let known: Vec<RuleKind> = rules.iter().filter(|rule| matches!(rule, RuleKind::Computed { entity, field, .. } | RuleKind::Stamp { entity, field, .. } | RuleKind::Default { entity, field, .. } if own(entity, field))).cloned().collect();
    let text = reading.name(&range);
    // "Then the amount is 14" where the figures before give 13.50
    let wrong = |rule: &RuleKind| matches!(rule, RuleKind::Computed { expr, entity, .. } if worked::contradicts(expr, entity, &facts.values, &text));
    let told = [facts.given.as_slice(), facts.when.as_slice()].concat();
    let off = |rule: &RuleKind| matches!(rule, RuleKind::Computed { expr, entity, .. } if worked::disagrees(rules, entity, expr, &told, &text));
    if known.iter().any(|rule| wrong(rule) || off(rule)) {
        return None;
    }
    // "When no deposit is entered, then the deposit is 50" of one that is 100; a value that was entered is kept.
    let entered = facts.values.iter().any(|given| given.field == field);
    let meant = reading.scope.kind(&field).and_then(|kind| crate::fields::values::constant(&text, kind));
    let other = |rule: &RuleKind| matches!(rule, RuleKind::Default { value, .. } if meant.as_ref().is_some_and(|meant| meant != value));
    let known: Vec<RuleKind> = if entered {
        known.into_iter().filter(|rule| !other(rule)).collect()
    } else if known.iter().any(other) {
        return None;
    } else {
        known
    };
    if !known.is_empty() {
        return Some(known.into_iter().map(Effect::Rule).collect());
    }
    let today = matches!(
        text.to_lowercase().as_str(),
        "today" | "today's date" | "now" | "current date" | "the current date" | "current time"
    );
    if today {
        let operand = match reading.scope.kind(&field)? {
            FieldKind::Date => Operand::today(),
            FieldKind::DateTime => Operand::now(),
            _ => return None,
        };
        let to = facts.acts.iter().find_map(|act| match act {
            Act::Move(entity, to) if *entity == field.entity => Some(Some(to.clone())),
            Act::Do(entity, Action::Create) if *entity == field.entity => Some(None),
            _ => None,
        })?;
        return Some(vec![Effect::Rule(RuleKind::Stamp {
            entity: field.entity,
            to,
            field: field.field,
            value: operand,
        })]);
    }
    let stated = facts.values.iter().any(|given| given.field == field && given.value == text);
    let updates = facts.acts.iter().find_map(|act| {
        if let Act::Do(entity, action) = act { (*entity == field.entity).then_some(*action) } else { None }
    });
    match (stated, updates) {
        // What was entered is kept.
        (true, Some(action)) => {
            Some(vec![Effect::has_field(&field.entity, &field.field), Effect::capability(&field.entity, action)])
        }
        (false, Some(Action::Create)) => {
            let kind = reading.scope.kind(&field)?;
            // "Then its name is shown": what is done with it, and no value.
            let done = |token: &Token| {
                !token.quoted && (crate::verbs::is_participle(&token.word) || SEEN.contains(&token.word.as_str()))
            };
            if matches!(kind, FieldKind::Text { .. }) && value.iter().any(done) {
                return None;
            }
            let value = crate::fields::values::constant(&text, kind)?;
            let given = facts.fields.contains(&field) && !facts.missing.contains(&field);
            // "Given a start of 2027-07-01 and an end of 2027-07-08, then the days are 7" may be worked out of them.
            let figures = told.iter().any(|token| !token.quoted && worked::value(&token.word).is_some());
            let counts = !facts.missing.contains(&field) && worked::value(&text).is_some() && figures;
            (!given && !counts).then(|| {
                vec![Effect::Rule(RuleKind::Default {
                    entity: field.entity.clone(),
                    field: field.field.clone(),
                    value,
                })]
            })
        }
        _ => None,
    }
}

/// "When no deposit is entered, then 100 is saved": what stands where the one field that is left out is not given.
pub(super) fn assumed(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let [field] = facts.missing.as_slice() else { return None };
    let range = bound.words("value")?;
    let plain = reading.part(&range).iter().all(|token| token.quoted || token.is_number() || token.word.len() < 4);
    let value = crate::fields::values::constant(&reading.name(&range), reading.scope.kind(field)?)?;
    let saved = facts.acts.iter().all(|act| matches!(act, Act::Do(entity, Action::Create) if *entity == field.entity));
    let own = |rule: &&RuleKind| matches!(rule, RuleKind::Default { entity, field: key, .. } if *entity == field.entity && *key == field.field);
    let told = RuleKind::Default { entity: field.entity.clone(), field: field.field.clone(), value };
    let known = rules.iter().find(own);
    (plain && saved && facts.values.is_empty() && known.is_none_or(|known| *known == told))
        .then(|| vec![Effect::Rule(told)])
}
