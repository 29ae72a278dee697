//! What must hold of a record or of those it refers to when it is made or moves on.

use super::rule;
use crate::condition::{self, negation};
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::records::lifted;
use crate::verbs;
use maestro_artifacts::{Action, Condition, FieldKind, Moment, Op, Operand, RuleKind, Test};
use std::ops::Range;

/// Read first: what is needed is no field of its own. "A booking requires an active member and an open room"
pub(super) const NEEDED: &[(&str, Build)] =
    &[("<entity> (need | needs | require | requires | must have) <records:p> [[,] and <records:q>]", needs_records)];

pub(super) const PATTERNS: &[(&str, Build)] = &[
    // Only ... for those
    ("<entity> mayonly be (%made | <word:made>) %prep [1] <records:p> and [%prep] <records:q>", only_for_both),
    (
        "<entity> (be | may be) (only %possible | %possible only | %made only | only %made) %prep [1] <records:p> and [%prep] <records:q>",
        only_for_both,
    ),
    ("<entity> (always refer to | refer to | always belong to) <records:p>", needs_records),
    ("<words:deed> (need | needs | require | requires) <records:p> [[,] and <records:q>]", done_needs),
    ("<entity> mayonly be (%made | <word:made>) %prep [1] <records:p>", only_for),
    ("<entity> (may be | be) (%made | <word:made>) only %prep [1] <records:p>", only_for),
    (
        "<entity> (be only | mayonly be | be) (possible | allowed | accepted | permitted | available | %made | <word:made>) [only] %prep [1] <records:p>",
        only_for_said,
    ),
    ("<entity> (mayonly | must) %concern [1] <records:p>", only_for),
    ("<entity> mayonly be (%made | <word:made>) <records:p>", only_for),
    ("only <records:p> may (have | get | receive | take | contain | accept) [new | further] <entity>", only_for),
    ("only <records:p> may be <words:verb> [%prep [new | further] <entity:o>]", only_verbed),
    ("only <records:p> may <words:verb> [%prep] [new | further] [<entity:o>]", only_verbed),
    ("<entity:q> mayonly <word:verb> [%prep] <records:p>", verbing_only),
    // Not for those
    ("[no] <entity> (mustnot be | may be) (%made | <word:made>) %prep [1] <records:p>", not_for),
    ("<entity> mustnot %concern [1] <records:p>", not_for),
    ("<entity> (be %refused | be not %possible) %prep [1] <records:p>", not_for),
    (
        "no [new | further | more | other] <entity> %prep [1] <records:p> [be allowed | be %possible | be %made | may be %made | allowed]",
        not_for,
    ),
    (
        "[no] [new | further] <entity> %prep [1] <records:p> (be %refused | mustnot be %made | be not %made | be not possible | mustnot exist)",
        not_for,
    ),
    (
        "<records:p> mustnot (have | get | receive | take | contain | accept) [any | more | further | new | other] <entity>",
        not_for,
    ),
    (
        "<records:p> (have | get | receive | take | contain | accept | be given | may have) no [any | more | further | new | other] <entity>",
        not_for,
    ),
    ("<records:p> be not <words:verb>", not_verbed),
    ("<records:p> be not <word:able>", not_able),
    ("<records:p> not <word:able>", not_able),
    ("only <records:p> be <word:able>", only_able),
    ("<records:p> mustnot be <words:verb> [%prep [any | more | further | new | other] <entity:o>]", not_verbed),
    ("<records:p> mustnot <words:verb> [%prep] [any | more | further | new | other] [<entity:o>]", not_verbed),
    ("<records:p> (: | – | ->) no [new | further | more | other] <entity> [%possible | allowed]", not_for),
    ("no [new | further | more | other] <entity> if <records:p>", not_for),
    // Until a date of the record that is referred to
    (
        "<entity> (be | may be) (only | possible only | only %possible | %made only | only %made) (unless | >= | <= | < | to) <moment:b>",
        until,
    ),
    ("<entity> (be | may be) (possible | %possible | %made | <word:made>) onlyuntil <moment:b>", until),
    ("<entity> (mayonly be | mayonly) (%made | <word:made>) (unless | <= | < | to) <moment:b>", until),
    (
        "(no [new] | [new]) <entity> (may be | mustnot be | be not | be not longer | mustnot) (%made | %possible | <word:made>) > <moment:b>",
        until,
    ),
    // If
    ("<entity> mayonly be (%made) (if | onlyif) <words:c>", only_if),
    ("<entity> may be %made onlyif <words:c>", only_if),
    (
        "<entity> (be | mayonly be) (only %possible | %possible only | only %made | %made only | possible) (if | onlyif) <words:c>",
        only_if_possible,
    ),
    ("<entity> mustnot be (%made) if <words:c>", not_if),
    ("<entity> be (%refused) if <words:c>", not_if),
    ("<entity> mustnot be (%made) unless <words:c>", only_if),
    ("<entity:p> that be [not] <words:c> mustnot be <word:verb>", not_verbed_that),
    ("<entity:p> mustnot be <word:verb> if [it] <words:c>", not_verbed_if),
    ("<entity:p> mustnot be <word:verb> unless [it] <words:c>", verbed_only_if),
    ("<entity:p> mayonly be <word:verb> (if | onlyif) [it] <words:c>", verbed_only_if),
    ("<entity:p> may be <word:verb> onlyif [it] <words:c>", verbed_only_if),
    ("<entity:p> mustnot <word:verb> <entity:o> (if | that) <words:c>", not_verbing_if),
    ("<entity:p> mayonly <word:verb> <entity:o> (if | that | onlyif) <words:c>", verbing_only_if),
    ("[only] <entity:p> that <words:c> (may | mayonly) be <word:verb>", only_verbed_that),
    ("[only] <entity:p> that <words:c> (may | mayonly) <word:verb> <entity:o>", only_verbing_that),
    (
        "<entity> (mustnot | mayonly | mustnot be | mayonly be) (become | be | be setto | move to | go to | be moved to | change to) <states:to> (if | unless | onlyif) <words:c>",
        moved_if,
    ),
    ("<entity> [may | mayonly] %move from <states:from> to <states:to> (if | onlyif) <words:c>", moved_from),
    ("<entity> (mustnot be | mayonly be) %move to <states:to> (if | unless | onlyif) <words:c>", moved_if),
    // "After check-in, no requests may be added to a booking"
    ("> <word:c> , no [new | further | more] <entity> may be %made [%prep <entity:p>]", none_after),
    // What a change of state needs of the record's own children and fields
    (
        "<entity:p> (need | needs | must have | require | requires) <words:c> (< | to) [it] (may be | be | being | must be) <word:verb>",
        needs_first,
    ),
    ("<word:verb> <entity:p> (need | needs | require | requires) <words:c>", needs_first),
    (
        "(to | < ) (<word:verb> | be <word:verb>) <entity:p> , [it] (need | needs | must have | require | requires) <words:c>",
        needs_first,
    ),
    ("to be <word:verb> , <entity:p> (need | needs | must have | require | requires) <words:c>", needs_first),
    ("<entity:p> mustnot be (<word:verb> | %move to <word:verb>) without <words:c>", needs_first),
    ("<entity:p> mustnot %move to <word:verb> without <words:c>", needs_first),
];

