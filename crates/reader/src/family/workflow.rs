//! States and the ways between them.

use super::rule;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::fields::values::split_values;
use crate::pattern::Bound;
use crate::verbs;
use maestro_artifacts::{Condition, Operand, RuleKind, Test};
use serde_json::Value;
use std::ops::Range;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("<words:chain>", arrows),
    (
        "[<entity> | <field> | it | %state] %must %move [back | on | over | only] [directly] [from] <words:from> [only] (to | into | back to | on to) <words:to>",
        moves,
    ),
    (
        "[<entity> | <field> | it | %state] (mayonly | mayonly be) %move [back | on | over] [directly] from <words:from> [only] (to | into | back to | on to) <words:to>",
        moves,
    ),
    (
        "[<entity> | <field> | it | %state] %move [back | on | over] [directly] from <words:from> [only] (to | into | back to | on to) <words:to>",
        moves,
    ),
    (
        "from <words:from> [<entity> | <field> | it | %state] [%must] (%move | be | only) [back | on | only] (to | into | back to) <words:to>",
        moves,
    ),
    ("from <words:from> (to | into | back to) <words:to>", moves),
    ("[<entity> | <field>] (be | may be | must be) <state:to> (from | if in | if) <states:from>", from_states),
    (
        "[<entity> | <field> | %state] [of <entity:e>] [must | may] (start | starts | begin | begins | be initially | initially be | be created | be recorded | be opened) [out] (as | in | with | at | on) [%state] <words:state>",
        initial,
    ),
    (
        "<field> [of <entity>] (must be | be) (initially | at first | in beginning | to begin with) <words:state>",
        initial,
    ),
    (
        "new <entity> (be | must be | have | have %state | get | get %state | must have %state | be in | start as | start in | start at | start with | be setto | be given | receive) [%state] <words:state>",
        initial,
    ),
    ("<entity> (start | begin) [life | out] (as | in) [%state] <words:state>", initial),
    (
        "<entity> (be | must be) <words:state> (at first | initially | in beginning | to begin with | from start)",
        begins,
    ),
    ("[new] <entity> (start | starts | begin | begins) [out | life | its life] as <words:state>", begins),
    (
        "[new] <entity> (be created | be saved | be stored | be opened | start | starts | begin | begins) (with | in) %state [of] <words:state>",
        begins,
    ),
    ("(initial | first | starting) %state [of <entity>] [must] be <words:state>", initial),
    ("<words:state> (be initial %state | be starting %state | be initial)", initial),
    ("initially <entity> be [in] [%state] <words:state>", initial),
    (
        "[<entity>] (may be | must be | be | have been | be either) [in] (oneof) [following] [%state] [:] <words:states>",
        states,
    ),
    ("<entity> (may be | be) [in] <words:states>", loose_states),
    ("%state [of <entity>] (be | may be | must be) [oneof] [:] <words:states>", states),
    ("<entity> have [following | possible] %state [:] <words:states>", states),
    (
        "[<entity>] [possible | allowed | following] %state [of <entity:e>] [be | include | :] [:] <words:states>",
        states,
    ),
    (
        "<entity> (goes | go | pass | passes | moves | move | run | runs) (through | via) [following | %state | following %state] [:] <words:states> [in this order | in order | in that order]",
        steps,
    ),
    ("%state (be | must be) passed in [this] order [:] <words:states>", steps),
    ("<entity> (be | have | have been | may be | must be) [oneof] <words:states> in this order", steps),
    ("<words:states> [be] (final | final %state | end %state | terminal | terminal %state)", terminal),
    (
        "(no other | other | any other | no further) (change | changes | transition | transitions | move | moves | step | change of %state) (be allowed | be possible | be permitted | be %refused | may be made | exist | mustnot be made)",
        only_these,
    ),
    ("(only these | these) (transition | transitions | change) (be allowed | be possible)", only_these),
    ("[any] other (transition | transitions | change | change of %state) (must be | be) %refused", only_these),
    ("<states:from> <entity> (may be | mayonly be | may | mayonly | must be) <words:to> by <words:who>", verb_from),
    ("<states:from> <entity> (may be | mayonly be | may | mayonly | must be) <words:to>", verb_from),
    (
        "(if | > | after) [it] [be] <states:from> , <entity> (may be | may | mayonly be) [either] [then] <words:to>",
        verb_from,
    ),
    ("<words:who> may <words:to> <states:from> <entity>", verb_from),
    ("from <states:from> , <entity> (may be | may | mayonly be) <words:to>", verb_from),
    ("only <states:from> <entity> may be <words:to>", verb_from),
    (
        "<entity> mayonly be <words:to> (if [it] [be] [in] | from | if in | onlyif [it] [be] [in] | after) [%state] <states:from>",
        verb_from,
    ),
    (
        "<entity> may be <words:to> (only if [it] [be] [in] | onlyif [it] [be] | onlyif | if [it] [be]) [%state] <states:from>",
        verb_from,
    ),
    (
        "<entity> (becomes | become | be setto | turn | turns | be marked [as] | be marked) <state:to> (if | if [it] be) <word:verb>",
        becomes,
    ),
    (
        "<states> <entity> mustnot (be reopened | be changed back | go back | be moved back | move back | change [%state])",
        terminal_of,
    ),
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
        "(moving to | change to | moving it to | moving <entity> to | transition to | setting %state to) <states:to> (require | requires | need | needs) <fields>",
        needs,
    ),
    ("<word:verb> <entity> (require | requires | need | needs) <fields>", needs_verb),
    (
        "<entity> without <field> [%state] (get | gets | be given | have | be saved with | be stored with | receive | receives) [<field:f>] <words:value>",
        default_value,
    ),
    ("<entity> without <field> (be | become) <words:value>", default_value),
    (
        "(if no <field> be given | without <field> | if <field> be not given) [,] [it | <entity>] (be | be setto | gets | have | become) [<field:f>] <words:value>",
        default_value,
    ),
    ("<states> <entity> (must have | need | needs | require | requires) <fields>", has_in_state),
    (
        "if [<entity> | it] (be | becomes | become | be moved to | moves to | move to | be setto | be marked [as] | goes to) <states:to> , <fields> (must be | be) [required | mandatory | given | filled in | recorded | entered | present | set | needed | stated | provided]",
        needs,
    ),
];

