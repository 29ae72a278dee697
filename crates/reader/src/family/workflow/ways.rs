//! The allowed changes of state: `from a to b`, `a submitted claim can be approved`.

use super::{about, named_field, names, state_like, transitions};
use crate::deed::Deed;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::family::rule;
use crate::pattern::Bound;
use crate::scope::StateRef;
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{Action, Condition, RuleKind, Test};
use serde_json::Value;
use std::ops::Range;

pub(in crate::family) const MOVES: &[(&str, Build)] = &[
    (
        "[<entity> | <field> | it | %state] %must %move [back | on | over | only] [directly | straight] [from] <words:from> [only] (to | into | back to | on to) <words:to>",
        moves,
    ),
    (
        "[<entity> | <field> | it | %state] (mayonly | mayonly be) %move [back | on | over] [directly | straight] from <words:from> [only] (to | into | back to | on to) <words:to>",
        moves,
    ),
    (
        "[<entity> | <field> | it | %state] %move [back | on | over] [directly | straight] from <words:from> [only] (to | into | back to | on to) <words:to>",
        moves,
    ),
    (
        "from <words:from> [<entity> | <field> | it | %state] [%must] (%move | be | only) [back | on | only] (to | into | back to) <words:to>",
        moves,
    ),
    ("from <words:from> (to | into | back to) <words:to>", moves),
    (
        "from <states:from> [,] [<entity> | <field> | it | they] [may | mayonly | must] (become | becomes | be) [only] <states:to>",
        between_known,
    ),
    ("from <states:from> [,] [only] <states:to>", between_known),
    ("[<entity> | <field> | it | %state] [%must] %move [back and forth | freely] between <words:both>", between),
    (
        "[allowed | possible | valid | permitted | only] (change | transition | move | step | way) [of %state] [of <entity>] [allowed | be | may be | must be | :] [:] <words:ways>",
        listed,
    ),
    (
        "<entity> (be | start as | starts as | begin as | start | go | goes | go from | goes from) [first] <words:sequence>",
        sequence,
    ),
    ("[<entity>] %state [of <entity:e>] (be | :) [first] <words:sequence>", sequence),
    ("[<entity> | <field>] (be | may be | must be) <state:to> (from | if in | if) <states:from>", from_states),
];

