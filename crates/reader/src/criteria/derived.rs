//! The rule that a refusal shows by itself, where the steps leave no choice.

use super::facts::{Act, Facts};
use super::refused::{SAME, acts_on, blamed, moves, number, stated};
use super::{Steps, figures, named, scenario};
use crate::condition::{restrict, rule_entity};
use crate::deed::Deed;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::name_words;
use crate::scope::{FieldRef, StateRef};
use crate::span;
use crate::token::Token;
use maestro_artifacts::{Action, Condition, FieldKind, Measure, Op, Operand, RuleKind, Test};
use serde_json::Value;

/// Two spans that share some time, by the dates or times that the steps name.
fn crossing(steps: &Steps) -> bool {
    let span = |part: &[crate::token::Token]| -> Option<(String, String)> {
        let times: Vec<&str> = part
            .iter()
            .map(|token| token.word.as_str())
            .filter(|word| crate::scope::is_date(word) || (word.contains(':') && word.len() == 5))
            .collect();
        match times.as_slice() {
            [from, to] if from < to => Some(((*from).to_owned(), (*to).to_owned())),
            _ => None,
        }
    };
    match (span(&steps.given), span(&steps.when)) {
        (Some((a, b)), Some((c, d))) => a.len() == c.len() && c < b && a < d,
        _ => false,
    }
}

