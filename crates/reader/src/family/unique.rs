//! No two records alike.

use super::rule;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, FieldKind, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    // One record for each
    (
        "[there] (may | mayonly | must | mustnot | may never) be [exactly | only | <=] (1 | > 1 | 2) <records> %per <fields> [and <fields:more>] [sametime]",
        one_per,
    ),
    ("there be [never | only | exactly | <=] (1 | > 1) <records> %per <fields> [and <fields:more>]", one_per_said),
    (
        "(only | <= | exactly) 1 <records> %per <fields> [and <fields:more>] [be allowed | may exist | be possible | be permitted | may be open | may be %made]",
        one_per,
    ),
    (
        "(only | <= | exactly | mayonly be 1) 1 <records> %per <fields> (and | per) (day | date | calendar day) [be allowed | may exist | be possible | be permitted | may be %made]",
        one_per_day,
    ),
    (
        "there (be | may be | mayonly be | must be | mustnot be) [never | only | exactly | <=] (1 | > 1 | 2) <records> %per <fields> (and | per) [%per] (day | date | calendar day)",
        one_per_day_said,
    ),
    (
        "(no <entity:p> (be | may be) <word:v> | <entity:p> mustnot be <word:v>) %twice (on | in | at) (same | 1) (day | date | calendar day)",
        done_once_a_day,
    ),
    (
        "<entity:p> (may be | mayonly be) <word:v> (only once | <= once | once) [per | on same | on 1] (day | date | calendar day)",
        done_once_a_day,
    ),
    (
        "(only | <= | exactly) 1 <records> (per | a) day (and | per) <fields> [be allowed | may exist | be possible | be permitted | may be %made]",
        one_per_day,
    ),
    (
        "<fields> mustnot %hold (> 1 | 2) <records> [<word:v>] (on | at | in) (same | 1) (day | date | calendar day)",
        one_per_day,
    ),
    ("no <fields> (may %hold | %hold) (> 1 | 2) <records> [<word:v>] (on | at) (same | 1) (day | date)", one_per_day),
    (
        "<fields> (may | mayonly | must) [%hold] (only | <= | exactly) 1 <records> [per <fields:more>] [sametime]",
        one_of_parent,
    ),
    ("no <fields> (may %hold | %hold) > 1 <records> [%per <fields:more>] [sametime]", one_of_parent),
    ("<fields> mustnot %hold > 1 <records> [%per <fields:more>] [sametime]", one_of_parent),
    // Values
    (
        "[same] <fields> (may | mayonly | must) (occur | appear | exist | be used | be listed | be %made | be <word>) (only once | <= once | once | only 1 time) [%per <fields:per>]",
        per,
    ),
    (
        "[same] <fields> in [same | 1] <fields:more> (may | mayonly | must) (be used | be %made | be <word>) (only once | <= once | once | only 1 time) %per <fields:per>",
        per,
    ),
    (
        "[same] <fields> mustnot (occur | appear | exist | be used | be listed | be %made | be <word>) %twice %per <fields:per>",
        per,
    ),
    (
        "no <fields> (may be <word> | be <word> | may %hold | may appear | may occur | appears | occurs) %twice [%per <fields:per>]",
        per,
    ),
    ("no [2 | duplicate] <fields> %per <fields:per>", per),
    ("[same] <fields> (may | must | mayonly) (occur | appear | exist | be used) once %per <fields:per> only", per),
    ("(combination | pair) of <fields> (must be | be) unique", together),
    ("<fields> (must be | be) unique (together | in combination | as pair | as combination)", together),
    ("<fields> together (must be | be) unique", together),
    ("<fields> together (identify | identifies | uniquely identify) <entity>", together),
    ("<fields> (must be | be) unique [,] %anycase", each_ignoring),
    ("<fields> (must be | be) unique (per | within | in | for | inside) <fields:per> [,] %anycase", per_ignoring),
    ("<fields> must [be] unique", each),
    (
        "<fields> (must be | be) unique [across <entity> | among <entity> | for <entity> | in system | everywhere | overall]",
        each,
    ),
    ("%per <fields:per> , <fields> (must be | be) unique", per),
    ("<fields> [must be | be] unique (per | within | in | for | inside) <fields:per> [and <fields:more>]", per),
    ("<fields> [must be | be] unique (per | within | in | for | inside) <entity:p>", per_parent),
    ("%per <entity:p> , <fields> (must be | be) unique", per_parent),
    ("<entity> must have unique <fields>", each),
    ("<fields> (identify | identifies | uniquely identify) <entity>", identifying),
    ("<entity> (be | must be) [uniquely] identified by <fields>", identifying),
    // Two records alike
    (
        "no 2 <records> (in | of | for | within | on | at) same <fields:per> (may | must | %share | with) [%share] [same] <fields>",
        per,
    ),
    ("2 <records> (per | (in | of | for | within | on | at) same) <fields:per> mustnot %share [same] <fields>", per),
    ("no 2 <records> per <fields:per> (may | must | %share | with) [%share] [same] <fields>", per),
    (
        "no 2 <records> (may | must | mustnot | %share | with) [ever] [%share] [same] <fields> [and [same] <fields:more>]",
        together_of,
    ),
    (
        "no 2 <records> (may | must | mustnot | with | have) [ever] [%share] [same] <fields> (in | at | for | on | of | within | per) [same | 1] <fields:more>",
        together_of,
    ),
    ("2 <records> mustnot %share [same] <fields> [and <fields:more>]", together_of),
    (
        "2 <records> mustnot %share [same] <fields> (in | at | for | on | of | within | per) [same | 1] <fields:more>",
        together_of,
    ),
    ("<records> mustnot %share same <fields> as other [<entity:o>]", together_of),
    ("<records> mustnot %share same <fields>", together_of),
    ("<records> mustnot share <fields>", together_of),
    ("<fields> mustnot (be used | occur | appear | exist | be given | be assigned | be taken) %twice", each),
    (
        "<fields> mustnot be (duplicated | reused | repeated | shared) [by other <entity> | by 2 <entity> | between <entity>]",
        each,
    ),
    ("duplicate <fields> be %refused", each),
    ("<records> with (same | existing | duplicate | used) <fields> [as other] [<entity:o>] be %refused", together_of),
    ("second <records> with same <fields> be %refused", together_of),
    ("<fields> mustnot be used by other <entity>", each),
    ("<fields> must differ (between | from) [other] <entity>", each),
    // What joins two
    (
        "[same] <entity:a> (may | mayonly | must) (<word> | be <word>) [up | in] [in | for | on | onto | into | at | to | per] [same | particular | given] [1] <entity:b> (only once | <= once | once | only 1 | only if | only 1 time)",
        once,
    ),
    (
        "[same] <entity:a> (may | mayonly | must) (<word> | be <word>) [up | in] (only once | <= once | once | only 1 time) [in | for | on | onto | into | at | to | per] [same | particular | given] [1] <entity:b>",
        once,
    ),
    (
        "[no | same] <entity:a> (mustnot | may | must) (<word> | be <word> | be) [in | for | on | onto | into | at | to] [same | particular | given | 1] <entity:b> %twice",
        never_twice,
    ),
    (
        "[no | same] <entity:a> (mustnot | may | must) (<word> | be <word> | be) %twice [in | for | on | onto | into | at | to | per] [same | particular | given | 1] <entity:b>",
        never_twice,
    ),
    ("no <entity:a> %twice %per <entity:b>", never_twice),
];

