//! The reason that a refusal names: `because at least 5 guests are needed` says the rule that the steps break.

use super::facts::{Act, Facts};
use super::refused::known;
use super::{Steps, outlived};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::token::{Token, tokens};
use maestro_artifacts::RuleKind;

/// "... because the hammer price must be at least the starting price": the reason states the rule itself.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    if steps.reason.is_empty() {
        return None;
    }
    if let Some(found) = who_alone(facts, &steps.reason) {
        return Some(found);
    }
    let acted = facts.acts.iter().map(|act| match act {
        Act::Do(entity, _) | Act::Move(entity, _) => entity.clone(),
    });
    let topics = acted.chain(facts.entities.iter().cloned()).chain(engine.topics.iter().cloned()).collect();
    let inner = Engine { lexicon: engine.lexicon, topics };
    if let Some(found) = outlived::read(&inner, steps).or_else(|| outlived::needed(&inner, facts, &steps.reason)) {
        return Some(found);
    }
    let Some(told) = inner.sentence(&steps.reason).ok().filter(|told| sane(told)) else {
        return restated(&inner, facts, steps);
    };
    // "... because the end date is before the start date" tells what is wrong, and no rule.
    let demanded = crate::normal::normalise(&steps.reason, engine.lexicon)
        .iter()
        .any(|token| !token.quoted && matches!(token.word.as_str(), "must" | "mustnot" | "may" | "mayonly" | "need"));
    let compared = |effect: &Effect| {
        matches!(effect, Effect::Rule(RuleKind::Compare { .. } | RuleKind::Range { .. } | RuleKind::Length { .. }))
    };
    let told = if !demanded && told.iter().any(compared) {
        let name = &inner.lexicon.entity(inner.topics.first()?)?.name;
        inner.sentence(&format!("A {name} is refused if {}.", steps.reason)).ok()?
    } else {
        told
    };
    sane(&told).then_some(told)
}

/// Whether a reason says a rule, and names nothing beside.
fn sane(told: &[Effect]) -> bool {
    let rules = |effect: &Effect| match effect {
        // "... because a comment is required": when it is, the steps say.
        Effect::Rule(
            RuleKind::HasField { .. }
            | RuleKind::Capability { .. }
            | RuleKind::Default { .. }
            | RuleKind::Required { .. },
        ) => false,
        Effect::Rule(_) => true,
        _ => false,
    };
    let beside = |effect: &Effect| matches!(effect, Effect::Role { .. } | Effect::Field { .. } | Effect::UsedAs { .. });
    told.iter().all(|effect| rules(effect) || beside(effect)) && told.iter().any(rules)
}

/// "... because only security officers may do that": who alone may do what the steps do.
pub(super) fn who_alone(facts: &Facts, reason: &str) -> Option<Vec<Effect>> {
    let lower = reason.trim().trim_end_matches('.').to_lowercase();
    let told = lower.strip_prefix("only ")?;
    let who = ["may", "can", "are allowed to", "is allowed to"]
        .iter()
        .flat_map(|may| ["do that", "do this", "do so", "do it"].map(|so| format!(" {may} {so}")))
        .find_map(|end| told.strip_suffix(&end))?;
    let roles: Vec<String> = who
        .split(" or ")
        .flat_map(|part| part.split(" and "))
        .map(|role| crate::lexicon::one_role(role.trim_start_matches("the ").trim_start_matches("a ")))
        .collect();
    let rule = match facts.acts.first()? {
        Act::Move(entity, to) => {
            let from = facts.given_states.iter().flatten().find(|state| state.entity == *entity);
            let from = from.map(|state| state.value.clone());
            RuleKind::TransitionRole { entity: entity.clone(), from, to: to.clone(), roles: roles.clone() }
        }
        Act::Do(entity, action) => {
            RuleKind::ActionRole { entity: entity.clone(), action: *action, fields: Vec::new(), roles: roles.clone() }
        }
    };
    let named = roles.into_iter().map(|name| Effect::Role { name });
    Some(named.chain([Effect::Rule(rule)]).collect())
}

/// A reason in other words than those of a demand: "at least 5 guests are needed", "the price would be negative". It
/// must be just what the steps break.
fn restated(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    wordings(engine, facts, steps).into_iter().find_map(|text| {
        let told = engine.sentence(&text).ok().filter(|told| sane(told))?;
        let rules: Vec<RuleKind> = told
            .iter()
            .filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule.clone()) } else { None })
            .collect();
        known(engine, facts, steps, &rules).is_some().then_some(told)
    })
}

