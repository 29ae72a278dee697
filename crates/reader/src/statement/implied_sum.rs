//! "The paid amount of an order is the sum of its payments", of payments that have one amount: the sum of their amounts.

use crate::engine::Engine;
use crate::gist::sums;
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
    let field =
        sums::measured(named, &FieldKind::Money, None).or_else(|| sums::measured(named, &FieldKind::Decimal, None))?;
    let text = format!("{}the sum of the {}s of {behind}", text.get(..at)?, field.name);
    Some(Statement { text, ..statement.clone() })
}
