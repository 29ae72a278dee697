//! What somebody does to records: `close or cancel a shift`, `moving a loan from open to closed`, `changing the price of
//! a tool`. Roles, frozen records and what a change of state demands are all told in these words.

use crate::engine::Reading;
use crate::lexicon::Lexicon;
use crate::scope::{FieldRef, StateRef, separator};
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{Action, FieldKind};
use std::collections::HashMap;
use std::ops::Range;

/// One thing done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// An action, on some fields only where they are named, on records in some states only where they are named.
    Act { entity: String, action: Action, fields: Vec<String>, within: Vec<StateRef> },
    /// A change of state, from any state where none is named.
    Move { entity: String, from: Vec<String>, to: String },
}

impl Deed {
    /// The records that it is done to, and the states in which they are.
    fn records(&self, lexicon: &Lexicon) -> Option<(String, Vec<StateRef>)> {
        match self {
            Self::Act { entity, within, .. } => Some((entity.clone(), within.clone())),
            Self::Move { entity, from, .. } => {
                let field = lexicon.flow_field(entity)?;
                let state =
                    |value: &String| StateRef { entity: entity.clone(), field: field.clone(), value: value.clone() };
                Some((entity.clone(), from.iter().map(state).collect()))
            }
        }
    }
}

/// Verbs that say that something moves, not where to.
const MOVING: &[&str] = &[
    "move",
    "set",
    "setto",
    "mark",
    "change",
    "put",
    "switch",
    "transition",
    "return",
    "bring",
    "take",
    "advance",
    "turn",
    "make",
    "send",
    "progress",
    "step",
];

/// Words between verbs that say nothing.
const BETWEEN: &[&str] = &[",", "and", "or", "/", "be", "of", "to", "up", "oneof", "then", "get"];

