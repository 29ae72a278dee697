//! What a Then says: refused, saved, shown, in a state, with a value.

use super::facts::{Act, Facts};
use crate::effect::Effect;
use crate::engine::{Engine, Reading};
use crate::frame::strip_frame;
use crate::pattern::{Bound, Patterns};
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Action, Condition, FieldKind, Operand, RuleKind, Test};
use serde_json::Value;
use std::sync::LazyLock;

const REFUSALS: &[&str] = &[
    "refused",
    "rejected",
    "denied",
    "declined",
    "blocked",
    "disallowed",
    "forbidden",
    "prohibited",
    "prevented",
    "invalid",
    "error",
    "conflict",
    "fails",
    "fail",
    "403",
    "409",
    "422",
    "400",
    "mustnot",
    "impossible",
    "unauthorised",
    "unauthorized",
];

/// Verbs of those who refuse.
const REFUSING: &[&str] = &[
    "denies",
    "refuses",
    "rejects",
    "declines",
    "blocks",
    "prevents",
    "disallows",
    "forbids",
    "prohibits",
    "stops",
    "complains",
];

/// Whether an outcome is a refusal of what was done.
pub(crate) fn refusal(engine: &Engine<'_>, facts: &Facts, then: &[Token]) -> bool {
    // "When the manager rejects it, then it is rejected" tells the state that was wanted.
    let scope = engine.scope(then);
    let wanted = facts.acts.iter().any(|act| {
        let Act::Move(entity, to) = act else { return false };
        (0..then.len()).any(|at| {
            scope
                .state_at(then, at)
                .into_iter()
                .any(|(_, states)| states.iter().any(|state| state.entity == *entity && state.value == *to))
        })
    });
    let others = then.iter().any(|token| {
        matches!(
            token.word.as_str(),
            "error" | "conflict" | "403" | "409" | "422" | "400" | "mustnot" | "fails" | "not"
        )
    });
    if wanted && !others {
        return false;
    }
    // A message that is shown in answer to something that lacks or breaks a value says no.
    let told = then.iter().any(|token| matches!(token.lemma.as_str(), "message" | "warning" | "told"))
        && !then.iter().any(|token| {
            matches!(
                token.lemma.as_str(),
                "success" | "successful" | "confirmation" | "confirming" | "successfully" | "confirm"
            )
        })
        && (!facts.missing.is_empty() || facts.said(&["already", "same", "invalid", "negative", "<", ">", "not"]));
    // "Then the reason is demanded" in answer to a request that lacks one.
    let lacks = !facts.missing.is_empty()
        && then.iter().any(|token| {
            [
                "demanded",
                "required",
                "requested",
                "asked",
                "needed",
                "mandatory",
                "missing",
                "required",
                "require",
                "insist",
            ]
            .iter()
            .any(|word| token.is(word))
        });
    told || lacks || then.iter().any(|token| REFUSING.contains(&token.word.as_str())) || says_no(then)
}

fn says_no(then: &[Token]) -> bool {
    let says = |word: &str| then.iter().any(|token| token.is(word));
    let not_done = then.windows(2).any(|pair| matches!(pair, [not, done] if not.is("not") && matches!(done.word.as_str(), "saved" | "created" | "accepted" | "possible" | "allowed" | "stored" | "made" | "changed" | "deleted" | "recorded" | "registered" | "permitted" | "confirmed")));
    let no_record =
        then.first().is_some_and(|token| token.is("no")) && (says("created") || says("saved") || says("made"));
    let state_only = then.iter().any(|token| token.is("status") || token.is("state") || token.is("becomes"))
        && !says("error")
        && !says("request");
    (REFUSALS.iter().any(|word| says(word)) && !state_only) || not_done || no_record
}

