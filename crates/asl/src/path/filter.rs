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
    /// The left array's items are all among the right one's.
    SubsetOf,
    AnyOf,
    NoneOf,
    /// The left array has the right one's size, the left text or array the size that the right number says.
    Size,
    /// The left array or text is empty, or is not, as the right Boolean says.
    Empty,
    /// The left array has the right item, the left text the right one in it.
    Contains,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Literal(Value),
    Current(JsonPath),
    Root(JsonPath),
}

pub(super) fn parse(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, String> {
    let mut left = conjunction(cursor, depth)?;
    loop {
        cursor.skip_space();
        if !cursor.eat_str("||") {
            return Ok(left);
        }
        left = Filter::Or(Box::new(left), Box::new(conjunction(cursor, depth)?));
    }
}

fn conjunction(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, String> {
    let mut left = term(cursor, depth)?;
    loop {
        cursor.skip_space();
        if !cursor.eat_str("&&") {
            return Ok(left);
        }
        left = Filter::And(Box::new(left), Box::new(term(cursor, depth)?));
    }
}

fn term(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, String> {
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
fn pattern(cursor: &mut Cursor<'_>) -> Result<Pattern, String> {
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

fn comparison(cursor: &mut Cursor<'_>) -> Result<Option<Comparison>, String> {
    for (symbol, comparison) in [
        ("==", Comparison::Equal),
        ("!=", Comparison::NotEqual),
        ("<=", Comparison::LessEqual),
        (">=", Comparison::GreaterEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ] {
        if cursor.eat_str(symbol) {
            return Ok(Some(comparison));
        }
    }
    let word = cursor.take_while(|c| c.is_ascii_alphabetic());
    for (known, comparison) in [
        ("in", Comparison::In),
        ("nin", Comparison::NotIn),
        ("subsetof", Comparison::SubsetOf),
        ("anyof", Comparison::AnyOf),
        ("noneof", Comparison::NoneOf),
        ("size", Comparison::Size),
        ("empty", Comparison::Empty),
        ("contains", Comparison::Contains),
    ] {
        if word.eq_ignore_ascii_case(known) {
            return Ok(Some(comparison));
        }
    }
    if !word.is_empty() {
        return Err(format!("unknown operator `{word}` in a filter"));
    }
    match cursor.peek() {
        None | Some(')' | '&' | '|') => Ok(None),
        Some(found) => Err(format!("unknown operator at `{found}` in a filter")),
    }
}

pub(super) fn operand(cursor: &mut Cursor<'_>, depth: usize) -> Result<Operand, String> {
    if depth > MAX_DEPTH {
        return Err("the filter is nested too deeply".into());
    }
    cursor.skip_space();
    match cursor.peek() {
        Some('@') => {
            cursor.next();
            Ok(Operand::Current(segments(cursor, |_| false, depth + 1)?))
        }
        Some('$') => {
            cursor.next();
            Ok(Operand::Root(segments(cursor, |_| false, depth + 1)?))
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
    pub(super) fn value(&self, current: &Value, root: &Value) -> Option<Value> {
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
    let both = || left.as_array().zip(right.as_array());
    match comparison {
        Comparison::Equal => equal,
        Comparison::NotEqual => !equal,
        Comparison::Less => ordering == Some(Ordering::Less),
        Comparison::LessEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        Comparison::Greater => ordering == Some(Ordering::Greater),
        Comparison::GreaterEqual => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        Comparison::In => among(),
        Comparison::NotIn => !among(),
        Comparison::SubsetOf => both().is_some_and(|(left, right)| left.iter().all(|item| right.contains(item))),
        Comparison::AnyOf => both().is_some_and(|(left, right)| left.iter().any(|item| right.contains(item))),
        Comparison::NoneOf => both().is_some_and(|(left, right)| !left.iter().any(|item| right.contains(item))),
        Comparison::Size => {
            let wanted = right.as_u64().or(size(right).filter(|_| right.is_array()));
            wanted.is_some() && size(left) == wanted
        }
        Comparison::Empty => right.as_bool().is_some_and(|empty| size(left).is_some_and(|size| (size == 0) == empty)),
        Comparison::Contains => match (left, right) {
            (Value::Array(items), item) => items.contains(item),
            (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
            _ => false,
        },
    }
}

/// How many items an array has, or characters a text.
fn size(value: &Value) -> Option<u64> {
    let size = match value {
        Value::Array(items) => items.len(),
        Value::String(text) => text.encode_utf16().count(),
        _ => return None,
    };
    u64::try_from(size).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operators_that_are_words_compare_lists_and_texts() {
        let value = json!({"i": [{"s": ["a", "b"], "t": "axb"}, {"s": ["c"], "t": ""}, {"s": [], "n": 1}]});
        for (filter, expected) in [
            ("@.t in ['', 'q']", json!([1])),
            ("@.t NIN ['']", json!([0])),
            ("@.s subsetof ['a', 'b', 'z']", json!([0, 2])),
            ("@.s anyof ['b', 'c']", json!([0, 1])),
            ("@.s noneof ['b']", json!([1, 2])),
            ("@.s size 2", json!([0])),
            ("@.t size 0", json!([1])),
            ("@.s size ['x']", json!([1])),
            ("@.s empty true", json!([2])),
            ("@.t empty false", json!([0])),
            ("@.s contains 'c'", json!([1])),
            ("@.t contains 'x' && @.s size 2", json!([0])),
            ("@.n size 1", json!([])),
        ] {
            let path = JsonPath::parse_tail(&format!(".i[?({filter})]")).unwrap();
            let found = path.evaluate(&value).unwrap();
            let all = value["i"].as_array().unwrap();
            let places: Value =
                found.as_array().unwrap().iter().map(|one| all.iter().position(|item| item == one)).collect();
            assert_eq!(places, expected, "{filter}");
        }
        assert!(JsonPath::parse_tail("[?(@.a like 'x')]").unwrap_err().contains("`like`"));
    }
}
