//! Described records: `open loans`, `tools that are not in repair`, `members without a licence`, `blocked students`.
//!
//! The one place that reads which records a rule speaks of; the families take it as the slot `<records>`.

use crate::condition;
use crate::engine::Engine;
use crate::lexicon::Named;
use crate::scope::{Scope, StateRef};
use crate::token::Token;
use maestro_artifacts::{Condition, FieldKind, Test};
use serde_json::Value;

/// Records of an entity for which the condition holds; all of them where it is empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Records {
    pub(crate) entity: String,
    pub(crate) when: Condition,
}

/// A word before the noun, judged once the noun is known.
enum Adjective<'t> {
    States(Vec<Vec<StateRef>>, bool),
    Word(&'t Token, bool),
}

/// Words at which a description may end.
const ENDS: &[&str] = &[
    "must", "mustnot", "may", "mayonly", "be", "have", "do", ",", ";", "need", "require", "per", "than", "sametime",
    "for", "in", "on", "of", "with", "to", "by", "at", ":",
];

/// Words with which a description behind the noun begins.
const BEGINS: &[&str] = &["that", "with", "without", "whose", "in", "at", "where", "out"];

/// More ends than these are not tried: nobody writes such descriptions.
const MOST_ENDS: usize = 6;

/// Readings at `at`, longest first.
pub(crate) fn records_at(scope: &Scope<'_>, tokens: &[Token], at: usize) -> Vec<(usize, Records)> {
    let mut out: Vec<(usize, Records)> = Vec::new();
    for (from, adjectives) in adjectives(scope, tokens, at) {
        for (end, entity) in scope.entity_at(tokens, from) {
            let Some(named) = scope.lexicon.entity(&entity) else { continue };
            let tests: Option<Vec<Test>> = adjectives.iter().map(|adjective| of(scope, named, adjective)).collect();
            let Some(tests) = tests else { continue };
            for (end, more) in behind(scope, tokens, end, &entity) {
                let mut when = tests.clone();
                // "Open orders (draft or confirmed)": what open means there is said.
                when.retain(|test| !more.iter().any(|told| says_which(test, told)));
                when.extend(more);
                out.push((end, Records { entity: entity.clone(), when: Condition(when) }));
            }
        }
    }
    out.extend(noun_states(scope, tokens, at));
    out.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    let joined: Vec<(usize, Records)> =
        out.iter().filter_map(|(end, records)| joined(scope, tokens, *end, records)).collect();
    joined.into_iter().chain(out).collect()
}

/// Whether the second test tells in which states records are of which the first says only in which they are not.
fn says_which(test: &Test, told: &Test) -> bool {
    matches!((test, told), (Test::NotIn { via, field, .. }, Test::In { via: same, field: of, .. }) if via == same && field == of)
}

/// "Shipped orders and cancelled orders": the values of both.
fn joined(scope: &Scope<'_>, tokens: &[Token], end: usize, records: &Records) -> Option<(usize, Records)> {
    let [Test::In { via: None, field, values }] = records.when.0.as_slice() else { return None };
    let and = tokens.get(end).is_some_and(|token| token.is("and") || token.is("or"));
    let next = if and { records_at(scope, tokens, end + 1) } else { Vec::new() };
    next.into_iter().find_map(|(end, other)| match other.when.0.as_slice() {
        [Test::In { via: None, field: same, values: more }] if other.entity == records.entity && field == same => {
            let values = values.iter().chain(more).cloned().collect();
            let when = Condition(vec![Test::In { via: None, field: field.clone(), values }]);
            Some((end, Records { entity: other.entity, when }))
        }
        _ => None,
    })
}

/// What may stand before a noun at `at`, and where the noun begins.
fn adjectives<'t>(scope: &Scope<'_>, tokens: &'t [Token], at: usize) -> Vec<(usize, Vec<Adjective<'t>>)> {
    let mut out = vec![(at, Vec::new())];
    let not = tokens.get(at).is_some_and(|token| token.is("not") || token.is("non"));
    let from = at + usize::from(not);
    for (end, lists) in scope.states_at(tokens, from) {
        out.push((end, vec![Adjective::States(lists, !not)]));
    }
    let Some(word) = tokens.get(from).filter(|token| !token.quoted && token.word.len() > 3) else { return out };
    out.push((from + 1, vec![Adjective::Word(word, !not)]));
    // "open urgent orders", "active blocked members"
    for (end, lists) in scope.states_at(tokens, from + 1) {
        out.push((end, vec![Adjective::Word(word, !not), Adjective::States(lists, true)]));
    }
    for (end, lists) in scope.states_at(tokens, from) {
        if let Some(second) = tokens.get(end).filter(|token| !token.quoted) {
            out.push((end + 1, vec![Adjective::States(lists, !not), Adjective::Word(second, true)]));
        }
    }
    out
}