type Build = fn(&Bound, &Reading<'_>, &Facts, &[RuleKind]) -> Option<Vec<Effect>>;

const PATTERNS: &[(&str, Build)] = &[
    (
        "[new] [<entity> | it | they | request | record | change | system] [must] (be | appear | appears | shows up | succeed | succeeds | show | shows | be found) [successfully] [saved | created | stored | accepted | added | recorded | registered | listed | shown | available | displayed | visible | kept | made | allowed | ok | changed | updated | present | found | in list | confirmed] [, | and] [be | appears | appear | it appears | it be | shown | listed | stored | saved] [listed | shown | saved | visible] [in | on | among | under] [list | overview | register] [of] [<entity:e>]",
        done,
    ),
    (
        "(it | <entity>) (be | must be) (saved | created | stored | recorded) with [given | entered] [values | data | details | fields]",
        done,
    ),
    (
        "(i | user | list | page | <words:who>) (see | sees | get | gets | show | shows | contain | contains | have) [only] [first] <qty> [<entity> | item | row | entry] [and link to next page | and [i] may go to next page | on [first] page | per page | and next page]",
        page_of,
    ),
    ("<qty> <entity> (be | must be) (shown | listed | displayed) [per page | on page | on first page]", page_of),
    ("[and] [it | <entity> | they] mustnot be %changed [or %deleted] [any more | anymore | > that]", frozen_then),
    (
        "<entity> (whose <field> contain <words:text> | that contain <words:text> | with <words:text> in <field> | containing <words:text>) (be | must be) (found | shown | listed | returned)",
        found,
    ),
    (
        "(i | user | we | they | <words:who>) (see | sees | get | gets) <words:name> (, | that | , that) be <words:e>",
        worked_out,
    ),
    (
        "(i | user | we | they | <words:who>) (see | sees | get | gets | find | finds | receive | receives) [only] ([matching | right] [<entity>] | [<entity>] that match [it | them | search | filter] | [<entity>] in this order | [<entity>] sorted accordingly)",
        wished,
    ),
    (
        "[only] ([matching | those | right | these] <entity> | [<entity>] that match [it | them | search | filter]) (be | must be) (shown | listed | displayed | found | returned)",
        wished,
    ),
    (
        "(i | user | <words:who>) (see | sees | get | gets | find | finds | may see | receive | receives) (it | <entity> | [full] list of <entity> | detail of <entity>) [in list] [with all details]",
        seen,
    ),
    (
        "(<entity> | it | record | they) (be | must be) (deleted | removed | gone | no longer listed | not listed | not in list)",
        deleted,
    ),
    (
        "[i | user | it | they | <words:who>] [must] (get | gets | see | sees | receive | receives | be | be told that it be | <entity>) [be] (not found | 404 | not found error | 404 error | error 404 | status 404 | <word:code>) [error | message | answer]",
        not_found,
    ),
    ("(<entity> | it | they) (disappears | disappear) [from list] [of <entity:e>]", deleted),
    (
        "[<entity> | it] [must] (be | becomes | become | have | be in | move to | moves to | be setto | be marked [as] | start as | starts as | start in | starts in | goes to) [%state] [of] <state>",
        state,
    ),
    (
        "(<field> | %state) [of <entity>] (be | becomes | become | must be | be setto | changes to | be changed to | be shown as | change to) <state>",
        state,
    ),
    ("<entity> 's %state (be | becomes | become) <state>", state),
    (
        "[<entity>] ['s] %state [of <entity:e>] (be | becomes | become | must be | be setto | changes to | be changed to | change to | be now) [now] <words:new>",
        new_state,
    ),
    (
        "(it | they | <entity> | record) [must] (be | get | gets) [created | saved | stored | recorded | registered | added] (with | in | having) [initial] %state [of | =] <words:new>",
        new_state,
    ),
    (
        "(it | they | <entity>) (becomes | become | be moved to | moves to | goes to | be marked as | be marked) <words:new>",
        new_state,
    ),
    (
        "(<field>) [of <entity>] (be | becomes | must be | be shown as | = | be calculated as | be computed as | shows | be setto) [<word:mark>] <words:value>",
        field_value,
    ),
    ("[<entity> | it] [must] (have | show | shows | get) <field> [of | = | :] <words:value>", field_value),
    ("<entity> be (saved | created | accepted) with <field> [of | = | :] <words:value>", field_value),
    (
        "only [<states>] <entity> [in <field> | of <field> | with <field> | for <field> | that match | matching it] [<words:value>] (be | must be) (shown | listed | returned | found | displayed)",
        filtered,
    ),
    (
        "(list | result) (shows | show | contain | contains | have) only [<states>] <entity> [with <words:value> | in <words:value> | of <words:value> | that <words:value>]",
        filtered,
    ),
    ("only [matching | those | these] [<entity>] (be | must be) (shown | listed | returned | found)", filtered),
    (
        "(<entity> | list | they | it | result) (be | must be | come) [shown | listed] (sorted | ordered) by <fields> [ascending | descending]",
        sorted,
    ),
    (
        "(csv file | csv | file) (be | must be) (returned | downloaded | offered | produced | given) [with header line]",
        csv,
    ),
    (
        "(i | user | <words:who>) (get | gets | receive | receives) (csv file | csv) [with <entity>] [of <entity:e>] [with all <entity:f>]",
        csv,
    ),
    (
        "(csv file | csv | file | export) (contain | contains | have | lists | list | be returned with | be downloaded with) <words:rest>",
        csv_rows,
    ),
    (
        "(i | user | <words:who>) (get | gets | receive | receives | download | downloads) (csv file | csv) (with | that contain | containing | of | that have | listing) <words:rest>",
        csv_rows,
    ),
    ("(total | sum | count) (be | must be | shows | show) <words:value>", totals_shown),
    ("(i | user | <words:who>) (see | sees) (total | sum | count) [of] <words:value>", totals_shown),
    (
        "(total | sum) [of] [<fields>] [per | of | for] [<field:by>] [of <entity>] (be | must be) [shown | listed] [<words:value>]",
        totals,
    ),
];

static COMPILED: LazyLock<Patterns<Build>> = LazyLock::new(|| Patterns::compile(PATTERNS));

/// Reads an outcome: all of its clauses must be understood.
pub(crate) fn read(engine: &Engine<'_>, facts: &Facts, then: &[Token], rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let mut then = then.to_vec();
    strip_frame(&mut then, engine.lexicon);
    if then.is_empty() {
        return None;
    }
    let mut topics: Vec<String> = facts
        .acts
        .iter()
        .map(|act| match act {
            Act::Do(entity, _) | Act::Move(entity, _) => entity.clone(),
        })
        .collect();
    topics.extend(facts.entities.iter().cloned());
    topics.extend(engine.topics.iter().cloned());
    let engine = Engine { lexicon: engine.lexicon, topics };
    clauses(&engine, facts, &then, rules, 0)
}

fn clauses(engine: &Engine<'_>, facts: &Facts, then: &[Token], rules: &[RuleKind], depth: u8) -> Option<Vec<Effect>> {
    let scope = engine.scope(then);
    let reading = Reading { tokens: then, scope: &scope, engine };
    let found = COMPILED.read(then, &scope, |build, bound| {
        build(bound, &reading, facts, rules).filter(|effects| engine.sound(effects))
    });
    if found.is_some() || depth > 3 {
        return found;
    }
    // "They are sorted by date, newest first, with 20 per page" says one thing of one list.
    if let Some(effects) = (depth == 0).then(|| whole_list(engine, facts, then)).flatten() {
        return Some(effects);
    }
    for (at, token) in then.iter().enumerate() {
        // "it appears in the list with status draft"
        if !token.quoted && token.is("with") && at > 0 {
            let mut right = vec![Token::new("it", token.start, token.end), Token::new("have", token.start, token.end)];
            right.extend(then.get(at + 1..).unwrap_or_default().iter().cloned());
            if let (Some(mut first), Some(second)) = (
                clauses(engine, facts, then.get(..at).unwrap_or_default(), rules, depth + 1),
                clauses(engine, facts, &right, rules, depth + 1),
            ) {
                first.extend(second);
                return Some(first);
            }
        }
        if !token.quoted && matches!(token.word.as_str(), "and" | ",") {
            let (Some(left), Some(right)) = (then.get(..at), then.get(at + 1..)) else { continue };
            if left.is_empty() || right.is_empty() {
                continue;
            }
            if let (Some(mut first), Some(second)) =
                (clauses(engine, facts, left, rules, depth + 1), clauses(engine, facts, right, rules, depth + 1))
            {
                first.extend(second);
                return Some(first);
            }
        }
    }
    engine.clause(then)
}

/// An outcome that tells order and page of a list at once, said of the records that were asked for.
fn whole_list(engine: &Engine<'_>, facts: &Facts, then: &[Token]) -> Option<Vec<Effect>> {
    const SUBJECTS: &[&str] = &["they", "it", "list", "result", "results"];
    let first = then.first()?;
    let plain = SUBJECTS.iter().any(|word| first.is(word));
    let tokens: Vec<Token> = if plain {
        let entity = facts.entities.first().or(engine.topics.first())?;
        let name = &engine.lexicon.entity(entity)?.plural;
        let name = name.split(' ').map(|word| Token::new(word, first.start, first.end));
        name.chain(then.iter().skip(1).cloned()).collect()
    } else {
        then.to_vec()
    };
    let effects = engine.clause(&tokens)?;
    let ordered = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::List { .. } | RuleKind::Sort { .. }));
    (!effects.is_empty() && effects.iter().all(ordered)).then_some(effects)
}