pub(in crate::family) const VERBS: &[(&str, Build)] = &[
    ("<words:states> [be] (final | final %state | end %state | terminal | terminal %state)", terminal),
    (
        "(no other | other | any other | no further) [%state] (change | changes | transition | transitions | move | moves | step | change of %state) [other than these] (be allowed | be possible | be permitted | be %refused | may be made | exist | mustnot be made)",
        only_these,
    ),
    ("[%state] (transition | change) other than these (must be | be) %refused", only_these),
    (
        "(skipping | jumping over | leaving out) [any | 1] (%state | statuses | states | stages | steps) (be | must be) (%refused | not possible)",
        no_other_way,
    ),
    (
        "(%state mustnot | statuses mustnot | states mustnot | stages mustnot | steps mustnot | no %state may) be (skipped | left out | jumped over | omitted)",
        no_other_way,
    ),
    (
        "(noone may | (it | they | <entity> | 1 | you | users | user) (mustnot | be %refused to | be not possible to)) (skip | jump over | leave out | omit) [any | 1] (%state | statuses | states | stages | steps)",
        no_other_way,
    ),
    (
        "(going | moving | stepping | changing) (back | backwards | backward) [to earlier (%state | statuses | states)] (be | must be) (%refused | not possible)",
        no_other_way,
    ),
    (
        "(%state | it | they | <entity>) mustnot (go | move | be changed | be moved) (backwards | backward)",
        no_other_way,
    ),
    ("(only these | these) (transition | transitions | change) (be allowed | be possible)", only_these),
    // "Every transition that is not in the table is answered with 409"
    (
        "[any | every | all] [other] (transition | transitions | change) [of %state] [that] [be] not [be] [listed | shown | named | given | told | contained | part of] [in | on | of] [table | list | diagram | chain | workflow] [above | below | here] (be | must be) (%refused | answered | met)",
        only_these,
    ),
    (
        "[these | that | they | it | <entity>] be only [possible | allowed | permitted] (step | steps | transition | transitions | change | changes | way | ways) [that be] [possible | allowed | permitted]",
        only_these,
    ),
    (
        "only [%state] (change | transition) [that be] (listed | named | shown | told | given) [above | > | here | below] be (allowed | permitted | possible | valid)",
        only_these,
    ),
    (
        "[any] other [%state] (transition | transitions | change | change of %state) ((must be | be) (%refused | answered | met) | (gives | give | results in | result in | leads to | lead to) (conflict | error | 409 | conflict error))",
        only_these,
    ),
    (
        "<states:from> <entity> (may be | mayonly be | may | mayonly | must be) [either] <words:to> by <words:who>",
        verb_from,
    ),
    ("<states:from> <entity> (may be | mayonly be | may | mayonly | must be | be oneof) <words:to>", verb_from),
    ("<states:from> <entity> (becomes | become) <words:to> by <words:who>", verb_from),
    ("<states:from> (<entity> | 1) (becomes | become) [either | then | oneof] <words:to>", verb_from),
    (
        "<states:from> [<entity> | 1] [may be | mayonly be | may | mayonly | must | must be | be] %move [back] (to | into) <words:to>",
        verb_from,
    ),
    ("<words:new> <entity> (%move | go | goes | becomes) (to | into) <words:to>", new_moves),
    ("<states:from> (may be | mayonly be) [either] <words:to>", noun_from),
    ("<states:from> 1 (may be | mayonly be | may | mayonly | must be) <words:to>", verb_from),
    (
        "(if | > | after) [it | <entity:e>] [be] [in] [%state] <states:from> , [<entity>] (may be | may | mayonly be | mayonly) [either] [then] <words:to>",
        verb_from,
    ),
    (
        "(if | > | after) <entity:e> be <words:new> , <entity> (may be | mayonly be) [either] [then] <words:to>",
        verb_from,
    ),
    ("<words:new> <entity> (may be | mayonly be) [either] [then] <words:to>", verb_from),
    ("<entity> <states:from> (may be | mayonly be | may | mayonly) <words:to>", postposed),
    ("<entity> (in | that be [in]) [%state] <states:from> (may be | mayonly be | may | mayonly) <words:to>", verb_from),
    (
        "<entity> may be <words:to> (if | as long as | > | after) [it | they] [be] [in] [%state] <states:from>",
        verb_from,
    ),
    ("(you | we | they | user | i | people | 1) mayonly <words:deed>", only_deed),
    ("<entity> mustnot be <words:to> < [it | they | <entity:e>] [be] <states:from>", not_before),
    (
        "[<entity> | it | %state | <field>] (mustnot | may never | not) (%move | jump | jumps | skip) [directly | back | straight] from <words:from> [back | directly] (to | into) <words:to>",
        not_moves,
    ),
    (
        "[<entity> | it | %state] mustnot (go back | return | be moved back | be returned | be reset | be set back | go) to <states:to> [%anymore]",
        not_back,
    ),
    (
        "<states:from> <entity> mustnot (be | become | go back to | move back to | move to | change to | return to) [set to | moved to | moved back to | changed back to] <words:to>",
        not_verb,
    ),
    ("<states:from> mustnot (be | become | go back to | move back to | move to) <words:to>", not_noun),
    (
        "<entity> (that be | in) [%state] <states:from> mustnot (be | become) [set to | moved to | changed to] <words:to>",
        not_verb,
    ),
    ("<states> (be | must be) (final | end %state | final %state | terminal)", terminal),
    (
        "(nothing | no %state | no other %state) (follow | follows | comes after | come after | may follow) <words:states>",
        terminal,
    ),
    ("(final | end | terminal | last) %state (be | :) <words:states>", terminal),
    ("(if | > | after) [it | <entity:e>] [be] <states:from> , <entity> mustnot (be | become) <words:to>", not_verb),
    (
        "<entity> (may | mayonly | mayonly be | may be) [be] <words:to> [sametime] (unless | <) [it | they] [be] <states:stop>",
        until,
    ),
    ("<entity> must [have] be <states:from> < [it | they] (may be | be) <words:to>", not_before),
    (
        "(nothing | no way | no %state) (leads | lead | goes | go) (out of | away from | on from | from) <words:states>",
        terminal,
    ),
    ("there be no other way for %state to change", only_these),
    ("nothing else (be | must be) (possible | allowed | permitted)", only_these),
    ("there be no way (out of | back from | from) <words:states>", terminal),
    (
        "(if | > | from) [it] [be] <words:states> , [<entity> 's | <entity>] (%state | <field>) (not change | not changes | mustnot change | mustnot be %changed | mustnot be %changed)",
        terminal,
    ),
    (
        "(if | >) [it | <entity:e>] [be] <words:states> , <entity> mustnot (be reopened | go back | move back | change %state | be moved)",
        terminal,
    ),
    ("<words:who> may <words:to> <states:from> <entity>", verb_from),
    ("from <states:from> , <entity> (may be | may | mayonly be) <words:to>", verb_from),
    ("only <states:from> <entity> may be <words:to>", verb_from),
    (
        "<entity> mayonly be <words:to> (if [it] [be] [in] | from | if in | onlyif [it] [be] [in] | after) [%state] <states:from>",
        verb_from,
    ),
    (
        "<entity> may be <words:to> (only if [it] [be] [in] | onlyif [it] [be] | onlyif | if [it] [be]) [%state] <states:from>",
        verb_from,
    ),
    (
        "<entity> (becomes | become | be setto | turn | turns | be marked [as] | be marked) <state:to> (if | if [it] be) <word:verb>",
        becomes,
    ),
    (
        "<states> <entity> mustnot (be reopened | be changed back | go back | be moved back | move back | change [%state])",
        terminal_of,
    ),
];

