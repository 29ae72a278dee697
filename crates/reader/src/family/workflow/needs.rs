//! What a change of state demands, and what it sets by itself.

use crate::deed::{self, Deed};
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::family::rule;
use crate::lexicon::name_words;
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{Condition, Moment, Operand, RuleKind, Test};
use serde_json::Value;
use std::ops::Range;

pub(in crate::family) const PATTERNS: &[(&str, Build)] = &[
    (
        "[change to] <fields> (be setto | must be setto | be stamped with | must be stamped with | be filled with | be recorded as) (today | now | current date | current time | today 's date | date of day) [automatically] if <entity> (be | becomes | become | move to | moves to | be setto | be marked [as]) <states:to>",
        stamp,
    ),
    (
        "if <entity> (be | becomes | become | move to | moves to | be setto | be marked [as] | go to) <states:to> , <fields> (be | must be | be automatically) (setto | stamped with | filled with | recorded as | set) [to] (today | now | current date | current time | today 's date)",
        stamp,
    ),
    (
        "if <entity> (be | becomes | become | be marked [as]) <states:to> , (system | service | we | it) (record | records | note | notes | set | sets | stamp | stamps) <fields>",
        stamp,
    ),
    (
        "<fields> (be | must be) (recorded | set | noted | stamped) if <entity> (be | becomes | become) <states:to>",
        stamp,
    ),
    (
        "(to <word:verb> <entity> | if <word:verb> <entity>) , <fields> (be | must be) (needed | required | necessary | mandatory | given | entered | stated | provided)",
        needs_verb,
    ),
    (
        "(to <word:verb> <entity> | to be <states:to> <entity>) [,] [it | <words:who>] (must have | need | needs | require | requires) <fields>",
        needs_verb,
    ),
    (
        "<entity> (must have | need | needs | require | requires) <fields> (<  | to be | to become) [it] [may be] [be] <states:to>",
        needs,
    ),
    ("<entity> mustnot be <words:to> without <fields>", needs_words),
    ("<entity> mustnot (move | go | change) to <states:to> without <fields>", needs),
    ("<entity> mayonly be <words:to> (with | if [it] have | onlyif [it] have) <fields>", needs_words),
    (
        "<fields> (must be | be) (required | mandatory | given | filled in | recorded | entered | present | set | needed | stated | provided) (if | for | to | <) [<entity> | it] [be | becomes | become | moves to | move to | be setto | be marked [as] | may be | moving to | to be] <states:to>",
        needs,
    ),
    (
        "to (move | go | change | get | be moved | become) [<entity> | it] [to | into] <states:to> , <entity> (must have | need | needs | must be given | require | requires) <fields>",
        needs,
    ),
    (
        "(to | < | if | for | on) (set | setting | move | moving | change | changing | bring | mark | marking | put) (<entity> | it | 1) [be] (to | as | setto | into) <states:to> , [<entity:e> | it] [must have | need | needs] <fields> [must be | be] [given | filled in | recorded | entered | present | set | stated | provided | required | needed | mandatory | necessary]",
        needs,
    ),
    (
        "(to | < | if | for) (setto | set to) <states:to> , <fields> (must be | be) (given | filled in | recorded | entered | present | set | stated | provided | required | needed | mandatory | necessary)",
        needs,
    ),
    (
        "(moving to | change to | moving it to | moving <entity> to | transition to | setting %state to) <states:to> (require | requires | need | needs) <fields>",
        needs,
    ),
    ("<word:verb> <entity> (require | requires | need | needs) <fields>", needs_verb),
    (
        "<word:noun> (require | requires | need | needs | must come with | comes with | must have | must be accompanied by) <fields>",
        needs_noun,
    ),
    ("<states:to> (require | requires | need | needs | only with) <fields>", needs),
    (
        "<words:deed> [must] (require | requires | need | needs | must come with | comes with | must be accompanied by) <words:what>",
        asks,
    ),
    (
        "<words:deed> (mustnot be possible | mustnot be allowed | be refused | must be refused) without <words:what>",
        asks,
    ),
    (
        "(to | if | on | upon | for | > | before | when) <words:deed> , <words:what> (be | must be) (needed | required | necessary | mandatory | given | entered | filled in | stated | provided | recorded | present | set | there)",
        asks,
    ),
    (
        "(on | upon) <word:deed> <words:what> (be | must be) (needed | required | necessary | mandatory | given | entered | filled in | stated | provided | recorded | present | set)",
        asks,
    ),
    (
        "<words:what> (be | must be) (needed | required | necessary | mandatory | given | entered | filled in | stated | provided | recorded | present | set) (to | if | on | upon | for | when) <words:deed>",
        asks,
    ),
    (
        "[to] <words:deed> , [it | <entity> | 1 | you | we | <words:who>] (must have | need | needs | require | requires | must give | must enter | must state | must provide) <words:what>",
        asks,
    ),
    (
        "<words:who> (must give | must enter | must state | must provide | must fill in | must record | must have) <words:what> (to | if [they | it | he]) <words:deed>",
        asks,
    ),
    (
        "< <entity> may be <words:done> , <words:what> (be | must be | must have be) (given | entered | filled in | stated | provided | recorded | present | set | there)",
        asks_done,
    ),
    (
        "<entity> (must have | need | needs | require | requires) <words:what> < [it | they] (may be | be | become) <words:done>",
        asks_done,
    ),
    (
        "<entity> (must have | need | needs | require | requires) <words:what> < [it | they | <entity:e>] (may | be | may be) <words:done>",
        asks_moved,
    ),
    ("<entity> (must have | need | needs) <words:what> to (become | be) <words:done>", asks_done),
    (
        "(if | on | > | when | <) (<entity> | it) (be | becomes | become) <words:done> , <words:what> (be | must be | must have be) (needed | required | necessary | mandatory | given | entered | filled in | stated | provided | recorded | present | set | there)",
        asks_done,
    ),
    ("for <entity> to (be | become) <words:done> , <words:what> (be | must be | must have be) %supplied", asks_done),
    (
        "(if [no] <fields> be [not] %supplied | without <fields>) [,] <entity> mustnot (leave | move on from | be moved on from) [%state] <states:from>",
        leaving,
    ),
    (
        "<entity> mustnot (leave | move on from | be moved on from) [%state] <states:from> (without <fields> | if <fields> be not %supplied | unless <fields> be %supplied | if no <fields> be %supplied)",
        leaving,
    ),
    (
        "<fields> (must be | be) (%supplied | filled | mandatory | needed) (from | as of | since) <states:from> (on | onwards | onward)",
        from_then,
    ),
    ("<states:to> [must] (require | requires | need | needs) <fields>", needs_state),
    ("<words:deed> (: | –) <words:notes>", noted),
    ("<entity> mustnot be <words:done> without <words:what>", asks_done),
    ("<entity> (without | with no) <words:what> mustnot be <words:done>", asks_done),
    ("<entity> mayonly be <words:done> with <words:what>", asks_done),
    (
        "<entity> without <field> [%state] (get | gets | be given | have | be saved with | be stored with | receive | receives) [<field:f>] <words:value>",
        default_value,
    ),
    ("<entity> without <field> (be | become) <words:value>", default_value),
    (
        "(if no <field> be %supplied | without <field> | if <field> be not %supplied | if <field> be [left] (empty | missing | blank | omitted | left out)) [,] [it | <entity>] (be | must be | be setto | must be setto | gets | have | become | must become | default to | defaults to | must default to | be assumed to be | be taken to be | count as | counts as) [<field:f>] <words:value>",
        default_value,
    ),
    ("<states> <entity> (must have | have | need | needs | require | requires) <fields>", has_in_state),
    (
        "if [<entity> | it] (be | becomes | become | be moved to | moves to | move to | be setto | be marked [as] | goes to) <states:to> , <fields> (must be | be) [required | mandatory | given | filled in | recorded | entered | present | set | needed | stated | provided]",
        needs,
    ),
];

