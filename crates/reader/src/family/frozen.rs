//! Records that cannot be changed or deleted, always or in some state.

use super::rule;
use crate::condition::{self, negation};
use crate::deed::{self, Deed};
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::scope::StateRef;
use crate::token::Token;
use maestro_artifacts::{Action, Condition, Moment, RuleKind, Test};
use serde_json::Value;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<records> mustnot be (added | created | made | entered) [,] [or | and | nor] (%changed [,] [(or | and | nor) %deleted] | %deleted [,] [(or | and | nor) %changed]) [%anymore]",
        closed_records,
    ),
    (
        "<records> mustnot be (%changed [,] [(or | and | nor)] (%deleted [,] (or | and | nor) | (or | and | nor)) | %deleted [,] [or | and | nor] %changed [,] (or | and | nor)) (added | created | made | entered) [%anymore]",
        closed_records,
    ),
    ("<records> mustnot be %changed [%anymore] [(or | and | nor) %deleted] [%anymore]", frozen_records),
    ("<records> (be | must be | :) %frozen", frozen_records),
    ("<states> (: | – | =) %frozen", frozen_states),
    ("<records> mustnot %change [%anymore]", frozen_records),
    ("(no | mustnot %change) <records> [may be %changed [(or | nor | and) %deleted]]", frozen_records),
    ("%changing <records> be %refused", frozen_records),
    (
        "<records> mustnot be (set | setto | changed | reset | switched | marked | put) [back] [to | as] not <field>",
        kept_flag,
    ),
    ("<records> mustnot be %deleted [%anymore]", no_delete_records),
    ("<records> mustnot be %deleted (or | and | nor) %changed", frozen_records),
    ("%deleting <records> be %refused", no_delete_records),
    ("mustnot %delete <records>", no_delete_records),
    ("(no | neither) <records> may be %deleted", no_delete_records),
    ("neither <records> may be %changed [(or | nor | and) %deleted]", frozen_records),
    ("<records> may be %deleted , other [<entity:o>] mustnot [be %deleted]", only_deleted),
    ("<records> may be %changed , other [<entity:o>] mustnot [be %changed]", only_changed),
    ("<records> (be never | mustnot ever be) %deleted", no_delete_records),
    ("only <records> may be %changed [(or | and) %deleted]", only_changed),
    ("<records> mayonly be %changed", only_changed),
    ("only <records> may be %deleted", only_deleted),
    ("%changing <entity> be only %possible (if | onlyif) <words:c>", changed_if),
    ("<entity> mayonly be %changed [(or | and) %deleted] (if | onlyif) <words:c>", changed_if),
    ("<entity> may be %changed onlyif <words:c>", changed_if),
    ("<entity> mayonly be %changed (in | at) <words:c>", changed_if),
    ("%deleting <entity> be only %possible (if | onlyif) <words:c>", deleted_if),
    ("<entity> mayonly be %deleted (if | onlyif) <words:c>", deleted_if),
    ("<entity> may be %deleted onlyif <words:c>", deleted_if),
    ("<entity> mayonly be %deleted (in | at) <words:c>", deleted_if),
    ("<entity> may be (%changed | %changed and %deleted | %changed or %deleted) unless <words:c>", frozen_if),
    ("<entity> may be %deleted unless <words:c>", no_delete_if),
    (
        "<entity> (mustnot be | be not) %changed [%anymore] [(or | and | nor) %deleted] [%anymore] if <words:c>",
        frozen_if,
    ),
    ("<entity> mustnot be %changed unless <words:c>", changed_if),
    ("<entity> mustnot be %changed > [it] [be] <words:c>", frozen_if),
    (
        "(if | after | >) <words:c> , <entity> mustnot be %changed [%anymore] [(or | and) %deleted] [%anymore]",
        frozen_if,
    ),
    ("(if | after | >) <words:c> , <entity> (be | must be | become | becomes) %frozen", frozen_if),
    ("<entity> (be | must be | become | becomes) %frozen (if | >) <words:c>", frozen_if),
    ("> <word:c> [,] <entity> (be | must be | become | becomes) %frozen", frozen_if),
    ("> <word:c> [,] <entity> mustnot be %changed [%anymore] [(or | and) %deleted] [%anymore]", frozen_if),
    ("> <word:c> [,] <fields> [of <entity>] (be | must be | become) %frozen", fixed_fields_if),
    ("> <word:c> [,] <fields> [of <entity>] mustnot be %changed [%anymore]", fixed_fields_if),
    ("<fields> [of <entity>] mustnot be %changed [> %made | > creation | later | afterwards | %anymore]", fixed_fields),
    ("<fields> [of <entity>] (be | must be) %frozen [> creation | > %made]", fixed_fields),
    (
        "<fields> [of <states>] [<entity>] mustnot be %changed [%anymore] (if | > | if [it] [be]) <words:c>",
        fixed_fields_if,
    ),
    ("<fields> may be %changed unless <words:c>", fixed_fields_if),
    ("<fields> mayonly be %changed (if | onlyif) <words:c>", fixed_fields_unless),
    ("<fields> mustnot be %changed unless <words:c>", fixed_fields_unless),
    ("<fields> (be | must be) %frozen (if | >) <words:c>", fixed_fields_if),
    ("<fields> of <records> mustnot be %changed [%anymore]", fixed_fields_of),
    ("<fields> of <records> (be | must be) %frozen", fixed_fields_of),
    (
        "(if | >) [it | they] [be | have been] (set | given | entered | filled in | recorded | chosen | assigned) [,] <fields> [of <entity>] (mustnot be %changed | mustnot change | never change | never changes | be %frozen | must stay [as it be]) [%anymore]",
        set_once,
    ),
    (
        "<fields> [of <entity>] (may | mayonly) be (set | given | entered | filled in | recorded | chosen | assigned) (once | only once | exactly once) [[,] [and | but] (never | not | mustnot be) [again | %changed] [%anymore]]",
        set_once,
    ),
    (
        "<fields> [of <entity>] (mustnot be %changed | be %frozen) [%anymore] (if | >) [it | they] [be | have | have been | have be] (set | given | entered | filled in | chosen | assigned)",
        set_once,
    ),
    ("<entity> mustnot be %deleted if <words:c>", no_delete_if),
    ("<entity> mustnot be %deleted unless <words:c>", deleted_if),
    ("<entity> (that | with) <words:c> mustnot be %deleted", no_delete_rel),
    ("<entity> (that | with) <words:c> mustnot be %changed", frozen_rel),
    ("(noone | we | you | i | user | one | system | service) (may | mustnot) <words:deed>", denied),
    ("it (be | must be) %refused to <words:deed>", denied),
    (
        "(it | system | service) (must refuse | refuse | refuses | must prevent | prevents | must reject | rejects) [to] <words:deed>",
        denied,
    ),
    (
        "(attempts | attempt | attempting | trying | any attempt) to <words:deed> (be %refused | must be %refused | get %refused | fail | fails | must fail)",
        denied,
    ),
    ("<words:deed> (be %refused | must be %refused | get %refused | fail | fails | must fail)", denied),
    ("<words:deed> mustnot be %possible", denied),
    ("no (change | edit | modification) (to | of | in) <words:object> (be | must be) %possible", denied_change),
    (
        "no (change | edit | modification) (be | may be | must be) (allowed | possible | permitted | made) (to | of | in | on) <words:object>",
        denied_change,
    ),
    ("no (change | edit | modification) may <words:object>", denied_change),
    ("<entity> mustnot be %deleted , [but] only <words:instead>", no_delete_but),
    ("(change | edit | modification) (to | of) <words:object> (be | must be) %refused", denied_change),
    (
        "<records> (must | may only | mayonly) (stay | remain | be kept | be left) (as [it | they] be | unchanged | untouched)",
        frozen_records,
    ),
    ("<records> (stays | stay | remains | remain) (as [it | they] be | unchanged | untouched)", frozen_records),
    (
        "<records> (be | must be) (locked for [editing | change] | locked against [change] | closed for editing | protected [from | against] [change | editing])",
        frozen_records,
    ),
    ("<records> mayonly be (read | viewed | seen | looked at | shown)", frozen_records),
    (
        "<entity> (be | mayonly be) (editable | changeable | mutable) (only | onlyif) [if | it | be] [in] [%state] <words:c>",
        changed_if,
    ),
    (
        "<entity> may be (%changed | %changed and %deleted | %changed or %deleted) only [if | it | be | in] [%state] <states>",
        only_changed_in,
    ),
    ("<entity> (may be | mayonly be) %deleted only [if | it | be | in] [%state] <states>", only_deleted_in),
    ("<entity> mayonly be %deleted [if | it | be | in] [%state] <states>", only_deleted_in),
    (
        "only <entity> (in | that be | that be in) [%state] <states> may be %changed [(or | and) %deleted]",
        only_changed_in,
    ),
    ("only <entity> (in | that be | that be in) [%state] <states> may be %deleted", only_deleted_in),
    ("(if | after | >) <words:c> , <fields> (be | must be | become) %frozen", fixed_fields_if),
    ("(if | after | >) <words:c> , <fields> mustnot be %changed", fixed_fields_if),
    (
        "<fields> (never change | never changes | mustnot change | mustnot ever change | stay fixed | stays fixed | do not change | never be changed) [> that | afterwards | later | > then | again | %anymore]",
        fixed_fields,
    ),
    (
        "(if | after | >) <words:c> , nothing [about | of | on | in] [it | them | <entity>] (may change | may be %changed | changes)",
        frozen_nothing,
    ),
    (
        "<records> mustnot be %changed [,] (except for | except | but for | apart from | other than | only) <fields>",
        frozen_but,
    ),
    ("(except for | apart from | other than) <fields> , <records> mustnot be %changed", frozen_but),
    ("only <fields> of <records> may be %changed", frozen_but),
    (
        "nothing (of | in | about | on) <records> may be %changed [,] (except for | except | but for | but | apart from | other than) <fields>",
        frozen_but,
    ),
    ("nothing (of | in | about | on) <records> may be %changed [%anymore]", frozen_nothing_of),
    ("(if | after | >) <words:c> [,] only <fields> may be %changed", frozen_but_if),
];

