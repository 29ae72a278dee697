//! Values that must be given, always or for a change of state.

use super::rule;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::records::lifted;
use crate::scope::FieldRef;
use maestro_artifacts::{Condition, RuleKind, Test};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<fields> (must be | be | must) [required | mandatory | obligatory | compulsory | present | given | provided | specified | stated | filled | filled in | filled out | entered | recorded | needed | necessary | non-empty | supplied | set | known | chosen | selected | captured]",
        required,
    ),
    ("<fields> (must be | be) not (empty | blank | missing | null | optional)", required),
    ("<fields> must be [required | mandatory]", required),
    ("<fields> mustnot be [left] (empty | blank | missing | null | omitted | absent | unknown | unset)", required),
    ("(empty | blank | missing) <fields> be %refused", required),
    ("(field | fields) <fields> (be | must be) (required | mandatory)", required),
    ("(required | mandatory) [be] [field | fields] [:] [be] <fields>", required),
    ("<entity> that <words:when> (must have | need | needs | require | requires) <fields>", required_while),
    ("<records> %demands <fields>", required_of_records),
    ("<entity> (to | for | of | on | in | with) <records> %demands <fields>", required_of_theirs),
    (
        "<entity> (to | for | of | on | in | with) <records> (be not possible | mustnot be %made | be %refused) without <fields>",
        required_of_theirs,
    ),
    (
        "<fields> (be | must be) (required | mandatory | needed | given | filled in) (for | of | on | in | by) [all] <records>",
        required_of_records,
    ),
    ("(oneof | at least oneof | >= 1 of | 1 of | >= oneof) [two] <fields> (must be | be) %supplied", either),
    ("<fields> or <fields:more> (must be | be) %supplied", either),
    (
        "<entity> (must have | require | requires | need | needs | have) (either | >= | at least | oneof) <fields>",
        either,
    ),
    (
        "<entity> (must have | require | requires | need | needs | have) (either | >= | at least | oneof) <fields> or <fields:more>",
        either,
    ),
    ("<entity> with neither <fields> or <fields:more> be %refused", either),
    ("<entity> with neither <fields> be %refused", either),
    ("<entity> without <fields> and without <fields:more> be %refused", either),
    ("<entity> without (both | either) <fields> be %refused", either),
    (
        "<entity> (must have | must be given | must include | must contain | must specify | must state | must name | must record | must carry | require | requires | need | needs | must show | must provide | must give | must get) <fields>",
        required,
    ),
    (
        "<entity> must (belong to | refer to | be linked to | be assigned to | be made for | be for | concern | reference | be registered for) [exactly] [1] <fields>",
        required,
    ),
    ("<entity> without <fields> (be %refused | mustnot be %made | be invalid | be not valid | be not %made)", required),
    ("<entity> mustnot be %made without <fields>", required),
    ("<entity> mayonly be %made with <fields>", required),
    ("mustnot %make <entity> without <fields>", required),
    ("<fields> be (required | mandatory | needed) (for | of | on | in) <entity>", required_of),
    ("(every field | fields | field) (be | must be) (required | mandatory | given | filled in)", all_required),
    (
        "<fields> (be optional | may be empty | may be left empty | may be left blank | may be blank | may be omitted | be not required | be not mandatory | may be missing | must be optional | need not be given | be voluntary | do not must be given | may be left out)",
        optional,
    ),
    ("<fields> (need not be | do not must be | do not need to be) (unique | given | filled in)", optional),
    ("<entity> may have <fields>", optional_of),
];

/// "A cruise with more than 6 guests needs a deposit": required of those that are so.
fn required_of_records(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (records, fields) = (bound.records("records")?, bound.fields("fields")?);
    let own = fields.iter().all(|field| field.entity == records.entity);
    (own && !records.when.0.is_empty()).then(|| {
        fields
            .into_iter()
            .map(|FieldRef { entity, field }| {
                Effect::Rule(RuleKind::RequiredWhen { entity, field, when: records.when.clone() })
            })
            .collect()
    })
}

/// "Readings for blocked customers need a remark": where the record that they refer to is so.
fn required_of_theirs(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, records, fields) = (bound.entity("entity")?, bound.records("records")?, bound.fields("fields")?);
    let via = reading.scope.lexicon.way(&entity, &records.entity)?;
    let when = lifted(&records.when, &via).filter(|when| !when.0.is_empty())?;
    let rule = |FieldRef { entity, field }| Effect::Rule(RuleKind::RequiredWhen { entity, field, when: when.clone() });
    fields.iter().all(|field| field.entity == entity).then(|| fields.into_iter().map(rule).collect())
}