fn targets(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<Vec<String>> {
    bound
        .states("to")?
        .iter()
        .map(|readings| {
            reading
                .state_of(readings, entity)
                .filter(|state| Some(&state.field) == reading.scope.lexicon.flow_field(entity).as_ref())
                .map(|state| state.value)
        })
        .collect()
}

fn stamp(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let to = targets(bound, reading, &entity)?;
    let mut effects = Vec::new();
    for field in bound.fields("fields")? {
        let value = match reading.scope.kind(&field)? {
            maestro_artifacts::FieldKind::Date => Operand::today(),
            maestro_artifacts::FieldKind::DateTime => Operand::now(),
            _ => return None,
        };
        if field.entity != entity {
            return None;
        }
        for to in &to {
            effects.push(Effect::Rule(RuleKind::Stamp {
                entity: entity.clone(),
                to: Some(to.clone()),
                field: field.field.clone(),
                value: value.clone(),
            }));
        }
    }
    Some(effects)
}

fn require(entity: &str, to: &[String], bound: &Bound) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let fields: Vec<String> = fields.into_iter().map(|field| field.field).collect();
    Some(
        to.iter()
            .map(|to| {
                Effect::Rule(RuleKind::TransitionRequires {
                    entity: entity.to_owned(),
                    from: None,
                    to: to.clone(),
                    fields: fields.clone(),
                })
            })
            .collect(),
    )
}