/// The record that was acted on.
fn acted(facts: &Facts, reading: &Reading<'_>) -> Option<String> {
    facts
        .acts
        .first()
        .map(|act| match act {
            Act::Do(entity, _) | Act::Move(entity, _) => entity.clone(),
        })
        .or_else(|| reading.scope.subject().map(str::to_owned))
}

fn done(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    // A bare "it is" or "the request" says nothing.
    let words = reading.tokens.len();
    if words < 2
        || reading.tokens.last().is_some_and(|token| matches!(token.word.as_str(), "be" | "and" | "in" | "on" | "of"))
    {
        return None;
    }
    let said = |list: &[&str]| reading.tokens.iter().any(|token| list.contains(&token.word.as_str()));
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    let mut effects: Vec<Effect> = Vec::new();
    for act in &facts.acts {
        match act {
            Act::Do(entity, action) => effects.push(Effect::capability(entity, *action)),
            Act::Move(entity, to) => effects.extend(moved(reading, facts, entity, to)?),
        }
    }
    if said(&["list", "listed", "shown", "overview", "appears", "appear", "visible", "displayed", "found"]) {
        effects.push(Effect::capability(&entity, Action::List));
    }
    if effects.is_empty() && said(&["saved", "created", "stored", "recorded", "registered", "added", "accepted"]) {
        effects.push(Effect::capability(&entity, Action::Create));
    }
    // A valid value accepted shows the bound it keeps to.
    let shown: Vec<Effect> = rules.iter().filter(|rule| matches!(rule, RuleKind::Range { entity, field, .. } | RuleKind::Length { entity, field, .. } if facts.values.iter().any(|value| value.field.entity == *entity && value.field.field == *field))).map(|rule| Effect::Rule(rule.clone())).collect();
    effects.extend(shown);
    (!effects.is_empty()).then_some(effects)
}

