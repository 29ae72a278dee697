//! A field against today, now or another field, also of a referenced record.

use super::rule;
use super::years::in_years;
use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::lexicon::Lexicon;
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::span;
use maestro_artifacts::{Condition, FieldKind, Moment, Offset, Op, Operand, RuleKind, Test};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    // Today
    ("(<fields> | <moment:fields>) %stands (in past | < today | < now)", before_today),
    ("(<fields> | <moment:fields>) %stands (in future | > today | > now)", after_today),
    (
        "(<fields> | <moment:fields>) %stands (not in future | <= today | today orless | today or in past | in past or today | not > today | in past or be today | <= now | orless today | today or < | today or past)",
        until_today,
    ),
    (
        "(<fields> | <moment:fields>) %stands (not in past | >= today | today ormore | today or in future | in future or today | not < today | >= now | now ormore | today or future | from today)",
        from_today,
    ),
    ("(<fields> | <moment:fields>) %standsnot (in future | > today | > now)", until_today),
    ("(<fields> | <moment:fields>) %standsnot (in past | < today | < now)", from_today),
    (
        "(<fields> | <moment:fields>) %stands (not in past | >= today | today ormore | today or in future | not < today | >= now | now ormore | today or future | from today) (if [it | they | <entity>] be (%made | planned | scheduled) | on creation | at creation)",
        from_today_made,
    ),
    (
        "(<fields> | <moment:fields>) %stands (in future | > today | > now) (if [it | they | <entity>] be (%made | planned | scheduled | announced) | on creation | at creation)",
        after_today,
    ),
    (
        "(<fields> | <moment:fields>) %standsnot (in past | < today | < now) (if [it | they | <entity>] be (%made | planned | scheduled) | on creation | at creation)",
        from_today_made,
    ),
    ("<fields> (in future | > today) (be %refused)", until_today),
    ("<fields> (in past | < today) (be %refused)", from_today),
    // "A departure in the past is rejected when the trip is created"
    (
        "(<fields> [that (be | lies | lie)] in past | past <fields>) (be | must be) %refused (if [it | they | <entity>] be (%made | planned | scheduled) | on creation [of <entity>] | at creation [of <entity>])",
        from_today_made,
    ),
    ("<fields> [:] not (in future | > today | > now)", until_today),
    ("<fields> [:] not (in past | < today | < now)", from_today),
    ("no <fields> (in future | > today) [may be %made]", until_today),
    ("no <fields> (in past | < today) [may be %made]", from_today),
    ("<fields> (must be | be) today", is_today),
    ("(<fields> | <moment:fields>) %stands <cmp> <qty> (ago | in past | < today)", ago),
    ("(<fields> | <moment:fields>) %standsnot <cmp> <qty> (ago | in past | < today)", not_ago),
    ("<fields> (must be | be) [not] olderthan <qty>", older),
    ("<fields> (mustnot be | mustnot) olderthan <qty>", not_older),
    ("<fields> (must be | be) >= <qty> old", older),
    ("(<fields> | <moment:fields>) %stands <cmp> <qty> %ahead", ahead),
    (
        "(<fields> | <moment:fields>) %stands (>= | >) <qty> %ahead (if [it | they | <entity>] be (%made | planned | scheduled | announced) | on creation | at creation)",
        ahead_made,
    ),
    ("(<fields> | <moment:fields>) %standsnot <cmp> <qty> %ahead", not_ahead),
    ("<fields> (must be | be | must lie) within (next | coming) <qty>", within_next),
    ("<fields> (must be | be | must lie) within (last | past | previous) <qty>", within_last),
    ("<fields> (must be | be | must) [%made] within <qty> (of | from | > ) today", within_next),
    // Other fields
    ("<field> %stands [strictly] [both] <cmp> <field:b>", other),
    ("<moment:field> %stands [strictly] <cmp> <moment:b>", other),
    ("<field> <cmp> <field:b>", other),
    ("<field> %standsnot <cmp> <field:b>", not_other),
    ("<moment:field> %standsnot <cmp> <moment:b>", not_other),
    ("<field> <cmp> <field:b> (be %refused)", refused),
    ("<field> (must | must be) [strictly] (precede | predate | precedes) <moment:b>", precedes),
    ("<field> mustnot (precede | predate) <moment:b>", precedes_not),
    ("<field> (must | must be) [strictly] (follow | follows | succeed) <moment:b>", follows),
    ("<field> mustnot (follow | succeed) <moment:b>", follows_not),
    ("<entity> (must | may | mayonly) <field> <cmp> <moment:b>", other),
    ("<entity> mustnot <field> <cmp> <moment:b>", not_other),
    ("<entity> (whose | where | with | if) <field> (be | <cmp:x>) [<cmp>] <field:b> be %refused", refused_entity),
    ("<field> %stands <cmp> <qty> > <moment:b>", offset),
    (
        "<field> %stands <cmp> <qty> > <moment:b> (and | but) [must be | be] <cmp:c2> <qty:q2> > (it | that | them | <moment:again>)",
        offset_twice,
    ),
    ("<field> %stands between <qty:low> and <qty> > <moment:b>", offset_between),
    ("<field> %stands >= <qty:low> [,] (and | but) <= <qty> > <moment:b>", offset_between),
    ("<field> %standsnot <cmp> <qty> > <moment:b>", offset_not),
    ("<field> (must be | be) (exactly) <qty> > <moment:b>", offset_exactly),
    ("<field> %stands <cmp> <qty> < <moment:b>", before),
    ("<field> %standsnot <cmp> <qty> < <moment:b>", before_not),
    ("<field> (must be | be | must lie | must come) within <qty> (of | > | from) <moment:b>", within_of),
    ("<field> and <field:b> mustnot (be | lie) > <qty> apart", apart),
    ("<field> and <field:b> (must | may | mayonly) (be | lie) <cmp> <qty> apart", apart_by),
    ("(there must be | there must lie) <cmp> <qty> between <field> and <field:b>", apart_by),
    ("(time | period | duration | span) (between | from) <field> (and | to) <field:b> %stands <cmp> <qty>", apart_by),
    (
        "(time | period | duration | span) (between | from) <field> (and | to) <field:b> %standsnot <cmp> <qty>",
        apart_by,
    ),
    (
        "<entity> (mustnot | must | may | mayonly) (last | take | run | be | span | cover | go on | continue | be valid | be booked | be reserved | be lent | be rented | be kept) [for] <cmp> <qty> [long]",
        lasting,
    ),
    ("<entity> (lasts | last | runs | run | takes | be valid | be) [for] <cmp> <qty> [long]", lasting),
    ("<entity> [:] <cmp> <qty> [long]", lasting),
    ("<entity> [of | lasting] <cmp> <qty> [long] (be %refused | mustnot be %made)", lasting_refused),
    (
        "<entity> (mustnot | must | may | mayonly) (last | take | run | go on | continue | be booked | be lent | be kept) [for] <qty> <cmp>",
        lasting,
    ),
    ("<entity> (lasts | last | runs | run | takes) [for] <qty> <cmp>", lasting),
    ("<entity> (must | mustnot) (end | finish | stop) <cmp> [it | they] (start | starts | begin | begins)", ending),
    (
        "<entity> (must | mustnot) (start | begin) <cmp> [it | they] (end | ends | finish | finishes | stop | stops)",
        beginning,
    ),
    ("(duration | length) of <entity> %stands <cmp> <qty>", lasting),
    ("(duration | length) of <entity> %standsnot <cmp> <qty>", lasting),
    ("(duration | length) of <entity> %stands between <qty:low> and <qty> [long]", lasting_between),
    ("<entity> 's (duration | length) %stands between <qty:low> and <qty> [long]", lasting_between),
    ("<entity> 's (duration | length) %stands <cmp> <qty>", lasting),
    ("<entity> 's (duration | length) %standsnot <cmp> <qty>", lasting),
    ("<entity> (must | may) (last | run | take | be) between <qty:low> and <qty> [long]", lasting_between),
    (
        "<entity> (must | may | mayonly) (last | run | take | be | span) [for] <cmp> <qty> and [be] <cmp:c2> <qty:q2> [long]",
        lasting_twice,
    ),
    (
        "<entity> (last | lasts | run | runs | take | takes) [for] <cmp> <qty> and [for] <cmp:c2> <qty:q2> [long]",
        lasting_twice,
    ),
    ("maximum (duration | length) of <entity> be <qty>", lasting_most),
    ("<entity> (have | must have) (duration | length) [of] <cmp> <qty>", lasting),
    ("<entity> (have | must have) (duration | length) [of] between <qty:low> and <qty>", lasting_between),
    (
        "<field> (must | must be) (differ from | different from | not = | != | not same as | other than) <field:b>",
        different,
    ),
    ("<field> (mustnot be) (= | same as | same) <field:b>", different),
    (
        "<field> and <field:b> (must differ | must be different | mustnot be = | mustnot be same | mustnot be identical | mustnot coincide)",
        different,
    ),
    ("<field> (must be | must | be) (= | same as) <field:b>", same),
    // "The licence must not expire before the departure" of a field `licence expires on`.
    ("<words:n> (mustnot | must) %expire <cmp> <moment:b>", lapsing),
    (
        "<words:n> must (be | remain) [still] valid (on | at | if | unless | for | >= | during | to) <moment:b>",
        lapsing_valid,
    ),
    // "A batch may not be cast in the future" of a field `cast on`.
    ("<entity> (mustnot be | mustnot have been | must be | mustnot) <word:v> [on] in (past | future)", dated_by),
    ("<entity> (mustnot be | mustnot have been | must be | mustnot) <word:v> <cmp> (today | now)", dated_by),
    (
        "<entity> (mustnot be | mustnot | must be | must | mayonly be) <word:v> [out | in | up | off | over] <cmp> <moment:b>",
        dated_than,
    ),
    ("<entity> (mustnot be | mustnot | must be | must) <word:v> <cmp> <qty> > <moment:b>", dated_later),
    ("<entity> (must be | must) <word:v> within <qty> (of | > | from) <moment:b>", dated_within),
    ("<entity> (mustnot | must) (be dated | be | take place | happen | be made) <cmp> <moment:b>", dated_as),
    ("<entity> must be >= <qty> old", old_enough),
    ("<entity> must be >= <qty> old (on | at | by) <moment>", old_enough_then),
    ("<entity> must be <qty> [old] ormore [old]", old_enough),
    ("<entity> mustnot be < <qty> [old]", old_enough),
    ("<entity> < <qty> [old] be %refused", old_enough),
    (
        "<entity> (mustnot be | mustnot lie | mustnot be dated | mustnot be made | mustnot start | mustnot begin | mustnot take place | mustnot be scheduled | mustnot be planned | mustnot be booked) in (past | future) [if [it | <entity:e>] be (%made | planned | scheduled) | on creation | at creation]",
        dated,
    ),
    ("<entity> (must be | must lie | must start | must begin | must take place) in (past | future)", dated),
    ("<entity> (must | mustnot) (start | begin | take place) <cmp> (today | tomorrow)", starts_by),
    (
        "<entity> (must | may | mayonly) (start | begin | take place) (today ormore | >= today | from today | not < today | not in past) [if [it | <entity:e>] be %made | on creation | at creation]",
        starts_from_today,
    ),
];