/// `from draft to submitted and then to approved [and back]`: each stop is the next one's beginning.
fn moves(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let from = names(reading, &bound.words("from")?)?;
    let (states, pairs) = stops(reading, from, bound.words("to")?)?;
    told(bound, reading, &entity, states, &pairs)
}

/// `a new job moves to translating, then to proofreading`: steps from a state that nothing else tells.
fn new_moves(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let words = bound.words("to")?;
    then_to(reading.part(&words)).then_some(())?;
    let from = state_like(reading, &entity, &bound.words("new")?)?;
    let (states, pairs) = stops(reading, from, words)?;
    told(bound, reading, &entity, states, &pairs)
}

/// Whether steps are told one after the other: `to proofreading, then to delivered`.
fn then_to(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|pair| pair.iter().map(|token| token.word.as_str()).eq(["then", "to"]))
}

/// States and ways as effects; the field is told where the clause names it.
fn told(
    bound: &Bound,
    reading: &Reading<'_>,
    entity: &str,
    states: Vec<String>,
    pairs: &[(String, String)],
) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    if let Some(field) = named_field(bound, reading) {
        effects.push(Effect::States { entity: entity.to_owned(), field: Some(field), states });
    }
    effects.extend(transitions(entity, pairs));
    Some(effects)
}

/// States, and the ways between them.
type Ways = (Vec<String>, Vec<(String, String)>);

fn stops(reading: &Reading<'_>, from: Vec<String>, mut to: Range<usize>) -> Option<Ways> {
    let back =
        to.len() > 2 && reading.tokens.get(to.end - 1).is_some_and(|token| token.is("back") || token.is("again"));
    while back
        && to.len() > 1
        && reading
            .tokens
            .get(to.end - 1)
            .is_some_and(|token| matches!(token.word.as_str(), "and" | "," | "back" | "again"))
    {
        to.end -= 1;
    }
    let mut stops: Vec<Vec<String>> = Vec::new();
    let mut begin = to.start;
    let mut at = to.start;
    // "To resolved or back to assigned": one more way from the same stop.
    let mut other = false;
    let stop = |stops: &mut Vec<Vec<String>>, states: Vec<String>, other: bool| match stops.last_mut() {
        Some(last) if other => last.extend(states),
        _ => stops.push(states),
    };
    while at < to.end {
        // A state may be called `to do`.
        if let Some((end, _)) = reading.scope.state_at(reading.tokens, at).into_iter().next() {
            at = end;
            continue;
        }
        if reading.tokens.get(at).is_some_and(|token| token.word == "to" || token.word == "into") {
            let mut end = at;
            let mut or = false;
            while let Some(token) = end.checked_sub(1).filter(|_| end > begin).and_then(|at| reading.tokens.get(at))
                && !token.quoted
                && matches!(
                    token.word.as_str(),
                    "and" | "then" | "," | "on" | "finally" | "next" | "back" | "from" | "there" | "or"
                )
            {
                or |= token.is("or");
                end -= 1;
            }
            stop(&mut stops, names(reading, &(begin..end))?, other);
            other = or;
            begin = at + 1;
        }
        at += 1;
    }
    stop(&mut stops, names(reading, &(begin..to.end))?, other);
    let mut pairs = Vec::new();
    let mut before = from.clone();
    let mut states = from;
    for stop in stops {
        for a in &before {
            // "From any status to faulty" leaves the faulty where they are.
            pairs.extend(stop.iter().filter(|b| *b != a).map(|b| (a.clone(), b.clone())));
        }
        states.extend(stop.iter().cloned());
        before = stop;
    }
    if back {
        let reversed: Vec<(String, String)> =
            pairs.iter().map(|(a, b): &(String, String)| (b.clone(), a.clone())).collect();
        pairs.extend(reversed);
    }
    Some((states, pairs))
}

/// "Parcels move between ready and parked."
fn between(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let both = names(reading, &bound.words("both")?)?;
    let [a, b] = both.as_slice() else { return None };
    let pairs = [(a.clone(), b.clone()), (b.clone(), a.clone())];
    told(bound, reading, &entity, both.clone(), &pairs)
}

