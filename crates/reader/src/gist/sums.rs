//! Sums of what refers to a record, and their limits, however they are told: "the payments of an order must not exceed its
//! budget", "the lines of an order may not add up to more than 2000 kilograms".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{Named, NamedField};
use crate::normal;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, FieldKind, Measure, Op, Operand, RuleKind};

const ADDED: &[&str] = &["sum", "total", "together", "altogether", "combined", "up", "add"];
const BESIDE: &[&str] = &[
    "amount", "exceed", "more", "than", "higher", "greater", "mustnot", "must", "may", "no", "not", ">", "<=", "<",
    "if", "cost", "weigh", "last", "take", "can", "all", "receive", "limit",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    (parts.only(&pieces, &[ADDED, BESIDE])
        && pieces.iter().all(|piece| piece.states.is_empty() || piece.field.is_some()))
    .then_some(())?;
    let op = limiting(parts, &pieces)?;
    // What is added up stands before the bound, the bound behind it.
    let bound = pieces.iter().rposition(|piece| parts.one_of(piece, &[">", "<=", "exceed", "<"]))?;
    let (added, limit) = (pieces.get(..bound)?, pieces.get(bound + 1..)?);
    let named = parts.entities(added);
    let lexicon = parts.engine.lexicon;
    let child = named.iter().find(|child| {
        plural(parts, added, child) && named.iter().all(|of| of == *child || lexicon.reference(child, of).is_some())
    })?;
    let others: Vec<&String> = named.iter().filter(|of| *of != child).collect();
    let fields: Vec<&FieldRef> =
        added.iter().filter_map(|piece| piece.field.as_ref()).filter(|field| !parts.refers(field)).collect();
    let parent = match others.as_slice() {
        [] => limit_owner(parts, limit)?,
        [parent] => (*parent).clone(),
        _ => return None,
    };
    let via = lexicon.reference(child, &parent)?;
    let (operand, kind, unit) = limit_of(parts, limit, &parent)?;
    let field = match fields.as_slice() {
        [] => measured(lexicon.entity(child)?, &kind, unit.as_deref())?.key.clone(),
        [one] if one.entity == *child => one.field.clone(),
        _ => return None,
    };
    Some(vec![Effect::Rule(RuleKind::Capacity {
        parent,
        child: child.clone(),
        via,
        measure: Measure::Sum { field },
        op,
        limit: operand,
        when: Condition::default(),
    })])
}

/// "Must not be more than", "at most": an upper bound.
fn limiting(parts: &Parts<'_>, pieces: &[Piece]) -> Option<Op> {
    let not = parts.count(pieces, &["mustnot", "no", "not"]);
    let above = parts.count(pieces, &[">", "exceed"]);
    let most = parts.count(pieces, &["<="]);
    let below = parts.count(pieces, &["<"]);
    match (not, above, most, below) {
        (1, 1, 0, 0) | (0, 0, 1, 0) => Some(Op::Le),
        (0, 0, 0, 1) => Some(Op::Lt),
        _ => None,
    }
}

/// Whether several of these are spoken of: "the payments", "a payment" is but one.
fn plural(parts: &Parts<'_>, pieces: &[Piece], entity: &str) -> bool {
    pieces.iter().filter(|piece| piece.entity.as_deref() == Some(entity)).any(|piece| {
        let last = piece.at.end.checked_sub(1).and_then(|last| parts.tokens.get(last));
        last.is_some_and(|token| token.word != token.lemma)
    })
}

/// "The payments must not exceed the budget of the order": whose field bounds them.
fn limit_owner(parts: &Parts<'_>, limit: &[Piece]) -> Option<String> {
    let mut owners = limit.iter().filter_map(|piece| piece.field.as_ref()).filter(|field| !parts.refers(field));
    match (owners.next(), owners.next()) {
        (Some(field), None) => Some(field.entity.clone()),
        _ => None,
    }
}

