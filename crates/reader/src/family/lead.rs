//! How long before (or after) a moment of the record something may be done to it: "a session may be cancelled until
//! 24 hours before its start", "booked at most 90 days in advance", "a lease can only be closed after its end".

use super::compare::{backwards, day, on_the_clock, one_time};
use super::rule;
use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::{span, verbs};
use maestro_artifacts::{Action, Condition, FieldKind, Moment, Offset, Op, Operand, RuleKind, Test};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<entity> (must | may | mayonly | mustnot) be <word:v> <cmp> <qty> (%ahead | < [it] start | < it begin | < [it] starts | < start)",
        told,
    ),
    ("<entity> (must | may | mayonly | mustnot) (start | begin | take place) <cmp> <qty> %ahead", begins),
    ("<entity> (must be | may be | mayonly be | mustnot be | be) <word:v> <cmp> <qty> < <moment:b>", told),
    ("<entity> (may be | mayonly be) <word:v> unless <qty> < <moment:b>", in_time),
    ("<entity> (mustnot be | mayonly be) <word:v> [any more | anymore | any longer] <cmp> <moment:b>", passed),
];

/// With an amount ("at least 2 days before") or by the clock ("no later than 2 days before").
fn told(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let verb = bound.words("v").and_then(|range| reading.part(&range).first().map(|token| token.lemma.clone()));
    let says = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let op = bound.op("cmp")?;
    // "Up to a day before the start" leaves time for what ends something, and bounds how early it is made.
    let up_to = bound
        .place("cmp")
        .is_some_and(|range| reading.part(&range).iter().any(|token| token.raw.to_lowercase().starts_with("up to")));
    let bounded = bounded(reading, &bound.entity("entity")?, verb.as_deref())?;
    let by_clock = on_the_clock(bound, reading) || (up_to && bounded != Bounded::Making);
    let op = if says("mustnot") { negated(op) } else { op };
    // What is told by the clock is the moment of the deed; the record's moment lies on the other side.
    let op = if by_clock { backwards(op) } else { op };
    build(bound, reading, bounded, op, bound.quantity("qty")?.offset()?)
}

/// "No earlier than three days from now" and "at least three days ahead": the moment itself is told.
fn begins(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp")?;
    let op = if reading.tokens.iter().any(|token| token.is("mustnot")) { negated(op) } else { op };
    build(bound, reading, Bounded::Making, op, bound.quantity("qty")?.offset()?)
}

/// "Until 24 hours before its start".
fn in_time(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let verb = reading.part(&bound.words("v")?).first()?.lemma.clone();
    // "Unless a day before" is no deadline.
    let until = reading.tokens.iter().any(|token| token.raw.to_lowercase().split(' ').any(|word| word == "until"));
    let bounded = bounded(reading, &bound.entity("entity")?, Some(&verb))?;
    until.then(|| build(bound, reading, bounded, Op::Ge, bound.quantity("qty")?.offset()?)).flatten()
}

/// "Cannot be cancelled after its start", "can only be closed after its end".
fn passed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let verb = reading.part(&bound.words("v")?).first()?.lemma.clone();
    let op = bound.op("cmp")?;
    let op = if reading.tokens.iter().any(|token| token.is("mustnot")) { negated(op) } else { op };
    match bounded(reading, &bound.entity("entity")?, Some(&verb))? {
        // What a date says of the record is compared with it as it stands.
        Bounded::Recorded(_) => None,
        bounded => build(bound, reading, bounded, backwards(op), Offset::NONE),
    }
}

/// What has to be done in time.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bounded {
    Making,
    /// To this state.
    Moving(String),
    Changing,
    Deleting,
    /// What this field of time records.
    Recorded(FieldRef),
}

/// What a verb does to a record of this kind; without a verb it begins. Nothing where the epic records no such deed.
fn bounded(reading: &Reading<'_>, entity: &str, verb: Option<&str>) -> Option<Bounded> {
    let Some(verb) = verb else { return Some(Bounded::Making) };
    let lexicon = reading.scope.lexicon;
    let flow = &lexicon.entity(entity)?.flow;
    if let Some(field) = reading.scope.time_of(entity, verb)
        && !lexicon.field(&field)?.read_only
    {
        return Some(Bounded::Recorded(field));
    }
    if let Some(to) = verbs::state(lexicon, entity, verb)
        && flow.transitions.iter().any(|(_, state, _)| *state == to)
    {
        return Some(Bounded::Moving(to));
    }
    let actions = verbs::actions(verb);
    if actions == [Action::Delete] {
        Some(Bounded::Deleting)
    } else if actions == [Action::Update] {
        Some(Bounded::Changing)
    } else if verbs::makes(lexicon, entity, verb) || verbs::asked_for(verb) {
        Some(Bounded::Making)
    } else {
        None
    }
}

/// The rule that the record's moment, counted from the deed, compares so.
fn build(bound: &Bound, reading: &Reading<'_>, bounded: Bounded, op: Op, offset: Offset) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let limit = limit(bound, reading, &entity)?;
    let lexicon = reading.scope.lexicon;
    let to = moment(reading, &limit, offset);
    let via = if limit.entity == entity { None } else { Some(lexicon.reference(&entity, &limit.entity)?) };
    let test = |op: Op| {
        let (via, field, to) = (via.clone(), limit.field.clone(), to.clone()?);
        Some(Condition(vec![Test::Compare { via, field, op, to }]))
    };
    rule(match bounded {
        Bounded::Making if via.is_none() => {
            let when = Condition::default();
            RuleKind::Compare { entity, field: limit.field, op, to: to?, when, on_create: true }
        }
        Bounded::Making => RuleKind::Requires { entity, at: Moment::Create, condition: test(op)? },
        Bounded::Moving(to) => RuleKind::Requires { entity, at: Moment::Transition { to }, condition: test(op)? },
        Bounded::Changing => RuleKind::Immutable { entity, when: test(negated(op))?, fields: Vec::new() },
        Bounded::Deleting => RuleKind::NoDelete { entity, when: test(negated(op))? },
        Bounded::Recorded(field) => {
            // "Signed at least 2 days before the start": a field on or before that day.
            let instants = [&field, &limit].iter().all(|at| reading.scope.kind(at) == Some(&FieldKind::DateTime));
            if limit.entity != entity || limit == field || (offset.plus_minutes != 0 && !instants) {
                return None;
            }
            let to = Operand::Field { field: limit.field, offset: offset.negated() };
            let (op, when) = (backwards(op), Condition::default());
            RuleKind::Compare { entity, field: field.field, op, to, when, on_create: false }
        }
    })
}

/// The record's moment: the one that is named, else its start.
fn limit(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<FieldRef> {
    bound.field("b").or_else(|| {
        let start = span::of(reading.scope.lexicon, entity).map(|(start, _)| start);
        let field = start.or_else(|| one_time(reading, entity))?;
        Some(FieldRef { entity: entity.to_owned(), field })
    })
}

/// So far from when it is done, as precisely as the record's moment is told.
fn moment(reading: &Reading<'_>, limit: &FieldRef, offset: Offset) -> Option<Operand> {
    match reading.scope.kind(limit)? {
        FieldKind::Date if offset.plus_minutes == 0 => day(offset),
        FieldKind::DateTime if offset.plus == 0 && offset.plus_months == 0 => {
            Some(Operand::Now { plus_minutes: offset.plus_minutes })
        }
        FieldKind::DateTime => day(offset),
        _ => None,
    }
}
