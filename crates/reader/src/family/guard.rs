//! What must hold of a record or of those it refers to when it is made or moves on.

use super::rule;
use crate::condition::negation;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::StateRef;
use crate::verbs;
use maestro_artifacts::{Condition, Moment, RuleKind, Test};
use serde_json::Value;
use std::ops::Range;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("only <field:flag> <entity:p> may be <words:verb>", only_flag),
    ("only <field:flag> <entity:p> may <words:verb> [<entity:o>]", only_flag),
    (
        "<entity> mayonly (be %made | be <word:made>) (for | of | by | on | in | to | with) <field:flag> <entity:p>",
        only_flag,
    ),
    (
        "<entity> mustnot (be %made | be <word:made>) (for | of | by | on | in | to | with) <word:in> <entity:p>",
        not_flag,
    ),
    ("<word:in> <entity:p> mustnot <words:verb> [<entity:o>]", not_flag),
    (
        "<entity> mayonly (be %made | be <word:verb>) (for | of | on | in | to | at | against | with) [<states>] <entity:p> (that | if | onlyif | whose | with) <words:c>",
        only_for_that,
    ),
    (
        "<entity> mayonly (be %made | be <word:verb>) (for | of | on | in | to | at | against | with) <states> <entity:p>",
        only_for,
    ),
    ("<entity> mayonly (be %made | refer to | be <word:verb>) <states> <entity:p>", only_for),
    ("<entity> mayonly be (%made) (if | onlyif) <words:c>", only_if),
    ("<entity> may be %made onlyif <words:c>", only_if),
    (
        "<entity> mustnot be (%made | <word:verb>) (for | of | on | in | to | at | against | with | by) <states> <entity:p>",
        not_for,
    ),
    (
        "<entity> mustnot be (%made | <word:verb>) (for | of | on | in | to | at | against | with | by) <entity:p> that <words:c>",
        not_for_that,
    ),
    ("<entity> mustnot be (%made) if <words:c>", not_if),
    ("<entity> be (%refused) if <words:c>", not_if),
    ("<entity> mustnot be (%made) unless <words:c>", only_if),
    (
        "[new] <entity> (for | of | on | by | in) <states> <entity:p> (be %refused | mustnot be %made | be not %made)",
        not_for,
    ),
    (
        "[new] <entity> (for | of | on | by | in) <entity:p> that <words:c> (be %refused | mustnot be %made)",
        not_for_that,
    ),
    ("only <states> <entity:p> may (have | get | receive | take) <entity>", only_for),
    ("only <states> <entity:p> may be <words:verbs>", only_verbed),
    ("only <states> <entity:p> may <words:verbs> [<entity:o>]", only_verbing),
    ("<states> <entity:p> mustnot be <words:verbs>", not_verbed),
    ("<states> <entity:p> mustnot <words:verbs> <entity:o>", not_verbing),
    ("<entity:p> that be [not] <words:c> mustnot be <word:verb>", not_verbed_that),
    ("<entity:p> mustnot be <word:verb> if [it] <words:c>", not_verbed_if),
    ("<entity:p> mustnot be <word:verb> unless [it] <words:c>", verbed_only_if),
    ("<entity:p> mayonly be <word:verb> (if | onlyif) [it] <words:c>", verbed_only_if),
    ("<entity:p> may be <word:verb> onlyif [it] <words:c>", verbed_only_if),
    ("<entity:p> mustnot <word:verb> <entity:o> (if | that) <words:c>", not_verbing_if),
    ("<entity:p> mayonly <word:verb> <entity:o> (if | that | onlyif) <words:c>", verbing_only_if),
    ("<entity:p> mayonly <word:verb> <states> <entity:o>", verbing_only),
    ("[only] <entity:p> that <words:c> (may | mayonly) be <word:verb>", only_verbed_that),
    ("[only] <entity:p> that <words:c> (may | mayonly) <word:verb> <entity:o>", only_verbing_that),
    (
        "<entity> (mustnot | mayonly | mustnot be | mayonly be) (become | be | be setto | move to | go to | be moved to | change to) <states:to> (if | unless | onlyif) <words:c>",
        moved_if,
    ),
    ("<entity> be only (possible | allowed | accepted) (for | on | in | with | at) <states> <entity:p>", only_for),
    (
        "<entity> be only (possible | allowed | accepted) (for | on | in | with | at) [<states>] <entity:p> that <words:c>",
        only_for_that,
    ),
    ("<entity> (mustnot be | mayonly be) %move to <states:to> (if | unless | onlyif) <words:c>", moved_if),
];

