//! Fields that the service works out: products, sums over children, counts, days between, percentages.

use super::{elapsed, moved};
use crate::effect::Effect;
use crate::engine::{Build, Engine, Reading};
use crate::lexicon::STATE_WORDS;
use crate::pattern::Bound;
use crate::scope::{FieldRef, StateRef};
use crate::token::Token;
use maestro_artifacts::{Condition, Expr, FieldKind, Measure, Offset, RuleKind, Test, TimeUnit};
use serde_json::Value;
use std::ops::Range;

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
    ("<entity> (show | shows | have | has | display | displays) [as] <words:name> ( <words:e> )", new_field),
    ("<words:name> of <entity> = <words:e>", new_field),
    ("<entity> 's <words:name> = <words:e>", new_field),
    ("<words:name> of <entity> (be | must be) <words:e>", new_field),
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
    if !(marked || explicit) || reading.scope.by_head(reading.tokens, 0, &field) {
        return None;
    }
    let expr = formula(reading, &field.entity, reading.part(&range))?;
    let entity = reading.scope.lexicon.entity(&field.entity)?;
    let name = entity.field(&field.field)?.name.clone();
    let kind = Some(kind(reading, &field.entity, &expr)?);
    let mut effects = operands(reading, &field.entity, &expr);
    effects.push(Effect::Field { entity: entity.name.clone(), name, kind, read_only: true });
    effects.push(Effect::Rule(RuleKind::Computed { entity: field.entity, field: field.field, expr }));
    Some(effects)
}

/// A field that only this sentence names; its type follows from what it is worked out of.
fn new_field(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let (name, range) = (bound.words("name")?, bound.words("e")?);
    let part = reading.part(&name);
    if part.len() > 4
        || part.iter().any(|token| {
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
    let expr = formula(reading, &entity, reading.part(&range))?;
    add(reading, &entity, &reading.name(&name), expr)
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
        "<", ">=", "<=", "unless", "onlyif", "list", "for",
    ];
    let named = part.len() <= 4
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
        Ok([(entity, expr)]) => add(reading, &entity, &written, expr),
        Err(_) => None,
    }
}

