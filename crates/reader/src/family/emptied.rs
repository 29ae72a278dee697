//! Values that must not be given in some case: `the reason must be empty unless the booking is cancelled`.

use crate::condition::{self, later, negation};
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{Condition, RuleKind, Test};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("<fields> (must be | be | must %standing) [always] [left] %blank if <words:when>", empty_if),
    ("if <words:when> [,] <fields> (must be | be | must %standing) [left] %blank", empty_if),
    ("<fields> (mustnot be | be not) %given if <words:when>", empty_if),
    ("if <words:when> [,] <fields> mustnot be %given", empty_if),
    ("<entity> (mustnot have | have no | mustnot %carries | have not) [any] <fields> if <words:when>", empty_if),
    ("no <fields> (may be | must be | be) %given if <words:when>", empty_if),
    ("<fields> (must be | be | must %standing) [always] [left] %blank (unless | onlyuntil) <words:when>", empty_unless),
    ("<fields> (mustnot be | be not) %given (unless | onlyuntil) <words:when>", empty_unless),
    (
        "<entity> (mustnot have | have no | mustnot %carries) [any] <fields> (unless | onlyuntil) <words:when>",
        empty_unless,
    ),
    ("no <fields> (may be | must be | be) %given (unless | onlyuntil) <words:when>", empty_unless),
    ("<fields> mayonly be %given (if | onlyif) <words:when>", empty_unless),
    ("<fields> (may be | be) %given onlyif <words:when>", empty_unless),
    ("<fields> be (only %given | %given only) (if | onlyif) <words:when>", empty_unless),
    ("<fields> (mustnot be | be not) (%given | filled) < <words:when>", empty_unless),
    ("< <words:when> [,] <fields> mustnot be (%given | filled)", empty_unless),
    ("<fields> (may | mayonly) have value (if | onlyif) <words:when>", empty_unless),
    ("<entity> (mayonly have | mayonly %carries) <fields> (if | onlyif) <words:when>", empty_unless),
    ("<entity> may (have | %carries) <fields> onlyif <words:when>", empty_unless),
    ("<records> (mustnot have | have no | mustnot %carries | do not have | mustnot be given) [any] <fields>", empty_of),
    ("no <fields> (may be | must be | be) %given (for | on | to | of | with | in) <records>", empty_of),
    ("<fields> (mustnot be | be not) %given (for | on | to | of | with | in) <records>", empty_of),
    ("<fields> (must be | be | must %standing) [left] %blank (for | on | of | in | with) <records>", empty_of),
    ("<fields> mayonly be %given (for | on | to | of | with | in) <records>", empty_but),
    ("<fields> be %given only (for | on | to | of | with | in) <records>", empty_but),
    ("<fields> may be %given only (for | on | to | of | with | in) <records>", empty_but),
    ("only <records> (may have | have | may %carries | may be given) <fields>", empty_but),
];

/// No value where the condition holds.
fn empty_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = of_one(bound)?;
    let entity = &fields.first()?.entity;
    let when = reading.condition(entity, &bound.words("when")?)?;
    let when = not_yet(reading, entity, when);
    emptied(fields, &when)
}

/// "The price must be empty as long as the order is not ready": not ready yet, so that it may be there from then on.
fn not_yet(reading: &Reading<'_>, entity: &str, when: Condition) -> Condition {
    const DURING: &[&str] = &["as long as", "so long as", "while", "whilst"];
    let during = |token: &Token| {
        let raw = token.raw.to_lowercase();
        DURING.contains(&raw.as_str()) || raw == "not yet"
    };
    let flow = reading.scope.lexicon.flow_field(entity);
    match when.0.as_slice() {
        [Test::NotIn { via: None, field, .. }] if Some(field) == flow.as_ref() && reading.tokens.iter().any(during) => {
            let reached = negation(&when).map(|reached| later(reading.scope.lexicon, entity, reached));
            reached.as_ref().and_then(negation).unwrap_or(when)
        }
        _ => when,
    }
}

/// No value but where the condition holds.
fn empty_unless(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = of_one(bound)?;
    let when = reading.condition(&fields.first()?.entity, &bound.words("when")?)?;
    emptied_but(fields, when, reading)
}

/// "Private bookings must not have a discount"
fn empty_of(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (records, fields) = (bound.records("records")?, of_one(bound)?);
    (fields.first()?.entity == records.entity).then(|| emptied(fields, &records.when))?
}

/// "A discount can only be given for group bookings"
fn empty_but(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (records, fields) = (bound.records("records")?, of_one(bound)?);
    (fields.first()?.entity == records.entity).then(|| emptied_but(fields, records.when, reading))?
}

/// The fields, all of one kind of record: of the one that is named, where one is.
fn of_one(bound: &Bound) -> Option<Vec<FieldRef>> {
    let fields = bound.fields("fields")?;
    let entity = bound.entity("entity").or_else(|| fields.first().map(|field| field.entity.clone()))?;
    fields.iter().all(|field| field.entity == entity).then_some(fields)
}

/// "A grade can only be given to accepted enrolments": what was given then stays in the states that follow.
fn emptied_but(fields: Vec<FieldRef>, when: Condition, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (lexicon, entity) = (reading.scope.lexicon, &fields.first()?.entity.clone());
    // "The remark may only be filled in while the booking is tentative", of a request for it: what is there stays.
    let begun = |test: &Test| match test {
        Test::In { via: Some(via), field, values } => {
            let of = condition::led_to(lexicon, entity, Some(via));
            let start = of.as_ref().and_then(|of| verbs::begins_as(lexicon, of));
            of.and_then(|of| lexicon.flow_field(&of)).as_ref() == Some(field)
                && values.iter().any(|value| value.as_str() == start.as_deref())
        }
        _ => false,
    };
    if when.0.iter().any(begun) {
        return None;
    }
    let told = when.clone();
    let when = later(lexicon, entity, when);
    // "A discount may only be given for drafts" says until when it may be changed, and that sent orders keep it.
    let start = verbs::begins_as(lexicon, entity);
    let of_start = |test: &Test| {
        matches!(test, Test::In { via: None, field, values } if lexicon.flow_field(entity).as_ref() == Some(field)
            && values.iter().any(|value| value.as_str() == start.as_deref()))
    };
    if !when.0.iter().any(of_start) {
        return emptied(fields, &negation(&when)?);
    }
    // "The number of guests can only be set while the booking is tentative or confirmed": not changed later.
    const SET: &[&str] = &["set", "entered", "filled", "given", "provided", "recorded"];
    let set = reading.tokens.iter().any(|token| SET.iter().any(|word| token.is(word)));
    let several = matches!(told.0.as_slice(), [Test::In { values, .. }] if values.len() > 1);
    let fields = fields.into_iter().map(|field| field.field).collect();
    (set && several)
        .then(|| {
            Some(vec![Effect::Rule(RuleKind::Immutable { entity: entity.clone(), when: negation(&told)?, fields })])
        })
        .flatten()
}

fn emptied(fields: Vec<FieldRef>, when: &Condition) -> Option<Vec<Effect>> {
    // What may never have a value is no field.
    if when.0.is_empty() {
        return None;
    }
    let rule = |FieldRef { entity, field }| Effect::Rule(RuleKind::EmptyWhen { entity, field, when: when.clone() });
    Some(fields.into_iter().map(rule).collect())
}