fn needs(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.field("fields").map(|field| field.entity))?;
    let to = targets(bound, reading, &entity)?;
    require(&entity, &to, bound)
}

fn needs_words(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let words = bound.words("to")?;
    let mut to = Vec::new();
    for token in reading.part(&words) {
        if !matches!(token.word.as_str(), "or" | "and" | "," | "be") {
            to.push(verbs::state(reading.scope.lexicon, &entity, &token.word)?);
        }
    }
    require(&entity, &to, bound)
}

/// What a change of state asks for: fields, or records that belong to it.
pub(crate) fn asked(reading: &Reading<'_>, deeds: Vec<Deed>, what: &Range<usize>) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    for deed in deeds {
        let Deed::Move { entity, from, to } = deed else { return None };
        if let Some(more) = several(reading, &entity, &from, &to, what) {
            effects.extend(more);
            continue;
        }
        let found = reading
            .scope
            .fields_at(reading.tokens, what.start)
            .into_iter()
            .find(|(end, fields)| *end == what.end && fields.iter().all(|field| field.entity == entity))
            .map(|(_, fields)| fields)
            .or_else(|| by_head(reading, &entity, what).map(|field| vec![field]))
            .or_else(|| called(reading, &entity, &turned(reading, what)?).map(|field| vec![field]));
        // Told again on every reading, or the next one would forget it.
        if let Some((owner, name)) = words_for(reading, &entity, what) {
            effects.push(Effect::Field { entity: owner, name, kind: None, read_only: false });
            if found.is_none() {
                continue;
            }
        }
        if let Some(fields) = found {
            let fields: Vec<String> = fields.into_iter().map(|field| field.field).collect();
            let ways: Vec<Option<String>> =
                if from.is_empty() { vec![None] } else { from.iter().cloned().map(Some).collect() };
            effects.extend(ways.into_iter().map(|from| {
                Effect::Rule(RuleKind::TransitionRequires {
                    entity: entity.clone(),
                    from,
                    to: to.clone(),
                    fields: fields.clone(),
                })
            }));
            continue;
        }
        // "at least one receipt": records that belong to this one.
        if !from.is_empty() {
            return None;
        }
        let mut words = vec![Token::new("have", 0, 0)];
        words.extend(reading.part(what).iter().filter(|token| !token.is("no")).cloned());
        let condition = crate::condition::read(reading.engine, &entity, &words)
            .filter(|condition| condition.0.iter().all(|test| matches!(test, Test::Children { .. })))?;
        effects.push(Effect::Rule(RuleKind::Requires { entity, at: Moment::Transition { to }, condition }));
    }
    (!effects.is_empty()).then_some(effects)
}