/// The entity that a clause about states is about.
fn about(bound: &Bound, reading: &Reading<'_>) -> Option<String> {
    bound
        .entity("entity")
        .or_else(|| bound.entity("e"))
        .or_else(|| bound.field("field").map(|field| field.entity))
        .or_else(|| reading.scope.subject().map(str::to_owned))
}

/// The epic's name for the field of the state, where the clause gives one (`the stage of a batch`).
fn named_field(bound: &Bound, reading: &Reading<'_>) -> Option<String> {
    if let Some(field) = bound.field("field") {
        return reading.scope.lexicon.field(&field).map(|field| field.name.clone());
    }
    reading
        .tokens
        .iter()
        .find(|token| {
            crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str())
                && token.lemma != "step"
                && token.lemma != "phase"
        })
        .map(|token| token.lemma.clone())
}

/// The words of a range as states; a state has at most four words and none that belongs to a sentence.
pub(crate) fn names(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<String>> {
    const NEVER: &[&str] = &[
        "must", "mustnot", "may", "mayonly", "be", "have", "if", "only", "onlyif", "unless", "than", "from", "that",
        "->", ">=", "<=", ">", "<", "=", "per", "with", "by", "of", "for", ":", "(", ")", "refused", "without",
    ];
    let part = reading.part(range);
    if part.iter().any(|token| {
        !token.quoted
            && NEVER.contains(&token.word.as_str())
            && !(token.word == "refused" && token.raw.to_lowercase() == "refused")
    }) {
        return None;
    }
    let text: Vec<String> =
        part.iter().map(|token| if token.quoted { format!("\"{}\"", token.raw) } else { token.raw.clone() }).collect();
    let values: Vec<String> = split_values(&text.join(" ")).into_iter().map(|value| known(reading, value)).collect();
    let sane = !values.is_empty()
        && values.iter().all(|value| value.split(' ').count() <= 4 && value.chars().any(char::is_alphanumeric));
    sane.then_some(values)
}

/// Verbatim as the epic first wrote it.
fn known(reading: &Reading<'_>, value: String) -> String {
    let words = crate::lexicon::name_words(&value);
    let found =
        reading.scope.focus.first().and_then(|entity| reading.scope.lexicon.entity(entity)).and_then(|entity| {
            entity
                .values()
                .into_iter()
                .find(|(_, known)| crate::lexicon::name_words(known) == words)
                .map(|(_, known)| known.to_owned())
        });
    found.unwrap_or(value)
}

fn transitions(entity: &str, pairs: &[(String, String)]) -> Vec<Effect> {
    let mut effects: Vec<Effect> = pairs
        .iter()
        .map(|(from, to)| Effect::Transition { entity: entity.to_owned(), from: from.clone(), to: to.clone() })
        .collect();
    effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.to_owned() }));
    effects
}