fn requires(entity: String, at: Moment, condition: Condition) -> Option<Vec<Effect>> {
    if condition.0.is_empty() {
        return None;
    }
    rule(RuleKind::Requires { entity, at, condition })
}

/// The state of a referenced record as a condition of `entity`.
fn parent_state(bound: &Bound, reading: &Reading<'_>, entity: &str, parent: &str, within: bool) -> Option<Condition> {
    let via = Some(reading.scope.lexicon.reference(entity, parent)?);
    let lists = bound.states("states")?;
    let states: Option<Vec<StateRef>> = lists.iter().map(|readings| reading.state_of(readings, parent)).collect();
    let states = states?;
    let field = states.first()?.field.clone();
    let values = states.into_iter().map(|state| Value::from(state.value)).collect();
    Some(Condition(vec![if within { Test::In { via, field, values } } else { Test::NotIn { via, field, values } }]))
}

/// The verb in a slot, where there is one, must mean making this record.
fn makes(bound: &Bound, reading: &Reading<'_>, entity: &str) -> bool {
    match bound.words("verb") {
        None => true,
        Some(range) => reading.part(&range).first().is_some_and(|token| {
            verbs::makes(reading.scope.lexicon, entity, &token.lemma)
                || verbs::actions(&token.lemma).is_empty()
                    && verbs::state(reading.scope.lexicon, entity, &token.lemma).is_none()
        }),
    }
}

fn only_for(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, parent) = (bound.entity("entity")?, bound.entity("p")?);
    let condition = parent_state(bound, reading, &entity, &parent, true)?;
    makes(bound, reading, &entity).then(|| requires(entity, Moment::Create, condition)).flatten()
}

fn not_for(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, parent) = (bound.entity("entity")?, bound.entity("p")?);
    let condition = parent_state(bound, reading, &entity, &parent, false)?;
    makes(bound, reading, &entity).then(|| requires(entity, Moment::Create, condition)).flatten()
}

/// A condition in which a bare subject is the referenced record: `that is available`.
fn of_parent(reading: &Reading<'_>, entity: &str, parent: &str, range: &Range<usize>) -> Option<Condition> {
    let named = reading.scope.lexicon.entity(parent)?;
    let mut tokens: Vec<crate::token::Token> =
        named.name.split(' ').map(|word| crate::token::Token::new(word, 0, 0)).collect();
    let part = reading.part(range);
    // `available` after "that be" lost its verb to the pattern.
    let verb_before =
        reading.tokens.get(range.start.checked_sub(1)?).is_some_and(|token| token.is("be") || token.is("not"));
    if verb_before {
        let negative = reading.tokens.get(range.start - 1).is_some_and(|token| token.is("not"));
        tokens.push(crate::token::Token::new("be", 0, 0));
        if negative {
            tokens.push(crate::token::Token::new("not", 0, 0));
        }
    }
    tokens.extend(part.iter().cloned());
    crate::condition::read(reading.engine, entity, &tokens)
        .or_else(|| crate::condition::read(reading.engine, entity, part))
}

fn only_for_that(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, parent) = (bound.entity("entity")?, bound.entity("p")?);
    let mut condition = of_parent(reading, &entity, &parent, &bound.words("c")?)?;
    if bound.has("states") {
        condition.0.extend(parent_state(bound, reading, &entity, &parent, true)?.0);
    }
    makes(bound, reading, &entity).then(|| requires(entity, Moment::Create, condition)).flatten()
}

fn not_for_that(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, parent) = (bound.entity("entity")?, bound.entity("p")?);
    let condition = negation(&of_parent(reading, &entity, &parent, &bound.words("c")?)?)?;
    makes(bound, reading, &entity).then(|| requires(entity, Moment::Create, condition)).flatten()
}

/// "Submitted" may be a state that records move to rather than a word for making them.
fn moment(reading: &Reading<'_>, entity: &str) -> Moment {
    let reached = |state: &String| {
        reading
            .scope
            .lexicon
            .entity(entity)
            .is_some_and(|named| named.flow.transitions.iter().any(|(_, to, _)| to == state))
    };
    let verb = reading
        .tokens
        .iter()
        .take_while(|token| !matches!(token.word.as_str(), "if" | "onlyif" | "unless" | "for" | "of" | "by"));
    match verb.filter_map(|token| verbs::state(reading.scope.lexicon, entity, &token.lemma)).find(reached) {
        Some(to) => Moment::Transition { to },
        None => Moment::Create,
    }
}

fn only_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let condition = reading.condition(&entity, &bound.words("c")?)?;
    {
        let at = moment(reading, &entity);
        requires(entity, at, condition)
    }
}

