//! Records that may not overlap in time.

use super::compare::span;
use super::rule;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::StateRef;
use maestro_artifacts::{Condition, RuleKind, Test};
use serde_json::Value;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "[2 | no 2 | no] [<states>] <entity> (mustnot | may | must | do not) [ever] overlap [in time] [per | for same | for | of same | of | in same | with same | in | on same | on | at same] [<fields>] (; | , | – | but | :) [but] <states:except> [<entity:e2>] (do not count | be not counted | be ignored | be excluded | excepted | excluded | do not matter)",
        overlap,
    ),
    (
        "[2] [<states>] <entity> (of | for | in | on | at | with) same <fields> mustnot overlap [in time] (; | , | – | but | :) [but] <states:except> [<entity:e2>] (do not count | be not counted | be ignored | be excluded | excepted | excluded | do not matter)",
        overlap,
    ),
    (
        "[2 | no 2 | no] [<states>] <entity> (mustnot | may | must | do not) [ever] overlap [in time] [per | for same | for | of same | of | in same | with same | in | on same | on | at same] [<fields>]",
        overlap,
    ),
    ("[2] [<states>] <entity> (of | for | in | on | at | with) same <fields> mustnot overlap [in time]", overlap),
    (
        "[no 2] [<states>] <entity> (of | for | in | on | at | with) same <fields> (may | must) overlap [in time]",
        overlap,
    ),
    ("[no 2] [<states>] <entity> per <fields> (may | must) overlap [in time]", overlap),
    ("2 [<states>] <entity> per <fields> mustnot overlap [in time]", overlap),
    ("[<states>] <entity> per <fields> mustnot overlap [in time]", overlap),
    (
        "<entity> mustnot overlap [in time] (with | other | any other) [other] [<states>] [<entity:o>] [per | for | of | in | on | with | at | of same | for same | in same | on same | with same | at same] [same] [<fields>]",
        overlap,
    ),
    (
        "<fields> mustnot (be booked | be reserved | be lent | be used | be assigned | be scheduled | be rented | be given out | have <entity> | have [2] overlapping <entity> | be on loan | be double-booked | have overlapping <entity> | be in 2 <entity>) [twice | 2 | more than once | for overlapping period | by 2 <entity:o> | in 2 <entity>] [sametime | at overlapping time | in same period | for same time | for same period | for overlapping time]",
        by_parent,
    ),
    (
        "overlapping <entity> [per | for same | for | of same | of | in same | in] [<fields>] (be %refused | mustnot be %made | be not %made)",
        overlap,
    ),
    (
        "<entity> (that overlap | that overlaps | overlapping) [other] [<states>] [<entity:o>] [for | of | per | on | in] [same] [<fields>] (be %refused | mustnot be %made)",
        overlap,
    ),
    ("<entity> mustnot be double-booked", by_double),
    ("<entity:p> mustnot have [2] overlapping [<states>] <entity>", by_owner),
    ("<entity:p> mustnot have [2] <entity> (that overlap | sametime | at same time)", by_owner),
];

fn overlap(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    if bound.entity("o").is_some_and(|other| other != entity) {
        return None;
    }
    // "may overlap" allows it, unless "no two" stands before.
    let allows = reading.tokens.iter().any(|token| token.is("may") || token.is("must"))
        && !reading.tokens.first().is_some_and(|token| token.is("no"));
    let refused = reading.tokens.iter().any(|token| {
        ["refused", "rejected", "declined", "denied", "blocked", "forbidden", "prevented", "mustnot", "not"]
            .contains(&token.word.as_str())
    });
    if allows && !refused {
        return None;
    }
    let by = match bound.fields("fields") {
        None => Vec::new(),
        Some(fields) => {
            if fields.iter().any(|field| field.entity != entity) {
                return None;
            }
            fields.into_iter().map(|field| field.field).collect()
        }
    };
    let when = match bound.states("states") {
        None => Condition::default(),
        Some(lists) => {
            let states: Option<Vec<StateRef>> =
                lists.iter().map(|readings| reading.state_of(readings, &entity)).collect();
            let states = states?;
            let field = states.first()?.field.clone();
            Condition(vec![Test::In {
                via: None,
                field,
                values: states.into_iter().map(|state| Value::from(state.value)).collect(),
            }])
        }
    };
    let when = match bound.states("except") {
        None => when,
        Some(lists) => {
            let states: Option<Vec<StateRef>> =
                lists.iter().map(|readings| reading.state_of(readings, &entity)).collect();
            let states = states?;
            let field = states.first()?.field.clone();
            Condition(vec![Test::NotIn {
                via: None,
                field,
                values: states.into_iter().map(|state| Value::from(state.value)).collect(),
            }])
        }
    };
    build(reading, entity, by, when)
}

fn build(reading: &Reading<'_>, entity: String, by: Vec<String>, when: Condition) -> Option<Vec<Effect>> {
    let (start, end) = span(reading, &entity)?;
    rule(RuleKind::NoOverlap { entity, start, end, by, when })
}

/// "A room cannot be booked twice at the same time": the children that last, per room.
fn by_parent(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("fields")?;
    let target = reading.scope.target(&field)?;
    let entity = bound.entity("entity").unwrap_or_else(|| field.entity.clone());
    if field.entity != entity {
        let via = reading.scope.lexicon.reference(&entity, target)?;
        return build(reading, entity, vec![via], Condition::default());
    }
    build(reading, entity, vec![field.field], Condition::default())
}

fn by_double(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = bound.entity("entity")?;
    let lasting: Vec<String> = reading
        .scope
        .lexicon
        .entities
        .iter()
        .filter(|child| {
            reading.scope.lexicon.reference(&child.key, &parent).is_some() && span(reading, &child.key).is_some()
        })
        .map(|child| child.key.clone())
        .collect();
    let [child] = lasting.as_slice() else { return None };
    let via = reading.scope.lexicon.reference(child, &parent)?;
    build(reading, child.clone(), vec![via], Condition::default())
}

/// "A doctor cannot have two overlapping appointments".
fn by_owner(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (parent, entity) = (bound.entity("p")?, bound.entity("entity")?);
    let via = reading.scope.lexicon.reference(&entity, &parent)?;
    build(reading, entity, vec![via], Condition::default())
}