/// `draft → submitted → approved or rejected`, with a lead such as `Status:`.
fn arrows(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let tokens = reading.tokens;
    if !tokens.iter().any(|token| token.word == "->") {
        return None;
    }
    let colon = tokens
        .iter()
        .position(|token| token.word == ":" || token.word == "–")
        .filter(|at| !tokens.iter().take(*at).any(|token| token.word == "->"));
    let lead = tokens.get(..colon.unwrap_or(0)).unwrap_or_default();
    let mut from = colon.map_or(0, |at| at + 1);
    // "A loan moves draft -> open": the words before the first state are its lead.
    let lead_scope = reading.engine.scope(lead);
    let mut entity = lead_scope.mentioned(lead).into_iter().next();
    let mut field = lead
        .iter()
        .find(|token| crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()))
        .map(|token| token.lemma.clone());
    if lead.len() > 8
        || lead.iter().any(|token| matches!(token.word.as_str(), "mustnot" | "only" | "mayonly" | "onlyif"))
    {
        return None;
    }
    if let (None, Some((end, found))) = (colon, reading.scope.entity_at(tokens, 0).into_iter().next()) {
        let verb = tokens
            .iter()
            .skip(end)
            .take_while(|token| {
                matches!(
                    token.word.as_str(),
                    "move"
                        | "moves"
                        | "go"
                        | "goes"
                        | "be"
                        | "may"
                        | "have"
                        | "status"
                        | "state"
                        | "stage"
                        | "through"
                        | "follow"
                        | "follows"
                        | "workflow"
                        | "from"
                        | "must"
                )
            })
            .count();
        if verb > 0 {
            entity = Some(found);
            from = end + verb;
            field = tokens
                .get(end..from)
                .unwrap_or_default()
                .iter()
                .find(|token| crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()))
                .map(|token| token.lemma.clone())
                .or(field);
        }
    }
    if let (None, Some((end, found))) = (colon, reading.scope.field_at(tokens, 0).into_iter().next()) {
        let verb = tokens
            .iter()
            .skip(end)
            .take_while(|token| {
                matches!(
                    token.word.as_str(),
                    "move"
                        | "moves"
                        | "go"
                        | "goes"
                        | "be"
                        | "may"
                        | "change"
                        | "changes"
                        | "through"
                        | "follow"
                        | "follows"
                        | "from"
                        | "must"
                )
            })
            .count();
        if verb > 0 {
            entity = Some(found.entity.clone());
            field = reading.scope.lexicon.field(&found).map(|field| field.name.clone());
            from = end + verb;
        }
    }
    if let Some((_, found)) = reading.scope.field_at(lead, 0).into_iter().next() {
        field = reading.scope.lexicon.field(&found).map(|field| field.name.clone()).or(field);
        entity = entity.or(Some(found.entity));
    }
    // "The status of a loan goes draft -> open".
    if let (None, 0) = (colon, from)
        && let Some(verb) = tokens.iter().position(|token| LEADS.contains(&token.word.as_str()))
        && tokens.iter().position(|token| token.word == "->").is_some_and(|arrow| verb < arrow)
        && let Some((before, named)) = subject_of_state(reading, verb)
    {
        entity = before.or(entity);
        field = named.or(field);
        from = verb + tokens.iter().skip(verb).take_while(|token| LEADS.contains(&token.word.as_str())).count();
    }
    let entity = entity.or_else(|| reading.scope.subject().map(str::to_owned))?;
    let (states, pairs) = chain(reading, from)?;
    let mut effects = vec![Effect::States { entity: entity.clone(), field, states }];
    effects.extend(transitions(&entity, &pairs));
    Some(effects)
}

