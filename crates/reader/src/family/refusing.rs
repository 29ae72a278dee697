//! What is refused, told of the record: `a member whose name is longer than 20 characters is rejected`. The field must not
//! be so, as a sentence about the field itself would say.

use crate::effect::Effect;
use crate::engine::{Build, Engine, Reading};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::RuleKind;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "[new] <entity> (whose | where | with | that have) <words:c> (be %refused | mustnot be %made | be not %made | be invalid)",
        refused,
    ),
    ("[new] <entity> (be %refused | mustnot be %made | be not %made) (if | whose | where) <words:c>", refused),
];

fn refused(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let range = bound.words("c")?;
    let told = reading.part(&range);
    // "with a negative energy"
    if told.first().is_some_and(|first| first.is("negative"))
        && let Some((_, field)) = reading.scope.field_at(told, 1).into_iter().find(|(end, _)| *end == told.len())
    {
        return never(reading.engine, &field, told.get(..1)?).filter(|_| field.entity == entity);
    }
    let (end, field) = reading.scope.field_at(told, 0).into_iter().find(|(_, field)| field.entity == entity)?;
    never(reading.engine, &field, told.get(end..)?)
}

/// The rule that a field is never so: `be < 1200`, `be not valid email address`, `of < 0`, `in past`.
pub(crate) fn never(engine: &Engine<'_>, field: &FieldRef, so: &[Token]) -> Option<Vec<Effect>> {
    let mut so = so;
    while let Some((first, rest)) = so.split_first()
        && ["be", "of", "have", "lie", "that"].iter().any(|word| first.is(word))
    {
        so = rest;
    }
    let first = so.first()?;
    let place = |word: &str| Token::new(word, first.start, first.end);
    let not = first.is("not");
    let mut tokens = vec![Token::mention(field.clone()), place(if not { "must" } else { "mustnot" }), place("be")];
    tokens.extend(so.iter().skip(usize::from(not)).cloned());
    let effects = engine.tokens(&tokens)?;
    // Anything but a rule about this very field would be a guess.
    let own = |effect: &Effect| match effect {
        Effect::Rule(
            RuleKind::Range { entity, field: of, .. }
            | RuleKind::Places { entity, field: of, .. }
            | RuleKind::Length { entity, field: of, .. }
            | RuleKind::Compare { entity, field: of, .. }
            | RuleKind::Format { entity, field: of, .. }
            | RuleKind::Pattern { entity, field: of, .. }
            | RuleKind::Required { entity, field: of },
        ) => *entity == field.entity && *of == field.field,
        Effect::Field { .. } | Effect::UsedAs { .. } => true,
        _ => false,
    };
    (effects.iter().all(own) && effects.iter().any(|effect| matches!(effect, Effect::Rule(_)))).then_some(effects)
}
