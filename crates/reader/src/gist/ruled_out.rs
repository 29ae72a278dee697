//! Values that no record may have, of those that its field could have: "the condition of an item must not be poor", "the system
//! shall reject an item whose condition is poor".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use maestro_artifacts::{Condition, Moment, RuleKind, Test};
use serde_json::Value;

const REFUSED: &[&str] = &["refuse", "refused", "reject", "rejected", "decline", "declined", "mustnot"];
const BESIDE: &[&str] = &[
    "accept", "accepted", "allow", "allowed", "take", "taken", "save", "saved", "whose", "that", "have", "with", "or",
    "if",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    let plain = |piece: &Piece| piece.quantity.is_none();
    (parts.only(&pieces, &[REFUSED, BESIDE]) && pieces.iter().all(plain) && parts.count(&pieces, REFUSED) == 1)
        .then_some(())?;
    let mut named = parts.entities(&pieces);
    if named.is_empty() {
        // "The condition of an item" is the field of one.
        named.extend(pieces.iter().find_map(|piece| piece.field.as_ref()).map(|field| field.entity.clone()));
    }
    let [entity] = named.as_slice() else { return None };
    let flow = parts.engine.lexicon.flow_field(entity);
    let (mut field, mut values) = (None, Vec::new());
    for piece in &pieces {
        if let Some(state) = piece.states.iter().find(|state| state.entity == *entity) {
            // What a record comes to is told by the ways between its states.
            (flow.as_ref() != Some(&state.field) && *field.get_or_insert(&state.field) == &state.field).then_some(())?;
            values.push(Value::from(state.value.clone()));
        } else if let Some(of) = &piece.field {
            (of.entity == *entity && *field.get_or_insert(&of.field) == &of.field).then_some(())?;
        }
    }
    let field = field.filter(|_| !values.is_empty())?.clone();
    let condition = Condition(vec![Test::NotIn { via: None, field, values }]);
    Some(vec![Effect::Rule(RuleKind::Requires { entity: entity.clone(), at: Moment::Save, condition })])
}
