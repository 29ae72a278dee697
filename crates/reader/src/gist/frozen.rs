//! What must stay as it is, however it is told: "neither completed nor cancelled moves can be altered any more", "while a matter
//! is closed, nothing in it may be changed".

use super::parts::{Parts, Piece};
use crate::effect::Effect;

const CHANGE: &[&str] = &[
    "change", "changed", "alter", "altered", "edit", "edited", "modify", "modified", "amend", "amended", "update",
    "updated", "touch",
];
const NOT: &[&str] = &["mustnot", "no", "not", "nothing", "neither", "never", "nobody"];
const BESIDE: &[&str] = &[
    "if",
    "or",
    "nor",
    "may",
    "must",
    "any",
    "more",
    "longer",
    "anymore",
    "about",
    "long",
    "as",
    "again",
    "later",
    "after",
    ">",
    "further",
    "way",
    "every",
    "anything",
    "all",
    "everything",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let entities = parts.moving();
    let entity = entities.first()?;
    let flow = parts.engine.lexicon.flow_field(entity)?;
    let pieces = parts.pieces(None);
    let state = |piece: &Piece| {
        piece
            .states
            .iter()
            .find(|state| state.entity == *entity && state.field == flow)
            .map(|state| state.value.clone())
    };
    let own = |piece: &Piece| {
        piece.is_word() || piece.entity.as_ref() == Some(entity) || state(piece).is_some() && piece.quantity.is_none()
    };
    let negated = parts.count(&pieces, &["mustnot", "nothing", "never"]) == 1
        || parts.count(&pieces, &["neither", "no", "not", "nobody"]) == 1 && parts.has(&pieces, &["may"]);
    let sound = parts.only(&pieces, &[CHANGE, NOT, BESIDE]) && pieces.iter().all(own) && negated;
    (sound && parts.has(&pieces, CHANGE)).then_some(())?;
    let states: Vec<String> = pieces.iter().filter_map(state).collect();
    (!states.is_empty()).then_some(())?;
    let plural = &parts.engine.lexicon.entity(entity)?.plural;
    parts.told(&format!("{plural} that are \"{}\" cannot be changed", states.join("\" or \"")))
}
