//! What a change of state needs, however it is told: "when an order is delivered, the delivery date must be entered", "an order
//! is only set to cancelled with a reason".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use maestro_artifacts::RuleKind;

/// How a change, a field that is filled in, and a demand are told.
const CHANGE: &[&str] = &[
    "set",
    "setto",
    "mark",
    "change",
    "move",
    "become",
    "go",
    "put",
    "as",
    "if",
    "<",
    ">",
    "after",
    "step",
    "transition",
    "move",
    "switch",
    "status",
    "state",
    "whoever",
    "every",
];
const FILLED: &[&str] = &[
    "have",
    "enter",
    "entered",
    "record",
    "recorded",
    "fill",
    "filled",
    "state",
    "stated",
    "give",
    "given",
    "giving",
    "provide",
    "provided",
    "know",
    "known",
    "specify",
    "specified",
    "note",
    "noted",
    "supply",
    "supplied",
    "accompany",
    "available",
    "present",
];
const DEMAND: &[&str] = &["must", "need", "require", "required", "mandatory", "necessary", "compulsory", "needed"];
const ALONE: &[&str] = &["only", "mayonly", "onlyif"];
const NOT: &[&str] = &["mustnot", "no", "not", "refused", "impossible"];
const LACK: &[&str] = &["without", "unless"];
const MAY: &[&str] = &["may"];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    parts.moving().iter().find_map(|entity| of(parts, entity))
}

fn of(parts: &Parts<'_>, entity: &str) -> Option<Vec<Effect>> {
    let lexicon = parts.engine.lexicon;
    let flow = lexicon.flow_field(entity)?;
    let pieces = parts.pieces(Some(entity));
    let own = |piece: &Piece| piece.entity.is_none() || piece.entity.as_deref() == Some(entity);
    let sound = parts.only(&pieces, &[CHANGE, FILLED, DEMAND, ALONE, NOT, LACK, MAY])
        && pieces.iter().all(|piece| piece.quantity.is_none() && own(piece));
    sound.then_some(())?;
    let (mut to, mut from, mut fields) = (Vec::new(), None, Vec::new());
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        let state = piece.states.iter().find(|state| state.entity == entity && state.field == flow);
        match (&piece.field, state) {
            (_, Some(state)) if before.is_some_and(|before| parts.one_of(before, &["from"])) => {
                from = Some(state.value.clone());
            }
            (_, Some(state)) => {
                // "Draft orders must have a reason" is said of all that are so, and no change.
                let described = pieces.get(at + 1).is_some_and(|next| next.entity.is_some());
                (!described && !to.contains(&state.value)).then(|| to.push(state.value.clone()))?;
            }
            (Some(field), None) if field.entity == entity && field.field != flow => {
                (!fields.contains(&field.field)).then(|| fields.push(field.field.clone()))?;
            }
            (Some(field), None) if field.field == flow => {}
            (Some(_), None) => return None,
            (None, None) => {}
        }
    }
    let begins = lexicon.entity(entity)?.flow.initial.as_ref().map(|(state, _)| state);
    let joined = parts.has(&pieces, &["or"]) && fields.len() > 1;
    (!to.is_empty() && !fields.is_empty() && !joined && !to.iter().any(|state| begins == Some(state))).then_some(())?;
    (demanded(parts, &pieces) && !compares(parts, &pieces)).then_some(())?;
    let rule = |to: String| {
        Effect::Rule(RuleKind::TransitionRequires {
            entity: entity.to_owned(),
            from: from.clone(),
            to,
            fields: fields.clone(),
        })
    };
    Some(to.into_iter().map(rule).collect())
}

/// "Must be entered", "not without", "only with": that it has to be there, and not that it must not.
fn demanded(parts: &Parts<'_>, pieces: &[Piece]) -> bool {
    let (not, lack) = (parts.count(pieces, NOT), parts.has(pieces, LACK));
    let when = parts.has(pieces, &["with", "if", "onlyif", ">", "after"]);
    match (not, lack) {
        (0, false) => parts.has(pieces, DEMAND) || parts.has(pieces, ALONE) && when,
        (1, true) => true,
        // "Must not be delivered before it is entered", and no "before it is delivered, it must not be entered".
        (1, false) => {
            let place = |words: &[&str]| pieces.iter().position(|piece| parts.one_of(piece, words));
            let field = pieces.iter().position(|piece| piece.field.is_some() && piece.states.is_empty());
            matches!((place(NOT), place(&["<"]), field), (Some(not), Some(before), Some(field)) if not < before && before < field)
        }
        _ => false,
    }
}

/// "The delivery must not be before the first day when the order is delivered": one field beside another, and nothing about
/// their being filled in.
fn compares(parts: &Parts<'_>, pieces: &[Piece]) -> bool {
    let field = |piece: &Piece| piece.field.is_some() && piece.states.is_empty();
    let signs =
        (1..pieces.len()).filter(|at| pieces.get(*at).is_some_and(|piece| parts.one_of(piece, &["<", ">", "after"])));
    signs.into_iter().any(|at| {
        pieces.get(at + 1).is_some_and(field) && pieces.get(..at).is_some_and(|before| before.iter().any(field))
    })
}