/// What an adjective says of records of this entity.
fn of(scope: &Scope<'_>, named: &Named, adjective: &Adjective<'_>) -> Option<Test> {
    match adjective {
        Adjective::States(lists, within) => among(scope, lists, &named.key, *within),
        Adjective::Word(token, positive) => flag(named, token, *positive)
            .or_else(|| done(named, token, *positive))
            .or_else(|| open(named, token, *positive))
            .or_else(|| {
                let rest = token.word.strip_prefix("non-").or_else(|| token.word.strip_prefix("un"))?;
                let bare = Token::new(rest, token.start, token.end);
                let lists = scope.states_at(std::slice::from_ref(&bare), 0).into_iter().next()?.1;
                among(scope, &lists, &named.key, !*positive)
            }),
    }
}

/// The yes/no field that a word or its opposite names: `active`, `inactive`.
pub(crate) fn flag(named: &Named, token: &Token, positive: bool) -> Option<Test> {
    let flags = || named.fields.iter().filter(|field| field.kind == FieldKind::Boolean);
    let called = |word: &str| {
        let own = |words: &[String]| match words {
            [one] => one == word,
            [is, one] if is == "is" => one == word,
            // "active flag", "active indicator"
            [one, flag] => one == word && matches!(flag.as_str(), "flag" | "indicator"),
            _ => false,
        };
        flags().find(|field| own(&field.words) || field.aliases.iter().any(|alias| own(alias)))
    };
    let test = |field: &crate::lexicon::NamedField, value: bool, within: bool| {
        let (field, values) = (field.key.clone(), vec![Value::Bool(value)]);
        Some(if within { Test::In { via: None, field, values } } else { Test::NotIn { via: None, field, values } })
    };
    if let Some(field) = called(&token.lemma).or_else(|| called(&token.word)) {
        return test(field, true, positive);
    }
    let opposite =
        ["non-", "non", "in", "un", "dis", "im"].iter().find_map(|prefix| called(token.word.strip_prefix(prefix)?));
    opposite.and_then(|field| test(field, false, positive))
}

/// Whether a name tells when something was done: `returned on` does, `banned until` does not.
pub(crate) fn tells_when(words: &[String]) -> bool {
    words.iter().skip(1).all(|word| matches!(word.as_str(), "on" | "at" | "date" | "time" | "day"))
}

/// The one field of time that says when a thing was done: `discontinued` of `discontinued on`, `unfinished`.
fn done(named: &Named, token: &Token, positive: bool) -> Option<Test> {
    let field_of = |word: &str| {
        let participle = ["ed", "en", "wn", "ent", "old", "aid", "ade"].iter().any(|end| word.ends_with(end));
        let mut fits = named.fields.iter().filter(|field| {
            matches!(field.kind, FieldKind::Date | FieldKind::DateTime)
                && tells_when(&field.words)
                && field.words.first().is_some_and(|first| first == word)
        });
        match (participle, fits.next(), fits.next()) {
            (true, Some(field), None) => Some(field.key.clone()),
            _ => None,
        }
    };
    let (field, given) = match (field_of(&token.word), token.word.strip_prefix("un").and_then(field_of)) {
        (Some(field), _) => (field, positive),
        (None, Some(field)) => (field, !positive),
        _ => return None,
    };
    Some(if given { Test::Given { via: None, field } } else { Test::Empty { via: None, field } })
}

/// "A bike with open repair orders" of orders of which no state is called so: those that did not come to an end.
fn open(named: &Named, token: &Token, positive: bool) -> Option<Test> {
    let flow = &named.flow;
    let leads = |state: &&String| flow.transitions.iter().any(|(from, _, _)| from == *state);
    let reached = |state: &&String| flow.transitions.iter().any(|(_, to, _)| to == *state);
    let ends: Vec<Value> = flow
        .states
        .iter()
        .filter(|state| !leads(state) && reached(state))
        .map(|state| Value::from(state.as_str()))
        .collect();
    let told = matches!(token.word.as_str(), "open" | "unfinished" | "ongoing") && !token.quoted;
    let field = flow.field.clone().filter(|_| told && !ends.is_empty())?;
    Some(if positive {
        Test::NotIn { via: None, field, values: ends }
    } else {
        Test::In { via: None, field, values: ends }
    })
}

/// Readings of values as one test on the one field of the entity that they are values of.
pub(crate) fn among(scope: &Scope<'_>, lists: &[Vec<StateRef>], entity: &str, within: bool) -> Option<Test> {
    let flow = scope.lexicon.flow_field(entity);
    let states: Option<Vec<&StateRef>> = lists
        .iter()
        .map(|readings| {
            let own = || readings.iter().filter(|state| state.entity == entity);
            own().find(|state| Some(&state.field) == flow.as_ref()).or_else(|| own().next())
        })
        .collect();
    let states = states?;
    let field = states.first()?.field.clone();
    if states.iter().any(|state| state.field != field) {
        return None;
    }
    let values = states.into_iter().map(|state| Value::from(state.value.as_str())).collect();
    Some(if within { Test::In { via: None, field, values } } else { Test::NotIn { via: None, field, values } })
}

