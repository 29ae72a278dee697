//! Which states there are, and the first of them.

use super::{about, named_field, names, state_like, transitions};
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::family::rule;
use crate::lexicon::{Named, STATE_WORDS};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{FieldKind, RuleKind, Test};
use serde_json::Value;
use std::ops::Range;

pub(in crate::family) const PATTERNS: &[(&str, Build)] = &[
    (
        "[<entity> | <field> | %state] [of <entity:e>] [must | may] (start | starts | begin | begins | be initially | initially be | be created | be recorded | be opened) [out] (as | in | with | at | on) [%state] <words:state>",
        initial,
    ),
    (
        "<field> [of <entity>] (must be | be) (initially | at first | in beginning | to begin with) <words:state>",
        initial,
    ),
    (
        "new <entity> (be | must be | have | have %state | get | get %state | must have %state | be in | start as | start in | start at | start with | be setto | be given | receive) [%state] <words:state>",
        initial,
    ),
    (
        "new <entity> (have | must have | get | must get | receive | must receive | be given | must be given) <field> <words:state>",
        initial,
    ),
    ("<entity> (start | begin) [life | out] (as | in) [%state] <words:state>", initial),
    (
        "<entity> (be | must be) <words:state> (at first | initially | in beginning | at beginning | at start | to begin with | to start with | from start)",
        begins,
    ),
    ("<entity> be (first | first of all) <words:state>", first_known),
    ("[new] <entity> (start | starts | begin | begins) [out | life | its life] as <words:state>", begins),
    (
        "[new] <entity> (be created | be saved | be stored | be opened | start | starts | begin | begins) (with | in) %state [of] <words:state>",
        begins,
    ),
    ("[new] <entity> (start | starts | begin | begins) (out | off) [as | in | at] <words:state>", begins),
    (
        "new <entity> (be | must be | be [always] | have | get) [in] [%state] <words:state> [at first | initially | to begin with]",
        begins,
    ),
    ("(%state | <field>) of new <entity> (be | must be) [in] [%state] <words:state>", begins),
    ("<field> (be | must be) <words:state>", of_new),
    ("by default [,] <entity> be [not] <words:state>", known_default),
    (
        "unless (stated otherwise | otherwise stated | told otherwise | otherwise specified | specified otherwise) [,] <entity> be [not] <words:state>",
        known_default,
    ),
    (
        "<entity> have (no | not) <field:flag> (by default | unless stated otherwise | unless otherwise stated | unless told otherwise | unless otherwise specified | unless specified otherwise)",
        without,
    ),
    (
        "[new] <entity> be [not] <words:state> (by default | unless stated otherwise | unless otherwise stated | unless told otherwise | unless otherwise specified | unless specified otherwise)",
        known_default,
    ),
    (
        "<entity> (be | must be) [in %state] <words:state> if [<entity:e> | it | they] [be] (created | made | new | added | entered | recorded | placed)",
        begins,
    ),
    (
        "(if | on | upon | >) [new] <entity> be %made , [<entity:e>] (be | must be | have | get | gets | receive | receives | be setto | start as | starts as | start in) [in] [%state] [of] <words:state>",
        begins,
    ),
    (
        "(on | upon | at | >) creation [of <entity>] [,] [<entity:e>] (be | must be | have | get | gets | be setto | start as | starts as) [in] [%state] <words:state>",
        begins,
    ),
    ("default (%state | <field>) [of <entity>] be <words:state>", begins),
    (
        "[<entity> 's] (%state | <field>) [of <entity>] be (setto | set to) <words:state> (on creation | at creation | if <entity:e> be %made | automatically | by default | if [it] be %made)",
        begins,
    ),
    ("(initial | first | starting) %state [of <entity>] ([must] be | :) <words:state>", initial),
    ("<words:state> (be initial %state | be starting %state | be initial)", initial),
    ("initially <entity> be [in] [%state] <words:state>", initial),
    (
        "[<field> | %state [of <entity>]] (be | may be | must be | :) [oneof] [:] <words:states> [,] in [this | that | exactly this | given] order",
        steps,
    ),
    (
        "[<entity>] (may be | must be | be | have been | be either) [in] (oneof) [following] [%state] [:] <words:states>",
        states,
    ),
    ("<entity> (may be | be) [in] <words:states>", loose_states),
    ("%state [of <entity>] (be | may be | must be) [oneof] [:] <words:states>", states),
    ("<entity> have [following | possible] %state [:] <words:states>", states),
    (
        "[<entity>] [possible | allowed | following] %state [of <entity:e>] [be | include | :] [:] <words:states>",
        states,
    ),
    (
        "<entity> (goes | go | pass | passes | moves | move | run | runs) (through | via) [following | %state | following %state] [:] <words:states> [in this order | in order | in that order]",
        steps,
    ),
    ("%state (be | must be) passed in [this] order [:] <words:states>", steps),
    (
        "<entity> have [following] %state [:] <words:states> (and | , | ;) [it | they] [must | may | mayonly] (pass | passes | go | goes | move | moves | run | runs) through (them | it | these) [only] in [this | that] order",
        steps,
    ),
    ("[<entity> | %state | <field>] (go | goes | run | runs | progress | progresses) [:] <words:states>", steps_known),
    (
        "[it | they | <entity> | %state | <field>] [of <entity:e>] (mayonly | must | may | must always) (move | go | advance | progress | change | be moved | be changed) [only] [through them] (forward | forwards | in order | in this order | in that order | in given order | step by step | 1 step sametime | forward [,] 1 step sametime | in sequence)",
        in_order,
    ),
    ("(%state | no %state | step) (mustnot | may) be skipped", in_order),
    ("([%state] field | it) (be | must be) called <words:name>", called),
    ("<entity> (be | have | have been | may be | must be) [oneof] <words:states> in this order", steps),
];

