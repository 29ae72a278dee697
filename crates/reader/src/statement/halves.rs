//! Sentences that a semicolon joins: "It has a start and an end; the end is optional but must not be before the start".

use super::subject::spoken_of;
use super::{Outcome, continued, one};
use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use maestro_artifacts::RuleKind;
use maestro_domain::{Epic, Statement};

/// Words that hang on what goes before.
const HANGING: &[&str] =
    &["but", "or", "unless", "except", "otherwise", "else", "only", "not", "if", "so", "because", "then"];

/// What each of them says; the later ones may go on about what the first speaks of. With `gap` where one of them is not
/// understood: what the others tell of kinds of records and their fields is kept, as the rest may need it.
pub(super) fn read(engine: &Engine<'_>, epic: &Epic, statement: &Statement, gap: &Gap) -> Option<Outcome> {
    let parts = apart(&statement.text)?;
    let mut missed = false;
    let mut topics = engine.topics.clone();
    let mut effects: Vec<Effect> = Vec::new();
    for part in parts {
        let part = Statement { text: crate::words::capitalised(part), ..statement.clone() };
        let inner = Engine { lexicon: engine.lexicon, topics: topics.clone() };
        let before = Outcome { effects: effects.clone(), ..Outcome::default() };
        let goes_on = || continued(&inner, &part, std::slice::from_ref(&before)).filter(|_| !effects.is_empty());
        let alone = one(&inner, epic, &part);
        let told = if alone.gap.is_none() { Some(alone) } else { goes_on() };
        // "A bike has a tag and a price; it is required": which of them is not said.
        let fields = effects.iter().filter(|effect| matches!(effect, Effect::Field { .. })).count();
        let named = effects.iter().filter(|effect| matches!(effect, Effect::Rule(RuleKind::HasField { .. }))).count();
        let pronoun =
            part.text.split(' ').next().is_some_and(|first| matches!(first, "It" | "They" | "This" | "These"));
        if pronoun && (fields > 1 || named > 1) {
            return None;
        }
        let Some(told) = told.filter(|told| told.gap.is_none()) else {
            missed = true;
            continue;
        };
        if let Some(entity) = spoken_of(&inner, &part) {
            topics.retain(|topic| *topic != entity);
            topics.insert(0, entity);
        }
        effects.extend(told.effects);
    }
    let made = |effect: &Effect| {
        matches!(effect, Effect::Entity { .. } | Effect::Field { .. } | Effect::Rule(RuleKind::HasField { .. }))
    };
    if missed {
        effects.retain(made);
        return (!effects.is_empty()).then(|| Outcome { effects, gap: Some(gap.clone()), ..Outcome::default() });
    }
    Some(Outcome { effects, ..Outcome::default() })
}

/// The sentences, where each can stand by itself.
fn apart(text: &str) -> Option<Vec<&str>> {
    let body = text.trim().trim_end_matches('.');
    let mut parts = Vec::new();
    let (mut from, mut depth) = (0, 0_i32);
    for (at, c) in body.char_indices() {
        depth += match c {
            '(' | '[' => 1,
            ')' | ']' => -1,
            _ => 0,
        };
        if c == ';' && depth == 0 {
            parts.push(body.get(from..at)?.trim());
            from = at + 1;
        }
    }
    parts.push(body.get(from..)?.trim());
    let stands = |part: &&str| {
        let first = part.split(' ').next().unwrap_or_default().to_lowercase();
        part.split(' ').count() >= 3 && !HANGING.contains(&first.as_str())
    };
    (parts.len() > 1 && parts.iter().all(stands)).then_some(parts)
}