/// "A job that has not been accepted cannot be finished": whoever was accepted once, wherever it went from there.
fn once(reading: &Reading<'_>, entity: &str, condition: Condition) -> Condition {
    let perfect = reading.tokens.iter().any(|token| token.wrote("been"));
    if perfect { condition::later(reading.scope.lexicon, entity, condition) } else { condition }
}

/// What must hold at a moment.
pub(crate) fn requires(entity: String, at: Moment, condition: Condition) -> Option<Vec<Effect>> {
    if condition.0.is_empty() {
        return None;
    }
    // "An order can only be closed when its note is filled in": a field that the change of state requires.
    if let Moment::Transition { to } = &at
        && let Some(fields) = condition.0.iter().map(own_field_given).collect::<Option<Vec<String>>>()
    {
        return rule(RuleKind::TransitionRequires { entity, from: None, to: to.clone(), fields });
    }
    rule(RuleKind::Requires { entity, at, condition })
}

/// What must hold for a record to be made or saved. A demand on its own values is one on every write, however it is
/// put: otherwise the next change would undo it. The rest is demanded when the record is made, or whenever it is saved.
fn kept(reading: &Reading<'_>, entity: &str, at: Moment, condition: Condition) -> Option<Vec<Effect>> {
    if let Moment::Transition { .. } = at {
        return requires(entity.to_owned(), at, once(reading, entity, condition));
    }
    let saved = reading
        .tokens
        .iter()
        .take_while(|token| !matches!(token.word.as_str(), "if" | "onlyif" | "unless"))
        .any(|token| matches!(token.word.as_str(), "saved" | "stored" | "kept" | "valid"));
    let flow = reading.scope.lexicon.flow_field(entity);
    let mut effects = Vec::new();
    let mut rest = Vec::new();
    for test in condition.0 {
        match test {
            Test::Given { via: None, field } => {
                effects.push(Effect::Rule(RuleKind::Required { entity: entity.to_owned(), field }));
            }
            Test::Compare { via: None, field, op, to }
                if Some(&field) != flow.as_ref()
                    && (saved || matches!(to, Operand::Value { .. } | Operand::Field { .. })) =>
            {
                effects.push(Effect::Rule(bound_or_comparison(entity.to_owned(), field, op, to)));
            }
            other => rest.push(other),
        }
    }
    if !rest.is_empty() {
        let at = if saved { Moment::Save } else { at };
        effects.push(Effect::Rule(RuleKind::Requires { entity: entity.to_owned(), at, condition: Condition(rest) }));
    }
    (!effects.is_empty()).then_some(effects)
}

