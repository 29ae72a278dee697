//! Filter expressions: `[?(@.price < 10 && @.name == 'x')]`.

use std::cmp::Ordering;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::JsonPath;
use super::parse::{Cursor, segments};

/// Deeper nesting than any sane filter; bounds the recursion on hostile definitions.
const MAX_DEPTH: usize = 32;
/// Bytes that a compiled regular expression may take.
const MAX_REGEX: usize = 1 << 20;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    Or(Box<Filter>, Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Exists(Operand),
    Compare(Operand, Comparison, Operand),
    Matches(Operand, Pattern),
}

/// A regular expression that has to match the whole text, as in Java.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Literal(Value),
    Current(JsonPath),
    Root(JsonPath),
}

pub(super) fn parse(cursor: &mut Cursor, depth: usize) -> Result<Filter, String> {
    let mut left = conjunction(cursor, depth)?;
    loop {
        cursor.skip_space();
        if !cursor.eat_str("||") {
            return Ok(left);
        }
        left = Filter::Or(Box::new(left), Box::new(conjunction(cursor, depth)?));
    }
}

fn conjunction(cursor: &mut Cursor, depth: usize) -> Result<Filter, String> {
    let mut left = term(cursor, depth)?;
    loop {
        cursor.skip_space();
        if !cursor.eat_str("&&") {
            return Ok(left);
        }
        left = Filter::And(Box::new(left), Box::new(term(cursor, depth)?));
    }
}

fn term(cursor: &mut Cursor, depth: usize) -> Result<Filter, String> {
    if depth > MAX_DEPTH {
        return Err("the filter is nested too deeply".into());
    }
    cursor.skip_space();
    if cursor.peek() == Some('!') && cursor.peek_at(1) != Some('=') {
        cursor.next();
        return Ok(Filter::Not(Box::new(term(cursor, depth + 1)?)));
    }
    if cursor.eat('(') {
        let inner = parse(cursor, depth + 1)?;
        cursor.expect(')')?;
        return Ok(inner);
    }
    let left = operand(cursor, depth)?;
    cursor.skip_space();
    if cursor.eat_str("=~") {
        return Ok(Filter::Matches(left, pattern(cursor)?));
    }
    let Some(comparison) = comparison(cursor)? else {
        return match left {
            Operand::Literal(_) => Err("a literal alone is not a condition".into()),
            path => Ok(Filter::Exists(path)),
        };
    };
    let right = operand(cursor, depth)?;
    Ok(Filter::Compare(left, comparison, right))
}

/// `/text/` with flags.
fn pattern(cursor: &mut Cursor) -> Result<Pattern, String> {
    cursor.expect('/')?;
    let mut source = String::new();
    loop {
        match cursor.next() {
            Some('/') => break,
            Some('\\') if cursor.eat('/') => source.push('/'),
            Some('\\') => {
                source.push('\\');
                source.extend(cursor.next());
            }
            Some(c) => source.push(c),
            None => return Err("a regular expression is not closed".into()),
        }
    }
    let flags = cursor.take_while(|c| c.is_ascii_alphabetic());
    if let Some(unknown) = flags.chars().find(|flag| !"imsx".contains(*flag)) {
        return Err(format!("`{unknown}` is not a flag of a regular expression"));
    }
    let flags = if flags.is_empty() { String::new() } else { format!("(?{flags})") };
    let compiled = RegexBuilder::new(&format!("{flags}^(?:{source})$")).size_limit(MAX_REGEX).build();
    compiled.map(Pattern).map_err(|_| format!("`{source}` is not a regular expression"))
}

fn comparison(cursor: &mut Cursor) -> Result<Option<Comparison>, String> {
    for (symbol, comparison) in [
        ("==", Comparison::Equal),
        ("!=", Comparison::NotEqual),
        ("<=", Comparison::LessEqual),
        (">=", Comparison::GreaterEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("in ", Comparison::In),
        ("nin ", Comparison::NotIn),
    ] {
        if cursor.eat_str(symbol) {
            return Ok(Some(comparison));
        }
    }
    match cursor.peek() {
        None | Some(')' | '&' | '|') => Ok(None),
        Some(found) => Err(format!("unknown operator at `{found}` in a filter")),
    }
}

fn operand(cursor: &mut Cursor, depth: usize) -> Result<Operand, String> {
    if depth > MAX_DEPTH {
        return Err("the filter is nested too deeply".into());
    }
    cursor.skip_space();
    match cursor.peek() {
        Some('@') => {
            cursor.next();
            Ok(Operand::Current(segments(cursor, |_| false)?))
        }
        Some('$') => {
            cursor.next();
            Ok(Operand::Root(segments(cursor, |_| false)?))
        }
        Some('\'' | '"') => Ok(Operand::Literal(Value::String(cursor.quoted()?))),
        Some('[') => {
            cursor.next();
            let mut items = Vec::new();
            cursor.skip_space();
            if cursor.eat(']') {
                return Ok(Operand::Literal(Value::Array(items)));
            }
            loop {
                match operand(cursor, depth + 1)? {
                    Operand::Literal(value) => items.push(value),
                    _ => return Err("a list in a filter holds literals".into()),
                }
                cursor.skip_space();
                if !cursor.eat(',') {
                    break;
                }
            }
            cursor.expect(']')?;
            Ok(Operand::Literal(Value::Array(items)))
        }
        _ => {
            let word = cursor.take_while(|c| c.is_alphanumeric() || "+-.".contains(c));
            match serde_json::from_str(&word) {
                Ok(value) => Ok(Operand::Literal(value)),
                Err(_) => Err(format!("`{word}` is not a literal in a filter")),
            }
        }
    }
}

impl Filter {
    pub(super) fn matches(&self, current: &Value, root: &Value) -> bool {
        match self {
            Filter::Or(left, right) => left.matches(current, root) || right.matches(current, root),
            Filter::And(left, right) => left.matches(current, root) && right.matches(current, root),
            Filter::Not(inner) => !inner.matches(current, root),
            Filter::Matches(operand, pattern) => operand
                .value(current, root)
                .is_some_and(|value| value.as_str().is_some_and(|text| pattern.0.is_match(text))),
            Filter::Exists(operand) => operand.value(current, root).is_some(),
            Filter::Compare(left, comparison, right) => {
                compare(left.value(current, root).as_ref(), *comparison, right.value(current, root).as_ref())
            }
        }
    }
}

impl Operand {
    fn value(&self, current: &Value, root: &Value) -> Option<Value> {
        match self {
            Operand::Literal(value) => Some(value.clone()),
            Operand::Current(path) => path.evaluate_from(current, root).ok(),
            Operand::Root(path) => path.evaluate(root).ok(),
        }
    }
}

fn compare(left: Option<&Value>, comparison: Comparison, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return comparison == Comparison::NotEqual && left.is_some() != right.is_some();
    };
    let ordering = match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right))
        }
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    };
    let equal = ordering.map_or_else(|| left == right, |ordering| ordering == Ordering::Equal);
    let among = || right.as_array().is_some_and(|items| items.contains(left));
    match comparison {
        Comparison::Equal => equal,
        Comparison::NotEqual => !equal,
        Comparison::Less => ordering == Some(Ordering::Less),
        Comparison::LessEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        Comparison::Greater => ordering == Some(Ordering::Greater),
        Comparison::GreaterEqual => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        Comparison::In => among(),
        Comparison::NotIn => !among(),
    }
}