fn compare(field: FieldRef, op: Op, to: Operand) -> Option<Vec<Effect>> {
    rule(RuleKind::Compare {
        entity: field.entity,
        field: field.field,
        op,
        to,
        when: Condition::default(),
        on_create: false,
    })
}

fn is_time(reading: &Reading<'_>, field: &FieldRef) -> bool {
    matches!(reading.scope.kind(field), Some(FieldKind::Date | FieldKind::DateTime))
}

/// The day that lies so far from the one of the request.
pub(super) fn day(offset: Offset) -> Option<Operand> {
    let Offset { plus: plus_days, plus_months, plus_minutes } = offset;
    (plus_minutes == 0).then_some(Operand::Today { plus_days, plus_months })
}

/// A start that "may not be in the past" is judged when it is given first: time passes, and the record must stay editable.
fn today(bound: &Bound, reading: &Reading<'_>, op: Op, offset: Offset) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let mut effects = Vec::new();
    for field in fields {
        effects.extend(is_a_day(reading, &field));
        let to = match reading.scope.kind(&field)? {
            FieldKind::Date => day(offset)?,
            FieldKind::Text { .. } if !reading.scope.lexicon.field(&field)?.stated => day(offset)?,
            FieldKind::DateTime if offset == Offset::NONE && !reading.tokens.iter().any(|token| token.is("today")) => {
                Operand::now()
            }
            FieldKind::DateTime => day(offset)?,
            _ => in_years(reading, &field, offset)?,
        };
        let on_create = matches!(op, Op::Ge | Op::Gt);
        effects.push(Effect::Rule(RuleKind::Compare {
            entity: field.entity,
            field: field.field,
            op,
            to,
            when: Condition::default(),
            on_create,
        }));
    }
    Some(effects)
}