/// A demand on a field, without a condition: bounds where a constant bounds it.
fn bound_or_comparison(entity: String, field: String, op: Op, to: Operand) -> RuleKind {
    let text = match &to {
        Operand::Value { value: serde_json::Value::String(text) } => Some(text.clone()),
        Operand::Value { value: value @ serde_json::Value::Number(_) } => Some(value.to_string()),
        _ => None,
    };
    match (op, text) {
        (Op::Ge | Op::Gt, Some(text)) => {
            RuleKind::Range { entity, field, min: Some(text), max: None, above_min: op == Op::Gt, below_max: false }
        }
        (Op::Le | Op::Lt, Some(text)) => {
            RuleKind::Range { entity, field, min: None, max: Some(text), above_min: false, below_max: op == Op::Lt }
        }
        _ => RuleKind::Compare { entity, field, op, to, when: Condition::default(), on_create: false },
    }
}

fn own_field_given(test: &Test) -> Option<String> {
    match test {
        Test::Given { via: None, field } => Some(field.clone()),
        _ => None,
    }
}

/// The described records that `entity` refers to, as a condition of `entity`; described they must be.
fn described(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<Condition> {
    let records = bound.records("p").filter(|records| !records.when.0.is_empty())?;
    let via = reading.scope.lexicon.way(entity, &records.entity)?;
    lifted(&records.when, &via)
}

/// The verb in a slot, where there is one, must mean making this record.
fn makes(bound: &Bound, reading: &Reading<'_>, entity: &str) -> bool {
    match bound.words("made") {
        None => true,
        Some(range) => reading.part(&range).first().is_some_and(|token| {
            verbs::makes(reading.scope.lexicon, entity, &token.lemma)
                || verbs::actions(&token.lemma).is_empty()
                    && verbs::state(reading.scope.lexicon, entity, &token.lemma).is_none()
                    && token.word.len() > 3
                    && !matches!(token.word.as_str(), "visible" | "required" | "needed" | "shown" | "listed")
        }),
    }
}

fn only_for(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let condition = described(bound, reading, &entity)?;
    let at = moment(reading, &entity);
    makes(bound, reading, &entity).then(|| requires(entity, at, condition)).flatten()
}

/// "Loans are only made for ...": without `only` it would be a fact.
fn only_for_said(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let only = reading.tokens.iter().any(|token| token.is("only") || token.is("mayonly"));
    only.then(|| only_for(bound, reading)).flatten()
}

/// "Enrolments are accepted only until the registration deadline" of the course.
fn until(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, limit) = (bound.entity("entity")?, bound.field("b")?);
    let says = |words: &[&str]| reading.tokens.iter().any(|token| words.contains(&token.word.as_str()));
    let no = reading.tokens.first().is_some_and(|token| token.is("no"));
    if limit.entity == entity || !(no || says(&["only", "onlyuntil", "mayonly", "mustnot", "not", "refused"])) {
        return None;
    }
    let via = reading.scope.lexicon.way(&entity, &limit.entity)?;
    let to = match reading.scope.kind(&limit)? {
        FieldKind::Date => Operand::today(),
        FieldKind::DateTime => Operand::now(),
        _ => return None,
    };
    let op = if says(&["<"]) { Op::Gt } else { Op::Ge };
    let test = Test::Compare { via: Some(via), field: limit.field, op, to };
    // "A claim may not be accepted after the deadline of its case" of claims that can become so.
    let deed = reading.tokens.windows(2).find_map(|pair| match pair {
        [be, deed] if be.is("be") => verbs::state(reading.scope.lexicon, &entity, &deed.lemma),
        _ => None,
    });
    if let Some(to) = deed {
        return requires(entity, Moment::Transition { to }, Condition(vec![test]));
    }
    makes(bound, reading, &entity).then(|| requires(entity, Moment::Create, Condition(vec![test]))).flatten()
}