/// What is said behind the noun, with nothing as the last reading.
fn behind(scope: &Scope<'_>, tokens: &[Token], end: usize, entity: &str) -> Vec<(usize, Vec<Test>)> {
    let mut out = vec![(end, Vec::new())];
    // "Lines of a shipped order": those whose order is so.
    if tokens.get(end).is_some_and(|token| ["of", "for", "in", "on"].iter().any(|word| token.is(word))) {
        for (stop, other) in records_at(scope, tokens, end + 1) {
            if !other.when.0.is_empty()
                && let Some(via) = scope.lexicon.way(entity, &other.entity)
                && let Some(found) = lifted(&other.when, &via)
            {
                out.push((stop, found.0));
            }
        }
    }
    out.extend(clause(scope, tokens, end, entity));
    // "objects in poor condition"
    if tokens.get(end).is_some_and(|token| ["in", "of", "with"].iter().any(|word| token.is(word))) {
        for (stop, lists) in scope.states_at(tokens, end + 1) {
            let field = scope.field_at(tokens, stop).into_iter().find(|(_, field)| field.entity == entity);
            let test = among(scope, &lists, entity, true);
            if let (Some((behind, field)), Some(Test::In { field: of, .. })) = (&field, &test)
                && *of == field.field
            {
                out.extend(test.clone().map(|test| (*behind, vec![test])));
            }
        }
    }
    // "stays booked or checked in"
    for (stop, lists) in scope.states_at(tokens, end) {
        let ends = tokens.get(stop).is_some_and(|token| ENDS.iter().any(|word| token.is(word)));
        let test = among(scope, &lists, entity, true).filter(|_| ends);
        out.extend(test.map(|test| (stop, vec![test])));
    }
    // "batches on a bench that are not yet tested": the clause speaks of the batches.
    if tokens.get(end).is_some_and(|token| ["of", "for", "in", "on", "at"].iter().any(|word| token.is(word)))
        && let Some((behind, other)) = scope.entity_at(tokens, end + 1).into_iter().next()
        && scope.lexicon.reference(entity, &other).is_some()
    {
        out.extend(clause(scope, tokens, behind, entity));
    }
    out
}

/// The clause that describes records of this entity, with its ends.
fn clause(scope: &Scope<'_>, tokens: &[Token], from: usize, entity: &str) -> Vec<(usize, Vec<Test>)> {
    if !tokens.get(from).is_some_and(|token| BEGINS.iter().any(|word| token.is(word))) {
        return Vec::new();
    }
    let engine = Engine { lexicon: scope.lexicon, topics: scope.focus.clone() };
    let ends = (from + 2..=tokens.len())
        .filter(|stop| tokens.get(*stop).is_none_or(|token| ENDS.iter().any(|word| token.is(word))));
    ends.take(MOST_ENDS)
        .filter_map(|stop| {
            let found = condition::read(&engine, entity, tokens.get(from..stop)?)?;
            Some((stop, found.0))
        })
        .collect()
}

/// "Only drafts can be deleted": a state as a noun, in the plural.
fn noun_states(scope: &Scope<'_>, tokens: &[Token], at: usize) -> Option<(usize, Records)> {
    let token = tokens.get(at).filter(|token| !token.quoted && token.word != token.lemma)?;
    let next = tokens.get(at + 1).is_none_or(|next| ENDS.iter().any(|word| next.is(word)));
    let (_, lists) = scope.states_at(tokens, at).into_iter().find(|(end, _)| *end == at + 1)?;
    let plural = crate::words::plural(&token.lemma) == token.word;
    let owners: Vec<&String> = lists.iter().flatten().map(|state| &state.entity).collect();
    let entity = scope.focus.iter().find(|focus| owners.contains(focus)).or_else(|| owners.first().copied())?.clone();
    let test = among(scope, &lists, &entity, true)?;
    (next && plural).then(|| (at + 1, Records { entity, when: Condition(vec![test]) }))
}

/// The condition as one of records that refer to these by `via`; `None` where a test cannot be put so.
pub(crate) fn lifted(condition: &Condition, via: &str) -> Option<Condition> {
    let through = |own: Option<String>| Some(own.map_or_else(|| via.to_owned(), |own| format!("{via}.{own}")));
    let tests: Option<Vec<Test>> = condition
        .0
        .iter()
        .map(|test| {
            Some(match test.clone() {
                Test::In { via, field, values } => Test::In { via: through(via), field, values },
                Test::NotIn { via, field, values } => Test::NotIn { via: through(via), field, values },
                Test::Empty { via, field } => Test::Empty { via: through(via), field },
                Test::Given { via, field } => Test::Given { via: through(via), field },
                // A field on the other side would be one of the record that refers.
                Test::Compare { via, field, op, to } if constant(&to) => {
                    Test::Compare { via: through(via), field, op, to }
                }
                Test::Compare { .. } | Test::Children { .. } => return None,
            })
        })
        .collect();
    tests.map(Condition)
}

fn constant(to: &maestro_artifacts::Operand) -> bool {
    use maestro_artifacts::Operand;
    matches!(to, Operand::Value { .. } | Operand::Today { .. } | Operand::ThisYear { .. } | Operand::Now { .. })
}
