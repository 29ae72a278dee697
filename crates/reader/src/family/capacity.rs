//! Limits over the records that refer to one: `at most 3 open loans per member`, `no more bookings than the capacity`.

use super::rule;
use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::records::{among, lifted};
use crate::scope::FieldRef;
use crate::verbs;
use maestro_artifacts::{Condition, FieldKind, Measure, Offset, Op, Operand, RuleKind, Test};
use serde_json::Value;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    // A field of the parent
    (
        "[no] <entity:p> (may | mayonly | must | mustnot) (%hold | <word>) (no more | more | no > | > | <= | as many | <= as many) <records:c> (than | as | to) [it have] [its] <field> [allows | allow | permits | permit | there be]",
        count_more_than,
    ),
    (
        "[no] <entity:p> (%hold | <word>) (no more | more | no > | > | <= | as many) <records:c> (than | as) [it have] [its] <field> [allows | allow | permits]",
        count_more_than,
    ),
    (
        "(numberof | count of) <records:c> [per | of | for | in | on | at] [<entity:p>] (mustnot be | mustnot | must be | must | may be | be) <cmp> <field>",
        count_signed_field,
    ),
    (
        "[there] (may be | mustnot be | must be | mayonly be) (no > | not > | <= | > | no more | more | as many) <records:c> (than | as) [<entity:p> 's] <field> [of <entity:o>] [allow | allows | permits | be]",
        count_more_than,
    ),
    (
        "[there] (mustnot be | may be no | be no | be never | mustnot exist) (more | >) <records:c> %prep [1] <entity:p> than ([it | they] [have] <field> | <field> [allows | allow | permits | of <entity:o>])",
        count_exceeds,
    ),
    (
        "(no more | <= | no >) <records:c> than <field> [of <entity:p>] [be allowed | may be %made | be accepted | allows | allow]",
        count_more_than,
    ),
    (
        "<records:c> [(of | for | in | on | at) <entity:p>] (mustnot be | mustnot) (> [in number] | outnumber | more than) <field>",
        count_exceeds,
    ),
    (
        "(numberof | count of) not <states:others> <entity:c> [per | of | for | in | on | at] [<entity:p>] (mustnot be | mustnot | must be | must) <cmp> (<field> | <qty>)",
        count_others,
    ),
    (
        "(max | maximum | <=) [numberof] <records:c> (per | for | of | in | on | at) [1] <entity:p> (= | : | be | –) (<field> | <qty>)",
        count_at_most,
    ),
    (
        "[<entity:p> :] (never more | no more | never >) <records:c> [sametime] than [its] <field> [of <entity:o>]",
        count_more_than,
    ),
    // Constants
    (
        "[no] <entity:p> (may | mayonly | must | mustnot) [%hold | be in | be on] <cmp> <qty> <records:c> [sametime | in total | open | be open]",
        count_signed,
    ),
    ("[no] <entity:p> (have | has | hold | holds) <cmp> <qty> <records:c> [sametime | in total]", count_signed),
    (
        "<cmp> <qty> <records:c> (per | for | of | in | on | at) [1] <entity:p> [sametime | be allowed | may exist | be possible | be accepted | may be %made | may be open]",
        count_signed,
    ),
    (
        "[there] (may be | must be | mustnot be | mayonly be) <cmp> <qty> <records:c> (per | for | of | in | on | at) [1] <entity:p> [sametime]",
        count_signed,
    ),
    (
        "(numberof | count of) <records:c> (per | for | of | in | on | at) <entity:p> (must be | mustnot be | mustnot | must | be | may be) <cmp> <qty>",
        count_signed,
    ),
    ("(numberof | count of) <records:c> per <entity:p> be limited to <qty>", reached),
    ("<records:c> per <entity:p> be limited to <qty>", reached),
    ("<entity:p> be limited to <qty> <records:c> [sametime | in total]", reached),
    (
        "[no] <entity:p> (may | mayonly | mustnot) (<word> | be <word> to | be <word> for | be <word> in) <cmp> <qty> <records:o> [sametime | in total]",
        through,
    ),
    ("<entity:p> mustnot have <cmp> <qty> <records:o> (on loan | out | borrowed) [sametime]", through),
    (
        "<cmp> <qty> <records:o> (may | mayonly) (<word> | be <word>) (in | for | on | to | at) [1 | single | same] <entity:p> [sametime | in total]",
        taken_in,
    ),
    (
        "<entity:p> with <qty> <records:c> mustnot (have | make | get | %make | start | open) (other | more | further) [<entity:o>]",
        reached,
    ),
    // Sums
    (
        "(sum | total) [of] [the] <field:sum> [%per <records:c>] [%per <entity:p>] (mustnot be | mustnot | must be | must | may be | be) <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "(sum | total) [of] <records:c> 's <field:sum> [%per <entity:p>] (mustnot be | mustnot | must be | must | may be | be) <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "(sum | total | combined) [of] <field:sum> of <entity:p> 's <records:c> (mustnot be | mustnot | must be | must | may be | be) <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "per <entity:p> [,] (sum | total | combined) [of] <field:sum> [%per <records:c>] (mustnot be | mustnot | must be | must | may be | be) <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "(sum | total | combined) [of] <field:sum> [%per <records:c>] [%per <entity:p>] (be | must be) limited to (<qty> | <field>)",
        sum_limited,
    ),
    (
        "<field:sum> of <records:c> %per <entity:p> (mustnot be | mustnot | must be | must | may be | be) <cmp> (<qty> | <field>)",
        sum_of_all,
    ),
    (
        "(sum | total) [of <records:c>] per <entity:p> (mustnot be | mustnot | must be | must | may be | be) <cmp> (<qty> | <field>)",
        sum_of_topic,
    ),
    (
        "<entity:p> 's total <field:sum> (mustnot be | mustnot | must be | must | may be | be) <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "<field:sum> of <records:c> [%per <entity:p>] (together | in total | combined | altogether) (mustnot be | mustnot | must be | must | may be) <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "<field:sum> of <records:c> [%per <entity:p>] (mustnot | must | may) [together | in total] (total | sum up to | add up to | amount to | sum to) [to] <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "<field:sum> of <records:c> [%per <entity:p>] (mustnot | must | may) (together | in total) be <cmp> (<qty> | <field>)",
        sum_signed,
    ),
    (
        "<records:c> (of | for | in | on) <entity:p> [together] (mustnot | must | may) (total | sum up to | add up to | amount to | cost) <cmp> (<qty> | <field>)",
        sum_of_one,
    ),
    (
        "<records:c> (of | for | in | on) <entity:p> (mustnot be | mustnot | must be | must | may be) <cmp> (<qty> | <field>) (in total | together | altogether | in sum)",
        sum_of_one,
    ),
    (
        "<records:c> (of | for | in | on) <entity:p> (together | in total | altogether | in sum) (mustnot be | mustnot | must be | must | may be) <cmp> (<qty> | <field>)",
        sum_of_one,
    ),
    (
        "<records:c> (of | for | in | on) <entity:p> (mustnot | must | may) (take | last | cost | weigh | need | use | have | cover | hold | bring) <cmp> (<qty> | <field>) (in total | together | altogether | in sum | combined)",
        sum_by_verb,
    ),
    (
        "<records:c> (of | for | in | on) <entity:p> (mustnot | must | may) (together | in total | altogether) (take | last | cost | weigh | need | use | have | cover | hold | bring) <cmp> (<qty> | <field>)",
        sum_by_verb,
    ),
    (
        "<records:c> (of | for | in | on) <entity:p> mustnot (weigh | cost | take) more (in total | together | altogether) than (<entity:p2> [itself] | it)",
        sum_up_to_own,
    ),
];