/// "After check-in, no requests may be added to a booking": from what is done to the record that they refer to.
fn none_after(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let range = bound.words("c")?;
    let lexicon = reading.scope.lexicon;
    let referred = |other: &String| {
        let via = lexicon.reference(&entity, other)?;
        let when = reading.condition(other, &range)?;
        lifted(&condition::later(lexicon, other, when), &via)
    };
    let when = match bound.entity("p") {
        Some(parent) => referred(&parent)?,
        None => {
            let mut found = lexicon.entities.iter().filter_map(|named| referred(&named.key));
            found.next().filter(|_| found.next().is_none())?
        }
    };
    requires(entity, Moment::Create, negation(&when)?)
}

/// "Bookings can only be made for active members and open rooms": for one of each.
fn only_for_both(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (p, q) = (bound.records("p")?, bound.records("q")?);
    let entity = bound.entity("entity")?;
    if p.entity == q.entity || !makes(bound, reading, &entity) {
        return None;
    }
    let effects = needs_records(bound, reading)?;
    let at = moment(reading, &entity);
    let moved = effects.into_iter().map(|effect| match effect {
        Effect::Rule(RuleKind::Requires { entity, condition, .. }) => {
            Effect::Rule(RuleKind::Requires { entity, at: at.clone(), condition })
        }
        other => other,
    });
    Some(moved.collect())
}

/// "Confirming a booking requires an active member".
fn done_needs(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let deeds = crate::deed::active(reading, &bound.words("deed")?)?;
    let [crate::deed::Deed::Move { entity, from, to }] = deeds.as_slice() else { return None };
    let mut tests = Vec::new();
    for name in ["p", "q"] {
        let Some(records) = bound.records(name).filter(|records| !records.when.0.is_empty()) else { continue };
        let via = reading.scope.lexicon.way(entity, &records.entity)?;
        tests.extend(lifted(&records.when, &via)?.0);
    }
    (from.is_empty() && bound.records("p")?.entity != *entity)
        .then(|| requires(entity.clone(), Moment::Transition { to: to.clone() }, Condition(tests)))
        .flatten()
}

/// "A booking requires an active member and an open room": the records that it refers to.
fn needs_records(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let mut tests = Vec::new();
    for name in ["p", "q"] {
        let Some(records) = bound.records(name) else { continue };
        if records.when.0.is_empty() {
            return None;
        }
        let lexicon = reading.scope.lexicon;
        // The reference that is called like the kind of record: "active member" would be another one.
        let target = &lexicon.entity(&records.entity)?.words;
        let own = lexicon.entity(&entity)?.fields.iter().find(|field| {
            matches!(&field.kind, FieldKind::Reference { entity } if *entity == records.entity)
                && field.words == *target
        });
        let via = own.map(|field| field.key.clone()).or_else(|| lexicon.reference(&entity, &records.entity))?;
        tests.extend(lifted(&records.when, &via)?.0);
    }
    requires(entity, Moment::Create, Condition(tests))
}