/// What must lie in the future is a date, where neither its name nor anything else tells another type. Told again on
/// every reading, or the next one would forget it.
fn is_a_day(reading: &Reading<'_>, field: &FieldRef) -> Option<Effect> {
    let lexicon = reading.scope.lexicon;
    let (named, entity) = (lexicon.field(field)?, lexicon.entity(&field.entity)?);
    let by_name = crate::fields::infer::kind(&named.name, &entity.key, lexicon);
    let open = matches!(by_name, FieldKind::Text { .. })
        && (named.kind == FieldKind::Date || matches!(named.kind, FieldKind::Text { .. }) && !named.stated);
    open.then(|| Effect::Field {
        entity: entity.name.clone(),
        name: named.name.clone(),
        kind: Some(FieldKind::Date),
        read_only: false,
    })
}

fn before_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Lt, Offset::NONE)
}
fn after_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Gt, Offset::NONE)
}
fn until_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Le, Offset::NONE)
}
fn from_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Ge, Offset::NONE)
}
fn is_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Eq, Offset::NONE)
}

/// "at least 18 years ago" is on or before that day.
pub(crate) const fn backwards(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

/// How a moment so long before another compares: "at least 3 days before" is that day or an earlier one, "no earlier than
/// 3 days before" that day or a later one.
pub(super) fn earlier(bound: &Bound, reading: &Reading<'_>, op: Op) -> Op {
    if on_the_clock(bound, reading) { op } else { backwards(op) }
}

/// Whether the comparison says what comes first ("no later than"), and not how much lies between ("at least").
pub(super) fn on_the_clock(bound: &Bound, reading: &Reading<'_>) -> bool {
    const ORDER: &[&str] = &["later", "earlier", "sooner", "latest", "earliest", "before", "after"];
    bound.place("cmp").is_some_and(|range| {
        let told = reading.part(&range).iter().map(|token| token.raw.to_lowercase());
        told.into_iter().any(|raw| raw.split(' ').any(|word| ORDER.contains(&word)))
    })
}

fn ago(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    clock(bound, reading, earlier(bound, reading, bound.op("cmp")?), -1)
}
fn not_ago(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    clock(bound, reading, earlier(bound, reading, negated(bound.op("cmp")?)), -1)
}
fn ahead(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    clock(bound, reading, bound.op("cmp")?, 1)
}
/// Whether a record that is named beside fields is theirs; none need be.
fn own(bound: &Bound) -> Option<bool> {
    let fields = bound.fields("fields")?;
    Some(bound.entity("entity").is_none_or(|entity| fields.iter().all(|field| field.entity == entity)))
}

/// "... when the trip is entered": a least lead is judged then anyway.
fn ahead_made(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    own(bound)?.then(|| clock(bound, reading, Op::Ge, 1)).flatten()
}
fn not_ahead(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    clock(bound, reading, negated(bound.op("cmp")?), 1)
}

/// Against a moment so many days, hours or minutes from now.
fn clock(bound: &Bound, reading: &Reading<'_>, op: Op, sign: i64) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let effects = fields.into_iter().map(|field| from_now(bound, reading, field, op, sign)).collect::<Option<Vec<_>>>();
    Some(effects?.concat())
}

fn from_now(bound: &Bound, reading: &Reading<'_>, field: FieldRef, op: Op, sign: i64) -> Option<Vec<Effect>> {
    let offset = time(bound)?;
    let offset = if sign < 0 { offset.negated() } else { offset };
    let to = match reading.scope.kind(&field)? {
        FieldKind::Date | FieldKind::DateTime if offset.plus_minutes == 0 => day(offset)?,
        FieldKind::DateTime => Operand::Now { plus_minutes: offset.plus_minutes },
        _ => in_years(reading, &field, offset)?,
    };
    // What lies ahead is judged when it is given first: time passes, and the record must stay editable.
    let on_create = matches!(op, Op::Ge | Op::Gt);
    rule(RuleKind::Compare { entity: field.entity, field: field.field, op, to, when: Condition::default(), on_create })
}

/// "The last survey must be older than a month", "must be at least 18 years old" of a date.
fn older(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    match (said("olderthan"), said("not")) {
        (true, true) => clock(bound, reading, Op::Ge, -1),
        (true, false) => clock(bound, reading, Op::Lt, -1),
        (false, _) => clock(bound, reading, Op::Le, -1),
    }
}
fn not_older(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    clock(bound, reading, Op::Ge, -1)
}

/// The one field of time of an entity.
pub(super) fn one_time(reading: &Reading<'_>, entity: &str) -> Option<String> {
    let named = reading.scope.lexicon.entity(entity)?;
    let mut times = named
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime) && !field.read_only);
    match (times.next(), times.next()) {
        (Some(one), None) => Some(one.key.clone()),
        _ => None,
    }
}