/// What counts: the children's own name and all that describes them.
fn children(bound: &Bound) -> Option<(String, Condition)> {
    bound.records("c").map(|records| (records.entity, records.when))
}

/// The comparison as a limit: "not more than" is "at most".
fn signed(bound: &Bound, reading: &Reading<'_>) -> Option<Op> {
    let op = bound.op("cmp")?;
    let no = reading.tokens.first().is_some_and(|token| token.is("no"));
    let not = reading.tokens.iter().any(|token| token.is("mustnot"));
    Some(if no || not { negated(op) } else { op })
}

fn count_others(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let child = bound.entity("c")?;
    let when = Condition(vec![among(reading.scope, bound.states("others")?, &child, false)?]);
    let op = signed(bound, reading)?;
    let (parent, limit) = match bound.field("field") {
        Some(field) => (field.entity, Operand::field(field.field)),
        None => (bound.entity("p")?, whole(bound)?),
    };
    if bound.entity("p").is_some_and(|named| named != parent) {
        return None;
    }
    capacity(reading, Limit { parent, child, measure: Measure::Count, op, limit, when })
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
    let parent = bound.entity("p")?;
    let (child, when) = children(bound)?;
    let when = at_once(reading, &child, when)?;
    capacity(reading, Limit { parent, child, measure: Measure::Count, op, limit: whole(bound)?, when })
}

