//! Records that may not overlap in time.

use super::rule;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::lexicon::{Named, NamedField};
use crate::pattern::Bound;
use crate::records::Records;
use crate::scope::FieldRef;
use crate::span;
use maestro_artifacts::{Condition, FieldKind, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<fields> mustnot have (2 | > 1) <records> (for | on | at | in) [1] same (day | date | time | days | dates | times | period)",
        lasting_days,
    ),
    ("[2 | no 2 | no] <records> (mustnot | may | must | do not) [ever] %overlap [%same <fields>]", overlap),
    ("[2 | no 2 | no] <records> %same <fields> (mustnot | may | must) [ever] %overlap", overlap),
    (
        "<records> mustnot %overlap (with | other | any other) [other] [<records:o>] [%same <fields> | same <fields>]",
        overlap,
    ),
    (
        "<records> [%same <fields>] (never | do never | mustnot ever) (overlap | overlaps) [in time] [[with] [1] other [<records:o>]] [%same <fields>]",
        none,
    ),
    (
        "(there must be | there be) (never | at no time | no) 2 <records> %same <fields> (sametime | that overlap | at overlapping times)",
        none,
    ),
    (
        "(per | for) [1] <fields> [,] (there must be | there be) (never | no) 2 <records> (sametime | that overlap | at overlapping times)",
        none,
    ),
    (
        "(per | for) [1] <fields> [,] (there must be | there be) (never | no) 2 <records> (on same day | on same days | on 1 day)",
        by_days,
    ),
    (
        "(there must be | there be) (never | no) 2 <records> %same <fields> (on same day | on same days | on 1 day)",
        by_days,
    ),
    ("there mustnot be (2 | > 1) <records> %same <fields> (sametime | that overlap | at overlapping times)", none),
    (
        "[sametime] [,] (there be | there must be | there may be | there mayonly be) [<= | only | mayonly] 1 <records> %same <fields> [sametime]",
        at_once,
    ),
    (
        "(<= | only) 1 <records> %same <fields> sametime [be allowed | be possible | may exist | may be %made | be accepted]",
        lone,
    ),
    ("(<= | only) 1 <records> sametime (be allowed | be possible | may be %made | may be) %same <fields>", lone),
    ("<fields> (have | has | hold | holds | take | takes) (<= | only | exactly) 1 <records> sametime", lone_child),
    ("<fields> be limited to 1 <records> sametime", lone_child),
    ("<fields> (may | mayonly) be assigned to [only | <=] 1 <records> sametime", lone_child),
    ("2 <records> mustnot (be | use | take | occupy | have) ([in | on | at] same | per) <fields> sametime", lone),
    ("no 2 <records> may (be | use | take | occupy | have) ([in | on | at] same | per) <fields> sametime", lone),
    (
        "[2 | no 2] <records> %same <fields> (mustnot | may) overlap in <fields:span> [date | dates | time | times]",
        overlap,
    ),
    (
        "[2 | no 2 | no] <records> [%same <fields>] (mustnot | may | must) [ever] (overlap | intersect | share any part) [in <word>] [,] [that be | be | i e | ie] [,] (from | between) <field:start> (to | until | – | and) <field:end>",
        measured,
    ),
    (
        "<word:measure> (ranges | intervals | spans | sections) of [2] <records> [%same <fields>] mustnot (overlap | intersect)",
        measured,
    ),
    (
        "[2 | no 2 | no] <records> [%same <fields>] (mustnot | may | must) [ever] (overlap | intersect) [in [their]] <word:measure>",
        measured,
    ),
    (
        "[<word>] (ranges | intervals | spans | sections | range | interval | span) (from | between) <field:start> (to | until | – | and) <field:end> of [2] <records> [%same <fields>] mustnot (overlap | intersect)",
        measured,
    ),
    (
        "(there must be no | there mustnot be [any] | no) (overlap | overlaps) (between | of | among) <records> [%same <fields>]",
        none,
    ),
    ("there (must be no | mustnot be) overlapping <records> [%same <fields>]", none),
    ("overlapping <records> [%same <fields>] (be %refused | mustnot be %made | be not %made | be not possible)", none),
    (
        "<records> (that overlap | that overlaps | overlapping | whose (period | time | date | day | span) (overlap | overlaps)) [with] [other | that of other] [<records:o>] [%same <fields> | same <fields>] (be %refused | mustnot be %made)",
        none,
    ),
    // Said of what is occupied
    (
        "[same] <fields> mustnot (be <word> | be %occupied | be | have) [on | in | at | by | for | to | part of] (2 | > 1 | overlapping | 2 overlapping) <records> [sametime | at overlapping times | that %overlap | whose (time | period | date | day | hour | span) overlap [in time]]",
        by_parent,
    ),
    ("[same] <fields> mustnot be %occupied [%twice] %meantime", by_parent),
    (
        "no <fields> (may be <word> | may have | may <word> | may be) [on | in | at | by | for | to] (2 | > 1 | overlapping | 2 overlapping) <records> [sametime | that overlap | at overlapping times]",
        by_parent,
    ),
    (
        "[same] <fields> mustnot <word> [on | in | at | by | for | to | with] (2 | > 1) <records> (%meantime | that overlap [in time] | that overlaps [in time] | whose (time | period | date | day | hour | span) overlap)",
        by_parent,
    ),
    (
        "[same] <fields> mustnot <word> [on | in | at | by | for | to | with] (overlapping | 2 overlapping) <records>",
        by_parent,
    ),
    ("<fields> (may | mayonly) be %occupied [only] (once | 1 | 1 time) %meantime", by_parent),
    ("no <fields> may be %occupied %twice %meantime", by_parent),
    (
        "<fields> (may | mayonly | must) (%hold | <word> | be <word> in | be <word> for | be in | be on) [only | <= | exactly] 1 <records> sametime [[,] from <field:start> (to | unless | –) <field:end>]",
        by_parent,
    ),
    ("<entity> mustnot be double-booked", by_double),
    ("double bookings of <entity> be %refused", by_double),
    ("<entity> mustnot be %occupied %twice %meantime", by_double),
];

