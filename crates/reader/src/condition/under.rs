//! Rules under a condition: `if it is urgent, the phone must be given`.

use super::{number, read, trim};
use crate::effect::{Effect, negated};
use crate::engine::{Engine, PRONOUNS};
use crate::token::Token;
use maestro_artifacts::{Condition, FieldKind, Op, Operand, RuleKind, Test};
use serde_json::Value;

/// The condition that holds exactly when this one does not, where one test can say it.
pub(crate) fn negation(condition: &Condition) -> Option<Condition> {
    let [test] = condition.0.as_slice() else { return None };
    Some(Condition(vec![match test.clone() {
        Test::In { via, field, values } => Test::NotIn { via, field, values },
        Test::NotIn { via, field, values } => Test::In { via, field, values },
        Test::Empty { via, field } => Test::Given { via, field },
        Test::Given { via, field } => Test::Empty { via, field },
        Test::Compare { via, field, op, to } => Test::Compare { via, field, op: negated(op), to },
        Test::Children { child, via, when, measure, op, to } => {
            Test::Children { child, via, when, measure, op: negated(op), to }
        }
    }]))
}

/// "Once a tender is published, its budget cannot be changed": from then on, where no way leads back to the start.
pub(crate) fn from_then_on(
    lexicon: &crate::lexicon::Lexicon,
    entity: &str,
    said: &[Token],
    when: Condition,
) -> Condition {
    const SINCE: &[&str] = &["once", "as soon as", "after", "from the moment", "from the time"];
    let since = said
        .iter()
        .any(|token| matches!(token.word.as_str(), "if" | ">") && SINCE.contains(&token.raw.to_lowercase().as_str()));
    // "A booking can be changed until it is checked in": neither in what follows.
    let since = since || said.iter().any(|token| token.is("unless") && (token.wrote("until") || token.wrote("till")));
    if since { later(lexicon, entity, when) } else { when }
}

/// A state, and those that records come to from there.
pub(crate) fn later(lexicon: &crate::lexicon::Lexicon, entity: &str, when: Condition) -> Condition {
    let [Test::In { via, field, values }] = when.0.as_slice() else { return when };
    // "Once the booking is checked in" of a request for it: the states of the booking.
    let Some(entity) = led_to(lexicon, entity, via.as_deref()) else { return when };
    let (Some(named), Some(flow)) = (lexicon.entity(&entity), lexicon.flow_field(&entity)) else { return when };
    let mut states: Vec<String> = values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
    let told = states.clone();
    let mut at = 0;
    while let Some(state) = states.get(at).cloned() {
        for (from, to, _) in &named.flow.transitions {
            // What leads back to the state that it comes from is no later than it.
            let returns = |told: &String| {
                leads(named, to, std::slice::from_ref(told)) && leads(named, told, std::slice::from_ref(to))
            };
            if *from == state && !states.contains(to) && !told.iter().any(returns) {
                states.push(to.clone());
            }
        }
        at += 1;
    }
    let start = crate::verbs::begins_as(lexicon, &entity);
    if *field != flow || start.is_none_or(|start| states.contains(&start)) {
        return when;
    }
    let values = states.into_iter().map(Value::from).collect();
    Condition(vec![Test::In { via: via.clone(), field: flow, values }])
}

/// Whether ways lead from a state to one of these.
fn leads(named: &crate::lexicon::Named, from: &str, to: &[String]) -> bool {
    let mut seen: Vec<&str> = vec![from];
    let mut at = 0;
    while let Some(state) = seen.get(at).copied() {
        for (_, next, _) in named.flow.transitions.iter().filter(|(before, _, _)| before == state) {
            if to.contains(next) {
                return true;
            }
            if !seen.contains(&next.as_str()) {
                seen.push(next);
            }
        }
        at += 1;
    }
    false
}

/// The kind of record that references lead to.
pub(crate) fn led_to(lexicon: &crate::lexicon::Lexicon, entity: &str, via: Option<&str>) -> Option<String> {
    let mut at = entity.to_owned();
    for key in via.into_iter().flat_map(|via| via.split('.')) {
        let FieldKind::Reference { entity } = &lexicon.entity(&at)?.field(key)?.kind else { return None };
        at.clone_from(entity);
    }
    Some(at)
}