/// Whether an expression speaks of the record itself or of its children.
fn owns(expr: &Expr) -> bool {
    match expr {
        Expr::Field { .. } | Expr::Children { .. } | Expr::Holds { .. } => true,
        Expr::Number { .. } | Expr::Referenced { .. } | Expr::Today => false,
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right }
        | Expr::Elapsed { from: left, to: right, .. }
        | Expr::PlusDays { date: left, days: right }
        | Expr::PlusMonths { date: left, months: right } => owns(left) || owns(right),
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
            let via = FieldRef { entity: entity.to_owned(), field: via.clone() };
            reading.scope.target(&via).map(|target| of(target, field)).unwrap_or_default()
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
        Expr::Referenced { via, field } => {
            let target = reading.scope.target(&FieldRef { entity: entity.to_owned(), field: via.clone() })?;
            of(target, field)?
        }
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

/// A whole right-hand side about records of `entity`.
fn formula(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    let expr = expression(reading, entity, tokens).or_else(|| elapsed::between(reading, entity, trimmed(tokens)))?;
    elapsed::counted(reading, entity, expr)
}

/// Reads a part of a right-hand side.
pub(super) fn expression(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    let tokens = trimmed(tokens);
    if tokens.is_empty() {
        return None;
    }
    if let Some(expr) = atom(reading, entity, tokens) {
        return Some(expr);
    }
    if let (Some(first), Some(last)) = (tokens.first(), tokens.last())
        && first.word == "("
        && last.word == ")"
        && let Some(inner) = tokens.get(1..tokens.len() - 1)
        && let Some(expr) = expression(reading, entity, inner)
    {
        return Some(expr);
    }
    // "the number of days from A to B times C": the days end before the factor.
    let counts = |first: &Token| {
        first.is("numberof") || matches!(first.word.as_str(), "days" | "hours" | "minutes" | "nights" | "time")
    };
    if tokens.first().is_some_and(counts)
        && let Some(at) = tokens.iter().rposition(|token| matches!(token.word.as_str(), "times" | "*" | "×"))
        && let (Some(left), Some(right)) = (tokens.get(..at), tokens.get(at + 1..))
        // "minutes times the rate plus the fee" is a sum.
        && left.len() > 1
        && !right.iter().any(|token| matches!(token.word.as_str(), "plus" | "+" | "minus" | "less" | "–"))
        && let (Some(left), Some(right)) = (expression(reading, entity, left), expression(reading, entity, right))
    {
        return Some(Expr::Mul { left: Box::new(left), right: Box::new(right) });
    }
    if let Some(expr) = worded(reading, entity, tokens) {
        return Some(expr);
    }
    // Lowest precedence first, the rightmost operator splits.
    for level in [&["+", "–", "plus", "minus", "less"][..], &["*", "/", "÷", "times", "x", "multiplied", "divided"][..]]
    {
        let mut depth = 0;
        for at in (1..tokens.len()).rev() {
            let token = tokens.get(at)?;
            match token.word.as_str() {
                ")" => depth += 1,
                "(" => depth -= 1,
                word if depth == 0 && level.contains(&word) => {
                    let left = tokens.get(..at)?;
                    let mut right = tokens.get(at + 1..)?;
                    if matches!(word, "multiplied" | "divided")
                        && right.first().is_some_and(|next| next.is("by") || next.is("with"))
                    {
                        right = right.get(1..)?;
                    }
                    let Some(left) = expression(reading, entity, left) else { continue };
                    let sign = match word {
                        "+" | "plus" => 1,
                        "–" | "minus" | "less" => -1,
                        _ => 0,
                    };
                    if sign != 0 && moved::is_moment(reading, entity, &left) {
                        match moved::beside(reading, entity, left, sign, right) {
                            Some(expr) => return Some(expr),
                            None => continue,
                        }
                    }
                    let Some(right) = expression(reading, entity, right) else { continue };
                    return Some(binary(word, left, right));
                }
                _ => {}
            }
        }
    }
    None
}

fn binary(word: &str, left: Expr, right: Expr) -> Expr {
    let (l, r) = (Box::new(left), Box::new(right));
    match word {
        "+" | "plus" => Expr::Add { left: l, right: r },
        "–" | "minus" | "less" => Expr::Sub { left: l, right: r },
        "/" | "÷" | "divided" => Expr::Div { left: l, right: r },
        _ => Expr::Mul { left: l, right: r },
    }
}

fn trimmed(tokens: &[Token]) -> &[Token] {
    let mut tokens = tokens;
    while let Some((first, rest)) = tokens.split_first() {
        // "The product quantity times price"; that of one thing is none.
        let told = first.word == "product"
            && rest.iter().any(|token| matches!(token.word.as_str(), "*" | "×" | "x" | "times" | "multiplied"));
        if (told || matches!(first.word.as_str(), "," | "of" | "as" | "from" | "by")) && !rest.is_empty() {
            tokens = rest
        } else {
            break;
        }
    }
    while let Some((last, rest)) = tokens.split_last() {
        if matches!(last.word.as_str(), "," | ";" | ".") { tokens = rest } else { break }
    }
    tokens
}

/// A number, a field, a field of a referenced record, today, or a measure of children.
fn atom(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    let scope = reading.engine.scope(tokens);
    let mut scope = scope;
    scope.focus.retain(|focus| focus != entity);
    scope.focus.insert(0, entity.to_owned());
    let whole = |end: usize| end == tokens.len();
    if let Some((_, field)) = scope.field_at(tokens, 0).into_iter().find(|(end, _)| whole(*end))
        && let Some(expr) = field_expr(reading, entity, field)
    {
        return Some(expr);
    }
    if let [one] = tokens
        && one.is("today")
    {
        return Some(Expr::Today);
    }
    if let Some((_, quantity)) = scope.quantity_at(tokens, 0).into_iter().find(|(end, _)| whole(*end)) {
        if quantity.unit.as_deref() == Some("%") {
            let hundredth = Expr::Number { value: "100".to_owned() };
            return Some(Expr::Div {
                left: Box::new(Expr::Number { value: quantity.value }),
                right: Box::new(hundredth),
            });
        }
        // "2 letters + 9 digits" is a form and no sum.
        if quantity.is_date() || quantity.is_length() || quantity.unit.as_deref() == Some("digit") {
            return None;
        }
        // "2 weeks" counts days; what is added to a date is read where the date stands.
        let value = match quantity.offset() {
            Some(Offset { plus, plus_months: 0, plus_minutes: 0 }) => plus.to_string(),
            _ => quantity.value,
        };
        return Some(Expr::Number { value });
    }
    elapsed::duration(reading, entity, tokens).or_else(|| children(reading, &scope, entity, tokens))
}

fn field_expr(reading: &Reading<'_>, entity: &str, field: FieldRef) -> Option<Expr> {
    if field.entity == entity {
        return Some(Expr::Field { field: field.field });
    }
    let via = reading.scope.lexicon.reference(entity, &field.entity)?;
    Some(Expr::Referenced { via, field: field.field })
}

/// `number of open loans`, `sum of the amounts of its payments`, `total amount of all lines`.
fn children(reading: &Reading<'_>, scope: &crate::scope::Scope<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    let first = tokens.first()?;
    let lexicon = reading.scope.lexicon;
    let skip = |mut at: usize| {
        while tokens
            .get(at)
            .is_some_and(|token| matches!(token.word.as_str(), "of" | "over" | "all" | "in" | "on" | "across" | "for"))
        {
            at += 1;
        }
        at
    };
    // The children, with their state and what follows ("that refer to it", "of the tool").
    let kids = |at: usize| -> Option<(String, Condition)> {
        let at = skip(at);
        let lists = scope.states_at(tokens, at).into_iter().next();
        let from = lists.as_ref().map_or(at, |(end, _)| *end);
        let (end, child) = scope.entity_at(tokens, from).into_iter().find(|(_, child)| child != entity)?;
        let mut condition = match &lists {
            None => Condition::default(),
            Some((_, lists)) => within(reading, lists, &child)?,
        };
        let rest = tokens.get(end..)?;
        let rest = match rest {
            [of, more @ ..] if of.is("of") || of.is("for") || of.is("in") || of.is("on") => {
                let (end, parent) = scope.entity_at(more, 0).into_iter().next()?;
                if parent != entity {
                    return None;
                }
                more.get(end..)?
            }
            other => other,
        };
        match rest {
            [] => {}
            [that, be, not, ..] if that.is("that") && be.is("be") && not.is("not") => {
                let at = tokens.len() - rest.len() + 3;
                let (end, lists) = scope.states_at(tokens, at).into_iter().next()?;
                if end != tokens.len() || lists.len() != 1 {
                    return None;
                }
                condition = crate::condition::negation(&within(reading, &lists, &child)?)?;
            }
            [that, be, ..] if (that.is("that") && be.is("be")) || that.is("with") || that.is("in") => {
                let at = tokens.len() - rest.len() + if be.is("be") { 2 } else { 1 };
                let (end, lists) = scope.states_at(tokens, at).into_iter().next()?;
                if end != tokens.len() {
                    return None;
                }
                condition = within(reading, &lists, &child)?;
            }
            _ => return None,
        }
        Some((child, condition))
    };
    if first.is("numberof") {
        let (child, when) = kids(1)?;
        let via = lexicon.reference(&child, entity)?;
        return Some(Expr::Children { child, via, measure: Measure::Count, when });
    }
    // "the cost of all its calibrations"
    for (end, field) in child_fields(scope, tokens, 0, entity) {
        let all = tokens.get(end).is_some_and(|token| token.is("of"))
            && tokens.get(end + 1).is_some_and(|token| {
                token.word != token.lemma && matches!(token.article, Some("all" | "its" | "their"))
            });
        let numeric = matches!(scope.kind(&field), Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money));
        if let (true, true, Some(via)) = (all, numeric, lexicon.reference(&field.entity, entity))
            && let Some((child, when)) = kids(end + 1)
            && child == field.entity
        {
            return Some(Expr::Children { child, via, measure: Measure::Sum { field: field.field }, when });
        }
    }
    let measure: fn(String) -> Measure = match first.word.as_str() {
        "sum" | "total" => |field| Measure::Sum { field },
        "average" | "mean" => |field| Measure::Average { field },
        "highest" | "largest" | "maximum" | "latest" | "<=" => |field| Measure::Max { field },
        "lowest" | "smallest" | "minimum" | "earliest" | ">=" => |field| Measure::Min { field },
        _ => return None,
    };
    let mut at = skip(1);
    if let Some((end, child, when)) = scope.states_at(tokens, at).into_iter().next().and_then(|(end, lists)| {
        scope
            .entity_at(tokens, end)
            .into_iter()
            .find_map(|(to, child)| within(reading, &lists, &child).map(|when| (to, child, when)))
    }) {
        // "sum of open loans' fees"
        let possessive = usize::from(tokens.get(end).is_some_and(|token| token.word == "'s"));
        let (_, field) = scope
            .field_at(tokens, end + possessive)
            .into_iter()
            .find(|(to, field)| *to == tokens.len() && field.entity == child)?;
        let via = lexicon.reference(&child, entity)?;
        return Some(Expr::Children { child, via, measure: measure(field.field), when });
    }
    for (end, field) in child_fields(scope, tokens, at, entity) {
        let child = field.entity.clone();
        let Some(via) = lexicon.reference(&child, entity) else { continue };
        if end == tokens.len() {
            return Some(Expr::Children { child, via, measure: measure(field.field), when: Condition::default() });
        }
        at = end;
        if let Some((named, when)) = kids(at)
            && named == child
        {
            return Some(Expr::Children { child, via, measure: measure(field.field), when });
        }
    }
    None
}

