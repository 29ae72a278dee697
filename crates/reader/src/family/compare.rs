//! A field against today, now or another field, also of a referenced record.

use super::rule;
use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, FieldKind, Op, Operand, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    // Today
    ("<fields> (must be | must lie | be) (in past | < today | < now)", before_today),
    ("<fields> (must be | must lie | be) (in future | > today | > now)", after_today),
    (
        "<fields> (must | must be | must lie | be) (not in future | <= today | today orless | today or in past | in past or today | not > today | in past or be today | <= now | orless today)",
        until_today,
    ),
    (
        "<fields> (must | must be | must lie | be) (not in past | >= today | today ormore | today or in future | in future or today | not < today | >= now | today or future | from today)",
        from_today,
    ),
    ("<fields> (mustnot be | mustnot lie | be never | mustnot) (in future | > today | > now)", until_today),
    ("<fields> (mustnot be | mustnot lie | be never | mustnot) (in past | < today | < now)", from_today),
    ("<fields> in future (be %refused)", until_today),
    ("<fields> in past (be %refused)", from_today),
    ("<fields> (must be | be) today", is_today),
    ("<fields> (must be | must lie | be | must) <cmp> <qty> (ago | in past | < today)", ago),
    ("<fields> (mustnot be | mustnot lie | mustnot) <cmp> <qty> (ago | in past | < today)", not_ago),
    (
        "<fields> (must be | must lie | be | must) <cmp> <qty> (in future | from today | from now | ahead | > today | in advance)",
        ahead,
    ),
    (
        "<fields> (mustnot be | mustnot lie | mustnot) <cmp> <qty> (in future | from today | from now | ahead | > today | in advance)",
        not_ahead,
    ),
    ("<fields> (must be | be | must lie) within (next | coming) <qty>", within_next),
    ("<fields> (must be | be | must lie) within (last | past | previous) <qty>", within_last),
    ("<fields> (must be | be | must) [%made] within <qty> (of | from | > ) today", within_next),
    // Other fields
    (
        "<field> (must be | must | be | must lie | must come | must fall | must have | may be | must end | mayonly be | must always be) [strictly] <cmp> [it] <field:b>",
        other,
    ),
    ("<field> <cmp> <field:b>", other),
    ("<field> (mustnot be | mustnot | mustnot lie | mustnot come | mustnot fall) <cmp> [it] <field:b>", not_other),
    ("<field> <cmp> <field:b> (be %refused)", refused),
    ("<entity> (must | may | mayonly) <field> <cmp> [it] <field:b>", other),
    ("<entity> mustnot <field> <cmp> [it] <field:b>", not_other),
    ("<entity> (whose | where | with | if) <field> (be | <cmp:x>) [<cmp>] <field:b> be %refused", refused_entity),
    ("<field> (must be | be) >= <qty> > <field:b>", offset_ge),
    ("<field> (must be | be) <= <qty> > <field:b>", offset_le),
    ("<field> (must be | be) (exactly) <qty> > <field:b>", offset_eq),
    ("<field> (must be | be) > <qty> > <field:b>", offset_gt),
    ("<field> (must be | be) < <qty> > <field:b>", offset_lt),
    ("<field> (must be | be) >= <qty> < <field:b>", before_ge),
    ("<field> (must be | be) <= <qty> < <field:b>", before_le),
    ("<field> mustnot be > <qty> > <field:b>", offset_le),
    ("<field> mustnot be < <qty> > <field:b>", offset_ge),
    ("<field> (must be | be | must lie | must come) within <qty> (of | > | from) <field:b>", within_of),
    ("<field> and <field:b> mustnot (be | lie) > <qty> apart", apart),
    ("<entity> (mustnot | must) (last | take | run | be | span | cover) [for] <cmp> <qty> [long]", lasting),
    (
        "<entity> (must last | lasts | last | must be | may last | mayonly last | may be | mayonly be | be valid | must be valid | runs | run | takes | may take) [for] <cmp> <qty> [long]",
        lasting,
    ),
    (
        "<field> (must | must be) (differ from | different from | not = | != | not same as | other than) <field:b>",
        different,
    ),
    ("<field> (mustnot be) (= | same as | same) <field:b>", different),
    (
        "<field> and <field:b> (must differ | must be different | mustnot be = | mustnot be same | mustnot be identical)",
        different,
    ),
    ("<field> (must be | must | be) (= | same as) <field:b>", same),
    // "A batch may not be cast in the future" of a field `cast on`.
    ("<entity> (mustnot be | mustnot have been | must be | mustnot) <word:v> in (past | future)", dated_by),
    ("<entity> (mustnot be | mustnot have been | must be | mustnot) <word:v> <cmp> (today | now)", dated_by),
    ("<entity> (mustnot be | mustnot | must be | must) <word:v> <cmp> [it] [be | start] <field:b>", dated_than),
    ("<entity> (mustnot | must) (be dated | be | take place | happen | be made) <cmp> <field:b>", dated_as),
    ("<entity> must be >= <qty> old", old_enough),
    (
        "<entity> (mustnot be | mustnot lie | mustnot be dated | mustnot be made | mustnot start | mustnot begin | mustnot take place) in (past | future)",
        dated,
    ),
    ("<entity> (must be | must lie | must start | must begin | must take place) in (past | future)", dated),
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