/// "Allowed changes: planned to open, open to closed or cancelled."
fn listed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let range = bound.words("ways")?;
    // Arrows are read by their own family, behind the lead.
    if reading.part(&range).iter().any(|token| token.is("->")) {
        return super::chain::of_range(reading, &entity, &range);
    }
    let to: Vec<usize> = range
        .clone()
        .filter(|at| reading.tokens.get(*at).is_some_and(|token| token.word == "to" || token.word == "into"))
        .collect();
    if to.is_empty() {
        return None;
    }
    // Each way ends where a comma, a semicolon or `and` stands before the beginning of the next.
    let mut begins = vec![range.start];
    for pair in to.windows(2) {
        let (Some(first), Some(second)) = (pair.first(), pair.get(1)) else { return None };
        let cut = (*first + 1..*second)
            .rev()
            .find(|at| reading.tokens.get(*at).is_some_and(|token| matches!(token.word.as_str(), "," | ";" | "and")))?;
        begins.push(cut + 1);
    }
    let mut states = Vec::new();
    let mut pairs = Vec::new();
    for (k, begin) in begins.iter().enumerate() {
        let end = begins.get(k + 1).map_or(range.end, |next| next - 1);
        let middle = *to.get(k)?;
        let skip = usize::from(reading.tokens.get(*begin).is_some_and(|token| token.is("from") || token.is("and")));
        // "Quality check back to in production"
        let back = reading.tokens.get(middle - 1).is_some_and(|token| token.is("back"));
        let from = names(reading, &(begin + skip..middle - usize::from(back)))?;
        let mut end = end;
        while end > middle + 1
            && reading.tokens.get(end - 1).is_some_and(|token| matches!(token.word.as_str(), "," | ";" | "and"))
        {
            end -= 1;
        }
        let (more, ways) = stops(reading, from, middle + 1..end)?;
        states.extend(more);
        pairs.extend(ways);
    }
    told(bound, reading, &entity, states, &pairs)
}

/// "A parcel is registered, then sent, and finally delivered or lost."
fn sequence(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let range = bound.words("sequence")?;
    let next = |token: &Token| {
        !token.quoted
            && matches!(token.word.as_str(), "then" | "later" | "finally" | "afterwards" | "next" | "thereafter")
    };
    // "..., then finished; a closed race may be opened again": the second clause goes on by itself, but after "; then".
    let mut words = reading.part(&range).iter().peekable();
    while let Some(word) = words.next() {
        if word.is(";") && !words.peek().is_some_and(|token| next(token)) {
            return None;
        }
    }
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut begin = range.start;
    for at in range.clone().chain([range.end]) {
        if at < range.end && !reading.tokens.get(at).is_some_and(next) {
            continue;
        }
        let idle = |token: &Token| {
            !token.quoted
                && matches!(
                    token.word.as_str(),
                    "," | ";" | "and" | "it" | "be" | "may" | "must" | "to" | "become" | "first" | "at" | "initially"
                )
        };
        let (mut from, mut end) = (begin, at);
        while from < end && reading.tokens.get(from).is_some_and(idle) {
            from += 1;
        }
        while end > from && reading.tokens.get(end - 1).is_some_and(idle) {
            end -= 1;
        }
        if end > from {
            let group = from..end;
            // Two words that say what comes next leave no doubt: "planned, then running, then done".
            let told = || {
                names(reading, &group)
                    .filter(|_| range.clone().filter(|at| reading.tokens.get(*at).is_some_and(next)).count() > 1)
            };
            groups.push(state_like(reading, &entity, &group).or_else(told)?);
        }
        begin = at + 1;
    }
    if groups.len() < 2 || groups.first()?.len() != 1 {
        return None;
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in groups.windows(2) {
        let (Some(before), Some(after)) = (pair.first(), pair.get(1)) else { return None };
        pairs.extend(before.iter().flat_map(|a| after.iter().map(move |b| (a.clone(), b.clone()))));
    }
    let first = groups.first()?.first()?.clone();
    let field = named_field(bound, reading);
    let states: Vec<String> = groups.concat();
    let mut effects = vec![
        Effect::States { entity: entity.clone(), field, states },
        Effect::Initial { entity: entity.clone(), state: first },
    ];
    effects.extend(transitions(&entity, &pairs));
    Some(effects)
}

/// "From new it can become open or void; from open, done": ways between states that are known.
fn between_known(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let values = |slot: &str| -> Option<Vec<String>> {
        bound
            .states(slot)?
            .iter()
            .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
            .collect()
    };
    let (from, to) = (values("from")?, values("to")?);
    let pairs: Vec<(String, String)> =
        from.iter().flat_map(|a| to.iter().map(move |b| (a.clone(), b.clone()))).filter(|(a, b)| a != b).collect();
    (!pairs.is_empty()).then(|| transitions(&entity, &pairs))
}

fn from_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let to = reading.state_of(bound.states("to")?.first()?, &entity)?.value;
    let from: Option<Vec<String>> = bound
        .states("from")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect();
    let pairs: Vec<(String, String)> =
        from?.into_iter().filter(|from| *from != to).map(|from| (from, to.clone())).collect();
    (!pairs.is_empty()).then(|| transitions(&entity, &pairs))
}