/// Verbs between a subject and its chain of states.
const LEADS: &[&str] = &[
    "move",
    "moves",
    "go",
    "goes",
    "be",
    "may",
    "must",
    "change",
    "changes",
    "through",
    "follow",
    "follows",
    "run",
    "runs",
    "pass",
    "passes",
    "from",
    "advance",
    "advances",
    "progress",
    "progresses",
];

/// The entity and field of `[the] status of a loan`, `the loan's stage`: nothing else may stand before the verb.
fn subject_of_state(reading: &Reading<'_>, verb: usize) -> Option<(Option<String>, Option<String>)> {
    let (mut entity, mut field, mut at) = (None, None, 0);
    while at < verb {
        let token = reading.tokens.get(at)?;
        if let Some((end, found)) =
            reading.scope.entity_at(reading.tokens, at).into_iter().find(|(end, _)| *end <= verb)
        {
            entity = Some(found);
            at = end;
        } else if crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()) {
            field = Some(token.lemma.clone());
            at += 1;
        } else if matches!(token.word.as_str(), "of" | "'s" | "for") {
            at += 1;
        } else {
            return None;
        }
    }
    (entity.is_some() || field.is_some()).then_some((entity, field))
}

/// States, and the ways between them.
type Chain = (Vec<String>, Vec<(String, String)>);

/// The states and ways of arrow chains from `at` on; chains are separated by `,` or `;` where a new arrow follows.
fn chain(reading: &Reading<'_>, at: usize) -> Option<Chain> {
    let mut states: Vec<String> = Vec::new();
    let mut pairs: Vec<(String, String)> = Vec::new();
    let rest = reading.tokens.get(at..)?;
    // Segments between arrows; inside one, commas separate either alternatives or the next chain.
    let arrows: Vec<usize> =
        rest.iter().enumerate().filter(|(_, token)| token.word == "->").map(|(at, _)| at).collect();
    let mut begin = 0;
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for arrow in arrows.iter().copied().chain([rest.len()]) {
        groups.push((begin, arrow));
        begin = arrow + 1;
    }
    let mut before: Vec<String> = Vec::new();
    let count = groups.len();
    for (k, (from, to)) in groups.into_iter().enumerate() {
        let segment = rest.get(from..to)?;
        let cut = if k > 0 && k + 1 < count {
            segment.iter().rposition(|token| matches!(token.word.as_str(), "," | ";"))
        } else {
            None
        };
        let (own, next) = match cut {
            // "a -> b or c -> d" has no cut; "a -> b, b -> c" has one.
            Some(cut) => (segment.get(..cut)?, Some(segment.get(cut + 1..)?)),
            None => (segment, None),
        };
        let here = state_names(reading, at + from, own)?;
        for from in &before {
            for to in &here {
                pairs.push((from.clone(), to.clone()));
            }
        }
        states.extend(here.iter().cloned());
        before = match (cut, next) {
            (Some(cut), Some(next)) => {
                let more = state_names(reading, at + from + cut + 1, next)?;
                states.extend(more.iter().cloned());
                more
            }
            _ => here,
        };
    }
    let mut seen: Vec<String> = Vec::new();
    for state in states {
        if !seen.contains(&state) {
            seen.push(state);
        }
    }
    (pairs.len() + 1 >= count && !pairs.is_empty()).then_some((seen, pairs))
}

fn state_names(reading: &Reading<'_>, start: usize, part: &[crate::token::Token]) -> Option<Vec<String>> {
    let skip = part
        .iter()
        .take_while(|token| matches!(token.word.as_str(), "and" | "or" | "," | ";" | "then" | "oneof" | "from"))
        .count();
    let part = part.get(skip..)?;
    if part.is_empty() {
        return None;
    }
    names(reading, &(start + skip..start + skip + part.len()))
}

