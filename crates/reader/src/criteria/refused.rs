//! A refusal is matched with the rule of the epic that it shows; where there is none, one is derived from the steps.

use super::derived::derive;
use super::facts::{Act, Facts};
use super::{Steps, ages, bounded, choices, contrary, dates, direction, named, reason, scenario, sound, titled};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::name_words;
use crate::scope::{FieldRef, StateRef};
use crate::token::Token;
use maestro_artifacts::{Action, Condition, FieldKind, Measure, Offset, Op, Operand, RuleKind, Test, TextFormat};
use serde_json::Value;

/// The rules that refuse this.
pub(crate) fn read(
    engine: &Engine<'_>,
    facts: &Facts,
    steps: &Steps,
    rules: &[RuleKind],
) -> Result<Vec<Effect>, String> {
    let sound = |effects: &Vec<Effect>| {
        sound::holds(engine, facts, steps, effects) && !dates::without_year(&format!("{effects:?}"))
    };
    reason::read(engine, facts, steps)
        .or_else(|| known(engine, facts, steps, rules))
        .or_else(|| titled::read(engine, facts, steps))
        .or_else(|| bounded::read(engine, facts, steps))
        .or_else(|| general(engine, steps).filter(sound))
        .or_else(|| scenario::read(engine, facts, steps).filter(sound))
        .or_else(|| derive(engine, facts, steps).filter(sound))
        .or_else(|| scenario::twice(engine, facts, steps).filter(sound))
        .or_else(|| choices::read(engine, facts, steps, rules))
        .filter(|effects| !elsewhere(engine, steps, effects))
        .ok_or_else(|| {
            "no rule of the epic refuses this, and the example alone does not say which rule would".to_owned()
        })
}

/// "When a child who is younger than 6 years is registered": told of all such, it is the rule itself.
fn general(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    let (made, said) = steps.when.split_last()?;
    let (be, records) = said.split_last()?;
    let makes = crate::verbs::actions(&made.lemma).contains(&Action::Create) && !made.quoted;
    let described = records.iter().any(|token| token.is("that") || token.is("whose"));
    if !steps.given.is_empty() || !makes || !be.is("be") || !described {
        return None;
    }
    let mut told = records.to_vec();
    told.extend([be.clone(), made.renamed("refused")]);
    let effects = engine.tokens(&told)?;
    // An example may not name what nobody else has named.
    effects.iter().all(|effect| matches!(effect, Effect::Rule(_))).then_some(effects)
}

/// Whether an outcome blames the person rather than the record.
pub(super) fn blamed(steps: &Steps) -> bool {
    const PERSON: &[&str] = &["forbidden", "403", "permission", "unauthorised", "unauthorized", "denied", "disallowed"];
    steps.then.iter().any(|token| {
        PERSON.contains(&token.word.as_str()) || token.word == "mustnot" && PERSON.contains(&token.raw.as_str())
    })
}

/// The rules of the epic that refuse this, and those alone.
pub(super) fn shown(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    known(engine, facts, steps, rules).filter(|effects| !elsewhere(engine, steps, effects))
}

/// The rules of the epic that refuse this.
pub(crate) fn known(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let best = rules.iter().map(|rule| score(engine, facts, steps, rule)).max().unwrap_or_default();
    if best > 0 {
        let mut found: Vec<Effect> = Vec::new();
        for rule in rules.iter().filter(|rule| score(engine, facts, steps, rule) == best) {
            let effect = Effect::Rule(rule.clone());
            if !found.contains(&effect) {
                found.push(effect);
            }
        }
        // Several rules of different kinds that fit equally well: a person must say which is meant.
        let kinds: Vec<_> = found
            .iter()
            .filter_map(
                |effect| if let Effect::Rule(rule) = effect { Some(std::mem::discriminant(rule)) } else { None },
            )
            .collect();
        if kinds.windows(2).all(|pair| matches!(pair, [a, b] if a == b)) && found.len() <= 4 {
            return Some(found);
        }
    }
    None
}

