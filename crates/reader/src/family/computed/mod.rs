//! Fields that the service works out: products, sums over children, counts, days between, percentages.

use super::elapsed;
use crate::effect::Effect;
use crate::engine::{Build, Engine, Reading};
use crate::lexicon::STATE_WORDS;
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Expr, FieldKind, Measure, RuleKind, TimeUnit};
use std::ops::Range;

mod children;
mod formula;
mod lines;

pub(super) use formula::expression;
use formula::{formula, trimmed, worded};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<field> (be | must be) (calculated | computed | worked out | derived | determined | setto | the result of) [as | from | by | to be] <words:e>",
        of_field,
    ),
    ("<field> [be | must be] = <words:e>", of_field),
    ("<field> be <words:e>", of_field),
    ("<field> must be <words:e>", of_field),
    (
        "<entity> (show | shows | have | has | display | displays) [as] <words:name> (:| – | , | , that be | that be | calculated as | computed as | , calculated as | , computed as | =) <words:e>",
        new_field,
    ),
    (
        "<words:name> of <entity> (be | must be) (calculated | computed | worked out | derived | =) [as | from | by] <words:e>",
        new_field,
    ),
    (
        "<entity> 's <words:name> (be | must be) [calculated | computed | worked out | derived | =] [as | from | by] <words:e>",
        new_field,
    ),
    ("<entity> (show | shows | display | displays) <words:name> in <words:e>", new_field),
    ("<words:name> of <entity> = <words:e>", new_field),
    ("<words:name> (in | on | during | by | for | at) <entity> = <words:e>", new_field),
    ("<entity> 's <words:name> = <words:e>", new_field),
    ("<words:name> of <entity> (be | must be) <words:e>", new_field),
    ("<words:name> (in | on | during | by | for | at) <entity> (be | must be) <words:e>", new_field),
    ("<entity> (show | shows) <words:e>", shown),
    ("[system | service] [must] (show | shows | display | displays) (per | for | of) <entity> [,] <words:e>", shown),
    (
        "(system | service | application | app | we | it) [must] (calculate | calculates | compute | computes | derive | derives) <words:e> of <entity> [in (hours | minutes | days)] [, <words:tail>]",
        worked_out,
    ),
    (
        "<words:e> of <entity> (be | must be) (calculated | computed | worked out | counted) [, <words:tail>]",
        worked_out,
    ),
    (
        "<words:name> (be | must be | =) [calculated | computed | worked out | derived] [as | from | by] <words:e>",
        derived,
    ),
];

/// Words that make a right-hand side a computation at all.
const MARKS: &[&str] = &[
    "*",
    "+",
    "–",
    "/",
    "÷",
    "times",
    "multiplied",
    "plus",
    "minus",
    "less",
    "sum",
    "numberof",
    "total",
    "difference",
    "product",
    "average",
    "mean",
    "days",
    "hours",
    "minutes",
    "between",
    "x",
    "%",
    "highest",
    "lowest",
    "largest",
    "smallest",
    "divided",
    "since",
    "reduced",
    "increased",
];

fn of_field(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("field")?;
    let range = bound.words("e")?;
    let marked = reading.part(&range).iter().any(|token| !token.quoted && MARKS.contains(&token.word.as_str()));
    let explicit = reading
        .tokens
        .iter()
        .take(range.start)
        .any(|token| matches!(token.word.as_str(), "calculated" | "computed" | "=" | "derived" | "worked"));
    // "0/4" in a list of sizes names no field: nothing is worked out of it.
    let figures =
        reading.part(&range).iter().all(|token| !token.word.contains(char::is_alphabetic) && token.field.is_none());
    if !(explicit || marked && !figures) || reading.scope.by_head(reading.tokens, 0, &field) {
        return None;
    }
    let mut effects = match lines::Line::of(reading, &field.entity, trimmed(reading.part(&range))) {
        Some(line) => line.effects(reading)?,
        None => Vec::new(),
    };
    let Some(expr) = formula(reading, &field.entity, reading.part(&range)) else {
        return Some(effects).filter(|effects| !effects.is_empty());
    };
    // "The weight is pallets times weight per pallet": another one than the weight per pallet.
    if speaks_of(&expr, &field.field) {
        return None;
    }
    let entity = reading.scope.lexicon.entity(&field.entity)?;
    let name = entity.field(&field.field)?.name.clone();
    let kind = Some(kind(reading, &field.entity, &expr)?);
    effects.extend(operands(reading, &field.entity, &expr));
    effects.push(Effect::Field { entity: entity.name.clone(), name, kind, read_only: true });
    effects.push(Effect::Rule(RuleKind::Computed { entity: field.entity, field: field.field, expr }));
    Some(effects)
}