/// "When a sale price and a notary date have been entered": each of them by itself, some of which only this sentence names.
fn several(reading: &Reading<'_>, entity: &str, from: &[String], to: &str, what: &Range<usize>) -> Option<Vec<Effect>> {
    let joint = |at: &usize| reading.tokens.get(*at).is_some_and(|token| token.is("and") || token.is(","));
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut begin = what.start;
    for at in what.clone().filter(joint).chain([what.end]) {
        if at > begin {
            parts.push(begin..at);
        }
        begin = at + 1;
    }
    let article = |part: &Range<usize>| {
        reading.part(part).first().is_some_and(|first| matches!(first.article, Some("a" | "an" | "the")))
    };
    let known = |part: &Range<usize>| {
        let fields = reading.scope.field_at(reading.tokens, part.start).into_iter();
        fields.filter(|(end, field)| *end == part.end && field.entity == entity).map(|(_, field)| field.field).next()
    };
    if parts.len() < 2
        || !parts.iter().all(article)
        || parts.iter().all(|part| known(part).is_some() && words_for(reading, entity, part).is_none())
    {
        return None;
    }
    let (mut effects, mut fields) = (Vec::new(), Vec::new());
    for part in &parts {
        let new = words_for(reading, entity, part);
        let field = known(part);
        if field.is_none() && new.is_none() {
            return None;
        }
        effects.extend(new.map(|(entity, name)| Effect::Field { entity, name, kind: None, read_only: false }));
        fields.extend(field);
    }
    if fields.len() == parts.len() {
        let ways: Vec<Option<String>> =
            if from.is_empty() { vec![None] } else { from.iter().cloned().map(Some).collect() };
        effects.extend(ways.into_iter().map(|from| {
            let (entity, to, fields) = (entity.to_owned(), to.to_owned(), fields.clone());
            Effect::Rule(RuleKind::TransitionRequires { entity, from, to, fields })
        }));
    }
    Some(effects)
}

/// What a change of state asks for by its name alone.
const ASKED: &[&str] = &[
    "reason",
    "note",
    "comment",
    "remark",
    "explanation",
    "justification",
    "number",
    "reference",
    "code",
    "date",
    "result",
    "cause",
    "summary",
    "amount",
    "grade",
    "score",
];

/// Whether a word is what something is written into, and nobody: a reason, a signature name.
pub(crate) fn written_into(word: &str) -> bool {
    const MORE: &[&str] =
        &["name", "signature", "time", "address", "document", "certificate", "photo", "weight", "price"];
    ASKED.contains(&word) || MORE.contains(&word)
}

