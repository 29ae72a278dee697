//! What the figures, the days and the people of an example do to a rule: whether they break it. An example that goes well
//! although they do ("Given a boat with 6 berths, when a charter for 7 guests is created, then it is saved") contradicts
//! the rule, so that it shows none; and one that is refused although they keep to it is refused for something else.

use super::Steps;
use super::facts::{Facts, role_at};
use super::refused::{acts_on, moves};
use super::worked::value as figure;
use crate::engine::Engine;
use crate::lexicon::name_words;
use crate::scope::{FieldRef, is_date};
use crate::span;
use crate::token::Token;
use crate::words::related;
use maestro_artifacts::{Action, Offset, Op, Operand, RuleKind};

/// Whether a rule of the epic refuses what the steps do.
pub(super) fn refuses(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[RuleKind]) -> bool {
    rules.iter().any(|rule| refused(engine, facts, steps, rule))
}

fn refused(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rule: &RuleKind) -> bool {
    let lacks = |entity: &String, field: &String| {
        facts.missing.iter().any(|missing| missing.entity == *entity && missing.field == *field)
    };
    let saves = |entity: &str| acts_on(facts, entity, Action::Create) || acts_on(facts, entity, Action::Update);
    let moved = |entity: &str, to: &String| moves(facts, entity).as_ref() == Some(to);
    match rule {
        RuleKind::Compare { entity, field, op, to, when, .. } => {
            when.0.is_empty() && saves(entity) && broken(engine, facts, steps, (entity, field), *op, to) == Some(true)
        }
        RuleKind::Required { entity, field } => acts_on(facts, entity, Action::Create) && lacks(entity, field),
        RuleKind::TransitionRequires { entity, to, fields, from: None } => {
            moved(entity, to) && fields.iter().any(|field| lacks(entity, field))
        }
        RuleKind::TransitionRole { entity, to, roles, from: None } => {
            moved(entity, to) && another(engine, facts, steps, roles)
        }
        RuleKind::ActionRole { entity, action, roles, fields } => {
            fields.is_empty() && acts_on(facts, entity, *action) && another(engine, facts, steps, roles)
        }
        _ => false,
    }
}

/// "When a clerk confirms it", "Given I am a clerk": whoever does it is none of those who may.
fn another(engine: &Engine<'_>, facts: &Facts, steps: &Steps, roles: &[String]) -> bool {
    let first = |word: &str| steps.when.first().is_some_and(|first| first.is(word));
    let told = role_at(engine, &steps.when, 0).or_else(|| {
        let me = matches!(steps.given.as_slice(), [i, be, ..] if i.is("i") && be.is("be"));
        (first("i") && me).then(|| role_at(engine, &steps.given, 2)).flatten()
    });
    // "A singer approves it", though no rule speaks of singers
    let told = told.map(|(_, role)| role).or_else(|| facts.doer.clone());
    told.is_some_and(|role| !roles.iter().any(|one| name_words(one) == name_words(&role)))
}

/// Whether the values that the steps tell break a comparison; `None` where they do not tell both sides of it.
pub(super) fn broken(
    engine: &Engine<'_>,
    facts: &Facts,
    steps: &Steps,
    (entity, field): (&str, &str),
    op: Op,
    to: &Operand,
) -> Option<bool> {
    let told = |entity: &str, field: &str| {
        let of = FieldRef { entity: entity.to_owned(), field: field.to_owned() };
        let mut values = facts.values.iter().filter(|given| given.field == of);
        let one = values.next().filter(|_| values.next().is_none())?;
        figure(&one.value)
    };
    let (own, other) = match to {
        Operand::Field { field: other, offset } if *offset == Offset::NONE => {
            let (start, end) = span::of(engine.lexicon, entity).unwrap_or_default();
            match spanned(steps).filter(|_| [field, other.as_str()].iter().all(|one| *one == start || *one == end)) {
                Some((from, to)) if field == start => (from, to),
                Some((from, to)) => (to, from),
                None => (told(entity, field)?, told(entity, other)?),
            }
        }
        Operand::Referenced { via, field: other, offset } if *offset == Offset::NONE => {
            (told(entity, field)?, told(engine.lexicon.target(entity, via)?, other)?)
        }
        Operand::Today { plus_days: 0, plus_months: 0 } => against_today(engine, facts, steps, entity, field)?,
        _ => return None,
    };
    Some(match op {
        Op::Lt => own >= other,
        Op::Le => own > other,
        Op::Gt => own <= other,
        Op::Ge => own < other,
        Op::Eq => (own - other).abs() > f64::EPSILON,
        Op::Ne => (own - other).abs() < f64::EPSILON,
    })
}

/// "From 2027-07-10 to 2027-07-09", where the steps tell of no other time.
fn spanned(steps: &Steps) -> Option<(f64, f64)> {
    let moment = |token: &Token| is_date(&token.word) || token.word.contains(':') && token.word.len() <= 5;
    let all = || steps.given.iter().chain(&steps.when).filter(|token| !token.quoted);
    (all().filter(|token| moment(token)).count() == 2).then_some(())?;
    [&steps.when, &steps.given].into_iter().find_map(|part| {
        part.windows(4).find_map(|four| match four {
            [from, a, to, b] if from.is("from") && to.is("to") && moment(a) && moment(b) => {
                Some((figure(&a.word)?, figure(&b.word)?))
            }
            _ => None,
        })
    })
}

/// "Given today is 1 May, when a charter starting on 30 April is created": the day that is told, and today.
fn against_today(engine: &Engine<'_>, facts: &Facts, steps: &Steps, entity: &str, field: &str) -> Option<(f64, f64)> {
    let today = match steps.given.as_slice() {
        [today, be, day, ..] if today.is("today") && be.is("be") && is_date(&day.word) => figure(&day.word)?,
        _ => return None,
    };
    let mut days = steps.when.iter().filter(|token| is_date(&token.word));
    let day = days.next().filter(|_| days.next().is_none())?;
    let of = FieldRef { entity: entity.to_owned(), field: field.to_owned() };
    let told = facts.values.iter().any(|given| given.field == of && given.value == day.word);
    (told || named(engine, &steps.when, &of)).then(|| Some((figure(&day.word)?, today)))?
}

/// Whether a verb of the steps is what a day is called: `a charter starting on 30 April`, `that started yesterday`.
pub(super) fn named(engine: &Engine<'_>, tokens: &[Token], field: &FieldRef) -> bool {
    let words = engine.lexicon.field(field).map(|named| named.words.as_slice()).unwrap_or_default();
    let verbs = |token: &Token, word: &String| !token.quoted && (token.lemma == *word || related(&token.lemma, word));
    words.iter().any(|word| word.len() > 2 && tokens.iter().any(|token| verbs(token, word)))
}
