//! An amount that an example shows: `a price per portion of 4.50 ... 20 portions ... then the amount is 90.00`. It is worked out
//! of the figures in one way only, or nothing is said.

use super::Steps;
use super::asked::of_owner;
use super::facts::{Act, Facts, Given};
use super::worked::near;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::token::Token;
use maestro_artifacts::{Action, Expr, FieldKind, RuleKind};

/// The rule that the amount is worked out so, where all figures of the steps make it in one way.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = facts.acts.iter().find_map(|act| match act {
        Act::Do(entity, Action::Create | Action::Read | Action::Update) => Some(entity),
        _ => None,
    });
    let entity = entity.or(facts.entities.first())?;
    let be = steps.then.iter().position(|token| token.is("be") || token.is("="))?;
    let (name, value) = (steps.then.get(..be)?, steps.then.get(be + 1..)?);
    let expected = match value {
        [number] | [number, _] if number.is_number() && !number.quoted => number.word.parse::<f64>().ok()?,
        _ => return None,
    };
    let name = of_owner(engine, name, entity)?;
    let named = engine.lexicon.entity(entity)?;
    if name.is_empty()
        || !name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
        || known(rules, entity, named.find(&name))
    {
        return None;
    }
    let figures = figures(engine, facts, steps, entity)?;
    let way = one_way(&figures, expected)?;
    let told: Vec<String> = figures.iter().map(|(words, _)| words.clone()).collect();
    let joint = if way == Way::Product { " times " } else { " plus " };
    let effects = engine.sentence(&format!("The {name} of a {} is {}.", named.name, told.join(joint))).ok()?;
    let computed = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Computed { entity: of, expr, .. }) if of == entity && !matches!(expr, Expr::Field { .. }));
    // What nobody has named before is named first.
    let names = |effect: &Effect| matches!(effect, Effect::Field { read_only: true, .. });
    let new = named.find(&name).is_none() && effects.iter().any(names);
    (new || effects.iter().any(computed)).then_some(effects)
}

/// Whether the epic tells otherwise how the field gets its value.
fn known(rules: &[RuleKind], entity: &str, field: Option<&crate::lexicon::NamedField>) -> bool {
    let Some(field) = field else { return false };
    rules.iter().any(|rule| match rule {
        RuleKind::Computed { entity: of, field: told, .. }
        | RuleKind::Stamp { entity: of, field: told, .. }
        | RuleKind::Default { entity: of, field: told, .. } => of == entity && *told == field.key,
        _ => false,
    })
}

/// The figures of the steps, each told as a value of the record or of one that it refers to; all of them must be such.
fn figures(engine: &Engine<'_>, facts: &Facts, steps: &Steps, entity: &str) -> Option<Vec<(String, f64)>> {
    let numbers = |part: &[Token]| part.iter().filter(|token| token.is_number() && !token.quoted).count();
    if facts.values.len() < 2 || numbers(&steps.given) + numbers(&steps.when) != facts.values.len() {
        return None;
    }
    facts.values.iter().map(|given| Some((told(engine, given, entity)?, given.value.parse().ok()?))).collect()
}

/// "Its portions", "the price per portion of its dish"
fn told(engine: &Engine<'_>, given: &Given, entity: &str) -> Option<String> {
    let field = engine.lexicon.field(&given.field)?;
    matches!(field.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money).then_some(())?;
    if given.field.entity == entity {
        return Some(format!("its {}", field.name));
    }
    engine.lexicon.reference(entity, &given.field.entity)?;
    Some(format!("the {} of its {}", field.name, engine.lexicon.entity(&given.field.entity)?.name))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Product,
    Sum,
}

/// The one way in which the figures make the result: 2 and 2 make 4 in two ways, and 0 shows nothing.
fn one_way(figures: &[(String, f64)], expected: f64) -> Option<Way> {
    let values: Vec<f64> = figures.iter().map(|(_, value)| *value).collect();
    let (product, sum) = (values.iter().product::<f64>(), values.iter().sum::<f64>());
    let other = match values.as_slice() {
        [a, b] => [a - b, b - a, a / b, b / a].iter().any(|value| near(*value, expected)),
        _ => false,
    };
    let plain = values.iter().any(|value| near(*value, expected) || *value <= 0.0);
    match (near(product, expected), near(sum, expected)) {
        (true, false) if !other && !plain => Some(Way::Product),
        (false, true) if !other && !plain => Some(Way::Sum),
        _ => None,
    }
}
