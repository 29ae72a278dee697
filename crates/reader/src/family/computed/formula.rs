//! Formulas in words and signs: `price times quantity`, `days between start and end`.

use super::children::{children, inclusive};
use super::kind;
use super::lines::Line;
use crate::engine::Reading;
use crate::family::{elapsed, moved};
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Expr, FieldKind, Offset};
use std::ops::Range;

/// A whole right-hand side about records of `entity`.
pub(super) fn formula(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    // "The accepted ones divided by the seats, as a percentage"
    if let Some(plain) = as_percentage(tokens) {
        let part = formula(reading, entity, plain)?;
        let hundred = Box::new(Expr::Number { value: "100".to_owned() });
        return matches!(part, Expr::Div { .. }).then(|| Expr::Mul { left: Box::new(part), right: hundred });
    }
    let expr = expression(reading, entity, tokens).or_else(|| elapsed::between(reading, entity, trimmed(tokens)))?;
    elapsed::counted(reading, entity, expr)
}

/// What stands before "as a percentage", "in percent".
fn as_percentage(tokens: &[Token]) -> Option<&[Token]> {
    let (last, rest) = tokens.split_last()?;
    let (lead, rest) = rest.split_last()?;
    let told = ["percentage", "percent", "%"].iter().any(|word| last.is(word)) && (lead.is("as") || lead.is("in"));
    let end = rest.iter().rposition(|token| !token.is("expressed") && !token.is("given") && !token.is(","))?;
    rest.get(..=end).filter(|_| told)
}

/// Reads a part of a right-hand side.
pub(in crate::family) fn expression(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    let tokens = trimmed(tokens);
    if tokens.is_empty() {
        return None;
    }
    if let Some(expr) = atom(reading, entity, tokens) {
        return Some(expr);
    }
    // No product of two sums.
    if let Some(line) = Line::of(reading, entity, tokens) {
        return line.sum(reading);
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
        && let Some(at) = tokens.iter().rposition(|token| matches!(token.word.as_str(), "times" | "*" | "×" | "multiplied"))
        && let by = usize::from(tokens.get(at + 1).is_some_and(|next| next.is("by") || next.is("with")))
        && let (Some(left), Some(right)) = (tokens.get(..at), tokens.get(at + 1 + by..))
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
                    // "Unit price × discount percent": a share of it, unless the sentence divides by 100 itself.
                    let divided = || reading.tokens.iter().any(|token| token.is("100"));
                    let part = if sign == 0 && !matches!(word, "/" | "÷" | "divided") && !divided() {
                        share(reading, entity, right)
                    } else {
                        None
                    };
                    let Some(right) = part.or_else(|| expression(reading, entity, right)) else { continue };
                    return Some(binary(word, left, right));
                }
                _ => {}
            }
        }
    }
    None
}

pub(super) fn binary(word: &str, left: Expr, right: Expr) -> Expr {
    let (l, r) = (Box::new(left), Box::new(right));
    match word {
        "+" | "plus" => Expr::Add { left: l, right: r },
        "–" | "minus" | "less" => Expr::Sub { left: l, right: r },
        "/" | "÷" | "divided" => Expr::Div { left: l, right: r },
        _ => Expr::Mul { left: l, right: r },
    }
}

