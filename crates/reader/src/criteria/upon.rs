//! Criteria in a few words, which speak of what their story wishes.
//!
//! Under "As a mechanic, I want to mark an order as ready", "only a mechanic can do this", "final price is mandatory" and
//! "all tasks must be done" say what this change asks for, and nothing of every order.

use crate::condition;
use crate::coordination::remark_on_refusal;
use crate::deed::{self, Deed};
use crate::effect::Effect;
use crate::engine::{Engine, Reading};
use crate::family::workflow::needs;
use crate::family::{requires, role, wish};
use crate::normal;
use crate::pattern::{Bound, Patterns};
use crate::scope::StateRef;
use crate::token::Token;
use maestro_artifacts::{Action, Condition, Moment, RuleKind, Test};
use maestro_domain::Statement;
use std::sync::LazyLock;

/// What a pattern builds, given what the story wishes.
type Build = fn(&Bound, &Reading<'_>, &[Deed]) -> Option<Vec<Effect>>;

const PATTERNS: &[(&str, Build)] = &[
    ("only <words:roles> (may | mayonly) (do this | do so | do that | do it)", roles),
    ("only <words:roles>", known_roles),
    ("<words:roles> only", known_roles),
    ("[this | it] (mayonly be done | be only done | be done only | may be done only) by <words:roles>", roles),
    (
        "[this | it] (be | must be) (reserved for | reserved to | restricted to | limited to | only allowed for | allowed only for | only possible for | possible only for) <words:roles>",
        roles,
    ),
    ("(allowed | permitted | possible) (only for | for | only to) <words:roles> [only]", known_roles),
    ("only (allowed | permitted | possible) (for | to) <words:roles>", known_roles),
    ("noone %but <words:roles> may (do this | do so | do that | do it)", roles),
    (
        "<words:what> (be | must be | must have be) (needed | required | necessary | mandatory | obligatory | compulsory | given | entered | filled | filled in | stated | provided | recorded | present | set | there)",
        needed,
    ),
    ("<words:what> (needed | required | necessary | mandatory | obligatory | compulsory)", needed),
    ("[<words:who>] must %enter <words:what>", needed),
    ("(required | mandatory | needed) : <words:what>", needed),
    ("[it | this] [be | must be] %refused if <words:c>", refused_if),
    ("<words:x> may be <words:v> (if | onlyif) <words:c>", if_so),
    (
        "%state (change | changes | be changed | be set | switch | switches | move | moves | go | goes) to <states:to>",
        told,
    ),
    ("%state (becomes | become | be | be setto) <states:to>", told),
    ("<entity> (becomes | become | move to | moves to | be setto) <states:to>", told),
];

static COMPILED: LazyLock<Patterns<Build>> = LazyLock::new(|| Patterns::compile(PATTERNS));

/// What a story wishes, in the words of its wish or of the criteria below it: "status changes to collected".
pub(crate) fn wished<'t>(
    engine: &Engine<'_>,
    story: &Statement,
    below: impl Iterator<Item = &'t str>,
) -> Option<Vec<Deed>> {
    let (_, wish) = wish::story(&story.text)?;
    let tokens = wish::tokens(engine, &wish);
    let scope = engine.scope(&tokens);
    let reading = Reading { tokens: &tokens, scope: &scope, engine };
    let changes = |deed: &Deed| match deed {
        Deed::Move { .. } => true,
        Deed::Act { action, .. } => matches!(action, Action::Create | Action::Update | Action::Delete),
    };
    let found = deed::active(&reading, &(0..tokens.len())).filter(|deeds| deeds.iter().all(changes));
    found.or_else(|| {
        let mut told = below.filter_map(|text| change_told(engine, text));
        match (told.next(), told.next()) {
            (Some(one), None) => Some(vec![one]),
            _ => None,
        }
    })
}

/// "Status changes to collected": of the one kind of record that comes to be so.
fn change_told(engine: &Engine<'_>, text: &str) -> Option<Deed> {
    let tokens = normal::normalise(text, engine.lexicon);
    let scope = engine.scope(&tokens);
    COMPILED.read(&tokens, &scope, |_, bound| {
        let [readings] = bound.states("to")? else { return None };
        let reached = |state: &&StateRef| {
            let named = engine.lexicon.entity(&state.entity);
            engine.lexicon.flow_field(&state.entity).as_ref() == Some(&state.field)
                && named.is_some_and(|named| named.flow.transitions.iter().any(|(_, to, _)| *to == state.value))
        };
        let mut found = readings.iter().filter(reached);
        let state = found.next().filter(|_| found.next().is_none())?;
        Some(Deed::Move { entity: state.entity.clone(), from: Vec::new(), to: state.value.clone() })
    })
}