/// A field that only this sentence names; its type follows from what it is worked out of.
fn new_field(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let (name, range) = (bound.words("name")?, bound.words("e")?);
    let part = reading.part(&name);
    // "The number of free seats" is a name, "the number of bookings" counts them.
    let number = part.split_first().filter(|(first, rest)| {
        let counts = reading.engine.scope(rest).entity_at(rest, 0).iter().any(|(end, _)| *end == rest.len());
        let unit = rest.first().is_some_and(|of| crate::normal::is_time_unit(&of.lemma));
        first.is("numberof") && (rest.len() > 1 || unit) && !counts
    });
    if part.len() > 4
        || number.map_or(part, |(_, rest)| rest).iter().any(|token| {
            matches!(
                token.word.as_str(),
                "must"
                    | "may"
                    | "mustnot"
                    | "be"
                    | ","
                    | "no"
                    | "if"
                    | "that"
                    | "numberof"
                    | "="
                    | "calculated"
                    | "computed"
            ) || STATE_WORDS.contains(&token.word.as_str())
        })
    {
        return None;
    }
    // "The latest allowed end" bounds the end.
    if bounds(reading, part) {
        return None;
    }
    let marked = reading.part(&range).iter().any(|token| !token.quoted && MARKS.contains(&token.word.as_str()));
    // "A case has a title, an opened date and an ended date" lists three fields.
    let listed = reading.tokens.get(name.end).is_some_and(|token| token.is(","));
    let spanned = || !listed && elapsed::between(reading, &entity, trimmed(reading.part(&range))).is_some();
    if !marked && !spanned() {
        return None;
    }
    let name = reading.name(&name).replace("numberof ", "number of ");
    let name = name.trim_start_matches("The ").trim_start_matches("the ");
    if let Some(line) = lines::Line::of(reading, &entity, trimmed(reading.part(&range))) {
        return of_lines(reading, &entity, name, line);
    }
    add(reading, &entity, name, formula(reading, &entity, reading.part(&range))?)
}

/// "The total of an order is the sum of quantity × unit price of its items": a field of an item, and one of the order.
fn of_lines(reading: &Reading<'_>, entity: &str, name: &str, line: lines::Line) -> Option<Vec<Effect>> {
    let mut effects = line.effects(reading)?;
    if let Some(expr) = line.sum(reading) {
        effects.extend(add(reading, entity, name, expr)?);
    }
    Some(effects)
}

/// Whether a name is the bound of a field: "the latest allowed end", "the last possible day", "the earliest start".
fn bounds(reading: &Reading<'_>, name: &[Token]) -> bool {
    let Some((first, rest)) = name.split_first() else { return false };
    let ends = matches!(first.word.as_str(), "latest" | "earliest");
    if !ends && !matches!(first.word.as_str(), "last" | "first" | "highest" | "lowest" | "<=" | ">=") {
        return false;
    }
    let allowed = |token: &Token| {
        matches!(token.word.as_str(), "allowed" | "possible" | "permitted" | "valid" | "permissible" | "admissible")
    };
    let allows = rest.iter().any(allowed);
    let field: Vec<Token> = rest.iter().filter(|token| !allowed(token)).cloned().collect();
    allows || ends && reading.engine.scope(&field).field_at(&field, 0).iter().any(|(end, _)| *end == field.len())
}

