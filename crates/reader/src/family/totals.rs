//! Totals: counts and sums of records per value of a field, also of a referenced record.

use crate::effect::Effect;
use crate::engine::{Build, Engine, Reading};
use crate::pattern::{Bound, Pattern, compile};
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{FieldKind, Measure, RuleKind};
use std::sync::LazyLock;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "(total | sum | overall) [of] <fields> [of <entity>] (per | by | grouped by) <words:by> [(may | must) be (shown | seen | listed | available | reported)] [be (shown | available)]",
        sums,
    ),
    (
        "(system | service | application | we | it | report | overview | total | totals | list | summary | dashboard | page | statistics) [of <entity>] [must | may | want | need] [to] [see] (show | shows | give | gives | report | reports | list | lists | contain | contains) <words:wish>",
        subject,
    ),
    (
        "<words:who> (want | need | like | wish) [to] [see | know | get | have] (total | sum | numberof | average | totals) <words:rest>",
        wanted,
    ),
    (
        "(numberof) <entity> (per | by | grouped by) <words:by> [(may | must) be (shown | seen | listed | available)] [be (shown | available)]",
        counts,
    ),
    (
        "(average | mean) <fields> [of <entity>] (per | by | grouped by) <words:by> [(may | must) be (shown | seen)] [be (shown | available)]",
        averages,
    ),
    ("total of <entity> (per | by | grouped by) <words:by> [be shown]", counts),
    (
        "<entity> (may | must) be (totalled | totaled | grouped | counted | summed | summed up) (per | by) <words:by>",
        counts,
    ),
    (
        "(<fields> | <fields> of <entity>) (may | must | be | must be) [be] (totalled | totaled | summed | summed up | added up) (per | by) <words:by>",
        sums,
    ),
];

const WISHES: &[(&str, Build)] = &[
    (
        "<words:who> (want | need | like | wish) [to] [see | know | get | have] (total | sum | numberof | average | totals) <words:rest>",
        wanted,
    ),
    (
        "[see | view | get | show | know | have | list | report] (total | sum | overall) [of] <fields> [of <entity>] (per | by | grouped by) <words:by>",
        sums,
    ),
    (
        "[see | view | get | show | know | have | list | report] (total | sum) [of] <fields> and numberof <entity> (per | by | grouped by) <words:by>",
        sums,
    ),
    (
        "[see | view | get | show | know | have | list | report] numberof <entity> and (total | sum) [of] <fields> (per | by | grouped by) <words:by>",
        sums,
    ),
    (
        "[see | view | get | show | know | have | list | report] (numberof | count of) <entity> (per | by | grouped by) <words:by>",
        counts,
    ),
    (
        "[see | view | get | show | know | have | list | report] (average | mean) <fields> [of <entity>] (per | by | grouped by) <words:by>",
        averages,
    ),
    (
        "[see | view | get | show | have | list | report] (total | totals) of <entity> (per | by | grouped by) <words:by>",
        counts,
    ),
    (
        "[see | view | get | show | have | list] <entity> (totals | total | counts) (per | by | grouped by) <words:by>",
        counts,
    ),
    ("(see | know) numberof <entity> there be (per | by) <words:by>", counts),
];

static COMPILED: LazyLock<Vec<(Pattern, Build)>> = LazyLock::new(|| {
    WISHES.iter().filter_map(|(text, build)| compile(text).ok().map(|pattern| (pattern, *build))).collect()
});

/// Reads a wish for totals.
pub(super) fn wish(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    COMPILED.iter().find_map(|(pattern, build)| pattern.matches(tokens, &scope, |bound| build(bound, &reading)))
}

/// "Managers want the number of bookings per room": who wants it restricts nobody.
fn wanted(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let who = bound.words("who")?;
    let rest = bound.words("rest")?;
    let plain = who.len() <= 3
        && reading.part(&who).iter().all(|token| {
            !token.quoted && !matches!(token.word.as_str(), "only" | "no" | "noone" | "not" | "if" | "must" | "may")
        });
    if !plain {
        return None;
    }
    wish(reading.engine, reading.tokens.get(rest.start - 1..)?)
}

fn subject(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let part = reading.part(&bound.words("wish")?);
    wish(reading.engine, part)
}

/// The grouping: a field of the record, a reference, or a field of a record that it refers to.
fn by_field(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<Vec<String>> {
    let range = bound.words("by")?;
    let part = reading.part(&range);
    let mut scope = reading.engine.scope(part);
    scope.focus.retain(|focus| focus != entity);
    scope.focus.insert(0, entity.to_owned());
    let fields: Vec<FieldRef> =
        scope.field_at(part, 0).into_iter().filter(|(end, _)| *end == part.len()).map(|(_, field)| field).collect();
    if let Some(field) = fields.iter().find(|field| field.entity == entity) {
        return Some(vec![field.field.clone()]);
    }
    if let Some((_, target)) = scope.entity_at(part, 0).into_iter().find(|(end, _)| *end == part.len())
        && let Some(via) = reading.scope.lexicon.reference(entity, &target)
    {
        return Some(vec![via]);
    }
    let by = fields.first()?;
    let via = reading.scope.lexicon.reference(entity, &by.entity)?;
    Some(vec![via, by.field.clone()])
}

fn measured(bound: &Bound, reading: &Reading<'_>, measure: fn(String) -> Measure) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = fields.first()?.entity.clone();
    let numeric = |field: &FieldRef| {
        matches!(reading.scope.kind(field), Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money))
    };
    if fields.iter().any(|field| field.entity != entity || !numeric(field))
        || bound.entity("entity").is_some_and(|named| named != entity)
    {
        return None;
    }
    let by = by_field(bound, reading, &entity)?;
    let measures = fields.into_iter().map(|field| measure(field.field)).collect();
    Some(vec![Effect::Rule(RuleKind::Totals { entity, by, measures })])
}

fn sums(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    measured(bound, reading, |field| Measure::Sum { field })
}

fn averages(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    measured(bound, reading, |field| Measure::Average { field })
}

fn counts(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let by = by_field(bound, reading, &entity)?;
    Some(vec![Effect::Rule(RuleKind::Totals { entity, by, measures: Vec::new() })])
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_wish_compiles() {
        for (text, _) in super::WISHES {
            super::compile(text).unwrap();
        }
    }
}