/// Two spans of time, and the word for what is wrong with them.
fn overlap(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<RuleKind> {
    let all = || steps.given.iter().chain(&steps.when).chain(&steps.then);
    let said = all().any(|token| token.lemma.starts_with("overlap") || token.lemma == "clash");
    if !said && !crossing(steps) {
        return None;
    }
    let (entity, start, end) = engine
        .topics
        .iter()
        .chain(&facts.entities)
        .filter(|entity| facts.entities.contains(entity))
        .find_map(|entity| span::of(engine.lexicon, entity).map(|(start, end)| (entity.clone(), start, end)))?;
    // What must be the same: the records that the steps call the same, else the one that both speak of.
    let mut by: Vec<String> = facts
        .entities
        .iter()
        .filter(|target| **target != entity)
        .filter(|target| {
            let Some(named) = engine.lexicon.entity(target) else { return false };
            let parts = [&steps.given, &steps.when, &steps.then];
            parts.iter().any(|part| {
                part.windows(2).any(
                    |pair| matches!(pair, [same, next] if same.is("same") && named.words.first() == Some(&next.lemma)),
                )
            })
        })
        .filter_map(|target| engine.lexicon.reference(&entity, target))
        .collect();
    if by.is_empty() {
        let mut others: Vec<String> = facts
            .entities
            .iter()
            .filter(|target| **target != entity)
            .filter_map(|target| engine.lexicon.reference(&entity, target))
            .collect();
        if others.len() != 1 {
            return None;
        }
        by.append(&mut others);
    }
    Some(RuleKind::NoOverlap { entity, via: None, start, end, by, when: Condition::default() })
}

/// "A course with 2 places and 2 registrations is full": the one number of the parent that the steps name is the limit.
fn full(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<RuleKind> {
    let all = || steps.given.iter().chain(&steps.when).chain(&steps.then);
    let Some(Act::Do(child, Action::Create)) = facts.acts.first() else { return None };
    // "A session whose places are all taken"
    let told = |token: &crate::token::Token| {
        matches!(
            token.word.as_str(),
            "full" | "exceeded" | "exhausted" | "left" | "reached" | "free" | "taken" | "occupied"
        )
    };
    if !all().any(told) {
        return None;
    }
    let mut found = facts.entities.iter().filter(|parent| *parent != child).filter_map(|parent| {
        let via = engine.lexicon.reference(child, parent)?;
        let named = engine.lexicon.entity(parent)?;
        let mut limits = named.fields.iter().filter(|field| {
            field.kind == FieldKind::Integer
                && field.words.last().is_some_and(|head| steps.given.iter().any(|token| token.lemma == *head))
        });
        match (limits.next(), limits.next()) {
            (Some(limit), None) => Some((parent.clone(), via, limit.key.clone())),
            _ => None,
        }
    });
    let (Some((parent, via, field)), None) = (found.next(), found.next()) else { return None };
    Some(RuleKind::Capacity {
        parent,
        child: child.clone(),
        via,
        measure: Measure::Count,
        op: Op::Le,
        limit: Operand::field(field),
        when: Condition::default(),
    })
}

/// "Given a bike that is stolen": the one yes/no of the one record that the new one refers to must be the other.
fn flagged(engine: &Engine<'_>, facts: &Facts, entity: &str) -> Option<Test> {
    let flag = |field: &&FieldRef| {
        let named = engine.lexicon.field(field);
        field.entity != *entity
            && !facts.when_fields.contains(field)
            && named.is_some_and(|named| named.kind == FieldKind::Boolean)
    };
    let mut flags = facts.fields.iter().filter(flag);
    let (Some(one), None) = (flags.next(), flags.next()) else { return None };
    let via = Some(engine.lexicon.reference(entity, &one.entity)?);
    let value = stated(engine, facts, &one.entity, &one.field)?;
    // What must not be, so that a record without a value is no obstacle; what must be is said.
    let field = one.field.clone();
    Some(match value {
        Value::Bool(true) => Test::NotIn { via, field, values: vec![value] },
        _ => Test::In { via, field, values: vec![Value::Bool(true)] },
    })
}

/// "The same volunteer registers for the same shift again": one record of each pair.
fn repeated_pair(engine: &Engine<'_>, facts: &Facts) -> Option<RuleKind> {
    let Some(Act::Do(made, Action::Create)) = facts.acts.first() else { return None };
    let pair = |entity: &String| -> Vec<String> {
        let others = facts.entities.iter().filter(|target| *target != entity);
        let mut fields: Vec<String> = others.filter_map(|target| engine.lexicon.reference(entity, target)).collect();
        fields.dedup();
        fields
    };
    // "The same item is added to the same auction again": what joins the two is made.
    let entity = std::iter::once(made).chain(&facts.entities).find(|entity| pair(entity).len() == 2)?;
    let fields = pair(entity);
    let again =
        facts.said(&["again", "twice"]) || (facts.said(&["same"]) && facts.said(&["already", "second", "other"]));
    let dated = facts.fields.iter().any(|field| field.entity == *entity && !fields.contains(&field.field));
    (again && fields.len() == 2 && !dated).then(|| RuleKind::Unique {
        entity: entity.clone(),
        fields,
        when: Condition::default(),
        ignore_case: false,
    })
}

/// "Given an item with an accepted claim, when another claim for the same item is accepted": one of them in that state.
fn second_in_state(engine: &Engine<'_>, facts: &Facts) -> Option<RuleKind> {
    let Some(Act::Move(entity, to)) = facts.acts.first() else { return None };
    let flow = engine.lexicon.flow_field(entity)?;
    let already = facts
        .given_states
        .iter()
        .flatten()
        .any(|state| state.entity == *entity && state.field == flow && state.value == *to);
    let another = facts.said(&["same"]) && facts.said(&["other", "second"]);
    let vias: Vec<String> = facts
        .entities
        .iter()
        .filter(|target| *target != entity)
        .filter_map(|target| engine.lexicon.reference(entity, target))
        .collect();
    let [via] = vias.as_slice() else { return None };
    let when = Condition(vec![Test::In { via: None, field: flow, values: vec![Value::from(to.as_str())] }]);
    (already && another).then(|| RuleKind::Unique {
        entity: entity.clone(),
        fields: vec![via.clone()],
        when,
        ignore_case: false,
    })
}

/// "that does not exist", "an unknown room".
fn absent_record(steps: &Steps) -> bool {
    let all: Vec<&crate::token::Token> = steps.given.iter().chain(&steps.when).collect();
    all.windows(3).any(|three| {
        matches!(three, [a, b, c] if (a.is("do") || a.is("mustnot") || a.is("be")) && b.is("not") && c.lemma.starts_with("exist"))
    }) || all.iter().any(|token| {
        matches!(token.word.as_str(), "unknown" | "nonexistent" | "non-existent" | "non-existing" | "inexistent")
    })
}

/// "When an employee tries to approve it, then it is forbidden": those whom the epic shows doing it may, others not.
fn wrong_role(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let blamed = blamed(steps);
    let Act::Move(entity, to) = facts.acts.iter().find(|act| matches!(act, Act::Move(..)))? else { return None };
    let role = match (facts.roles.as_slice(), &facts.doer) {
        ([role], _) => role,
        // Somebody of whom no role tells is refused as a person only where the outcome says so.
        ([], Some(doer)) if blamed => doer,
        _ => return None,
    };
    let same = |other: &str| name_words(other) == name_words(role);
    let may: Vec<String> = engine
        .lexicon
        .actors
        .iter()
        .filter(|(of, state, _)| of == entity && state == to)
        .map(|(_, _, role)| role.clone())
        .collect();
    if may.is_empty() || may.iter().any(|other| same(other)) {
        return None;
    }
    // Without a word about the person, the change itself must be one that the workflow allows.
    let from = facts.given_states.iter().flatten().find(|state| state.entity == *entity);
    let flow = &engine.lexicon.entity(entity)?.flow;
    let allowed = from.is_some_and(|from| flow.transitions.iter().any(|(a, b, _)| *a == from.value && b == to));
    (blamed || allowed && facts.missing.is_empty()).then(|| {
        let named: Vec<Effect> = may.iter().map(|role| Effect::Role { name: role.clone() }).collect();
        let rule = RuleKind::TransitionRole { entity: entity.clone(), from: None, to: to.clone(), roles: may };
        named.into_iter().chain([Effect::Rule(rule)]).collect()
    })
}

/// "Given I am a reader, when I create an order, then I get a 403": they may not, as no other rule tells of others. Nothing
/// of the record may be told that could be the reason as well.
fn barred(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let ([role], [Act::Do(entity, action)]) = (facts.roles.as_slice(), facts.acts.as_slice()) else { return None };
    let writes = matches!(action, Action::Create | Action::Update | Action::Delete);
    let known = engine.lexicon.roles.contains(role);
    let plain = facts.given_states.is_empty()
        && facts.when_states.is_empty()
        && facts.fields.iter().all(|field| field.entity != *entity);
    let number = steps.given.iter().chain(&steps.when).any(Token::is_number);
    (writes && known && plain && !number && blamed(steps)).then_some(())?;
    crate::barred::from(
        &[Deed::Act { entity: entity.clone(), action: *action, fields: Vec::new(), within: Vec::new() }],
        std::slice::from_ref(role),
    )
}

/// "When its year is below 1200", "a loan with a fee of more than 500": told of all records, not of one example.
fn bounded(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    const COMPARING: &[&str] = &["<", ">", "<=", ">=", "olderthan", "past", "future"];
    for (part, of_given) in [(&steps.when, false), (&steps.given, true)] {
        let scope = engine.scope(part);
        for at in 0..part.len() {
            let Some((end, field)) = scope.field_at(part, at).into_iter().next() else { continue };
            let stop = (end..part.len()).find(|at| part.get(*at).is_some_and(|token| token.is(",") || token.is("and")));
            let so = part.get(end..stop.unwrap_or(part.len())).unwrap_or_default();
            let compares = so.iter().any(|token| !token.quoted && COMPARING.contains(&token.word.as_str()));
            // "Given a room with 10 places, when a booking for more than 10 people is made" compares with that room's.
            let told = |token: &Token| token.is_number() && steps.given.iter().any(|given| given.word == token.word);
            if !of_given && so.iter().any(told) {
                continue;
            }
            if compares
                && facts.entities.contains(&field.entity)
                && let Some(effects) = crate::family::refusing::never(engine, &field, so)
            {
                return among(effects, &chosen(engine, facts, &field.entity, Some(&field.field)));
            }
        }
    }
    None
}

/// "Given a scaffold of class light": what the steps say of the record's choices; how every record begins says nothing.
pub(super) fn chosen(engine: &Engine<'_>, facts: &Facts, entity: &str, but: Option<&str>) -> Condition {
    let begins = crate::verbs::begins_as(engine.lexicon, entity);
    let flow = engine.lexicon.flow_field(entity);
    let told = |state: &&StateRef| {
        let begun = Some(&state.field) == flow.as_ref() && begins.as_ref().is_none_or(|begins| *begins == state.value);
        state.entity == entity && but != Some(state.field.as_str()) && !begun
    };
    let states = facts.given_states.iter().chain(&facts.when_states).filter_map(|states| states.iter().find(told));
    let mut tests: Vec<Test> = Vec::new();
    for state in states {
        let values = vec![Value::from(state.value.as_str())];
        let test = Test::In { via: None, field: state.field.clone(), values };
        if !tests.contains(&test) {
            tests.push(test);
        }
    }
    Condition(tests)
}

/// "Given a key with security level high, when a handover of it is created": a choice of what the record refers to. The
/// state of a workflow says only where that stands.
fn chosen_of_parent(engine: &Engine<'_>, facts: &Facts, entity: &str) -> Condition {
    let told = |state: &StateRef| {
        let flow = engine.lexicon.flow_field(&state.entity);
        let via = engine.lexicon.way(entity, &state.entity).filter(|_| flow.as_ref() != Some(&state.field))?;
        let values = vec![Value::from(state.value.as_str())];
        Some(Test::In { via: Some(via), field: state.field.clone(), values })
    };
    Condition(facts.given_states.iter().filter_map(|states| states.iter().find_map(told)).collect())
}

/// The rules, of such records only.
pub(super) fn among(effects: Vec<Effect>, when: &Condition) -> Option<Vec<Effect>> {
    if when.0.is_empty() {
        return Some(effects);
    }
    let narrowed = effects.into_iter().map(|effect| match effect {
        Effect::Rule(rule) => restrict(rule, when.clone()).map(Effect::Rule),
        other => Some(other),
    });
    narrowed.collect()
}

/// "When a user who is not a director approves it": only directors may.
fn stranger(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    const LEADS: &[&[&str]] =
        &[&["that", "be", "not"], &["other", "than"], &["but"], &["except"], &["without", "role"], &["not"]];
    const SOMEBODY: &[&str] =
        &["user", "somebody", "someone", "person", "anyone", "anybody", "employee", "colleague", "one", "else"];
    let when = &steps.when;
    let who = when.iter().position(|token| SOMEBODY.iter().any(|word| token.is(word)))?;
    let mut at = who + 1;
    while when.get(at).is_some_and(|token| token.is("else")) {
        at += 1;
    }
    let lead = LEADS
        .iter()
        .find(|lead| lead.iter().enumerate().all(|(k, word)| when.get(at + k).is_some_and(|token| token.is(word))))?;
    let from = at + lead.len();
    let known = engine.lexicon.roles.iter().find(|role| {
        let words = name_words(role);
        !words.is_empty()
            && words.iter().enumerate().all(|(k, word)| when.get(from + k).is_some_and(|token| token.lemma == *word))
    });
    let first = when.get(from).filter(|first| first.article.is_some())?;
    let role = known.cloned().unwrap_or_else(|| crate::lexicon::one_role(&first.raw));
    let end = from + name_words(&role).len();
    let by = who > 0 && when.get(who - 1).is_some_and(|token| token.is("by"));
    let acts = match when.get(end) {
        Some(verb) => verb.lemma != verb.word || verb.is("try"),
        None => by,
    };
    let moved = facts.acts.iter().find(|act| matches!(act, Act::Move(..)));
    let only = if let [one] = facts.acts.as_slice() { Some(one) } else { None };
    // "Anyone other than the cellar master declares it ready"
    let declared = facts.given_states.iter().flatten().find_map(|given| {
        let flow = engine.lexicon.flow_field(&given.entity).filter(|flow| *flow == given.field)?;
        let mut to = facts
            .when_states
            .iter()
            .flatten()
            .filter(|state| state.entity == given.entity && state.field == flow && state.value != given.value);
        match (to.next(), to.next()) {
            (Some(to), None) => Some(Act::Move(to.entity.clone(), to.value.clone())),
            _ => None,
        }
    });
    let effect = match moved.or(declared.as_ref()).or(only).filter(|_| acts)? {
        Act::Move(entity, to) => {
            RuleKind::TransitionRole { entity: entity.clone(), from: None, to: to.clone(), roles: vec![role.clone()] }
        }
        Act::Do(entity, action @ (Action::Create | Action::Update | Action::Delete)) => RuleKind::ActionRole {
            entity: entity.clone(),
            action: *action,
            roles: vec![role.clone()],
            fields: Vec::new(),
        },
        Act::Do(..) => return None,
    };
    Some(vec![Effect::Role { name: role }, Effect::Rule(effect)])
}

/// "Given a draft or open shift, when it is cancelled without a reason": with one it could be, where nothing else tells how
/// that state is reached.
fn shown_ways(engine: &Engine<'_>, facts: &Facts, entity: &str, to: &str) -> Vec<Effect> {
    let Some(named) = engine.lexicon.entity(entity) else { return Vec::new() };
    let Some((field, given)) = facts.states(entity) else { return Vec::new() };
    let from: Vec<String> =
        given.iter().filter_map(Value::as_str).filter(|from| *from != to).map(str::to_owned).collect();
    let told = named.flow.transitions.iter().any(|(a, b, _)| b == to && !from.contains(a));
    if told || engine.lexicon.flow_field(entity).as_ref() != Some(&field) {
        return Vec::new();
    }
    let way = |from| Effect::Transition { entity: entity.to_owned(), from, to: to.to_owned() };
    from.into_iter().map(way).collect()
}

/// The rule that an example alone demands, where only one can be meant.
pub(super) fn derive(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let rule = |rule: RuleKind| Some(vec![Effect::Rule(rule)]);
    if let Some(found) = wrong_role(engine, facts, steps)
        .or_else(|| stranger(engine, facts, steps))
        .or_else(|| barred(engine, facts, steps))
    {
        return Some(found);
    }
    if let [FieldRef { entity, field }] = facts.missing.as_slice() {
        if let Some(to) = moves(facts, entity) {
            if scenario::barred(engine, facts, steps, entity, &to) {
                return None;
            }
            let mut effects = shown_ways(engine, facts, entity, &to);
            effects.push(Effect::Rule(RuleKind::TransitionRequires {
                entity: entity.clone(),
                from: None,
                to,
                fields: vec![field.clone()],
            }));
            return Some(effects);
        }
        // "Given a check with result fail, when no findings are given": of such records only.
        let mut when = chosen(engine, facts, entity, Some(field));
        if when.0.is_empty() {
            when = chosen_of_parent(engine, facts, entity);
        }
        let saved = acts_on(facts, entity, Action::Create) || facts.acts.is_empty() && !when.0.is_empty();
        let required = RuleKind::Required { entity: entity.clone(), field: field.clone() };
        return saved.then(|| among(vec![Effect::Rule(required)], &when))?;
    }
    if let Some(effects) = scenario::lacking(engine, facts, steps) {
        return Some(effects);
    }
    if let Some(rule) = second_in_state(engine, facts) {
        return Some(vec![Effect::Rule(rule)]);
    }
    // A change of state that the workflow does not know.
    if let Some(Act::Move(entity, to)) = facts.acts.first()
        && let Some(from) = facts.given_states.iter().flatten().find(|state| state.entity == *entity)
        && engine.lexicon.entity(entity).is_some_and(|named| {
            !named.flow.transitions.is_empty()
                && !named.flow.transitions.iter().any(|(a, b, _)| *a == from.value && b == to)
        })
    {
        return rule(RuleKind::Transitions { entity: entity.clone() });
    }
    // "Given a borrower that is not accredited, when a loan to this borrower is approved"
    if let Some(Act::Move(entity, to)) = facts.acts.first()
        && engine.lexicon.entity(entity).is_some_and(|named| named.flow.transitions.iter().any(|(_, b, _)| b == to))
        && let Some(test) = flagged(engine, facts, entity)
    {
        return rule(RuleKind::Requires {
            entity: entity.clone(),
            at: maestro_artifacts::Moment::Transition { to: to.clone() },
            condition: Condition(vec![test]),
        });
    }
    if let Some(effects) = bounded(engine, facts, steps) {
        return Some(effects);
    }
    if let Some(rule) = overlap(engine, facts, steps) {
        return Some(vec![Effect::Rule(rule)]);
    }
    if let Some(rule) = full(engine, facts, steps).or_else(|| repeated_pair(engine, facts)) {
        return Some(vec![Effect::Rule(rule)]);
    }
    if let Some(found) = figures::derive(engine, facts, steps) {
        return rule(found);
    }
    // "for a supplier that does not exist": a reference must lead somewhere; its field is what is checked.
    let saved = match facts.acts.first() {
        Some(Act::Do(entity, Action::Create | Action::Update)) => Some(entity),
        None => facts
            .entities
            .iter()
            .find(|entity| facts.entities.iter().any(|target| engine.lexicon.reference(entity, target).is_some())),
        Some(_) => None,
    };
    if absent_record(steps)
        && let Some(entity) = saved
    {
        let target: Vec<(String, String)> = facts
            .entities
            .iter()
            .filter(|target| *target != entity)
            .filter_map(|target| engine.lexicon.reference(entity, target).map(|via| (entity.clone(), via)))
            .collect();
        if let [(entity, via)] = target.as_slice() {
            return Some(vec![Effect::has_field(entity, via)]);
        }
    }
    for act in &facts.acts {
        let Act::Do(entity, action) = act else { continue };
        let own_states = facts.states(entity);
        match action {
            Action::Create => {
                let parent = |told: &[Vec<StateRef>]| {
                    let mut states = told.iter().flatten();
                    let of = |state: &&StateRef| {
                        state.entity != *entity && engine.lexicon.reference(entity, &state.entity).is_some()
                    };
                    states.find(of).cloned()
                };
                let refused = parent(&facts.given_states)
                    .and_then(|state| Some((facts.states(&state.entity)?, state.entity, true)));
                // "Given a cancelled trip, when I book a member on a planned trip": another one.
                let told = |states: &[Vec<StateRef>], of: &str| states.iter().flatten().any(|state| state.entity == of);
                if let Some((_, of, _)) = &refused
                    && told(&facts.when_states, of)
                {
                    return None;
                }
                // "A private customer ... a scaffold with class heavy": not each of the two by itself.
                if refused.is_some() && !chosen(engine, facts, entity, None).0.is_empty() {
                    return None;
                }
                // "Neither paid nor shipped" names more than one state that would be needed.
                let needed = || {
                    let state = parent(&facts.given_not).filter(|_| facts.given_not.len() == 1)?;
                    Some(((state.field, vec![Value::from(state.value)]), state.entity, false))
                };
                if let Some(((field, values), of, within)) = refused.or_else(needed) {
                    let via = engine.lexicon.reference(entity, &of);
                    let test =
                        if within { Test::NotIn { via, field, values } } else { Test::In { via, field, values } };
                    return rule(RuleKind::Requires {
                        entity: entity.clone(),
                        at: maestro_artifacts::Moment::Create,
                        condition: Condition(vec![test]),
                    });
                }
                if let Some(test) = flagged(engine, facts, entity) {
                    return rule(RuleKind::Requires {
                        entity: entity.clone(),
                        at: maestro_artifacts::Moment::Create,
                        condition: Condition(vec![test]),
                    });
                }
                let unique: Vec<&FieldRef> = facts.fields.iter().filter(|field| field.entity == *entity).collect();
                // "Another hive 7 in the same apiary" is unique by more than its apiary.
                let more = |one: &FieldRef| {
                    let kind = engine.lexicon.field(one).map(|field| &field.kind);
                    matches!(kind, Some(FieldKind::Reference { .. })) && named::any(engine, steps, entity)
                };
                // 'A tent called "Eagle"' twice: what things are called is their name.
                let called = steps.when.iter().any(|token| token.is("called") || token.is("named"));
                if unique.is_empty()
                    && called
                    && facts.said(SAME)
                    && !facts.said(&["same"])
                    && named::twice(engine, steps, entity)
                    && let Some(name) = engine.lexicon.entity(entity).and_then(|named| named.field("name"))
                {
                    return rule(RuleKind::Unique {
                        entity: entity.clone(),
                        fields: vec![name.key.clone()],
                        when: Condition::default(),
                        ignore_case: false,
                    });
                }
                if facts.said(&["same", "duplicate", "taken"])
                    && let [one] = unique.as_slice()
                    && !more(one)
                {
                    return rule(RuleKind::Unique {
                        entity: entity.clone(),
                        fields: vec![one.field.clone()],
                        when: Condition::default(),
                        ignore_case: false,
                    });
                }
            }
            Action::Delete => {
                if let Some((field, values)) = own_states {
                    let when = Condition(vec![Test::In { via: None, field, values }]);
                    return rule(RuleKind::NoDelete { entity: entity.clone(), when });
                }
                let children: Vec<(&String, String)> = facts
                    .entities
                    .iter()
                    .filter(|child| *child != entity)
                    .filter_map(|child| engine.lexicon.reference(child, entity).map(|via| (child, via)))
                    .collect();
                if let [(child, via)] = children.as_slice() {
                    let when = facts.states(child).map_or_else(Condition::default, |(field, values)| {
                        Condition(vec![Test::In { via: None, field, values }])
                    });
                    let test = Test::Children {
                        child: (*child).clone(),
                        via: via.clone(),
                        when,
                        measure: Measure::Count,
                        op: Op::Gt,
                        to: Operand::Value { value: Value::from(0) },
                    };
                    return rule(RuleKind::NoDelete { entity: entity.clone(), when: Condition(vec![test]) });
                }
            }
            Action::Update => {
                // "When I change its price to -5" may be refused for that.
                if facts.values.iter().any(|value| value.value.starts_with('-')) {
                    return None;
                }
                if let Some((field, values)) = own_states {
                    let when = Condition(vec![Test::In { via: None, field, values }]);
                    // "changes the amount" says nothing of the other fields.
                    let mut fields: Vec<String> = facts
                        .when_fields
                        .iter()
                        .filter(|field| field.entity == *entity)
                        .map(|field| field.field.clone())
                        .collect();
                    fields.dedup();
                    return rule(RuleKind::Immutable { entity: entity.clone(), when, fields });
                }
            }
            Action::Read | Action::List => {}
        }
    }
    // A value that no known bound refuses: only zero and less say which bound is meant.
    if let [value] = facts.values.as_slice()
        && matches!(
            engine.lexicon.field(&value.field)?.kind,
            FieldKind::Integer | FieldKind::Decimal | FieldKind::Money
        )
        && let Some(number) = number(&value.value)
        && number <= 0.0
    {
        let money = engine.lexicon.field(&value.field)?.kind == FieldKind::Money;
        let min = Some(if money { "0.00".to_owned() } else { "0".to_owned() });
        return rule(RuleKind::Range {
            entity: value.field.entity.clone(),
            field: value.field.field.clone(),
            min,
            max: None,
            above_min: number == 0.0,
            below_max: false,
        });
    }
    // "with an end before the start", "with a date in the future"
    let dated: Vec<&FieldRef> = facts
        .fields
        .iter()
        .filter(|field| {
            matches!(engine.lexicon.field(field).map(|field| &field.kind), Some(FieldKind::Date | FieldKind::DateTime))
        })
        .collect();
    let compare = |field: &FieldRef, op: Op, to: Operand, on_create: bool| {
        rule(RuleKind::Compare {
            entity: field.entity.clone(),
            field: field.field.clone(),
            op,
            to,
            when: chosen(engine, facts, &field.entity, None),
            on_create,
        })
    };
    // "Starts in the past" of a moment is before now, "yesterday" before today.
    let moment = |field: &FieldRef| {
        let timed = engine.lexicon.field(field).is_some_and(|field| field.kind == FieldKind::DateTime);
        if timed && !facts.said(&["yesterday", "tomorrow"]) { Operand::now() } else { Operand::today() }
    };
    match dated.as_slice() {
        [one] if facts.said(&["past", "yesterday"]) => compare(one, Op::Ge, moment(one), true),
        [one] if facts.said(&["future", "tomorrow"]) => compare(one, Op::Le, moment(one), false),
        [a, b] if a.entity == b.entity && facts.said(&["<"]) => {
            compare(a, Op::Ge, Operand::field(b.field.clone()), false)
        }
        [a, b] if a.entity == b.entity && facts.said(&[">"]) => {
            compare(a, Op::Le, Operand::field(b.field.clone()), false)
        }
        _ => None,
    }
    .filter(|effects| {
        effects.iter().all(|effect| matches!(effect, Effect::Rule(rule) if !rule_entity(rule).is_empty()))
    })
}