/// "Cannot be changed": the service's frozen records cannot be deleted either.
fn frozen(entity: String, when: Condition) -> Option<Vec<Effect>> {
    rule(RuleKind::Immutable { entity, when, fields: Vec::new() })
}

/// Records of a referenced record that they name: "Lines of shipped orders" are those whose order is shipped.
fn described(bound: &Bound) -> Option<(String, Condition)> {
    let records = bound.records("records")?;
    Some((records.entity, records.when))
}

fn frozen_records(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "No order" alone says nothing of changes.
    let says = |words: &[&str]| reading.tokens.iter().any(|token| words.contains(&token.word.as_str()));
    if reading.tokens.first().is_some_and(|token| token.is("no") || token.is("neither")) && !says(&["may"]) {
        return None;
    }
    let (entity, when) = described(bound)?;
    frozen(entity, when)
}

/// "A done task cannot be set back to not done": the flag stays.
fn kept_flag(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    let field = bound.field("field")?;
    let so = matches!(when.0.as_slice(), [Test::In { via: None, field: of, values }]
        if *of == field.field && values.as_slice() == [Value::Bool(true)]);
    (so && field.entity == entity)
        .then(|| rule(RuleKind::Immutable { entity, when, fields: vec![field.field] }))
        .flatten()
}