fn moves(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let from = names(reading, &bound.words("from")?)?;
    // "from draft to submitted and then to approved": each stop is the next one's beginning.
    let mut to = bound.words("to")?;
    let back = to.len() > 2 && reading.tokens.get(to.end - 1).is_some_and(|token| token.is("back"));
    if back {
        to.end -= 1;
        while to.len() > 1
            && reading.tokens.get(to.end - 1).is_some_and(|token| matches!(token.word.as_str(), "and" | ","))
        {
            to.end -= 1;
        }
    }
    let mut stops: Vec<Vec<String>> = Vec::new();
    let mut begin = to.start;
    for at in to.clone() {
        if reading.tokens.get(at).is_some_and(|token| token.word == "to" || token.word == "into") {
            let mut end = at;
            while end > begin
                && reading.tokens.get(end - 1).is_some_and(|token| {
                    matches!(token.word.as_str(), "and" | "then" | "," | "on" | "finally" | "next" | "back")
                })
            {
                end -= 1;
            }
            stops.push(names(reading, &(begin..end))?);
            begin = at + 1;
        }
    }
    stops.push(names(reading, &(begin..to.end))?);
    let mut pairs = Vec::new();
    let mut before = from.clone();
    let mut states = from;
    for stop in stops {
        for a in &before {
            pairs.extend(stop.iter().map(|b| (a.clone(), b.clone())));
        }
        states.extend(stop.iter().cloned());
        before = stop;
    }
    if back {
        let reversed: Vec<(String, String)> =
            pairs.iter().map(|(a, b): &(String, String)| (b.clone(), a.clone())).collect();
        pairs.extend(reversed);
    }
    let mut effects = Vec::new();
    if let Some(field) = named_field(bound, reading) {
        effects.push(Effect::States { entity: entity.clone(), field: Some(field), states });
    }
    effects.extend(transitions(&entity, &pairs));
    Some(effects)
}

fn from_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let to = reading.state_of(bound.states("to")?.first()?, &entity)?.value;
    let from: Option<Vec<String>> = bound
        .states("from")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect();
    let pairs: Vec<(String, String)> =
        from?.into_iter().filter(|from| *from != to).map(|from| (from, to.clone())).collect();
    (!pairs.is_empty()).then(|| transitions(&entity, &pairs))
}

fn initial(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let mut states = names(reading, &bound.words("state")?)?;
    let (Some(state), true) = (states.pop(), states.is_empty()) else { return None };
    if reading.scope.lexicon.find(&state).is_some() {
        return None;
    }
    let field = named_field(bound, reading);
    let known_flow = reading.scope.lexicon.flow_field(&entity).is_some() || field.is_some();
    if !known_flow {
        return None;
    }
    let mut effects = Vec::new();
    if field.is_some() {
        effects.push(Effect::States { entity: entity.clone(), field, states: vec![state.clone()] });
    }
    effects.push(Effect::Initial { entity: entity.clone(), state: state.clone() });
    if let Some(field) = reading.scope.lexicon.flow_field(&entity) {
        effects.push(Effect::Rule(RuleKind::Default { entity, field, value: Value::from(state) }));
    }
    Some(effects)
}

/// "A booking is requested at first": says that there are states, even where nothing else does yet.
fn begins(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let mut found = names(reading, &bound.words("state")?)?;
    let (Some(state), true) = (found.pop(), found.is_empty()) else { return None };
    if reading.scope.lexicon.find(&state).is_some() || state.split(' ').count() > 2 {
        return None;
    }
    let mut effects = vec![
        Effect::States { entity: entity.clone(), field: named_field(bound, reading), states: vec![state.clone()] },
        Effect::Initial { entity: entity.clone(), state: state.clone() },
    ];
    if let Some(field) = reading.scope.lexicon.flow_field(&entity) {
        effects.push(Effect::Rule(RuleKind::Default { entity, field, value: Value::from(state) }));
    }
    Some(effects)
}

fn states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let states = names(reading, &bound.words("states")?)?;
    if states.len() < 2 || states.iter().any(|state| reading.scope.lexicon.find(state).is_some()) {
        return None;
    }
    let field = named_field(bound, reading);
    let mut effects = vec![Effect::States { entity: entity.clone(), field, states }];
    if let Some(field) = reading.scope.lexicon.flow_field(&entity) {
        effects.push(Effect::has_field(&entity, &field));
    }
    Some(effects)
}

