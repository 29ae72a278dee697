//! Limits over the records that refer to one: `at most 3 open loans per member`, `no more bookings than the capacity`.

use super::rule;
use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::{FieldRef, StateRef};
use maestro_artifacts::{Condition, FieldKind, Measure, Op, Operand, RuleKind, Test};
use serde_json::Value;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<entity:p> (may | mayonly | must) (hold | have | take | contain | accept | store) no more [<states>] <entity:c> than [its] <field> [allows | allow]",
        count_more_than,
    ),
    (
        "<entity:p> mustnot (hold | have | take | contain | accept | store) more [<states>] <entity:c> than [its] <field> [allows | allow]",
        count_more_than,
    ),
    // Constants
    (
        "<entity:p> (may have | mayonly have | must have | have | may hold | may make | may keep | may own | may borrow | may | mayonly hold) <cmp> <qty> [<states>] <entity:c> [sametime | in total | open]",
        count,
    ),
    (
        "<entity:p> mustnot (have | hold | make | own | keep) <cmp> <qty> [<states>] <entity:c> [sametime | in total]",
        count_not,
    ),
    (
        "<cmp> <qty> [<states>] <entity:c> (per | for | of) <entity:p> [sametime | be allowed | may exist | be possible | be accepted]",
        count,
    ),
    (
        "[there] (may be | must be | mustnot be) <cmp> <qty> [<states>] <entity:c> (per | for | of | in | on) <entity:p> [sametime]",
        count_signed,
    ),
    (
        "numberof [<states>] <entity:c> (per | for | of | in | on) <entity:p> (must be | mustnot be | mustnot | must | be) <cmp> <qty>",
        count_signed,
    ),
    ("<entity:p> (may | mayonly) <word> <cmp> <qty> <entity:o> [sametime | in total]", through),
    ("<entity:p> mustnot <word> <cmp> <qty> <entity:o> [sametime | in total]", through_not),
    ("<entity:p> mustnot have <cmp> <qty> <entity:o> (on loan | out | borrowed) [sametime]", through_not),
    (
        "<entity:p> with <qty> [<states>] <entity:c> mustnot (have | make | get | %make | start | open) (other | more | further) [<entity:o>]",
        reached,
    ),
    // A field of the parent
    (
        "(numberof | count of) [<states>] <entity:c> [per | of | for | in | on] [<entity:p>] (mustnot be | mustnot | must be | must) <cmp> <field>",
        count_field,
    ),
    (
        "[there] (may be | mustnot be | must be) (no > | not > | <= | >) [<states>] <entity:c> than [<entity:p> 's] <field> [of <entity:o>] [allow | allows | be]",
        count_more_than,
    ),
    ("<entity:p> mustnot have > [<states>] <entity:c> than [its] <field> [allows | allow | permits]", count_more_than),
    ("<entity:p> mustnot have more [<states>] <entity:c> than <field> [allows | allow | permits]", count_more_than),
    (
        "<entity:p> (may have | mayonly have | may hold | may take) (<= | as many) [<states>] <entity:c> (as | than | to) [its] <field> [allows | allow]",
        count_more_than,
    ),
    (
        "no more [<states>] <entity:c> than <field> [of <entity:p>] [be allowed | may be %made | be accepted]",
        count_more_than,
    ),
    (
        "there (may be | must be | mayonly be) no more [<states>] <entity:c> than <field> [of <entity:p>]",
        count_more_than,
    ),
    (
        "[<states>] <entity:c> (of | for | in | on) <entity:p> (mustnot be | mustnot) > [in number] <field>",
        count_exceeds,
    ),
    // "... that are not yet tested must not exceed the capacity": which of them count is said behind them.
    (
        "(numberof | count of) <entity:c> [per | of | for | in | on | at] [<entity:p>] (that | with | whose) <words:which> (mustnot be | mustnot | must be | must) <cmp> (<field> | <qty>)",
        count_which,
    ),
    (
        "(numberof | count of) not <states:others> <entity:c> [per | of | for | in | on | at] [<entity:p>] (mustnot be | mustnot | must be | must) <cmp> (<field> | <qty>)",
        count_which,
    ),
    (
        "(sum | total) [of] [<entity:c>] <field:sum> [of <entity:c2>] [(per | of | for | in | on) <entity:p>] that <words:which> (mustnot be | mustnot | must be | must) <cmp> (<field> | <qty>)",
        sum_which,
    ),
    // Sums
    (
        "(sum | total) [of] [<states>] [<entity:c>] <field:sum> [of [<states>] <entity:c2>] [(per | of | for | in | on) <entity:p>] (mustnot be | mustnot) <cmp> (<qty> | <field>)",
        sum_not,
    ),
    (
        "(sum | total) [of] [<states>] [<entity:c>] <field:sum> [of [<states>] <entity:c2>] [(per | of | for | in | on) <entity:p>] (must be | be | must) <cmp> (<qty> | <field>)",
        sum,
    ),
    (
        "<field:sum> of [all] [<states>] <entity:c> [(per | of | for | in | on) <entity:p>] together (mustnot be | mustnot) <cmp> (<qty> | <field>)",
        sum_not,
    ),
    (
        "[<states>] <entity:c> (of | for | in | on) <entity:p> [together] mustnot (total | sum up to | add up to | amount to) <cmp> (<qty> | <field>)",
        sum_total_not,
    ),
];

