//! Records of which nothing more may be made as they stand, where only one kind of record is made of them: "discontinued fabrics
//! cannot be used", "cleaners who are on leave cannot be planned".

use super::parts::{Parts, Piece};
use crate::effect::Effect;

const USE: &[&str] = &[
    "use",
    "used",
    "plan",
    "planned",
    "book",
    "booked",
    "assign",
    "assigned",
    "choose",
    "chosen",
    "select",
    "selected",
    "schedule",
    "scheduled",
    "hire",
    "hired",
    "rent",
    "rented",
    "order",
    "ordered",
    "borrow",
    "borrowed",
    "lend",
    "lent",
    "reserve",
    "reserved",
    "more",
    "any",
    "longer",
    "or",
    "mustnot",
    "still",
    "anymore",
    "again",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    let named = parts.entities(&pieces);
    let [parent] = named.as_slice() else { return None };
    let state = |piece: &Piece| piece.states.iter().find(|state| state.entity == *parent).cloned();
    let plain = |piece: &Piece| piece.is_word() || piece.entity.is_some() || state(piece).is_some();
    let sound = parts.only(&pieces, &[USE]) && pieces.iter().all(|piece| plain(piece) && piece.quantity.is_none());
    (sound && parts.count(&pieces, &["mustnot"]) == 1).then_some(())?;
    let states: Vec<_> = pieces.iter().filter_map(state).collect();
    let first = states.first()?;
    // One choice, and something other than a change of the record itself.
    let moving = parts.engine.lexicon.flow_field(parent).as_ref() == Some(&first.field);
    let changes = |piece: &Piece| {
        let token = parts.tokens.get(piece.at.start).filter(|_| piece.is_word());
        moving && token.is_some_and(|token| crate::verbs::state(parts.engine.lexicon, parent, &token.lemma).is_some())
    };
    (states.iter().all(|state| state.field == first.field) && !pieces.iter().any(changes)).then_some(())?;
    let lexicon = parts.engine.lexicon;
    let mut made = lexicon.entities.iter().filter(|of| lexicon.reference(&of.key, parent).is_some());
    let (child, None) = (made.next()?, made.next()) else { return None };
    let values: Vec<&str> = states.iter().map(|state| state.value.as_str()).collect();
    let (child, parent) = (&child.name, parts.name(parent)?);
    parts.told(&format!("A {child} cannot be created for a {parent} that is \"{}\"", values.join("\" or \"")))
}