fn not_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let condition = reading.condition(&entity, &bound.words("c")?)?;
    {
        let at = moment(reading, &entity);
        requires(entity, at, negation(&condition)?)
    }
}

/// What a verb done to (or by) the parent makes: a child record, or a move of the parent itself.
fn child(reading: &Reading<'_>, parent: &str, verb: &str, other: Option<&str>) -> Option<String> {
    let lexicon = reading.scope.lexicon;
    if let Some(other) = other {
        if lexicon.reference(other, parent).is_some() && verbs::makes(lexicon, other, verb) {
            return Some(other.to_owned());
        }
        let joins: Vec<String> = lexicon
            .entities
            .iter()
            .filter(|join| {
                lexicon.reference(&join.key, parent).is_some() && lexicon.reference(&join.key, other).is_some()
            })
            .map(|join| join.key.clone())
            .collect();
        let named = joins.iter().find(|join| {
            lexicon
                .entity(join)
                .and_then(|join| join.words.last())
                .is_some_and(|head| crate::words::related(verb, head))
        });
        return named.cloned().or_else(|| if let [one] = joins.as_slice() { Some(one.clone()) } else { None });
    }
    if !verbs::actions(verb).is_empty()
        || verbs::state(lexicon, parent, verb).is_some_and(|state| {
            lexicon.entity(parent).is_some_and(|named| named.flow.transitions.iter().any(|(_, to, _)| *to == state))
        })
    {
        return None;
    }
    verbs::child_made(lexicon, parent, verb)
}

fn first_verb(reading: &Reading<'_>, range: &Range<usize>) -> Option<String> {
    let words: Vec<&crate::token::Token> = reading
        .part(range)
        .iter()
        .filter(|token| !matches!(token.word.as_str(), "or" | "and" | "," | "out" | "up" | "be"))
        .collect();
    match words.as_slice() {
        [one] => Some(one.lemma.clone()),
        _ => None,
    }
}

fn verbed(bound: &Bound, reading: &Reading<'_>, within: bool, other: Option<&str>) -> Option<Vec<Effect>> {
    let parent = bound.entity("p")?;
    let verb = first_verb(reading, &bound.words("verbs").or_else(|| bound.words("verb"))?)?;
    let entity = child(reading, &parent, &verb, other)?;
    let condition = parent_state(bound, reading, &entity, &parent, within)?;
    requires(entity, Moment::Create, condition)
}

fn only_verbed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    verbed(bound, reading, true, None)
}

fn only_verbing(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let other = bound.entity("o");
    verbed(bound, reading, true, other.as_deref())
}

fn not_verbed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    verbed(bound, reading, false, None)
}

fn not_verbing(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let other = bound.entity("o");
    verbed(bound, reading, false, other.as_deref())
}

/// A move of the parent itself under a condition: `a claim cannot be approved if ...`.
fn moved(reading: &Reading<'_>, entity: &str, verb: &str, condition: &Condition) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let to = verbs::state(lexicon, entity, verb)?;
    let reachable = lexicon.entity(entity)?.flow.transitions.iter().any(|(_, state, _)| *state == to);
    reachable.then(|| requires(entity.to_owned(), Moment::Transition { to }, condition.clone())).flatten()
}

fn if_verbed(bound: &Bound, reading: &Reading<'_>, positive: bool) -> Option<Vec<Effect>> {
    let parent = bound.entity("p")?;
    let verb = first_verb(reading, &bound.words("verb")?)?;
    let range = bound.words("c")?;
    let own = of_parent(reading, &parent, &parent, &range);
    let turned = |condition: Condition| if positive { Some(condition) } else { negation(&condition) };
    if let Some(condition) = own.and_then(turned)
        && let Some(effects) = moved(reading, &parent, &verb, &condition)
    {
        return Some(effects);
    }
    let other = bound.entity("o");
    let entity = child(reading, &parent, &verb, other.as_deref())?;
    let subject = other.as_deref().filter(|other| *other != entity).unwrap_or(&parent);
    // With an object the condition speaks of the object ("a tool that ..."), unless it names its own subject.
    let condition = crate::condition::read(reading.engine, &entity, reading.part(&range))
        .filter(|_| {
            other.is_some() && !reading.part(&range).first().is_some_and(|token| token.is("be") || token.is("have"))
        })
        .or_else(|| of_parent(reading, &entity, subject, &range))?;
    requires(entity, Moment::Create, turned(condition)?)
}

fn not_verbed_that(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if_verbed(bound, reading, false)
}

