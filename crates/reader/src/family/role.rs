//! Who may do what. Only explicit words restrict: `only managers may ...`, `... may only be deleted by a manager`.

use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::lexicon::{name_words, one_of};
use crate::pattern::Bound;
use crate::verbs;
use maestro_artifacts::{Action, RuleKind};
use std::ops::Range;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("only <words:roles> (may | must | be allowed to) <words:wish>", only),
    (
        "only <words:roles> (approve | approves | delete | deletes | create | creates | edit | edits) <words:rest>",
        only_verb,
    ),
    ("<entity> mayonly be <words:done> by <words:roles>", passive),
    ("<fields> [of <entity>] mayonly be %changed by <words:roles>", fields_passive),
    ("<fields> [of <entity>] (be | may be) %changed only by <words:roles>", fields_passive),
    ("<entity> (may be | be | must be) <words:done> only by <words:roles>", passive),
    ("<entity> must be <words:done> by <words:roles>", passive),
    ("noone (but | except | other than) <words:roles> may <words:wish>", only),
    ("noone may <words:wish> (but | except) <words:roles>", only),
    (
        "(move | change | moving | changing | setting | transition | the move) [<entity> | it] [from <states:from>] (to | into) <states:to> (be reserved for | be reserved to | require | requires | mayonly be made by | be restricted to | mayonly be done by | be only allowed for | need | needs) <words:roles> [role]",
        transition,
    ),
    ("only <words:roles> (may | must) %move <entity> [from <states:from>] (to | into | as) <states:to>", transition),
    ("only <words:roles> (may | must) (set | mark) <entity> [%state] (to | as) <states:to>", transition),
    ("<entity> mayonly %move [from <states:from>] to <states:to> by <words:roles>", transition),
    (
        "<words:done> [of] <entity> (be reserved for | be reserved to | be restricted to | require | requires | be limited to | be only allowed for | be allowed only for) <words:roles> [role]",
        reserved,
    ),
];

const NOT_ROLES: &[&str] = &[
    "must", "may", "be", "if", "and then", "that", "than", "1", "per", "have", "with", "from", "when", "by", "to",
    "for",
];

