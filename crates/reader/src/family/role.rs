//! Who may do what. Only explicit words restrict: `only managers may ...`, `... may only be deleted by a manager`.

use super::workflow::needs;
use crate::deed::{self, Deed};
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::lexicon::{name_words, one_role};
use crate::pattern::Bound;
use crate::scope::{FieldRef, StateRef};
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{Action, FieldKind, RuleKind};
use std::ops::Range;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "(everyone | everybody | anyone | anybody | user | users | all user | role) may [see | view | read | browse | list] [and | or | ,] (see | view | read | browse | list | look at) (everything | record | data | list | all record | all data)",
        all_seen,
    ),
    ("only <words:roles> have [full | any] (access | access right | access rights) to <entity>", access),
    ("only <words:roles> (may | must | be allowed to) <words:deed> %else", active),
    ("only <words:roles> (may | must) (set | setto | choose | mark | mark as) [%state] [to] <states:to>", sets),
    ("only <words:roles> (: | –) <words:deed>", active),
    ("only <words:roles> <words:deed>", active_bare),
    ("<words:roles> (alone | only) (may | must) <words:deed> %else", active),
    ("<words:roles> (may alone | may exclusively | exclusively may) <words:deed> %else", active),
    ("<words:roles> may <words:deed> (; | , | –) [but | and] %others mustnot [%so]", active),
    ("<words:roles> may <words:deed> [, | ;] (but | and) %others (mustnot | may) [%so]", active),
    ("<words:roles> (and | , and) (only they | noone) may <words:deed>", active),
    ("noone %but <words:roles> (may | must) <words:deed>", active),
    ("noone may <words:deed> (but | except | except for | other than | besides | apart from) <words:roles>", active),
    (
        "<words:roles> have [full | complete | unlimited | all | read] (access | access right | access rights) to <entity>",
        access,
    ),
    (
        "(access | access right | access rights) to <entity> (be | must be) (restricted to | limited to | reserved for | only for | for) <words:roles> [only]",
        access,
    ),
    ("(it take | take) <words:roles> to <words:deed>", active),
    ("<words:deed> (: | – | ,) (only | only by | only for) <words:roles>", active),
    ("<words:deed> (: | – | ,) <words:roles> only", active),
    ("<words:deed> <words:roles> only", active),
    ("<words:roles> only (: | –) <words:deed>", active),
    ("<words:deed> (be | must be) done by <words:roles> (only | alone)", active),
    (
        "<words:deed> [must] (be reserved for | be reserved to | be restricted to | be limited to | be only allowed for | be allowed only for | be only allowed to | be only possible for | be possible only for | be only for | be for | be <= | be left to | be only open to | be open only to | must be done by | mayonly be done by | may be done only by | be done only by | be job of | be privilege of | mayonly be made by | be only available to | be available only to) <words:roles> [only | alone] %else",
        active,
    ),
    // "The change to paid is permitted to accountants only", in which "is permitted to" is told as "may"
    ("<words:deed> [must] may <words:roles> (only | alone) %else", permitted_to),
    (
        "<words:deed> [must] be (possible | permitted | allowed | open | available | granted) (for | to) <words:roles> (only | alone) %else",
        permitted_to,
    ),
    (
        "<words:deed> [must] be (possible | permitted | allowed | open | available | granted) only (for | to) <words:roles> %else",
        permitted_to,
    ),
    ("<words:deed> (require | requires | need | needs) <words:roles> [role | right | rights | permission]", active),
    ("[<states>] <entity> mayonly be <words:done> by <words:roles> %else", passive),
    ("[<states>] <entity> mayonly %move <words:way> by <words:roles> %else", passive_moves),
    (
        "[<states>] <entity> (may be | be | must be) <words:done> (only by | by only | exclusively by | by noone %but) <words:roles> %else",
        passive,
    ),
    (
        "[<states>] <entity> (may be | be | must be) <words:done> by <words:roles> (only | alone | and noone else) %else",
        passive,
    ),
    (
        "<states> (may be | be | must be) <words:done> (only by | by only | exclusively by) <words:roles> %else",
        noun_passive,
    ),
    ("<states> mayonly be <words:done> by <words:roles> %else", noun_passive),
    ("[<states>] <entity> must be <words:done> by <words:roles>", passive),
    (
        "[<states>] <entity> may be <words:done> (, | ; | –) [but | and] (only by | by only | exclusively by) <words:roles>",
        passive,
    ),
    (
        "[<states>] <entity> may be <words:done> by <words:roles> (; | , | –) [but | and] %others (mustnot | may) [%so]",
        passive,
    ),
    ("[<states>] <entity> mustnot be <words:done> by (noone %but | anyone %but | anybody %but) <words:roles>", passive),
    ("<entity> (may be | be) <words:done> by <words:roles>", acted),
    ("<fields> [of <entity>] mayonly be %changed by <words:roles> %else", fields_passive),
    (
        "<fields> [of <entity>] (be | may be) %changed (only by | by only | exclusively by) <words:roles> %else",
        fields_passive,
    ),
    ("<fields> [of <entity>] (be | may be) %changed by <words:roles> (only | alone)", fields_passive),
    ("<fields> [of <entity>] mayonly be <words:done> by <words:roles> %else", fields_done),
    (
        "<fields> [of <entity>] (be | may be) <words:done> (only by | by only | exclusively by) <words:roles> %else",
        fields_done,
    ),
];

