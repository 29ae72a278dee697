//! What is worked out, in other words around the formula: "the amount equals quantity times price", "the number of days is
//! counted from the first day to the last day".

use crate::effect::Effect;
use crate::engine::Engine;
use maestro_artifacts::RuleKind;

pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let told = text.trim().trim_end_matches('.');
    let plain = counted(told).unwrap_or_else(|| told.to_owned());
    let plain = plain.replacen(" equals ", " is ", 1).replacen(" is equal to ", " is ", 1);
    if plain == told {
        return None;
    }
    let effects = engine.any_reading(&plain).ok()?;
    let computed = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Computed { .. }));
    let beside = |effect: &Effect| matches!(effect, Effect::Field { .. } | Effect::UsedAs { .. });
    (effects.iter().any(computed) && effects.iter().all(|effect| computed(effect) || beside(effect))).then_some(effects)
}

/// "The number of days of a hire is counted from the collection date to the return date".
fn counted(text: &str) -> Option<String> {
    let (name, span) = [" is counted from ", " are counted from ", " runs from ", " is measured from "]
        .iter()
        .find_map(|verb| text.split_once(verb))?;
    let (from, to) = span.split_once(" to ")?;
    let unit = ["days", "nights", "hours", "minutes"].iter().find(|unit| name.contains(**unit))?;
    Some(format!("{name} is the number of {unit} from {from} to {to}"))
}
