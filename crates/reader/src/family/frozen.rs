//! Records that cannot be changed or deleted, always or in some state.

use super::rule;
use crate::condition::negation;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::StateRef;
use maestro_artifacts::{Condition, Measure, Op, Operand, RuleKind, Test};
use serde_json::Value;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("<states> <entity> mustnot be %changed (or | and | nor) %deleted", frozen_states),
    ("<states> <entity> mustnot be %changed", frozen_states),
    ("<states> <entity> (be | must be) (immutable | read-only | frozen | locked | final)", frozen_states),
    ("<states> <entity> mustnot be %deleted [or %changed]", no_delete_states),
    ("<states> <entity> mustnot %change", frozen_states),
    ("(mustnot %change) <states> <entity>", frozen_states),
    ("only <states> <entity> may be %changed [(or | and) %deleted]", only_changed),
    ("<states> <entity> mayonly be %changed", only_changed),
    ("only <states> <entity> may be %deleted", only_deleted),
    ("<entity> mayonly be %changed (if | onlyif) <words:c>", changed_if),
    ("<entity> mayonly be %changed (or | and) %deleted (if | onlyif) <words:c>", changed_if),
    ("<entity> may be %changed onlyif <words:c>", changed_if),
    ("<entity> mayonly be %deleted (if | onlyif) <words:c>", deleted_if),
    ("<entity> may be %deleted onlyif <words:c>", deleted_if),
    ("<entity> may be (%changed | %changed and %deleted | %changed or %deleted) unless <words:c>", frozen_if),
    ("<entity> (mustnot be | be not) %changed (or | and) %deleted if <words:c>", frozen_if),
    ("<entity> (mustnot be | be not) %changed (any more | anymore) if <words:c>", frozen_if),
    ("<entity> mustnot be %changed if <words:c>", frozen_if),
    ("<entity> mustnot be %changed > [it] [be] <words:c>", frozen_if),
    ("(if | after | >) <words:c> , <entity> mustnot be %changed [(or | and) %deleted]", frozen_if),
    (
        "(if | after | >) <words:c> , <entity> (be | must be | become | becomes) (immutable | read-only | frozen | locked)",
        frozen_if,
    ),
    ("<entity> (be | must be) (immutable | read-only | frozen | locked) (if | >) <words:c>", frozen_if),
    ("<entity> mustnot be %changed", always_frozen),
    ("<entity> (be | must be) (immutable | read-only)", always_frozen),
    ("<fields> [of <entity>] mustnot be %changed [> %made | > creation | later | afterwards]", fixed_fields),
    ("<fields> [of <entity>] (be | must be) (immutable | fixed | read-only) [> creation | > %made]", fixed_fields),
    ("<fields> [of <states>] [<entity>] mustnot be %changed (if | > | if [it] [be]) <words:c>", fixed_fields_if),
    ("<fields> of <states> <entity> mustnot be %changed", fixed_fields_states),
    ("<entity> mustnot be %deleted if <words:c>", no_delete_if),
    ("<entity> mustnot be %deleted unless <words:c>", deleted_if),
    ("<entity> (that | with) <words:c> mustnot be %deleted", no_delete_rel),
    ("<entity> (that | with) <words:c> mustnot be %changed", frozen_rel),
    ("(deleting | removing | deletion of) <entity> (that | with) <words:c> be %refused", no_delete_rel),
    ("(deleting | removing | deletion of) <states> <entity> be %refused", no_delete_states),
    ("<entity> mustnot be %deleted", no_delete),
    ("<entity> (be never | mustnot ever be) %deleted", no_delete),
];

fn state_condition(bound: &Bound, reading: &Reading<'_>, entity: &str, within: bool) -> Option<Condition> {
    let states: Option<Vec<StateRef>> =
        bound.states("states")?.iter().map(|readings| reading.state_of(readings, entity)).collect();
    let states = states?;
    let field = states.first()?.field.clone();
    let values = states.into_iter().map(|state| Value::from(state.value)).collect();
    Some(Condition(vec![if within {
        Test::In { via: None, field, values }
    } else {
        Test::NotIn { via: None, field, values }
    }]))
}

/// "Cannot be changed": the service's frozen records cannot be deleted either.
fn frozen(entity: String, when: Condition) -> Option<Vec<Effect>> {
    rule(RuleKind::Immutable { entity, when, fields: Vec::new() })
}

fn frozen_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = state_condition(bound, reading, &entity, true)?;
    frozen(entity, when)
}

fn no_delete_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = state_condition(bound, reading, &entity, true)?;
    rule(RuleKind::NoDelete { entity, when })
}

fn only_changed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = state_condition(bound, reading, &entity, false)?;
    frozen(entity, when)
}

fn only_deleted(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = state_condition(bound, reading, &entity, false)?;
    rule(RuleKind::NoDelete { entity, when })
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

fn always_frozen(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    frozen(bound.entity("entity")?, Condition::default())
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

fn fixed_fields_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = state_condition(bound, reading, &entity, true)?;
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
    if let Some(when) = reading.condition(&entity, &range) {
        return Some((entity, when));
    }
    // "with open loans"
    let scope = reading.scope;
    let lists = scope.states_at(reading.tokens, range.start).into_iter().next();
    let from = lists.as_ref().map_or(range.start, |(end, _)| *end);
    let (end, child) = scope.entity_at(reading.tokens, from).into_iter().next()?;
    if end != range.end {
        return None;
    }
    let via = scope.lexicon.reference(&child, &entity)?;
    let when = match lists {
        None => Condition::default(),
        Some((_, lists)) => {
            let states: Option<Vec<StateRef>> =
                lists.iter().map(|readings| reading.state_of(readings, &child)).collect();
            let states = states?;
            let field = states.first()?.field.clone();
            Condition(vec![Test::In {
                via: None,
                field,
                values: states.into_iter().map(|state| Value::from(state.value)).collect(),
            }])
        }
    };
    Some((
        entity,
        Condition(vec![Test::Children {
            child,
            via,
            when,
            measure: Measure::Count,
            op: Op::Gt,
            to: Operand::Value { value: Value::from(0) },
        }]),
    ))
}

fn no_delete_rel(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = related(bound, reading)?;
    rule(RuleKind::NoDelete { entity, when })
}

fn frozen_rel(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = related(bound, reading)?;
    frozen(entity, when)
}

fn no_delete(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    rule(RuleKind::NoDelete { entity: bound.entity("entity")?, when: Condition::default() })
}
