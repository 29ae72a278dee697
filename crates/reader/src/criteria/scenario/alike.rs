//! Records that may not be alike: `another drive at the same venue on the same date`, `two bags with the same number`.

use super::{record_at, rules_of};
use crate::criteria::Steps;
use crate::criteria::facts::Facts;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::scope::{FieldRef, is_date};
use crate::token::Token;
use maestro_artifacts::{Condition, FieldKind, RuleKind};

/// What joins the words of a step that names records and says nothing else of them.
pub(super) const JOINTS: &[&str] = &[
    "be", "have", "with", "for", "of", "in", "on", "at", "to", "from", "by", "and", "that", "exists", "exist", "there",
    "1", "a", "it", "them", "again", "tries", "try", "carry", "carries", "use", "uses", "share", "shares", "get",
    "gets", "same", "belong", "belongs", "day", "date", "do", "i", "we", "new",
];

pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    two(engine, steps).or_else(|| another(engine, facts, steps))
}

/// "When two donations carry the same bag number"
fn two(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    const SHARING: &[&str] = &["have", "carry", "share", "use", "bear", "get", "show"];
    let when = steps.when.as_slice();
    let two = when.first().filter(|first| first.is("2"))?;
    let (end, entity) = record_at(engine, when, 1)?;
    let shares = when.iter().skip(end).position(|token| SHARING.iter().any(|word| token.is(word)))? + end;
    let (between, shared) = (when.get(end..shares)?, when.get(shares + 1..)?);
    if !steps.given.is_empty() && !plain(engine, &steps.given, &entity) || !shared.iter().any(|token| token.is("same"))
    {
        return None;
    }
    let word = |word: &str| two.renamed(word);
    let name = when.get(1..end)?;
    let told = [&[word("no"), two.clone()], name, between, &[word("may"), word("have")], shared].concat();
    rules_of(&entity, engine.tokens(&told)?)
}

/// "Given a drive at a venue on a date, when another drive is planned at the same venue on the same date"
fn another(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    const OTHER: &[&str] = &["other", "second", "further", "additional", "duplicate", "2nd"];
    let when = steps.when.as_slice();
    let (at, entity) = (0..when.len()).find_map(|at| {
        let marked = when.get(at).is_some_and(|token| OTHER.iter().any(|word| token.is(word)));
        record_at(engine, when, at + 1).filter(|_| marked).map(|(_, entity)| (at, entity))
    })?;
    // Of records in a certain state, or of such a parent, the rule may hold of those alone.
    let begins = crate::verbs::begins_as(engine.lexicon, &entity);
    let told = facts.given_states.iter().chain(&facts.when_states).flatten();
    if !facts.given_not.is_empty()
        || told.into_iter().any(|state| state.entity != entity || begins.as_ref() != Some(&state.value))
        || !plain(engine, &steps.given, &entity)
        || !super::leads(when.get(..at)?)
    {
        return None;
    }
    let inner = Engine { lexicon: engine.lexicon, topics: vec![entity.clone()] };
    let scope = inner.scope(when);
    let given = engine.scope(&steps.given).mentioned(&steps.given);
    let mut keys: Vec<String> = Vec::new();
    let (mut same, mut place) = (false, 0);
    while let Some(token) = when.get(place) {
        if place == at {
            place = record_at(engine, when, at + 1)?.0;
            same = false;
            continue;
        }
        if token.is("same") {
            (same, place) = (true, place + 1);
            continue;
        }
        let own = scope.field_at(when, place).into_iter().filter(|(_, field)| field.entity == entity);
        if let Some((end, field)) = own.max_by_key(|(end, _)| *end) {
            // "With the serial number 7" tells an example, unless it is the same.
            if !same {
                return None;
            }
            keys.push(field.field);
            place = end;
            continue;
        }
        if let Some((end, target)) = record_at(engine, when, place) {
            let meant = same || token.article.is_some_and(|article| matches!(article, "this" | "that" | "the"));
            if target == entity {
                place = end;
                continue;
            }
            let via = engine.lexicon.reference(&entity, &target);
            let doer = place == 0 && end < at;
            match via {
                Some(via) if meant && given.contains(&target) && !doer => keys.push(via),
                // Who does it, and is told again by nothing, says nothing of the records.
                _ if doer => {}
                _ => return None,
            }
            place = end;
            continue;
        }
        if same && (token.is("day") || token.is("date")) {
            keys.push(one_day(engine, &entity)?);
            place += 1;
            continue;
        }
        let doer = place < at;
        let joins = JOINTS.iter().any(|word| token.is(word)) || acts(engine, &entity, token);
        if !doer && !joins {
            return None;
        }
        same = same && token.is("and");
        place += 1;
    }
    keys.dedup();
    let mut kept: Vec<String> = Vec::new();
    keys.into_iter().for_each(|key| {
        if !kept.contains(&key) {
            kept.push(key)
        }
    });
    let said = facts.said(&["same"]) || when.iter().any(|token| token.is("duplicate"));
    (!kept.is_empty() && said).then(|| {
        vec![Effect::Rule(RuleKind::Unique { entity, fields: kept, when: Condition::default(), ignore_case: false })]
    })
}

/// The one day that a record has.
fn one_day(engine: &Engine<'_>, entity: &str) -> Option<String> {
    let mut days = engine.lexicon.entity(entity)?.fields.iter().filter(|field| field.kind == FieldKind::Date);
    match (days.next(), days.next()) {
        (Some(one), None) => Some(one.key.clone()),
        _ => None,
    }
}

/// Whether a word is a verb of making or having such records.
pub(super) fn acts(engine: &Engine<'_>, entity: &str, token: &Token) -> bool {
    const PLACING: &[&str] = &[
        "put", "assign", "sell", "give", "take", "book", "plan", "accept", "insert", "hold", "contain", "attach",
        "link",
    ];
    !token.quoted
        && (crate::verbs::makes(engine.lexicon, entity, &token.lemma)
            || PLACING.iter().any(|word| crate::words::stem(word) == crate::words::stem(&token.lemma)))
}

/// Whether a step names records, fields and values of them, and says nothing else that could matter.
fn plain(engine: &Engine<'_>, tokens: &[Token], entity: &str) -> bool {
    let scope = engine.scope(tokens);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let named = record_at(engine, tokens, at).map(|(end, _)| end);
        let field = scope.field_at(tokens, at).into_iter().map(|(end, _): (usize, FieldRef)| end).max();
        if let Some(end) = named.into_iter().chain(field).max() {
            at = end;
            continue;
        }
        let value = token.quoted || token.is_number() || is_date(&token.word) || super::said::month(token);
        let told = scope.state_at(tokens, at).into_iter().next();
        if let Some((end, _)) = told {
            at = end;
            continue;
        }
        if !value && !JOINTS.iter().any(|word| token.is(word)) && !acts(engine, entity, token) {
            return false;
        }
        at += 1;
    }
    true
}