/// "Nothing of a closed order may be changed".
fn frozen_nothing_of(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    frozen(entity, when)
}

/// "Closed: read-only" in a note: of the records that are spoken of, or that have the states.
fn frozen_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let lists = bound.states("states")?;
    let entity = lists.first()?.first()?.entity.clone();
    let flow = reading.scope.lexicon.flow_field(&entity)?;
    let states: Option<Vec<_>> = lists.iter().map(|readings| reading.state_of(readings, &entity)).collect();
    let states = states.filter(|states| states.iter().all(|state| state.field == flow))?;
    let values = states.into_iter().map(|state| Value::from(state.value)).collect();
    frozen(entity, Condition(vec![Test::In { via: None, field: flow, values }]))
}

/// "Lines of a shipped order cannot be added, changed or deleted": frozen, and none can be made.
fn closed_records(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    if !matches!(when.0.as_slice(), [test] if condition::of_referenced(test)) {
        return None;
    }
    let condition = negation(&when)?;
    let create = RuleKind::Requires { entity: entity.clone(), at: Moment::Create, condition };
    let mut effects = vec![Effect::Rule(create)];
    effects.extend(frozen(entity, when)?);
    Some(effects)
}

fn no_delete_records(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    rule(RuleKind::NoDelete { entity, when })
}