pub(super) fn acts_on(facts: &Facts, entity: &str, action: Action) -> bool {
    facts.acts.iter().any(|act| matches!(act, Act::Do(of, done) if of == entity && *done == action))
}

pub(super) fn moves(facts: &Facts, entity: &str) -> Option<String> {
    facts.acts.iter().find_map(|act| match act {
        Act::Move(of, to) if of == entity => Some(to.clone()),
        _ => None,
    })
}

pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

const TIME: &[&str] = &["past", "future", "yesterday", "tomorrow", "today", "ago"];
const ORDER: &[&str] = &["<", ">", "<=", ">=", "=", "earlier", "later", "same", "beyond", "larger", "smaller"];
pub(super) const SAME: &[&str] =
    &["same", "duplicate", "taken", "other", "second", "twice", "again", "existing", "exists", "used", "exist"];
const FULL: &[&str] =
    &["full", "limit", "capacity", "maximum", "reached", "exhausted", "left", "exceed", "exceeds", "<=", ">"];

/// How well a rule explains the refusal; 0 where it does not.
fn score(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rule: &RuleKind) -> u8 {
    let field_of = |entity: &str, field: &str| FieldRef { entity: entity.to_owned(), field: field.to_owned() };
    let mentioned = |entity: &str, field: &str| facts.fields.contains(&field_of(entity, field));
    let near = |entity: &str| {
        facts.entities.iter().any(|of| of == entity)
            || facts.acts.iter().any(|act| matches!(act, Act::Do(of, _) | Act::Move(of, _) if of == entity))
    };
    match rule {
        RuleKind::Required { entity, field } if facts.missing.contains(&field_of(entity, field)) => 10,
        RuleKind::RequiredWhen { entity, field, when }
            if facts.missing.contains(&field_of(entity, field)) && holds(engine, facts, entity, when, true) =>
        {
            11
        }
        RuleKind::TransitionRequires { entity, to, fields, .. }
            if moves(facts, entity).is_some_and(|state| state == *to)
                && fields.iter().any(|field| facts.missing.contains(&field_of(entity, field))) =>
        {
            12
        }
        RuleKind::Unique { entity, fields, .. } => {
            let deletes = facts.acts.iter().any(|act| matches!(act, Act::Do(_, Action::Delete)));
            let same = (facts.said(SAME) || repeated(facts)) && !deletes;
            let referred = |field: &String| {
                let kind = engine.lexicon.field(&field_of(entity, field)).map(|field| &field.kind);
                matches!(kind, Some(FieldKind::Reference { entity }) if facts.entities.contains(entity))
            };
            // "The same donor books a second appointment" shows nothing of donations, though they have an appointment.
            // "They enrol in the same session again" speaks of enrolments.
            let named_so =
                |word: &String| crate::verbs::made_by(engine.lexicon, word).is_some_and(|made| made.key == *entity);
            let done = facts.words.iter().any(named_so);
            let spoken = done || facts.entities.is_empty() || facts.entities.contains(entity);
            let near = |entity: &str| done || near(entity);
            let same = same && (spoken || !fields.iter().all(referred));
            // "An inspection on 2026-05-02 ... another inspection on 2026-05-02": the day is the field's that has no name here.
            let dated = |field: &String| {
                let kind = engine.lexicon.field(&field_of(entity, field)).map(|field| &field.kind);
                matches!(kind, Some(FieldKind::Date)) && same_day(steps)
            };
            let days = fields.iter().filter(|field| dated(field) && !mentioned(entity, field)).count();
            let mentioned = |entity: &str, field: &String| mentioned(entity, field) || days == 1 && dated(field);
            if same && fields.iter().all(|field| mentioned(entity, field)) {
                9
            } else if same && near(entity) && fields.iter().all(|field| mentioned(entity, field) || referred(field)) {
                8
            } else if same
                && named::twice(engine, steps, entity)
                && fields.iter().filter(|field| !referred(field)).count() == 1
                && fields.iter().any(|field| !mentioned(entity, field) && !referred(field))
            {
                // "hive 7 ... another hive 7": what they are called is the one thing that is not named.
                8
            } else {
                0
            }
        }
        RuleKind::Range { entity, field, .. }
        | RuleKind::Places { entity, field, .. }
        | RuleKind::Length { entity, field, .. }
        | RuleKind::Pattern { entity, field, .. }
        | RuleKind::Format { entity, field, .. } => breaks(facts, rule, &field_of(entity, field)),
        RuleKind::Compare { entity, field, op, to, .. } => {
            if ages::breaks(engine, steps, &field_of(entity, field), *op, to) && acts_on(facts, entity, Action::Create)
            {
                return 9;
            }
            let own = field_of(entity, field);
            // "From 2027-07-10 to 2027-07-09", "a boat with 6 berths ... 7 guests": what the figures do to it.
            match contrary::broken(engine, facts, steps, (entity, field), *op, to) {
                Some(true) if near(entity) => return 9,
                Some(_) => return 0,
                None => {}
            }
            // "A charter that started yesterday"
            let clock = matches!(to, Operand::Today { .. } | Operand::Now { .. });
            let said = clock && near(entity) && contrary::named(engine, &steps.when, &own);
            if !mentioned(entity, field) && !said {
                return 0;
            }
            let against = |other: FieldRef, offset| {
                direction::breaks_fields(engine, steps, (&own, *op, &other), offset).unwrap_or(true)
            };
            match to {
                Operand::Today { .. } | Operand::Now { .. } if facts.said(TIME) => {
                    let offset = match to {
                        Operand::Today { plus_days, plus_months } => {
                            Offset { plus: *plus_days, plus_months: *plus_months, plus_minutes: 0 }
                        }
                        Operand::Now { plus_minutes } => Offset::minutes(*plus_minutes),
                        _ => Offset::NONE,
                    };
                    u8::from(direction::breaks_clock(steps, *op, &offset).unwrap_or(true)) * 9
                }
                Operand::ThisYear { plus_years } => {
                    let given = facts.values.iter().find(|value| value.field == own).map(|value| value.value.as_str());
                    u8::from(direction::breaks_year(steps, *op, *plus_years, given)) * 9
                }
                Operand::Field { field: other, offset }
                    if mentioned(entity, other) && facts.said(ORDER) && !repeated_spans(steps) =>
                {
                    u8::from(against(field_of(entity, other), offset)) * 9
                }
                Operand::Referenced { via, field: other, offset } => {
                    let target = engine.lexicon.target(entity, via);
                    let told = |target: &str| mentioned(target, other) && against(field_of(target, other), offset);
                    u8::from(target.is_some_and(told)) * 9
                }
                Operand::Value { .. } if facts.values.iter().any(|value| value.field == field_of(entity, field)) => 6,
                // "A charter of 15 days", and not one that ends on the day it starts
                Operand::Field { .. }
                    if facts.said(&["longer"])
                        || facts.said(&["days", "day", "weeks", "week"])
                            && steps.given.iter().chain(&steps.when).any(|token| token.is_number()) =>
                {
                    5
                }
                _ => 0,
            }
        }
        RuleKind::Requires { entity, at, condition } => {
            let doing = match at {
                maestro_artifacts::Moment::Transition { to } => moves(facts, entity).is_some_and(|state| state == *to),
                _ => acts_on(facts, entity, Action::Create) || (facts.acts.is_empty() && near(entity)),
            };
            let young = |test: &Test| match test {
                Test::Compare { via, field, op, to } => target(engine, entity, via.as_ref())
                    .is_some_and(|of| ages::breaks(engine, steps, &field_of(&of, field), *op, to)),
                _ => false,
            };
            let broken = condition.0.iter().any(|test| violated(engine, facts, entity, test) || young(test));
            if broken && doing {
                9
            } else if broken
                // "An auction may only be published if it has lots" says nothing of bids on one.
                && (near(entity) || facts.acts.is_empty())
                && !facts.acts.iter().any(|act| matches!(act, Act::Do(_, Action::Delete | Action::Update)))
            {
                6
            } else {
                0
            }
        }
        RuleKind::Transitions { entity } => {
            let Some(to) = moves(facts, entity) else { return 0 };
            // "A job with level high" is in no state by that.
            let field = engine.lexicon.flow_field(entity);
            let in_state = |state: &&StateRef| state.entity == *entity && field.as_ref() == Some(&state.field);
            let from = facts.given_states.iter().flatten().find(in_state);
            let flow = engine.lexicon.entity(entity).map(|named| &named.flow);
            match (from, flow) {
                (Some(from), Some(flow)) if !flow.transitions.iter().any(|(a, b, _)| *a == from.value && *b == to) => 9,
                _ => 0,
            }
        }
        RuleKind::Immutable { entity, when, fields } => {
            let doing = acts_on(facts, entity, Action::Update) || acts_on(facts, entity, Action::Delete);
            let concerned = fields.is_empty() || fields.iter().any(|field| mentioned(entity, field));
            if doing && concerned && holds(engine, facts, entity, when, true) {
                if acts_on(facts, entity, Action::Update) { 10 } else { 7 }
            } else {
                0
            }
        }
        RuleKind::NoDelete { entity, when } => {
            let holds = holds(engine, facts, entity, when, true);
            if acts_on(facts, entity, Action::Delete) && holds { if when.0.is_empty() { 7 } else { 9 } } else { 0 }
        }
        RuleKind::TransitionRole { entity, to, roles, .. } => {
            let state = moves(facts, entity).is_some_and(|state| state == *to);
            if state && outsider(facts, steps, roles) { 8 } else { 0 }
        }
        RuleKind::ActionRole { entity, action, roles, fields } => {
            let concerned = fields.is_empty() || fields.iter().any(|field| mentioned(entity, field));
            if acts_on(facts, entity, *action) && concerned && outsider(facts, steps, roles) { 8 } else { 0 }
        }
        RuleKind::ActionBarred { entity, action, roles, fields } => {
            let concerned = fields.is_empty() || fields.iter().any(|field| mentioned(entity, field));
            let named = facts.roles.iter().any(|role| roles.iter().any(|one| name_words(one) == name_words(role)));
            if acts_on(facts, entity, *action) && concerned && named { 8 } else { 0 }
        }
        RuleKind::NoOverlap { entity, start, end, .. } => {
            let words = ["overlap", "overlapping", "overlaps", "sametime", "period", "double", "clash", "clashes"];
            let spans = repeated_spans(steps);
            let taken = facts.said(&["booked", "taken", "occupied", "busy", "reserved"]) && facts.said(SAME);
            // "Whose to is before its from" names its fields, and no span.
            let named = mentioned(entity, start) && mentioned(entity, end) && facts.said(ORDER);
            let said = facts.said(&words) || taken || (facts.said(&["from"]) && facts.said(&["to"]) && !named);
            let doing = near(entity) && !acts_on(facts, entity, Action::Delete);
            if doing && spans {
                11
            } else if doing && said {
                8
            } else {
                0
            }
        }
        RuleKind::Capacity { parent, child, limit, measure, .. } => {
            let counted = match limit {
                Operand::Value { value } => [&steps.given, &steps.when].into_iter().any(|part| {
                    let scope = engine.scope(part);
                    // "3 open loans": so many of them, not the 3rd of March.
                    let of_child = |at: usize| {
                        (at + 1..=at + 3).any(|at| scope.entity_at(part, at).iter().any(|(_, key)| key == child))
                    };
                    part.iter().enumerate().any(|(at, token)| {
                        token.is_number()
                            && value.as_i64().map(|limit| limit.to_string()).is_some_and(|limit| limit == token.word)
                            && of_child(at)
                    })
                }),
                Operand::Field { field, .. } => mentioned(parent, field) || facts.said(FULL),
                Operand::Referenced { .. } => facts.said(FULL),
                _ => false,
            };
            // "with 2 places and 2 bookings": the limit's own value is named, so nothing else can be meant.
            let filled = matches!(limit, Operand::Field { field, .. }
                if facts.values.iter().any(|value| value.field == field_of(parent, field)));
            let summed = matches!(measure, Measure::Sum { field } if mentioned(child, field));
            if near(child)
                && (counted || (facts.said(FULL) && near(parent)) || summed && near(parent))
                && !acts_on(facts, parent, Action::Delete)
            {
                if filled { 10 } else { 7 }
            } else {
                0
            }
        }
        _ => 0,
    }
}

