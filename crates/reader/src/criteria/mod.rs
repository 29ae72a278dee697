//! Acceptance criteria: plain sentences, and Given/When/Then mapped to the rules that they show at work.

use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use maestro_artifacts::RuleKind;
use maestro_domain::Statement;

/// Reads one criterion. `rules` are those that the other statements demand.
pub(crate) fn read(
    engine: &Engine<'_>,
    text: &str,
    _rules: &[RuleKind],
    _story: Option<&Statement>,
) -> Result<Vec<Effect>, Gap> {
    engine.sentence(text)
}
