//! How many there have to be before something happens, and how many there may be of a day, however it is told: "a move needs at
//! least one item before it can be confirmed", "an operator shall not have more than 12 visits on the same planned date".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use maestro_artifacts::{Condition, FieldKind, RuleKind};

const CHANGE: &[&str] =
    &["set", "setto", "mark", "change", "move", "become", "go", "put", "as", "if", "<", "step", "status"];
const NEED: &[&str] = &["must", "need", "require", "mayonly", "only", "onlyif", "may", ">="];
const NOT: &[&str] = &["mustnot", "no", "not", "without", "unless", "refused", "any", "least", "1", "long", "as"];
const MOST: &[&str] = &[
    ">", "<=", "mustnot", "no", "not", "may", "must", "more", "than", "most", "per", "day", "date", "make", "take",
    "get", "every", "each", "assign", "assigned", "plan", "planned", "give", "given", "carry", "out", "within", "one",
    "1",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    parts.moving().iter().find_map(|entity| filled(parts, entity)).or_else(|| daily(parts))
}

/// "An order without lines cannot be confirmed": at least one of them has to be there.
fn filled(parts: &Parts<'_>, entity: &str) -> Option<Vec<Effect>> {
    let lexicon = parts.engine.lexicon;
    let flow = lexicon.flow_field(entity)?;
    let pieces = parts.pieces(Some(entity));
    let one = |piece: &Piece| piece.quantity.as_ref().is_none_or(|figure| figure.value == "1" && figure.unit.is_none());
    let plain = |piece: &Piece| piece.field.is_none() || piece.entity.is_some() || !piece.states.is_empty();
    (parts.only(&pieces, &[CHANGE, NEED, NOT]) && pieces.iter().all(|piece| one(piece) && plain(piece)))
        .then_some(())?;
    let mut named = parts.entities(&pieces);
    named.retain(|named| named != entity);
    let [child] = named.as_slice() else { return None };
    lexicon.reference(child, entity)?;
    let states: Vec<String> = pieces
        .iter()
        .flat_map(|piece| &piece.states)
        .filter(|state| state.entity == entity && state.field == flow)
        .map(|state| state.value.clone())
        .collect();
    let [to] = states.as_slice() else { return None };
    let refuses = parts.count(&pieces, &["mustnot", "refused"]);
    let lacks = parts.has(&pieces, &["without"]) || parts.count(&pieces, &["no", "not"]) == 1;
    let counts = parts.has(&pieces, &[">=", "least"]) || parts.has(&pieces, &["1"]);
    let needs = parts.has(&pieces, &["need", "require", "mayonly", "must"]) && counts && !lacks && refuses == 0;
    let unless = refuses == 1 && (lacks != parts.has(&pieces, &["unless"]));
    (needs || unless).then_some(())?;
    let (name, child) = (parts.name(entity)?, parts.name(child)?);
    parts.told(&format!("A {name} can only become \"{to}\" if it has at least one {child}"))
}

/// "No more than 12 visits of an operator on the same date": of those that have one date and one operator.
fn daily(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let lexicon = parts.engine.lexicon;
    let pieces = parts.pieces(None);
    let plain =
        |piece: &Piece| piece.states.is_empty() && (piece.quantity.as_ref().is_none_or(|figure| figure.unit.is_none()));
    (parts.only(&pieces, &[MOST]) && pieces.iter().all(plain)).then_some(())?;
    let not = parts.count(&pieces, &["mustnot", "no", "not"]);
    (parts.has(&pieces, &[">"]) && not == 1 || parts.has(&pieces, &["<="]) && not == 0).then_some(())?;
    let figures: Vec<u32> = pieces
        .iter()
        .filter_map(|piece| piece.quantity.as_ref()?.value.parse().ok())
        .filter(|most| *most > 1)
        .collect();
    let named = parts.entities(&pieces);
    let ([most], [a, b]) = (figures.as_slice(), named.as_slice()) else { return None };
    let (of, parent) = if lexicon.reference(a, b).is_some() { (a, b) } else { (b, a) };
    let via = lexicon.reference(of, parent)?;
    let named = lexicon.entity(of)?;
    let moment = |field: &&crate::lexicon::NamedField| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
    let told: Vec<&str> = pieces
        .iter()
        .filter(|piece| piece.entity.is_none())
        .filter_map(|piece| piece.field.as_ref())
        .filter(|field| !parts.refers(field))
        .map(|field| if field.entity == *of { field.field.as_str() } else { "" })
        .collect();
    let day = match told.as_slice() {
        [] if parts.has(&pieces, &["day", "date"]) => {
            let mut days = named.fields.iter().filter(moment);
            days.next().filter(|_| days.next().is_none())?.key.clone()
        }
        [key] => named.field(key).filter(|field| moment(field))?.key.clone(),
        _ => return None,
    };
    Some(vec![Effect::Rule(RuleKind::Quota {
        entity: of.clone(),
        by: vec![via, day],
        most: *most,
        when: Condition::default(),
    })])
}
