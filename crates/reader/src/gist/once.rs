//! What may be there only once, however it is told: "an article can be entered only once per order", "for each machine there
//! can be only one inspection per day".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use crate::scope::FieldRef;
use crate::verbs;
use maestro_artifacts::{Condition, FieldKind, RuleKind};

const ONCE: &[&str] = &["once", "twice", "unique", "duplicate"];
/// Words around the demand that say nothing of what must differ.
const BESIDE: &[&str] = &[
    "only",
    "per",
    "within",
    "together",
    "combination",
    "time",
    "second",
    "use",
    "used",
    "exist",
    "occur",
    "appear",
    "contain",
    "enter",
    "entered",
    "record",
    "recorded",
    "add",
    "added",
    "make",
    "made",
    "give",
    "given",
    "list",
    "listed",
    "share",
    "must",
    "may",
    "mustnot",
    "mayonly",
    "no",
    "not",
    "more",
    "than",
    "as",
    "every",
    "each",
    "day",
    "date",
    "book",
    "booked",
    "between",
    "or",
    ">",
    "<=",
    "most",
    "sametime",
    "1",
    "2",
    "refused",
    "possible",
    "create",
    "created",
    "register",
    "registered",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    let named = parts.entities(&pieces);
    let said: Vec<&str> = pieces
        .iter()
        .filter(|piece| piece.is_word())
        .filter_map(|piece| parts.tokens.get(piece.at.start).map(|token| token.lemma.as_str()))
        .collect();
    let lexicon = parts.engine.lexicon;
    // What is told apart: the records that have, or refer to, all that is named.
    let holds = |of: &str| {
        let other = |entity: &String| entity == of || lexicon.reference(of, entity).is_some();
        let own = |field: &FieldRef| field.entity == of;
        named.iter().all(other)
            && pieces.iter().all(|piece| piece.entity.is_some() || piece.field.as_ref().is_none_or(own))
    };
    let mut kinds: Vec<&str> = lexicon.entities.iter().map(|named| named.key.as_str()).filter(|of| holds(of)).collect();
    // "The same machine cannot be inspected twice" tells of inspections.
    let by_verb =
        |of: &&str| said.iter().any(|verb| verbs::made_by(lexicon, verb).is_some_and(|named| named.key == **of));
    if kinds.iter().any(by_verb) {
        kinds.retain(by_verb);
    } else if named.iter().any(|entity| kinds.contains(&entity.as_str())) {
        kinds.retain(|of| named.iter().any(|entity| entity == of));
    } else if kinds.len() > 1 {
        kinds.retain(|of| said.iter().any(|verb| made(parts, of, verb)));
    }
    let [of] = kinds.as_slice() else { return None };
    let acts = |piece: &Piece| {
        parts
            .tokens
            .get(piece.at.start)
            .is_some_and(|token| made(parts, of, &token.lemma) || made(parts, of, &token.word))
    };
    let known: Vec<Piece> = pieces.iter().filter(|piece| !(piece.is_word() && acts(piece))).cloned().collect();
    let counted = |piece: &Piece| {
        piece
            .quantity
            .as_ref()
            .is_none_or(|quantity| matches!(quantity.value.as_str(), "1" | "2") && quantity.unit.is_none())
    };
    (parts.only(&known, &[ONCE, BESIDE]) && pieces.iter().all(|piece| counted(piece) && piece.states.is_empty()))
        .then_some(())?;
    single(parts, &pieces).then_some(())?;
    let mut fields: Vec<String> = Vec::new();
    for piece in &pieces {
        let field = match (&piece.field, &piece.entity) {
            (Some(field), _) if field.entity == **of => Some(field.field.clone()),
            (_, Some(entity)) if entity != of => Some(lexicon.reference(of, entity)?),
            (Some(_), None) => return None,
            _ => None,
        };
        if let Some(field) = field.filter(|field| !fields.contains(field)) {
            fields.push(field);
        }
    }
    if parts.has(&pieces, &["day", "date"]) {
        let days = lexicon.entity(of)?.fields.iter().filter(|field| field.kind == FieldKind::Date);
        let [day] = days.map(|field| field.key.clone()).collect::<Vec<_>>().try_into().ok()?;
        if !fields.contains(&day) {
            fields.push(day);
        }
    }
    // As the record lists them, however the sentence does.
    let order: Vec<&String> = lexicon.entity(of)?.fields.iter().map(|field| &field.key).collect();
    fields.sort_by_key(|field| order.iter().position(|key| *key == field));
    (!fields.is_empty()).then(|| {
        vec![Effect::Rule(RuleKind::Unique {
            entity: (*of).to_owned(),
            fields,
            when: Condition::default(),
            ignore_case: false,
        })]
    })
}

/// "A second time", "only one", "the same ... twice", "must be unique": one of these, and no "at least once".
fn single(parts: &Parts<'_>, pieces: &[Piece]) -> bool {
    let not = parts.has(pieces, &["mustnot", "no", "not", "refused"]);
    let only = parts.has(pieces, &["only", "mayonly", "<="]);
    let figure = |value: &str| {
        pieces.iter().any(|piece| piece.quantity.as_ref().is_some_and(|quantity| quantity.value == value))
            || parts.has(pieces, &[value])
    };
    let same = parts.tokens.iter().any(|token| token.is("same") || token.article == Some("same"));
    let every = parts.tokens.iter().any(|token| matches!(token.article, Some("every" | "each")));
    parts.has(pieces, &["unique"]) && !not
        || every && !not && parts.has(pieces, &["once"])
        || not && (parts.has(pieces, &["twice"]) || parts.has(pieces, &["once"]) && parts.has(pieces, &[">"]))
        || not && (same && figure("2") || parts.has(pieces, &["second"]))
        || only && !not && (parts.has(pieces, &["once"]) || figure("1"))
}

fn made(parts: &Parts<'_>, entity: &str, verb: &str) -> bool {
    verbs::made_by(parts.engine.lexicon, verb).is_some_and(|named| named.key == entity)
        || verbs::makes(parts.engine.lexicon, entity, verb)
}