/// "Then I see 20 claims": the size of a page that the epic states, or states here.
fn page_of(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    let size: u32 = bound.quantity("qty").filter(|size| size.unit.is_none())?.value.parse().ok()?;
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let known = rules.iter().find(|rule| {
        matches!(rule, RuleKind::List { entity: of, page_size: Some(known), .. } if *of == entity && *known == size)
    });
    if let Some(rule) = known {
        return Some(vec![Effect::Rule(rule.clone())]);
    }
    // More records than are shown, and a word about pages: this many stand on one.
    let paged = reading.tokens.iter().any(|token| token.is("page"));
    let stated =
        rules.iter().any(|rule| matches!(rule, RuleKind::List { entity: of, page_size: Some(_), .. } if *of == entity));
    (paged && !stated && size > 0)
        .then(|| vec![Effect::Rule(RuleKind::List { entity, sort: Vec::new(), page_size: Some(size) })])
}

/// "Then it is paid and can no longer be changed": frozen in the state that it was brought to.
fn frozen_then(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let (entity, state) = facts.acts.iter().rev().find_map(|act| match act {
        Act::Move(entity, state) => Some((entity.clone(), state.clone())),
        Act::Do(..) => None,
    })?;
    if bound.entity("entity").is_some_and(|other| other != entity) {
        return None;
    }
    let field = reading.scope.lexicon.flow_field(&entity)?;
    let when = Condition(vec![Test::In { via: None, field, values: vec![Value::from(state)] }]);
    Some(vec![Effect::Rule(RuleKind::Immutable { entity, when, fields: Vec::new() })])
}

/// "Then claims whose title contains "Taxi" are found" when somebody searches.
fn found(bound: &Bound, _: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    if !facts.said(&["search", "searches", "searching", "find", "finds", "look", "looks", "q"]) {
        return None;
    }
    let known = rules.iter().find(|rule| matches!(rule, RuleKind::Search { entity: of, .. } if *of == entity));
    let own = bound.field("field").filter(|field| field.entity == entity).map(|field| field.field);
    let rule =
        known.cloned().or_else(|| own.map(|field| RuleKind::Search { entity: entity.clone(), fields: vec![field] }))?;
    Some(vec![Effect::Rule(rule)])
}