/// The same value named twice: "a tool with code T-1 ... another with code T-1".
fn repeated(facts: &Facts) -> bool {
    facts
        .values
        .iter()
        .enumerate()
        .any(|(at, a)| facts.values.iter().skip(at + 1).any(|b| a.field == b.field && a.value == b.value))
}

/// Two steps that both name one day: `on 2026-05-02`, `for that day`.
fn same_day(steps: &Steps) -> bool {
    let day =
        |part: &[Token]| part.iter().find(|token| crate::scope::is_date(&token.word)).map(|token| token.word.clone());
    let again = steps.when.windows(2).any(
        |pair| matches!(pair, [that, day] if (that.is("that") || that.is("same")) && (day.is("day") || day.is("date"))),
    );
    let (given, when) = (day(&steps.given), day(&steps.when));
    given.is_some() && (given == when || when.is_none() && again)
}

/// Two steps that both name a span of time.
fn repeated_spans(steps: &Steps) -> bool {
    let span = |part: &[Token]| {
        part.iter()
            .filter(|token| token.is_number() || token.word.contains(':') || crate::scope::is_date(&token.word))
            .count()
            >= 2
    };
    span(&steps.given) && span(&steps.when)
}

/// "In room B", "from 13:00 to 14:00": what a rule about one room and one time takes no offence at.
fn elsewhere(engine: &Engine<'_>, steps: &Steps, effects: &[Effect]) -> bool {
    effects.iter().any(|effect| {
        // "Another concert in "Mill" on 2027-05-01" of one a day in each hall
        if let Effect::Rule(RuleKind::Unique { entity, fields, .. }) = effect {
            let mut of = fields.iter().filter_map(|via| engine.lexicon.target(entity, via));
            return of.any(|target| named::differ(engine, steps, target));
        }
        let Effect::Rule(RuleKind::NoOverlap { entity, by, .. }) = effect else { return false };
        let mut of = by.iter().filter_map(|via| engine.lexicon.target(entity, via));
        let chosen = |part: &[Token], via: &str| {
            let scope = engine.scope(part);
            let mut told = (0..part.len()).flat_map(|at| scope.state_at(part, at)).flat_map(|(_, states)| states);
            told.find(|state| state.entity == *entity && state.field == via).map(|state| state.value)
        };
        // "In the room Blue ... in the room Red"
        let others = |via: &String| {
            chosen(&steps.given, via).zip(chosen(&steps.when, via)).is_some_and(|(one, other)| one != other)
        };
        apart(steps) || by.iter().any(others) || of.any(|target| named::differ(engine, steps, target))
    })
}