fn negative(reading: &Reading<'_>) -> bool {
    reading.tokens.iter().any(|token| token.is("mustnot"))
}
fn within_next(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = today(bound, reading, Op::Ge, Offset::NONE)?;
    effects.extend(today(bound, reading, Op::Le, time(bound)?)?);
    Some(effects)
}
fn within_last(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = today(bound, reading, Op::Le, Offset::NONE)?;
    effects.extend(today(bound, reading, Op::Ge, time(bound)?.negated())?);
    Some(effects)
}

/// Two fields as one comparison: of the same record, or of the record and one it refers to.
fn pair(reading: &Reading<'_>, field: FieldRef, op: Op, other: FieldRef, offset: Offset) -> Option<Vec<Effect>> {
    let (a, b) = (reading.scope.kind(&field)?, reading.scope.kind(&other)?);
    let time = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::DateTime);
    let number = |kind: &FieldKind| matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    let ordered = (time(a) && time(b)) || (number(a) && number(b));
    // "The seeds germinated must not exceed the seeds sown": what exceeds is a number.
    const AMOUNTS: &[&str] = &[
        "exceed", "more", "greater", "less", "fewer", "higher", "lower", "larger", "smaller", "least", "most", "below",
        "above",
    ];
    let amounts = reading.tokens.iter().any(|token| {
        token.raw.to_lowercase().split(' ').any(|word| AMOUNTS.iter().any(|amount| word.starts_with(amount)))
    });
    if (amounts || (number(a) && number(b)))
        && offset == Offset::NONE
        && field != other
        && let Some(mut effects) = reading.as_numbers(&[field.clone(), other.clone()], &FieldKind::Decimal)
        && (!effects.is_empty() || (number(a) && number(b)))
    {
        effects.extend(related(reading, field, op, other, Offset::NONE)?);
        return Some(effects);
    }
    // "Departure after arrival": what comes after something is a moment.
    const MOMENTS: &[&str] = &["after", "before", "later", "earlier", "until"];
    let moments =
        reading.tokens.iter().any(|token| token.raw.to_lowercase().split(' ').any(|word| MOMENTS.contains(&word)));
    if moments
        && field != other
        && let Some(mut effects) = reading.as_moments(&[field.clone(), other.clone()])
        && !effects.is_empty()
    {
        effects.extend(related(reading, field, op, other, offset)?);
        return Some(effects);
    }
    if !ordered && (a != b || !matches!(op, Op::Eq | Op::Ne)) {
        return None;
    }
    // Minutes mean something between two instants only.
    if offset.plus_minutes != 0 && (a, b) != (&FieldKind::DateTime, &FieldKind::DateTime) {
        return None;
    }
    related(reading, field, op, other, offset)
}