fn overlap(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "may overlap" allows it, unless "no" stands before.
    let says = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let no = reading.tokens.first().is_some_and(|token| token.is("no"));
    (no || says("mustnot") || says("not")).then(|| none(bound, reading)).flatten()
}

/// "The samples of a borehole must not overlap in depth", "... from top depth to bottom depth": what lasts along a measure.
fn measured(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let says = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let no = reading.tokens.first().is_some_and(|token| token.is("no"));
    (no || says("mustnot")).then_some(())?;
    let records = bound.records("records")?;
    let fields = bound.fields("fields").unwrap_or_default();
    (fields.iter().all(|field| field.entity == records.entity) && !says("or")).then_some(())?;
    let by = fields.into_iter().map(|field| field.field).collect();
    let (start, end) = match (bound.field("start"), bound.field("end")) {
        (Some(start), Some(end)) => {
            (start.entity == records.entity && end.entity == records.entity).then_some((start.field, end.field))?
        }
        _ => {
            let measure = reading.part(&bound.place("measure")?).first()?;
            span::along(reading.scope.lexicon, &records.entity, &measure.lemma)?
        }
    };
    let kind = |field: &String| {
        reading.scope.kind(&FieldRef { entity: records.entity.clone(), field: field.clone() }).cloned()
    };
    let lasts = matches!(kind(&start), Some(FieldKind::Decimal | FieldKind::Date | FieldKind::DateTime));
    (lasts && kind(&start) == kind(&end)).then_some(())?;
    rule(RuleKind::NoOverlap { entity: records.entity, via: None, start, end, by, when: records.when })
}