/// Reads `if C, M`, `M if C`, `M unless C`: the main clause's rules under the condition.
pub(crate) fn conditional(
    engine: &Engine<'_>,
    tokens: &[Token],
    main: &mut dyn FnMut(&[Token]) -> Option<Vec<Effect>>,
) -> Option<Vec<Effect>> {
    let find = |word: &str| tokens.iter().position(|token| token.is(word) && !token.quoted);
    for (word, positive) in [("if", true), ("unless", false), ("onlyif", true)] {
        let Some(at) = find(word) else { continue };
        if at == 0 {
            let commas: Vec<usize> = tokens
                .iter()
                .enumerate()
                .filter(|(_, token)| matches!(token.word.as_str(), "," | "then" | ":"))
                .map(|(at, _)| at)
                .collect();
            // "As soon as a tender is published its budget cannot be changed" has no mark between the two.
            if commas.is_empty() && word == "if" {
                let strong = |token: &Token| matches!(token.word.as_str(), "must" | "mustnot" | "may" | "mayonly");
                let scope = engine.scope(tokens);
                let modal = tokens.iter().position(strong).unwrap_or(0);
                for cut in (4..modal).rev() {
                    let begins = !scope.field_at(tokens, cut).is_empty() || !scope.entity_at(tokens, cut).is_empty();
                    if let (true, Some(given), Some(rest)) = (begins, tokens.get(1..cut), tokens.get(cut..))
                        && let Some(found) = under(engine, given, rest, positive, false, main)
                    {
                        return Some(since(engine, tokens, found));
                    }
                }
            }
            for comma in commas {
                let (Some(given), Some(rest)) = (tokens.get(1..comma), tokens.get(comma + 1..)) else { continue };
                let rest = if rest.first().is_some_and(|token| token.is("then")) {
                    rest.get(1..).unwrap_or_default()
                } else {
                    rest
                };
                if let Some(found) = under(engine, given, rest, positive, word == "onlyif", main) {
                    return Some(since(engine, tokens, found));
                }
            }
        } else if let (Some(rest), Some(given)) = (tokens.get(..at), tokens.get(at + 1..)) {
            let rest = trim(rest);
            if let Some(found) = under(engine, given, rest, positive, word == "onlyif", main) {
                return Some(found);
            }
        }
    }
    None
}

/// Rules that hold from then on.
fn since(engine: &Engine<'_>, said: &[Token], effects: Vec<Effect>) -> Vec<Effect> {
    let held = effects.into_iter().map(|effect| match effect {
        Effect::Rule(RuleKind::Immutable { entity, when, fields }) => {
            let when = from_then_on(engine.lexicon, &entity, said, when);
            Effect::Rule(RuleKind::Immutable { entity, when, fields })
        }
        other => other,
    });
    held.collect()
}

fn under(
    engine: &Engine<'_>,
    given: &[Token],
    rest: &[Token],
    positive: bool,
    only: bool,
    main: &mut dyn FnMut(&[Token]) -> Option<Vec<Effect>>,
) -> Option<Vec<Effect>> {
    if given.is_empty() || rest.is_empty() {
        return None;
    }
    let mut rest = rest.to_vec();
    // "If there is a due date, it must be after ...": the field that the condition names.
    if rest.first().is_some_and(|token| token.is("it"))
        && let [there, be, name @ ..] = given
        && there.is("there")
        && be.is("be")
        && let Some((_, field)) = engine.scope(name).field_at(name, 0).into_iter().find(|(end, _)| *end == name.len())
    {
        rest.splice(0..1, [Token::mention(field)]);
    }
    // "if the tool is on loan, it cannot be deleted": `it` is what the condition speaks of.
    if rest.first().is_some_and(|token| PRONOUNS.contains(&token.word.as_str()))
        && let Some(subject) = engine.scope(given).focus.first().and_then(|entity| engine.lexicon.entity(entity))
    {
        rest.splice(0..1, subject.name.split(' ').map(|word| Token::new(word, 0, 0)));
    }
    let effects = main(&rest)?;
    effects
        .into_iter()
        .map(|effect| match effect {
            Effect::Rule(rule) => {
                let base = rule_entity(&rule).to_owned();
                let condition = read(engine, &base, given)?;
                let condition = if positive { condition } else { negation(&condition)? };
                if only && !matches!(rule, RuleKind::Required { .. }) {
                    return None;
                }
                restrict(rule, condition).map(Effect::Rule)
            }
            other => Some(other),
        })
        .collect()
}

