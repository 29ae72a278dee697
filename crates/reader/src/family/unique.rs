//! No two records alike.

use super::rule;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::{FieldRef, StateRef};
use maestro_artifacts::{Condition, RuleKind, Test};
use serde_json::Value;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("there mayonly be [exactly | only] 1 [<states>] <entity> per <fields> [and <fields:more>]", one_per),
    ("<fields> (may | mayonly) have (only | <= | exactly) 1 [<states>] <entity>", one_of_parent),
    ("no <fields> (may have | have | may hold) > 1 [<states>] <entity> per <fields:more>", one_per),
    ("no <fields> (may have | have | may hold) > 1 [<states>] <entity>", one_per),
    ("no <fields> (may have | have | may hold) > 1 <entity> that <words:when>", one_while),
    ("<fields> (may have | mayonly have) (only | <= | exactly) 1 <entity> that <words:when>", one_while),
    (
        "<fields> (may | mayonly | must) (occur | appear | be used | be listed | be %made) (only once | once | only 1 time) (per | in | within | on | for) <fields:per>",
        per,
    ),
    ("(combination | pair) of <fields> (must be | be) unique", together),
    ("<fields> (must be | be) unique (together | in combination)", together),
    ("<fields> together (must be | be) unique", together),
    (
        "<fields> (must be | be) unique [,] (ignoring case | ignoring [upper and] lower case | ignoring upper and lower case | regardless of case | case-insensitively | whatever case | regardless of upper and lower case)",
        each_ignoring,
    ),
    (
        "<entity:a> may <word> [in | for | on | at | to] [same] <entity:b> (only once | once | only 1 | only if | only 1 time)",
        once,
    ),
    (
        "<entity:a> mustnot <word> [in | for | on | at | to] [same] <entity:b> (twice | > once | 2 | more than once | 2 times | again)",
        once,
    ),
    ("<fields> must [be] unique", each),
    (
        "<fields> (must be | be) unique [across <entity> | among <entity> | for <entity> | in system | everywhere | overall]",
        each,
    ),
    ("<fields> (must be | be) unique (per | within | in | for | inside) <fields:per>", per),
    ("<fields> must be unique per <fields:per> and <fields:more>", per),
    ("<entity> must have unique <fields>", each),
    ("<fields> (identify | identifies | uniquely identify) <entity>", each),
    ("<entity> (be | must be) [uniquely] identified by <fields>", each),
    (
        "no 2 [<states>] <entity> (may | must | mustnot | may have | have | must have | share | may share | must share | with) [have | share | ever have] same <fields>",
        together_of,
    ),
    ("2 [<states>] <entity> mustnot (have | share | use | carry) same <fields>", together_of),
    ("<entity> mustnot (have | share | use | carry) same <fields> as other [<entity:o>]", together_of),
    ("<entity> mustnot share <fields>", together_of),
    ("no 2 <entity> (may share | share | may have) <fields>", together_of),
    (
        "no 2 <entity> (in | of | for | within | on | at) same <fields:per> (may | may have | may share | have | share | with | must have) [have | share] same <fields>",
        per,
    ),
    ("2 <entity> (in | of | for | within | on | at) same <fields:per> mustnot (have | share) same <fields>", per),
    (
        "<fields> mustnot (be used | occur | appear | exist | be given | be assigned | be taken) (2 | twice | more than once | > once)",
        each,
    ),
    ("<fields> mustnot be (duplicated | reused | repeated)", each),
    ("duplicate <fields> be %refused", each),
    ("<entity> with (same | existing | duplicate | used) <fields> [as other] [<entity:o>] be %refused", together_of),
    ("second <entity> with same <fields> be %refused", together_of),
    (
        "there (may | must | mayonly) be (only | <= | at most | no > | exactly) [1] [<states>] <entity> per <fields> [and <fields:more>]",
        one_per,
    ),
    (
        "(only | <= | exactly) 1 [<states>] <entity> per <fields> [and <fields:more>] [be allowed | may exist | be possible | be permitted | may be open | may be %made]",
        one_per,
    ),
    (
        "there mustnot be (2 | > 1) [<states>] <entity> (per | for same | with same) <fields> [and <fields:more>]",
        one_per,
    ),
    ("<fields> mustnot be used by other <entity>", each),
    ("<fields> must differ (between | from) [other] <entity>", each),
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

fn each(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    if bound.entity("entity").is_some_and(|entity| fields.iter().any(|field| field.entity != entity)) {
        return None;
    }
    Some(fields.into_iter().filter_map(|field| unique(vec![field])).flatten().collect())
}

fn together(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    unique(bound.fields("fields")?)
}

fn states(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<Condition> {
    let Some(lists) = bound.states("states") else { return Some(Condition::default()) };
    let states: Option<Vec<StateRef>> = lists.iter().map(|readings| reading.state_of(readings, entity)).collect();
    let states = states?;
    let field = states.first()?.field.clone();
    Some(Condition(vec![Test::In {
        via: None,
        field,
        values: states.into_iter().map(|state| Value::from(state.value)).collect(),
    }]))
}

fn together_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, fields) = (bound.entity("entity")?, bound.fields("fields")?);
    if fields.iter().any(|field| field.entity != entity) || bound.entity("o").is_some_and(|other| other != entity) {
        return None;
    }
    let when = states(bound, reading, &entity)?;
    rule(RuleKind::Unique {
        entity,
        fields: fields.into_iter().map(|field| field.field).collect(),
        when,
        ignore_case: false,
    })
}

fn per(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut fields = bound.fields("per")?;
    fields.extend(bound.fields("more").unwrap_or_default());
    fields.extend(bound.fields("fields")?);
    unique(fields)
}

fn one_per(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let mut fields = bound.fields("fields")?;
    fields.extend(bound.fields("more").unwrap_or_default());
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let when = states(bound, reading, &entity)?;
    rule(RuleKind::Unique {
        entity,
        fields: fields.into_iter().map(|field| field.field).collect(),
        when,
        ignore_case: false,
    })
}

fn each_ignoring(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = each(bound, reading)?;
    for effect in &mut effects {
        if let Effect::Rule(RuleKind::Unique { ignore_case, .. }) = effect {
            *ignore_case = true;
        }
    }
    Some(effects)
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
    let (entity, fields) = match joins.as_slice() {
        [one] => one.clone(),
        many => many.iter().find(|(key, _)| verb(key))?.clone(),
    };
    rule(RuleKind::Unique { entity, fields, when: Condition::default(), ignore_case: false })
}

/// "A vehicle may have only one active permit": said of the parent.
fn one_of_parent(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let fields = bound.fields("fields")?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let when = states(bound, reading, &entity)?;
    rule(RuleKind::Unique {
        entity,
        fields: fields.into_iter().map(|field| field.field).collect(),
        when,
        ignore_case: false,
    })
}

/// "No machine may have more than one repair that is not finished".
fn one_while(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let fields = bound.fields("fields")?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let when = reading.condition(&entity, &bound.words("when")?)?;
    let fields = fields.into_iter().map(|field| field.field).collect();
    rule(RuleKind::Unique { entity, fields, when, ignore_case: false })
}