/// Two spans that share no time, by the days or the times of day that the steps name: days touch where they are the same.
fn apart(steps: &Steps) -> bool {
    let spans = (span_of(&steps.given), span_of(&steps.when));
    let (Some((a, b)), Some((c, d))) = spans else { return false };
    let days = [&a, &b, &c, &d].iter().filter(|moment| crate::scope::is_date(moment)).count();
    match days {
        4 => c > b || d < a,
        0 => c >= b || d <= a,
        _ => false,
    }
}

/// The two days, or the two times of a day, that are told.
fn span_of(part: &[Token]) -> Option<(String, String)> {
    let moment = |word: &str| crate::scope::is_date(word) || word.contains(':') && word.len() == 5;
    let told: Vec<&String> = part.iter().map(|token| &token.word).filter(|word| moment(word)).collect();
    match told.as_slice() {
        [from, to] if from < to => Some(((*from).clone(), (*to).clone())),
        _ => None,
    }
}

/// Somebody who is none of those that may.
fn outsider(facts: &Facts, steps: &Steps, roles: &[String]) -> bool {
    let allowed: Vec<Vec<String>> = roles.iter().map(|role| name_words(role)).collect();
    let others = facts.roles.iter().chain(&facts.doer).any(|role| !allowed.contains(&name_words(role)));
    // "somebody who is not a manager", "someone other than a manager", "without the manager role"
    let parts = [&steps.given, &steps.when];
    let denied = parts.iter().any(|part| {
        (0..part.len()).any(|at| {
            allowed.iter().any(|role| {
                role.iter().enumerate().all(|(k, word)| part.get(at + k).is_some_and(|token| token.lemma == *word))
                    && (0..at).rev().find_map(|at| part.get(at).filter(|token| !token.is("role"))).is_some_and(
                        |before| {
                            // "Without the role harbour master"
                            matches!(before.word.as_str(), "not" | "without" | "than" | "no" | "non" | "except" | "but")
                        },
                    )
            })
        })
    });
    let somebody = facts.roles.is_empty()
        && steps
            .then
            .iter()
            .any(|token| matches!(token.word.as_str(), "403" | "forbidden" | "permission" | "unauthorised"));
    others || denied || somebody
}