/// "I get a CSV file with one line per claim".
fn csv_rows(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    const PLAIN: &[&str] = &[
        "header", "line", "row", "column", "per", "all", "1", "and", "with", "for", "same", "matching", "of", "in",
        "names", "record", "list", ",",
    ];
    let range = bound.words("rest")?;
    let entity = reading.scope.mentioned(reading.part(&range)).into_iter().next().or_else(|| acted(facts, reading))?;
    let mut at = range.start;
    while at < range.end {
        let named = reading
            .scope
            .entity_at(reading.tokens, at)
            .into_iter()
            .map(|(end, _)| end)
            .chain(reading.scope.field_at(reading.tokens, at).into_iter().map(|(end, _)| end))
            .max();
        at = match named {
            Some(end) => end,
            None if reading.tokens.get(at).is_some_and(|token| PLAIN.iter().any(|word| token.is(word))) => at + 1,
            None => return None,
        };
    }
    let csv = reading.tokens.iter().any(|token| token.is("csv"))
        || facts.said(&["csv", "export", "exports", "download", "downloads"]);
    csv.then(|| vec![Effect::Rule(RuleKind::Csv { entity })])
}

/// "Then the total is 30": a total that the epic asks for, at work.
fn totals_shown(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let value = bound.words("value")?;
    let number = reading.part(&value).iter().all(|token| token.is_number() || token.word.len() == 1) && value.len() < 4;
    let mut found =
        rules.iter().filter(|rule| matches!(rule, RuleKind::Totals { entity, .. } if facts.entities.contains(entity)));
    let (Some(rule), None, true) = (found.next(), found.next(), number) else { return None };
    Some(vec![Effect::Rule(rule.clone())])
}

fn seen(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    Some([Action::List, Action::Read].map(|action| Effect::capability(&entity, action)).to_vec())
}

/// "Then I see its proceeds, which are the sum of the prices of its lots": a value of the record that is looked at.
fn worked_out(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let entity = reading.scope.lexicon.entity(&acted(facts, reading)?)?.name.clone();
    let (name, e) = (reading.part(&bound.words("name")?), reading.part(&bound.words("e")?));
    let first = name.first()?;
    let mut tokens: Vec<Token> = entity.split(' ').map(|word| Token::new(word, first.start, first.start)).collect();
    tokens.push(Token::new("'s", first.start, first.start));
    tokens.extend(name.iter().cloned());
    tokens.push(Token::new("be", first.start, first.start));
    tokens.extend(e.iter().cloned());
    let effects = reading.engine.clause(&tokens)?;
    effects
        .iter()
        .all(|effect| matches!(effect, Effect::Field { .. } | Effect::Rule(RuleKind::Computed { .. })))
        .then_some(effects)
}

/// "When I filter by state or city, then I see those that match": what is done to the list is the wish.
fn wished(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    const DOING: &[&str] = &["filter", "search", "find", "look", "sort", "order", "narrow", "restrict", "show", "list"];
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let verb = facts.when.iter().take(4).position(|token| DOING.iter().any(|word| token.is(word)))?;
    let topics = bound.entity("entity").into_iter().chain(reading.engine.topics.iter().cloned()).collect();
    let engine = Engine { lexicon: reading.engine.lexicon, topics };
    let wish = facts.when.get(verb..)?;
    let mut verb_alone = wish.to_vec();
    if let Some(first) = verb_alone.first_mut() {
        *first = first.renamed(&first.lemma.clone());
    }
    let mut effects = crate::family::wish::read(&engine, &verb_alone);
    // "When I filter by state": of the records that the outcome or the Given speaks of.
    if effects.is_none()
        && let Some(of) = bound.entity("entity").or_else(|| facts.entities.first().cloned())
        && let Some(named) = engine.lexicon.entity(&of)
    {
        let place = wish.first().map_or((0, 0), |token| (token.start, token.end));
        let name = named.plural.split(' ').map(|word| Token::new(word, place.0, place.1));
        verb_alone.splice(1..1, name);
        effects = crate::family::wish::read(&engine, &verb_alone);
    }
    let listing = |effect: &Effect| {
        matches!(
            effect,
            Effect::Rule(
                RuleKind::Filter { .. } | RuleKind::Search { .. } | RuleKind::Sort { .. } | RuleKind::List { .. }
            )
        )
    };
    effects.filter(|effects| effects.iter().any(listing))
}

