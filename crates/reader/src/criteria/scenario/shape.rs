//! What a text must look like: `whose tag number does not consist of two capital letters and three digits`. The form is read
//! from the text as it is written, as in any sentence.

use crate::criteria::Steps;
use crate::criteria::facts::{Act, Facts};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::token::Token;
use maestro_artifacts::{Action, FieldKind, RuleKind};

/// The demand that the field be so, where the record is refused for not being so.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let topics = facts.entities.iter().chain(&engine.topics).cloned().collect();
    let engine = &Engine { lexicon: engine.lexicon, topics };
    if !facts.given_states.is_empty() {
        return None;
    }
    let [given, when, _] = &steps.texts;
    form(engine, facts, &steps.given, given).or_else(|| form(engine, facts, &steps.when, when))
}

fn form(engine: &Engine<'_>, facts: &Facts, tokens: &[Token], text: &str) -> Option<Vec<Effect>> {
    const SHAPING: &[&str] = &["consist", "match", "follow", "have", "look", "begin", "start"];
    let scope = engine.scope(tokens);
    (0..tokens.len()).find_map(|at| {
        let (mut end, field) = scope.field_at(tokens, at).into_iter().max_by_key(|(end, _)| *end)?;
        matches!(engine.lexicon.field(&field)?.kind, FieldKind::Text { .. }).then_some(())?;
        let entity = engine.lexicon.entity(&field.entity)?;
        // Nothing may be done but that such a record is put down.
        let saves = |act: &Act| matches!(act, Act::Do(of, Action::Create | Action::Update) if *of == field.entity);
        facts.acts.iter().all(saves).then_some(())?;
        // "The donor number of a donor"
        if tokens.get(end).is_some_and(|token| token.is("of"))
            && let Some((behind, of)) = super::record_at(engine, tokens, end + 1)
            && of == field.entity
        {
            end = behind;
        }
        let rest = tokens.get(end..)?;
        let rest = if rest.first().is_some_and(|token| token.is("that")) { rest.get(1..)? } else { rest };
        let (demand, from) = match rest {
            [be, not, ..] if be.is("be") && not.is("not") => ("must be".to_owned(), not.end),
            [does, not, verb, ..] if does.is("do") && not.is("not") && SHAPING.iter().any(|word| verb.is(word)) => {
                (format!("must {}", verb.raw.to_lowercase()), verb.end)
            }
            _ => return None,
        };
        let wanted = text.get(from..)?.trim();
        let name = &engine.lexicon.field(&field)?.name;
        let effects = engine.sentence(&format!("The {name} of a {} {demand} {wanted}.", entity.name)).ok()?;
        let own = |effect: &Effect| match effect {
            Effect::Rule(
                RuleKind::Pattern { entity, field: of, .. }
                | RuleKind::Format { entity, field: of, .. }
                | RuleKind::Length { entity, field: of, .. },
            ) => *entity == field.entity && *of == field.field,
            Effect::UsedAs { .. } => true,
            _ => false,
        };
        (effects.iter().all(own) && effects.iter().any(|effect| matches!(effect, Effect::Rule(_)))).then_some(effects)
    })
}