/// The comparison, once the types are known to allow it.
fn related(reading: &Reading<'_>, field: FieldRef, op: Op, other: FieldRef, offset: Offset) -> Option<Vec<Effect>> {
    if field == other {
        return None;
    }
    if field.entity == other.entity {
        return compare(field, op, Operand::Field { field: other.field, offset });
    }
    if let Some(via) = reading.scope.lexicon.long_way(&field.entity, &other.entity) {
        return compare(field, op, Operand::Referenced { via, field: other.field, offset });
    }
    // "The tool's purchase date must be before the loan's start" is a rule about the loan, where that is named.
    let whole = |named: &crate::lexicon::NamedField| {
        named.words.iter().all(|word| reading.tokens.iter().any(|token| token.lemma == *word || token.word == *word))
    };
    let named = reading.scope.mentioned(reading.tokens).contains(&other.entity)
        || reading.scope.lexicon.field(&other).is_some_and(whole);
    let Some(via) = reading.scope.lexicon.way(&other.entity, &field.entity).filter(|_| named) else {
        return of_both(reading, &field, op, &other, offset);
    };
    // Months cannot be taken to the other side: the 31st of January and a month is the 28th of February, and a month
    // before that is the 28th of January.
    if offset.plus_months != 0 {
        return None;
    }
    let to = Operand::Referenced { via, field: field.field, offset: offset.negated() };
    compare(other, backwards(op), to)
}

/// "The size of the dog must equal the size of the run": of the one kind of record that refers to both.
fn of_both(reading: &Reading<'_>, field: &FieldRef, op: Op, other: &FieldRef, offset: Offset) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let ways = |way: &dyn Fn(&str, &str) -> Option<String>| -> Vec<(String, String, String)> {
        let keys = lexicon.entities.iter().map(|entity| &entity.key);
        keys.filter_map(|key| Some((key.clone(), way(key, &field.entity)?, way(key, &other.entity)?))).collect()
    };
    // Of several, the one that the epic speaks of.
    let mut found = ways(&|from, to| lexicon.reference(from, to));
    if found.is_empty() {
        found = ways(&|from, to| lexicon.way(from, to));
    }
    if found.len() > 1 {
        let spoken_of = reading.scope.focus.iter().find(|focus| found.iter().any(|(entity, ..)| entity == *focus))?;
        found.retain(|(entity, ..)| entity == spoken_of);
    }
    let [(entity, via, to)] = <[_; 1]>::try_from(found).ok()?;
    let to = Operand::Referenced { via: to, field: other.field.clone(), offset };
    let test = Test::Compare { via: Some(via), field: field.field.clone(), op, to };
    rule(RuleKind::Requires { entity, at: Moment::Save, condition: Condition(vec![test]) })
}

