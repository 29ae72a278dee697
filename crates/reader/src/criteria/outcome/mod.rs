//! What a Then says: refused, saved, shown, in a state, with a value.

use super::facts::{Act, Facts};
use super::{Steps, contrary};
use crate::effect::Effect;
use crate::engine::{Engine, Reading};
use crate::frame::strip_frame;
use crate::pattern::{Bound, Patterns};
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Action, Condition, Operand, RuleKind, Test};
use serde_json::Value;
use std::sync::LazyLock;

mod lists;
mod states;

use lists::{csv, csv_rows, filtered, found, page_of, seen, sorted, totals, totals_shown, whole_list};
use states::{assumed, field_value, moved, new_state, state};

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
    const MADE: &[&str] =
        &["created", "saved", "made", "added", "booked", "registered", "recorded", "entered", "possible", "accepted"];
    let no_record = then.first().is_some_and(|token| token.is("no")) && MADE.iter().any(|word| says(word));
    // "Then I see "not allowed""
    const SHOWN: &[&str] = &[
        "not allowed",
        "not permitted",
        "access denied",
        "permission denied",
        "no permission",
        "forbidden",
        "not possible",
    ];
    let quoted = |token: &Token| token.quoted && SHOWN.iter().any(|said| token.raw.to_lowercase().contains(said));
    let state_only = then.iter().any(|token| token.is("status") || token.is("state") || token.is("becomes"))
        && !says("error")
        && !says("request");
    (REFUSALS.iter().any(|word| says(word)) && !state_only) || not_done || no_record || then.iter().any(quoted)
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
    (
        "[only | first] <qty> [of them | row | item | entry] (be | must be) (shown | listed | displayed) (per page | on page | on 1 page | on first page)",
        page_of,
    ),
    (
        "[first | 1] page (hold | holds | show | shows | contain | contains | have) [only | first] <qty> [of them | <entity> | item | row | entry]",
        page_of,
    ),
    ("[only | first] <qty> of them (be | stand | appear) on [first | 1] page", page_of),
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
    // "It shows 3 days and a price of 75.00"
    ("(it | <entity> | i | user) (show | shows | have | has | see | sees) <words:value>", figure_first),
    ("<field> of <words:value>", field_value),
    // "When no deposit is entered, then 100 is saved"
    ("<words:value> (be | must be) (saved | stored | used | assumed | taken | applied | entered | filled in)", assumed),
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
        "(csv file | csv | file) [with all <entity> | of all <entity> | with <entity>] (be | must be) (returned | downloaded | offered | produced | given | delivered | created | generated | provided) [with header line]",
        csv,
    ),
    (
        "(i | user | <words:who>) (get | gets | receive | receives) (csv file | csv) [with <entity>] [of <entity:e>] [with all <entity:f>]",
        csv,
    ),
    ("(i | we | they | user | <words:who>) (get | gets | receive | receives) file [with header line]", csv),
    (
        "(csv file | csv | file | export) (contain | contains | hold | holds | have | lists | list | be returned with | be downloaded with) <words:rest>",
        csv_rows,
    ),
    (
        "(i | user | <words:who>) (get | gets | receive | receives | download | downloads) (csv file | csv) (with | that contain | containing | of | that have | listing) <words:rest>",
        csv_rows,
    ),
    ("<words:rest> (be | must be) (returned | delivered | downloaded | sent | produced)", csv_rows),
    ("(i | user | <words:who>) (get | gets | receive | receives) <words:rest>", csv_rows),
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
    // "Then its pieces are deleted too" tells what becomes of them, and not what somebody can do.
    let done = |effect: &Effect| match effect {
        Effect::Rule(RuleKind::Capability { entity, action }) => {
            matches!(action, Action::List | Action::Read)
                || facts.acts.iter().any(|act| matches!(act, Act::Do(of, made) if of == entity && made == action))
        }
        _ => true,
    };
    engine.clause(then).filter(|effects| effects.iter().all(done))
}

/// The record that was acted on.
fn acted(facts: &Facts, reading: &Reading<'_>) -> Option<String> {
    facts
        .acts
        .first()
        .map(|act| match act {
            Act::Do(entity, _) | Act::Move(entity, _) => entity.clone(),
        })
        .or_else(|| facts.it.clone())
        .or_else(|| reading.scope.subject().map(str::to_owned))
}

/// "It shows 3 days": the figure stands in front of the field.
fn figure_first(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let [figure, name @ ..] = reading.part(&bound.words("value")?) else { return None };
    let whole = || reading.scope.field_at(name, 0).into_iter().any(|(end, _)| end == name.len());
    (figure.is_number() && !name.is_empty() && whole()).then_some(())?;
    let told: Vec<Token> = name.iter().cloned().chain([figure.renamed("be"), figure.clone()]).collect();
    clauses(reading.engine, facts, &told, rules, u8::MAX)
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
    // What is found by a word is searched for, and no list that is looked at.
    if said(&["found"]) && facts.said(&["search", "searches", "searching"]) {
        return lists::sought(reading, facts, rules, &entity);
    }
    if said(&["list", "listed", "shown", "overview", "appears", "appear", "visible", "displayed", "found"]) {
        effects.push(Effect::capability(&entity, Action::List));
    }
    // "Given a patient that is ready, when it is released, then the change is saved" makes no patient.
    let stated = !facts.given_states.is_empty() || !facts.when_states.is_empty() || said(&["change", "changes"]);
    if effects.is_empty()
        && !stated
        && said(&["saved", "created", "stored", "recorded", "registered", "added", "accepted"])
    {
        effects.push(Effect::capability(&entity, Action::Create));
    }
    // A valid value accepted shows the bound it keeps to.
    let shown: Vec<Effect> = rules.iter().filter(|rule| matches!(rule, RuleKind::Range { entity, field, .. } | RuleKind::Length { entity, field, .. } if facts.values.iter().any(|value| value.field.entity == *entity && value.field.field == *field))).map(|rule| Effect::Rule(rule.clone())).collect();
    // "When an enrolment with amount paid 501 is created, then it is accepted" of at most 500
    let breaks = |rule: &&RuleKind| match rule {
        RuleKind::Range { entity, field, .. } | RuleKind::Length { entity, field, .. } => {
            let field = FieldRef { entity: entity.clone(), field: field.clone() };
            crate::criteria::refused::breaks(facts, rule, &field) == 10
        }
        _ => false,
    };
    if rules.iter().any(|rule| breaks(&rule)) {
        return None;
    }
    effects.extend(shown);
    // "Given a boat with 6 berths, when a charter for 6 guests is created, then it is saved"
    let steps = Steps { given: facts.given.clone(), when: facts.when.clone(), ..Steps::default() };
    let kept = rules.iter().filter(|rule| match rule {
        RuleKind::Compare { entity, field, op, to: to @ Operand::Referenced { .. }, .. } => {
            contrary::broken(reading.engine, facts, &steps, (entity, field), *op, to) == Some(false)
        }
        _ => false,
    });
    effects.extend(kept.cloned().map(Effect::Rule));
    (!effects.is_empty()).then_some(effects)
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
        .all(|effect| {
            matches!(effect, Effect::Field { .. } | Effect::UsedAs { .. } | Effect::Rule(RuleKind::Computed { .. }))
        })
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

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        crate::pattern::check(super::PATTERNS);
    }
}