fn unique(fields: Vec<FieldRef>) -> Option<Vec<Effect>> {
    let entity = fields.first()?.entity.clone();
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    rule(RuleKind::Unique {
        entity,
        fields: fields.into_iter().map(|field| field.field).collect(),
        when: Condition::default(),
        ignore_case: false,
    })
}

fn each(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    // "The title together with the year must be unique": `and` is how this is read, not what it says.
    const JOINED: &[&str] = &["together with", "in addition to", "along with", "combined with", "in combination with"];
    if reading.tokens.iter().any(|token| token.is("and") && JOINED.contains(&token.raw.to_lowercase().as_str())) {
        return together(bound, reading);
    }
    if bound.entity("entity").is_some_and(|entity| fields.iter().any(|field| field.entity != entity)) {
        return None;
    }
    Some(fields.into_iter().filter_map(|field| unique(vec![field])).flatten().collect())
}

/// "A customer is identified by name and phone": by both, and by none of them alone.
fn identifying(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, fields) = (bound.entity("entity")?, bound.fields("fields")?);
    fields.iter().all(|field| field.entity == entity).then(|| unique(fields))?
}

fn together(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    unique(bound.fields("fields")?)
}

/// What is unique among the described records.
fn among(bound: &Bound, fields: Vec<FieldRef>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    if fields.iter().any(|field| field.entity != records.entity) {
        return None;
    }
    let fields = fields.into_iter().map(|field| field.field).collect();
    rule(RuleKind::Unique { entity: records.entity, fields, when: records.when, ignore_case: false })
}