pub(super) fn trimmed(tokens: &[Token]) -> &[Token] {
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
pub(super) fn atom(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
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

pub(super) fn field_expr(reading: &Reading<'_>, entity: &str, field: FieldRef) -> Option<Expr> {
    if field.entity == entity {
        return Some(Expr::Field { field: field.field });
    }
    let via = reading.scope.lexicon.way(entity, &field.entity)?;
    Some(Expr::Referenced { via, field: field.field })
}

/// "Quantity × price less the discount percent", "the order total plus 19 % VAT": a share of what stands before, taken off or
/// put on.
fn changed_by_share(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    const OFF: &[&str] = &["minus", "less", "–", "reduced", "reduced"];
    const ON: &[&str] = &["plus", "+", "increased"];
    let says = |token: &Token, words: &[&str]| words.iter().any(|word| token.is(word));
    let at = tokens.iter().rposition(|token| says(token, OFF) || says(token, ON)).filter(|at| *at > 0)?;
    let by = usize::from(tokens.get(at + 1).is_some_and(|next| next.is("by")));
    let rate = share(reading, entity, tokens.get(at + 1 + by..)?)?;
    let net = expression(reading, entity, tokens.get(..at)?)?;
    let more = Expr::Mul { left: Box::new(net.clone()), right: Box::new(rate) };
    let sign = if says(tokens.get(at)?, ON) { "+" } else { "–" };
    Some(binary(sign, net, more))
}

/// A share of one: "19 % VAT", "a discount of 10 %", or a field that holds per cent.
fn share(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    const WHAT: &[&str] =
        &["vat", "tax", "sales", "gst", "surcharge", "discount", "service", "charge", "rebate", "deduction", "of"];
    let hundred = || Box::new(Expr::Number { value: "100".to_owned() });
    let part = |left: Expr| Some(Expr::Div { left: Box::new(left), right: hundred() });
    if let Some(Expr::Field { field }) = atom(reading, entity, tokens) {
        let named = reading.scope.lexicon.entity(entity)?.field(&field)?;
        let per_cent = named.words.last().is_some_and(|last| matches!(last.as_str(), "percent" | "percentage"))
            || named.unit.as_ref().is_some_and(|unit| matches!(unit.as_str(), "%" | "percent" | "percentage"));
        let number = matches!(named.kind, FieldKind::Decimal | FieldKind::Integer);
        return (per_cent && number).then(|| part(Expr::Field { field })).flatten();
    }
    let what = |token: &Token| !token.quoted && WHAT.iter().any(|word| token.is(word));
    let at = tokens.iter().position(Token::is_number)?;
    let (before, behind) = (tokens.get(..at)?, tokens.get(at + 2..)?);
    let told = tokens.get(at + 1).is_some_and(|token| token.is("%")) && before.iter().chain(behind).all(what);
    told.then(|| part(Expr::Number { value: tokens.get(at)?.word.clone() })).flatten()
}

/// The field `VAT rate` of "VAT".
pub(super) fn percentage(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<String> {
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

/// "Number of days from ..." of a field that is called so itself, whose name stays as it is.
fn counting(tokens: &[Token]) -> Option<Vec<Token>> {
    let [number, of, unit, ..] = tokens else { return None };
    let told = number.is("number") && of.is("of") && crate::normal::is_time_unit(&unit.lemma);
    told.then(|| std::iter::once(number.renamed("numberof")).chain(tokens.iter().skip(2).cloned()).collect())
}

/// `number of days between a and b`, `difference between a and b`, `product of a and b`, `20 % of a`, `sum of a and b`.
pub(super) fn worded(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Expr> {
    let counted = counting(tokens);
    let tokens = counted.as_deref().unwrap_or(tokens);
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
    // "The number of days since the order date"
    if let Some(from) = [&["numberof", "days", "since"][..], &["days", "since"][..]]
        .iter()
        .find(|lead| words.starts_with(lead))
        .map(|lead| lead.len())
    {
        let day = atom(reading, entity, tokens.get(from..)?)?;
        let dated = kind(reading, entity, &day) == Some(FieldKind::Date);
        return dated.then(|| Expr::Sub { left: Box::new(Expr::Today), right: Box::new(day) });
    }
    if let Some(expr) = changed_by_share(reading, entity, tokens) {
        return Some(expr);
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
    // "The discount percent of quantity × price"
    if let Some(of) = words.iter().position(|word| *word == "of")
        && let Some(share) = share(reading, entity, tokens.get(..of)?)
    {
        let whole = expression(reading, entity, tokens.get(of + 1..)?)?;
        return Some(Expr::Mul { left: Box::new(whole), right: Box::new(share) });
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