/// Fields of children of `entity` at `at`: a bare `amount` in "sum of the amounts of its payments" is the child's.
fn child_fields(scope: &crate::scope::Scope<'_>, tokens: &[Token], at: usize, entity: &str) -> Vec<(usize, FieldRef)> {
    let mut out: Vec<(usize, FieldRef)> =
        scope.field_at(tokens, at).into_iter().filter(|(_, field)| field.entity != entity).collect();
    for (child, via) in scope
        .lexicon
        .entities
        .iter()
        .filter_map(|child| scope.lexicon.reference(&child.key, entity).map(|via| (child, via)))
    {
        let mut near = scope.clone();
        near.focus.retain(|focus| *focus != child.key);
        near.focus.insert(0, child.key.clone());
        for found in
            near.field_at(tokens, at).into_iter().filter(|(_, field)| field.entity == child.key && field.field != via)
        {
            if !out.contains(&found) {
                out.push(found);
            }
        }
    }
    out
}

fn within(reading: &Reading<'_>, lists: &[Vec<StateRef>], child: &str) -> Option<Condition> {
    let states: Option<Vec<StateRef>> = lists.iter().map(|readings| reading.state_of(readings, child)).collect();
    let states = states?;
    let field = states.first()?.field.clone();
    Some(Condition(vec![Test::In {
        via: None,
        field,
        values: states.into_iter().map(|state| Value::from(state.value)).collect(),
    }]))
}