fn not_for(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    // "may be made for" refuses only behind "no".
    let says = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    if says("may") && !reading.tokens.first().is_some_and(|token| token.is("no")) {
        return None;
    }
    let condition = negation(&described(bound, reading, &entity)?)?;
    let at = moment(reading, &entity);
    makes(bound, reading, &entity).then(|| requires(entity, at, condition)).flatten()
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

/// "Submitted" may be a state that records move to rather than a word for making them.
fn moment(reading: &Reading<'_>, entity: &str) -> Moment {
    let reached = |state: &String| {
        reading.scope.lexicon.entity(entity).is_some_and(|named| {
            // "Draft, submitted or paid": it is none that records begin in.
            let field = named.flow.field.as_ref().and_then(|field| named.field(field));
            let later = |values: &Vec<String>| values.iter().position(|value| value == state).is_some_and(|at| at > 0);
            named.flow.transitions.iter().any(|(_, to, _)| to == state)
                || field.is_some_and(|field| field.listed.iter().any(|(values, _)| later(values)))
        })
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
    kept(reading, &entity, moment(reading, &entity), condition)
}

fn not_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let condition = reading.condition(&entity, &bound.words("c")?)?;
    // "No requests may be added once the booking is checked in": nor later.
    let condition = condition::from_then_on(reading.scope.lexicon, &entity, reading.tokens, condition);
    kept(reading, &entity, moment(reading, &entity), negation(&condition)?)
}

/// What a verb done to (or by) the parent makes: a child record, or a move of the parent itself.
fn child(reading: &Reading<'_>, parent: &str, verb: &str, other: Option<&str>) -> Option<String> {
    let lexicon = reading.scope.lexicon;
    if let Some(other) = other {
        // "Suspended skippers may not be assigned to a cruise": cruises have a skipper.
        let moves = verbs::state(lexicon, other, verb).is_some_and(|state| {
            lexicon.entity(other).is_some_and(|named| named.flow.transitions.iter().any(|(_, to, _)| *to == state))
        });
        let idle = verbs::actions(verb).is_empty() && !moves;
        if lexicon.reference(other, parent).is_some() && (idle || verbs::makes(lexicon, other, verb)) {
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
    // "Inactive singers cannot register": what they make is named after the verb.
    let made = verbs::child_made(lexicon, parent, verb).filter(|child| {
        let head = lexicon.entity(child).and_then(|child| child.words.last());
        head.is_some_and(|head| head != verb && crate::words::related(verb, head))
            && !reading.tokens.iter().any(|token| token.is("be"))
    });
    if made.is_some() {
        return made;
    }
    // "Closed devices cannot be inspected" where inspections are kept: looking at them is not meant.
    let looks = verbs::actions(verb).iter().all(|action| matches!(action, Action::Read | Action::List));
    let named = looks && verbs::names_child(lexicon, parent, verb);
    if !verbs::actions(verb).is_empty() && !named
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
    // "Cancelled bookings are not considered" says what does not count, not what is done.
    match words.as_slice() {
        [one] if verbs::COUNTING.contains(&one.word.as_str()) => None,
        [one] => Some(one.lemma.clone()),
        _ => None,
    }
}

/// What is done to (or by) described records: the record that this makes must, or must not, refer to such a one.
fn verbed(bound: &Bound, reading: &Reading<'_>, within: bool) -> Option<Vec<Effect>> {
    let records = bound.records("p").filter(|records| !records.when.0.is_empty())?;
    let verb = first_verb(reading, &bound.words("verb")?)?;
    let turned = |condition: Condition| if within { Some(condition) } else { negation(&condition) };
    if bound.entity("o").is_none()
        && let Some(effects) = moved(reading, &records.entity, &verb, &turned(records.when.clone())?)
    {
        // "Only draft orders can be shipped" tells a way of the workflow.
        let flow = reading.scope.lexicon.flow_field(&records.entity);
        let own = records.when.0.iter().any(
            |test| matches!(test, Test::In { via: None, field, .. } | Test::NotIn { via: None, field, .. } if Some(field) == flow.as_ref()),
        );
        return (!own).then_some(effects);
    }
    let entity = child(reading, &records.entity, &verb, bound.entity("o").as_deref())?;
    requires(entity.clone(), Moment::Create, turned(described(bound, reading, &entity)?)?)
}

/// "Closed rooms are not bookable": they cannot be booked.
fn not_able(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    able(bound, reading, false)
}

fn only_able(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    able(bound, reading, true)
}

fn able(bound: &Bound, reading: &Reading<'_>, within: bool) -> Option<Vec<Effect>> {
    let records = bound.records("p").filter(|records| !records.when.0.is_empty())?;
    let word = reading.part(&bound.words("able")?).first()?.clone();
    let verb = word.word.strip_suffix("able").or_else(|| word.word.strip_suffix("ible")).filter(|_| !word.quoted)?;
    let of = |verb: &str| child(reading, &records.entity, verb, None);
    let entity = of(verb).or_else(|| of(&format!("{verb}e")))?;
    let condition = described(bound, reading, &entity)?;
    requires(entity, Moment::Create, if within { condition } else { negation(&condition)? })
}

fn only_verbed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    verbed(bound, reading, true)
}

/// "Entries are only possible while the race is open"; "are possible" alone refuses nothing.
fn only_if_possible(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let only = ["only", "mayonly", "onlyif"];
    let said = reading.tokens.iter().any(|token| only.iter().any(|word| token.is(word)));
    said.then(|| only_if(bound, reading)).flatten()
}

fn not_verbed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    verbed(bound, reading, false)
}

/// "An order needs at least one line before it can be shipped".
fn needs_first(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("p")?;
    let verb = first_verb(reading, &bound.words("verb")?)?;
    let mut tokens = vec![crate::token::Token::new("have", 0, 0)];
    tokens.extend(reading.part(&bound.words("c")?).iter().cloned());
    let condition = crate::condition::read(reading.engine, &entity, &tokens)?;
    moved(reading, &entity, &verb, &condition)
}

/// A move of the parent itself under a condition: `a claim cannot be approved if ...`.
fn moved(reading: &Reading<'_>, entity: &str, verb: &str, condition: &Condition) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let to = verbs::state(lexicon, entity, verb)?;
    let reachable = lexicon.entity(entity)?.flow.transitions.iter().any(|(_, state, _)| *state == to);
    let condition = once(reading, entity, condition.clone());
    reachable.then(|| requires(entity.to_owned(), Moment::Transition { to }, condition)).flatten()
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
    // "A session can only be published if ..." makes no booking, though bookings alone refer to sessions.
    let lexicon = reading.scope.lexicon;
    let named = lexicon.entity(&entity)?.words.last().is_some_and(|head| crate::words::related(&verb, head));
    if other.is_none() && !named && !verbs::takes_up(&verb) {
        return None;
    }
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

/// "Members may only borrow available tools".
fn verbing_only(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (who, records) = (bound.entity("q")?, bound.records("p")?);
    let verb = first_verb(reading, &bound.words("verb")?)?;
    let entity = child(reading, &who, &verb, Some(&records.entity))?;
    requires(entity.clone(), Moment::Create, described(bound, reading, &entity)?)
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

/// "Bookings go from tentative to confirmed only if the member is active", where no other way leads there.
fn moved_from(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let only = reading.tokens.iter().any(|token| token.is("mayonly") || token.is("onlyif"));
    let flow = &reading.scope.lexicon.entity(&entity)?.flow;
    let state = |readings: &Vec<crate::scope::StateRef>| reading.state_of(readings, &entity).map(|state| state.value);
    let from: Vec<String> = bound.states("from")?.iter().map(state).collect::<Option<_>>()?;
    let to: Vec<String> = bound.states("to")?.iter().map(state).collect::<Option<_>>()?;
    let others = flow.transitions.iter().any(|(a, b, _)| to.contains(b) && !from.contains(a));
    let condition = reading.condition(&entity, &bound.words("c")?).filter(|_| only && !others)?;
    let mut effects = Vec::new();
    for to in to {
        let ways = from.iter().map(|from| (from.clone(), to.clone()));
        effects.extend(ways.map(|(from, to)| Effect::Transition { entity: entity.clone(), from, to }));
        effects.extend(requires(entity.clone(), Moment::Transition { to }, condition.clone())?);
    }
    Some(effects)
}

fn moved_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let condition = reading.condition(&entity, &bound.words("c")?)?;
    let only = reading.tokens.iter().any(|token| token.is("mayonly") || token.is("unless") || token.is("onlyif"));
    let condition = once(reading, &entity, if only { condition } else { negation(&condition)? });
    let mut effects = Vec::new();
    for readings in bound.states("to")? {
        let to = reading.state_of(readings, &entity)?.value;
        effects.extend(requires(entity.clone(), Moment::Transition { to }, condition.clone())?);
    }
    Some(effects)
}