/// What something is in while it is worked on.
const IN: &[&str] = &[
    "preparation",
    "progress",
    "transit",
    "use",
    "work",
    "repair",
    "production",
    "stock",
    "service",
    "review",
    "storage",
    "training",
    "development",
    "planning",
    "negotiation",
    "treatment",
    "quarantine",
    "maintenance",
];

fn initial(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    // "Orders start with progress received": a field and its value.
    let range = bound.words("state")?;
    let field_first = reading
        .scope
        .field_at(reading.tokens, range.start)
        .into_iter()
        .any(|(end, field)| end > range.start && end < range.end && field.entity == entity);
    if field_first {
        return None;
    }
    if let Some(rule) = unlike(&entity, reading, &range) {
        return Some(rule);
    }
    // "A new booking is in the state requested" is another pattern's.
    if reading.part(&bound.words("state")?).first().is_some_and(|first| first.is("in")) {
        return None;
    }
    // "Every broadcast starts as draft" beside spots that refer to one says nothing of spots.
    let refers = |field: FieldRef| matches!(reading.scope.kind(&field), Some(FieldKind::Reference { .. }));
    if bound.field("field").is_some_and(refers) {
        return None;
    }
    let mut states = names(reading, &bound.words("state")?)?;
    let (Some(state), true) = (states.pop(), states.is_empty()) else { return None };
    if reading.scope.lexicon.find(&state).is_some() {
        return None;
    }
    // "A job may start on the day another one ends" tells no state.
    let words = crate::lexicon::name_words(&state);
    if words.len() > 3
        || words.iter().any(|word| ["day", "date", "another", "other", "end", "1"].contains(&word.as_str()))
    {
        return None;
    }
    // "Jobs have no active flag": what they lack is no state, though "no show" is one.
    if let Some(lacking) = state.strip_prefix("no ")
        && reading.scope.lexicon.entity(&entity).is_some_and(|named| named.find(lacking).is_some())
    {
        return None;
    }
    // "The fee starts at 5 euros" tells no state.
    if state.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '€' | '$' | '£')) {
        return None;
    }
    // "The reference starts with JOB": a text that is said to be one has no states.
    let text = bound.field("field").and_then(|field| reading.scope.lexicon.field(&field));
    if text.is_some_and(|field| field.stated && matches!(field.kind, FieldKind::Text { .. })) {
        return None;
    }
    let field = named_field(bound, reading);
    let known_flow = reading.scope.lexicon.flow_field(&entity).is_some() || field.is_some();
    if !known_flow {
        return None;
    }
    let mut effects = Vec::new();
    if field.is_some() {
        effects.push(Effect::States { entity: entity.clone(), field, states: vec![state.clone()] });
    }
    effects.push(Effect::Initial { entity: entity.clone(), state: state.clone() });
    if let Some(field) = reading.scope.lexicon.flow_field(&entity) {
        effects.push(Effect::Rule(RuleKind::Default { entity, field, value: Value::from(state) }));
    }
    Some(effects)
}

