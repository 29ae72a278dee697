//! Sentences that say in other words what a rule of the epic holds by itself.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::normal;
use maestro_artifacts::RuleKind;

/// "A tenancy without an end date counts as running on indefinitely": what a rule against overlaps says of records that have
/// no end.
pub(super) fn open_ended(engine: &Engine<'_>, text: &str, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    const COUNTS: &[&str] =
        &["counts as", "count as", "be treated as", "be regarded as", "be considered", "be considered as", "be", ""];
    const ENDLESS: &[&str] = &[
        "running on indefinitely",
        "running on",
        "running indefinitely",
        "running without end",
        "running forever",
        "still running",
        "open-ended",
        "open ended",
        "endless",
        "unlimited",
        "never ending",
        "runs on indefinitely",
        "run on indefinitely",
        "runs indefinitely",
        "run indefinitely",
        "runs forever",
        "never ends",
        "never end",
    ];
    let said = normal::normalise(text, engine.lexicon);
    let scope = engine.scope(&said);
    let (end, entity) = scope.entity_at(&said, 0).into_iter().next()?;
    said.get(end).filter(|token| token.is("without"))?;
    let (stop, field) = scope.field_at(&said, end + 1).into_iter().find(|(_, field)| field.entity == entity)?;
    let rest = said.get(stop..)?.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ");
    let endless = COUNTS.iter().any(|counts| {
        let told = rest.strip_prefix(counts).map(str::trim_start);
        told.is_some_and(|told| ENDLESS.contains(&told.trim_end()))
    });
    let held = rules.iter().filter(|rule| {
        endless && matches!(rule, RuleKind::NoOverlap { entity: of, end, .. } if *of == entity && *end == field.field)
    });
    let effects: Vec<Effect> = held.cloned().map(Effect::Rule).collect();
    (!effects.is_empty()).then_some(effects)
}
