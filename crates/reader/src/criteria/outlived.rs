//! Reasons that name a rule by what breaks it: "because the planned date is after the end of the accreditation" of a laboratory
//! with an accreditation that is valid until a day, "because certificate number and performed date are needed" of a change.

use super::Steps;
use super::facts::{Act, Facts};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{NamedField, name_words};
use crate::normal;
use crate::scope::{FieldRef, is_date};
use crate::token::Token;
use maestro_artifacts::{Condition, FieldKind, Offset, Op, Operand, RuleKind};

/// A day of the record that lies behind the last day of something of the record that it refers to; the days of the example
/// have to show it.
pub(super) fn read(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    const AFTER: &[&str] = &[" is after ", " lies after ", " would be after ", " comes after ", " is later than "];
    const ENDS: &[&str] = &["the end of ", "the expiry of ", "the last day of ", "the expiry date of "];
    let reason = steps.reason.trim().trim_end_matches('.').to_lowercase();
    let (what, last) = AFTER.iter().find_map(|after| reason.split_once(after))?;
    let noun = ENDS.iter().find_map(|end| last.strip_prefix(end))?;
    let noun = ["the ", "its ", "their ", "that "].iter().find_map(|lead| noun.strip_prefix(lead)).unwrap_or(noun);
    let field = own(engine, what)?;
    let words = name_words(noun);
    let ends = |field: &&NamedField| {
        const LAST: &[&str] = &["until", "end", "expiry", "expires", "ends", "through"];
        let dated = matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
        dated && field.words.starts_with(&words) && field.words.iter().any(|word| LAST.contains(&word.as_str()))
    };
    let entity = engine.lexicon.entity(&field.entity)?;
    let mut found = entity.fields.iter().flat_map(|via| {
        let target = match &via.kind {
            FieldKind::Reference { entity } => engine.lexicon.entity(entity),
            _ => None,
        };
        let lasting = target.into_iter().flat_map(|target| target.fields.iter().filter(ends));
        lasting.map(|last| (via.key.clone(), last))
    });
    let (Some((via, last)), None) = (found.next(), found.next()) else { return None };
    let same = engine.lexicon.field(&field).is_some_and(|own| own.kind == last.kind);
    let days = |part: &[Token]| part.iter().map(|token| token.word.clone()).filter(|word| is_date(word)).collect();
    let (given, when): (Vec<String>, Vec<String>) = (days(&steps.given), days(&steps.when));
    let shown = given.iter().max().zip(when.iter().max()).is_some_and(|(last, day)| day > last);
    (same && shown).then(|| {
        vec![Effect::Rule(RuleKind::Compare {
            entity: field.entity,
            field: field.field,
            op: Op::Le,
            to: Operand::Referenced { via, field: last.key.clone(), offset: Offset::NONE },
            when: Condition::default(),
            on_create: false,
        })]
    })
}

/// The fields that a change of state is told to need, of which the example lacks one.
pub(super) fn needed(engine: &Engine<'_>, facts: &Facts, reason: &str) -> Option<Vec<Effect>> {
    const NEEDED: &[&str] = &["needed", "required", "necessary", "mandatory", "missing"];
    let (names, needed) = reason.trim().trim_end_matches('.').rsplit_once(' ')?;
    let names = names.strip_suffix(" are").or_else(|| names.strip_suffix(" is"))?;
    let (entity, to) = facts.acts.iter().find_map(|act| match act {
        Act::Move(entity, to) => Some((entity.clone(), to.clone())),
        Act::Do(..) => None,
    })?;
    let tokens = normal::normalise(names, engine.lexicon);
    let scope = engine.scope(&tokens);
    let (_, fields) = scope.fields_at(&tokens, 0).into_iter().find(|(end, _)| *end == tokens.len())?;
    let own = fields.iter().all(|field| field.entity == entity);
    let lacks = fields.iter().any(|field| facts.missing.contains(field));
    let fields = fields.into_iter().map(|field| field.field).collect();
    (own && lacks && NEEDED.contains(&needed))
        .then(|| vec![Effect::Rule(RuleKind::TransitionRequires { entity, from: None, to, fields })])
}

/// The one field that words name, and nothing else.
fn own(engine: &Engine<'_>, text: &str) -> Option<FieldRef> {
    let tokens = normal::normalise(text, engine.lexicon);
    let scope = engine.scope(&tokens);
    scope.field_at(&tokens, 0).into_iter().find(|(end, _)| *end == tokens.len()).map(|(_, field)| field)
}