/// "Permits can be active, suspended or revoked": adjectives and participles that are nothing one does to a record.
fn loose_states(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("states")?;
    let part = reading.part(&range);
    let or = part.iter().any(|token| token.is("or"));
    let acts = part.iter().any(|token| {
        !verbs::actions(&token.lemma).is_empty()
            || token.is_number()
            || ["required", "optional", "unique", "empty", "in", "at"].contains(&token.word.as_str())
    });
    let child = part.iter().any(|token| {
        verbs::child_made(reading.scope.lexicon, &bound.entity("entity").unwrap_or_default(), &token.lemma).is_some()
            && reading.scope.lexicon.flow_field(&bound.entity("entity").unwrap_or_default()).is_none()
            && part.len() < 3
    });
    if !or || acts || child {
        return None;
    }
    states(bound, reading)
}

/// "goes through planned, open and done": each state follows the one before.
fn steps(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let states = names(reading, &bound.words("states")?)?;
    if states.len() < 2 {
        return None;
    }
    let pairs: Vec<(String, String)> =
        states.iter().zip(states.iter().skip(1)).map(|(a, b)| (a.clone(), b.clone())).collect();
    let mut effects = vec![Effect::States { entity: entity.clone(), field: named_field(bound, reading), states }];
    effects.extend(transitions(&entity, &pairs));
    Some(effects)
}

/// "Closed is final": true of the workflow as it was read, and shown by its transitions.
fn terminal(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = about(bound, reading)?;
    let states = names(reading, &bound.words("states")?)?;
    ends(reading, &entity, &states)
}

fn terminal_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let states: Option<Vec<String>> = bound
        .states("states")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect();
    ends(reading, &entity, &states?)
}

fn ends(reading: &Reading<'_>, entity: &str, states: &[String]) -> Option<Vec<Effect>> {
    let flow = &reading.scope.lexicon.entity(entity)?.flow;
    let fits = states
        .iter()
        .all(|state| flow.states.contains(state) && !flow.transitions.iter().any(|(from, _, _)| from == state));
    if !fits || flow.transitions.is_empty() {
        return None;
    }
    rule(RuleKind::Transitions { entity: entity.to_owned() })
}

fn only_these(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let flows: Vec<&str> = reading
        .scope
        .lexicon
        .entities
        .iter()
        .filter(|entity| !entity.flow.transitions.is_empty())
        .map(|entity| entity.key.as_str())
        .collect();
    let entity = reading
        .scope
        .focus
        .iter()
        .find(|focus| flows.contains(&focus.as_str()))
        .cloned()
        .or_else(|| if let [one] = flows.as_slice() { Some((*one).to_owned()) } else { None })?;
    rule(RuleKind::Transitions { entity })
}

/// "A submitted claim can be approved or rejected [by a manager]", "only draft claims can be submitted".
fn verb_from(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let from: Option<Vec<String>> = bound
        .states("from")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect();
    let from = from?;
    let flow = reading.scope.lexicon.flow_field(&entity)?;
    if bound.states("from")?.iter().flatten().any(|state| state.entity == entity && state.field != flow) {
        return None;
    }
    let words = bound.words("to")?;
    // Without "only", a participle that is no action names the state it leads to: "a planned course can be cancelled".
    let plain = !reading.tokens.iter().any(|token| token.is("only") || token.is("mayonly"));
    let to = leads(reading, &entity, reading.part(&words), plain)?;
    let actor = bound.words("who").map(|who| actor(reading, &who));
    let mut effects = Vec::new();
    if let Some(actor) = actor {
        let role = actor?;
        for to in &to {
            effects.push(Effect::Actor { entity: entity.clone(), to: to.clone(), role: role.clone() });
        }
        effects.push(Effect::Role { name: role });
    }
    let pairs: Vec<(String, String)> =
        from.iter().flat_map(|a| to.iter().filter(move |b| a != *b).map(move |b| (a.clone(), b.clone()))).collect();
    if pairs.is_empty() {
        return None;
    }
    effects.extend(transitions(&entity, &pairs));
    Some(effects)
}