/// The entity whose records a rule is about.
pub(crate) fn rule_entity(rule: &RuleKind) -> &str {
    use RuleKind::{
        ActionBarred, ActionRole, Capability, Capacity, Cascade, Compare, Computed, Csv, Default, EmptyWhen, Filter,
        Format, HasField, Immutable, Length, List, NoDelete, NoOverlap, Pattern, Places, Quota, Range, Required,
        RequiredWhen, Requires, Search, Sort, Stamp, Totals, TransitionRequires, TransitionRole, Transitions, Unique,
    };
    match rule {
        Capability { entity, .. }
        | HasField { entity, .. }
        | Required { entity, .. }
        | RequiredWhen { entity, .. }
        | EmptyWhen { entity, .. }
        | Default { entity, .. }
        | Unique { entity, .. }
        | Range { entity, .. }
        | Places { entity, .. }
        | Length { entity, .. }
        | Pattern { entity, .. }
        | Format { entity, .. }
        | Compare { entity, .. }
        | Requires { entity, .. }
        | Transitions { entity }
        | TransitionRole { entity, .. }
        | TransitionRequires { entity, .. }
        | Stamp { entity, .. }
        | Immutable { entity, .. }
        | NoDelete { entity, .. }
        | Cascade { entity, .. }
        | NoOverlap { entity, .. }
        | Quota { entity, .. }
        | Computed { entity, .. }
        | Totals { entity, .. }
        | List { entity, .. }
        | Filter { entity, .. }
        | Sort { entity, .. }
        | Search { entity, .. }
        | Csv { entity }
        | ActionRole { entity, .. }
        | ActionBarred { entity, .. } => entity,
        Capacity { child, .. } => child,
    }
}

/// The rule, demanded only where the condition holds; `None` where that cannot be said.
pub(crate) fn restrict(rule: RuleKind, condition: Condition) -> Option<RuleKind> {
    let both = |mut when: Condition, more: Condition| {
        when.0.extend(more.0);
        when
    };
    Some(match rule {
        RuleKind::Required { entity, field } => RuleKind::RequiredWhen { entity, field, when: condition },
        RuleKind::RequiredWhen { entity, field, when } => {
            RuleKind::RequiredWhen { entity, field, when: both(when, condition) }
        }
        RuleKind::EmptyWhen { entity, field, when } => {
            RuleKind::EmptyWhen { entity, field, when: both(when, condition) }
        }
        RuleKind::Compare { entity, field, op, to, when, on_create } => {
            RuleKind::Compare { entity, field, op, to, when: both(when, condition), on_create }
        }
        RuleKind::Range { entity, field, min: Some(min), max: None, above_min, .. } => {
            let op = if above_min { Op::Gt } else { Op::Ge };
            RuleKind::Compare {
                entity,
                field,
                op,
                to: Operand::Value { value: number(&min) },
                when: condition,
                on_create: false,
            }
        }
        RuleKind::Range { entity, field, min: None, max: Some(max), below_max, .. } => {
            let op = if below_max { Op::Lt } else { Op::Le };
            RuleKind::Compare {
                entity,
                field,
                op,
                to: Operand::Value { value: number(&max) },
                when: condition,
                on_create: false,
            }
        }
        RuleKind::Unique { entity, fields, when, ignore_case } => {
            RuleKind::Unique { entity, fields, when: both(when, condition), ignore_case }
        }
        RuleKind::NoDelete { entity, when } => RuleKind::NoDelete { entity, when: both(when, condition) },
        RuleKind::Immutable { entity, when, fields } => {
            RuleKind::Immutable { entity, when: both(when, condition), fields }
        }
        RuleKind::Quota { entity, by, most, when } => RuleKind::Quota { entity, by, most, when: both(when, condition) },
        RuleKind::NoOverlap { entity, via, start, end, by, when } => {
            RuleKind::NoOverlap { entity, via, start, end, by, when: both(when, condition) }
        }
        RuleKind::Capacity { parent, child, via, measure, op, limit, when } => {
            RuleKind::Capacity { parent, child, via, measure, op, limit, when: both(when, condition) }
        }
        _ => return None,
    })
}