/// Reads a verb and its object: `delete parcels`, `closing of a shift`, `check in a visit`.
pub(crate) fn active(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<Deed>> {
    parted(reading, range, &mut HashMap::new())
}

/// The same, with what is known of parts of it: a long list is parted at each of its joints, and its parts again.
fn parted(reading: &Reading<'_>, range: &Range<usize>, known: &mut Parts) -> Option<Vec<Deed>> {
    if let Some(deeds) = known.get(range) {
        return deeds.clone();
    }
    let deeds = parted_anew(reading, range, known);
    known.insert(range.clone(), deeds.clone());
    deeds
}

/// What parts of a clause do.
type Parts = HashMap<Range<usize>, Option<Vec<Deed>>>;

fn parted_anew(reading: &Reading<'_>, range: &Range<usize>, known: &mut Parts) -> Option<Vec<Deed>> {
    if let Some(deeds) = arrow(reading, range).or_else(|| step(reading, range)) {
        return Some(deeds);
    }
    let one = (range.start + 1..range.end).find_map(|at| {
        let verbs_in = range.start..at;
        of_fields(reading, &verbs_in, at, range.end).or_else(|| of_records(reading, &verbs_in, at, range.end))
    });
    one.or_else(|| {
        // `cancel open shifts or delete couriers`
        (range.start + 1..range.end).find_map(|at| {
            let joint = reading.tokens.get(at)?;
            if joint.quoted || !matches!(joint.word.as_str(), "and" | "or" | ",") {
                return None;
            }
            let mut deeds = parted(reading, &(range.start..at), known)?;
            let right = separator(reading.tokens, at)..range.end;
            // "cast an audition or turn it down", "approve a submitted trip or reject it"
            let it = |token: &&Token| matches!(token.word.as_str(), "it" | "them") && !token.quoted;
            let part = reading.part(&right);
            let plain: Vec<Token> = part.iter().filter(|token| !it(token)).cloned().collect();
            let spoken_of = |first: &Deed| {
                let (entity, within) = first.records(reading.scope.lexicon)?;
                let within = if joint.is("or") { within } else { Vec::new() };
                (plain.len() + 1 == part.len()).then(|| done_to(reading.scope.lexicon, &plain, &entity, &within))?
            };
            let alternative = deeds.first().filter(|_| joint.is("or")).and_then(spoken_of);
            let more =
                alternative.or_else(|| parted(reading, &right, known)).or_else(|| deeds.first().and_then(spoken_of))?;
            deeds.extend(more);
            Some(deeds)
        })
    })
    .or_else(|| alone(reading, range))
    .or_else(|| {
        // "report or discard it": what was spoken of.
        let (last, verbs_in) = reading.part(range).split_last()?;
        let it = matches!(last.word.as_str(), "it" | "them") && !last.quoted && !verbs_in.is_empty();
        let entity = reading.scope.subject().filter(|_| it)?;
        done_to(reading.scope.lexicon, verbs_in, entity, &[])
    })
}

/// "Approving and rejecting", "check in": verbs alone, of the records spoken of or the only ones that move so.
fn alone(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<Deed>> {
    let lexicon = reading.scope.lexicon;
    let part = reading.part(range);
    // What is a state as it stands ("open") is no verb here.
    let verb = |token: &Token| !token.quoted && !verbs::is_participle(&token.word) && !token.is_number();
    if part.is_empty() || part.len() > 5 || !part.iter().all(verb) {
        return None;
    }
    let moves = |entity: &str| -> Option<Vec<Deed>> {
        let mut deeds = Vec::new();
        let mut at = 0;
        while let Some(token) = part.get(at) {
            if at > 0 && matches!(token.word.as_str(), "and" | "or" | "," | "/") {
                at += 1;
                continue;
            }
            let (end, to) =
                verbs::state_at(lexicon, entity, part, at).filter(|(_, to)| returns(lexicon, entity, to))?;
            deeds.push(Deed::Move { entity: entity.to_owned(), from: Vec::new(), to });
            at = end;
        }
        (!deeds.is_empty()).then_some(deeds)
    };
    let near = reading.scope.focus.iter().find_map(|entity| moves(entity));
    near.or_else(|| {
        let mut all = lexicon.entities.iter().filter_map(|entity| moves(&entity.key));
        match (all.next(), all.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    })
}

/// "draft -> sent": the way itself, of the records that are spoken of.
fn arrow(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<Deed>> {
    let (scope, tokens) = (reading.scope, reading.tokens);
    let at = range.clone().find(|at| tokens.get(*at).is_some_and(|token| token.word == "->"))?;
    let read = |from: usize, end: usize| {
        scope.states_at(tokens, from).into_iter().find(|(stop, _)| *stop == end).map(|(_, lists)| lists)
    };
    let (from, to) = (read(range.start, at)?, read(at + 1, range.end)?);
    let both = |entity: &String| {
        let flow = scope.lexicon.flow_field(entity)?;
        let own = |lists: &[Vec<StateRef>]| -> Option<Vec<String>> {
            let of_flow = |readings: &Vec<StateRef>| {
                reading.state_of(readings, entity).filter(|state| state.field == flow).map(|state| state.value)
            };
            lists.iter().map(of_flow).collect()
        };
        let (from, to) = (own(&from)?, own(&to)?);
        Some(to.into_iter().map(|to| Deed::Move { entity: entity.clone(), from: from.clone(), to }).collect())
    };
    let owners: Vec<String> = from.first()?.iter().map(|state| state.entity.clone()).collect();
    scope.focus.iter().chain(&owners).find_map(both)
}

/// "The change to paid", "a move of a claim from draft to sent", "moving to paid": the way itself, of the records that are
/// named or spoken of.
fn step(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<Deed>> {
    const NOUNS: &[&str] = &[
        "change",
        "move",
        "switch",
        "transition",
        "return",
        "moving",
        "changing",
        "switching",
        "returning",
        "advancing",
        "step",
    ];
    let (scope, tokens) = (reading.scope, reading.tokens);
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
    let mut at = range.start + 1;
    if range.len() < 3 || !word(range.start, NOUNS) {
        return None;
    }
    // "Change of phase", "status change" are called by their noun.
    let of = word(at, &["of", "in"]);
    let named = if of { scope.entity_at(tokens, at + 1).into_iter().next() } else { None };
    if let Some((end, _)) = &named {
        at = *end;
    } else if of {
        let field = scope.field_at(tokens, at + 1).into_iter().next().map(|(end, _)| end);
        at = field.or_else(|| word(at + 1, crate::lexicon::STATE_WORDS).then_some(at + 2))?;
    }
    if !word(at, &["from", "to", "into", "back"]) {
        return None;
    }
    let verbs_in = range.start..range.start + 1;
    let way = |entity: &String| moved(reading, &verbs_in, &[], entity, &[], at, range.end);
    if let Some((_, entity)) = &named {
        return way(entity);
    }
    scope.focus.iter().find_map(way).or_else(|| {
        let mut ways = scope.lexicon.entities.iter().filter_map(|entity| way(&entity.key));
        match (ways.next(), ways.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    })
}

/// Reads what is done to records that were named before: `deleted`, `moved from draft to open`.
pub(crate) fn passive(
    reading: &Reading<'_>,
    entity: &str,
    within: &[StateRef],
    done: &Range<usize>,
) -> Option<Vec<Deed>> {
    // `moved from draft to open`, `marked as lost`
    for at in done.start + 1..done.end {
        if let Some(deeds) = moved(reading, &(done.start..at), &[], entity, within, at, done.end)
            .or_else(|| flagged(reading, &(done.start..at), entity, within, at, done.end))
        {
            return Some(deeds);
        }
    }
    done_to(reading.scope.lexicon, reading.part(done), entity, within)
}

/// `change the price [of a tool]`, `set the status of a loan to closed`.
fn of_fields(reading: &Reading<'_>, verbs_in: &Range<usize>, at: usize, end: usize) -> Option<Vec<Deed>> {
    let scope = reading.scope;
    let tokens = reading.tokens;
    for (stop, fields) in scope.fields_at(tokens, at) {
        let entity = fields.first()?.entity.clone();
        if stop > end || fields.iter().any(|field| field.entity != entity) {
            continue;
        }
        // "The blocked flag of a customer"
        let flag = |token: &Token| !token.quoted && matches!(token.word.as_str(), "flag" | "checkbox" | "field");
        let stop = stop + usize::from(stop < end && tokens.get(stop).is_some_and(flag));
        let (within, stop) = owner(reading, &entity, stop, end);
        let flow = scope.lexicon.flow_field(&entity);
        let state = matches!(fields.as_slice(), [one] if Some(&one.field) == flow.as_ref());
        if state
            && stop < end
            && let Some(deeds) = moved(reading, verbs_in, &[], &entity, &within, stop, end)
        {
            return Some(deeds);
        }
        if stop != end || scope.entity_at(tokens, at).iter().any(|(end, _)| *end == stop && fields.len() == 1) {
            continue;
        }
        let names: Vec<String> = fields.iter().map(|field: &FieldRef| field.field.clone()).collect();
        let mut deeds: Vec<Deed> = Vec::new();
        for token in reading.part(verbs_in) {
            if matches!(token.word.as_str(), "," | "and" | "or" | "/" | "of" | "to") {
                continue;
            }
            let found = verbs::actions(&token.lemma);
            // Setting a value is giving it at first as well as changing it.
            let actions: &[Action] = if token.is("set") || token.is("enter") || token.is("record") {
                &[Action::Create, Action::Update]
            } else if found.contains(&Action::Update) {
                &[Action::Update]
            } else {
                return None;
            };
            for action in actions {
                push(
                    &mut deeds,
                    Deed::Act {
                        entity: entity.clone(),
                        action: *action,
                        fields: names.clone(),
                        within: within.clone(),
                    },
                );
            }
        }
        if !deeds.is_empty() {
            return Some(deeds);
        }
    }
    None
}

/// Behind a field: `of [closed] shifts`, nothing.
fn owner(reading: &Reading<'_>, entity: &str, at: usize, end: usize) -> (Vec<StateRef>, usize) {
    let of = reading.tokens.get(at).is_some_and(|token| matches!(token.word.as_str(), "of" | "on" | "in" | "for"));
    if !of || at + 1 >= end {
        return (Vec::new(), at);
    }
    match records(reading, at + 1, end) {
        Some((within, named, stop)) if named == entity => (within, stop),
        _ => (Vec::new(), at),
    }
}

/// `[closed or cancelled] shifts [that be closed]`: states, entity, end.
fn records(reading: &Reading<'_>, at: usize, end: usize) -> Option<(Vec<StateRef>, String, usize)> {
    let (scope, tokens) = (reading.scope, reading.tokens);
    let own = |lists: &[Vec<StateRef>], entity: &str| -> Option<Vec<StateRef>> {
        lists.iter().map(|readings| reading.state_of(readings, entity)).collect()
    };
    for (from, lists) in scope.states_at(tokens, at) {
        if let Some((stop, entity)) = scope.entity_at(tokens, from).into_iter().next()
            && let Some(states) = own(&lists, &entity)
        {
            return Some((states, entity, stop));
        }
    }
    // A state that the sentence itself led to is known by its name alone.
    if let Some(state) = tokens.get(at).filter(|token| token.quoted)
        && let Some((stop, entity)) = scope.entity_at(tokens, at + 1).into_iter().find(|(stop, _)| *stop <= end)
        && let Some(field) = scope.lexicon.flow_field(&entity)
    {
        return Some((vec![StateRef { entity: entity.clone(), field, value: state.raw.clone() }], entity, stop));
    }
    // "The clerk submits the draft": a state for the records that are in it.
    let led =
        |stop: usize| tokens.get(stop).is_some_and(|next| ["to", "into", "back", "setto"].iter().any(|to| next.is(to)));
    let noun = |token: &Token| token.article.is_some() || (token.word.ends_with('s') && token.word != token.lemma);
    if scope.entity_at(tokens, at).is_empty()
        && tokens.get(at).is_some_and(noun)
        && let Some((stop, lists)) =
            scope.states_at(tokens, at).into_iter().find(|(stop, _)| *stop == end || led(*stop))
        && let Some(entity) = lone_owner(scope.lexicon, &lists)
        && let Some(states) = own(&lists, &entity)
    {
        return Some((states, entity, stop));
    }
    if let Some((entity, stop)) = by_status(reading, at).filter(|(_, stop)| *stop <= end) {
        return Some((Vec::new(), entity, stop));
    }
    let (stop, entity) = scope.entity_at(tokens, at).into_iter().find(|(stop, _)| *stop <= end)?;
    // `shifts that are closed`, `shifts in state draft`
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.contains(&token.word.as_str()));
    let mut from = stop;
    if word(from, &["that"]) && word(from + 1, &["be"]) {
        from += 2;
    }
    if word(from, &["in", "with", "at"]) && !word(from + 1, &["page", "pages"]) {
        from += 1;
    }
    if from > stop {
        from += usize::from(word(from, crate::lexicon::STATE_WORDS));
        for (last, lists) in scope.states_at(tokens, from) {
            if let Some(states) = own(&lists, &entity).filter(|_| last <= end) {
                return Some((states, entity, last));
            }
        }
    }
    Some((Vec::new(), entity, stop))
}

/// "Approve the report [of a call-out]", of call-outs that have a report status: what moves is the record.
fn by_status(reading: &Reading<'_>, at: usize) -> Option<(String, usize)> {
    let (scope, tokens) = (reading.scope, reading.tokens);
    let token = tokens.get(at).filter(|token| !token.quoted && scope.entity_at(tokens, at).is_empty())?;
    let mut owners = scope.lexicon.entities.iter().filter(|named| {
        let field = scope.lexicon.flow_field(&named.key).and_then(|key| named.field(&key));
        field.is_some_and(|field| {
            matches!(field.words.as_slice(), [what, state] if *what == token.lemma
                && crate::lexicon::STATE_WORDS.contains(&state.as_str()))
        })
    });
    let (owner, None) = (owners.next()?, owners.next()) else { return None };
    let of = tokens.get(at + 1).is_some_and(|next| next.is("of"));
    let named = scope.entity_at(tokens, at + 2).into_iter().find(|(_, entity)| of && *entity == owner.key);
    Some((owner.key.clone(), named.map_or(at + 1, |(stop, _)| stop)))
}

/// The only kind of record that can be in these states.
fn lone_owner(lexicon: &Lexicon, lists: &[Vec<StateRef>]) -> Option<String> {
    let mut owners =
        lists.iter().flatten().filter(|state| lexicon.flow_field(&state.entity).as_ref() == Some(&state.field));
    let first = owners.next()?;
    owners.all(|state| state.entity == first.entity).then(|| first.entity.clone())
}

/// Verbs, records, and what follows them.
fn of_records(reading: &Reading<'_>, verbs_in: &Range<usize>, at: usize, end: usize) -> Option<Vec<Deed>> {
    let (scope, tokens) = (reading.scope, reading.tokens);
    // `create and open shifts`: the state's word is a verb like the one before it.
    let joined = reading.part(verbs_in).last().is_some_and(|last| matches!(last.word.as_str(), "and" | "or" | ","));
    let list = if tokens.get(at).is_some_and(|token| token.is("list")) && tokens.get(at + 1)?.is("of") { 2 } else { 0 };
    if verbs_in.clone().any(|at| !scope.entity_at(tokens, at).is_empty()) {
        return None;
    }
    let (within, entity, stop) = records(reading, at + list, end)?;
    if joined && !within.is_empty() && scope.entity_at(tokens, at).is_empty() {
        return None;
    }
    if stop == end {
        let deeds = done_to(scope.lexicon, reading.part(verbs_in), &entity, &within);
        // "Delete a report" deletes no call-out that has a report status.
        let moves = |deeds: &Vec<Deed>| deeds.iter().all(|deed| matches!(deed, Deed::Move { .. }));
        return deeds.filter(|deeds| by_status(reading, at + list).is_none() || moves(deeds));
    }
    if let Some(deeds) = moved(reading, verbs_in, &[], &entity, &within, stop, end)
        .or_else(|| flagged(reading, verbs_in, &entity, &within, stop, end))
    {
        return Some(deeds);
    }
    // `check a visit in`
    if let Some(particle) = tokens.get(stop).filter(|token| stop + 1 == end && PARTICLES.contains(&token.word.as_str()))
    {
        let mut phrase = reading.part(verbs_in).to_vec();
        phrase.push(particle.clone());
        return done_to(scope.lexicon, &phrase, &entity, &within);
    }
    // `create couriers and parcels`
    let mut entities = vec![entity];
    let mut position = stop;
    while position < end {
        let next = separator(tokens, position);
        let (after, more) = scope.entity_at(tokens, next).into_iter().next().filter(|_| next > position)?;
        entities.push(more);
        position = after;
    }
    if position != end || !within.is_empty() {
        return None;
    }
    let mut deeds = Vec::new();
    for entity in entities {
        deeds.extend(done_to(scope.lexicon, reading.part(verbs_in), &entity, &[])?);
    }
    Some(deeds)
}

pub(crate) const PARTICLES: &[&str] = &["in", "out", "off", "up", "over", "back", "down", "away", "through", "on"];

/// `[from draft] to open`, `as lost`, behind a verb of moving.
fn moved(
    reading: &Reading<'_>,
    verbs_in: &Range<usize>,
    extra: &[StateRef],
    entity: &str,
    within: &[StateRef],
    at: usize,
    end: usize,
) -> Option<Vec<Deed>> {
    let (scope, tokens) = (reading.scope, reading.tokens);
    let flow = scope.lexicon.flow_field(entity)?;
    let verbs_only = reading.part(verbs_in).iter().all(|token| {
        BETWEEN.contains(&token.word.as_str())
            || PARTICLES.contains(&token.word.as_str())
            || MOVING.contains(&token.lemma.as_str())
            || MOVING.iter().any(|verb| crate::words::stem(verb) == crate::words::stem(&token.word))
    });
    if !verbs_only || reading.part(verbs_in).iter().all(|token| BETWEEN.contains(&token.word.as_str())) {
        return None;
    }
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.contains(&token.word.as_str()));
    let own = |lists: &[Vec<StateRef>]| -> Option<Vec<String>> {
        lists
            .iter()
            .map(|readings| {
                reading.state_of(readings, entity).filter(|state| state.field == flow).map(|state| state.value)
            })
            .collect()
    };
    let mut from: Vec<String> = within.iter().chain(extra).map(|state| state.value.clone()).collect();
    let mut at = at;
    if word(at, &["from"]) {
        let (stop, lists) = scope.states_at(tokens, at + 1).into_iter().next()?;
        from = own(&lists)?;
        at = stop;
    }
    // "Put a screening on sale": the state says itself where it goes.
    let placed = word(at, &["on", "in", "out", "off", "under"])
        && scope.states_at(tokens, at).into_iter().any(|(stop, _)| stop == end);
    let back = word(at, &["back"]);
    if word(at, &["back", "on", "over", "directly"]) && !placed {
        at += 1;
    }
    // "Only managers may make a member former"
    let made = placed || reading.part(verbs_in).iter().any(|token| token.is("make"));
    if word(at, &["to", "into", "as", "setto"]) {
        at += 1;
    } else if !made && !word(at.saturating_sub(1), &["setto"]) {
        return None;
    }
    at += usize::from(word(at, crate::lexicon::STATE_WORDS));
    let to = match scope.states_at(tokens, at).into_iter().find(|(stop, _)| *stop == end) {
        Some((_, lists)) => own(&lists)?,
        None if word(at - 1, &["into"]) => vec![inside(scope.lexicon, entity, tokens.get(at..end)?)?],
        None => return None,
    };
    // "Only a partner may put it back to draft"
    if let ([to], true) = (to.as_slice(), back && from.is_empty()) {
        from = ways_back(scope.lexicon, entity, to)?;
    }
    Some(to.into_iter().map(|to| Deed::Move { entity: entity.to_owned(), from: from.clone(), to }).collect())
}

/// "Mark a customer as blocked", of a field that says yes or no.
fn flagged(
    reading: &Reading<'_>,
    verbs_in: &Range<usize>,
    entity: &str,
    within: &[StateRef],
    at: usize,
    end: usize,
) -> Option<Vec<Deed>> {
    let verbs_only = reading.part(verbs_in).iter().all(|token| {
        let stem = crate::words::stem(&token.word);
        !token.quoted && ["mark", "flag", "set", "label"].iter().any(|verb| crate::words::stem(verb) == stem)
    });
    let leads = reading.tokens.get(at).is_some_and(|token| token.is("as") || token.is("to"));
    let mut fields = reading.scope.field_at(reading.tokens, at + 1).into_iter();
    let (_, field) = fields.find(|(stop, field)| *stop == end && field.entity == entity)?;
    let flag = reading.scope.kind(&field) == Some(&FieldKind::Boolean);
    (verbs_only && leads && flag && !verbs_in.is_empty()).then(|| {
        let (entity, fields, within) = (entity.to_owned(), vec![field.field], within.to_vec());
        vec![Deed::Act { entity, action: Action::Update, fields, within }]
    })
}

/// "Put a claim into review" leads to the state `in review`.
fn inside(lexicon: &Lexicon, entity: &str, rest: &[Token]) -> Option<String> {
    let flow = lexicon.flow_field(entity)?;
    let wanted = |value: &str| {
        let words = crate::lexicon::name_words(value);
        words
            .split_first()
            .is_some_and(|(first, name)| first == "in" && name.iter().eq(rest.iter().map(|token| &token.lemma)))
    };
    let values = lexicon.entity(entity)?.values();
    values.into_iter().find(|(field, value)| *field == flow && wanted(value)).map(|(_, value)| value.to_owned())
}

/// The verbs' meanings for records of this kind.
fn done_to(lexicon: &Lexicon, verbs_in: &[Token], entity: &str, within: &[StateRef]) -> Option<Vec<Deed>> {
    let mut deeds = Vec::new();
    let mut at = 0;
    while let Some(token) = verbs_in.get(at) {
        if BETWEEN.contains(&token.word.as_str()) || (token.is("re") && verbs_in.len() > at + 1) {
            at += 1;
            continue;
        }
        // A state of this record that the verb leads to is the narrower meaning: "submit", "open", "close".
        if let Some((end, to)) = verbs::state_at(lexicon, entity, verbs_in, at)
            && (end > at + 1 || reached(lexicon, entity, &to))
            && !(verbs::begins_as(lexicon, entity).as_ref() == Some(&to)
                && within.is_empty()
                && !returns(lexicon, entity, &to))
        {
            let mut from: Vec<String> = within.iter().map(|state| state.value.clone()).collect();
            // "Only partners may reopen a matter": once it was closed, and no draft that is opened for the first time.
            if from.is_empty() && verbs::leads_again(&token.lemma, &to) {
                from = ways_back(lexicon, entity, &to)?;
            }
            push(&mut deeds, Deed::Move { entity: entity.to_owned(), from, to });
            at = end;
            continue;
        }
        if let Some(to) = under_way(lexicon, entity, token).filter(|_| within.is_empty()) {
            push(&mut deeds, Deed::Move { entity: entity.to_owned(), from: Vec::new(), to });
            at += 1;
            continue;
        }
        // "Approve a submitted claim" leads to a state that nothing need have named.
        if within.iter().any(|state| lexicon.flow_field(entity).as_ref() == Some(&state.field))
            && (verbs::usual(&token.lemma) || verbs::phrasal(verbs_in, at))
            && let Some((end, to)) = verbs::new_state(lexicon, entity, verbs_in, at)
        {
            let from = within.iter().map(|state| state.value.clone()).collect();
            push(&mut deeds, Deed::Move { entity: entity.to_owned(), from, to });
            at = end;
            continue;
        }
        if let Some(field) = verbs::flag(lexicon, entity, token) {
            let fields = vec![field];
            push(
                &mut deeds,
                Deed::Act { entity: entity.to_owned(), action: Action::Update, fields, within: within.to_vec() },
            );
            at += 1;
            continue;
        }
        let mut actions = verbs::actions(&token.lemma).to_vec();
        if actions.is_empty() && verbs::makes(lexicon, entity, &token.lemma) {
            actions.push(Action::Create);
        }
        if actions.len() == 5 {
            // To "manage" is to change; looking is not managing.
            actions.retain(|action| !matches!(action, Action::Read | Action::List));
        }
        if actions.is_empty() {
            return None;
        }
        for action in actions {
            push(
                &mut deeds,
                Deed::Act { entity: entity.to_owned(), action, fields: Vec::new(), within: within.to_vec() },
            );
        }
        at += 1;
    }
    (!deeds.is_empty()).then_some(deeds)
}

/// "Start a repair" leads to the state in which it is under way.
fn under_way(lexicon: &Lexicon, entity: &str, token: &Token) -> Option<String> {
    const STATES: &[&str] = &["running", "in progress", "under way", "underway", "ongoing", "in work", "in process"];
    if !matches!(token.lemma.as_str(), "start" | "begin") || token.quoted {
        return None;
    }
    let named = lexicon.entity(entity)?;
    let running = |to: &&str| STATES.contains(&to.to_lowercase().as_str());
    let ways = named.flow.transitions.iter().map(|(_, to, _)| to.as_str()).find(running);
    // Where nothing connects the states, any of them may be meant.
    let field = lexicon.flow_field(entity).filter(|_| named.flow.transitions.is_empty());
    let values = || named.values().into_iter().filter(|(of, _)| Some(*of) == field.as_deref()).map(|(_, value)| value);
    ways.or_else(|| values().find(running)).map(str::to_owned)
}

/// The states from which records come back to one where they were before; none where nothing connects the states, `None` where
/// it is not clear which of them.
fn ways_back(lexicon: &Lexicon, entity: &str, to: &str) -> Option<Vec<String>> {
    let ways = &lexicon.entity(entity)?.flow.transitions;
    let mut behind: Vec<&String> = Vec::new();
    let mut next = vec![to];
    while let Some(at) = next.pop() {
        for (_, state, _) in ways.iter().filter(|(from, state, _)| from == at && state != to) {
            if !behind.contains(&state) {
                behind.push(state);
                next.push(state);
            }
        }
    }
    let entered: Vec<&String> = ways.iter().filter(|(_, state, _)| state == to).map(|(from, _, _)| from).collect();
    let back: Vec<String> = entered.iter().filter(|from| behind.contains(*from)).map(|from| (*from).clone()).collect();
    match behind.as_slice() {
        _ if !back.is_empty() || ways.is_empty() => Some(back),
        // Only one state follows: nothing else can be meant.
        [one] => Some(vec![(*one).clone()]),
        _ => None,
    }
}

/// Whether some way leads to this state.
fn returns(lexicon: &Lexicon, entity: &str, to: &str) -> bool {
    lexicon.entity(entity).is_some_and(|named| named.flow.transitions.iter().any(|(_, state, _)| state == to))
}

/// Whether records move to this state; where nothing connects the states, all of them may be set.
fn reached(lexicon: &Lexicon, entity: &str, to: &str) -> bool {
    lexicon.entity(entity).is_some_and(|named| {
        named.flow.transitions.iter().any(|(_, state, _)| state == to)
            || (named.flow.transitions.is_empty()
                && lexicon.flow_field(entity).is_some_and(|field| named.values().contains(&(field.as_str(), to))))
    })
}

fn push(deeds: &mut Vec<Deed>, deed: Deed) {
    if !deeds.contains(&deed) {
        deeds.push(deed);
    }
}
