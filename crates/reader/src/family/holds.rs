//! What a field must hold where something else holds: `broken kayaks must be retired`, `if the kind is double, insured must be
//! yes`.

use super::rule;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::records;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, FieldKind, Op, Operand, RuleKind, Test};
use serde_json::Value;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("<records> must be [marked as | flagged as | set to | setto] <word:flag>", marked),
    ("<field> must be (yes | true | ticked)", yes),
    ("<field> must be (no | false | not ticked)", no),
];

fn held(entity: String, field: String, value: Value, when: Condition) -> Option<Vec<Effect>> {
    rule(RuleKind::Compare { entity, field, op: Op::Eq, to: Operand::Value { value }, when, on_create: false })
}

fn marked(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records").filter(|records| !records.when.0.is_empty())?;
    flagged(bound, reading, records.entity, records.when)
}

/// The one word names a yes/no field of these records.
fn flagged(bound: &Bound, reading: &Reading<'_>, entity: String, when: Condition) -> Option<Vec<Effect>> {
    let [one] = reading.part(&bound.words("flag")?) else { return None };
    let named = reading.scope.lexicon.entity(&entity)?;
    let Test::In { field, values, .. } = records::flag(named, one, true)? else { return None };
    let [value] = values.as_slice() else { return None };
    held(entity, field, value.clone(), when)
}

fn yes(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    boolean(bound, reading, true)
}

fn no(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    boolean(bound, reading, false)
}

fn boolean(bound: &Bound, reading: &Reading<'_>, value: bool) -> Option<Vec<Effect>> {
    let FieldRef { entity, field } = bound.field("field")?;
    let kind = reading.scope.lexicon.entity(&entity)?.field(&field).map(|field| &field.kind)?;
    (*kind == FieldKind::Boolean).then_some(())?;
    held(entity, field, Value::Bool(value), Condition::default())
}

/// Whether a flag would have to hold always: nobody keeps a field that has one value only.
pub(crate) fn always(effect: &Effect) -> bool {
    matches!(effect, Effect::Rule(RuleKind::Compare { op: Op::Eq, to: Operand::Value { value: Value::Bool(_) }, when, .. }) if when.0.is_empty())
}