/// "Closed is final": true of the workflow as it was read, and shown by its transitions.
fn terminal(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let states = match bound.words("states") {
        Some(range) => names(reading, &range)?,
        None => bound
            .states("states")?
            .iter()
            .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
            .collect::<Option<_>>()?,
    };
    ends(reading, &entity, &states)
}

fn terminal_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let states: Option<Vec<String>> = bound
        .states("states")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect();
    ends(reading, &entity, &states?)
}

fn ends(reading: &Reading<'_>, entity: &str, states: &[String]) -> Option<Vec<Effect>> {
    let flow = &reading.scope.lexicon.entity(entity)?.flow;
    let fits = states
        .iter()
        .all(|state| flow.states.contains(state) && !flow.transitions.iter().any(|(from, _, _)| from == state));
    if !fits || flow.transitions.is_empty() {
        return None;
    }
    rule(RuleKind::Transitions { entity: entity.to_owned() })
}

fn only_these(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let flows: Vec<&str> = reading
        .scope
        .lexicon
        .entities
        .iter()
        .filter(|entity| !entity.flow.transitions.is_empty())
        .map(|entity| entity.key.as_str())
        .collect();
    let entity = reading
        .scope
        .focus
        .iter()
        .find(|focus| flows.contains(&focus.as_str()))
        .cloned()
        .or_else(|| if let [one] = flows.as_slice() { Some((*one).to_owned()) } else { None })?;
    rule(RuleKind::Transitions { entity })
}

/// "A submitted claim can be approved or rejected [by a manager]", "only draft claims can be submitted".
fn verb_from(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "Announced can become held": of the only records that are ever announced.
    let only = || {
        let mut owners = bound.states("from")?.iter().flatten().map(|state| &state.entity);
        let first = owners.next()?;
        owners.all(|owner| owner == first).then(|| first.clone())
    };
    let named = bound.entity("entity").or_else(|| bound.entity("e"));
    let entity = named.or_else(|| reading.scope.subject().map(str::to_owned)).or_else(only)?;
    if bound.entity("e").is_some_and(|other| other != entity) {
        return None;
    }
    let flow = reading.scope.lexicon.flow_field(&entity);
    let words = bound.words("to")?;
    let from: Vec<String> = match bound.states("from") {
        Some(lists) => lists
            .iter()
            .map(|readings| {
                reading
                    .state_of(readings, &entity)
                    .filter(|state| Some(&state.field) == flow.as_ref())
                    .map(|state| state.value)
            })
            .collect::<Option<_>>()?,
        // A state that nothing else names: both sides must be words of a workflow.
        None => {
            let usual = reading.part(&words).iter().all(|token| {
                matches!(token.word.as_str(), "or" | "and" | "," | "oneof")
                    || verbs::usual(&token.lemma)
                    || verbs::plain_state(&token.word)
                    || crate::deed::PARTICLES.contains(&token.word.as_str())
                    || verbs::state(reading.scope.lexicon, &entity, &token.word).is_some()
            });
            state_like(reading, &entity, &bound.words("new")?).filter(|_| usual)?
        }
    };
    // Without "only", a participle that is no action names the state it leads to: "a planned course can be cancelled".
    let plain = !reading.tokens.iter().any(|token| token.is("only") || token.is("mayonly"));
    // "A new job moves to translating, then to proofreading, then to delivered": one step after the other.
    let part = reading.part(&words);
    if then_to(part) {
        let (states, pairs) = stops(reading, from, words)?;
        return told(bound, reading, &entity, states, &pairs);
    }
    let to = leads(reading, &entity, part, plain)?;
    let actor = bound.words("who").map(|who| actor(reading, &who));
    let mut effects = Vec::new();
    if let Some(actor) = actor {
        let role = actor?;
        for to in &to {
            effects.push(Effect::Actor { entity: entity.clone(), to: to.clone(), role: role.clone() });
        }
        effects.push(Effect::Role { name: role });
    }
    let pairs: Vec<(String, String)> =
        from.iter().flat_map(|a| to.iter().filter(move |b| a != *b).map(move |b| (a.clone(), b.clone()))).collect();
    if pairs.is_empty() {
        return None;
    }
    effects.extend(transitions(&entity, &pairs));
    Some(effects)
}