/// A stated value that a bound refuses.
pub(super) fn breaks(facts: &Facts, rule: &RuleKind, field: &FieldRef) -> u8 {
    let values: Vec<_> = facts.values.iter().filter(|value| value.field == *field).collect();
    for value in &values {
        let broken = match rule {
            RuleKind::Range { min, max, above_min, below_max, .. } => {
                let Some(value) = number(&value.value) else { continue };
                let low = min
                    .as_ref()
                    .and_then(|min| number(min))
                    .is_some_and(|min| value < min || (*above_min && value <= min));
                let high = max
                    .as_ref()
                    .and_then(|max| number(max))
                    .is_some_and(|max| value > max || (*below_max && value >= max));
                low || high
            }
            RuleKind::Places { places, .. } => {
                let behind = value.value.split_once('.').map_or("", |(_, behind)| behind.trim_end_matches('0'));
                behind.len() > *places as usize
            }
            RuleKind::Length { min, max, .. } => {
                let length = if value.length {
                    value.value.parse::<usize>().unwrap_or_default()
                } else {
                    value.value.chars().count()
                };
                min.is_some_and(|min| length < min as usize) || max.is_some_and(|max| length > max as usize)
            }
            RuleKind::Pattern { regex, .. } => {
                regex::Regex::new(&format!("^(?:{regex})$")).is_ok_and(|regex| !regex.is_match(&value.value))
            }
            RuleKind::Format { format, .. } => {
                // "anna@", "@example.org", "an na@example.org"
                let halved = *format == TextFormat::Email
                    && value.value.split('@').any(|part| part.is_empty() || part.contains(' '));
                halved || !value.value.contains(['@', '+']) && !value.value.starts_with("http") && !value.length
            }
            _ => false,
        };
        if broken {
            return 10;
        }
    }
    let said = match rule {
        RuleKind::Length { .. } => facts.said(&["long", "longer", "short", "shorter", "characters", "character"]),
        RuleKind::Range { .. } => facts.said(&["negative", "zero", "high", "low", "small", "large", "out"]),
        RuleKind::Format { .. } | RuleKind::Pattern { .. } => {
            facts.said(&["invalid", "malformed", "wrong", "valid", "format"])
        }
        _ => false,
    };
    if values.is_empty() && said && facts.fields.contains(field) { 8 } else { 0 }
}

