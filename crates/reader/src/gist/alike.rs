//! References that must lead to the same record, however it is told: "the payer of a payment must be the customer of its
//! order", "the eye test of an order must belong to the same customer as the order".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, Offset, Op, Operand, RuleKind};

const BESIDE: &[&str] = &[
    "must",
    "as",
    "same",
    "equal",
    "identical",
    "=",
    "belong",
    "come",
    "from",
    "match",
    "may",
    "only",
    "mayonly",
    "concern",
    "refer",
    "always",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    let named = |piece: &Piece| piece.quantity.is_none() && piece.states.is_empty();
    (parts.only(&pieces, &[BESIDE]) && pieces.iter().all(named)).then_some(())?;
    parts.has(&pieces, &["must", "mayonly"]).then_some(())?;
    same_value(parts, &pieces).or_else(|| same_owner(parts, &pieces))
}

/// "The payer must be the customer of the order": two references of the same kind, one of them of a record referred to.
fn same_value(parts: &Parts<'_>, pieces: &[Piece]) -> Option<Vec<Effect>> {
    let fields: Vec<&FieldRef> =
        pieces.iter().filter_map(|piece| piece.field.as_ref().filter(|field| parts.refers(field))).collect();
    let [own, other] = fields.as_slice() else { return None };
    let lexicon = parts.engine.lexicon;
    (own.entity != other.entity && parts.scope.target(own) == parts.scope.target(other)).then_some(())?;
    let (own, other) =
        if lexicon.reference(&own.entity, &other.entity).is_some() { (own, other) } else { (other, own) };
    let strangers = parts.entities(pieces);
    let concerned = |entity: &String| {
        *entity == own.entity || *entity == other.entity || parts.scope.target(own) == Some(entity.as_str())
    };
    strangers.iter().all(concerned).then_some(())?;
    equal(own, lexicon.reference(&own.entity, &other.entity)?, &other.field)
}

/// "The eye test of an order must belong to the same customer as the order": what both refer to.
fn same_owner(parts: &Parts<'_>, pieces: &[Piece]) -> Option<Vec<Effect>> {
    let lexicon = parts.engine.lexicon;
    let same = parts.tokens.iter().position(|token| token.is("same") || token.article == Some("same"))?;
    let owner = pieces.iter().filter(|piece| piece.at.end > same).find_map(|piece| piece.entity.clone())?;
    let mut named = parts.entities(pieces);
    named.retain(|entity| *entity != owner);
    let [a, b] = named.as_slice() else { return None };
    let (of, through) = if lexicon.reference(a, b).is_some() { (a, b) } else { (b, a) };
    let via = lexicon.reference(of, through)?;
    let field = FieldRef { entity: of.clone(), field: lexicon.reference(of, &owner)? };
    equal(&field, via, &lexicon.reference(through, &owner)?)
}

fn equal(own: &FieldRef, via: String, field: &str) -> Option<Vec<Effect>> {
    Some(vec![Effect::Rule(RuleKind::Compare {
        entity: own.entity.clone(),
        field: own.field.clone(),
        op: Op::Eq,
        to: Operand::Referenced { via, field: field.to_owned(), offset: Offset::NONE },
        when: Condition::default(),
        on_create: false,
    })])
}