/// "A draft can be submitted": the state as a noun, where the surroundings say of what.
fn noun_from(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let article =
        reading.tokens.first().is_some_and(|first| matches!(first.article, Some("a" | "an" | "each" | "every")));
    // "Drafts can be submitted"
    let plural = reading.tokens.first().is_some_and(|first| first.word.ends_with('s') && first.word != first.lemma);
    // "Announced can become held"
    (article || plural || told_become(reading)).then(|| verb_from(bound, reading)).flatten()
}

/// "A job in progress can be finished", "orders on hold may be cancelled": states that stand behind the noun.
fn postposed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let at = bound.place("from")?.start;
    let behind = reading
        .tokens
        .get(at)
        .is_some_and(|token| ["in", "on", "under", "at", "out"].iter().any(|word| token.is(word)));
    behind.then(|| verb_from(bound, reading)).flatten()
}

/// Whether the sentence says "become", which stands for "be" in most wordings.
fn told_become(reading: &Reading<'_>) -> bool {
    reading.tokens.iter().any(|token| token.wrote("become") || token.wrote("becomes"))
}

/// "You can only check in a planned visit", "users can only edit draft shifts".
fn only_deed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    for deed in crate::deed::active(reading, &bound.words("deed")?)? {
        match deed {
            Deed::Move { entity, from, to } if !from.is_empty() => {
                let pairs: Vec<(String, String)> = from.into_iter().map(|from| (from, to.clone())).collect();
                effects.extend(transitions(&entity, &pairs));
            }
            Deed::Act { entity, action: Action::Update, fields, within } if !within.is_empty() => {
                let when = outside(within)?;
                effects.push(Effect::Rule(RuleKind::Immutable { entity, when, fields }));
            }
            Deed::Act { entity, action: Action::Delete, within, .. } if !within.is_empty() => {
                effects.push(Effect::Rule(RuleKind::NoDelete { entity, when: outside(within)? }));
            }
            _ => return None,
        }
    }
    Some(effects)
}

fn outside(states: Vec<StateRef>) -> Option<Condition> {
    let field = states.first()?.field.clone();
    let values = states.into_iter().map(|state| Value::from(state.value)).collect();
    Some(Condition(vec![Test::NotIn { via: None, field, values }]))
}

/// "A visit cannot be done before it is checked in": the one way there.
fn not_before(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let from: Vec<String> = bound
        .states("from")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect::<Option<_>>()?;
    let to = leads(reading, &entity, reading.part(&bound.words("to")?), false)?;
    let flow = &reading.scope.lexicon.entity(&entity)?.flow;
    let others = flow.transitions.iter().any(|(a, b, _)| to.contains(b) && !from.contains(a));
    let pairs: Vec<(String, String)> =
        from.iter().flat_map(|a| to.iter().map(move |b| (a.clone(), b.clone()))).collect();
    (!others && !pairs.is_empty()).then(|| transitions(&entity, &pairs))
}

/// "Orders can be cancelled until they are baked": from every state that may still lead there.
fn until(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let [readings] = bound.states("stop")? else { return None };
    let field = reading.scope.lexicon.flow_field(&entity)?;
    let stop = reading.state_of(readings, &entity).filter(|state| state.field == field)?.value;
    let to = leads(reading, &entity, reading.part(&bound.words("to")?), true)?;
    let flow = &reading.scope.lexicon.entity(&entity)?.flow;
    let mut from: Vec<String> = Vec::new();
    let mut next = vec![stop.clone()];
    while let Some(state) = next.pop() {
        for (before, after, _) in &flow.transitions {
            let fits = *after == state && *before != stop && !to.contains(before) && !from.contains(before);
            if fits {
                from.push(before.clone());
                next.push(before.clone());
            }
        }
    }
    let pairs: Vec<(String, String)> =
        from.iter().flat_map(|a| to.iter().map(move |b| (a.clone(), b.clone()))).collect();
    (!pairs.is_empty() && !to.contains(&stop)).then(|| transitions(&entity, &pairs))
}