/// A start that "may not be in the past" is judged when it is given first: time passes, and the record must stay editable.
fn today(bound: &Bound, reading: &Reading<'_>, op: Op, plus_days: i64) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let mut effects = Vec::new();
    for field in fields {
        let to = match reading.scope.kind(&field)? {
            FieldKind::Date => Operand::Today { plus_days },
            FieldKind::DateTime if plus_days == 0 && !reading.tokens.iter().any(|token| token.is("today")) => {
                Operand::Now
            }
            FieldKind::DateTime => Operand::Today { plus_days },
            _ => return None,
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

fn before_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Lt, 0)
}
fn after_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Gt, 0)
}
fn until_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Le, 0)
}
fn from_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Ge, 0)
}
fn is_today(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, Op::Eq, 0)
}

/// "at least 18 years ago" is on or before that day.
const fn mirrored(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

fn ago(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, mirrored(bound.op("cmp")?), -bound.quantity("qty")?.days()?)
}
fn not_ago(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, mirrored(negated(bound.op("cmp")?)), -bound.quantity("qty")?.days()?)
}
fn ahead(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, bound.op("cmp")?, bound.quantity("qty")?.days()?)
}
fn not_ahead(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    today(bound, reading, negated(bound.op("cmp")?), bound.quantity("qty")?.days()?)
}
fn within_next(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = today(bound, reading, Op::Ge, 0)?;
    effects.extend(today(bound, reading, Op::Le, bound.quantity("qty")?.days()?)?);
    Some(effects)
}
fn within_last(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = today(bound, reading, Op::Le, 0)?;
    effects.extend(today(bound, reading, Op::Ge, -bound.quantity("qty")?.days()?)?);
    Some(effects)
}

/// Two fields as one comparison: of the same record, or of the record and one it refers to.
fn pair(reading: &Reading<'_>, field: FieldRef, op: Op, other: FieldRef, plus: i64) -> Option<Vec<Effect>> {
    let (a, b) = (reading.scope.kind(&field)?, reading.scope.kind(&other)?);
    let time = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::DateTime);
    let number = |kind: &FieldKind| matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    let ordered = (time(a) && time(b)) || (number(a) && number(b));
    if !ordered && (a != b || !matches!(op, Op::Eq | Op::Ne)) {
        return None;
    }
    if field == other {
        return None;
    }
    if field.entity == other.entity {
        return compare(field, op, Operand::Field { field: other.field, plus });
    }
    if let Some(via) = reading.scope.lexicon.reference(&field.entity, &other.entity) {
        return compare(field, op, Operand::Referenced { via, field: other.field, plus });
    }
    // "The tool's purchase date must be before the loan's start" is a rule about the loan.
    let via = reading.scope.lexicon.reference(&other.entity, &field.entity)?;
    compare(other, mirrored(op), Operand::Referenced { via, field: field.field, plus: -plus })
}

fn both(bound: &Bound, reading: &Reading<'_>, op: Op, plus: i64) -> Option<Vec<Effect>> {
    let (field, other) = (bound.field("field")?, bound.field("b")?);
    if plus != 0 && !is_time(reading, &field) {
        return None;
    }
    pair(reading, field, op, other, plus)
}

fn other(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, bound.op("cmp")?, 0)
}
fn not_other(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, negated(bound.op("cmp")?), 0)
}
fn refused(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    not_other(bound, reading)
}
fn refused_entity(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let op = bound.op("cmp").or_else(|| bound.op("x"))?;
    both(bound, reading, negated(op), 0)
}
fn days(bound: &Bound) -> Option<i64> {
    bound.quantity("qty")?.days()
}
fn offset_ge(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Ge, days(bound)?)
}
fn offset_le(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Le, days(bound)?)
}
fn offset_eq(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Eq, days(bound)?)
}
fn offset_gt(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Gt, days(bound)?)
}
fn offset_lt(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Lt, days(bound)?)
}
fn before_ge(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Le, -days(bound)?)
}
fn before_le(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Ge, -days(bound)?)
}
fn within_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = both(bound, reading, Op::Ge, 0)?;
    effects.extend(both(bound, reading, Op::Le, days(bound)?)?);
    Some(effects)
}
fn apart(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (bound.field("field")?, bound.field("b")?);
    pair(reading, other, Op::Le, field, days(bound)?)
}