fn condition(bound: &Bound, reading: &Reading<'_>, child: &str) -> Option<Condition> {
    let Some(lists) = bound.states("states") else { return Some(Condition::default()) };
    let states: Option<Vec<StateRef>> = lists.iter().map(|readings| reading.state_of(readings, child)).collect();
    let states = states?;
    let field = states.first()?.field.clone();
    Some(Condition(vec![Test::In {
        via: None,
        field,
        values: states.into_iter().map(|state| Value::from(state.value)).collect(),
    }]))
}

/// The condition that is said behind the children's name.
fn which(bound: &Bound, reading: &Reading<'_>, child: &str) -> Option<Condition> {
    if let Some(lists) = bound.states("others") {
        let states: Option<Vec<StateRef>> = lists.iter().map(|readings| reading.state_of(readings, child)).collect();
        let states = states?;
        let field = states.first()?.field.clone();
        let values = states.into_iter().map(|state| Value::from(state.value)).collect();
        return Some(Condition(vec![Test::NotIn { via: None, field, values }]));
    }
    let range = bound.words("which")?;
    let with = range.start > 0 && reading.tokens.get(range.start - 1).is_some_and(|token| token.is("with"));
    reading.condition(child, &if with { range.start - 1..range.end } else { range })
}

fn signed(bound: &Bound, reading: &Reading<'_>) -> Option<Op> {
    let op = bound.op("cmp")?;
    Some(if negative(reading) { negated(op) } else { op })
}

fn count_which(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let child = bound.entity("c")?;
    let when = which(bound, reading, &child)?;
    let op = signed(bound, reading)?;
    let (parent, limit) = match bound.field("field") {
        Some(field) => (field.entity, Operand::Field { field: field.field, plus: 0 }),
        None => (bound.entity("p")?, whole(bound)?),
    };
    if bound.entity("p").is_some_and(|named| named != parent) {
        return None;
    }
    capacity(reading, Limit { parent, child, measure: Measure::Count, op, limit, when })
}

fn sum_which(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let sum = bound.field("sum")?;
    let child = sum.entity.clone();
    if bound.entity("c").or_else(|| bound.entity("c2")).is_some_and(|named| named != child) {
        return None;
    }
    let when = which(bound, reading, &child)?;
    let op = signed(bound, reading)?;
    let (parent, limit) = limit(bound, reading, &child, &sum)?;
    capacity(reading, Limit { parent, child, measure: Measure::Sum { field: sum.field }, op, limit, when })
}

struct Limit {
    parent: String,
    child: String,
    measure: Measure,
    op: Op,
    limit: Operand,
    when: Condition,
}

fn capacity(reading: &Reading<'_>, limit: Limit) -> Option<Vec<Effect>> {
    let Limit { parent, child, measure, op, limit, when } = limit;
    let via = reading.scope.lexicon.reference(&child, &parent)?;
    if !matches!(op, Op::Le | Op::Lt) {
        return None;
    }
    rule(RuleKind::Capacity { parent, child, via, measure, op, limit, when })
}

fn whole(bound: &Bound) -> Option<Operand> {
    let quantity = bound.quantity("qty")?;
    if quantity.unit.is_some() {
        return None;
    }
    Some(Operand::Value { value: Value::from(quantity.value.parse::<i64>().ok()?) })
}

fn counted(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let (parent, child) = (bound.entity("p")?, bound.entity("c")?);
    let when = condition(bound, reading, &child)?;
    capacity(reading, Limit { parent, child, measure: Measure::Count, op, limit: whole(bound)?, when })
}

fn count(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    counted(bound, reading, bound.op("cmp")?)
}

fn count_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    counted(bound, reading, negated(bound.op("cmp")?))
}

fn negative(reading: &Reading<'_>) -> bool {
    reading.tokens.iter().any(|token| token.is("mustnot"))
}

fn count_signed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if negative(reading) { count_not(bound, reading) } else { count(bound, reading) }
}