/// Read last: a sentence about somebody who changes states may be a rule of a narrower family.
pub(super) const ACTS: &[(&str, Build)] = &[("<words:roles> <words:deed>", acts)];

const NOT_ROLES: &[&str] = &[
    "show",
    "shows",
    "total",
    "sum",
    "numberof",
    "average",
    ":",
    "–",
    "must",
    "may",
    "be",
    "if",
    "and then",
    "that",
    "than",
    "1",
    "per",
    "have",
    "with",
    "from",
    "when",
    "by",
    "to",
    "for",
    "only",
    "alone",
    "not",
    "mustnot",
    "mayonly",
    "noone",
    "other",
    "exclusively",
    "unless",
    "onlyif",
    "of",
    "least",
    "it",
    "they",
    "we",
    "i",
    "me",
    "myself",
    "us",
    "you",
    "so",
    "nothing",
    "does",
    "see",
    "sees",
    "view",
    "views",
];

/// "head of the lab": the name of an office keeps its article.
fn with_articles(tokens: &[Token]) -> String {
    let word = |(at, token): (usize, &Token)| match token.article.filter(|article| at > 0 && *article == "the") {
        Some(article) => format!("{article} {}", token.raw),
        None => token.raw.clone(),
    };
    tokens.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// The roles in a range.
pub(crate) fn roles(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut begin = range.start;
    for at in range.start..=range.end {
        let ends = at == range.end
            || reading.tokens.get(at).is_some_and(|token| matches!(token.word.as_str(), "," | "and" | "or" | "/"));
        if !ends {
            continue;
        }
        if at > begin {
            // "users with the role manager": the word says no more than the name alone.
            let lead = ["user", "people", "staff", "someone", "somebody", "person"];
            let word = |at: usize, words: &[&str]| {
                reading.tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)))
            };
            let mut from = begin;
            if word(from, &lead) && word(from + 1, &["with", "in", "that"]) && word(from + 2, &["role", "have", "be"]) {
                from += 3;
            }
            from += usize::from(word(from, &["role"]));
            let part = from..at;
            let tokens = reading.part(&part);
            if tokens.is_empty() {
                return None;
            }
            // "active members", "available tools": a condition on records, not a role.
            let flag = reading
                .scope
                .field_at(reading.tokens, begin)
                .iter()
                .any(|(end, _)| *end < at && !reading.scope.entity_at(reading.tokens, *end).is_empty());
            // "Office clerks" act in stories: then `office` is no state here, though a shop may be one.
            let words = name_words(&reading.name(&part));
            let known = reading.scope.lexicon.roles.iter().any(|role| name_words(role) == words);
            // "teacher submits draft": what somebody does is no role either.
            let states = flag || !known && (begin..at).any(|at| !reading.scope.state_at(reading.tokens, at).is_empty());
            // "Closing a case requires a reason": what is required is a field, nobody's role.
            // "the name of the actor" is what its first noun is.
            let head = tokens.iter().position(|token| token.is("of")).unwrap_or(tokens.len()).checked_sub(1);
            let needed = range.start > 0
                && reading.tokens.get(range.start - 1).is_some_and(|token| token.is("require") || token.is("need"))
                && (reading.scope.field_at(reading.tokens, begin).iter().any(|(end, _)| *end == at)
                    || head.and_then(|head| tokens.get(head)).is_some_and(|head| needs::written_into(&head.lemma)));
            // "Courses must be listed by start date": a date is nobody, and what is listed by a field is in its order.
            let listed = |at: usize| {
                word(at, &["listed", "sorted", "ordered", "shown", "displayed", "grouped", "filtered", "found"])
            };
            let field = |(end, field): &(usize, FieldRef)| {
                let text = matches!(
                    reading.scope.kind(field),
                    None | Some(FieldKind::Text { .. } | FieldKind::Reference { .. })
                );
                *end == at && (!text || begin > 1 && listed(begin - 2))
            };
            let by = begin > 0 && word(begin - 1, &["by"]) && !known;
            if by && reading.scope.field_at(reading.tokens, begin).iter().any(field) {
                return None;
            }
            // "the head of department", not "most of the members".
            let part_of =
                ["most", "some", "half", "part", "majority", "1", "oneof", "many", "few", "owner", "creator", "author"];
            let office =
                tokens.iter().position(|token| token.is("of")).is_some_and(|of| of > 0 && of + 1 < tokens.len())
                    && !tokens.first().is_some_and(|first| part_of.contains(&first.word.as_str()))
                    && (begin..at).all(|at| {
                        reading.scope.entity_at(reading.tokens, at).is_empty()
                            && reading.scope.field_at(reading.tokens, at).is_empty()
                    });
            if tokens.len() > 4
                || states
                || needed
                || tokens.iter().any(|token| {
                    // "an IT manager" has a name of its own.
                    (NOT_ROLES.contains(&token.word.as_str()) && token.raw != "IT" && !(token.is("of") && office))
                        || token.is_number()
                        || token.field.is_some()
                })
            {
                return None;
            }
            let name = if office { with_articles(tokens) } else { reading.name(&part) };
            out.push(role_name(reading, &one_role(&name)));
        }
        begin = at + 1;
    }
    (!out.is_empty()).then_some(out)
}