/// "At any time there is at most one session per charging point": without the time, it is a limit on their number.
fn at_once(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    reading.tokens.iter().any(|token| token.is("sametime")).then(|| none(bound, reading)).flatten()
}

/// "Only one stay per pitch at a time": of what lasts, unless it comes to its end by being given back.
fn lone(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    if given_back(reading, &records) { None } else { none(bound, reading) }
}

fn lone_child(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    if given_back(reading, &records) { None } else { by_parent(bound, reading) }
}

/// Whether a loan is out until it is returned, whenever it was due.
fn given_back(reading: &Reading<'_>, records: &Records) -> bool {
    const BACK: &[&str] = &["returned", "ended", "closed", "finished", "completed", "released", "left"];
    let named = reading.scope.lexicon.entity(&records.entity);
    named.is_some_and(|named| {
        named.fields.iter().any(|field| field.words.first().is_some_and(|first| BACK.contains(&first.as_str())))
    })
}

fn none(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    if bound.records("o").is_some_and(|other| other.entity != records.entity) {
        return None;
    }
    let fields = bound.fields("fields").unwrap_or_default();
    // "Of one tenant or room": which of them must differ is not said.
    let or = reading.tokens.iter().any(|token| token.is("or"));
    if fields.iter().any(|field| field.entity != records.entity) || (or && fields.len() > 1) {
        return None;
    }
    let by = fields.into_iter().map(|field| field.field).collect();
    build(reading, records, by)
}

/// "Only one open notice at a time", "no more than one lift that is broken": in that state, whenever that may be. "At the
/// same time" speaks of the time that records take, unless they are in it until they are given back or done, and so does "at
/// any time" of what is yet to come.
fn in_state(reading: &Reading<'_>, records: &Records) -> bool {
    const COMING: &[&str] =
        &["planned", "booked", "reserved", "confirmed", "approved", "scheduled", "accepted", "requested"];
    let coming = reading.tokens.iter().any(|token| COMING.contains(&token.word.as_str()));
    let once: &[&str] =
        if coming { &["at a time", "at once"] } else { &["at a time", "at once", "at any time", "at any one time"] };
    let timed = reading.tokens.iter().any(|token| {
        let once = || once.iter().any(|once| token.raw.eq_ignore_ascii_case(once));
        token.is("sametime") && !once() && (coming || !given_back(reading, records))
            || token.word.starts_with("overlap")
            || ["day", "days", "time", "period", "date", "hour", "when"].iter().any(|word| token.is(word))
    });
    !records.when.0.is_empty() && !timed
}

fn build(reading: &Reading<'_>, records: Records, by: Vec<String>) -> Option<Vec<Effect>> {
    if in_state(reading, &records) && !by.is_empty() {
        return rule(RuleKind::Unique { entity: records.entity, fields: by, when: records.when, ignore_case: false });
    }
    let (start, end) = span::of(reading.scope.lexicon, &records.entity)?;
    rule(RuleKind::NoOverlap { entity: records.entity, via: None, start, end, by, when: records.when })
}

/// "Never two loans on the same day": of what lasts from day to day; for hours a day is too coarse.
fn by_days(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    let (start, end) = span::of(reading.scope.lexicon, &records.entity)?;
    let days = [start, end]
        .into_iter()
        .all(|field| reading.scope.kind(&FieldRef { entity: records.entity.clone(), field }) == Some(&FieldKind::Date));
    days.then(|| none(bound, reading)).flatten()
}

/// "A desk cannot have two bookings on the same day", of bookings that say from when until when they are.
fn lasting_days(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    span::told(reading.scope.lexicon, &records.entity).then(|| by_parent(bound, reading)).flatten()
}