fn both(bound: &Bound, reading: &Reading<'_>, op: Op, offset: Offset) -> Option<Vec<Effect>> {
    let (field, other) = (bound.field("field")?, bound.field("b")?);
    if offset != Offset::NONE && !is_time(reading, &field) {
        return None;
    }
    pair(reading, field, op, other, offset)
}

fn other(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, bound.op("cmp")?, Offset::NONE)
}
fn not_other(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, negated(bound.op("cmp")?), Offset::NONE)
}
fn refused(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    not_other(bound, reading)
}
fn refused_entity(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp").or_else(|| bound.op("x"))?;
    both(bound, reading, negated(op), Offset::NONE)
}
fn precedes(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Lt, Offset::NONE)
}
fn precedes_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Ge, Offset::NONE)
}
fn follows(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Gt, Offset::NONE)
}
fn follows_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Le, Offset::NONE)
}
fn time(bound: &Bound) -> Option<Offset> {
    bound.quantity("qty")?.offset()
}
/// "At least 3 days after the start".
fn offset(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, bound.op("cmp")?, time(bound)?)
}
/// "At least 20 days after the sowing and no more than 300 days after it".
fn offset_twice(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if bound.field("again").is_some_and(|again| Some(again) != bound.field("b")) {
        return None;
    }
    let mut effects = offset(bound, reading)?;
    effects.extend(both(bound, reading, bound.op("c2")?, bound.quantity("q2")?.offset()?)?);
    Some(effects)
}
fn offset_between(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (low, high) = (bound.quantity("low")?, bound.quantity("qty")?);
    let unit = low.unit.clone().or_else(|| high.unit.clone());
    let low = crate::scope::Quantity { value: low.value.clone(), unit }.offset()?;
    let mut effects = both(bound, reading, Op::Ge, low)?;
    effects.extend(both(bound, reading, Op::Le, time(bound)?)?);
    Some(effects)
}
fn offset_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, negated(bound.op("cmp")?), time(bound)?)
}
fn offset_exactly(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Eq, time(bound)?)
}
/// "At least 3 days before the start" is on or before that day.
fn before(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, earlier(bound, reading, bound.op("cmp")?), time(bound)?.negated())
}
fn before_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, earlier(bound, reading, negated(bound.op("cmp")?)), time(bound)?.negated())
}
fn within_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = both(bound, reading, Op::Ge, Offset::NONE)?;
    effects.extend(both(bound, reading, Op::Le, time(bound)?)?);
    Some(effects)
}
fn apart(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (bound.field("field")?, bound.field("b")?);
    pair(reading, other, Op::Le, field, time(bound)?)
}
fn apart_by(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (bound.field("field")?, bound.field("b")?);
    let op = bound.op("cmp")?;
    pair(reading, other, if negative(reading) { negated(op) } else { op }, field, time(bound)?)
}

fn lasting(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp")?;
    lasts(bound, reading, if negative(reading) { negated(op) } else { op }, "qty")
}

/// "A press run of more than 12 hours is refused".
fn lasting_refused(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "Sessions before 10 days ..." says when they are.
    if on_the_clock(bound, reading) {
        return None;
    }
    lasts(bound, reading, negated(bound.op("cmp")?), "qty")
}

/// "It must end after it begins".
fn ending(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp")?;
    let entity = bound.entity("entity")?;
    let (start, end) = span::of(reading.scope.lexicon, &entity)?;
    let field = |field: String| FieldRef { entity: entity.clone(), field };
    pair(reading, field(end), if negative(reading) { negated(op) } else { op }, field(start), Offset::NONE)
}

/// "It must begin before it ends".
fn beginning(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp")?;
    let entity = bound.entity("entity")?;
    let (start, end) = span::of(reading.scope.lexicon, &entity)?;
    let field = |field: String| FieldRef { entity: entity.clone(), field };
    pair(reading, field(start), if negative(reading) { negated(op) } else { op }, field(end), Offset::NONE)
}

fn lasting_most(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    lasts(bound, reading, Op::Le, "qty")
}

fn lasting_between(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = lasts(bound, reading, Op::Ge, "low")?;
    effects.extend(lasts(bound, reading, Op::Le, "qty")?);
    Some(effects)
}

fn lasting_twice(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = lasts(bound, reading, bound.op("cmp")?, "qty")?;
    effects.extend(lasts(bound, reading, bound.op("c2")?, "q2")?);
    Some(effects)
}