/// "A member may borrow at most three tools": loans are what joins a member and a tool.
fn joined(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let (parent, other) = (bound.entity("p")?, bound.entity("o")?);
    let lexicon = reading.scope.lexicon;
    let joins: Vec<String> = lexicon
        .entities
        .iter()
        .filter(|child| {
            lexicon.reference(&child.key, &parent).is_some() && lexicon.reference(&child.key, &other).is_some()
        })
        .map(|child| child.key.clone())
        .collect();
    let verb = reading.tokens.iter().map(|token| token.lemma.clone()).find(|word| {
        joins.iter().any(|join| {
            lexicon
                .entity(join)
                .and_then(|join| join.words.last())
                .is_some_and(|head| crate::words::related(word, head))
        })
    });
    let child = match (joins.as_slice(), verb) {
        ([one], _) => one.clone(),
        (many, Some(verb)) => many
            .iter()
            .find(|join| {
                lexicon
                    .entity(join)
                    .and_then(|join| join.words.last())
                    .is_some_and(|head| crate::words::related(&verb, head))
            })?
            .clone(),
        _ => return None,
    };
    // "at the same time" counts what is open; where the child has states, the sentence does not say which those are.
    let at_once = reading.tokens.iter().any(|token| token.is("sametime"));
    if at_once && lexicon.flow_field(&child).is_some() {
        let when = open_states(reading, &child)?;
        return capacity(reading, Limit { parent, child, measure: Measure::Count, op, limit: whole(bound)?, when });
    }
    capacity(
        reading,
        Limit { parent, child, measure: Measure::Count, op, limit: whole(bound)?, when: Condition::default() },
    )
}

/// The states that are not the end of the way.
fn open_states(reading: &Reading<'_>, child: &str) -> Option<Condition> {
    let flow = &reading.scope.lexicon.entity(child)?.flow;
    let field = reading.scope.lexicon.flow_field(child)?;
    let ends: Vec<Value> = flow
        .states
        .iter()
        .filter(|state| !flow.transitions.iter().any(|(from, _, _)| from == *state))
        .map(|state| Value::from(state.as_str()))
        .collect();
    if ends.is_empty() || ends.len() == flow.states.len() {
        return None;
    }
    Some(Condition(vec![Test::NotIn { via: None, field, values: ends }]))
}

fn through(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    joined(bound, reading, bound.op("cmp")?)
}

fn through_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    joined(bound, reading, negated(bound.op("cmp")?))
}

/// "A member with three open loans cannot make another": at most three.
fn reached(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    counted(bound, reading, Op::Le)
}

/// The limit as a field of the parent.
fn by_field(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let child = bound.entity("c")?;
    let field = bound.field("field")?;
    if bound.entity("p").or_else(|| bound.entity("o")).is_some_and(|parent| parent != field.entity) {
        return None;
    }
    let when = condition(bound, reading, &child)?;
    capacity(
        reading,
        Limit {
            parent: field.entity,
            child,
            measure: Measure::Count,
            op,
            limit: Operand::Field { field: field.field, plus: 0 },
            when,
        },
    )
}

fn count_field(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp")?;
    by_field(bound, reading, if negative(reading) { negated(op) } else { op })
}

fn count_more_than(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    by_field(bound, reading, Op::Le)
}

fn count_exceeds(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    by_field(bound, reading, Op::Le)
}

fn summed(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let sum = bound.field("sum")?;
    let child = sum.entity.clone();
    if bound.entity("c").or_else(|| bound.entity("c2")).is_some_and(|named| named != child) {
        return None;
    }
    if !matches!(reading.scope.kind(&sum)?, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money) {
        return None;
    }
    let (parent, limit) = limit(bound, reading, &child, &sum)?;
    let when = condition(bound, reading, &child)?;
    capacity(reading, Limit { parent, child, measure: Measure::Sum { field: sum.field }, op, limit, when })
}

fn limit(bound: &Bound, reading: &Reading<'_>, child: &str, sum: &FieldRef) -> Option<(String, Operand)> {
    if let Some(field) = bound.field("field") {
        return (field.entity != child).then_some((field.entity, Operand::Field { field: field.field, plus: 0 }));
    }
    let parent = bound.entity("p")?;
    let value = crate::condition::constant(reading, sum, &bound.quantity("qty")?.value)?;
    Some((parent, value))
}

fn sum(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    summed(bound, reading, bound.op("cmp")?)
}

fn sum_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    summed(bound, reading, negated(bound.op("cmp")?))
}

/// "The expenses of a trip must not total more than its budget": the child's one amount.
fn sum_total_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let child = bound.entity("c")?;
    let named = reading.scope.lexicon.entity(&child)?;
    let sums: Vec<FieldRef> = named
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Money))
        .map(|field| FieldRef { entity: child.clone(), field: field.key.clone() })
        .collect();
    let [sum] = sums.as_slice() else { return None };
    let (parent, limit) = limit(bound, reading, &child, sum)?;
    let when = condition(bound, reading, &child)?;
    capacity(
        reading,
        Limit {
            parent,
            child,
            measure: Measure::Sum { field: sum.field.clone() },
            op: negated(bound.op("cmp")?),
            limit,
            when,
        },
    )
}
