//! Bounds of what a record measures, told without the field's name: `weighs less than 50 kg`, `longer than 18 metres`, `a
//! donation of less than 200 or more than 500 millilitres`.

use super::{compares, rules_of};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::family::refusing::never;
use crate::lexicon::NamedField;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::FieldKind;

/// What is measured, by the words that tell it without its name.
const MEASURES: &[(&[&str], &[&str])] = &[
    (&["weigh", "weighs", "weighing", "heavier", "lighter"], &["weight", "mass"]),
    (&["cost", "costs", "costing", "cheaper", "dearer"], &["price", "cost", "fee"]),
    (&["longer", "shorter"], &["length"]),
    (&["taller", "higher", "smaller", "shorter", "lower"], &["height", "altitude"]),
    (&["wider", "narrower"], &["width", "breadth"]),
    (&["deeper", "shallower"], &["depth"]),
    (&["faster", "slower"], &["speed"]),
];

/// Words of comparison that normalisation does not know, for less and for more.
const LESS: &[&str] = &["cheaper", "shallower", "slower", "shorter"];
const MORE: &[&str] = &["dearer", "faster"];

/// The bound that is broken.
pub(super) fn read(engine: &Engine<'_>, entity: &str, said: &[Token]) -> Option<Vec<Effect>> {
    let of = said.first().is_some_and(|first| first.is("of"));
    let mut said = said;
    let mut telling: Vec<String> = Vec::new();
    while let Some((first, rest)) = said.split_first()
        && !first.quoted
        && !compares(first)
    {
        let raw = first.raw.to_lowercase();
        let told = MEASURES.iter().any(|(words, _)| words.contains(&raw.as_str()));
        if told && (LESS.contains(&raw.as_str()) || MORE.contains(&raw.as_str())) {
            break;
        }
        if !told && !["that", "of", "be", "do"].iter().any(|word| first.is(word)) {
            return None;
        }
        telling.extend(told.then_some(raw));
        said = rest;
    }
    // "Heavier than 40 tonnes"
    let so: Vec<Token> = match said {
        [adjective, than, rest @ ..] if than.is("than") => {
            let raw = adjective.raw.to_lowercase();
            let op = if LESS.contains(&raw.as_str()) { "<" } else { ">" };
            telling.push(raw);
            [&[adjective.renamed(op)], rest].concat()
        }
        _ => said.to_vec(),
    };
    let first = so.first().filter(|first| compares(first))?;
    telling.extend(first.raw.to_lowercase().split(' ').next().map(str::to_owned));
    // Comparisons and numbers, and one unit at most.
    let mut bounds: Vec<Token> = Vec::new();
    let mut unit: Option<String> = None;
    for token in &so {
        if token.is_number() || compares(token) || token.is("or") || token.is("and") {
            bounds.push(token.clone());
        } else if bounds.last().is_some_and(Token::is_number) && !token.quoted {
            let told = measure(&token.lemma);
            if unit.as_ref().is_some_and(|unit| *unit != told) {
                return None;
            }
            unit = Some(told);
        } else {
            return None;
        }
    }
    let field = measured(engine, entity, &telling, unit.as_deref(), of)?;
    rules_of(entity, never(engine, &field, &bounds)?)
}

/// The one field that is measured so.
fn measured(engine: &Engine<'_>, entity: &str, telling: &[String], unit: Option<&str>, of: bool) -> Option<FieldRef> {
    let named = engine.lexicon.entity(entity)?;
    let number = |field: &&NamedField| matches!(field.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    let fits = |field: &NamedField| match (unit, field.unit.as_deref()) {
        (Some(unit), Some(noted)) => measure(noted) == unit,
        (Some(unit), None) => !time(unit),
        _ => true,
    };
    let names: Vec<&str> = MEASURES
        .iter()
        .filter(|(words, _)| telling.iter().any(|told| words.contains(&told.as_str())))
        .flat_map(|(_, names)| names.iter().copied())
        .collect();
    let called = |field: &&NamedField| field.words.iter().any(|word| names.contains(&word.as_str()));
    let mut by_name = named.fields.iter().filter(number).filter(called).peekable();
    let field = if by_name.peek().is_none() {
        // "An invoice of less than 1.00": of the one number that it has.
        let Some(unit) = unit else {
            let only = telling.iter().all(|told| matches!(told.as_str(), "less" | "more" | "under" | "over" | "below"));
            let field = one(named.fields.iter().filter(number)).filter(|_| only && of)?;
            return Some(FieldRef { entity: entity.to_owned(), field: field.key.clone() });
        };
        let noted = |field: &&NamedField| field.unit.as_deref().is_some_and(|noted| measure(noted) == unit);
        one(named.fields.iter().filter(number).filter(noted))?
    } else {
        one(by_name).filter(|field| fits(field))?
    };
    Some(FieldRef { entity: entity.to_owned(), field: field.key.clone() })
}

fn one<'a>(mut found: impl Iterator<Item = &'a NamedField>) -> Option<&'a NamedField> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn time(unit: &str) -> bool {
    ["minute", "hour", "day", "week", "month", "year", "second", "night"].contains(&unit)
}

/// One name for a unit.
fn measure(unit: &str) -> String {
    let unit = unit.to_lowercase();
    let plain = match unit.as_str() {
        "kg" | "kilo" | "kilogramme" => "kilogram",
        "g" | "gramme" => "gram",
        "t" | "ton" => "tonne",
        "m" | "meter" => "metre",
        "cm" | "centimeter" => "centimetre",
        "mm" | "millimeter" => "millimetre",
        "km" | "kilometer" => "kilometre",
        "l" | "liter" => "litre",
        "ml" | "milliliter" => "millilitre",
        "h" | "hr" => "hour",
        "min" => "minute",
        "€" | "eur" => "euro",
        "percent" => "%",
        other => other,
    };
    plain.to_owned()
}