/// "The line total is quantity times unit price": of the one kind of record whose fields it is worked out of.
fn derived(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (name, range) = (bound.words("name")?, bound.words("e")?);
    let part = reading.part(&name);
    const NO_NAME: &[&str] = &[
        "must", "may", "mustnot", "mayonly", "be", "have", ",", ":", "no", "if", "that", "only", "there", "it", ">",
        "<", ">=", "<=", "unless", "onlyif", "list", "for", "show", "shows", "display", "displays",
    ];
    // "The turnover per treatment" is one figure for each of them, and no field; "the cost per plant" is what one costs.
    let group = part.iter().position(|token| token.is("per")).and_then(|at| part.get(at + 1..)).unwrap_or_default();
    let group: Vec<String> = group.iter().map(|token| token.lemma.clone()).collect();
    let grouped = reading.scope.lexicon.entities.iter().any(|named| {
        !group.is_empty() && (named.words == group || named.fields.iter().any(|field| field.words == group))
    });
    let named = part.len() <= 4
        && !grouped
        && !part.iter().any(|token| {
            token.field.is_some()
                || NO_NAME.contains(&token.word.as_str())
                || STATE_WORDS.contains(&token.word.as_str())
        })
        && reading.scope.entity_at(part, 0).first().is_none_or(|(end, _)| *end < part.len())
        // "The net weight of a load" says whose it is: it is no name as a whole.
        && !(1..part.len()).any(|at| {
            part.get(at - 1).is_some_and(|before| before.is("of") || before.is("for"))
                && !reading.scope.entity_at(part, at).is_empty()
        });
    let e = reading.part(&range);
    let marked = e.iter().any(|token| !token.quoted && MARKS.contains(&token.word.as_str()));
    let spanned = || {
        reading.scope.lexicon.entities.iter().any(|owner| elapsed::between(reading, &owner.key, trimmed(e)).is_some())
    };
    if !named || bounds(reading, part) || !marked && !spanned() {
        return None;
    }
    let written = reading.name(&name).to_lowercase();
    let written = written.trim_start_matches("the ").to_owned();
    // The pass before has named the field by these words: read anew, they must not mean the field itself.
    let mut lexicon = reading.scope.lexicon.clone();
    for entity in &mut lexicon.entities {
        entity.fields.retain(|field| !(field.read_only && field.name == written));
    }
    let engine = Engine { lexicon: &lexicon, topics: reading.engine.topics.clone() };
    let scope = engine.scope(reading.tokens);
    let anew = Reading { tokens: reading.tokens, scope: &scope, engine: &engine };
    let whole = |(end, field): &(usize, FieldRef)| *end == part.len() && !scope.by_head(anew.part(&name), 0, field);
    if scope.field_at(anew.part(&name), 0).iter().any(whole) {
        return None;
    }
    // "The total cost of an instrument" is nothing else's.
    let of = part.iter().position(|token| token.is("of") || token.word == "'s");
    let told = of.map(|of| scope.mentioned(part.get(of..).unwrap_or_default())).unwrap_or_default();
    // "The total is the sum of quantity × unit price of the items": of what the items refer to.
    let mut lines = lexicon
        .entities
        .iter()
        .filter_map(|entity| Some((entity, lines::Line::of(&anew, &entity.key, trimmed(anew.part(&range)))?)));
    if let Some((owner, line)) = lines.next().filter(|_| lines.next().is_none()) {
        return of_lines(&anew, &owner.key, &written, line);
    }
    let owned = lexicon.entities.iter().filter_map(|entity| {
        let expr = formula(&anew, &entity.key, anew.part(&range))?;
        owns(&expr).then(|| (entity.key.clone(), expr))
    });
    let mut owned: Vec<(String, Expr)> = owned.collect();
    // "The order total" is the order's, though articles and shelves have lines too.
    let said = scope.mentioned(anew.part(&name));
    if let Some(owner) = said.iter().find(|said| owned.iter().any(|(entity, _)| entity == *said)) {
        owned.retain(|(entity, _)| entity == owner);
    }
    if !told.is_empty() {
        owned.retain(|(entity, _)| told.contains(entity));
    }
    if owned.len() > 1
        && let Some(near) = reading.engine.topics.iter().find(|topic| owned.iter().any(|(entity, _)| entity == *topic))
    {
        owned.retain(|(entity, _)| entity == near);
    }
    match <[(String, Expr); 1]>::try_from(owned) {
        Ok([(entity, expr)]) => {
            // "The find count of a layer" is a layer's find count.
            let owner = lexicon.entity(&entity).map(|named| format!(" of {}", named.name.to_lowercase()));
            let name = owner.and_then(|of| written.strip_suffix(&of)).unwrap_or(&written);
            add(reading, &entity, name, expr)
        }
        Err(_) => None,
    }
}