/// "Either a phone number or an e-mail address must be given": the last, where the others are empty.
fn either(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut fields = bound.fields("fields")?;
    fields.extend(bound.fields("more").unwrap_or_default());
    let last = fields.pop()?;
    if fields.is_empty() || fields.iter().any(|field| field.entity != last.entity) {
        return None;
    }
    let tests = fields.into_iter().map(|field| Test::Empty { via: None, field: field.field }).collect();
    rule(RuleKind::RequiredWhen { entity: last.entity, field: last.field, when: Condition(tests) })
}

fn text_only_given(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<FieldRef>> {
    // `<fields> must` and `<fields> be` alone say nothing.
    let last = reading.tokens.last()?;
    if matches!(last.word.as_str(), "must" | "be") {
        return None;
    }
    bound.fields("fields")
}

fn required(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = text_only_given(bound, reading)?;
    // "A claim must have an e-mail or a phone": one of them will do. Without one or the other, it would be refused.
    let says = |words: &[&str]| reading.tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    let list = bound.place("fields").and_then(|place| reading.tokens.get(place)).unwrap_or_default();
    if list.iter().any(|token| token.is("or")) && !says(&["without", "mustnot", "not", "empty", "blank", "missing"]) {
        return if list.iter().any(|token| token.is("and")) { None } else { either(bound, reading) };
    }
    if bound.entity("entity").is_some_and(|entity| fields.iter().any(|field| field.entity != entity)) {
        return None;
    }
    // "An order cannot be placed without a date": of an order that can become so, that asks for a date then only.
    let without = reading.tokens.iter().any(|token| token.is("without"));
    let becomes = |entity: &str, token: &crate::token::Token| {
        crate::verbs::state(reading.scope.lexicon, entity, &token.lemma).is_some()
    };
    if let (true, Some(entity)) = (without, bound.entity("entity"))
        && reading.tokens.windows(2).any(|pair| matches!(pair, [be, deed] if be.is("be") && becomes(&entity, deed)))
    {
        return None;
    }
    // "A submission shall have a date and a score" tells what there is; "must have" demands it.
    let tells = reading.tokens.windows(2).any(|pair| {
        matches!(pair, [must, verb] if must.is("must")
            && matches!(must.raw.to_lowercase().as_str(), "shall" | "will" | "should")
            && matches!(verb.word.as_str(), "have" | "contain" | "include"))
    });
    if tells && bound.entity("entity").is_some() && fields.len() > 1 {
        return None;
    }
    // "A booking needs a room, a member and a day" may be all that says what a booking consists of.
    let mut effects = Vec::new();
    if let (Some(entity), true) = (bound.entity("entity"), fields.len() > 1) {
        effects.push(Effect::Entity { name: reading.scope.lexicon.entity(&entity)?.name.clone() });
        effects.extend(fields.iter().map(|field| Effect::has_field(&field.entity, &field.field)));
    }
    effects.extend(
        fields.into_iter().map(|FieldRef { entity, field }| Effect::Rule(RuleKind::Required { entity, field })),
    );
    Some(effects)
}

fn required_of(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (fields, entity) = (bound.fields("fields")?, bound.entity("entity")?);
    let fits = fields.iter().all(|field| field.entity == entity);
    fits.then(|| {
        fields
            .into_iter()
            .map(|FieldRef { entity, field }| Effect::Rule(RuleKind::Required { entity, field }))
            .collect()
    })
}

fn all_required(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = reading.scope.lexicon.entity(reading.scope.subject()?)?;
    let fields: Vec<Effect> = entity
        .fields
        .iter()
        // A record is in some state from its first moment: nobody has to say which.
        .filter(|field| !field.read_only && entity.flow.field.as_ref() != Some(&field.key))
        .map(|field| Effect::Rule(RuleKind::Required { entity: entity.key.clone(), field: field.key.clone() }))
        .collect();
    (!fields.is_empty()).then_some(fields)
}

fn optional(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    Some(bound.fields("fields")?.into_iter().map(|field| Effect::has_field(&field.entity, &field.field)).collect())
}

fn optional_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let fields = bound.fields("fields")?;
    let _ = reading;
    match fields.as_slice() {
        [one] if one.entity == entity => rule(RuleKind::HasField { entity, field: one.field.clone() }),
        many if many.iter().all(|field| field.entity == entity) => optional(bound, reading),
        _ => None,
    }
}

/// "An application that is submitted must have a purpose".
fn required_while(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let when = reading.condition(&entity, &bound.words("when")?)?;
    let fields = bound.fields("fields")?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    Some(
        fields
            .into_iter()
            .map(|FieldRef { entity, field }| {
                Effect::Rule(RuleKind::RequiredWhen { entity, field, when: when.clone() })
            })
            .collect(),
    )
}