/// "Skipping a status is not allowed", "going backwards is not possible": there are no ways but those that are told.
fn no_other_way(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let moving = |entity: &&crate::lexicon::Named| !entity.flow.transitions.is_empty();
    let mut all = reading.scope.lexicon.entities.iter().filter(moving);
    let named = match (reading.scope.focus.first().and_then(|key| reading.scope.lexicon.entity(key)), all.next()) {
        (Some(topic), _) => moving(&topic).then_some(topic),
        (None, Some(one)) => all.next().is_none().then_some(one),
        _ => None,
    }?;
    // A way that leads back where records came from is one that the epic allows.
    let back = reading.tokens.iter().any(|token| ["back", "backwards", "backward"].iter().any(|word| token.is(word)));
    if back && named.flow.states.iter().any(|state| returns_to(named, state)) {
        return None;
    }
    rule(RuleKind::Transitions { entity: named.key.clone() })
}

/// Whether ways lead from a state back to it.
fn returns_to(named: &crate::lexicon::Named, state: &str) -> bool {
    let mut seen: Vec<&str> = vec![state];
    let mut at = 0;
    while let Some(from) = seen.get(at).copied() {
        for (_, to, _) in named.flow.transitions.iter().filter(|(a, _, _)| a == from) {
            if to == state {
                return true;
            }
            if !seen.contains(&to.as_str()) {
                seen.push(to);
            }
        }
        at += 1;
    }
    false
}

/// What the workflow does not allow anyway is shown by it; a way that it has cannot be taken away.
fn absent(reading: &Reading<'_>, entity: &str, from: &[String], to: &[String]) -> Option<Vec<Effect>> {
    let flow = &reading.scope.lexicon.entity(entity)?.flow;
    let known = |state: &String| flow.states.contains(state);
    let open = flow.transitions.iter().any(|(a, b, _)| from.contains(a) && to.contains(b));
    let fits = !flow.transitions.is_empty() && !open && from.iter().all(known) && to.iter().all(known);
    fits.then(|| rule(RuleKind::Transitions { entity: entity.to_owned() })).flatten()
}

/// "A visit cannot go from done back to planned."
fn not_moves(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    absent(reading, &entity, &names(reading, &bound.words("from")?)?, &names(reading, &bound.words("to")?)?)
}

/// "A job cannot go back to new": no way leads there.
fn not_back(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let flow = &reading.scope.lexicon.entity(&entity)?.flow;
    let readings = bound.states("to")?;
    let to: Vec<String> = readings
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect::<Option<_>>()?;
    let closed = !flow.transitions.is_empty() && !flow.transitions.iter().any(|(_, state, _)| to.contains(state));
    closed.then(|| rule(RuleKind::Transitions { entity })).flatten()
}

/// "A done visit can never be planned again."
fn not_verb(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let from: Vec<String> = bound
        .states("from")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect::<Option<_>>()?;
    let mut to = bound.words("to")?;
    if reading.tokens.get(to.end - 1).is_some_and(|token| token.is("again")) && to.len() > 1 {
        to.end -= 1;
    }
    absent(reading, &entity, &from, &leads(reading, &entity, reading.part(&to), false)?)
}

/// "A draft cannot be paid": the state for the records that are in it, of the one kind that can be so.
fn not_noun(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let first = reading.tokens.first().filter(|first| !first.quoted)?;
    let noun = matches!(first.article, Some("a" | "an" | "each" | "every")) || first.word != first.lemma;
    let flows = |state: &&StateRef| reading.scope.lexicon.flow_field(&state.entity).as_ref() == Some(&state.field);
    let lists = bound.states("from").filter(|_| noun)?;
    let mut owners: Vec<&String> = lists.iter().flatten().filter(flows).map(|state| &state.entity).collect();
    owners.dedup();
    let [entity] = owners.as_slice() else { return None };
    let from = lists.iter().map(|readings| reading.state_of(readings, entity).map(|state| state.value));
    let mut words = reading.part(&bound.words("to")?);
    while let Some((last, before)) = words.split_last().filter(|(last, _)| last.is("again") || last.is("directly")) {
        let _ = last;
        words = before;
    }
    absent(reading, entity, &from.collect::<Option<Vec<String>>>()?, &leads(reading, entity, words, false)?)
}

/// A role that acts, where nothing says that only it may.
fn actor(reading: &Reading<'_>, who: &Range<usize>) -> Option<String> {
    let part = reading.part(who);
    let sane = part.len() <= 3
        && part.iter().all(|token| {
            token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                && !crate::engine::MODALS.contains(&token.word.as_str())
                && !matches!(token.word.as_str(), "only" | "no" | "noone" | "if" | "and" | "or" | "it" | "they")
        });
    sane.then(|| crate::lexicon::one_of(&reading.name(who)))
}

