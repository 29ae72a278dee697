//! Rules that an example shows by the figures that it names: as many as there are places, the same day twice, a day before
//! another. What the figures could also mean is not guessed.

use super::Steps;
use super::facts::{Act, Facts, Given};
use crate::engine::Engine;
use crate::scope::is_date;
use crate::span;
use crate::token::Token;
use maestro_artifacts::{Action, Condition, FieldKind, Measure, Offset, Op, Operand, RuleKind};

/// The rule, where the figures leave no choice.
pub(super) fn derive(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<RuleKind> {
    brimming(engine, facts, steps)
        .or_else(|| repeated(engine, facts, steps))
        .or_else(|| out_of_order(engine, facts))
        .or_else(|| off_today(facts, steps))
        .or_else(|| beyond(engine, facts, steps))
}

/// "Given a pitch with a maximum of 4 persons, when a stay with 5 persons is booked": one more than the record that it refers
/// to takes, or more than a number that is called a limit.
fn beyond(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<RuleKind> {
    const MOST: &[&str] = &["max", "maximum", "capacity", "seat", "place", "limit", "bed", "berth", "quota", "allowed"];
    const LEAST: &[&str] = &["min", "minimum", "least", "lowest"];
    let child = creates(facts)?;
    let numbers = [&steps.given, &steps.when].map(|part| part.iter().filter(|token| token.is_number()).count());
    let [one, other] = facts.values.as_slice() else { return None };
    let (own, limit) = if one.field.entity == *child { (one, other) } else { (other, one) };
    let via = engine.lexicon.reference(child, &limit.field.entity)?;
    let told = own.field.entity == *child
        && facts.when_fields.contains(&own.field)
        && !facts.when_fields.contains(&limit.field);
    if numbers != [1, 1] || !told || !facts.given_states.is_empty() || !facts.when_states.is_empty() {
        return None;
    }
    let kind = |given: &Given| engine.lexicon.field(&given.field).map(|named| &named.kind);
    let whole = |given: &Given| kind(given) == Some(&FieldKind::Integer);
    let same = whole(own) && whole(limit) || kind(own) == kind(limit) && kind(own) == Some(&FieldKind::Money);
    let words = &engine.lexicon.field(&limit.field)?.words;
    let called = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let (value, bound) = (own.value.parse::<f64>().ok()?, limit.value.parse::<f64>().ok()?);
    let next = whole(own) && (value - bound).abs() < 1.5;
    let op = match value.partial_cmp(&bound)? {
        std::cmp::Ordering::Greater if called(MOST) || next && !called(LEAST) => Op::Le,
        std::cmp::Ordering::Less if called(LEAST) => Op::Ge,
        _ => return None,
    };
    let (entity, field) = (own.field.entity.clone(), own.field.field.clone());
    let to = Operand::Referenced { via, field: limit.field.field.clone(), offset: Offset::NONE };
    same.then(|| RuleKind::Compare { entity, field, op, to, when: Condition::default(), on_create: false })
}

/// "Given today is 10 March, when an order is created with an order date of 11 March": a day to come, or one that is past.
fn off_today(facts: &Facts, steps: &Steps) -> Option<RuleKind> {
    let entity = creates(facts)?;
    let day = match steps.given.as_slice() {
        [today, be, day] if today.is("today") && be.is("be") && is_date(&day.word) => &day.word,
        _ => return None,
    };
    let mut dated = facts.values.iter().filter(|given| given.field.entity == *entity && is_date(&given.value));
    let (Some(one), None) = (dated.next(), dated.next()) else { return None };
    let op = match one.value.cmp(day) {
        std::cmp::Ordering::Greater => Op::Le,
        std::cmp::Ordering::Less => Op::Ge,
        std::cmp::Ordering::Equal => return None,
    };
    Some(RuleKind::Compare {
        entity: entity.clone(),
        field: one.field.field.clone(),
        op,
        to: Operand::today(),
        when: Condition::default(),
        on_create: op == Op::Ge,
    })
}

fn creates(facts: &Facts) -> Option<&String> {
    match facts.acts.first() {
        Some(Act::Do(entity, Action::Create)) => Some(entity),
        _ => None,
    }
}

/// "Given a master with 2 places who has 2 apprentices, when a third is added": as many as a number of the parent.
fn brimming(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<RuleKind> {
    let child = creates(facts)?;
    const MORE: &[&str] =
        &["other", "second", "third", "fourth", "fifth", "further", "additional", "more", "3rd", "4th"];
    if !facts.said(MORE) {
        return None;
    }
    let given = steps.given.as_slice();
    let scope = engine.scope(given);
    let counted = |at: usize| given.get(at).filter(|token| token.is_number()).map(|token| token.word.as_str());
    let is_child = |at: usize| scope.entity_at(given, at).iter().any(|(_, entity)| entity == child);
    let present: Vec<&str> = (0..given.len()).filter(|at| is_child(at + 1)).filter_map(counted).collect();
    let mut limits = (0..given.len()).filter_map(|at| {
        let number = counted(at)?;
        let (_, field) = scope.field_at(given, at + 1).into_iter().find(|(_, field)| {
            field.entity != *child && engine.lexicon.field(field).is_some_and(|named| named.kind == FieldKind::Integer)
        })?;
        let via = engine.lexicon.reference(child, &field.entity)?;
        present.contains(&number).then_some((field, via))
    });
    let (Some((field, via)), None) = (limits.next(), limits.next()) else { return None };
    Some(RuleKind::Capacity {
        parent: field.entity,
        child: child.clone(),
        via,
        measure: Measure::Count,
        op: Op::Le,
        limit: Operand::field(field.field),
        when: Condition::default(),
    })
}

/// "Given an apprentice with an entry for the week start 2024-03-04, when another entry for 2024-03-04 is saved": what has
/// the same value in both, together with whose it is.
fn repeated(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<RuleKind> {
    let entity = creates(facts)?;
    if !facts.said(&["other", "second", "again"]) {
        return None;
    }
    let own: Vec<&Given> = facts.values.iter().filter(|given| given.field.entity == *entity).collect();
    let others = |one: &Given| own.iter().filter(|other| other.field == one.field && other.value != one.value).count();
    // Where something differs, the example may be about just that.
    if own.iter().any(|one| others(one) > 0) {
        return None;
    }
    let twice = |one: &&&Given| own.iter().filter(|other| other.field == one.field).count() > 1;
    let mut fields: Vec<String> = own.iter().filter(twice).map(|one| one.field.field.clone()).collect();
    fields.sort();
    fields.dedup();
    if fields.is_empty() {
        return None;
    }
    let speaks = |part: &[Token], of: &String| engine.scope(part).mentioned(part).contains(of);
    let whose = facts.entities.iter().filter(|of| speaks(&steps.given, of) && speaks(&steps.when, of));
    let mut all: Vec<String> = whose.filter_map(|of| engine.lexicon.reference(entity, of)).collect();
    all.retain(|via| !fields.contains(via));
    all.extend(fields);
    Some(RuleKind::Unique { entity: entity.clone(), fields: all, when: Condition::default(), ignore_case: false })
}

/// "Given an apprentice whose start date is 2024-09-01, when an entry with week start 2024-08-26 is saved": a day that is
/// before one of the record that is referred to; or an end before its start.
fn out_of_order(engine: &Engine<'_>, facts: &Facts) -> Option<RuleKind> {
    let dated: Vec<&Given> = facts.values.iter().filter(|given| is_date(&given.value)).collect();
    let [a, b] = dated.as_slice() else { return None };
    let compare = |one: &Given, op: Op, to: Operand| RuleKind::Compare {
        entity: one.field.entity.clone(),
        field: one.field.field.clone(),
        op,
        to,
        when: Condition::default(),
        on_create: false,
    };
    if a.field.entity == b.field.entity {
        let (start, end) = span::of(engine.lexicon, &a.field.entity)?;
        let (from, to) = if a.field.field == start { (a, b) } else { (b, a) };
        let reversed = from.field.field == start && to.field.field == end && to.value < from.value;
        return reversed.then(|| compare(to, Op::Ge, Operand::field(start)));
    }
    let [(own, other, via)] = [(a, b), (b, a)]
        .into_iter()
        .filter_map(|(own, other)| {
            Some((own, other, engine.lexicon.reference(&own.field.entity, &other.field.entity)?))
        })
        .collect::<Vec<_>>()
        .try_into()
        .ok()?;
    let op = if own.value < other.value { Op::Ge } else { Op::Le };
    let to = Operand::Referenced { via, field: other.field.field.clone(), offset: Offset::NONE };
    (own.value != other.value && facts.when_fields.contains(&own.field)).then(|| compare(own, op, to))
}
