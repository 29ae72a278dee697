//! Records without several of the values that they need: `without a title, without a customer or without a due date`.

use crate::criteria::Steps;
use crate::criteria::facts::Facts;
use crate::criteria::refused::{acts_on, moves};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::token::Token;
use maestro_artifacts::{Action, RuleKind};

/// Each of the values is needed; where it is their absence together that is refused (`without a phone and an e-mail`), nothing
/// is said of one of them.
pub(in crate::criteria) fn lacking(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let [first, _, ..] = facts.missing.as_slice() else { return None };
    let entity = &first.entity;
    if facts.missing.iter().any(|field| field.entity != *entity) {
        return None;
    }
    // All that is missing stands in one list, of which everything is known.
    let listed = |part: &[Token]| {
        let from = part.iter().position(|token| token.is("without") || token.is("no"))?;
        let scope = engine.scope(part);
        let (mut at, mut found) = (from, Vec::new());
        while let Some(token) = part.get(at) {
            let field = scope.field_at(part, at).into_iter().filter(|(_, field)| field.entity == *entity);
            if let Some((end, field)) = field.max_by_key(|(end, _)| *end) {
                found.push(field);
                at = end;
            } else if ["without", "no", "or", ",", "with"].iter().any(|word| token.is(word)) {
                at += 1;
            } else {
                return None;
            }
        }
        Some(found)
    };
    let found = [&steps.when, &steps.given].into_iter().find_map(|part| listed(part))?;
    if found.len() != facts.missing.len() || moves(facts, entity).is_some() {
        return None;
    }
    let saved = acts_on(facts, entity, Action::Create);
    let required =
        |field: crate::scope::FieldRef| Effect::Rule(RuleKind::Required { entity: field.entity, field: field.field });
    saved.then(|| found.into_iter().map(required).collect())
}