fn lasts(bound: &Bound, reading: &Reading<'_>, op: Op, quantity: &str) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    // "The duration of a talk" that has a duration of its own is that one.
    let named = reading.scope.lexicon.entity(&entity)?;
    let told = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let own = |word: &&str| {
        told(word)
            && named
                .fields
                .iter()
                .any(|field| !field.read_only && field.words.first().is_some_and(|first| first == *word))
    };
    (!["duration", "length"].iter().any(own)).then_some(())?;
    let (start, end) = span::of(reading.scope.lexicon, &entity)?;
    let quantity = bound.quantity(quantity)?;
    // "between 1 and 3 hours": the unit stands once.
    let unit = quantity.unit.clone().or_else(|| bound.quantity("qty")?.unit.clone());
    // "at least 2 and no more than 28 nights"
    let unit = unit.or_else(|| bound.quantity("q2")?.unit.clone());
    let time = crate::scope::Quantity { value: quantity.value.clone(), unit }.offset()?;
    let field = |field: String| FieldRef { entity: entity.clone(), field };
    pair(reading, field(end), op, field(start), time)
}

fn different(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Ne, Offset::NONE)
}
fn same(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Eq, Offset::NONE)
}

/// An age; a bare number counts years.
pub(crate) fn age(bound: &Bound) -> Option<Offset> {
    let quantity = bound.quantity("qty")?;
    let unit = Some(quantity.unit.clone().unwrap_or_else(|| "year".to_owned()));
    crate::scope::Quantity { value: quantity.value.clone(), unit }.offset()
}

/// "A member must be at least 18 years old" is about the one birth date.
fn old_enough(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    compare(birth_date(bound, reading)?, Op::Le, day(age(bound)?.negated())?)
}

/// "... on the day they are registered": by then, and not today.
fn old_enough_then(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (birth, then) = (birth_date(bound, reading)?, bound.field("moment")?);
    let to = Operand::Field { field: then.field.clone(), offset: age(bound)?.negated() };
    (then.entity == birth.entity && then != birth).then(|| compare(birth, Op::Le, to)).flatten()
}

fn birth_date(bound: &Bound, reading: &Reading<'_>) -> Option<FieldRef> {
    birth_of(reading.scope.lexicon, &bound.entity("entity")?)
}

/// The one date of birth of a kind of record.
pub(crate) fn birth_of(lexicon: &Lexicon, entity: &str) -> Option<FieldRef> {
    let named = lexicon.entity(entity)?;
    let births: Vec<_> = named
        .fields
        .iter()
        .filter(|field| {
            field.kind == FieldKind::Date
                && field
                    .words
                    .iter()
                    .chain(field.aliases.iter().flatten())
                    .any(|word| matches!(word.as_str(), "birth" | "birthday" | "born" | "birthdate" | "dob"))
        })
        .collect();
    let [birth] = births.as_slice() else { return None };
    Some(FieldRef { entity: entity.to_owned(), field: birth.key.clone() })
}

/// "... when a stay is created": which records past days are judged by already.
fn from_today_made(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    own(bound)?.then(|| from_today(bound, reading)).flatten()
}

/// "Loans must start no earlier than tomorrow", "an agreement must start after today": judged when the start is given.
fn starts_by(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let (start, _) = span::of(reading.scope.lexicon, &entity).or_else(|| {
        let start = one_time(reading, &entity)?;
        Some((start.clone(), start))
    })?;
    let op = bound.op("cmp").map(|op| if negative(reading) { negated(op) } else { op })?;
    let tomorrow = reading.tokens.last().is_some_and(|last| last.is("tomorrow"));
    let to = Operand::Today { plus_days: i32::from(tomorrow).into(), plus_months: 0 };
    rule(RuleKind::Compare { entity, field: start, op, to, when: Condition::default(), on_create: true })
}

/// "A job must start today or later when it is entered".
fn starts_from_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    if bound.entity("e").is_some_and(|other| other != entity) {
        return None;
    }
    let field =
        span::of(reading.scope.lexicon, &entity).map(|(start, _)| start).or_else(|| one_time(reading, &entity))?;
    rule(RuleKind::Compare {
        entity,
        field,
        op: Op::Ge,
        to: Operand::today(),
        when: Condition::default(),
        on_create: true,
    })
}

fn verb_of(bound: &Bound, reading: &Reading<'_>) -> Option<FieldRef> {
    let verb = reading.part(&bound.words("v")?).first()?.word.clone();
    reading.scope.time_of(&bound.entity("entity")?, &verb)
}

fn dated_by(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = verb_of(bound, reading)?;
    let said = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let op = match bound.op("cmp") {
        Some(op) => op,
        None if said("past") => Op::Lt,
        None => Op::Gt,
    };
    let op = if said("mustnot") { negated(op) } else { op };
    let to = match reading.scope.kind(&field)? {
        FieldKind::Date => Operand::today(),
        FieldKind::DateTime if said("today") => Operand::today(),
        _ => Operand::now(),
    };
    rule(RuleKind::Compare {
        entity: field.entity,
        field: field.field,
        op,
        to,
        when: Condition::default(),
        on_create: matches!(op, Op::Ge | Op::Gt),
    })
}