fn count_signed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    counted(bound, reading, signed(bound, reading)?)
}

/// "At the same time" counts what is open: what has not come to an end of its way, or was not given back.
///
/// Where nothing tells what is open, the limit is not understood: all records there ever were are never meant.
fn at_once(reading: &Reading<'_>, child: &str, when: Condition) -> Option<Condition> {
    const OPEN: &[&str] = &["sametime", "open", "out", "borrowed", "loan"];
    let last = reading.tokens.last().filter(|last| !last.quoted);
    let said = reading.tokens.iter().any(|token| token.is("sametime"))
        || last.is_some_and(|last| OPEN.contains(&last.word.as_str()));
    if !said || !when.0.is_empty() {
        return Some(when);
    }
    if reading.scope.lexicon.flow_field(child).is_some() {
        return open_states(reading, child);
    }
    const GIVEN_BACK: &[&str] = &["returned", "ended", "closed", "finished", "completed", "released", "left"];
    let named = reading.scope.lexicon.entity(child)?;
    let back = named.fields.iter().filter(|field| {
        name_starts(&field.name).is_some_and(|first| GIVEN_BACK.contains(&first.to_lowercase().as_str()))
    });
    let mut open = back.filter_map(|field| match field.kind {
        FieldKind::Date | FieldKind::DateTime => Some(Test::Empty { via: None, field: field.key.clone() }),
        FieldKind::Boolean => {
            Some(Test::NotIn { via: None, field: field.key.clone(), values: vec![Value::Bool(true)] })
        }
        _ => None,
    });
    Some(Condition(vec![open.next()?]))
}

fn name_starts(name: &str) -> Option<&str> {
    name.split(' ').next()
}

/// "A member may borrow at most three tools": loans are what joins a member and a tool.
fn joined(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let (parent, records) = (bound.entity("p")?, bound.records("o")?);
    let lexicon = reading.scope.lexicon;
    let limit = whole(bound)?;
    // "A teacher may teach at most five courses": courses have a teacher themselves.
    if lexicon.reference(&records.entity, &parent).is_some() {
        let when = at_once(reading, &records.entity, records.when)?;
        return capacity(reading, Limit { parent, child: records.entity, measure: Measure::Count, op, limit, when });
    }
    let other = &records.entity;
    let joins: Vec<&str> = lexicon
        .entities
        .iter()
        .filter(|child| {
            lexicon.reference(&child.key, &parent).is_some() && lexicon.reference(&child.key, other).is_some()
        })
        .map(|child| child.key.as_str())
        .collect();
    let named = |join: &&&str| {
        let head = lexicon.entity(join).and_then(|join| join.words.last());
        head.is_some_and(|head| reading.tokens.iter().any(|token| crate::words::related(&token.lemma, head)))
    };
    let child = match joins.as_slice() {
        [one] => (*one).to_owned(),
        many => (*many.iter().find(|join| named(join))?).to_owned(),
    };
    let via = lexicon.reference(&child, other)?;
    let when = at_once(reading, &child, lifted(&records.when, &via)?)?;
    capacity(reading, Limit { parent, child, measure: Measure::Count, op, limit, when })
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
    joined(bound, reading, signed(bound, reading)?)
}

/// "A maximum of 12 participants can enrol in a session": by the verb that makes what joins the two.
fn taken_in(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (parent, records) = (bound.entity("p")?, bound.records("o")?);
    let lexicon = reading.scope.lexicon;
    let made = reading.tokens.iter().find_map(|token| {
        let child = verbs::made_by(lexicon, &token.lemma)?;
        (lexicon.reference(&child.key, &parent).is_some() && lexicon.reference(&child.key, &records.entity).is_some())
            .then_some(child)
    })?;
    let when = lifted(&records.when, &lexicon.reference(&made.key, &records.entity)?)?;
    let op = signed(bound, reading)?;
    capacity(
        reading,
        Limit { parent, child: made.key.clone(), measure: Measure::Count, op, limit: whole(bound)?, when },
    )
}