/// The roles in a range.
fn roles(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut begin = range.start;
    for at in range.start..=range.end {
        let ends = at == range.end
            || reading.tokens.get(at).is_some_and(|token| matches!(token.word.as_str(), "," | "and" | "or" | "/"));
        if !ends {
            continue;
        }
        if at > begin {
            let part = begin..at;
            let tokens = reading.part(&part);
            // "active members", "available tools": a condition on records, not a role.
            let flag = reading
                .scope
                .field_at(reading.tokens, begin)
                .iter()
                .any(|(end, _)| *end < at && !reading.scope.entity_at(reading.tokens, *end).is_empty());
            let states = flag || !reading.scope.state_at(reading.tokens, begin).is_empty();
            // "Closing a case requires a reason": what is required is a field, nobody's role.
            let needed = range.start > 0
                && reading.tokens.get(range.start - 1).is_some_and(|token| token.is("require") || token.is("need"))
                && reading.scope.field_at(reading.tokens, begin).iter().any(|(end, _)| *end == at);
            if tokens.len() > 4
                || states
                || needed
                || tokens
                    .iter()
                    .any(|token| NOT_ROLES.contains(&token.word.as_str()) || token.is_number() || token.field.is_some())
            {
                return None;
            }
            out.push(role_name(reading, &one_of(&reading.name(&part))));
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
        .unwrap_or_else(|| name.trim_end_matches(" role").to_owned())
}

fn with_roles(roles: &[String], mut effects: Vec<Effect>) -> Option<Vec<Effect>> {
    if effects.is_empty() {
        return None;
    }
    effects.extend(roles.iter().map(|role| Effect::Role { name: role.clone() }));
    Some(effects)
}

/// Verbs and their object as restrictions.
fn restricted(
    reading: &Reading<'_>,
    verbs_in: &[crate::token::Token],
    entity: &str,
    roles: &[String],
) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let mut effects = Vec::new();
    let phrase: Vec<&str> = verbs_in.iter().map(|token| token.lemma.as_str()).collect();
    if let Some(to) = verbs::phrase_state(lexicon, entity, &phrase) {
        effects.push(Effect::Rule(RuleKind::TransitionRole {
            entity: entity.to_owned(),
            from: None,
            to,
            roles: roles.to_vec(),
        }));
        return Some(effects);
    }
    for token in verbs_in {
        if matches!(token.word.as_str(), "," | "and" | "or" | "be" | "of" | "to" | "up") {
            continue;
        }
        // A state of this record that the verb leads to is the narrower meaning: "submit", "open", "close".
        if let Some(to) = verbs::state(lexicon, entity, &token.lemma)
            && lexicon
                .entity(entity)
                .is_some_and(|named| named.flow.transitions.iter().any(|(_, state, _)| *state == to))
        {
            effects.push(Effect::Rule(RuleKind::TransitionRole {
                entity: entity.to_owned(),
                from: None,
                to,
                roles: roles.to_vec(),
            }));
            continue;
        }
        let mut actions = verbs::actions(&token.lemma).to_vec();
        if actions.is_empty() && verbs::makes(lexicon, entity, &token.lemma) {
            actions.push(Action::Create);
        }
        if actions.len() == 5 {
            // To "manage" is to change; looking is not managing.
            actions.retain(|action| !matches!(action, Action::Read | Action::List));
        }
        if actions.is_empty() {
            return None;
        }
        effects.extend(actions.into_iter().map(|action| {
            Effect::Rule(RuleKind::ActionRole {
                entity: entity.to_owned(),
                action,
                fields: Vec::new(),
                roles: roles.to_vec(),
            })
        }));
    }
    Some(effects)
}

fn only(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    wished(reading, &bound.words("wish")?, &roles)
}

fn only_verb(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("roles")?;
    let roles = roles(reading, &range)?;
    wished(reading, &(range.end..reading.tokens.len()), &roles)
}

/// `delete or edit tools`, `change the price of a tool`, `approve a claim`.
fn wished(reading: &Reading<'_>, wish: &Range<usize>, roles: &[String]) -> Option<Vec<Effect>> {
    let scope = reading.scope;
    for at in wish.start + 1..wish.end {
        // The fields of a record: "change the price".
        let fields = scope.fields_at(reading.tokens, at).into_iter().find(|(end, _)| *end == wish.end);
        if let Some((_, fields)) = fields
            && scope.entity_at(reading.tokens, at).iter().all(|(end, _)| *end != wish.end)
        {
            let entity = fields.first()?.entity.clone();
            let verbs_in = reading.part(&(wish.start..at));
            let updates = verbs_in
                .iter()
                .filter(|token| !matches!(token.word.as_str(), "," | "and" | "or" | "set"))
                .all(|token| {
                    verbs::actions(&token.lemma).contains(&Action::Update)
                        || verbs::actions(&token.lemma).contains(&Action::Create)
                });
            if updates && fields.iter().all(|field| field.entity == entity) {
                let names: Vec<String> = fields.into_iter().map(|field| field.field).collect();
                let effects = [Action::Create, Action::Update].map(|action| {
                    Effect::Rule(RuleKind::ActionRole {
                        entity: entity.clone(),
                        action,
                        fields: names.clone(),
                        roles: roles.to_vec(),
                    })
                });
                // Changing is not giving at first: only "set" covers both.
                let set = verbs_in.iter().any(|token| token.is("set"));
                return with_roles(roles, if set { effects.to_vec() } else { effects.into_iter().skip(1).collect() });
            }
        }
        if let Some((end, entity)) = scope.entity_at(reading.tokens, at).into_iter().next() {
            let mut entities = vec![entity];
            let mut position = end;
            while position < wish.end {
                let next = crate::scope::separator(reading.tokens, position);
                let Some((end, entity)) =
                    scope.entity_at(reading.tokens, next).into_iter().next().filter(|_| next > position)
                else {
                    break;
                };
                entities.push(entity);
                position = end;
            }
            if position != wish.end {
                continue;
            }
            let mut effects = Vec::new();
            for entity in entities {
                effects.extend(restricted(reading, reading.part(&(wish.start..at)), &entity, roles)?);
            }
            return with_roles(roles, effects);
        }
    }
    None
}

fn passive(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    let effects = restricted(reading, reading.part(&bound.words("done")?), &bound.entity("entity")?, &roles)?;
    with_roles(&roles, effects)
}

fn reserved(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let words = reading.part(&bound.words("done")?);
    let gerunds = words
        .iter()
        .all(|token| token.word.ends_with("ing") || matches!(token.word.as_str(), "and" | "or" | "," | "of"));
    if !gerunds {
        return None;
    }
    passive(bound, reading)
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

fn transition(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let roles = roles(reading, &bound.words("roles")?)?;
    let entity = bound.entity("entity").or_else(|| reading.scope.subject().map(str::to_owned))?;
    let to: Option<Vec<String>> = bound
        .states("to")?
        .iter()
        .map(|readings| reading.state_of(readings, &entity).map(|state| state.value))
        .collect();
    let from: Vec<Option<String>> = match bound.states("from") {
        None => vec![None],
        Some(lists) => lists
            .iter()
            .map(|readings| reading.state_of(readings, &entity).map(|state| Some(state.value)))
            .collect::<Option<Vec<_>>>()?,
    };
    let mut effects = Vec::new();
    for to in to? {
        for from in &from {
            effects.push(Effect::Rule(RuleKind::TransitionRole {
                entity: entity.clone(),
                from: from.clone(),
                to: to.clone(),
                roles: roles.clone(),
            }));
        }
    }
    with_roles(&roles, effects)
}