/// "An inspection may not be dated before the setup of its hive": the record's one date.
fn dated_as(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, other) = (bound.entity("entity")?, bound.field("b")?);
    let named = reading.scope.lexicon.entity(&entity)?;
    let one = named.own_moment().filter(|field| !field.read_only)?;
    let field = FieldRef { entity, field: one.key.clone() };
    let op = bound.op("cmp")?;
    let negative = reading.tokens.iter().any(|token| token.is("mustnot"));
    pair(reading, field, if negative { negated(op) } else { op }, other, Offset::NONE)
}

/// "Orders must be shipped no later than 10 days after they were ordered".
fn dated_later(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (verb_of(bound, reading)?, bound.field("b")?);
    let op = bound.op("cmp")?;
    pair(reading, field, if negative(reading) { negated(op) } else { op }, other, time(bound)?)
}

fn dated_within(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (verb_of(bound, reading)?, bound.field("b")?);
    let mut effects = pair(reading, field.clone(), Op::Ge, other.clone(), Offset::NONE)?;
    effects.extend(pair(reading, field, Op::Le, other, time(bound)?)?);
    Some(effects)
}

/// The field of time that tells when the named thing ends: `licence` of `licence expires on`, `permit valid until`.
fn end_of(bound: &Bound, reading: &Reading<'_>) -> Option<FieldRef> {
    lapses(reading, reading.part(&bound.words("n")?))
}

/// The same for words: `insurance`, `the licence of a driver`.
pub(crate) fn lapses(reading: &Reading<'_>, words: &[crate::token::Token]) -> Option<FieldRef> {
    const LAPSES: &[&str] =
        &["expire", "expires", "expiry", "expiration", "until", "till", "end", "ends", "lapse", "to", "run", "runs"];
    let owners: Vec<String> = reading.engine.scope(words).mentioned(words);
    let said = |word: &String| words.iter().any(|token| token.lemma == *word);
    let mut found = reading.scope.lexicon.entities.iter().flat_map(|entity| {
        entity.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime)).filter_map(
            move |field| {
                let lapses = field.words.iter().any(|word| LAPSES.contains(&word.as_str()));
                Some((entity, field)).filter(|_| lapses)
            },
        )
    });
    let mut fits = found.by_ref().filter(|(entity, field)| {
        let subject = field.words.iter().filter(|word| {
            !LAPSES.contains(&word.as_str()) && !matches!(word.as_str(), "date" | "on" | "valid" | "at" | "out" | "day")
        });
        let subject: Vec<&String> = subject.collect();
        (owners.is_empty() || owners.contains(&entity.key))
            && (subject.iter().all(|word| said(word)) && !subject.is_empty()
                || subject.is_empty() && owners.contains(&entity.key))
    });
    match (fits.next(), fits.next()) {
        (Some((entity, field)), None) => Some(FieldRef { entity: entity.key.clone(), field: field.key.clone() }),
        _ => None,
    }
}

fn lapsing(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (end_of(bound, reading)?, bound.field("b")?);
    let op = bound.op("cmp")?;
    pair(reading, field, if negative(reading) { negated(op) } else { op }, other, Offset::NONE)
}

fn lapsing_valid(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (end_of(bound, reading)?, bound.field("b")?);
    pair(reading, field, Op::Ge, other, Offset::NONE)
}

/// "A sample must not be tested before it was taken".
fn dated_than(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (verb_of(bound, reading)?, bound.field("b")?);
    let op = bound.op("cmp")?;
    let negative = reading.tokens.iter().any(|token| token.is("mustnot"));
    pair(reading, field, if negative { negated(op) } else { op }, other, Offset::NONE)
}

/// "A visit may not be in the future": the record's one date, or the start of what lasts.
fn dated(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let named = reading.scope.lexicon.entity(&entity)?;
    let field = match named.own_moment() {
        Some(field) => field.key.clone(),
        // Which of several dates it is dated by is not said.
        None if reading.tokens.iter().any(|token| token.is("dated")) => return None,
        None => span::of(reading.scope.lexicon, &entity)?.0,
    };
    let said = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let (past, not) = (said("past"), said("mustnot"));
    let op = match (past, not) {
        (true, true) => Op::Ge,
        (true, false) => Op::Lt,
        (false, true) => Op::Le,
        (false, false) => Op::Gt,
    };
    let at = FieldRef { entity: entity.clone(), field: field.clone() };
    let to = if *reading.scope.kind(&at)? == FieldKind::Date { Operand::today() } else { Operand::now() };
    rule(RuleKind::Compare {
        entity,
        field,
        op,
        to,
        when: Condition::default(),
        on_create: matches!(op, Op::Ge | Op::Gt),
    })
}