/// Whether an expression is made of this field of the record itself.
fn speaks_of(expr: &Expr, key: &str) -> bool {
    any_part(expr, &|part| matches!(part, Expr::Field { field } if field == key))
}

/// Whether an expression speaks of the record itself or of its children.
fn owns(expr: &Expr) -> bool {
    any_part(expr, &|part| matches!(part, Expr::Field { .. } | Expr::Children { .. } | Expr::Holds { .. }))
}

/// Whether one of the values that an expression is worked out of is such a one.
fn any_part(expr: &Expr, test: &dyn Fn(&Expr) -> bool) -> bool {
    match expr {
        Expr::Field { .. }
        | Expr::Children { .. }
        | Expr::Holds { .. }
        | Expr::Number { .. }
        | Expr::Referenced { .. }
        | Expr::Today => test(expr),
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right }
        | Expr::Elapsed { from: left, to: right, .. }
        | Expr::PlusDays { date: left, days: right }
        | Expr::PlusMonths { date: left, months: right } => any_part(left, test) || any_part(right, test),
    }
}

/// "Each tool shows the number of open loans".
fn shown(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    shown_as(reading, &bound.entity("entity")?, bound.words("e")?)
}

fn shown_as(reading: &Reading<'_>, entity: &str, range: Range<usize>) -> Option<Vec<Effect>> {
    const MEASURES: &[&str] = &[
        "numberof",
        "sum",
        "total",
        "average",
        "difference",
        "highest",
        "lowest",
        "largest",
        "smallest",
        "latest",
        "earliest",
    ];
    let measure = |at: usize| reading.tokens.get(at).is_some_and(|token| MEASURES.contains(&token.word.as_str()));
    if !measure(range.start) {
        return None;
    }
    // "the number of films and the highest score": two of them.
    let cut = (range.start + 1..range.end)
        .find(|at| reading.tokens.get(*at).is_some_and(|token| token.is("and")) && measure(at + 1));
    if let Some(at) = cut {
        let mut effects = shown_as(reading, entity, range.start..at)?;
        effects.extend(shown_as(reading, entity, at + 1..range.end)?);
        return Some(effects);
    }
    // The pass before has named the field by these words: read anew, they must not mean the field itself.
    let mut lexicon = reading.scope.lexicon.clone();
    let written = reading.name(&range).to_lowercase().replace("numberof ", "number of ");
    let written = written.trim_start_matches("the ");
    lexicon.entity_mut(entity)?.fields.retain(|field| !(field.read_only && field.name == written));
    let engine = Engine { lexicon: &lexicon, topics: reading.engine.topics.clone() };
    let scope = engine.scope(reading.tokens);
    let anew = Reading { tokens: reading.tokens, scope: &scope, engine: &engine };
    let expr = formula(&anew, entity, anew.part(&range))?;
    add(reading, entity, written, expr)
}

/// "The system calculates the number of nights of a stay": the name says how.
fn worked_out(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let range = bound.words("e")?;
    let mut formula = reading.part(&range).to_vec();
    if let Some(tail) = bound.words("tail") {
        formula.extend(reading.part(&tail).iter().cloned());
    }
    let expr = elapsed::counted(reading, &entity, worded(reading, &entity, &formula)?)?;
    let name = reading.name(&range).to_lowercase();
    add(reading, &entity, name.trim_start_matches("the "), expr)
}

fn add(reading: &Reading<'_>, entity: &str, name: &str, expr: Expr) -> Option<Vec<Effect>> {
    let named = reading.scope.lexicon.entity(entity)?;
    let kind = kind(reading, entity, &expr)?;
    // As listed fields do, "duration in hours" leaves its unit out of its name.
    let units = [" in hours", " in minutes", " in days", " in"];
    let name = units.iter().find_map(|unit| name.strip_suffix(unit)).unwrap_or(name);
    let mut effects = operands(reading, entity, &expr);
    effects.push(Effect::Field {
        entity: named.name.clone(),
        name: name.to_owned(),
        kind: Some(kind),
        read_only: true,
    });
    if let Some(field) = named.find(name) {
        effects.push(Effect::Rule(RuleKind::Computed { entity: entity.to_owned(), field: field.key.clone(), expr }));
    }
    Some(effects)
}