/// The start and the end of a record that lasts: the first two fields of time whose names say so.
pub(super) fn span(reading: &Reading<'_>, entity: &str) -> Option<(String, String)> {
    const STARTS: &[&str] = &[
        "start",
        "from",
        "begin",
        "beginning",
        "opening",
        "starting",
        "pickup",
        "checkin",
        "arrival",
        "lending",
        "valid_from",
        "first",
        "borrowed",
        "lent",
    ];
    const ENDS: &[&str] = &[
        "end",
        "to",
        "until",
        "finish",
        "closing",
        "due",
        "return",
        "expiry",
        "till",
        "ending",
        "checkout",
        "departure",
        "last",
        "through",
    ];
    let named = reading.scope.lexicon.entity(entity)?;
    let times: Vec<_> =
        named.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime)).collect();
    let find = |list: &[&str]| {
        times
            .iter()
            .find(|field| {
                field
                    .words
                    .iter()
                    .any(|word| list.contains(&word.as_str()) || list.contains(&crate::words::stem(word).as_str()))
            })
            .copied()
    };
    if let (Some(start), Some(end)) = (find(STARTS), find(ENDS))
        && start.key != end.key
        && start.kind == end.kind
    {
        return Some((start.key.clone(), end.key.clone()));
    }
    // Two fields of time and nothing else to go by: the first one named is the start.
    match times.as_slice() {
        [start, end] if start.kind == end.kind => Some((start.key.clone(), end.key.clone())),
        _ => None,
    }
}

fn lasting(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let (start, end) = span(reading, &entity)?;
    let negative = reading.tokens.iter().any(|token| token.is("mustnot"));
    let op = bound.op("cmp")?;
    let op = if negative { negated(op) } else { op };
    let days = days(bound)?;
    compare(FieldRef { entity, field: end }, op, Operand::Field { field: start, plus: days })
}

fn different(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Ne, 0)
}
fn same(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    both(bound, reading, Op::Eq, 0)
}

/// "A member must be at least 18 years old" is about the one birth date.
fn old_enough(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let named = reading.scope.lexicon.entity(&entity)?;
    let births: Vec<_> = named
        .fields
        .iter()
        .filter(|field| {
            field.kind == FieldKind::Date
                && field
                    .words
                    .iter()
                    .any(|word| matches!(word.as_str(), "birth" | "birthday" | "born" | "birthdate" | "dob"))
        })
        .collect();
    let [birth] = births.as_slice() else { return None };
    compare(FieldRef { entity, field: birth.key.clone() }, Op::Le, Operand::Today { plus_days: -days(bound)? })
}

/// The one field of time whose name starts with this verb: `cast` for `cast on`, `returned` for `return date`.
fn time_of(reading: &Reading<'_>, entity: &str, verb: &str) -> Option<FieldRef> {
    let named = reading.scope.lexicon.entity(entity)?;
    let mut fits = named.fields.iter().filter(|field| {
        matches!(field.kind, FieldKind::Date | FieldKind::DateTime)
            && field.words.iter().any(|word| word == verb || crate::words::related(verb, word))
    });
    match (fits.next(), fits.next()) {
        (Some(field), None) => Some(FieldRef { entity: entity.to_owned(), field: field.key.clone() }),
        _ => None,
    }
}

fn verb_of(bound: &Bound, reading: &Reading<'_>) -> Option<FieldRef> {
    let verb = reading.part(&bound.words("v")?).first()?.word.clone();
    time_of(reading, &bound.entity("entity")?, &verb)
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
        FieldKind::Date => Operand::Today { plus_days: 0 },
        FieldKind::DateTime if said("today") => Operand::Today { plus_days: 0 },
        _ => Operand::Now,
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
    let times: Vec<_> = named
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime) && !field.read_only)
        .collect();
    let [one] = times.as_slice() else { return None };
    let field = FieldRef { entity, field: one.key.clone() };
    let op = bound.op("cmp")?;
    let negative = reading.tokens.iter().any(|token| token.is("mustnot"));
    pair(reading, field, if negative { negated(op) } else { op }, other, 0)
}

/// "A sample must not be tested before it was taken".
fn dated_than(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (field, other) = (verb_of(bound, reading)?, bound.field("b")?);
    let op = bound.op("cmp")?;
    let negative = reading.tokens.iter().any(|token| token.is("mustnot"));
    pair(reading, field, if negative { negated(op) } else { op }, other, 0)
}

/// "A visit may not be in the future": the record's one date, or the start of what lasts.
fn dated(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let named = reading.scope.lexicon.entity(&entity)?;
    let times: Vec<&str> = named
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime))
        .map(|field| field.key.as_str())
        .collect();
    let field = match times.as_slice() {
        [one] => (*one).to_owned(),
        _ => span(reading, &entity)?.0,
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
    let to = if *reading.scope.kind(&at)? == FieldKind::Date { Operand::Today { plus_days: 0 } } else { Operand::Now };
    rule(RuleKind::Compare {
        entity,
        field,
        op,
        to,
        when: Condition::default(),
        on_create: matches!(op, Op::Ge | Op::Gt),
    })
}