/// What a criterion says of what its story wishes.
pub(crate) fn read(engine: &Engine<'_>, text: &str, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let entity = deeds.first().map(|deed| match deed {
        Deed::Act { entity, .. } | Deed::Move { entity, .. } => entity.clone(),
    })?;
    let topics = std::iter::once(entity).chain(engine.topics.iter().cloned()).collect();
    let engine = Engine { lexicon: engine.lexicon, topics };
    let tokens: Vec<Token> = normal::normalise(text, engine.lexicon)
        .into_iter()
        .filter(|token| token.quoted || !matches!(token.word.as_str(), "(" | ")"))
        .collect();
    let tokens = without_refusal(&engine, &tokens);
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine: &engine };
    COMPILED
        .read(tokens, &scope, |build, bound| build(bound, &reading, deeds))
        .or_else(|| conditional(&reading, deeds))
        .filter(|effects| engine.sound(effects))
}

/// "..., otherwise an error is shown": what comes of it is told anyway.
fn without_refusal<'t>(engine: &Engine<'_>, tokens: &'t [Token]) -> &'t [Token] {
    let otherwise = tokens.iter().position(|token| token.is("otherwise")).filter(|at| *at > 1);
    let refused = |tokens: &[Token]| remark_on_refusal(&engine.scope(tokens), tokens);
    let end = otherwise.filter(|at| refused(tokens.get(*at..).unwrap_or_default()));
    let told = tokens.get(..end.unwrap_or(tokens.len())).unwrap_or_default();
    let marks = told.iter().rev().take_while(|token| matches!(token.word.as_str(), "," | ";" | "–")).count();
    told.get(..told.len() - marks).unwrap_or_default()
}

/// "Otherwise an error message is shown", by itself.
pub(crate) fn otherwise_refused(engine: &Engine<'_>, text: &str) -> bool {
    let tokens = normal::normalise(text, engine.lexicon);
    let led = tokens.first().is_some_and(|first| first.is("otherwise") || first.is("else"));
    led && remark_on_refusal(&engine.scope(&tokens), &tokens)
}

/// A field that must be given under a story that wishes one change is asked for by that change, and not always.
pub(crate) fn then_only(engine: &Engine<'_>, text: &str, effects: Vec<Effect>, deeds: &[Deed]) -> Vec<Effect> {
    let [Deed::Move { entity: of, to, .. }] = deeds else { return effects };
    let tokens = normal::normalise(text, engine.lexicon);
    let plain = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    // "Every order must have a price" speaks of all of them.
    if plain.scope(&tokens).mentioned(&tokens).contains(of) {
        return effects;
    }
    effects
        .into_iter()
        .map(|effect| match effect {
            Effect::Rule(RuleKind::Required { entity, field }) if entity == *of => {
                let (from, to, fields) = (None, to.clone(), vec![field]);
                Effect::Rule(RuleKind::TransitionRequires { entity, from, to, fields })
            }
            other => other,
        })
        .collect()
}

/// "Only a mechanic can do this".
fn roles(bound: &Bound, reading: &Reading<'_>, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let roles = role::roles(reading, &bound.words("roles")?)?;
    role::restricted(deeds.to_vec(), &roles)
}

/// "Only house manager": where the epic knows the role.
fn known_roles(bound: &Bound, reading: &Reading<'_>, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let roles = role::roles(reading, &bound.words("roles")?)?;
    role::known(reading, &roles).then(|| role::restricted(deeds.to_vec(), &roles)).flatten()
}

/// "Pickup date required".
fn needed(bound: &Bound, reading: &Reading<'_>, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let [Deed::Move { .. }] = deeds else { return None };
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    needs::asked(reading, deeds.to_vec(), &bound.words("what")?)
}

/// "Status changes to collected": what the story wishes, told once more.
fn told(bound: &Bound, reading: &Reading<'_>, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let [Deed::Move { entity, to, .. }] = deeds else { return None };
    let [readings] = bound.states("to")? else { return None };
    let same = reading.state_of(readings, entity).is_some_and(|state| state.value == *to);
    let named = bound.entity("entity").is_none_or(|other| other == *entity);
    (same && named).then(|| vec![Effect::Rule(RuleKind::Transitions { entity: entity.clone() })])
}

/// "Not possible if there are bookings for the room".
fn refused_if(bound: &Bound, reading: &Reading<'_>, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let [deed] = deeds else { return None };
    let (Deed::Act { entity, .. } | Deed::Move { entity, .. }) = deed;
    let condition = condition::negation(&reading.condition(entity, &bound.words("c")?)?)?;
    asked(reading, deed, condition)
}