/// Without words behind it that say that the first and the last day count too, and whether there were any.
fn inclusive(tokens: &[Token]) -> Option<(&[Token], bool)> {
    const SAYING: &[&[&str]] = &[
        &["counting", "first", "and", "last", "day"],
        &["counting", "first", "and", "last"],
        &["including", "first", "and", "last", "day"],
        &["including", "first", "and", "last"],
        &["first", "and", "last", "day", "included"],
        &["first", "and", "last", "day", "inclusive"],
        &["first", "and", "last", "included"],
        &["included"],
        &["inclusive"],
        &["counting"],
        &["including"],
    ];
    let said = |words: &&&[&str]| {
        words.len() < tokens.len() && words.iter().rev().zip(tokens.iter().rev()).all(|(word, token)| token.is(word))
    };
    let words = SAYING.iter().find(said)?;
    let mut end = tokens.len() - words.len();
    while end > 0 && tokens.get(end - 1).is_some_and(|token| matches!(token.word.as_str(), "," | "(" | "both")) {
        end -= 1;
    }
    Some((tokens.get(..end)?, true))
}

/// The field `VAT rate` of "VAT".
fn percentage(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<String> {
    let named = reading.scope.lexicon.entity(entity)?;
    let field = named.fields.iter().find(|field| {
        let (Some((last, before)), true) = (field.words.split_last(), field.words.len() == tokens.len() + 1) else {
            return false;
        };
        matches!(last.as_str(), "rate" | "percentage" | "percent")
            && before.iter().zip(tokens).all(|(word, token)| token.lemma == *word || token.word == *word)
    })?;
    matches!(field.kind, FieldKind::Decimal | FieldKind::Integer).then(|| field.key.clone())
}

/// `number of days between a and b`, `difference between a and b`, `product of a and b`, `20 % of a`, `sum of a and b`.
fn worded(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
    // "The duration in hours", "the number of minutes": of the record that lasts.
    const LASTING: &[&[&str]] =
        &[&["duration"], &["numberof", "hours"], &["numberof", "minutes"], &["hours"], &["minutes"]];
    if LASTING.contains(&words.as_slice()) {
        let (start, end) = crate::span::of(reading.scope.lexicon, entity)?;
        let at = |field: String| Box::new(Expr::Field { field });
        let instants =
            reading.scope.lexicon.entity(entity)?.field(&start).is_some_and(|field| field.kind == FieldKind::DateTime);
        return instants.then(|| Expr::Sub { left: at(end), right: at(start) });
    }
    // Nights are counted from the first day to the last one.
    if matches!(words.as_slice(), ["numberof", "night" | "nights"] | ["night" | "nights"]) {
        let (start, end) = crate::span::of(reading.scope.lexicon, entity)?;
        let named = reading.scope.lexicon.entity(entity)?;
        let days = [&start, &end].iter().all(|key| named.field(key).is_some_and(|field| field.kind == FieldKind::Date));
        let at = |field: String| Box::new(Expr::Field { field });
        return days.then(|| Expr::Sub { left: at(end), right: at(start) });
    }
    // "the number of days, counting the first and the last": the day on which it starts is one of them.
    if let Some((bare, true)) = inclusive(tokens) {
        let plain: Vec<&str> = bare.iter().map(|token| token.word.as_str()).collect();
        let apart = if matches!(plain.as_slice(), ["numberof", "day" | "days"]) {
            let (start, end) = crate::span::of(reading.scope.lexicon, entity)?;
            let at = |field: String| Box::new(Expr::Field { field });
            Expr::Sub { left: at(end), right: at(start) }
        } else {
            worded(reading, entity, bare)?
        };
        let days = matches!(kind(reading, entity, &apart), Some(FieldKind::Integer));
        let one = Box::new(Expr::Number { value: "1".to_owned() });
        return days.then(|| Expr::Add { left: Box::new(apart), right: one });
    }
    let two = |from: usize, joint: &[&str]| -> Option<(Expr, Expr)> {
        (from + 1..tokens.len()).filter(|at| words.get(*at).is_some_and(|word| joint.contains(word))).find_map(|at| {
            let left = expression(reading, entity, tokens.get(from..at)?)?;
            let right = expression(reading, entity, tokens.get(at + 1..)?)?;
            Some((left, right))
        })
    };
    let after = |lead: &[&[&str]]| lead.iter().find(|lead| words.starts_with(lead)).map(|lead| lead.len());
    if let Some(from) = after(&[
        &["numberof", "days", "between"],
        &["numberof", "days", "from"],
        &["days", "between"],
        &["days", "from"],
        &["numberof", "nights", "between"],
        &["difference", "in", "days", "between"],
        &["numberof", "hours", "between"],
        &["numberof", "hours", "from"],
        &["hours", "between"],
        &["hours", "from"],
        &["numberof", "minutes", "between"],
        &["numberof", "minutes", "from"],
        &["minutes", "between"],
        &["minutes", "from"],
        &["difference", "in", "hours", "between"],
        &["difference", "in", "minutes", "between"],
        &["difference", "of"],
        &["difference", "between"],
        &["time", "between"],
    ]) {
        let (a, b) = two(from, &["and", "to", "until", "unless"])?;
        let dates = matches!(kind(reading, entity, &a), Some(FieldKind::Date | FieldKind::DateTime));
        // Between two days counts forwards; a difference of numbers is the first minus the second. A difference of days
        // may be told from either end.
        let (left, right) = match (words.first(), &a, &b) {
            (Some(&"difference"), Expr::Field { field: one }, Expr::Field { field: other }) if dates => {
                let (start, end) = crate::span::in_order(reading.scope.lexicon, entity, one, other)?;
                (Expr::Field { field: end }, Expr::Field { field: start })
            }
            _ if dates => (b, a),
            _ => (a, b),
        };
        return Some(Expr::Sub { left: Box::new(left), right: Box::new(right) });
    }
    if let Some(from) = after(&[&["product", "of"]]) {
        let (a, b) = two(from, &["and"])?;
        return Some(Expr::Mul { left: Box::new(a), right: Box::new(b) });
    }
    if let Some(from) = after(&[&["sum", "of"], &["total", "of"]]) {
        let (a, b) = two(from, &["and"])?;
        return Some(Expr::Add { left: Box::new(a), right: Box::new(b) });
    }
    // "Net amount plus VAT" where the rate of it is recorded in percent.
    if let Some(plus) = words.iter().position(|word| *word == "plus")
        && let Some(rate) = percentage(reading, entity, tokens.get(plus + 1..)?)
    {
        let net = expression(reading, entity, tokens.get(..plus)?)?;
        let hundred = Box::new(Expr::Number { value: "100".to_owned() });
        let rate = Expr::Div { left: Box::new(Expr::Field { field: rate }), right: hundred };
        let more = Expr::Mul { left: Box::new(net.clone()), right: Box::new(rate) };
        return Some(Expr::Add { left: Box::new(net), right: Box::new(more) });
    }
    // "20 % of the price"
    let of: Range<usize> = 2..3;
    if words.get(1) == Some(&"%") && words.get(of.clone()) == Some(&["of"][..]) {
        let share = atom(reading, entity, tokens.get(..2)?)?;
        let whole = expression(reading, entity, tokens.get(3..)?)?;
        return Some(Expr::Mul { left: Box::new(whole), right: Box::new(share) });
    }
    // "3 days after the start", "start date plus 14 days" is read by the operators.
    if let Some((end, quantity)) = reading.scope.quantity_at(tokens, 0).into_iter().next()
        && let Some(offset) = quantity.offset()
        && let Some(mark) = words.get(end)
        && matches!(*mark, ">" | "<")
    {
        let date = expression(reading, entity, tokens.get(end + 1..)?)?;
        return moved::by(date, if *mark == ">" { offset } else { offset.negated() });
    }
    None
}
