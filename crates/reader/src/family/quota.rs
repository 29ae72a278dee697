//! Limits per day: `an inspector makes at most 8 inspections a day`, `a key may be inspected only once a day`.

use super::rule;
use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::lexicon::{Named, NamedField};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, FieldKind, Op, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "[no] (<entity:p> | <field:f>) (may | mayonly | must | mustnot) (%hold | <word> | <word> (out | in | up | for | on)) [only] (<cmp> <qty> | <qty>) <records:c> [<word>] %daily",
        of_one,
    ),
    ("(<entity:p> | <field:f>) (have | has | makes | gets) [only] (<cmp> <qty> | <qty>) <records:c> %daily", of_one),
    (
        "only <qty> <records:c> (per | for | of) (<entity:p> | <field:f>) (and | per) [per] (day | date | calendar day) [be allowed | may be %made | be possible | be accepted]",
        of_one,
    ),
    (
        "[there] (may be | mustnot be | must be | mayonly be) <cmp> <qty> <records:c> (per | for | of) (<entity:p> | <field:f>) (and | per) [per] (day | date | calendar day)",
        of_one,
    ),
    (
        "<cmp> <qty> <records:c> (per | for | of) (<entity:p> | <field:f>) (and | per) [per] (day | date | calendar day) [be allowed | may be %made | be possible | be accepted]",
        of_one,
    ),
    (
        "<cmp> <qty> <records:c> (per | a) day (and | per) (<entity:p> | <field:f>) [be allowed | may be %made | be possible | be accepted]",
        of_one,
    ),
    (
        "[there] (may be | mustnot be | must be | mayonly be) <cmp> <qty> <records:c> (per | for | of | in | on | at | with) [same | 1] (<entity:p> | <field:f>) %daily",
        of_one,
    ),
    (
        "<cmp> <qty> <records:c> may %held (per | for | in | on | at | with) [same | 1] (<entity:p> | <field:f>) %daily",
        of_one,
    ),
    ("<cmp> <qty> <records:c> (per | for | of) [same | 1] (<entity:p> | <field:f>) may %held %daily", of_one),
    (
        "<cmp> <qty> <records:c> may %held %daily (per | for | in | on | at | with) [same | 1] (<entity:p> | <field:f>)",
        of_one,
    ),
    (
        "<cmp> <qty> <records:c> (per | on | for) <field:date> [be allowed | may be %made | be possible | be accepted]",
        of_date,
    ),
    ("<cmp> <qty> <records:c> may have same <field:date>", of_date),
    ("<entity:p> (may | mayonly) have <cmp> <qty> <records:c> per <field:date>", of_date),
    (
        "[there (must be | may be | mayonly be | be)] (only | <=) <qty> <records:c> (per | for | of) <fields:own> [,] (and | per) [per] (day | date | calendar day) [be allowed | may be %made | be possible | be accepted]",
        of_several,
    ),
    ("<entity:p> (may | mayonly) (<word:v> | take place | be held) (only once | <= once | once) %daily", does_once),
    ("<entity:p> mustnot <word:v> (twice | > once) %daily", does_once),
    ("<cmp> <qty> <records:c> may <word:v> %daily", of_all_that),
    ("[there] (may be | mustnot be | must be | mayonly be) <cmp> <qty> <records:c> %daily", of_all),
    ("<cmp> <qty> <records:c> %daily (may be <word> | may take place)", of_all),
    (
        "<cmp> <qty> <records:c> [may be %made | may be <word> | be allowed | be possible | be accepted] (per | on same | on 1) (day | date | calendar day) [be allowed | may be %made | be possible | be accepted]",
        of_all,
    ),
    ("<entity:p> (may be | mayonly be | be) <word:v> (only once | <= once | once) %daily", done_once),
    ("<entity:p> mustnot be <word:v> (twice | > once) %daily", done_once),
];

/// So many records of one inspector, or of one name, on one day.
fn of_one(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("c")?;
    let lexicon = reading.scope.lexicon;
    let child = lexicon.entity(&records.entity)?;
    let own = match (bound.entity("p"), bound.field("f")) {
        (Some(parent), _) => lexicon.reference(&child.key, &parent)?,
        (None, Some(FieldRef { entity, field })) if entity == child.key => field,
        _ => return None,
    };
    daily(child, vec![own], most(bound, reading)?, records.when)
}

/// So many records on one day, whosever they are.
fn of_all(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("c")?;
    daily(reading.scope.lexicon.entity(&records.entity)?, Vec::new(), most(bound, reading)?, records.when)
}

/// "A key may be inspected only once a day": what the verb makes of a key, one a day.
fn done_once(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = bound.entity("p")?;
    let verb = reading.part(&bound.words("v")?).first()?.lemma.clone();
    let lexicon = reading.scope.lexicon;
    let mut made = lexicon.entities.iter().filter_map(|child| {
        crate::words::related(&verb, child.words.last()?).then_some(())?;
        Some((child, lexicon.reference(&child.key, &parent)?))
    });
    let (Some((child, via)), None) = (made.next(), made.next()) else { return None };
    daily(child, vec![via], 1, Condition::default())
}