/// "A booking is requested at first": says that there are states, even where nothing else does yet.
fn begins(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| about(bound, reading))?;
    if bound.entity("e").is_some_and(|other| other != entity) {
        return None;
    }
    let range = bound.words("state")?;
    let lexicon = reading.scope.lexicon;
    // "New members are active" where `active` is a yes/no field.
    if let Some((_, flag)) = reading
        .scope
        .field_at(reading.tokens, range.start)
        .into_iter()
        .find(|(end, field)| *end == range.end && field.entity == entity)
        && lexicon.field(&flag).is_some_and(|field| field.kind == FieldKind::Boolean)
    {
        return rule(RuleKind::Default { entity, field: flag.field, value: Value::Bool(true) });
    }
    if let Some(rule) = unlike(&entity, reading, &range) {
        return Some(rule);
    }
    // "New scores are good" of a condition that goes through no changes.
    if let Some((field, value)) = lexicon.entity(&entity).and_then(|named| valued(named, reading.part(&range)))
        && lexicon.flow_field(&entity).is_none_or(|flow| flow != field)
    {
        return rule(RuleKind::Default { entity, field, value });
    }
    // "Starts as" says by itself that a state follows; "is" does not.
    let said = reading.tokens.iter().any(|token| {
        matches!(token.word.as_str(), "start" | "starts" | "begin" | "begins" | "first" | "initially" | "beginning")
            || crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str())
    });
    let mut found = if said {
        names(reading, &range)
            .filter(|found| found.iter().all(|state| lexicon.find(state).is_none() && state.split(' ').count() <= 3))?
    } else {
        state_like(reading, &entity, &range)?
    };
    let (Some(state), true) = (found.pop(), found.is_empty()) else { return None };
    let mut effects = vec![
        Effect::States { entity: entity.clone(), field: named_field(bound, reading), states: vec![state.clone()] },
        Effect::Initial { entity: entity.clone(), state: state.clone() },
    ];
    if let Some(field) = lexicon.flow_field(&entity) {
        effects.push(Effect::Rule(RuleKind::Default { entity, field, value: Value::from(state) }));
    }
    Some(effects)
}

