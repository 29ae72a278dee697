//! What goes when something is deleted, and what keeps it from being deleted, however it is told: "customers with orders and
//! machines with inspections cannot be deleted", "when an order is deleted, the system shall delete its lines".

use super::parts::{Parts, Piece};
use crate::effect::Effect;

const DELETE: &[&str] = &["delete", "deleted", "deleting", "deletion", "remove", "removed", "removing", "removal"];
const ALONG: &[&str] = &[
    "also",
    "too",
    "automatically",
    "along",
    "take",
    "disappear",
    "go",
    "if",
    "must",
    "as",
    "well",
    "together",
    "all",
];
const KEPT: &[&str] = &[
    "if",
    "or",
    "mustnot",
    "no",
    "not",
    "may",
    "must",
    "appear",
    "exist",
    "use",
    "used",
    "still",
    "long",
    "as",
    "any",
    "from",
    "unless",
    "refused",
    "prevent",
    "prevented",
    "impossible",
    "forbidden",
    "refer",
    "belong",
    "contain",
    "hold",
    "place",
    "another",
    "other",
    "least",
    "1",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    parts.has(&pieces, DELETE).then_some(())?;
    let named = |piece: &Piece| piece.quantity.is_none() || piece.quantity.as_ref().is_some_and(|one| one.value == "1");
    pieces.iter().all(named).then_some(())?;
    taken(parts, &pieces).or_else(|| kept(parts, &pieces))
}

/// "When a draft is deleted, its lines are deleted with it": what refers to a record goes with it.
fn taken(parts: &Parts<'_>, pieces: &[Piece]) -> Option<Vec<Effect>> {
    let lexicon = parts.engine.lexicon;
    parts.only(pieces, &[DELETE, ALONG]).then_some(())?;
    let mut named = parts.entities(pieces);
    // "A draft" is an order that is one.
    if let (1, Some(state)) = (named.len(), pieces.iter().find_map(|piece| piece.states.first())) {
        named.push(state.entity.clone());
    } else {
        pieces.iter().all(|piece| piece.states.is_empty()).then_some(())?;
    }
    let [a, b] = named.as_slice() else { return None };
    let (parent, child) = if lexicon.reference(b, a).is_some() { (a, b) } else { (b, a) };
    lexicon.reference(child, parent)?;
    let along = parts.count(pieces, DELETE) > 1
        || parts.has(pieces, &["with"]) && parts.has(pieces, &["take", "disappear", "go"]);
    along.then_some(())?;
    let (parent, child) = (parts.name(parent)?, lexicon.entity(child)?.plural.as_str());
    parts.told(&format!("When a {parent} is deleted, its {child} are deleted too"))
}

/// "A customer that has orders or payments cannot be deleted": as long as any of these refers to it.
fn kept(parts: &Parts<'_>, pieces: &[Piece]) -> Option<Vec<Effect>> {
    let lexicon = parts.engine.lexicon;
    let plain = pieces.iter().all(|piece| piece.states.is_empty() && (piece.field.is_none() || piece.entity.is_some()));
    (parts.only(pieces, &[DELETE, KEPT]) && plain).then_some(())?;
    let refuses = parts.count(pieces, &["mustnot", "refused", "prevent", "prevented", "impossible", "forbidden"]);
    let not = parts.count(pieces, &["no", "not"]);
    (refuses == 1 && not == 0 || refuses == 0 && not == 1 && parts.has(pieces, &["may"])).then_some(())?;
    let named = parts.entities(pieces);
    let mut pairs = by_their_own(parts, pieces);
    // "Machines in use cannot be deleted", "a speaker or a room in use": by whatever refers to them.
    let users = |of: &String| -> Vec<(String, String)> {
        let users = lexicon.entities.iter().filter(|user| lexicon.reference(&user.key, of).is_some());
        users.map(|user| (of.clone(), user.key.clone())).collect()
    };
    let apart = named.iter().all(|a| named.iter().all(|b| lexicon.reference(a, b).is_none()));
    if apart && parts.has(pieces, &["use", "used"]) {
        let used: Vec<Vec<(String, String)>> = named.iter().map(users).collect();
        used.iter().all(|users| !users.is_empty()).then_some(())?;
        pairs.extend(used.concat());
    }
    let told = !pairs.is_empty();
    let mut parent: Option<&String> = named.first().filter(|_| told);
    for entity in named.iter().filter(|_| !told) {
        // "If it appears on a loan": by the items that link the two.
        if let (Some(of), 2) = (parent, named.len())
            && let Some(link) = between(parts, of, entity)
        {
            pairs.push((of.clone(), link));
            continue;
        }
        match parent {
            Some(of) if lexicon.reference(entity, of).is_some() => pairs.push((of.clone(), entity.clone())),
            // "If there are orders for it, the machine cannot be deleted"
            Some(of) if named.len() == 2 && lexicon.reference(of, entity).is_some() => {
                pairs.push((entity.clone(), of.clone()))
            }
            Some(of) if !pairs.iter().any(|(parent, _)| parent == of) => return None,
            _ => parent = Some(entity),
        }
    }
    let last = parent.is_some_and(|of| pairs.iter().any(|(parent, child)| parent == of || child == of));
    (last && !pairs.is_empty()).then_some(())?;
    let told = pairs.iter().map(|(parent, child)| {
        let (parent, child) = (parts.name(parent)?, lexicon.entity(child)?.plural.as_str());
        parts.told(&format!("A {parent} with {child} cannot be deleted"))
    });
    Some(told.collect::<Option<Vec<_>>>()?.concat())
}

/// The one kind of record that refers to both of two that know nothing of each other.
fn between(parts: &Parts<'_>, a: &str, b: &str) -> Option<String> {
    let lexicon = parts.engine.lexicon;
    let refers = |from: &str, to: &str| !lexicon.references(from, to).is_empty();
    if refers(a, b) || refers(b, a) {
        return None;
    }
    let mut links = lexicon.entities.iter().filter(|named| refers(&named.key, a) && refers(&named.key, b));
    match (links.next(), links.next()) {
        (Some(link), None) => Some(link.key.clone()),
        _ => None,
    }
}

/// "Customers with orders and machines with inspections": each with what stands behind its `with`.
fn by_their_own(parts: &Parts<'_>, pieces: &[Piece]) -> Vec<(String, String)> {
    let lexicon = parts.engine.lexicon;
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut parent: Option<&String> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let Some(entity) = &piece.entity else { continue };
        let heads = pieces.get(at + 1).is_some_and(|next| parts.one_of(next, &["with", "that"]));
        match parent {
            _ if heads => parent = Some(entity),
            Some(of) if lexicon.reference(entity, of).is_some() => pairs.push((of.clone(), entity.clone())),
            _ => return Vec::new(),
        }
    }
    pairs
}