fn only_changed(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    frozen(entity, negation(&when)?)
}

fn only_deleted(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    rule(RuleKind::NoDelete { entity, when: negation(&when)? })
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
    if let Some(effects) = its_reference(bound, reading, &entity) {
        return Some(effects);
    }
    let when = reading.condition(&entity, &bound.words("c")?)?;
    let when = condition::from_then_on(reading.scope.lexicon, &entity, reading.tokens, when);
    frozen(entity, when)
}

/// "If an appointment is done, its room cannot be changed": which room it is, and not the room.
fn its_reference(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<Vec<Effect>> {
    let (place, range) = (bound.place("entity")?, bound.words("c")?);
    let its = reading.tokens.get(place)?.first()?.article;
    matches!(its, Some("its" | "their" | "his" | "her")).then_some(())?;
    let owner = reading.engine.scope(reading.part(&range)).mentioned(reading.part(&range)).into_iter().next()?;
    let field = reading.scope.lexicon.reference(&owner, entity).filter(|_| owner != entity)?;
    let when = reading.condition(&owner, &range)?;
    let when = condition::from_then_on(reading.scope.lexicon, &owner, reading.tokens, when);
    rule(RuleKind::Immutable { entity: owner, when, fields: vec![field] })
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

/// "Once set, the payment reference must not change": each of the fields by itself, from when it has a value.
fn set_once(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = bound.entity("entity").or_else(|| fields.first().map(|field| field.entity.clone()))?;
    let own = fields.iter().all(|field| field.entity == entity);
    let rules = fields.into_iter().map(|field| {
        let when = Condition(vec![Test::Given { via: None, field: field.field.clone() }]);
        Effect::Rule(RuleKind::Immutable { entity: entity.clone(), when, fields: vec![field.field] })
    });
    own.then(|| rules.collect())
}

fn fixed_fields_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.field("fields").map(|field| field.entity))?;
    let when = reading.condition(&entity, &bound.words("c")?)?;
    let when = condition::from_then_on(reading.scope.lexicon, &entity, reading.tokens, when);
    fixed(bound, &entity, when)
}

fn fixed_fields_unless(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.field("fields")?.entity;
    let when = negation(&reading.condition(&entity, &bound.words("c")?)?)?;
    fixed(bound, &entity, when)
}

fn fixed_fields_of(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    fixed(bound, &entity, when)
}

fn no_delete_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = reading.condition(&entity, &bound.words("c")?)?;
    let when = condition::from_then_on(reading.scope.lexicon, &entity, reading.tokens, when);
    rule(RuleKind::NoDelete { entity, when })
}

/// "A tool with open loans", "a member who has loans".
fn related(bound: &Bound, reading: &Reading<'_>) -> Option<(String, Condition)> {
    let entity = bound.entity("entity")?;
    let range = bound.words("c")?;
    let when = reading.condition(&entity, &range)?;
    Some((entity, when))
}

fn no_delete_rel(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = related(bound, reading)?;
    rule(RuleKind::NoDelete { entity, when })
}

fn frozen_rel(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = related(bound, reading)?;
    frozen(entity, when)
}

/// What nobody may do: changes freeze records, deletions keep them, moves are none of the workflow's ways.
fn denied(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "Nobody may ..." forbids by its subject, "you may ..." does not.
    let somebody = reading.tokens.first().is_some_and(|first| !first.is("noone"));
    if somebody && reading.tokens.get(1).is_some_and(|token| token.is("may")) {
        return None;
    }
    let deeds = deed::active(reading, &bound.words("deed")?)?;
    forbidden(reading, deeds)
}

fn denied_change(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let object = bound.words("object")?;
    // The verb stands in the noun before: "no changes to closed shifts".
    let verb = Token::new("change", 0, 0);
    let tokens: Vec<Token> = std::iter::once(verb).chain(reading.part(&object).iter().cloned()).collect();
    let scope = reading.engine.scope(&tokens);
    let inner = Reading { tokens: &tokens, scope: &scope, engine: reading.engine };
    forbidden(&inner, deed::active(&inner, &(0..tokens.len()))?)
}

