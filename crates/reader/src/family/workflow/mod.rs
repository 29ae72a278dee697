//! States and the ways between them: what all its families share.

use crate::effect::Effect;
use crate::engine::Reading;
use crate::fields::values::{split_values, tells_first};
use crate::lexicon::STATE_WORDS;
use crate::pattern::Bound;
use crate::token::{Token, with_articles, written};
use crate::verbs;
use maestro_artifacts::RuleKind;
use std::ops::Range;

pub(super) mod chain;
pub(crate) mod life;
pub(crate) mod needs;
pub(super) mod states;
pub(super) mod ways;

pub(in crate::family) use ways::wish;

/// The entity that a clause about states is about.
pub(super) fn about(bound: &Bound, reading: &Reading<'_>) -> Option<String> {
    bound
        .entity("entity")
        .or_else(|| bound.entity("e"))
        .or_else(|| bound.field("field").map(|field| field.entity))
        .or_else(|| owner(reading))
        .or_else(|| reading.scope.subject().map(str::to_owned))
}

/// Where nothing around speaks of a record: the only one that has a state which the clause names.
fn owner(reading: &Reading<'_>) -> Option<String> {
    if reading.scope.subject().is_some() {
        return None;
    }
    let mut owners: Vec<String> = (0..reading.tokens.len())
        .flat_map(|at| reading.scope.state_at(reading.tokens, at))
        .flat_map(|(_, states)| states)
        .filter(|state| reading.scope.lexicon.flow_field(&state.entity).as_ref() == Some(&state.field))
        .map(|state| state.entity)
        .collect();
    owners.dedup();
    if let [one] = owners.as_slice() { Some(one.clone()) } else { None }
}

/// The epic's name for the field of the state, where the clause gives one (`the stage of a batch`).
pub(super) fn named_field(bound: &Bound, reading: &Reading<'_>) -> Option<String> {
    if let Some(field) = bound.field("field") {
        return reading.scope.lexicon.field(&field).map(|field| field.name.clone());
    }
    reading
        .tokens
        .iter()
        .find(|token| crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()) && token.lemma != "step")
        .map(|token| token.lemma.clone())
}

/// The words of a range as states; a state has at most four words and none that belongs to a sentence.
pub(crate) fn names(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<String>> {
    const NEVER: &[&str] = &[
        "must",
        "mustnot",
        "may",
        "mayonly",
        "be",
        "have",
        "if",
        "only",
        "onlyif",
        "unless",
        "than",
        "from",
        "that",
        "->",
        ">=",
        "<=",
        ">",
        "<",
        "=",
        "per",
        "with",
        "by",
        "of",
        "for",
        ":",
        "(",
        ")",
        "refused",
        "without",
        "between",
        "then",
        "later",
        "finally",
        "afterwards",
        "it",
        "they",
        "not",
        "noone",
        "through",
        "there",
        "require",
        "requires",
        "need",
        "needs",
    ];
    let part = reading.part(range);
    if let Some(all) = whichever(reading, part) {
        return all;
    }
    // "Open, being renovated or closed", and the state `refused`
    let state = |token: &Token| {
        token.word == "refused" && token.raw.eq_ignore_ascii_case("refused")
            || token.is("be") && token.raw.eq_ignore_ascii_case("being")
    };
    // "... or to not collected": what was not done to it.
    let led = range.start.checked_sub(1).and_then(|at| reading.tokens.get(at));
    let led = led.is_some_and(|before| ["to", "from", "into"].iter().any(|word| before.is(word)));
    let undone = |at: usize| {
        let done = part.get(at + 1).is_some_and(|next| verbs::is_participle(&next.word));
        led && done && part.get(at).is_some_and(|not| not.is("not"))
    };
    let never = |(at, token): (usize, &Token)| {
        !token.quoted && NEVER.contains(&token.word.as_str()) && !state(token) && !undone(at)
    };
    if part.iter().enumerate().any(never) {
        return None;
    }
    let mut text = written(&with_articles(part), |token| format!("\"{}\"", token.raw));
    // "Submitted claims can be approved": no capital but that of the sentence.
    let capital = part.first().is_some_and(|first| {
        let mut letters = first.raw.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase) && !first.quoted
    });
    if range.start == 0 && capital && reading.tokens.first().is_some_and(|first| first.start == 0) {
        text = text.chars().take(1).flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect();
    }
    let mut values: Vec<String> = split_values(&text).into_iter().map(|value| known(reading, value)).collect();
    // "A new property is in preparation" of a state `in preparation`
    let within = range.start.checked_sub(1).and_then(|at| reading.tokens.get(at)).is_some_and(|before| before.is("in"));
    if let Some(first) = values.first_mut().filter(|_| within) {
        let whole = format!("in {first}");
        if stands(reading, &whole) {
            *first = whole;
        }
    }
    // "... as applied and move to approved": what a record does next is no state.
    const MOVING: &[&str] = &["move", "moves", "go", "goes", "become", "becomes", "change", "changes", "moved"];
    let moves = |value: &String| value.split_once(' ').is_some_and(|(first, _)| MOVING.contains(&first));
    // "Claims are created as draft, then submitted": how they begin.
    let begins = |value: &String| {
        ["created as ", "made as ", "opened as ", "recorded as ", "registered as ", "entered as ", "added as "]
            .iter()
            .any(|lead| value.starts_with(lead))
    };
    // "in" is half of `in progress`.
    const HALVES: &[&str] = &["in", "on", "at", "to", "out", "up", "back", "or", "and"];
    let half = |value: &String| {
        HALVES.contains(&value.as_str()) || [" or", " and", " back"].iter().any(|tail| value.ends_with(tail))
    };
    let sane = !values.is_empty()
        && !values.iter().any(|value| tells_first(value))
        && !values.iter().any(|value| half(value) || begins(value) || value == "either")
        && values
            .iter()
            .all(|value| value.split(' ').count() <= 4 && value.chars().any(char::is_alphanumeric) && !moves(value));
    sane.then_some(values)
}

