//! When something begins and ends, told of the record: "a job must end before the next inspection date of its van", "the delivery
//! lies between the first day and the last day".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::normal;
use crate::span;
use maestro_artifacts::{FieldKind, RuleKind};

/// How the beginning or the end of a record is told, and which of its moments that is.
const MOMENTS: &[(&str, bool)] = &[
    (" start ", false),
    (" begin ", false),
    (" end ", true),
    (" finish ", true),
    (" be over ", true),
    (" last beyond ", true),
    (" run beyond ", true),
    (" extend beyond ", true),
];
const MODALS: &[&str] = &[
    " must not",
    " may not",
    " cannot",
    " can't",
    " must never",
    " must",
    " has to",
    " may only",
    " can only",
    " shall not",
    " shall",
];

pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    MODALS.iter().find_map(|modal| {
        MOMENTS.iter().find_map(|(verb, ends)| {
            let (subject, rest) = text.split_once(&format!("{modal}{verb}"))?;
            let words = normal::normalise(subject, engine.lexicon);
            let (end, entity) = engine.scope(&words).entity_at(&words, 0).into_iter().next()?;
            (end == words.len()).then_some(())?;
            let (from, to) = span::of(engine.lexicon, &entity)?;
            let named = engine.lexicon.entity(&entity)?;
            let field = &named.field(if *ends { &to } else { &from })?.name;
            let beyond = if verb.ends_with("beyond ") { "after " } else { "" };
            let plain = format!("The {field} of a {}{modal} be {beyond}{rest}", named.name);
            let effects = engine.any_reading(&plain).ok()?;
            let compares =
                |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Compare { .. }) | Effect::UsedAs { .. });
            effects.iter().all(compares).then_some(effects)
        })
    })
}

const BESIDE: &[&str] = &[
    "between", "must", "lie", "lies", "fall", "or", "mustnot", "<", ">", "always", "within", "may", "only", "mayonly",
    "ormore",
];

/// "The delivery date lies between the first day and the last day", "must not be before the one or after the other".
pub(super) fn between(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    let plain = |piece: &Piece| piece.quantity.is_none() && (piece.states.is_empty() || piece.field.is_some());
    (parts.only(&pieces, &[BESIDE]) && pieces.iter().all(plain)).then_some(())?;
    let fields: Vec<_> =
        pieces.iter().filter_map(|piece| piece.field.as_ref()).filter(|field| !parts.refers(field)).collect();
    let [field, low, high] = fields.as_slice() else { return None };
    (fields.iter().all(|other| other.entity == field.entity) && field != low && low != high && field != high)
        .then_some(())?;
    let not = parts.has(&pieces, &["mustnot"]);
    let outside = parts.count(&pieces, &["<"]) == 1
        && (parts.count(&pieces, &[">"]) == 1 && parts.has(&pieces, &["or"]) || parts.has(&pieces, &["ormore"]));
    let inside = parts.has(&pieces, &["between"]) && !parts.has(&pieces, &["<", ">", "or"]);
    (not && outside || !not && inside).then_some(())?;
    let dated = matches!(parts.scope.kind(field)?, FieldKind::Date | FieldKind::DateTime);
    let (least, most) = if dated { ("not be before", "not be after") } else { ("be at least", "be at most") };
    let said: Vec<String> =
        pieces.iter().filter(|piece| piece.field.is_some()).map(|piece| parts.words(piece.at.clone())).collect();
    let [of, low, high] = said.as_slice() else { return None };
    let engine = Engine { lexicon: parts.engine.lexicon, topics: vec![field.entity.clone()] };
    let mut effects = engine.any_reading(&format!("The {of} must {least} the {low}")).ok()?;
    effects.extend(engine.any_reading(&format!("The {of} must {most} the {high}")).ok()?);
    Some(effects)
}
