//! What the notes of a field demand, as rules.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::note::Notes;
use crate::fields::values::constant;
use crate::lexicon::Lexicon;
use crate::normal;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{FieldKind, RuleKind, TextFormat};
use serde_json::Value;

impl Notes {
    /// The rules that the notes state, once the field is known.
    pub(crate) fn rules(
        &self,
        name: &str,
        entity: &str,
        engine: &Engine<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), String> {
        let Some(named) = engine.lexicon.find(entity) else { return Ok(()) };
        let Some(field) = named.find(name) else { return Ok(()) };
        let at = FieldRef { entity: named.key.clone(), field: field.key.clone() };
        let rule = |effects: &mut Vec<Effect>, rule: RuleKind| effects.push(Effect::Rule(rule));
        effects.push(Effect::has_field(&at.entity, &at.field));
        let FieldRef { entity, field: key } = at.clone();
        // A record is in some state from its first moment: where none is given, in the first one.
        let moves = named.flow.field.as_deref() == Some(key.as_str()) && !named.flow.transitions.is_empty();
        if self.required && !moves {
            rule(effects, RuleKind::Required { entity: entity.clone(), field: key.clone() });
        }
        if self.unique {
            rule(
                effects,
                RuleKind::Unique {
                    entity: entity.clone(),
                    fields: vec![key.clone()],
                    when: maestro_artifacts::Condition::default(),
                    ignore_case: self.ignore_case,
                },
            );
        }
        // People write telephone numbers in many ways: that a field is called so tells no form.
        let inferred = if matches!(field.kind, FieldKind::Text { .. }) {
            crate::fields::infer::format(name).filter(|format| *format != TextFormat::Phone)
        } else {
            None
        };
        if let Some(format) = self.format.or(if self.kind.is_none() { inferred } else { None }) {
            rule(effects, RuleKind::Format { entity: entity.clone(), field: key.clone(), format });
        }
        if let Some(regex) = &self.pattern {
            rule(effects, RuleKind::Pattern { entity: entity.clone(), field: key.clone(), regex: regex.clone() });
        }
        if let Some(default) = &self.default {
            let is_state = named.flow.field.as_deref() == Some(key.as_str());
            let value = constant(default, &field.kind).ok_or_else(|| format!("default {default}"))?;
            if let (true, Value::String(state)) = (is_state, &value) {
                effects.push(Effect::Initial { entity: entity.clone(), state: state.clone() });
            }
            rule(effects, RuleKind::Default { entity: entity.clone(), field: key.clone(), value });
        }
        let mut gap = self.missed.clone();
        if self.refers && !matches!(field.kind, FieldKind::Reference { .. }) {
            gap = gap.or_else(|| Some(format!("{name}: reference")));
        }
        for segment in &self.segments {
            match engine.of_field(&at, segment) {
                Some(more) => effects.extend(more),
                None if demands(segment, engine.lexicon) || tells(segment, &entity, engine) => {
                    gap = gap.or(Some(segment.clone()));
                }
                // "as printed on the label": a description, it demands nothing.
                None => {}
            }
        }
        let worked_out = effects.iter().any(
            |effect| matches!(effect, Effect::Rule(RuleKind::Computed { entity: of, field, .. }) if *of == entity && *field == key),
        );
        if self.computed && !worked_out {
            gap = gap.or_else(|| Some(format!("{name}: computed")));
        }
        gap.map_or(Ok(()), Err)
    }
}

/// "New loans are reserved": a note that says something of the records themselves, and describes no field.
fn tells(segment: &str, entity: &str, engine: &Engine<'_>) -> bool {
    let words = normal::normalise(segment, engine.lexicon);
    let scope = engine.scope(&words);
    let of = usize::from(words.first().is_some_and(|first| first.is("new")));
    let own = scope.entity_at(&words, of).into_iter().find(|(_, of)| of == entity);
    own.is_some_and(|(end, _)| {
        words.get(end).is_some_and(|verb| {
            ["be", "have", "start", "begin", "get"].iter().any(|word| verb.is(word) || verb.lemma == *word)
        })
    })
}

/// Whether a note that no pattern knows asks for something, rather than describes.
pub(super) fn demands(segment: &str, lexicon: &Lexicon) -> bool {
    let words = normal::normalise(segment, lexicon);
    // "Planned, on sale, over": a word that compares with nothing is a value.
    if words.len() == 1 && words.first().is_some_and(|word| matches!(word.word.as_str(), ">" | "<")) {
        return false;
    }
    const ASKING: &[&str] = &[
        "must",
        "mustnot",
        "mayonly",
        "only",
        "unique",
        "required",
        "not",
        ">=",
        "<=",
        ">",
        "<",
        "=",
        "between",
        "if",
        "unless",
        "onlyif",
        "no",
        "calculated",
        "computed",
        "format",
        "pattern",
        "setto",
        "set",
        "sum",
        "numberof",
        "*",
        "per",
        "mandatory",
        "generated",
        "encrypted",
        "default",
        "valid",
        "past",
        "future",
        "today",
        "starts",
        "ends",
        "begins",
        "letter",
        "letters",
        "capital",
        "capitals",
        "digit",
        "digits",
        "uppercase",
        "lowercase",
        "upper",
        "lower",
        "upper-case",
        "lower-case",
        "alphanumeric",
        "alphabetic",
        "numeric",
        "ascii",
        "iso",
        "capitalised",
        "capitalized",
        "even",
        "odd",
        "rounded",
        "signed",
        "unsigned",
        "hidden",
        "length",
        "precision",
        "trimmed",
    ];
    // "Never skied" may be a value, "never on a Sunday" is none.
    let never = segment.to_lowercase().starts_with("never ") && segment.split(' ').count() > 3;
    if super::values::undone(segment) {
        return false;
    }
    (never || words.iter().any(|token: &Token| ASKING.contains(&token.word.as_str()) || token.is_number()))
        && !segment.to_lowercase().starts_with("e.g")
        && !segment.to_lowercase().starts_with("for example")
        && !segment.to_lowercase().starts_with("such as")
        && !segment.to_lowercase().starts_with("like ")
}