/// The fields that an expression works with are numbers; those of time stay what they are.
fn operands(reading: &Reading<'_>, entity: &str, expr: &Expr) -> Vec<Effect> {
    let of = |entity: &str, field: &str| {
        let field = FieldRef { entity: entity.to_owned(), field: field.to_owned() };
        reading.as_numbers(&[field], &FieldKind::Decimal).unwrap_or_default()
    };
    if let Some(found) = elapsed::moments(reading, entity, expr) {
        return found;
    }
    match expr {
        Expr::Field { field } => of(entity, field),
        Expr::Referenced { via, field } => {
            reading.scope.lexicon.target(entity, via).map(|target| of(target, field)).unwrap_or_default()
        }
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right }
        | Expr::Elapsed { from: left, to: right, .. }
        | Expr::PlusDays { date: left, days: right }
        | Expr::PlusMonths { date: left, months: right } => {
            let mut both = operands(reading, entity, left);
            both.extend(operands(reading, entity, right));
            both
        }
        Expr::Children { child, measure: Measure::Sum { field } | Measure::Average { field }, .. } => of(child, field),
        Expr::Number { .. } | Expr::Today | Expr::Holds { .. } | Expr::Children { .. } => Vec::new(),
    }
}

/// The type of a computed value.
pub(super) fn kind(reading: &Reading<'_>, entity: &str, expr: &Expr) -> Option<FieldKind> {
    let of = |entity: &str, field: &str| {
        let named = reading.scope.lexicon.entity(entity)?.field(field)?;
        // What is worked with is a number, where nothing states another type.
        let text = matches!(named.kind, FieldKind::Text { .. }) && !named.stated;
        Some(if text { FieldKind::Decimal } else { named.kind.clone() })
    };
    let number = |kind: &FieldKind| matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    Some(match expr {
        Expr::Number { value } => {
            if value.contains('.') {
                FieldKind::Decimal
            } else {
                FieldKind::Integer
            }
        }
        Expr::Field { field } => of(entity, field)?,
        Expr::Referenced { via, field } => of(reading.scope.lexicon.target(entity, via)?, field)?,
        Expr::Add { left, right } | Expr::Sub { left, right } | Expr::Mul { left, right } => {
            let (a, b) = (kind(reading, entity, left)?, kind(reading, entity, right)?);
            match (a, b) {
                (FieldKind::Date | FieldKind::DateTime, FieldKind::Date | FieldKind::DateTime) => FieldKind::Integer,
                (a, b) if !number(&a) || !number(&b) => return None,
                (FieldKind::Money, _) | (_, FieldKind::Money) => FieldKind::Money,
                (FieldKind::Decimal, _) | (_, FieldKind::Decimal) => FieldKind::Decimal,
                (FieldKind::Integer, FieldKind::Integer) => FieldKind::Integer,
                _ => return None,
            }
        }
        Expr::Div { left, right } => match (kind(reading, entity, left)?, kind(reading, entity, right)?) {
            (a, b) if !number(&a) || !number(&b) => return None,
            (FieldKind::Money, FieldKind::Money) => FieldKind::Decimal,
            (FieldKind::Money, _) => FieldKind::Money,
            _ => FieldKind::Decimal,
        },
        Expr::Elapsed { unit: TimeUnit::Hours, .. } => FieldKind::Decimal,
        Expr::Elapsed { unit: TimeUnit::Minutes, .. } => FieldKind::Integer,
        Expr::PlusDays { date, .. } | Expr::PlusMonths { date, .. } => kind(reading, entity, date)?,
        Expr::Today => FieldKind::Date,
        Expr::Children { child, measure, .. } => match measure {
            Measure::Count => FieldKind::Integer,
            Measure::Average { field } => match of(child, field)? {
                FieldKind::Money => FieldKind::Money,
                _ => FieldKind::Decimal,
            },
            Measure::Sum { field } => of(child, field).filter(number)?,
            Measure::Min { field } | Measure::Max { field } => of(child, field)?,
        },
        Expr::Holds { .. } => FieldKind::Boolean,
    })
}
