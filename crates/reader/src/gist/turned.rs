//! Sentences that say two things in one breath, or one thing on a condition that goes without saying: each told by itself.

use crate::effect::Effect;
use crate::engine::Engine;
use maestro_artifacts::{Action, RuleKind};

pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let told = text.trim().trim_end_matches('.');
    as_it_is(engine, told)
        .or_else(|| if_given(engine, told))
        .or_else(|| each_deed(engine, told))
        .or_else(|| only_those(engine, told))
        .or_else(|| only_by(engine, told))
        .or_else(|| with_default(engine, told))
}

/// "If an e-mail address is given, it must be a valid one": a bound of a value holds of no other.
fn if_given(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const GIVEN: &[&str] = &[
        " is given, ",
        " is entered, ",
        " is provided, ",
        " is set, ",
        " is filled in, ",
        " is specified, ",
        " is known, ",
    ];
    let rest = ["If ", "When ", "Where "].iter().find_map(|lead| text.strip_prefix(lead))?;
    let (field, demand) = GIVEN.iter().find_map(|given| rest.split_once(given))?;
    let demand = ["it ", "this "].iter().find_map(|it| demand.strip_prefix(it))?;
    let field = ["a ", "an ", "the "].iter().find_map(|article| field.strip_prefix(article)).unwrap_or(field);
    let demand = demand.replace("a valid one", "valid").replace("a correct one", "valid");
    let effects = engine.any_reading(&format!("The {field} {demand}")).ok()?;
    let bounds = |effect: &Effect| {
        matches!(
            effect,
            Effect::UsedAs { .. }
                | Effect::Rule(
                    RuleKind::Range { .. }
                        | RuleKind::Length { .. }
                        | RuleKind::Pattern { .. }
                        | RuleKind::Format { .. }
                        | RuleKind::Compare { .. }
                        | RuleKind::Places { .. }
                        | RuleKind::Unique { .. }
                )
        )
    };
    (!effects.is_empty() && effects.iter().all(bounds)).then_some(effects)
}

/// "Lines can only be added or removed while the order is a draft": the one and the other.
fn each_deed(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const DEEDS: &[&str] =
        &["added", "created", "entered", "recorded", "changed", "edited", "removed", "deleted", "updated"];
    let (lead, rest) = text.split_once(" be ")?;
    let words: Vec<&str> = rest.split(' ').collect();
    let bare = |word: &str| word.trim_end_matches(',').to_owned();
    let length =
        words.iter().take_while(|word| DEEDS.contains(&bare(word).as_str()) || matches!(**word, "or" | "and")).count();
    let deeds: Vec<String> =
        words.iter().take(length).map(|word| bare(word)).filter(|word| DEEDS.contains(&word.as_str())).collect();
    (deeds.len() > 1).then_some(())?;
    let behind = words.get(length..)?.join(" ");
    let told = deeds.iter().map(|deed| engine.any_reading(&format!("{lead} be {deed} {behind}")).ok());
    Some(told.collect::<Option<Vec<_>>>()?.concat())
}

/// "Only a manager may delete orders, and only those that are drafts": both must hold.
fn only_those(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const THOSE: &[&str] = &[
        ", and only those that are ",
        ", but only those that are ",
        ", and only while they are ",
        ", but only while they are ",
        ", and only if they are ",
    ];
    let (head, states) = THOSE.iter().find_map(|joint| text.split_once(joint))?;
    let mut effects = engine.any_reading(head).ok()?;
    let entity = effects.iter().find_map(|effect| match effect {
        Effect::Rule(RuleKind::ActionRole { entity, action: Action::Delete, .. }) => Some(entity.clone()),
        _ => None,
    })?;
    let plural = &engine.lexicon.entity(&entity)?.plural;
    let kept = engine.any_reading(&format!("{plural} can only be deleted while they are {states}")).ok()?;
    kept.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::NoDelete { .. }))).then_some(())?;
    effects.extend(kept);
    Some(effects)
}

/// "Claims can be deleted only while they are reported, and only by a manager".
fn only_by(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let (head, role) = [", and only by ", ", but only by "].iter().find_map(|joint| text.split_once(joint))?;
    let mut effects = engine.any_reading(head).ok()?;
    let entity = effects.iter().find_map(|effect| match effect {
        Effect::Rule(RuleKind::NoDelete { entity, .. }) => Some(entity.clone()),
        _ => None,
    })?;
    let plural = &engine.lexicon.entity(&entity)?.plural;
    effects.extend(engine.any_reading(&format!("Only {role} may delete {plural}")).ok()?);
    Some(effects)
}

/// "Must be less than the sum insured and shall be 250.00 where none is given": the demand, and the value.
fn and_by_default(text: &str) -> Option<(&str, &str)> {
    const JOINTS: &[&str] =
        &[" and shall be ", " and is ", " and must be ", " and should be ", " and are ", " and will be "];
    const ENDS: &[&str] = &[
        " by default",
        " unless stated otherwise",
        " unless otherwise stated",
        " where none is given",
        " if none is given",
        " when none is given",
        " if nothing is given",
        " where nothing is given",
        " if nothing else is given",
        " if it is not given",
        " if left empty",
    ];
    let told = ENDS.iter().find_map(|end| text.strip_suffix(end))?;
    let (head, value) = JOINTS.iter().find_map(|joint| told.rsplit_once(joint))?;
    (value.split(' ').count() <= 3 && !value.starts_with("not ")).then_some((head, value))
}

/// The same where the demand is one of a number beside another: a pattern may know the half of it.
pub(crate) fn compared_by_default(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    and_by_default(text.trim().trim_end_matches('.'))?;
    let effects = with_default(engine, text.trim().trim_end_matches('.'))?;
    let compares = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Compare { .. }));
    effects.iter().any(compares).then_some(effects)
}

/// "Is a whole number between 1 and 40 with a default of 20".
fn with_default(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let (head, value) = [" with a default of ", " with a default value of ", " with default "]
        .iter()
        .find_map(|joint| text.split_once(joint))
        .or_else(|| and_by_default(text))?;
    let subject = super::subject(head)?;
    let mut effects = engine.any_reading(head).ok()?;
    let default = engine.any_reading(&format!("{subject} is {value} by default")).ok()?;
    default.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::Default { .. }))).then_some(())?;
    effects.extend(default);
    Some(effects)
}

/// "A claim shall start as registered and shall pass through ..." demands what "it starts as ..." tells of its life.
fn as_it_is(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    if !text.contains(" shall ") || [" shall not ", " shall only "].iter().any(|not| text.contains(not)) {
        return None;
    }
    let mut words = text.split(' ');
    let mut plain: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        let verb = if word == "shall" { words.next() } else { None };
        plain.push(match verb {
            None => word.to_owned(),
            Some("be") => "is".to_owned(),
            Some("have") => "has".to_owned(),
            Some(verb) if ["s", "sh", "ch", "o", "x"].iter().any(|end| verb.ends_with(end)) => format!("{verb}es"),
            Some(verb) => format!("{verb}s"),
        });
    }
    let life = |effect: &Effect| {
        matches!(
            effect,
            Effect::States { .. }
                | Effect::AllStates { .. }
                | Effect::Steps { .. }
                | Effect::Initial { .. }
                | Effect::Transition { .. }
                | Effect::Rule(RuleKind::Transitions { .. } | RuleKind::Default { .. })
        )
    };
    engine.any_reading(&plain.join(" ")).ok().filter(|effects| effects.iter().all(life))
}
