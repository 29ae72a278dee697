//! Records that cannot be changed or deleted, always or in some state.

use super::rule;
use crate::condition::negation;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use maestro_artifacts::{Condition, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("<records> mustnot be %changed [%anymore] [(or | and | nor) %deleted] [%anymore]", frozen_records),
    ("<records> (be | must be) %frozen", frozen_records),
    ("<records> mustnot %change [%anymore]", frozen_records),
    ("(no | mustnot %change) <records> [may be %changed [(or | nor | and) %deleted]]", frozen_records),
    ("%changing <records> be %refused", frozen_records),
    ("<records> mustnot be %deleted [%anymore]", no_delete_records),
    ("<records> mustnot be %deleted (or | and | nor) %changed", frozen_records),
    ("%deleting <records> be %refused", no_delete_records),
    ("mustnot %delete <records>", no_delete_records),
    ("(no | neither) <records> may be %deleted", no_delete_records),
    ("neither <records> may be %changed [(or | nor | and) %deleted]", frozen_records),
    ("<records> may be %deleted , other [<entity:o>] mustnot [be %deleted]", only_deleted),
    ("<records> may be %changed , other [<entity:o>] mustnot [be %changed]", only_changed),
    ("<records> (be never | mustnot ever be) %deleted", no_delete_records),
    ("only <records> may be %changed [(or | and) %deleted]", only_changed),
    ("<records> mayonly be %changed", only_changed),
    ("only <records> may be %deleted", only_deleted),
    ("%changing <entity> be only %possible (if | onlyif) <words:c>", changed_if),
    ("<entity> mayonly be %changed [(or | and) %deleted] (if | onlyif) <words:c>", changed_if),
    ("<entity> may be %changed onlyif <words:c>", changed_if),
    ("<entity> mayonly be %changed (in | at) <words:c>", changed_if),
    ("%deleting <entity> be only %possible (if | onlyif) <words:c>", deleted_if),
    ("<entity> mayonly be %deleted (if | onlyif) <words:c>", deleted_if),
    ("<entity> may be %deleted onlyif <words:c>", deleted_if),
    ("<entity> mayonly be %deleted (in | at) <words:c>", deleted_if),
    ("<entity> may be (%changed | %changed and %deleted | %changed or %deleted) unless <words:c>", frozen_if),
    ("<entity> may be %deleted unless <words:c>", no_delete_if),
    (
        "<entity> (mustnot be | be not) %changed [%anymore] [(or | and | nor) %deleted] [%anymore] if <words:c>",
        frozen_if,
    ),
    ("<entity> mustnot be %changed unless <words:c>", changed_if),
    ("<entity> mustnot be %changed > [it] [be] <words:c>", frozen_if),
    (
        "(if | after | >) <words:c> , <entity> mustnot be %changed [%anymore] [(or | and) %deleted] [%anymore]",
        frozen_if,
    ),
    ("(if | after | >) <words:c> , <entity> (be | must be | become | becomes) %frozen", frozen_if),
    ("<entity> (be | must be | become | becomes) %frozen (if | >) <words:c>", frozen_if),
    ("<fields> [of <entity>] mustnot be %changed [> %made | > creation | later | afterwards | %anymore]", fixed_fields),
    ("<fields> [of <entity>] (be | must be) %frozen [> creation | > %made]", fixed_fields),
    (
        "<fields> [of <states>] [<entity>] mustnot be %changed [%anymore] (if | > | if [it] [be]) <words:c>",
        fixed_fields_if,
    ),
    ("<fields> mayonly be %changed (if | onlyif) <words:c>", fixed_fields_unless),
    ("<fields> mustnot be %changed unless <words:c>", fixed_fields_unless),
    ("<fields> (be | must be) %frozen (if | >) <words:c>", fixed_fields_if),
    ("<fields> of <records> mustnot be %changed [%anymore]", fixed_fields_of),
    ("<fields> of <records> (be | must be) %frozen", fixed_fields_of),
    ("<entity> mustnot be %deleted if <words:c>", no_delete_if),
    ("<entity> mustnot be %deleted unless <words:c>", deleted_if),
    ("<entity> (that | with) <words:c> mustnot be %deleted", no_delete_rel),
    ("<entity> (that | with) <words:c> mustnot be %changed", frozen_rel),
];

/// "Cannot be changed": the service's frozen records cannot be deleted either.
fn frozen(entity: String, when: Condition) -> Option<Vec<Effect>> {
    rule(RuleKind::Immutable { entity, when, fields: Vec::new() })
}

/// Records of a referenced record that they name: "Lines of shipped orders" are those whose order is shipped.
fn described(bound: &Bound) -> Option<(String, Condition)> {
    let records = bound.records("records")?;
    Some((records.entity, records.when))
}

fn frozen_records(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "No order" alone says nothing of changes.
    let says = |words: &[&str]| reading.tokens.iter().any(|token| words.contains(&token.word.as_str()));
    if reading.tokens.first().is_some_and(|token| token.is("no") || token.is("neither")) && !says(&["may"]) {
        return None;
    }
    let (entity, when) = described(bound)?;
    frozen(entity, when)
}

fn no_delete_records(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    rule(RuleKind::NoDelete { entity, when })
}

fn only_changed(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    frozen(entity, negation(&when)?)
}

fn only_deleted(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    rule(RuleKind::NoDelete { entity, when: negation(&when)? })
}

fn changed_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = negation(&reading.condition(&entity, &bound.words("c")?)?)?;
    frozen(entity, when)
}

fn deleted_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = negation(&reading.condition(&entity, &bound.words("c")?)?)?;
    rule(RuleKind::NoDelete { entity, when })
}

fn frozen_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = reading.condition(&entity, &bound.words("c")?)?;
    frozen(entity, when)
}

fn fixed(bound: &Bound, entity: &str, when: Condition) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let own = fields.iter().all(|field| field.entity == entity);
    own.then(|| {
        rule(RuleKind::Immutable {
            entity: entity.to_owned(),
            when,
            fields: fields.into_iter().map(|field| field.field).collect(),
        })
    })
    .flatten()
}

fn fixed_fields(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.field("fields").map(|field| field.entity))?;
    fixed(bound, &entity, Condition::default())
}

fn fixed_fields_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.field("fields").map(|field| field.entity))?;
    let when = reading.condition(&entity, &bound.words("c")?)?;
    fixed(bound, &entity, when)
}

fn fixed_fields_unless(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.field("fields")?.entity;
    let when = negation(&reading.condition(&entity, &bound.words("c")?)?)?;
    fixed(bound, &entity, when)
}

fn fixed_fields_of(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    fixed(bound, &entity, when)
}

fn no_delete_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = reading.condition(&entity, &bound.words("c")?)?;
    rule(RuleKind::NoDelete { entity, when })
}

/// "A tool with open loans", "a member who has loans".
fn related(bound: &Bound, reading: &Reading<'_>) -> Option<(String, Condition)> {
    let entity = bound.entity("entity")?;
    let range = bound.words("c")?;
    let when = reading.condition(&entity, &range)?;
    Some((entity, when))
}

fn no_delete_rel(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = related(bound, reading)?;
    rule(RuleKind::NoDelete { entity, when })
}

fn frozen_rel(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = related(bound, reading)?;
    frozen(entity, when)
}