/// The fields of both slots.
fn all(bound: &Bound) -> Option<Vec<FieldRef>> {
    let mut fields = bound.fields("fields")?;
    fields.extend(bound.fields("more").unwrap_or_default());
    Some(fields)
}

fn together_of(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    if bound.entity("o").is_some_and(|other| other != records.entity) {
        return None;
    }
    among(bound, all(bound)?)
}

fn per(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut fields = bound.fields("per").unwrap_or_default();
    fields.extend(all(bound)?);
    match bound.records("records") {
        Some(_) => among(bound, fields),
        None => unique(fields),
    }
}

/// "Unique per flight": the record that it refers to, where `flight` alone could be taken for a field of flights.
fn per_parent(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let (mut fields, parent) = (bound.fields("fields")?, bound.entity("p")?);
    // "The name must be unique per grower" where growers have names, too: the name of what is spoken of.
    if fields.iter().all(|field| field.entity == parent) {
        let mut topics = reading.engine.topics.iter().filter(|topic| lexicon.reference(topic, &parent).is_some());
        let child = lexicon.entity(topics.next()?)?;
        for field in &mut fields {
            let name = &lexicon.field(field)?.name;
            *field = FieldRef { entity: child.key.clone(), field: child.find(name)?.key.clone() };
        }
    }
    let entity = fields.first()?.entity.clone();
    let via = lexicon.reference(&entity, &parent)?;
    fields.insert(0, FieldRef { entity, field: via });
    unique(fields)
}

/// "There is at most one drive per place and day": without "only" or "at most" it would be no limit.
fn one_per_said(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let limits = if said(">") { said("never") } else { ["only", "exactly", "<="].iter().any(|word| said(word)) };
    limits.then(|| one_per(bound, reading)).flatten()
}

/// "There can be only one visit per organ and day": "there may be more than one" forbids nothing.
fn one_per_day_said(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let many = said(">") || said("2");
    let limits = if many {
        said("mustnot") || said("never")
    } else {
        ["only", "exactly", "<=", "mayonly"].iter().any(|word| said(word))
    };
    limits.then(|| one_per_day(bound, reading)).flatten()
}

/// "No organ is visited twice on the same day": what the verb makes of an organ, one a day.
fn done_once_a_day(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = bound.entity("p")?;
    let verb = reading.part(&bound.words("v")?).first()?.lemma.clone();
    let lexicon = reading.scope.lexicon;
    let mut made = lexicon.entities.iter().filter_map(|child| {
        let head = child.words.last()?;
        crate::words::related(&verb, head).then_some(())?;
        Some((child, lexicon.reference(&child.key, &parent)?))
    });
    let (Some((child, via)), None) = (made.next(), made.next()) else { return None };
    let mut dates = child.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime));
    let (Some(date), None) = (dates.next(), dates.next()) else { return None };
    // Two moments of one day differ: that they share it no rule says.
    (date.kind == FieldKind::Date).then_some(())?;
    let field = |key: &String| FieldRef { entity: child.key.clone(), field: key.clone() };
    unique(vec![field(&via), field(&date.key)])
}