/// As the epic first wrote it.
fn role_name(reading: &Reading<'_>, name: &str) -> String {
    let words = name_words(name);
    reading
        .scope
        .lexicon
        .roles
        .iter()
        .find(|role| name_words(role) == words)
        .cloned()
        .unwrap_or_else(|| name.trim_end_matches(" role").trim_end_matches(" right").to_owned())
}

/// "Only groomers may set in progress or done": whose states these are nobody need say where only one record has them.
fn sets(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    let lists = bound.states("to")?;
    let flows = |state: &StateRef| reading.scope.lexicon.flow_field(&state.entity).as_ref() == Some(&state.field);
    let mut owners: Vec<String> =
        lists.first()?.iter().filter(|state| flows(state)).map(|state| state.entity.clone()).collect();
    owners.dedup();
    let [entity] = owners.as_slice() else { return None };
    let mut effects: Vec<Effect> = roles.iter().map(|role| Effect::Role { name: role.clone() }).collect();
    for readings in lists {
        let to = reading.state_of(readings, entity).filter(|state| flows(state))?.value;
        effects.push(Effect::Rule(RuleKind::TransitionRole {
            entity: entity.clone(),
            from: None,
            to,
            roles: roles.clone(),
        }));
    }
    Some(effects)
}

fn with_roles(roles: &[String], mut effects: Vec<Effect>) -> Option<Vec<Effect>> {
    if effects.is_empty() {
        return None;
    }
    effects.extend(roles.iter().map(|role| Effect::Role { name: role.clone() }));
    Some(effects)
}