/// The states that verbs lead to; with `plain` also states that nothing else has named.
pub(crate) fn leads(
    reading: &Reading<'_>,
    entity: &str,
    verbs_in: &[crate::token::Token],
    plain: bool,
) -> Option<Vec<String>> {
    const IDLE: &[&str] = &[
        "or", "and", ",", "be", "then", "oneof", "both", "become", "becomes", "marked", "as", "setto", "set", "to",
        "moved", "changed", "either", "only", "back", "again", "go", "goes", "move", "moves", "return", "into",
    ];
    const BRINGING: &[&str] = &[
        "sent", "put", "placed", "brought", "taken", "passed", "switched", "given", "handed", "made", "returned",
        "reset", "reverted",
    ];
    let lexicon = reading.scope.lexicon;
    // "An approved agreement can become active"
    let becomes = plain && told_become(reading);
    let mut to = Vec::new();
    let mut at = 0;
    while let Some(token) = verbs_in.get(at) {
        // "Can start boarding": what begins is the state that follows.
        if !token.quoted
            && (token.is("start") || token.is("begin"))
            && verbs::state_at(lexicon, entity, verbs_in, at + 1).is_some()
        {
            at += 1;
            continue;
        }
        let found = if token.quoted { None } else { verbs::state_at(lexicon, entity, verbs_in, at) };
        let exact = crate::lexicon::name_words(&token.raw);
        let named = || {
            let values = lexicon.entity(entity).map(crate::lexicon::Named::values).unwrap_or_default();
            let flow = lexicon.flow_field(entity)?;
            let (_, value) = values
                .into_iter()
                .find(|(field, value)| *field == flow && token.quoted && crate::lexicon::name_words(value) == exact)?;
            Some((at + 1, value.to_owned()))
        };
        // "sent in transit", "put on hold", "made void", "returned to draft": brought to a state that is known.
        let stands = |at: usize| verbs::state_at(lexicon, entity, verbs_in, at).is_some();
        let mut behind = at + 1;
        for words in [&["back", "on"][..], &["to", "into"][..]] {
            behind += usize::from(verbs_in.get(behind).is_some_and(|next| words.iter().any(|word| next.is(word))));
        }
        let brought = found.is_none() && BRINGING.contains(&token.word.as_str()) && stands(behind);
        if found.is_none() && !token.quoted && (brought || IDLE.contains(&token.word.as_str())) {
            at += 1;
            continue;
        }
        let (end, state) = found
            .or_else(named)
            .or_else(|| (becomes && verbs::plain_state(&token.word)).then(|| (at + 1, token.raw.to_lowercase())))
            .or_else(|| (becomes && token.quoted).then(|| (at + 1, token.raw.clone())))
            .or_else(|| if plain { verbs::new_state(lexicon, entity, verbs_in, at) } else { None })
            // "It becomes sold", though bids refer to it: what it becomes is a state.
            .or_else(|| {
                let participle = becomes && !token.quoted && verbs::is_participle(&token.word);
                participle.then(|| (at + 1, token.raw.to_lowercase()))
            })?;
        if !to.contains(&state) {
            to.push(state);
        }
        at = end;
    }
    (!to.is_empty()).then_some(to)
}

/// "approve or reject submitted claims" as a wish: the ways from that state.
pub(in crate::family) fn wish(
    engine: &crate::engine::Engine<'_>,
    tokens: &[crate::token::Token],
) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    for at in 1..tokens.len() {
        for (end, lists) in scope.states_at(tokens, at) {
            for (stop, entity) in scope.entity_at(tokens, end) {
                let flow = scope.lexicon.flow_field(&entity);
                let from: Option<Vec<String>> = lists
                    .iter()
                    .map(|readings| {
                        reading
                            .state_of(readings, &entity)
                            .filter(|state| Some(&state.field) == flow.as_ref())
                            .map(|state| state.value)
                    })
                    .collect();
                if let (Some(from), true) = (from, stop == tokens.len())
                    && let Some(verbs_in) = tokens.get(..at)
                    && verbs_in.iter().all(|token| !matches!(token.lemma.as_str(), "see" | "list" | "edit" | "delete"))
                    && let Some(to) = leads(&reading, &entity, verbs_in, true)
                {
                    let pairs: Vec<(String, String)> = from
                        .iter()
                        .flat_map(|a| to.iter().filter(move |b| a != *b).map(move |b| (a.clone(), b.clone())))
                        .collect();
                    return (!pairs.is_empty()).then(|| transitions(&entity, &pairs));
                }
            }
        }
    }
    None
}

/// "A loan becomes returned when returned" says what the state means; the transition must be known.
fn becomes(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let to = reading.state_of(bound.states("to")?.first()?, &entity)?.value;
    let verb = reading.part(&bound.words("verb")?).first()?.word.clone();
    (verbs::state(reading.scope.lexicon, &entity, &verb)? == to)
        .then(|| rule(RuleKind::Transitions { entity }))
        .flatten()
}