/// The bound: a figure, a field of the parent, or one of a record that the parent refers to.
fn limit_of(parts: &Parts<'_>, limit: &[Piece], parent: &str) -> Option<(Operand, FieldKind, Option<String>)> {
    let fields: Vec<&FieldRef> =
        limit.iter().filter_map(|piece| piece.field.as_ref()).filter(|field| !parts.refers(field)).collect();
    let figures: Vec<_> = limit.iter().filter_map(|piece| piece.quantity.as_ref()).collect();
    let lexicon = parts.engine.lexicon;
    let stranger = |entity: &String| entity != parent && lexicon.reference(parent, entity).is_none();
    if parts.entities(limit).iter().any(stranger) {
        return None;
    }
    match (fields.as_slice(), figures.as_slice()) {
        ([field], []) => {
            let kind = parts.scope.kind(field)?.clone();
            matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money).then_some(())?;
            let unit = lexicon.field(field)?.unit.iter().next().cloned();
            if field.entity == parent {
                return Some((Operand::field(field.field.clone()), kind, unit));
            }
            let via = lexicon.reference(parent, &field.entity)?;
            let operand =
                Operand::Referenced { via, field: field.field.clone(), offset: maestro_artifacts::Offset::NONE };
            Some((operand, kind, unit))
        }
        ([], [figure]) => {
            let whole = figure.value.parse::<i64>().ok()?;
            let value = serde_json::Value::from(whole);
            Some((Operand::Value { value }, FieldKind::Decimal, figure.unit.clone()))
        }
        _ => None,
    }
}

/// The one field of these records that can be added up to such a bound: of what is measured in the same unit, or of all
/// that are numbers.
pub(crate) fn measured<'a>(child: &'a Named, kind: &FieldKind, unit: Option<&str>) -> Option<&'a NamedField> {
    let fits = |of: &FieldKind| match kind {
        FieldKind::Money => *of == FieldKind::Money,
        _ => matches!(of, FieldKind::Integer | FieldKind::Decimal),
    };
    // A price per piece adds up to nothing.
    let rate = |field: &NamedField| field.words.iter().any(|word| matches!(word.as_str(), "price" | "rate" | "per"));
    let alike = |field: &&NamedField| unit.is_none() || field.unit.is_none() || field.unit.as_deref() == unit;
    let mut fields = child.fields.iter().filter(|field| fits(&field.kind)).filter(alike);
    match (fields.next(), fields.next()) {
        (Some(one), None) if !rate(one) => Some(one),
        _ => None,
    }
}

/// "The cleaning costs of a costume may not exceed its price": what all cleanings of one cost.
pub(super) fn of_children(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let told = text.trim_start().strip_prefix("The ").unwrap_or(text);
    let (measure, rest) = told.split_once(" of a ").or_else(|| told.split_once(" of an "))?;
    // "The loan fee of a costume" may be that of each loan.
    measure.ends_with('s').then_some(())?;
    let words = normal::normalise(measure, engine.lexicon);
    let scope = engine.scope(&words);
    let (end, child) = scope.entity_at(&words, 0).into_iter().next()?;
    let own = scope.field_at(&words, end).into_iter().find(|(to, field)| *to == words.len() && field.entity == child);
    let field = own.map(|(_, field)| field).or_else(|| {
        let named =
            engine.lexicon.entity(&child)?.find(words.last().filter(|_| end + 1 == words.len())?.lemma.as_str())?;
        Some(FieldRef { entity: child.clone(), field: named.key.clone() })
    })?;
    let amount = matches!(scope.kind(&field), Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money));
    let after = normal::normalise(rest, engine.lexicon);
    let (_, parent) = engine.scope(&after).entity_at(&after, 0).into_iter().next()?;
    engine.lexicon.reference(&child, &parent).filter(|_| amount)?;
    // A field of its own that is called so is no sum.
    let called = |named: &Named| named.find(measure).is_some();
    (!engine.lexicon.entity(&parent).is_some_and(called)).then_some(())?;
    let of = engine.lexicon.entity(&child)?;
    let name = &of.field(&field.field)?.name;
    engine.any_reading(&format!("The total {name} of all {} of a {rest}", of.plural)).ok()
}