/// "A member with three open loans cannot make another": at most three.
fn reached(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "A patient with two missed appointments cannot have another one", which would not be missed yet: no limit on what
    // is missed. A new one that counts by how it begins is.
    let (child, when) = children(bound)?;
    let flow = reading.scope.lexicon.flow_field(&child);
    let begins = verbs::begins_as(reading.scope.lexicon, &child).map(Value::from);
    let later = |test: &Test| match (test, &begins) {
        (Test::In { via: None, field, values }, Some(begins)) => {
            Some(field) == flow.as_ref() && !values.contains(begins)
        }
        _ => false,
    };
    let refuses = reading.tokens.iter().any(|token| token.is("mustnot"));
    (!(refuses && when.0.iter().any(later))).then(|| counted(bound, reading, Op::Le))?
}

/// The limit as a field of the parent.
fn by_field(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let (child, when) = children(bound)?;
    let field = bound.field("field")?;
    // "Once the credit limit is reached" counts no orders.
    if reading.scope.kind(&field) == Some(&FieldKind::Money) {
        return None;
    }
    let (parent, limit) = owner(reading, &child, field, bound.entity("p").or_else(|| bound.entity("o")))?;
    capacity(reading, Limit { parent, child, measure: Measure::Count, op, limit, when })
}

/// Whose field limits the children: their parent's, or that of a record to which their parent refers ("no more
/// passengers on a flight than its balloon carries").
fn owner(reading: &Reading<'_>, child: &str, field: FieldRef, named: Option<String>) -> Option<(String, Operand)> {
    let lexicon = reading.scope.lexicon;
    if lexicon.reference(child, &field.entity).is_some() && named.as_ref().is_none_or(|named| *named == field.entity) {
        return Some((field.entity, Operand::field(field.field)));
    }
    let between = |parent: &String| {
        *parent != field.entity
            && lexicon.reference(child, parent).is_some()
            && lexicon.reference(parent, &field.entity).is_some()
    };
    let parents: Vec<String> = match named.filter(|named| *named != field.entity) {
        Some(named) => vec![named],
        None => lexicon.entities.iter().map(|entity| entity.key.clone()).collect(),
    };
    let mut fits = parents.into_iter().filter(between);
    let (Some(parent), None) = (fits.next(), fits.next()) else { return None };
    let via = lexicon.reference(&parent, &field.entity)?;
    Some((parent, Operand::Referenced { via, field: field.field, offset: Offset::NONE }))
}

fn count_signed_field(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    by_field(bound, reading, signed(bound, reading)?)
}

/// "May not have more than", "no more than", "at most as many as": every wording but "may have more than".
fn count_more_than(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let says = |words: &[&str]| reading.tokens.iter().any(|token| words.contains(&token.word.as_str()));
    (says(&["mustnot", "no", "<=", "not", "never"]) || says(&["many"]) && says(&["mayonly"]))
        .then(|| by_field(bound, reading, Op::Le))
        .flatten()
}

/// "Max parcels per locker = compartments": a note.
fn count_at_most(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if bound.field("field").is_some() { by_field(bound, reading, Op::Le) } else { counted(bound, reading, Op::Le) }
}

fn count_exceeds(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    by_field(bound, reading, Op::Le)
}

fn sum_signed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    sum_up_to(bound, reading, signed(bound, reading)?)
}

