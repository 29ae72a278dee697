//! Examples of what is taken: `a batch with 500 bars is accepted`. The bounds that it keeps are what it shows.

use super::facts::{Act, Facts};
use super::refused::breaks;
use crate::effect::Effect;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Action, Operand, RuleKind};

/// Whether an outcome says that what was done is taken, and nothing else.
pub(super) fn taken(then: &[Token]) -> bool {
    const TAKEN: &[&str] =
        &["accepted", "allowed", "valid", "fine", "ok", "okay", "possible", "saved", "stored", "created", "recorded"];
    matches!(then, [be, taken] if be.is("be") && TAKEN.iter().any(|word| taken.is(word)))
}

/// The rules that an accepted example is within.
pub(super) fn read(facts: &Facts, then: &[Token], rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let only_made = facts.acts.iter().all(|act| matches!(act, Act::Do(_, Action::Create | Action::Update)));
    if !taken(then) || facts.values.is_empty() || !facts.missing.is_empty() || !only_made {
        return None;
    }
    // One clause, of which every number is understood.
    let clause =
        !facts.when.iter().any(|token| [";", "be", "must", "mustnot", "not", "no"].iter().any(|word| token.is(word)));
    let numbers = facts.when.iter().filter(|token| token.is_number()).count();
    if !clause || numbers > facts.values.len() {
        return None;
    }
    let mut found = Vec::new();
    for given in &facts.values {
        let of = |entity: &String, field: &String| *entity == given.field.entity && *field == given.field.field;
        let bounding = rules.iter().filter(|rule| match rule {
            RuleKind::Range { entity, field, .. }
            | RuleKind::Places { entity, field, .. }
            | RuleKind::Length { entity, field, .. }
            | RuleKind::Pattern { entity, field, .. }
            | RuleKind::Format { entity, field, .. }
            | RuleKind::Compare { entity, field, to: Operand::Value { .. } | Operand::Referenced { .. }, .. } => {
                of(entity, field)
            }
            _ => false,
        });
        let field = FieldRef { entity: given.field.entity.clone(), field: given.field.field.clone() };
        for rule in bounding {
            if breaks(facts, rule, &field) > 0 {
                return None;
            }
            let effect = Effect::Rule(rule.clone());
            if !found.contains(&effect) {
                found.push(effect);
            }
        }
    }
    (!found.is_empty()).then_some(found)
}