fn deleted(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    let deletes = facts.acts.iter().any(|act| matches!(act, Act::Do(of, Action::Delete) if *of == entity));
    deletes.then(|| vec![Effect::capability(&entity, Action::Delete)])
}

/// "Then I get not found" when a record that does not exist is asked for.
fn not_found(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let says = |range: std::ops::Range<usize>| {
        reading.part(&range).iter().all(|token| token.quoted && matches!(token.word.as_str(), "not found" | "404"))
    };
    if bound.words("code").is_some_and(|code| !says(code)) || bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let [act, ..] = facts.acts.as_slice() else { return None };
    let Act::Do(entity, action) = act else { return None };
    let action = if *action == Action::List { Action::Read } else { *action };
    Some(vec![Effect::capability(entity, action)])
}

/// The change from the given state to this one, where the Given names one.
fn moved(reading: &Reading<'_>, facts: &Facts, entity: &str, to: &str) -> Option<Vec<Effect>> {
    let flow = &reading.scope.lexicon.entity(entity)?.flow;
    let given: Vec<String> = facts
        .given_states
        .iter()
        .filter_map(|states| reading.state_of(states, entity))
        .filter(|state| Some(&state.field) == flow.field.as_ref() || flow.field.is_none())
        .map(|state| state.value)
        .filter(|from| from != to)
        .collect();
    // "When it is submitted and then approved": the one before leads to where the next begins.
    let before = facts
        .acts
        .iter()
        .take_while(|act| **act != Act::Move(entity.to_owned(), to.to_owned()))
        .filter_map(|act| match act {
            Act::Move(of, state) if of == entity => Some(state.clone()),
            _ => None,
        })
        .last();
    let given = before.map_or(given, |state| vec![state]);
    let mut effects: Vec<Effect> = given
        .into_iter()
        .map(|from| Effect::Transition { entity: entity.to_owned(), from, to: to.to_owned() })
        .collect();
    let reachable = flow.transitions.iter().any(|(_, state, _)| state == to);
    if effects.is_empty() && !reachable {
        return None;
    }
    effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.to_owned() }));
    Some(effects)
}

fn state(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let readings = bound.states("state")?.first()?;
    let wanted = bound
        .entity("entity")
        .or_else(|| bound.field("field").map(|field| field.entity))
        .or_else(|| acted(facts, reading))?;
    let state = reading
        .state_of(readings, &wanted)
        .or_else(|| readings.iter().find(|state| facts.entities.contains(&state.entity)).cloned())?;
    let lexicon = reading.scope.lexicon;
    if lexicon.flow_field(&state.entity).as_deref() == Some(state.field.as_str()) {
        let creates = facts.acts.iter().any(|act| matches!(act, Act::Do(of, Action::Create) if *of == state.entity));
        let moves =
            facts.acts.iter().any(|act| matches!(act, Act::Move(of, to) if *of == state.entity && *to == state.value));
        // "When an agent starts it": what has a state already is not made anew.
        let exists = facts
            .given_states
            .iter()
            .filter_map(|states| reading.state_of(states, &state.entity))
            .any(|given| given.field == state.field);
        if creates && !moves && !exists {
            let value = Value::from(state.value.clone());
            return Some(vec![
                Effect::capability(&state.entity, Action::Create),
                Effect::Initial { entity: state.entity.clone(), state: state.value },
                Effect::Rule(RuleKind::Default { entity: state.entity, field: state.field, value }),
            ]);
        }
        // "Then it is returned" shows the move only if something was done to this record.
        let same = exists
            || facts.acts.iter().any(|act| matches!(act, Act::Do(of, _) | Act::Move(of, _) if *of == state.entity));
        return same.then(|| moved(reading, facts, &state.entity, &state.value)).flatten();
    }
    let default = RuleKind::Default {
        entity: state.entity.clone(),
        field: state.field.clone(),
        value: Value::from(state.value.clone()),
    };
    rules.contains(&default).then(|| vec![Effect::Rule(default)])
}