/// "To call off a concert, a cancellation note must be filled in": words that only this sentence asks for.
fn words_for(reading: &Reading<'_>, entity: &str, what: &Range<usize>) -> Option<(String, String)> {
    const REASONS: &[&str] = &["reason", "explanation", "justification"];
    let named = reading.scope.lexicon.entity(entity)?;
    let part = reading.part(what);
    if let Some(name) = turned(reading, what) {
        let words = name_words(&name);
        let other = |field: &crate::lexicon::NamedField| field.words.last() == words.last() && field.words != words;
        return (!named.fields.iter().any(other)).then(|| (named.name.clone(), name));
    }
    let (last, before) = part.split_last()?;
    let told = written_into(&last.word)
        && part.first().is_some_and(|first| match first.article {
            Some(article) => matches!(article, "a" | "an"),
            // "reason needed" in a note
            None => REASONS.contains(&last.word.as_str()),
        })
        && before.len() <= 1
        && before.iter().all(|token| token.word.chars().all(|c| c.is_alphabetic() || c == '-'))
        && before.iter().all(|token| !matches!(token.word.as_str(), "written" | "short" | "non-empty" | "valid"));
    let name = reading.name(what);
    // A sale price is no asking price.
    let other = |field: &crate::lexicon::NamedField| {
        field.words.last() == Some(&last.lemma)
            && field.words != name_words(&name)
            // Nor is why a visit was cancelled one of the choices of what it is for.
            && (before.is_empty() || !matches!(field.kind, maestro_artifacts::FieldKind::Enum { .. }))
            && (before.is_empty() || field.words.len() == 1)
    };
    let dated = named.dated(&name_words(&name)).is_some();
    // Another field of the kind may be what is meant.
    (told && !dated && !named.fields.iter().any(other)).then(|| (named.name.clone(), name))
}

/// "The name of the actor" is the actor name, where no record is called actor.
fn turned(reading: &Reading<'_>, what: &Range<usize>) -> Option<String> {
    let [head, of, whose] = reading.part(what) else { return None };
    let plain = whose.word.chars().all(char::is_alphabetic) && whose.lemma == whose.word;
    let somebody = plain && reading.scope.entity_at(reading.tokens, what.start + 2).is_empty();
    (written_into(&head.word) && of.is("of") && somebody).then(|| format!("{} {}", whose.raw, head.raw))
}

/// The field of this name.
fn called(reading: &Reading<'_>, entity: &str, name: &str) -> Option<FieldRef> {
    let field = reading.scope.lexicon.entity(entity)?.find(name)?;
    Some(FieldRef { entity: entity.to_owned(), field: field.key.clone() })
}

/// "A reason" where the only such field is the `rejection reason`.
fn by_head(reading: &Reading<'_>, entity: &str, what: &Range<usize>) -> Option<FieldRef> {
    let [one] = reading.part(what) else { return None };
    let named = reading.scope.lexicon.entity(entity)?;
    let mut found = named.fields.iter().filter(|field| field.words.last() == Some(&one.lemma));
    match (found.next(), found.next()) {
        (Some(field), None) => Some(FieldRef { entity: entity.to_owned(), field: field.key.clone() }),
        _ => None,
    }
}

/// "Rejecting a claim requires a reason", "to submit a claim, it must have at least one receipt".
fn asks(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("deed")?;
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let deeds = deed::active(reading, &range).or_else(|| {
        // "when rejecting", "on rejection": of the record that is spoken of, or that owns the field.
        let what = bound.words("what")?;
        let entity = reading
            .scope
            .fields_at(reading.tokens, what.start)
            .into_iter()
            .find(|(end, _)| *end == what.end)
            .and_then(|(_, fields)| fields.first().map(|field| field.entity.clone()))
            .or_else(|| reading.scope.subject().map(str::to_owned))?;
        let verb = reading.part(&range).first()?;
        let (end, to) = verbs::state_at(reading.scope.lexicon, &entity, reading.part(&range), 0)?;
        let past = verbs::is_participle(&verb.word);
        (end == range.len() && !past).then(|| vec![Deed::Move { entity, from: Vec::new(), to }])
    });
    // "... is required when a letting is paid"
    let deeds = deeds.or_else(|| {
        let (end, entity) = reading.scope.entity_at(reading.tokens, range.start).into_iter().next()?;
        let be = end + 1 < range.end && reading.tokens.get(end).is_some_and(|token| token.is("be"));
        be.then(|| deed::passive(reading, &entity, &[], &(end + 1..range.end)))?
    })?;
    asked(reading, deeds, &bound.words("what")?)
}