/// "A draft can be submitted if it has at least one item": what the story wishes, and what it asks for.
fn if_so(bound: &Bound, reading: &Reading<'_>, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let [deed @ Deed::Move { entity, to, .. }] = deeds else { return None };
    let done = deed::passive(reading, entity, &[], &bound.words("v")?)?;
    let same = matches!(done.as_slice(), [Deed::Move { entity: of, to: state, .. }] if of == entity && state == to);
    let condition = reading.condition(entity, &bound.words("c")?).filter(|_| same)?;
    let mut effects = asked(reading, deed, condition)?;
    // "A draft": the way from there is the workflow's.
    let subject = bound.words("x")?;
    let whole = reading.scope.states_at(reading.tokens, subject.start).into_iter().find(|(end, _)| *end == subject.end);
    if let Some((_, lists)) = whole {
        let flow = &reading.scope.lexicon.entity(entity)?.flow;
        let led = |from: &String| flow.transitions.iter().any(|(a, b, _)| a == from && b == to);
        let from = lists.iter().map(|readings| reading.state_of(readings, entity).map(|state| state.value));
        from.collect::<Option<Vec<String>>>().filter(|from| from.iter().all(led))?;
        effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
    } else {
        reading
            .scope
            .entity_at(reading.tokens, subject.start)
            .into_iter()
            .find(|(end, of)| *end == subject.end && of == entity)?;
    }
    Some(effects)
}

/// "Order must be ready", "all tasks must be done", "no confirmed bookings for the room": what must hold for it.
fn conditional(reading: &Reading<'_>, deeds: &[Deed]) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    for deed in deeds {
        let (Deed::Act { entity, .. } | Deed::Move { entity, .. }) = deed;
        let condition = demanded(reading, entity)?;
        effects.extend(asked(reading, deed, condition)?);
    }
    Some(effects)
}

/// The condition that a demand in a few words sets.
fn demanded(reading: &Reading<'_>, entity: &str) -> Option<Condition> {
    let tokens = reading.tokens;
    let read = |tokens: &[Token]| condition::read(reading.engine, entity, tokens);
    if let Some(must) = tokens.iter().position(|token| token.is("must") && !token.quoted) {
        let holds = tokens.get(must + 1).is_some_and(|verb| verb.is("be") || verb.is("have"));
        let mut said = tokens.to_vec();
        said.remove(must);
        // "Must be a draft", "there must be at least one task"
        if must == 0 {
            said.insert(0, tokens.first()?.renamed("it"));
        }
        return holds.then(|| read(&said)).flatten();
    }
    let first = tokens.first()?;
    // "No confirmed bookings", "at least one task"
    if first.is("no") || first.is(">=") {
        let there = ["there", "be"].map(|word| first.renamed(word));
        let said: Vec<Token> = there.iter().chain(tokens).cloned().collect();
        return read(&said);
    }
    // "Only confirmed bookings"
    let rest = tokens.get(1..).filter(|_| first.is("only"))?;
    let found = crate::records::records_at(reading.scope, rest, 0);
    let whole = found.into_iter().find(|(end, records)| *end == rest.len() && records.entity == entity);
    whole.map(|(_, records)| records.when).filter(|when| !when.0.is_empty())
}

/// What must hold for something to be done.
fn asked(reading: &Reading<'_>, deed: &Deed, condition: Condition) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    match deed {
        Deed::Move { entity, to, .. } => {
            let flow = &lexicon.entity(entity)?.flow;
            let from: Vec<&String> = flow.transitions.iter().filter(|(_, b, _)| b == to).map(|(a, _, _)| a).collect();
            if let [Test::In { via: None, field, values }] = condition.0.as_slice()
                && lexicon.flow_field(entity).as_ref() == Some(field)
            {
                let told = |state: &&String| values.iter().any(|value| value.as_str() == Some(state));
                // Another state that leads there is left out; none that does not is let in.
                if from.is_empty() || !values.iter().all(|value| from.iter().any(|a| value.as_str() == Some(a))) {
                    return None;
                }
                if from.iter().all(told) {
                    return Some(vec![Effect::Rule(RuleKind::Transitions { entity: entity.clone() })]);
                }
            }
            requires(entity.clone(), Moment::Transition { to: to.clone() }, condition)
        }
        Deed::Act { entity, action: Action::Create, .. } => condition
            .0
            .iter()
            .all(condition::of_referenced)
            .then(|| requires(entity.clone(), Moment::Create, condition))
            .flatten(),
        Deed::Act { entity, action: Action::Delete, .. } => {
            let when = condition::negation(&condition)?;
            Some(vec![Effect::Rule(RuleKind::NoDelete { entity: entity.clone(), when })])
        }
        Deed::Act { entity, action: Action::Update, fields, .. } => {
            let (when, fields) = (condition::negation(&condition)?, fields.clone());
            Some(vec![Effect::Rule(RuleKind::Immutable { entity: entity.clone(), when, fields })])
        }
        Deed::Act { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        crate::pattern::check(super::PATTERNS);
    }
}
