//! A value that is none of those to choose from: `A costume with a size of XXL is rejected`.

use super::Steps;
use super::facts::{Act, Facts, Given};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::NamedField;
use maestro_artifacts::{Action, FieldKind, RuleKind};

const ENDS: &[&str] = &[" is rejected", " is refused", " is not accepted", " is invalid", " is not allowed", " fails"];
const LEADS: &[&str] =
    &["A ", "An ", "Saving a ", "Saving an ", "Creating a ", "Creating an ", "Adding a ", "Adding an "];
const JOINTS: &[&str] = &[" of ", " = ", " set to ", " is ", " "];

/// The same as steps, the value in quotes.
pub(super) fn in_steps(engine: &Engine<'_>, text: &str) -> Option<String> {
    let body = text.trim().trim_end_matches('.');
    let told = ENDS.iter().find_map(|end| body.strip_suffix(end))?;
    let told = LEADS.iter().find_map(|lead| told.strip_prefix(lead))?;
    let (record, value) =
        [" with the ", " with a ", " with an ", " with ", " whose "].iter().find_map(|joint| told.split_once(joint))?;
    let named = engine.lexicon.find(&record.to_lowercase())?;
    let (field, word) = named.fields.iter().filter(|field| choices(field).is_some()).find_map(|field| {
        let rest = value.strip_prefix(field.name.as_str())?;
        Some((field, JOINTS.iter().find_map(|joint| rest.strip_prefix(joint))?))
    })?;
    // One word, or several in quotes.
    let quoted = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).filter(|word| !word.contains('"'));
    let plain = || Some(word).filter(|word| word.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let word = quoted.or_else(plain)?;
    is_other(field, word).then(|| {
        format!("When someone tries to save a {} with the {} \"{word}\", then it is refused", named.name, field.name)
    })
}

/// The one field beyond whose values the example goes, where nothing else could be what it is refused for.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    // "Is changed to high" is no value of its own.
    let quoted = |value: &str| steps.texts.iter().any(|text| text.contains(&format!("\"{value}\"")));
    let field = |given: &Given| engine.lexicon.entity(&given.field.entity)?.field(&given.field.field);
    let mut others = facts
        .values
        .iter()
        .filter(|given| field(given).is_some_and(|field| is_other(field, &given.value) && quoted(&given.value)));
    let (given, None) = (others.next()?, others.next()) else { return None };
    let of = RuleKind::HasField { entity: given.field.entity.clone(), field: given.field.field.clone() };
    // "When a lost costume is lent" is refused for another reason.
    let saves =
        |act: &Act| matches!(act, Act::Do(entity, Action::Create | Action::Update) if *entity == given.field.entity);
    let state = &engine.lexicon.entity(&given.field.entity)?.flow.field;
    (state.as_ref() != Some(&given.field.field)
        && facts.acts.iter().any(saves)
        && facts.missing.is_empty()
        && rules.contains(&of))
    .then(|| vec![Effect::Rule(of)])
}

fn choices(field: &NamedField) -> Option<&Vec<String>> {
    match &field.kind {
        FieldKind::Enum { values } => Some(values),
        _ => None,
    }
}

fn is_other(field: &NamedField, word: &str) -> bool {
    let others = |values: &Vec<String>| !values.iter().any(|value| value.eq_ignore_ascii_case(word));
    !word.is_empty() && choices(field).is_some_and(others)
}