/// "Cancel: manager only, reason needed": notes behind what is done.
fn noted(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const NEEDED: &[&str] = &["needed", "required", "necessary", "mandatory", "given"];
    let range = bound.words("deed")?;
    let moves = |deed: &Deed| matches!(deed, Deed::Move { .. });
    deed::active(reading, &range).filter(|deeds| deeds.iter().all(moves))?;
    let notes = reading.part(&bound.words("notes")?);
    let mut effects = Vec::new();
    for note in notes.split(|token| !token.quoted && matches!(token.word.as_str(), "," | ";")) {
        let end = note.iter().rposition(|token| !NEEDED.contains(&token.word.as_str()) && !token.is("be"))? + 1;
        let mut clause = reading.part(&range).to_vec();
        let place = clause.first()?.clone();
        // Without anything behind it, this clause is the one that is being read.
        match note.get(..end).filter(|_| end < note.len()) {
            Some(what) => {
                clause.push(place.renamed("require"));
                clause.extend(what.iter().cloned());
            }
            None if note.len() < notes.len() => {
                clause.push(place.renamed(":"));
                clause.extend(note.iter().cloned());
            }
            None => return None,
        }
        effects.extend(reading.engine.clause(&clause)?);
    }
    Some(effects)
}

/// "A claim cannot be rejected without a reason."
fn asks_done(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| reading.scope.subject().map(str::to_owned))?;
    let deeds = deed::passive(reading, &entity, &[], &bound.words("done")?)?;
    asked(reading, deeds, &bound.words("what")?)
}

/// "A batch must have a release date before it can move to growing"
fn asks_moved(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const MOVES: &[&str] = &["move", "go", "change", "pass", "moved", "set", "put", "released", "changed", "return"];
    let done = bound.words("done")?;
    let verb = reading.part(&done).first()?;
    MOVES.iter().any(|word| verb.is(word)).then(|| asks_done(bound, reading)).flatten()
}

/// "If no mechanic name is set, the order cannot leave received": every way from there asks for it.
fn leaving(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let fields = bound.fields("fields")?;
    let lacks = ["no", "not", "without", "unless"];
    let says = |token: &Token| lacks.iter().any(|word| token.is(word));
    if fields.iter().any(|field| field.entity != entity) || !reading.tokens.iter().any(says) {
        return None;
    }
    let flow = &reading.scope.lexicon.entity(&entity)?.flow;
    let from: Vec<String> = bound
        .states("from")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect::<Option<_>>()?;
    let ways = flow.transitions.iter().filter(|(a, _, _)| from.contains(a));
    let pairs: Vec<(String, String)> = ways.map(|(a, b, _)| (a.clone(), b.clone())).collect();
    let fields: Vec<String> = fields.into_iter().map(|field| field.field).collect();
    (!pairs.is_empty()).then(|| super::needed(&entity, &pairs, &fields))
}

/// "The approval date is required from approved on": in that state and in those that follow it.
fn from_then(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = fields.first()?.entity.clone();
    let flow = reading.scope.lexicon.flow_field(&entity)?;
    let [readings] = bound.states("from")? else { return None };
    let state = reading.state_of(readings, &entity).filter(|state| state.field == flow)?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let when = Condition(vec![Test::In { via: None, field: flow, values: vec![Value::from(state.value)] }]);
    let when = crate::condition::later(reading.scope.lexicon, &entity, when);
    let rule = |field: FieldRef| {
        Effect::Rule(RuleKind::RequiredWhen { entity: entity.clone(), field: field.field, when: when.clone() })
    };
    Some(fields.into_iter().map(rule).collect())
}

/// "Done requires paid by": the state alone, of the record that has the fields.
fn needs_state(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.fields("fields")?.first()?.entity.clone();
    require(&entity, &targets(bound, reading, &entity)?, bound)
}