/// "A new booking is unpaid", "hires start out as unpaid" where `paid` is a yes/no field.
fn unlike(entity: &str, reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<Effect>> {
    let (one, not) = match reading.part(range) {
        [one] => (one, false),
        [not, one] if not.is("not") => (one, true),
        _ => return None,
    };
    let named = reading.scope.lexicon.entity(entity)?;
    let Test::In { field, values, .. } = crate::records::flag(named, one, true)? else { return None };
    let [Value::Bool(yes)] = values.as_slice() else { return None };
    rule(RuleKind::Default { entity: entity.to_owned(), field, value: Value::Bool(*yes != not) })
}

/// "A household is first applied", of records whose other states are told: a state that they had before.
fn first_known(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let field = reading.scope.lexicon.flow_field(&entity)?;
    let [state] = state_like(reading, &entity, &bound.words("state")?)?.try_into().ok()?;
    let state: String = state;
    let value = Value::from(state.clone());
    Some(vec![
        Effect::States { entity: entity.clone(), field: None, states: vec![state.clone()] },
        Effect::Initial { entity: entity.clone(), state },
        Effect::Rule(RuleKind::Default { entity, field, value }),
    ])
}

/// "The field is called stage", of the records whose states were told without a name for them.
fn called(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = reading.scope.subject()?;
    let named = reading.scope.lexicon.entity(entity)?;
    let flow = named.field(named.flow.field.as_ref()?)?;
    let name = reading.name(&bound.words("name")?).to_lowercase();
    let words = crate::lexicon::name_words(&name);
    let stated = words.len() <= 3 && words.last().is_some_and(|last| STATE_WORDS.contains(&last.as_str()));
    let fits = stated && (flow.unlisted || flow.words == words);
    fits.then(|| {
        let field = Effect::Field { entity: entity.to_owned(), name, kind: None, read_only: false };
        vec![field, Effect::has_field(entity, &flow.key)]
    })
}

/// "Pitches have no electricity unless stated otherwise"
fn without(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, flag) = (bound.entity("entity")?, bound.field("flag")?);
    let boolean = reading.scope.kind(&flag).is_some_and(|kind| *kind == FieldKind::Boolean) && flag.entity == entity;
    boolean.then(|| rule(RuleKind::Default { entity, field: flag.field, value: Value::Bool(false) })).flatten()
}

/// "Members are not active by default": a yes/no field or a state that is known; these words name none.
fn known_default(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let range = bound.words("state")?;
    let part = reading.part(&range);
    let not = range.start.checked_sub(1).and_then(|at| reading.tokens.get(at)).is_some_and(|token| token.is("not"));
    let not_inside = part.first().is_some_and(|first| first.is("not"));
    let named = reading.scope.lexicon.entity(&entity)?;
    let words = part.get(usize::from(not_inside)..)?;
    if let [one] = words
        && let Some(Test::In { field, values, .. }) = crate::records::flag(named, one, true)
        && let [Value::Bool(yes)] = values.as_slice()
    {
        let value = Value::Bool(*yes != (not || not_inside));
        return rule(RuleKind::Default { entity, field, value });
    }
    let (field, value) = valued(named, words).filter(|_| !not && !not_inside)?;
    rule(RuleKind::Default { entity, field, value })
}

/// "The section of a new musician is brass", where `section` is no workflow's.
fn of_new(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("state")?;
    reading.tokens.get(..range.start)?.iter().any(|token| token.article == Some("new")).then_some(())?;
    let of = bound.field("field")?;
    let lexicon = reading.scope.lexicon;
    let (field, value) =
        valued(lexicon.entity(&of.entity)?, reading.part(&range)).filter(|(key, _)| *key == of.field)?;
    (lexicon.flow_field(&of.entity) != Some(of.field)).then_some(())?;
    rule(RuleKind::Default { entity: of.entity, field, value })
}

/// The one field of a record that holds such a value, and the value: "good", "in good condition".
fn valued(named: &Named, words: &[Token]) -> Option<(String, Value)> {
    let words = if let [first, rest @ ..] = words
        && first.is("in")
        && !rest.is_empty()
    {
        rest
    } else {
        words
    };
    let said: Vec<&str> = words.iter().map(|token| token.lemma.as_str()).collect();
    let mut found = named.values().into_iter().filter(|(of, value)| {
        let value = crate::lexicon::name_words(value);
        let field = named.field(of).map(|field| field.words.as_slice()).unwrap_or_default();
        said == value || said == [value.as_slice(), field].concat()
    });
    let ((field, value), None) = (found.next()?, found.next()) else { return None };
    Some((field.to_owned(), Value::from(value)))
}

