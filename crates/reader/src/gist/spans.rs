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

/// What is said of a record that stays within the time of another, beside both.
const STAYS: &[&str] =
    &["lie", "be", "fall", "take", "place", "stay", "happen", "entirely", "completely", "fully", "wholly", "always"];
const TIMES: &[&str] =
    &["the", "its", "their", "of", "date", "day", "period", "duration", "time", "term", "span", "run", "range", "'s"];

/// "A loan must lie within the dates of its production": its beginning and its end do.
pub(super) fn inside(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let (head, tail) = text.trim_end().trim_end_matches('.').split_once(" within ")?;
    let (subject, verb) = [" must ", " has to ", " have to ", " shall ", " may only ", " can only "]
        .iter()
        .find_map(|modal| head.split_once(modal))?;
    verb.split(' ').all(|word| STAYS.contains(&word)).then_some(())?;
    let inner = only_record(engine, subject)?;
    let outer = only_record(engine, tail)?;
    let named = |key: &str| engine.lexicon.entity(key);
    let (inner, outer) = (named(&inner)?, named(&outer)?);
    engine.lexicon.reference(&inner.key, &outer.key)?;
    let of = |entity: &crate::lexicon::Named| {
        let (from, to) = span::of(engine.lexicon, &entity.key)?;
        Some((entity.field(&from)?.name.clone(), entity.field(&to)?.name.clone()))
    };
    let ((from, to), (first, last)) = (of(inner)?, of(outer)?);
    let (loan, whole) = (&inner.name, &outer.name);
    let mut effects =
        engine.any_reading(&format!("The {from} of a {loan} must not be before the {first} of its {whole}")).ok()?;
    effects
        .extend(engine.any_reading(&format!("The {to} of a {loan} must not be after the {last} of its {whole}")).ok()?);
    let compares = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Compare { .. }) | Effect::UsedAs { .. });
    effects.iter().all(compares).then_some(effects)
}

/// The one kind of record that is named, where nothing is beside it but that its time is meant.
fn only_record(engine: &Engine<'_>, text: &str) -> Option<String> {
    let words = normal::normalise(text, engine.lexicon);
    let scope = engine.scope(&words);
    let (mut at, mut found) = (0, None);
    while let Some(word) = words.get(at) {
        if let Some((end, entity)) = scope.entity_at(&words, at).into_iter().next() {
            if found.replace(entity).is_some() {
                return None;
            }
            at = end;
        } else if TIMES.contains(&word.word.as_str()) || TIMES.contains(&word.lemma.as_str()) {
            at += 1;
        } else {
            return None;
        }
    }
    found
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