fn sum_up_to(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let sum = bound.field("sum")?;
    let (child, when) = children(bound).unwrap_or_else(|| (sum.entity.clone(), Condition::default()));
    let numeric = matches!(reading.scope.kind(&sum)?, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    if child != sum.entity || !numeric {
        return None;
    }
    let (parent, limit) = limit(bound, reading, &child, &sum)?;
    // "The sum of the energy per tenant" up to a depot's limit: the two would be different parents.
    if bound.entity("p").is_some_and(|named| named != parent) {
        return None;
    }
    capacity(reading, Limit { parent, child, measure: Measure::Sum { field: sum.field }, op, limit, when })
}

fn sum_limited(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    sum_up_to(bound, reading, Op::Le)
}

/// "The weight of all parcels of a van must not exceed ...": of all of them together; "of the parcels" may mean each.
fn sum_of_all(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let all = reading.tokens.iter().any(|token| token.article == Some("all"));
    all.then(|| sum_signed(bound, reading)).flatten()
}

fn limit(bound: &Bound, reading: &Reading<'_>, child: &str, sum: &FieldRef) -> Option<(String, Operand)> {
    if let Some(field) = bound.field("field") {
        return if field.entity == child { None } else { owner(reading, child, field, bound.entity("p")) };
    }
    let parent = bound.entity("p")?;
    let value = crate::condition::constant(reading, sum, &bound.quantity("qty")?.value)?;
    Some((parent, value))
}

/// "The sum per tenant must not exceed ...": of what is spoken of.
fn sum_of_topic(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = bound.entity("p")?;
    let lexicon = reading.scope.lexicon;
    let (child, when) = match children(bound) {
        Some(found) => found,
        None => {
            let mut near = reading.engine.topics.iter().filter(|topic| lexicon.reference(topic, &parent).is_some());
            (near.next()?.clone(), Condition::default())
        }
    };
    sum_of_money(bound, reading, child, when)
}

/// "The expenses of a trip must not total more than its budget": the child's one amount.
fn sum_of_one(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (child, when) = children(bound)?;
    sum_of_money(bound, reading, child, when)
}

fn sum_of_money(bound: &Bound, reading: &Reading<'_>, child: String, when: Condition) -> Option<Vec<Effect>> {
    let named = reading.scope.lexicon.entity(&child)?;
    let sums: Vec<FieldRef> = named
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Money))
        .map(|field| FieldRef { entity: child.clone(), field: field.key.clone() })
        .collect();
    let [sum] = sums.as_slice() else { return None };
    let op = signed(bound, reading)?;
    let (parent, limit) = limit(bound, reading, &child, sum)?;
    capacity(reading, Limit { parent, child, measure: Measure::Sum { field: sum.field.clone() }, op, limit, when })
}

/// "The work steps of an order may not take more than 480 minutes in total": the one number that the unit, or else the verb,
/// tells.
fn sum_by_verb(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (child, when) = children(bound)?;
    let sum = told_by_verb(bound, reading, &child)?;
    let op = signed(bound, reading)?;
    let (parent, limit) = limit(bound, reading, &child, &sum)?;
    if bound.entity("p").is_some_and(|named| named != parent) {
        return None;
    }
    capacity(reading, Limit { parent, child, measure: Measure::Sum { field: sum.field }, op, limit, when })
}

/// "The items of a donation must not weigh more in total than the donation itself": the field of the same name.
fn sum_up_to_own(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (child, when) = children(bound)?;
    let parent = bound.entity("p")?;
    if bound.entity("p2").is_some_and(|again| again != parent) {
        return None;
    }
    let sum = told_by_verb(bound, reading, &child)?;
    let own = told_by_verb(bound, reading, &parent)?;
    let limit = Operand::field(own.field);
    capacity(reading, Limit { parent, child, measure: Measure::Sum { field: sum.field }, op: Op::Le, limit, when })
}

/// The number of these records that a verb is about, or that counts in the unit of the limit: `takes 480 minutes`, `weighs`.
fn told_by_verb(bound: &Bound, reading: &Reading<'_>, of: &str) -> Option<FieldRef> {
    const ABOUT: &[(&str, &[&str])] = &[
        ("weigh", &["weight", "mass"]),
        ("take", &["duration", "time", "length", "minutes", "hours"]),
        ("last", &["duration", "time", "length", "minutes", "hours"]),
        ("cost", &["cost", "price", "amount", "fee"]),
    ];
    let named = reading.scope.lexicon.entity(of)?;
    let says = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let numeric = |kind: &FieldKind| matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    let unit = bound.quantity("qty").and_then(|quantity| quantity.unit.clone());
    let about = ABOUT.iter().find(|(verb, _)| says(verb)).map_or(&[][..], |(_, words)| words);
    let numbers = || named.fields.iter().filter(|field| numeric(&field.kind));
    let one = |fits: &dyn Fn(&crate::lexicon::NamedField) -> bool| {
        let mut found = numbers().filter(|field| fits(field));
        found.next().filter(|_| found.next().is_none())
    };
    let singular = unit.as_deref().map(crate::words::singular);
    let by_unit = |field: &crate::lexicon::NamedField| {
        let says = |word: &String| singular.as_ref().is_some_and(|unit| crate::words::singular(word) == *unit);
        field.words.iter().any(says) || field.unit.as_ref().is_some_and(says)
    };
    let by_verb = |field: &crate::lexicon::NamedField| {
        field.words.iter().any(|word| about.contains(&word.as_str())) || says("cost") && field.kind == FieldKind::Money
    };
    let found = one(&by_unit).or_else(|| one(&by_verb))?;
    Some(FieldRef { entity: of.to_owned(), field: found.key.clone() })
}