fn states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let range = bound.words("states")?;
    // "An artist has a stage name, a contact person and an address" lists fields.
    let part = reading.part(&range);
    let fields = part.iter().any(|token| matches!(token.article, Some("a" | "an")));
    // "Match status, home club, kick-off" lists fields, too.
    let fields = fields || part.first().is_some_and(|first| first.is(","));
    let mut states = names(reading, &range)?;
    // "A property is in preparation, on the market or sold": the word belongs to the state.
    let within = range.start.checked_sub(1).and_then(|at| reading.tokens.get(at)).is_some_and(|before| before.is("in"));
    if let Some(first) = states.first_mut().filter(|first| within && IN.contains(&first.as_str())) {
        *first = format!("in {first}");
    }
    if fields || states.len() < 2 || states.iter().any(|state| reading.scope.lexicon.find(state).is_some()) {
        return None;
    }
    let field = named_field(bound, reading);
    // "A job is either urgent or normal" beside "a job begins as a draft": those are no states of it.
    let other = reading.scope.lexicon.entity(&entity).is_some_and(|named| {
        let flow = &named.flow;
        let begins = flow.initial.as_ref().is_some_and(|(first, _)| !states.contains(first));
        begins && !flow.transitions.iter().any(|(from, to, _)| states.contains(from) || states.contains(to))
    });
    if other && field.is_none() && reading.tokens.iter().any(|token| token.is("oneof")) {
        return None;
    }
    let whole = field.is_some() || states.len() > 2 || reading.tokens.iter().any(|token| token.is("oneof"));
    let mut effects = vec![Effect::States { entity: entity.clone(), field, states: states.clone() }];
    if whole {
        effects.push(Effect::AllStates { entity: entity.clone(), states });
    }
    if let Some(field) = reading.scope.lexicon.flow_field(&entity) {
        effects.push(Effect::has_field(&entity, &field));
    }
    Some(effects)
}

/// "A visit goes planned, checked in, done": only states that are known make an order.
fn steps_known(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let states = names(reading, &bound.words("states")?)?;
    let flow = reading.scope.lexicon.flow_field(&entity)?;
    let known = reading.scope.lexicon.entity(&entity)?.values();
    let all = states.iter().all(|state| known.contains(&(flow.as_str(), state.as_str())));
    (all && states.len() > 2).then(|| steps(bound, reading)).flatten()
}

/// "It can only move forward, one step at a time": the states in the order in which they were named.
fn in_order(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let word = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    // Forward alone does not say that no state may be left out.
    if word("may") && word("skipped") && !word("no") || (word("forward") || word("forwards")) && !word("sametime") {
        return None;
    }
    let entity = about(bound, reading)?;
    let field = reading.scope.lexicon.flow_field(&entity)?;
    let named = reading.scope.lexicon.entity(&entity)?;
    let states: Vec<String> =
        named.values().into_iter().filter(|(of, _)| *of == field).map(|(_, value)| value.to_owned()).collect();
    if states.len() < 2 {
        return None;
    }
    let pairs: Vec<(String, String)> =
        states.iter().zip(states.iter().skip(1)).map(|(a, b)| (a.clone(), b.clone())).collect();
    // Ways that leave the row are told elsewhere: then this says no more than that they are all there is.
    let branches = named.flow.transitions.iter().any(|(from, to, _)| !pairs.iter().any(|(a, b)| a == from && b == to));
    if branches || word("skipped") {
        let told = !named.flow.transitions.is_empty();
        return told.then(|| rule(RuleKind::Transitions { entity })).flatten();
    }
    Some(transitions(&entity, &pairs))
}