/// A role that acts, where nothing says that only it may.
fn actor(reading: &Reading<'_>, who: &Range<usize>) -> Option<String> {
    let part = reading.part(who);
    let sane = part.len() <= 3
        && part.iter().all(|token| {
            token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                && !crate::engine::MODALS.contains(&token.word.as_str())
                && !matches!(token.word.as_str(), "only" | "no" | "noone" | "if" | "and" | "or" | "it" | "they")
        });
    sane.then(|| crate::lexicon::one_of(&reading.name(who)))
}

/// The states that verbs lead to; with `plain` also states that nothing else has named.
pub(crate) fn leads(
    reading: &Reading<'_>,
    entity: &str,
    verbs_in: &[crate::token::Token],
    plain: bool,
) -> Option<Vec<String>> {
    let lexicon = reading.scope.lexicon;
    let moving = plain && lexicon.entity(entity).is_some_and(|named| !named.flow.transitions.is_empty());
    let mut to = Vec::new();
    for token in verbs_in {
        if matches!(token.word.as_str(), "or" | "and" | "," | "be" | "then" | "oneof" | "both") {
            continue;
        }
        let new = || {
            let usual = plain && verbs::usual(&token.lemma);
            let participle = token.word.ends_with("ed")
                && verbs::actions(&token.word).is_empty()
                && (moving || verbs::child_made(lexicon, entity, &token.word).is_none());
            (usual || participle).then(|| {
                if token.word.ends_with("ed") { token.raw.to_lowercase() } else { verbs::participle(&token.lemma) }
            })
        };
        let state = verbs::state(lexicon, entity, &token.word).or_else(new)?;
        if !to.contains(&state) {
            to.push(state);
        }
    }
    (!to.is_empty()).then_some(to)
}

/// "approve or reject submitted claims" as a wish: the ways from that state.
pub(super) fn wish(engine: &crate::engine::Engine<'_>, tokens: &[crate::token::Token]) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    for at in 1..tokens.len() {
        for (end, lists) in scope.states_at(tokens, at) {
            for (stop, entity) in scope.entity_at(tokens, end) {
                let flow = scope.lexicon.flow_field(&entity);
                let from: Option<Vec<String>> = lists
                    .iter()
                    .map(|readings| {
                        reading
                            .state_of(readings, &entity)
                            .filter(|state| Some(&state.field) == flow.as_ref())
                            .map(|state| state.value)
                    })
                    .collect();
                if let (Some(from), true) = (from, stop == tokens.len())
                    && let Some(verbs_in) = tokens.get(..at)
                    && verbs_in.iter().all(|token| !matches!(token.lemma.as_str(), "see" | "list" | "edit" | "delete"))
                    && let Some(to) = leads(&reading, &entity, verbs_in, true)
                {
                    let pairs: Vec<(String, String)> = from
                        .iter()
                        .flat_map(|a| to.iter().filter(move |b| a != *b).map(move |b| (a.clone(), b.clone())))
                        .collect();
                    return (!pairs.is_empty()).then(|| transitions(&entity, &pairs));
                }
            }
        }
    }
    None
}

/// "A loan becomes returned when returned" says what the state means; the transition must be known.
fn becomes(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let to = reading.state_of(bound.states("to")?.first()?, &entity)?.value;
    let verb = reading.part(&bound.words("verb")?).first()?.word.clone();
    (verbs::state(reading.scope.lexicon, &entity, &verb)? == to)
        .then(|| rule(RuleKind::Transitions { entity }))
        .flatten()
}

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
            maestro_artifacts::FieldKind::Date => Operand::Today { plus_days: 0 },
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

fn needs_verb(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let to = match bound.words("verb") {
        Some(verb) => vec![verbs::state(reading.scope.lexicon, &entity, &reading.part(&verb).first()?.word)?],
        None => targets(bound, reading, &entity)?,
    };
    require(&entity, &to, bound)
}

/// "A ticket without a priority gets priority normal".
fn default_value(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("field")?;
    if bound.entity("entity").is_some_and(|entity| entity != field.entity)
        || bound.field("f").is_some_and(|other| other != field)
    {
        return None;
    }
    let range = bound.words("value")?;
    let text = reading.name(&range);
    if range.len() > 2 || ["refused", "error", "invalid", "saved", "created"].contains(&text.to_lowercase().as_str()) {
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