/// The demands that a reason may stand for.
fn wordings(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Vec<String> {
    let reason = steps.reason.trim().trim_end_matches('.');
    let mut out = Vec::new();
    if let Some((what, so)) = reason.split_once(" would ").filter(|(_, so)| !so.starts_with("not ")) {
        out.push(format!("{what} must not {so}"));
    }
    let one = facts.values.iter().filter(|given| facts.when_fields.contains(&given.field)).collect::<Vec<_>>();
    let field = match one.as_slice() {
        [one] => engine.lexicon.field(&one.field).map(|named| named.name.clone()),
        _ => None,
    };
    let Some(bound) = bound(reason) else { return out };
    let acted = facts.acts.first().map(|act| match act {
        Act::Do(entity, _) | Act::Move(entity, _) => entity,
    });
    let name = acted.and_then(|entity| engine.lexicon.entity(entity)).map(|named| named.name.clone());
    match (bound.what.as_str(), field, name) {
        ("", Some(field), Some(name)) => {
            out.push(format!("The {field} of a {name} must be {} {}", bound.way, bound.figure))
        }
        ("", ..) => {}
        (what, _, Some(name)) => {
            out.push(format!("The {what} of a {name} must be {} {}", bound.way, bound.figure));
            let moved = facts.acts.iter().find_map(|act| match act {
                Act::Move(_, to) => Some(to),
                Act::Do(..) => None,
            });
            match moved {
                Some(to) => out
                    .push(format!("A {name} can only be set to {to} if it has {} {} {what}", bound.way, bound.figure)),
                None => out.push(format!("A {name} must have {} {} {what}", bound.way, bound.figure)),
            }
        }
        _ => {}
    }
    out
}

/// A bound that a reason tells: `at least` `5` `guests`.
struct Bound {
    way: &'static str,
    figure: String,
    /// What is counted; nothing where only the bound is named.
    what: String,
}

/// "At least 5 guests are needed", "no more than 300 people are allowed", "the minimum is 5", "5 is the maximum".
fn bound(reason: &str) -> Option<Bound> {
    const WAYS: &[(&str, &str)] = &[
        ("at least ", "at least"),
        ("a minimum of ", "at least"),
        ("at most ", "at most"),
        ("no more than ", "at most"),
        ("not more than ", "at most"),
        ("a maximum of ", "at most"),
        ("only up to ", "at most"),
        ("up to ", "at most"),
    ];
    const NEEDED: &[&str] = &["needed", "required", "necessary", "demanded", "mandatory", "expected"];
    const ALLOWED: &[&str] = &["allowed", "permitted", "possible", "accepted", "admitted"];
    let lower = reason.to_lowercase();
    let lower = lower.strip_prefix("there must be ").map_or(lower.clone(), |rest| format!("{rest} are needed"));
    let numbered = |text: &str| {
        let words = tokens(text);
        let first = words.first()?;
        let figure = if first.is_number() {
            &first.word
        } else {
            crate::normal::digits(&first.word).or(first.is("one").then_some("1"))?
        };
        let figure = figure.to_owned();
        let what = words.iter().skip(1).map(|token| token.raw.clone()).collect::<Vec<_>>().join(" ");
        Some((figure, what))
    };
    if let Some((way, rest)) = WAYS.iter().find_map(|(lead, way)| Some((*way, lower.strip_prefix(lead)?))) {
        let (told, last) = rest.rsplit_once(' ')?;
        let told = told.strip_suffix(" are").or_else(|| told.strip_suffix(" is"))?;
        let fits = if way == "at least" { NEEDED } else { ALLOWED };
        let (figure, what) = numbered(told).filter(|(_, what)| !what.is_empty() && fits.contains(&last))?;
        return Some(Bound { way, figure, what });
    }
    let plain = lower.strip_prefix("the ").unwrap_or(&lower);
    let (named, figure) = plain.split_once(" is ")?;
    let (named, figure) =
        if tokens(named).first().is_some_and(Token::is_number) { (figure, named) } else { (named, figure) };
    let way = match named.trim_start_matches("the ") {
        "minimum" | "lower limit" | "smallest number" => "at least",
        "maximum" | "upper limit" | "limit" => "at most",
        _ => return None,
    };
    let (figure, unit) = numbered(figure)?;
    unit.is_empty().then_some(Bound { way, figure, what: String::new() })
}