/// "Only one work log per item, carpenter and day".
fn of_several(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (records, own) = (bound.records("c")?, bound.fields("own")?);
    let child = reading.scope.lexicon.entity(&records.entity)?;
    let fields = own.into_iter().map(|field| (field.entity == child.key).then_some(field.field));
    daily(child, fields.collect::<Option<_>>()?, most(bound, reading)?, records.when)
}

/// "At most 20 stays per arrival date", "a guest can have at most 2 stays per arrival date".
fn of_date(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (records, date) = (bound.records("c")?, bound.field("date")?);
    let lexicon = reading.scope.lexicon;
    let child = lexicon.entity(&records.entity).filter(|child| child.key == date.entity)?;
    let day = child.field(&date.field).filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime))?;
    let whose = match bound.entity("p") {
        Some(parent) => vec![lexicon.reference(&child.key, &parent)?],
        None => Vec::new(),
    };
    on_day(child, whose, day, most(bound, reading)?, records.when)
}

/// "A guest can arrive only once per day", "a course can run only once a day": the one kind of record that says when, or that
/// lasts, and whose it is.
fn does_once(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const RUNNING: &[&str] = &["run", "happen", "occur", "start", "begin", "meet"];
    let parent = bound.entity("p")?;
    // "Can take place only once a day"
    let verb = bound.words("v").and_then(|range| reading.part(&range).first()).map(|token| token.lemma.clone());
    let lexicon = reading.scope.lexicon;
    let runs = verb.as_ref().is_none_or(|verb| RUNNING.contains(&verb.as_str()));
    let mut found = lexicon.entities.iter().filter_map(|child| {
        let via = lexicon.reference(&child.key, &parent)?;
        if runs {
            let (start, _) = crate::span::of(lexicon, &child.key)?;
            return Some((child, via, start));
        }
        Some((child, via, reading.scope.time_of(&child.key, verb.as_ref()?)?.field))
    });
    let (Some((child, via, day)), None) = (found.next(), found.next()) else { return None };
    on_day(child, vec![via], child.field(&day)?, 1, Condition::default())
}

/// "At most 20 stays may arrive on one day": by the field that tells when they do.
fn of_all_that(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("c")?;
    let verb = &reading.part(&bound.words("v")?).first()?.lemma;
    let child = reading.scope.lexicon.entity(&records.entity)?;
    let field = reading.scope.time_of(&child.key, verb)?.field;
    on_day(child, Vec::new(), child.field(&field)?, most(bound, reading)?, records.when)
}

/// The number that there may be: "at most 6", "no more than 6", "only 1".
fn most(bound: &Bound, reading: &Reading<'_>) -> Option<u32> {
    let quantity = bound.quantity("qty").filter(|quantity| quantity.unit.is_none())?;
    let count: u32 = quantity.value.parse().ok()?;
    let says = |words: &[&str]| reading.tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    let not = reading.tokens.first().is_some_and(|token| token.is("no")) || says(&["mustnot"]);
    let most = match bound.op("cmp") {
        Some(op) => match if not { negated(op) } else { op } {
            Op::Le => count,
            Op::Lt => count.checked_sub(1)?,
            _ => return None,
        },
        None if says(&["only", "mayonly"]) && !not => count,
        None => return None,
    };
    (most > 0).then_some(most)
}

/// The limit of records that agree in these fields and in the day on which they are.
fn daily(child: &Named, by: Vec<String>, most: u32, when: Condition) -> Option<Vec<Effect>> {
    on_day(child, by, day(child)?, most, when)
}

/// The same by the day that a field tells.
fn on_day(child: &Named, mut by: Vec<String>, day: &NamedField, most: u32, when: Condition) -> Option<Vec<Effect>> {
    by.push(day.key.clone());
    let entity = child.key.clone();
    // Days that may not agree twice are unique.
    if most == 1 && day.kind == FieldKind::Date {
        return rule(RuleKind::Unique { entity, fields: by, when, ignore_case: false });
    }
    rule(RuleKind::Quota { entity, by, most, when })
}

/// When a record is: its only moment, the only one that must be given, or the first of a start and an end.
fn day(of: &Named) -> Option<&NamedField> {
    if let Some(moment) = of.own_moment() {
        return Some(moment);
    }
    let moments = || {
        of.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime) && !field.read_only)
    };
    let starts = |field: &&NamedField| {
        field.words.iter().any(|word| matches!(word.as_str(), "start" | "begin" | "from" | "planned" | "scheduled"))
    };
    let mut first = moments().filter(starts);
    first.next().filter(|_| first.next().is_none())
}