/// "Educators may not approve absences" where nothing else says who may: all other roles of the epic.
pub(crate) fn left_to_others(reading: &Reading<'_>, deeds: Vec<Deed>, role: &str) -> Option<Vec<Effect>> {
    let roles = &reading.scope.lexicon.roles;
    let barred = |other: &&String| name_words(other) == name_words(role);
    let others: Vec<String> = roles.iter().filter(|other| !barred(other)).cloned().collect();
    (roles.iter().any(|other| barred(&other)) && !others.is_empty()).then_some(())?;
    restricted(deeds, &others)
}

/// "Hosts have full access to rooms" says who may; "only receptionists have access to customers" who alone.
fn access(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?).filter(|roles| known(reading, roles))?;
    let entity = bound.entity("entity")?;
    let says = |words: &[&str]| reading.tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    let all = [Action::Create, Action::Read, Action::List, Action::Update, Action::Delete];
    if says(&["only", "restricted", "limited", "reserved"]) {
        let fields = Vec::new;
        let deed = |action| Deed::Act { entity: entity.clone(), action, fields: fields(), within: Vec::new() };
        return restricted(all.map(deed).to_vec(), &roles);
    }
    let full = says(&["full", "complete", "unlimited"]);
    let seen = |action: &Action| full || matches!(action, Action::Read | Action::List);
    with_roles(&roles, all.into_iter().filter(seen).map(|action| Effect::capability(&entity, action)).collect())
}

/// Deeds as restrictions. What may be done by some in one state only cannot be said of a whole record.
pub(crate) fn restricted(deeds: Vec<Deed>, roles: &[String]) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    for deed in deeds {
        match deed {
            Deed::Act { within, .. } if !within.is_empty() => return None,
            Deed::Act { entity, action, fields, .. } => {
                effects.push(Effect::Rule(RuleKind::ActionRole { entity, action, fields, roles: roles.to_vec() }));
            }
            Deed::Move { entity, from, to } => {
                let ways: Vec<Option<String>> =
                    if from.is_empty() { vec![None] } else { from.into_iter().map(Some).collect() };
                for from in ways {
                    // Who alone may take this way is told that it can be taken.
                    if let Some(from) = from.as_ref().filter(|from| **from != to) {
                        effects.push(Effect::Transition { entity: entity.clone(), from: from.clone(), to: to.clone() });
                    }
                    effects.push(Effect::Rule(RuleKind::TransitionRole {
                        entity: entity.clone(),
                        from,
                        to: to.clone(),
                        roles: roles.to_vec(),
                    }));
                }
            }
        }
    }
    with_roles(roles, effects)
}

fn active(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    restricted(deed::active(reading, &bound.words("deed")?)?, &roles)
}

/// "The change to paid is permitted to accounting only": whom, and no deed of somebody ("clerks may cancel only").
fn permitted_to(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let who = reading.part(&bound.words("roles")?);
    let deed =
        |token: &Token| token.word == token.lemma && token.article.is_none() && !verbs::actions(&token.word).is_empty();
    (!who.first().is_some_and(deed)).then(|| active(bound, reading)).flatten()
}

/// "Only managers approve orders": the role ends where the verb begins.
fn active_bare(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let deed = bound.words("deed")?;
    let first = reading.part(&deed).first()?;
    let inflected = first.word == first.lemma || first.word.ends_with('s');
    (inflected && !first.quoted).then(|| active(bound, reading)).flatten()
}