/// Whether the facts say that a condition holds (or, with `strict`, that nothing of it is missing from the facts).
fn holds(engine: &Engine<'_>, facts: &Facts, entity: &str, condition: &Condition, strict: bool) -> bool {
    condition.0.iter().all(|test| satisfied(engine, facts, entity, test, strict))
}

fn target(engine: &Engine<'_>, entity: &str, via: Option<&String>) -> Option<String> {
    match via {
        None => Some(entity.to_owned()),
        Some(via) => match &engine.lexicon.entity(entity)?.field(via)?.kind {
            FieldKind::Reference { entity } => Some(entity.clone()),
            _ => None,
        },
    }
}

/// The value of a field as the steps state it: a state, or yes/no by the way it is said.
pub(super) fn stated(engine: &Engine<'_>, facts: &Facts, entity: &str, field: &str) -> Option<Value> {
    let states = facts.given_states.iter().chain(&facts.when_states).flatten();
    if let Some(state) = states.into_iter().find(|state| state.entity == entity && state.field == field) {
        return Some(Value::from(state.value.clone()));
    }
    let at = FieldRef { entity: entity.to_owned(), field: field.to_owned() };
    let kind = &engine.lexicon.field(&at)?.kind;
    if facts.fields.contains(&at) && *kind == FieldKind::Boolean {
        return Some(Value::Bool(!facts.said(&["not", "no", "false", "without"])));
    }
    // "inactive" is the other side of a yes/no field `active`.
    if *kind == FieldKind::Boolean {
        let word = engine.lexicon.field(&at)?.words.last()?.clone();
        if facts
            .words
            .iter()
            .any(|said| ["in", "un", "non-", "dis"].iter().any(|prefix| *said == format!("{prefix}{word}")))
        {
            return Some(Value::Bool(false));
        }
    }
    let value = facts.values.iter().find(|value| value.field == at)?;
    crate::fields::values::constant(&value.value, kind)
}