/// "Its status becomes submitted" where nothing else names that state: the example does.
fn new_state(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.entity("e")).or_else(|| acted(facts, reading))?;
    let range = bound.words("new")?;
    let mut found = crate::family::workflow::names(reading, &range)?;
    let (Some(state), true) = (found.pop(), found.is_empty() && range.len() <= 3) else { return None };
    // An adjective of its own that is no state ("becomes impossible") would be a guess without the word "status".
    let word = reading
        .tokens
        .iter()
        .find(|token| crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()) && !token.quoted);
    let quoted = reading.part(&range).iter().all(|token| token.quoted);
    if word.is_none() && !quoted && reading.scope.lexicon.flow_field(&entity).is_none() {
        return None;
    }
    let field = word.map(|token| token.lemma.clone());
    let mut effects = vec![Effect::States { entity: entity.clone(), field, states: vec![state.clone()] }];
    let given = given_state(reading, facts, &entity);
    let creates = facts.acts.iter().any(|act| matches!(act, Act::Do(of, Action::Create) if *of == entity));
    match given {
        Some(from) if from != state => {
            effects.push(Effect::Transition { entity: entity.clone(), from, to: state });
            effects.push(Effect::Rule(RuleKind::Transitions { entity }));
        }
        None if creates => {
            effects.push(Effect::capability(&entity, Action::Create));
            effects.push(Effect::Initial { entity: entity.clone(), state: state.clone() });
            if let Some(field) = reading.scope.lexicon.flow_field(&entity) {
                effects.push(Effect::Rule(RuleKind::Default { entity, field, value: Value::from(state) }));
            }
        }
        _ => return None,
    }
    Some(effects)
}

/// The state that the Given names for a record: a known one, or the word where a state stands.
fn given_state(reading: &Reading<'_>, facts: &Facts, entity: &str) -> Option<String> {
    let flow = reading.scope.lexicon.flow_field(entity);
    let known = facts
        .given_states
        .iter()
        .filter_map(|states| reading.state_of(states, entity))
        .find(|state| flow.as_ref() == Some(&state.field));
    if let Some(state) = known {
        return Some(state.value);
    }
    let given = &facts.given;
    let scope = reading.engine.scope(given);
    for at in 0..given.len() {
        // `a claim with status "draft"`, `a claim in state draft`
        let token = given.get(at)?;
        if crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()) && !token.quoted {
            let next =
                given.iter().skip(at + 1).find(|token| !matches!(token.word.as_str(), "be" | "of" | "=" | ":"))?;
            return Some(next.raw.clone());
        }
        // `a submitted claim`
        let here = scope.entity_at(given, at + 1).iter().any(|(_, found)| found == entity);
        let like = token.quoted || crate::verbs::is_participle(&token.word) || crate::verbs::plain_state(&token.word);
        if here && like {
            return Some(token.raw.clone());
        }
        // `a claim that is submitted`
        let before =
            at > 1 && scope.entity_at(given, at - 2).iter().any(|(end, found)| found == entity && *end == at - 1);
        if before && like && given.get(at - 1).is_some_and(|token| token.is("be")) {
            return Some(token.raw.clone());
        }
    }
    None
}

/// A value of a field shown: computed, defaulted or stamped by a rule that is known, or just kept.
fn field_value(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let field: FieldRef = bound.field("field")?;
    let range = bound.words("value")?;
    let value = reading.part(&range);
    if value.len() > 6 {
        return None;
    }
    let own = |entity: &str, key: &str| entity == field.entity && key == field.field;
    let known: Vec<RuleKind> = rules.iter().filter(|rule| matches!(rule, RuleKind::Computed { entity, field, .. } | RuleKind::Stamp { entity, field, .. } | RuleKind::Default { entity, field, .. } if own(entity, field))).cloned().collect();
    if !known.is_empty() {
        return Some(known.into_iter().map(Effect::Rule).collect());
    }
    let text = reading.name(&range);
    let today = matches!(
        text.to_lowercase().as_str(),
        "today" | "today's date" | "now" | "current date" | "the current date" | "current time"
    );
    if today {
        let operand = match reading.scope.kind(&field)? {
            FieldKind::Date => Operand::today(),
            FieldKind::DateTime => Operand::now(),
            _ => return None,
        };
        let to = facts.acts.iter().find_map(|act| match act {
            Act::Move(entity, to) if *entity == field.entity => Some(Some(to.clone())),
            Act::Do(entity, Action::Create) if *entity == field.entity => Some(None),
            _ => None,
        })?;
        return Some(vec![Effect::Rule(RuleKind::Stamp {
            entity: field.entity,
            to,
            field: field.field,
            value: operand,
        })]);
    }
    let stated = facts.values.iter().any(|given| given.field == field && given.value == text);
    let updates = facts.acts.iter().find_map(|act| {
        if let Act::Do(entity, action) = act { (*entity == field.entity).then_some(*action) } else { None }
    });
    match (stated, updates) {
        // What was entered is kept.
        (true, Some(action)) => {
            Some(vec![Effect::has_field(&field.entity, &field.field), Effect::capability(&field.entity, action)])
        }
        (false, Some(Action::Create)) => {
            let value = crate::fields::values::constant(&text, reading.scope.kind(&field)?)?;
            let given = facts.fields.contains(&field);
            (!given).then(|| {
                vec![Effect::Rule(RuleKind::Default {
                    entity: field.entity.clone(),
                    field: field.field.clone(),
                    value,
                })]
            })
        }
        _ => None,
    }
}