fn states(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<Vec<StateRef>> {
    match bound.states("states") {
        None => Some(Vec::new()),
        Some(lists) => lists.iter().map(|readings| reading.state_of(readings, entity)).collect(),
    }
}

/// "Everybody can view everything": which restricts nobody.
fn all_seen(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entities = &reading.scope.lexicon.entities;
    let looks = |entity: &crate::lexicon::Named| {
        [Action::List, Action::Read].map(|action| Effect::capability(&entity.key, action))
    };
    (!entities.is_empty()).then(|| entities.iter().flat_map(looks).collect())
}

fn passive(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    let entity = bound.entity("entity")?;
    let within = states(bound, reading, &entity)?;
    restricted(deed::passive(reading, &entity, &within, &bound.words("done")?)?, &roles)
}

/// "An applicant can be activated only by the house manager": a state for the records that are in it.
fn noun_passive(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let first = reading.tokens.first()?;
    let noun = matches!(first.article, Some("a" | "an" | "each" | "every" | "all")) || first.word != first.lemma;
    let flows = |state: &&StateRef| reading.scope.lexicon.flow_field(&state.entity).as_ref() == Some(&state.field);
    let mut owners: Vec<&String> =
        bound.states("states")?.iter().flatten().filter(flows).map(|state| &state.entity).collect();
    owners.dedup();
    let [entity] = owners.as_slice() else { return None };
    let entity = (*entity).clone();
    let roles = roles(reading, &bound.words("roles")?).filter(|_| noun && !first.quoted)?;
    let within = states(bound, reading, &entity)?;
    restricted(deed::passive(reading, &entity, &within, &bound.words("done")?)?, &roles)
}

/// Whether the epic knows all of these roles.
pub(crate) fn known(reading: &Reading<'_>, roles: &[String]) -> bool {
    let known = &reading.scope.lexicon.roles;
    roles.iter().all(|role| known.iter().any(|other| name_words(other) == name_words(role)))
}

/// "Orders can be approved by managers" says who does it and restricts nobody.
fn acted(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    // "..., but not by hosts"
    if reading.part(&bound.words("done")?).iter().any(|token| token.is("not")) {
        return None;
    }
    let entity = bound.entity("entity")?;
    let deeds = deed::passive(reading, &entity, &[], &bound.words("done")?)?;
    let mut effects = Vec::new();
    for deed in deeds {
        let (entity, to) = match deed {
            Deed::Move { entity, to, .. } => (entity, to),
            // "Customers may be created and edited by receptionists"
            Deed::Act {
                entity,
                action: action @ (Action::Create | Action::Update | Action::Delete),
                fields,
                within,
            } if fields.is_empty() && within.is_empty() && known(reading, &roles) => {
                effects.push(Effect::capability(&entity, action));
                continue;
            }
            Deed::Act { .. } => return None,
        };
        let flow = &reading.scope.lexicon.entity(&entity)?.flow;
        if !flow.transitions.iter().any(|(_, state, _)| *state == to) {
            return None;
        }
        effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
        effects.extend(roles.iter().map(|role| Effect::Actor {
            entity: entity.clone(),
            to: to.clone(),
            role: role.clone(),
        }));
    }
    with_roles(&roles, effects)
}

/// "Bakers bake confirmed orders": the ways that somebody takes.
fn acts(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("deed")?;
    let first = reading.part(&range).first()?;
    let who = bound.words("roles")?;
    // "A baker bakes", "bakers bake".
    let many = reading.part(&who).last()?.lemma != reading.part(&who).last()?.word;
    if first.quoted || first.word.ends_with('s') == many || crate::engine::MODALS.contains(&first.lemma.as_str()) {
        return None;
    }
    let roles = roles(reading, &who)?;
    let mut effects = Vec::new();
    for deed in deed::active(reading, &range)? {
        let Deed::Move { entity, from, to } = deed else { return None };
        let flow = &reading.scope.lexicon.entity(&entity)?.flow;
        if from.is_empty() && !flow.transitions.iter().any(|(_, state, _)| *state == to) {
            return None;
        }
        effects.extend(from.into_iter().filter(|from| *from != to).map(|from| Effect::Transition {
            entity: entity.clone(),
            from,
            to: to.clone(),
        }));
        effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
        effects.extend(roles.iter().map(|role| Effect::Actor {
            entity: entity.clone(),
            to: to.clone(),
            role: role.clone(),
        }));
    }
    with_roles(&roles, effects)
}

/// "A shift may only move from open to closed by a manager".
fn passive_moves(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    let entity = bound.entity("entity")?;
    let within = states(bound, reading, &entity)?;
    let way = bound.words("way")?;
    let verb = way.start.checked_sub(1)?;
    restricted(deed::passive(reading, &entity, &within, &(verb..way.end))?, &roles)
}

fn fields_passive(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    let fields = bound.fields("fields")?;
    let entity = fields.first()?.entity.clone();
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let fields = fields.into_iter().map(|field| field.field).collect();
    let effects =
        vec![Effect::Rule(RuleKind::ActionRole { entity, action: Action::Update, fields, roles: roles.clone() })];
    with_roles(&roles, effects)
}

/// "The estimate may only be entered or changed by a mechanic": given at first, and changed.
fn fields_done(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const GIVEN: &[&str] = &["entered", "set", "given", "recorded", "filled", "provided", "specified", "stated"];
    const AMONG: &[&str] = &["or", "and", ",", "/", "in"];
    let roles = roles(reading, &bound.words("roles")?)?;
    let fields = bound.fields("fields")?;
    let entity = fields.first()?.entity.clone();
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let mut actions: Vec<Action> = Vec::new();
    for token in reading.part(&bound.words("done")?) {
        let given = GIVEN.iter().any(|word| token.is(word));
        let changed = crate::verbs::actions(&token.lemma) == [Action::Update];
        match (given, changed) {
            (true, _) => actions.extend([Action::Create, Action::Update]),
            (_, true) => actions.push(Action::Update),
            _ if AMONG.iter().any(|word| token.is(word)) => {}
            _ => return None,
        }
    }
    let mut said = Vec::new();
    for action in actions {
        if !said.contains(&action) {
            said.push(action);
        }
    }
    let fields: Vec<String> = fields.into_iter().map(|field| field.field).collect();
    let rules = said.into_iter().map(|action| {
        let (entity, fields, roles) = (entity.clone(), fields.clone(), roles.clone());
        Effect::Rule(RuleKind::ActionRole { entity, action, fields, roles })
    });
    with_roles(&roles, rules.collect())
}

/// "Only managers may do this" of ways that were told before.
pub(crate) fn of_this(reading: &Reading<'_>, entity: &str, pairs: &[(String, String)]) -> Option<Vec<Effect>> {
    const BEFORE: &[&[&str]] = &[
        &["only"],
        &["this", "mayonly", "be", "done", "by"],
        &["this", "be", "reserved", "to"],
        &["this", "be", "reserved", "for"],
        &["this", "require"],
        &["this", "must", "be", "done", "by"],
        &["noone", "but"],
    ];
    const AFTER: &[&[&str]] =
        &[&["may", "do", "this"], &["may", "do", "so"], &["may", "do", "that"], &["may", "do", "it"], &["may"]];
    let tokens = reading.tokens;
    let is = |at: usize, words: &[&str]| {
        words.iter().enumerate().all(|(k, word)| tokens.get(at + k).is_some_and(|token| token.is(word)))
    };
    let lead = BEFORE.iter().find(|lead| is(0, lead))?;
    let subject = matches!(lead.first(), Some(&"only" | &"noone"));
    let tail = AFTER.iter().find(|tail| tokens.len() > tail.len() && is(tokens.len() - tail.len(), tail));
    let end = match (subject, tail) {
        (true, Some(tail)) => tokens.len() - tail.len(),
        (false, None) => tokens.len(),
        _ => return None,
    };
    let range = lead.len()..end;
    // "This requires a reason" names a field.
    if range.is_empty() || reading.scope.fields_at(tokens, range.start).iter().any(|(stop, _)| *stop == end) {
        return None;
    }
    let roles = roles(reading, &range)?;
    let rules = pairs
        .iter()
        .map(|(from, to)| {
            Effect::Rule(RuleKind::TransitionRole {
                entity: entity.to_owned(),
                from: Some(from.clone()),
                to: to.clone(),
                roles: roles.clone(),
            })
        })
        .collect();
    with_roles(&roles, rules)
}