fn satisfied(engine: &Engine<'_>, facts: &Facts, entity: &str, test: &Test, strict: bool) -> bool {
    match test {
        Test::In { via, field, values } => target(engine, entity, via.as_ref())
            .and_then(|target| stated(engine, facts, &target, field))
            .map_or(!strict, |value| values.contains(&value)),
        Test::NotIn { via, field, values } => target(engine, entity, via.as_ref())
            .and_then(|target| stated(engine, facts, &target, field))
            .map_or(!strict, |value| !values.contains(&value)),
        Test::Children { child, op: Op::Gt | Op::Ge, .. } => {
            facts.entities.contains(child) && !without(engine, facts, child)
        }
        Test::Children { child, .. } => facts.entities.contains(child),
        Test::Given { via, field } => target(engine, entity, via.as_ref()).is_some_and(|entity| {
            facts.fields.contains(&FieldRef { entity: entity.clone(), field: field.clone() })
                && !facts.missing.contains(&FieldRef { entity, field: field.clone() })
        }),
        Test::Empty { via, field } => target(engine, entity, via.as_ref())
            .is_some_and(|entity| facts.missing.contains(&FieldRef { entity, field: field.clone() })),
        Test::Compare { via, field, .. } => target(engine, entity, via.as_ref())
            .is_some_and(|entity| facts.fields.contains(&FieldRef { entity, field: field.clone() })),
    }
}

/// "A boat without charters", "a boat that has no charters"
fn without(engine: &Engine<'_>, facts: &Facts, child: &str) -> bool {
    [&facts.given, &facts.when].into_iter().any(|part| {
        let scope = engine.scope(part);
        let lacks = |at: usize| part.get(at).is_some_and(|token| token.is("without") || token.is("no"));
        (1..part.len()).any(|at| lacks(at - 1) && scope.entity_at(part, at).iter().any(|(_, entity)| entity == child))
    })
}

/// Whether the facts say that a test fails.
fn violated(engine: &Engine<'_>, facts: &Facts, entity: &str, test: &Test) -> bool {
    match test {
        Test::In { via, field, values } => target(engine, entity, via.as_ref())
            .and_then(|target| stated(engine, facts, &target, field))
            .is_some_and(|value| !values.contains(&value)),
        Test::NotIn { via, field, values } => target(engine, entity, via.as_ref())
            .and_then(|target| stated(engine, facts, &target, field))
            .is_some_and(|value| values.contains(&value)),
        Test::Given { via, field } => target(engine, entity, via.as_ref())
            .is_some_and(|entity| facts.missing.contains(&FieldRef { entity, field: field.clone() })),
        Test::Children { child, .. } => facts.entities.contains(child),
        Test::Empty { via, field } | Test::Compare { via, field, .. } => target(engine, entity, via.as_ref())
            .is_some_and(|entity| facts.fields.contains(&FieldRef { entity, field: field.clone() })),
    }
}