fn filtered(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    let lists = bound.states("states").map(<[_]>::to_vec).unwrap_or_default();
    let mut fields: Vec<String> =
        lists.iter().filter_map(|readings| reading.state_of(readings, &entity)).map(|state| state.field).collect();
    fields.extend(facts.fields.iter().filter(|field| field.entity == entity).map(|field| field.field.clone()));
    fields.extend(
        facts.when_states.iter().filter_map(|states| reading.state_of(states, &entity)).map(|state| state.field),
    );
    fields.dedup();
    let searches = facts.said(&["search", "searches", "find", "finds", "look"]);
    let text = |field: &String| {
        let field = FieldRef { entity: entity.clone(), field: field.clone() };
        matches!(reading.scope.kind(&field), Some(FieldKind::Text { .. }))
    };
    if searches && fields.len() > 1 && fields.iter().all(text) {
        return Some(vec![Effect::Rule(RuleKind::Search { entity, fields })]);
    }
    if fields.is_empty() {
        return searches.then(|| vec![Effect::Rule(RuleKind::Search { entity, fields: Vec::new() })]);
    }
    Some(
        fields
            .into_iter()
            .map(|field| {
                let text = matches!(
                    reading.scope.kind(&FieldRef { entity: entity.clone(), field: field.clone() }),
                    Some(FieldKind::Text { .. })
                );
                Effect::Rule(if searches && text {
                    RuleKind::Search { entity: entity.clone(), fields: vec![field] }
                } else {
                    RuleKind::Filter { entity: entity.clone(), field }
                })
            })
            .collect(),
    )
}

fn sorted(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let known: Vec<Effect> = rules.iter().filter(|rule| matches!(rule, RuleKind::List { entity: of, sort, .. } if *of == entity && sort.iter().map(|key| &key.field).eq(fields.iter().map(|field| &field.field)))).cloned().map(Effect::Rule).collect();
    if !known.is_empty() {
        return Some(known);
    }
    if facts.said(&["sort", "sorts", "sorted", "order", "orders"]) {
        return Some(
            fields
                .into_iter()
                .map(|field| Effect::Rule(RuleKind::Sort { entity: entity.clone(), field: field.field }))
                .collect(),
        );
    }
    let descending = reading.tokens.iter().any(|token| token.is("descending"));
    let sort = fields.into_iter().map(|field| maestro_artifacts::SortKey { field: field.field, descending }).collect();
    Some(vec![Effect::Rule(RuleKind::List { entity, sort, page_size: None })])
}

fn csv(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.entity("e")).or_else(|| acted(facts, reading))?;
    Some(vec![Effect::Rule(RuleKind::Csv { entity })])
}

/// A total shown is the totals rule that is known.
fn totals(bound: &Bound, reading: &Reading<'_>, _: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound
        .entity("entity")
        .or_else(|| bound.field("fields").map(|field| field.entity))
        .or_else(|| reading.scope.subject().map(str::to_owned))?;
    let known: Vec<Effect> = rules
        .iter()
        .filter(|rule| matches!(rule, RuleKind::Totals { entity: of, .. } if *of == entity))
        .cloned()
        .map(Effect::Rule)
        .collect();
    (!known.is_empty()).then_some(known)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        crate::pattern::check(super::PATTERNS);
    }
}
