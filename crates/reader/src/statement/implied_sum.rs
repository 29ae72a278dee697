//! "The paid amount of an order is the sum of its payments", of payments that have one amount: the sum of their amounts.

use crate::engine::Engine;
use crate::lexicon::{Named, NamedField};
use crate::normal;
use maestro_artifacts::FieldKind;
use maestro_domain::Statement;

const SUMS: &[&str] = &["the sum of ", "the total of "];
const WHOSE: &[&str] = &["all of its ", "all its ", "its ", "all the ", "all ", "the ", "their "];

/// The statement with the field named of which the sum is.
pub(super) fn spelled_out(engine: &Engine<'_>, statement: &Statement) -> Option<Statement> {
    let text = &statement.text;
    let (at, sum) = SUMS.iter().find_map(|sum| Some((text.find(sum)?, *sum)))?;
    let behind = text.get(at + sum.len()..)?;
    let whose = WHOSE.iter().find(|whose| behind.starts_with(**whose))?;
    let words = normal::normalise(behind.strip_prefix(*whose)?, engine.lexicon);
    let scope = engine.scope(&words);
    let (end, child) = scope.entity_at(&words, 0).into_iter().next()?;
    // "The sum of the exposure times of its exposures" names the field itself.
    let last = words.get(end - 1).is_some_and(|token| token.word != token.lemma);
    (last && scope.field_at(&words, 0).iter().all(|(longer, _)| *longer <= end)).then_some(())?;
    let named = engine.lexicon.entity(&child)?;
    let field = only(named, |kind| *kind == FieldKind::Money)
        .or_else(|| only(named, |kind| matches!(kind, FieldKind::Integer | FieldKind::Decimal)))?;
    let text = format!("{}the sum of the {}s of {behind}", text.get(..at)?, field.name);
    Some(Statement { text, ..statement.clone() })
}

/// The one field of such a type, unless it is a price a piece: that adds up to nothing.
fn only(named: &Named, fits: impl Fn(&FieldKind) -> bool) -> Option<&NamedField> {
    let rate = |field: &NamedField| field.words.iter().any(|word| matches!(word.as_str(), "price" | "rate" | "per"));
    let mut fields = named.fields.iter().filter(|field| fits(&field.kind));
    match (fields.next(), fields.next()) {
        (Some(one), None) if !rate(one) => Some(one),
        _ => None,
    }
}