fn forbidden(reading: &Reading<'_>, deeds: Vec<Deed>) -> Option<Vec<Effect>> {
    let changes = deeds.iter().any(|deed| matches!(deed, Deed::Act { action: Action::Update, .. }));
    let mut effects = Vec::new();
    for deed in deeds {
        match deed {
            Deed::Act { entity, action: Action::Update, fields, within } => {
                if within.is_empty() && fields.is_empty() {
                    return None;
                }
                let when = within_condition(within)?;
                effects.push(Effect::Rule(RuleKind::Immutable { entity, when, fields }));
            }
            // What cannot be changed cannot be deleted either.
            Deed::Act { action: Action::Delete, ref within, .. } if changes && !within.is_empty() => {}
            Deed::Act { entity, action: Action::Delete, within, .. } => {
                effects.push(Effect::Rule(RuleKind::NoDelete { entity, when: within_condition(within)? }));
            }
            Deed::Act { .. } => return None,
            Deed::Move { entity, from, to } => {
                let flow = &reading.scope.lexicon.entity(&entity)?.flow;
                let ways = |a: &String| flow.transitions.iter().any(|(x, y, _)| x == a && *y == to);
                if from.is_empty() || flow.transitions.is_empty() || from.iter().any(ways) {
                    return None;
                }
                effects.push(Effect::Rule(RuleKind::Transitions { entity }));
            }
        }
    }
    (!effects.is_empty()).then_some(effects)
}

/// Records in one of these states of one field.
fn within_condition(states: Vec<StateRef>) -> Option<Condition> {
    let Some(first) = states.first() else { return Some(Condition::default()) };
    let field = first.field.clone();
    if states.iter().any(|state| state.field != field) {
        return None;
    }
    let values = states.into_iter().map(|state| Value::from(state.value)).collect();
    Some(Condition(vec![Test::In { via: None, field, values }]))
}

/// "Shifts can be edited only in draft": frozen in every other state.
fn outside(bound: &Bound, reading: &Reading<'_>) -> Option<(String, Condition)> {
    let entity = bound.entity("entity")?;
    let states: Option<Vec<StateRef>> =
        bound.states("states")?.iter().map(|readings| reading.state_of(readings, &entity)).collect();
    let when = negation(&within_condition(states?)?)?;
    Some((entity, when))
}

fn only_changed_in(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = outside(bound, reading)?;
    frozen(entity, when)
}

fn only_deleted_in(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = outside(bound, reading)?;
    rule(RuleKind::NoDelete { entity, when })
}

/// "Once a shift is closed, nothing about it may change."
fn frozen_nothing(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("c")?;
    let entity = bound.entity("entity").or_else(|| reading.scope.mentioned(reading.part(&range)).into_iter().next())?;
    frozen(entity.clone(), reading.condition(&entity, &range)?)
}

/// All of a record but some fields: what else it has is frozen.
fn but(bound: &Bound, reading: &Reading<'_>, entity: &str, when: Condition) -> Option<Vec<Effect>> {
    let free = bound.fields("fields")?;
    let named = reading.scope.lexicon.entity(entity)?;
    if when.0.is_empty() || free.iter().any(|field| field.entity != entity) {
        return None;
    }
    let flow = reading.scope.lexicon.flow_field(entity);
    let fields: Vec<String> = named
        .fields
        .iter()
        .filter(|field| !field.read_only && Some(&field.key) != flow.as_ref())
        .map(|field| field.key.clone())
        .filter(|key| !free.iter().any(|field| field.field == *key))
        .collect();
    (!fields.is_empty()).then(|| rule(RuleKind::Immutable { entity: entity.to_owned(), when, fields })).flatten()
}

fn frozen_but(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, when) = described(bound)?;
    but(bound, reading, &entity, when)
}

/// "After delivery only the reason can be changed."
fn frozen_but_if(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.field("fields")?.entity;
    let when = reading.condition(&entity, &bound.words("c")?)?;
    let when = condition::from_then_on(reading.scope.lexicon, &entity, reading.tokens, when);
    but(bound, reading, &entity, when)
}

/// "Parcels cannot be deleted, only cancelled."
fn no_delete_but(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let instead = deed::passive(reading, &entity, &[], &bound.words("instead")?)?;
    instead
        .iter()
        .all(|deed| matches!(deed, Deed::Move { .. }))
        .then(|| rule(RuleKind::NoDelete { entity, when: Condition::default() }))
        .flatten()
}
