//! Two values of an example that are told by the same figure: `received on 10 May ... the due date is 10 May or earlier` compares
//! the due date with the day of receipt, whatever the figure is.

use super::record_at;
use crate::criteria::Steps;
use crate::criteria::facts::Facts;
use crate::effect::{Effect, negated};
use crate::engine::Engine;
use crate::pattern::compare;
use crate::scope::{FieldRef, is_date};
use crate::token::Token;
use maestro_artifacts::{Condition, FieldKind, Offset, Op, Operand, RuleKind};

pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let topics: Vec<String> = facts.entities.iter().chain(&engine.topics).cloned().collect();
    let engine = &Engine { lexicon: engine.lexicon, topics };
    let (given, when) = (steps.given.as_slice(), steps.when.as_slice());
    let (_, parent) = record_at(engine, given, 0)?;
    let (field, value) = told(engine, given, &parent)?;
    let at = when.windows(value.len()).position(|part| part.iter().zip(value).all(|(a, b)| a.word == b.word))?;
    let (head, tail) = (when.get(..at)?, when.get(at + value.len()..)?);
    let (op, head) = match (head.split_last(), tail) {
        (Some((last, head)), []) if !last.quoted && compare(&last.word).is_some() => (compare(&last.word)?, head),
        (_, [more]) if more.is("orless") => (Op::Le, head),
        (_, [more]) if more.is("ormore") => (Op::Ge, head),
        _ => return None,
    };
    let own = compared(engine, facts, head, &parent)?;
    let kind = |field: &FieldRef| engine.lexicon.field(field).map(|named| &named.kind);
    let number = |kind: &FieldKind| matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    let (of, to) = (kind(&own)?, kind(&field)?);
    let moment = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::DateTime);
    if own == field || !(number(of) && number(to) || of == to && moment(of)) {
        return None;
    }
    let to = if own.entity == field.entity {
        Operand::field(field.field)
    } else {
        let via = engine.lexicon.reference(&own.entity, &field.entity)?;
        Operand::Referenced { via, field: field.field, offset: Offset::NONE }
    };
    Some(vec![Effect::Rule(RuleKind::Compare {
        entity: own.entity,
        field: own.field,
        op: negated(op),
        to,
        when: Condition::default(),
        on_create: false,
    })])
}

/// The one field of the record that the Given names with a value, and that value, with which it ends.
fn told<'t>(engine: &Engine<'_>, given: &'t [Token], parent: &str) -> Option<(FieldRef, &'t [Token])> {
    let scope = engine.scope(given);
    let (mut at, _) = record_at(engine, given, 0)?;
    while given
        .get(at)
        .is_some_and(|token| ["with", "have", "that", "whose", "be", "has"].iter().any(|word| token.is(word)))
    {
        at += 1;
    }
    let fields = scope.field_at(given, at).into_iter().filter(|(_, field)| field.entity == *parent);
    let (end, field) = fields.max_by_key(|(end, _)| *end)?;
    let leads = |token: &&Token| ["of", "be", "on", "="].iter().any(|word| token.is(word));
    let lead = given.get(end..)?.iter().take_while(leads).count();
    let value = given.get(end + lead..)?;
    let plain =
        |token: &Token| !token.quoted && (token.is_number() || is_date(&token.word) || super::said::month(token));
    (!value.is_empty() && value.len() <= 3 && value.iter().all(plain)).then_some((field, value))
}

/// The field that the When compares, where it says nothing else.
fn compared(engine: &Engine<'_>, facts: &Facts, head: &[Token], parent: &str) -> Option<FieldRef> {
    const PLAIN: &[&str] =
        &["it", "be", "with", "have", "of", "that", "day", "date", "time", "in", "for", "setto", "to"];
    let scope = engine.scope(head);
    let made = facts.entities.iter().find(|entity| engine.lexicon.reference(entity, parent).is_some());
    let fits = |field: &FieldRef| field.entity == parent || Some(&field.entity) == made;
    let mut found: Option<FieldRef> = None;
    let mut at = 0;
    while let Some(token) = head.get(at) {
        let field = scope.field_at(head, at).into_iter().filter(|(_, field)| fits(field)).max_by_key(|(end, _)| *end);
        let record = record_at(engine, head, at);
        match (field, record) {
            (Some((end, field)), record) if record.as_ref().is_none_or(|(longer, _)| *longer <= end) => {
                if found.replace(field).is_some() {
                    return None;
                }
                at = end;
            }
            (_, Some((end, of))) => {
                if of != parent && Some(&of) != made {
                    return None;
                }
                at = end;
            }
            _ => {
                let entity = made.map_or(parent, |made| made.as_str());
                if !PLAIN.iter().any(|word| token.is(word)) && !super::alike::acts(engine, entity, token) {
                    return None;
                }
                at += 1;
            }
        }
    }
    found
}
