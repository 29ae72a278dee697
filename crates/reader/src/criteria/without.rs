//! What a change needs that no list of fields names: `sets it to called off without a reason`, which is refused, beside a scenario
//! that does the same with a reason, and succeeds. Neither of the two alone names a field.

use super::facts::{Act, Facts};
use super::refused::blamed;
use super::{Steps, dates, outcome, scenario, split};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::keys;
use crate::normal;
use maestro_artifacts::{Action, RuleKind};

/// The field that the change needs, by the scenario and those beside it.
pub(crate) fn read<'t>(engine: &Engine<'_>, text: &str, beside: impl Iterator<Item = &'t str>) -> Option<Vec<Effect>> {
    let steps = steps(engine, text)?;
    let name = left_out(steps.texts.get(1)?)?;
    let (refused, entity, to) = changed(engine, &steps)?;
    let facts = Facts::of(engine, &steps, None);
    let bare = facts.missing.is_empty() && facts.values.is_empty() && !blamed(&steps);
    if !refused || !bare || scenario::barred(engine, &facts, &steps, &entity, &to) {
        return None;
    }
    let given = ["a", "an", "the", "its", "some"].map(|article| format!(" with {article} {name}"));
    let shown = |other: &str| {
        let Some(steps) = self::steps(engine, other) else { return false };
        let when = steps.texts.get(1).map(|when| format!("{} ", when.to_lowercase())).unwrap_or_default();
        given.iter().any(|given| when.contains(&format!("{given} ")))
            && changed(engine, &steps) == Some((false, entity.clone(), to.clone()))
    };
    let mut beside = beside;
    let named = engine.lexicon.entity(&entity)?;
    (named.find(&name).is_none() && beside.any(shown)).then(|| {
        let fields = vec![keys::snake(&name)];
        vec![
            Effect::Field { entity: named.name.clone(), name: name.clone(), kind: None, read_only: false },
            Effect::Rule(RuleKind::TransitionRequires { entity, from: None, to, fields }),
        ]
    })
}

fn steps(engine: &Engine<'_>, text: &str) -> Option<Steps> {
    let [(given, when, then)] = split(&dates::in_digits(text)).try_into().ok()?;
    Some(Steps {
        given: normal::normalise(&given, engine.lexicon),
        when: normal::normalise(&when, engine.lexicon),
        then: normal::normalise(&then, engine.lexicon),
        texts: [given, when, then],
        ..Steps::default()
    })
}

/// Whether the one change that the When makes is refused, of which kind of record, and to which state it leads.
fn changed(engine: &Engine<'_>, steps: &Steps) -> Option<(bool, String, String)> {
    let facts = Facts::of(engine, steps, None);
    let moved = |act: &&Act| matches!(act, Act::Move(..));
    let (mut moves, others): (Vec<&Act>, Vec<&Act>) = facts.acts.iter().partition(moved);
    let (Some(Act::Move(entity, to)), true) = (moves.pop(), moves.is_empty()) else { return None };
    // "But no report is entered" makes nothing.
    let entered = |act: &&Act| matches!(act, Act::Do(of, Action::Create | Action::Update) if of == entity);
    others.iter().all(entered).then_some(())?;
    Some((outcome::refusal(engine, &facts, &steps.then), entity.clone(), to.clone()))
}

/// What a When says that is left out: `without a reason for calling off`, `and leaves the reason empty`, `but no reason is given`.
fn left_out(when: &str) -> Option<String> {
    const BEHIND: &[&str] = &[" without giving ", " without entering ", " without stating ", " without "];
    const WITHIN: &[(&str, &[&str])] = &[
        (" leaves ", &[" empty", " blank", " out"]),
        (" no ", &[" is entered", " is given", " is stated", " is recorded", " is filled in"]),
        (" gives no ", &[""]),
        (" enters no ", &[""]),
    ];
    let lower = when.trim().trim_end_matches('.').to_lowercase();
    let behind = BEHIND.iter().find_map(|lead| lower.split_once(lead).map(|(_, rest)| rest));
    let said = behind.or_else(|| {
        WITHIN.iter().find_map(|(lead, ends)| {
            let (_, rest) = lower.split_once(lead)?;
            ends.iter().find_map(|end| rest.strip_suffix(end))
        })
    })?;
    let name =
        ["a ", "an ", "the ", "any "].iter().find_map(|article| said.strip_prefix(article)).unwrap_or(said).trim();
    let words: Vec<&str> = name.split(' ').collect();
    let plain = name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    let one =
        !words.iter().any(|word| ["and", "or", "but", "with", "without", "is", "it", "being", "any"].contains(word));
    (plain && one && (1..=6).contains(&words.len()) && !name.is_empty()).then(|| name.to_owned())
}