fn one_per(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "may be more than one" allows it.
    let says = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let many = says(">") || says("2");
    // "Only one job per site may be accepted": of those that are, not of all.
    let records = bound.records("records")?;
    let last = reading.tokens.len().checked_sub(1)?;
    let state = reading.scope.state_at(reading.tokens, last).into_iter().flat_map(|(_, states)| states);
    if state.into_iter().any(|state| state.entity == records.entity) && says("may") {
        return None;
    }
    (many == says("mustnot")).then(|| among(bound, all(bound)?)).flatten()
}

/// "One inspection per hive and day": the day is the one date that the record has, or the one that a verb tells ("two
/// visits planned on the same day").
fn one_per_day(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    let named = reading.scope.lexicon.entity(&records.entity)?;
    let told = match bound.words("v") {
        Some(verb) => {
            let verb = reading.part(&verb).first()?;
            Some(
                reading
                    .scope
                    .time_of(&records.entity, &verb.lemma)
                    .or_else(|| reading.scope.time_of(&records.entity, &verb.word))?,
            )
        }
        None => None,
    };
    let mut dates = named.fields.iter().filter(|field| {
        told.as_ref()
            .map_or(matches!(field.kind, FieldKind::Date | FieldKind::DateTime), |told| told.field == field.key)
    });
    let (Some(date), None) = (dates.next(), dates.next()) else { return None };
    // Two moments of one day differ: that they share it no rule says.
    if date.kind != FieldKind::Date {
        return None;
    }
    let mut fields = bound.fields("fields")?;
    fields.push(FieldRef { entity: records.entity.clone(), field: date.key.clone() });
    among(bound, fields)
}

fn ignoring(effects: Option<Vec<Effect>>) -> Option<Vec<Effect>> {
    let mut effects = effects?;
    for effect in &mut effects {
        if let Effect::Rule(RuleKind::Unique { ignore_case, .. }) = effect {
            *ignore_case = true;
        }
    }
    Some(effects)
}

fn each_ignoring(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    ignoring(each(bound, reading))
}

fn per_ignoring(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    ignoring(per(bound, reading))
}

/// "may be on it twice" forbids only behind "no".
fn never_twice(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let says = |word: &str| reading.tokens.iter().any(|token| token.is(word));
    let no = reading.tokens.first().is_some_and(|token| token.is("no"));
    (says("mustnot") || no).then(|| once(bound, reading)).flatten()
}

/// "A participant can enrol in the same course only once": what joins the two is unique for them.
fn once(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (a, b) = (bound.entity("a")?, bound.entity("b")?);
    let lexicon = reading.scope.lexicon;
    let joins: Vec<(String, Vec<String>)> = lexicon
        .entities
        .iter()
        .filter_map(|join| {
            Some((join.key.clone(), vec![lexicon.reference(&join.key, &a)?, lexicon.reference(&join.key, &b)?]))
        })
        .collect();
    let verb = |key: &str| {
        let head = lexicon.entity(key).and_then(|join| join.words.last().cloned());
        reading.tokens.iter().any(|token| head.as_ref().is_some_and(|head| crate::words::related(&token.lemma, head)))
    };
    // "A skill may appear only once on a volunteer" of volunteers' skills: where the one belongs to the other, nothing
    // says which of its fields are meant.
    let (entity, fields) = match joins.as_slice() {
        [one] => one.clone(),
        many => many.iter().find(|(key, _)| verb(key))?.clone(),
    };
    rule(RuleKind::Unique { entity, fields, when: Condition::default(), ignore_case: false })
}

/// "A vehicle may have only one active permit": said of the parent.
fn one_of_parent(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let records = bound.records("records")?;
    // What lasts may not overlap "at the same time"; that is another rule.
    let at_once = reading.tokens.iter().any(|token| token.is("sametime"));
    if at_once && records.when.0.is_empty() {
        return None;
    }
    among(bound, all(bound)?)
}