/// "Any status": all states of the records spoken of, once they are known. The bare word is no state's name either.
fn whichever(reading: &Reading<'_>, part: &[Token]) -> Option<Option<Vec<String>>> {
    let [word] = part else { return None };
    let entity = reading.scope.focus.first()?;
    let field = reading.scope.lexicon.flow_field(entity);
    let word_of = |name: &str| word.word == name || word.lemma == name;
    if word.quoted || !(STATE_WORDS.iter().any(|name| word_of(name)) || field.as_deref().is_some_and(word_of)) {
        return None;
    }
    let entity = reading.scope.lexicon.entity(entity)?;
    let mut states = entity.flow.states.clone();
    if states.is_empty() {
        let values = entity.values().into_iter().filter(|(of, _)| Some(*of) == field.as_deref());
        states = values.map(|(_, value)| value.to_owned()).collect();
    }
    let all = matches!(word.article, Some("any" | "every" | "each" | "all"));
    Some((all && !states.is_empty()).then_some(states))
}

/// Verbatim as the epic first wrote it.
fn known(reading: &Reading<'_>, value: String) -> String {
    // "Picked-up orders" of a state `picked up`
    let spaced = |value: &str| crate::lexicon::name_words(&value.replace('-', " "));
    let words = spaced(&value);
    let found =
        reading.scope.focus.first().and_then(|entity| reading.scope.lexicon.entity(entity)).and_then(|entity| {
            entity.values().into_iter().find(|(_, known)| spaced(known) == words).map(|(_, known)| known.to_owned())
        });
    found.unwrap_or(value)
}

pub(super) fn transitions(entity: &str, pairs: &[(String, String)]) -> Vec<Effect> {
    let mut effects: Vec<Effect> = pairs
        .iter()
        .map(|(from, to)| Effect::Transition { entity: entity.to_owned(), from: from.clone(), to: to.clone() })
        .collect();
    effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.to_owned() }));
    effects
}

/// Whether a value is one of the record that is spoken of.
fn stands(reading: &Reading<'_>, value: &str) -> bool {
    let entity = reading.scope.focus.first().and_then(|entity| reading.scope.lexicon.entity(entity));
    entity.is_some_and(|entity| entity.values().into_iter().any(|(_, known)| known == value))
}

/// The fields that each of these ways asks for.
pub(super) fn needed(entity: &str, pairs: &[(String, String)], fields: &[String]) -> Vec<Effect> {
    let rule = |(from, to): &(String, String)| RuleKind::TransitionRequires {
        entity: entity.to_owned(),
        from: Some(from.clone()),
        to: to.clone(),
        fields: fields.to_vec(),
    };
    pairs.iter().map(rule).map(Effect::Rule).collect()
}

/// The states of a range: known ones, or words that can be nothing else where a state stands.
pub(super) fn state_like(reading: &Reading<'_>, entity: &str, range: &Range<usize>) -> Option<Vec<String>> {
    let found = names(reading, range)?;
    let flow = reading.scope.lexicon.flow_field(entity);
    let known: Vec<&str> = reading
        .scope
        .lexicon
        .entity(entity)
        .map(|named| {
            named
                .values()
                .into_iter()
                .filter(|(field, _)| Some(*field) == flow.as_deref())
                .map(|(_, value)| value)
                .collect()
        })
        .unwrap_or_default();
    let quoted =
        reading.part(range).iter().all(|token| token.quoted || matches!(token.word.as_str(), "or" | "and" | ","));
    let fits = found.iter().all(|state| {
        let words = crate::lexicon::name_words(state);
        known.iter().any(|known| crate::lexicon::name_words(known) == words)
            || quoted
            || verbs::plain_state(state)
            || matches!(words.as_slice(), [one] if verbs::is_participle(one) && verbs::actions(one).is_empty())
            || matches!(words.as_slice(), [one] if verbs::usual(one) && verbs::is_participle(one))
            || matches!(words.as_slice(), [one, particle] if verbs::is_participle(one)
                && crate::deed::PARTICLES.contains(&particle.as_str()))
    });
    (fits && found.iter().all(|state| reading.scope.lexicon.find(state).is_none())).then_some(found)
}