/// "A rejection requires a reason": the noun of what is done.
fn needs_noun(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const NOUNS: &[&str] = &["ion", "al", "ment", "ure", "ance", "ence", "ery", "ing"];
    let fields = bound.fields("fields")?;
    let entity = fields.first()?.entity.clone();
    let noun = reading.part(&bound.words("noun")?).first()?;
    let told = NOUNS.iter().any(|end| noun.lemma.ends_with(end)) && fields.iter().all(|field| field.entity == entity);
    let to = verbs::state(reading.scope.lexicon, &entity, &noun.lemma).filter(|_| told && !noun.quoted)?;
    let fields = fields.into_iter().map(|field| field.field).collect();
    rule(RuleKind::TransitionRequires { entity, from: None, to, fields })
}

fn needs_verb(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let to = match bound.words("verb") {
        Some(verb) => vec![verbs::state(reading.scope.lexicon, &entity, &reading.part(&verb).first()?.word)?],
        None => targets(bound, reading, &entity)?,
    };
    require(&entity, &to, bound)
}

/// "A ticket without a priority gets priority normal".
/// What becomes of a record, not of a field.
const REFUSED: &[&str] =
    &["refused", "rejected", "denied", "declined", "blocked", "error", "invalid", "saved", "created"];

fn default_value(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("field")?;
    if bound.entity("entity").is_some_and(|entity| entity != field.entity)
        || bound.field("f").is_some_and(|other| other != field)
    {
        return None;
    }
    let range = bound.words("value")?;
    let text = reading.name(&range);
    if range.len() > 2 || REFUSED.contains(&text.to_lowercase().as_str()) {
        return None;
    }
    let value = crate::fields::values::constant(&text, reading.scope.kind(&field)?)?;
    rule(RuleKind::Default { entity: field.entity, field: field.field, value })
}

/// "A rejected claim must have a reason": whenever it is in that state.
fn has_in_state(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let states: Option<Vec<_>> =
        bound.states("states")?.iter().map(|readings| reading.state_of(readings, &entity)).collect();
    let states = states?;
    let field = states.first()?.field.clone();
    let values: Vec<Value> = states.into_iter().map(|state| Value::from(state.value)).collect();
    let fields = bound.fields("fields")?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let when = Condition(vec![Test::In { via: None, field, values }]);
    Some(
        fields
            .into_iter()
            .map(|required| {
                Effect::Rule(RuleKind::RequiredWhen {
                    entity: entity.clone(),
                    field: required.field,
                    when: when.clone(),
                })
            })
            .collect(),
    )
}

/// "This requires a reason" of ways that were told before.
pub(crate) fn of_this(reading: &Reading<'_>, entity: &str, pairs: &[(String, String)]) -> Option<Vec<Effect>> {
    let tokens = reading.tokens;
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
    let at = if is(0, &["this"]) && is(1, &["require", "need"]) {
        2
    } else if is(0, &["then"]) {
        1
    } else if is(tokens.len().saturating_sub(1), &["this", "that", "it"])
        && is(tokens.len().saturating_sub(2), &["for"])
    {
        0
    } else {
        return None;
    };
    let end = (at..tokens.len()).find(|at| is(*at, &["must", "be"])).unwrap_or(tokens.len());
    let asked = tokens.get(end..)?.iter().all(|token| {
        [
            "must",
            "be",
            "given",
            "required",
            "needed",
            "mandatory",
            "entered",
            "filled",
            "in",
            "stated",
            "recorded",
            "necessary",
            "present",
            "for",
            "this",
            "that",
            "it",
        ]
        .contains(&token.word.as_str())
    });
    let (_, fields) = reading
        .scope
        .fields_at(tokens, at)
        .into_iter()
        .find(|(stop, fields)| *stop == end && fields.iter().all(|field| field.entity == entity))?;
    if !asked || (at < 2 && end == tokens.len()) {
        return None;
    }
    let fields: Vec<String> = fields.into_iter().map(|field| field.field).collect();
    Some(super::needed(entity, pairs, &fields))
}