/// "Permits can be active, suspended or revoked": adjectives and participles that are nothing one does to a record.
fn loose_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("states")?;
    let part = reading.part(&range);
    let or = part.iter().any(|token| token.is("or"));
    let acts = part.iter().any(|token| {
        !verbs::actions(&token.lemma).is_empty()
            || token.is_number()
            || ["required", "optional", "unique", "empty", "in", "at"].contains(&token.word.as_str())
    });
    let child = part.iter().any(|token| {
        verbs::child_made(reading.scope.lexicon, &bound.entity("entity").unwrap_or_default(), &token.lemma).is_some()
            && reading.scope.lexicon.flow_field(&bound.entity("entity").unwrap_or_default()).is_none()
            && part.len() < 3
    });
    // "A concert is planned, announced, held or called off": three ways to be are no deeds, as making and deleting are.
    let entity = bound.entity("entity")?;
    let made = part.iter().any(|token| {
        matches!(token.word.as_str(), "created" | "made" | "deleted" | "removed" | "edited" | "changed" | "updated")
    });
    let several = reading.tokens.iter().any(|token| token.is("be"))
        && !reading.tokens.iter().any(|token| token.is("may"))
        && !made
        && state_like(reading, &entity, &range)
            .or_else(|| names(reading, &range).filter(|found| found.iter().all(|state| been(state))))
            .is_some_and(|states| states.len() >= 3);
    // "A move can be planned, confirmed, under way, completed or cancelled": one of them at least is nothing that is done.
    let ways_to_be = !made
        && names(reading, &range).is_some_and(|found| {
            found.len() >= 4
                && found.iter().any(|state| verbs::plain_state(state) && !been_done(state))
                && found.iter().all(|state| been(state) || verbs::plain_state(state))
        });
    if !or || (acts && !several && !ways_to_be) || child {
        return None;
    }
    states(bound, reading)
}

/// A participle: what somebody does to a record.
fn been_done(state: &str) -> bool {
    matches!(crate::lexicon::name_words(state).as_slice(), [one] if verbs::is_participle(one))
}

/// What was done to something, in one word or with a particle: `held`, `called off`.
fn been(state: &str) -> bool {
    match crate::lexicon::name_words(state).as_slice() {
        // "running", "waiting": what it is doing.
        [one] => {
            verbs::is_participle(one)
                || verbs::plain_state(one)
                || verbs::given_up(one)
                || (one.len() > 5 && one.ends_with("ing"))
        }
        [one, particle] => verbs::is_participle(one) && crate::deed::PARTICLES.contains(&particle.as_str()),
        _ => verbs::plain_state(state),
    }
}

/// "goes through planned, open and done": each state follows the one before.
fn steps(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let range = bound.words("states")?;
    let states = names(reading, &range)?;
    if states.len() < 2 {
        return None;
    }
    // "... sent, then paid or written off": the last two are two ends of one row.
    let forks = reading.part(&range).iter().any(|token| !token.quoted && token.is("or"));
    let last = states.len() - 1;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (at, (from, to)) in states.iter().zip(states.iter().skip(1)).enumerate() {
        if forks && at + 1 == last {
            let before = at.checked_sub(1).and_then(|at| states.get(at))?;
            pairs.push((before.clone(), to.clone()));
        } else {
            pairs.push((from.clone(), to.clone()));
        }
    }
    // "In this order", which is no purchase order.
    let ordered = reading.tokens.iter().enumerate().any(|(at, token)| {
        (token.is("order") || token.is("sequence"))
            && (1..=3).any(|back| {
                at.checked_sub(back).and_then(|at| reading.tokens.get(at)).is_some_and(|token| token.is("in"))
            })
    });
    let mut effects = vec![Effect::States { entity: entity.clone(), field: named_field(bound, reading), states }];
    if ordered {
        effects.extend(transitions(&entity, &pairs));
    } else {
        effects.push(Effect::Steps { entity: entity.clone(), ways: pairs });
        effects.push(Effect::Rule(RuleKind::Transitions { entity }));
    }
    Some(effects)
}