fn not_verbed_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if_verbed(bound, reading, false)
}

fn verbed_only_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if_verbed(bound, reading, true)
}

fn not_verbing_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if_verbed(bound, reading, false)
}

fn verbing_only_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if_verbed(bound, reading, true)
}

fn verbing_only(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (parent, other) = (bound.entity("p")?, bound.entity("o")?);
    let verb = first_verb(reading, &bound.words("verb")?)?;
    let entity = child(reading, &parent, &verb, Some(&other))?;
    let condition = parent_state(bound, reading, &entity, &other, true)?;
    requires(entity, Moment::Create, condition)
}

/// "Tools that are available can be borrowed" restricts only with `only`.
fn only_verbed_that(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let only = reading.tokens.first().is_some_and(|token| token.is("only"))
        || reading.tokens.iter().any(|token| token.is("mayonly"));
    let parent = bound.entity("p")?;
    let verb = first_verb(reading, &bound.words("verb")?)?;
    let condition = of_parent(reading, &parent, &parent, &bound.words("c")?);
    if !only {
        return None;
    }
    if let Some(effects) = condition.as_ref().and_then(|condition| moved(reading, &parent, &verb, condition)) {
        return Some(effects);
    }
    let entity = child(reading, &parent, &verb, None)?;
    let condition = of_parent(reading, &entity, &parent, &bound.words("c")?)?;
    requires(entity, Moment::Create, condition)
}

fn only_verbing_that(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let only = reading.tokens.first().is_some_and(|token| token.is("only"))
        || reading.tokens.iter().any(|token| token.is("mayonly"));
    let (parent, other) = (bound.entity("p")?, bound.entity("o")?);
    let verb = first_verb(reading, &bound.words("verb")?)?;
    let entity = child(reading, &parent, &verb, Some(&other))?;
    let condition = of_parent(reading, &entity, &parent, &bound.words("c")?)?;
    only.then(|| requires(entity, Moment::Create, condition)).flatten()
}

fn moved_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let condition = reading.condition(&entity, &bound.words("c")?)?;
    let only = reading.tokens.iter().any(|token| token.is("mayonly") || token.is("unless") || token.is("onlyif"));
    let condition = if only { condition } else { negation(&condition)? };
    let mut effects = Vec::new();
    for readings in bound.states("to")? {
        let to = reading.state_of(readings, &entity)?.value;
        effects.extend(requires(entity.clone(), Moment::Transition { to }, condition.clone())?);
    }
    Some(effects)
}

/// A yes/no field of the referenced record as a condition.
fn flag_of(reading: &Reading<'_>, entity: &str, parent: &str, flag: &crate::scope::FieldRef) -> Option<Condition> {
    let boolean = matches!(reading.scope.kind(flag)?, maestro_artifacts::FieldKind::Boolean);
    if !boolean || flag.entity != parent {
        return None;
    }
    let via = Some(reading.scope.lexicon.reference(entity, parent)?);
    Some(Condition(vec![Test::In { via, field: flag.field.clone(), values: vec![Value::Bool(true)] }]))
}

/// The record that is made: named, or the one that the verb makes.
fn made(bound: &Bound, reading: &Reading<'_>, parent: &str) -> Option<String> {
    if let Some(entity) = bound.entity("entity") {
        return Some(entity);
    }
    let verb = first_verb(reading, &bound.words("verb")?)?;
    if let Some(other) = bound.entity("o") {
        return child(reading, parent, &verb, Some(&other));
    }
    child(reading, parent, &verb, None)
}

fn only_flag(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = bound.entity("p")?;
    let entity = made(bound, reading, &parent)?;
    let condition = flag_of(reading, &entity, &parent, &bound.field("flag")?)?;
    requires(entity, Moment::Create, condition)
}

/// "An inactive member cannot borrow": the negated word of a yes/no field.
fn not_flag(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = bound.entity("p")?;
    let word = reading.part(&bound.words("in")?).first()?.word.clone();
    let named = reading.scope.lexicon.entity(&parent)?;
    let flag = named.fields.iter().find(|field| {
        let last = field.words.last().map_or("", String::as_str);
        field.kind == maestro_artifacts::FieldKind::Boolean
            && ["in", "un", "dis", "non-", "non"].iter().any(|prefix| word == format!("{prefix}{last}"))
    })?;
    let flag = crate::scope::FieldRef { entity: parent.clone(), field: flag.key.clone() };
    let entity = made(bound, reading, &parent)?;
    let condition = flag_of(reading, &entity, &parent, &flag)?;
    requires(entity, Moment::Create, condition)
}