/// "A room cannot be booked twice at the same time": the children that last, per room.
fn by_parent(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("fields")?;
    let records = bound
        .records("records")
        .unwrap_or_else(|| Records { entity: field.entity.clone(), when: Condition::default() });
    let lexicon = reading.scope.lexicon;
    let via = match reading.scope.target(&field) {
        Some(target) if field.entity != records.entity => match lexicon.reference(&records.entity, target) {
            Some(via) => via,
            None => return by_both(reading, target, records),
        },
        // "A plate can only be in one delivery at a time": what is the same need be no record.
        None if field.entity != records.entity || bound.records("records").is_none() => return None,
        // "The same e-mail must not be given to two members" speaks of no time.
        None if !reading.tokens.iter().any(|token| token.is("sametime") || token.word.starts_with("overlap")) => {
            return None;
        }
        _ => field.field,
    };
    if let (Some(start), Some(end)) = (bound.field("start"), bound.field("end")) {
        let own = |field: &FieldRef| field.entity == records.entity;
        let spans = span::of(reading.scope.lexicon, &records.entity);
        let told = (start.field.clone(), end.field.clone());
        let told = (own(&start) && own(&end) && spans.is_none_or(|spans| spans == told)).then_some(told)?;
        let (start, end) = told;
        return rule(RuleKind::NoOverlap {
            entity: records.entity,
            via: None,
            start,
            end,
            by: vec![via],
            when: records.when,
        });
    }
    build(reading, records, vec![via])
}

/// "A place cannot be let to two boats at the same time": the one kind of record that lasts and refers to both.
fn by_both(reading: &Reading<'_>, target: &str, records: Records) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let mut lasting = lexicon.entities.iter().filter_map(|child| {
        let via = lexicon.reference(&child.key, target)?;
        lexicon.reference(&child.key, &records.entity)?;
        span::of(lexicon, &child.key).map(|_| (child.key.clone(), via))
    });
    let found = lasting.next();
    if found.is_none() {
        return by_what_it_is_for(reading, target, &records);
    }
    let (Some((entity, via)), None, true) = (found, lasting.next(), records.when.0.is_empty()) else {
        return None;
    };
    build(reading, Records { entity, when: records.when }, vec![via])
}

/// "A volunteer must not be signed up for two shifts that overlap": the one kind of record that refers to both, and takes
/// the time of the shift. Only where it has no other time: none of its own, and none of another record that it refers to.
fn by_what_it_is_for(reading: &Reading<'_>, target: &str, records: &Records) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let (start, end) = span::of(lexicon, &records.entity)?;
    let links = |child: &&Named| {
        child.key != records.entity
            && child.key != target
            && lexicon.reference(&child.key, target).is_some()
            && lexicon.reference(&child.key, &records.entity).is_some()
    };
    let mut linking = lexicon.entities.iter().filter(links);
    let (Some(child), None, true) = (linking.next(), linking.next(), records.when.0.is_empty()) else { return None };
    let lasting = |field: &&NamedField| match &field.kind {
        FieldKind::Reference { entity } => span::of(lexicon, entity).is_some(),
        _ => false,
    };
    let alone = child.fields.iter().filter(lasting).count() == 1 && span::of(lexicon, &child.key).is_none();
    let (by, via) = (lexicon.reference(&child.key, target)?, lexicon.reference(&child.key, &records.entity)?);
    let (entity, when) = (child.key.clone(), Condition::default());
    alone.then(|| rule(RuleKind::NoOverlap { entity, via: Some(via), start, end, by: vec![by], when }))?
}

fn by_double(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = bound.entity("entity")?;
    let lasting: Vec<String> = reading
        .scope
        .lexicon
        .entities
        .iter()
        .filter(|child| {
            reading.scope.lexicon.reference(&child.key, &parent).is_some()
                && span::of(reading.scope.lexicon, &child.key).is_some()
        })
        .map(|child| child.key.clone())
        .collect();
    let [child] = lasting.as_slice() else { return None };
    let via = reading.scope.lexicon.reference(child, &parent)?;
    build(reading, Records { entity: child.clone(), when: Condition::default() }, vec![via])
}
