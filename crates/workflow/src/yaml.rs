//! YAML as a tree in which every value knows its place. Depth, size and what aliases expand to are bounded.
//!
//! It knows no format that is written in YAML; those who do read the tree.

use crate::problem::{Place, Problem};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::Number;
use std::{borrow::Cow, collections::HashMap, collections::HashSet};

/// The largest text that is read.
pub const MAX_BYTES: usize = 16 << 20;
/// How deep values may lie in each other.
const MAX_DEPTH: usize = 64;
/// How many values all aliases together may stand for.
const MAX_ALIASED: usize = 100_000;
const CODE: &str = "syntax";

/// What is understood beside plain YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dialect {
    /// `<<` takes the fields of other maps over.
    pub merges: bool,
    /// Tags are functions, as CloudFormation has them: `!Ref x` is `{Ref: x}`, `!Sub x` is `{Fn::Sub: x}`.
    pub functions: bool,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Fields in order, each with the place of its name.
    Map(Vec<((Place, String), Node)>),
}

impl Node {
    /// The value without places.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(value) => serde_json::Value::Number(value.clone()),
            Value::Text(value) => value.as_str().into(),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Map(fields) => fields.iter().map(|((_, name), value)| (name.clone(), value.to_json())).collect(),
        }
    }

    /// A value that stands nowhere.
    #[must_use]
    pub fn of(value: &serde_json::Value) -> Self {
        let value = match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(value) => Value::Number(value.clone()),
            serde_json::Value::String(value) => Value::Text(value.clone()),
            serde_json::Value::Array(items) => Value::List(items.iter().map(Self::of).collect()),
            serde_json::Value::Object(fields) => Value::Map(
                fields.iter().map(|(name, value)| ((Place::default(), name.clone()), Self::of(value))).collect(),
            ),
        };
        Self { place: Place::default(), value }
    }

    /// Calls `see` with every text in the value, and the name of the field that it stands in.
    pub fn each_text<'a>(&'a self, field: &'a str, see: &mut impl FnMut(&'a str, Place, &'a str)) {
        match &self.value {
            Value::Text(text) => see(field, self.place, text),
            Value::List(items) => items.iter().for_each(|item| item.each_text(field, see)),
            Value::Map(fields) => fields.iter().for_each(|((_, name), value)| value.each_text(name, see)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The field of a map.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.fields().find(|(known, _, _)| *known == name).map(|(_, _, node)| node)
    }

    /// The fields of a map with the places of their names; none of anything else.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Place, &Self)> {
        let fields = if let Value::Map(fields) = &self.value { fields.as_slice() } else { &[] };
        fields.iter().map(|((place, name), node)| (name.as_str(), *place, node))
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }
}

/// Reads the one document of a text.
///
/// # Errors
/// [`Problem`] where it is no YAML, has no document or more than one, or is beyond a limit.
pub fn read(text: &str, dialect: Dialect) -> Result<Node, Problem> {
    let start = Place { line: 1, column: 1 };
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes; at most {MAX_BYTES} are read", text.len());
        return Err(Problem::error(start, "limit", message));
    }
    let mut reader = Reader { parser: Parser::new_from_str(text), anchors: HashMap::new(), aliased: 0, dialect };
    let mut document = None;
    while let Some((event, span)) = reader.next()? {
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            Event::StreamEnd => break,
            event if document.is_none() => document = Some(reader.node(event, span, 0)?.0),
            _ => return Err(Problem::error(place(span.start), CODE, "the text has more than one document")),
        }
    }
    document.ok_or_else(|| Problem::error(start, CODE, "the text is empty"))
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// What anchors stand for, and how many values that is.
    anchors: HashMap<usize, (Node, usize)>,
    aliased: usize,
    dialect: Dialect,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Problem> {
        self.parser.next_event().transpose().map_err(|error| refused(&error))
    }

    fn must_go_on(&mut self, from: Place) -> Result<(Event<'a>, Span), Problem> {
        self.next()?.ok_or_else(|| Problem::error(from, CODE, "the text ends in the middle of a value"))
    }

    /// A value and how many values it consists of.
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<(Node, usize), Problem> {
        let here = place(span.start);
        if depth > MAX_DEPTH {
            return Err(Problem::error(here, "limit", format!("values lie more than {MAX_DEPTH} levels deep")));
        }
        let (value, anchor, size, function) = match event {
            Event::Alias(anchor) => return self.alias(anchor, here),
            Event::Scalar(text, style, anchor, tag) => {
                let function = self.function(here, tag.as_deref())?;
                (scalar(text, style), anchor, 1, function)
            }
            Event::SequenceStart(anchor, tag) => {
                let function = self.function(here, tag.as_deref())?;
                let (mut items, mut size) = (Vec::new(), 1);
                loop {
                    match self.must_go_on(here)? {
                        (Event::SequenceEnd, _) => break (Value::List(items), anchor, size, function),
                        (event, span) => {
                            let (item, more) = self.node(event, span, depth + 1)?;
                            items.push(item);
                            size += more;
                        }
                    }
                }
            }
            Event::MappingStart(anchor, tag) => {
                let function = self.function(here, tag.as_deref())?;
                let (fields, size) = self.fields(here, depth)?;
                (Value::Map(fields), anchor, size, function)
            }
            _ => return Err(Problem::error(here, CODE, "a value is missing")),
        };
        let mut node = Node { place: here, value };
        if let Some(name) = function {
            node = Node { place: here, value: Value::Map(vec![((here, name), node)]) };
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok((node, size))
    }

    /// The function that a tag stands for.
    fn function(&self, here: Place, tag: Option<&Tag>) -> Result<Option<String>, Problem> {
        let Some(tag) = tag else { return Ok(None) };
        if !self.dialect.functions || tag.handle != "!" {
            return Err(Problem::error(here, CODE, format!("the tag `!{}` is not supported", tag.suffix)));
        }
        let plain = matches!(&*tag.suffix, "Ref" | "Condition");
        Ok(Some(if plain { tag.suffix.clone() } else { format!("Fn::{}", tag.suffix) }))
    }

    #[expect(clippy::type_complexity, reason = "fields with the places of their names, used once")]
    fn fields(&mut self, map: Place, depth: usize) -> Result<(Vec<((Place, String), Node)>, usize), Problem> {
        let (mut fields, mut size) = (Vec::new(), 1);
        let mut known = HashSet::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = self.must_go_on(map)?;
            let here = place(span.start);
            let name = match event {
                Event::MappingEnd => {
                    take_over(&mut fields, merged)?;
                    return Ok((fields, size));
                }
                Event::Scalar(name, ..) => name.into_owned(),
                _ => return Err(Problem::error(here, CODE, "the name of a field must be a plain text")),
            };
            if name == "<<" && !self.dialect.merges {
                let problem = Problem::error(here, CODE, "`<<` (merging of maps) is not supported");
                return Err(problem.hint(Some("write the fields out, or use an alias for the whole value".into())));
            }
            // Most maps have few fields, and looking through those is cheaper than hashing them.
            let twice = if fields.len() < 16 {
                fields.iter().any(|((_, known), _): &((Place, String), Node)| *known == name)
            } else {
                if known.is_empty() {
                    known.extend(fields.iter().map(|((_, name), _)| name.clone()));
                }
                !known.insert(name.clone())
            };
            if twice {
                return Err(Problem::error(here, "duplicate-field", format!("`{name}` occurs twice")));
            }
            let (event, span) = self.must_go_on(map)?;
            let (value, more) = self.node(event, span, depth + 1)?;
            size += more;
            if name == "<<" {
                merged.push(value);
            } else {
                fields.push(((here, name), value));
            }
        }
    }

    fn alias(&mut self, anchor: usize, here: Place) -> Result<(Node, usize), Problem> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(Problem::error(here, CODE, "an alias stands for a value that it lies in itself"));
        };
        self.aliased += size;
        if self.aliased > MAX_ALIASED {
            let message = format!("aliases stand for more than {MAX_ALIASED} values");
            return Err(Problem::error(here, "limit", message));
        }
        // Problems of what an alias stands for are the alias's.
        Ok((Node { place: here, value: node.value.clone() }, *size))
    }
}

/// Adds the fields of merged maps that a map does not have itself; earlier maps go before later ones.
fn take_over(fields: &mut Vec<((Place, String), Node)>, merged: Vec<Node>) -> Result<(), Problem> {
    for node in merged {
        let maps = if let Value::List(items) = node.value { items } else { vec![node] };
        for map in maps {
            let Value::Map(more) = map.value else {
                return Err(Problem::error(map.place, CODE, "`<<` takes a map, or a list of maps"));
            };
            for field in more {
                if !fields.iter().any(|((_, name), _)| *name == field.0.1) {
                    fields.push(field);
                }
            }
        }
    }
    Ok(())
}

fn refused(error: &ScanError) -> Problem {
    Problem::error(place(*error.marker()), CODE, format!("not valid YAML: {}", error.info()))
}

fn place(marker: Marker) -> Place {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place { line: number(marker.line().max(1)), column: number(marker.col()).saturating_add(1) }
}

/// The core schema of YAML 1.2: what is not quoted may be null, a Boolean or a number.
fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::Text(text.into_owned());
    }
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    match number(&text) {
        Some(number) => Value::Number(number),
        None => Value::Text(text.into_owned()),
    }
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(Number::from);
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let plausible = unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if !plausible {
        return None;
    }
    let plain = text.strip_prefix('+').unwrap_or(text);
    let whole = plain.parse::<i64>().map(Number::from).or_else(|_| plain.parse::<u64>().map(Number::from));
    whole.ok().or_else(|| plain.parse::<f64>().ok().and_then(Number::from_f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_core_schema_is_read() {
        let text = "a: 1\nb: -2.5\nc: [yes, true, ~, '1', 0x10, 1e3, 1.2.3, 2026-01-01]\nd: {e: \"x\"}\nf: |\n  two\n  lines\n";
        let read = read(text, Dialect::default()).unwrap().to_json();
        assert_eq!(
            read,
            json!({"a": 1, "b": -2.5, "c": ["yes", true, null, "1", 16, 1000.0, "1.2.3", "2026-01-01"], "d": {"e": "x"}, "f": "two\nlines\n"})
        );
    }

    #[test]
    fn aliases_stand_for_values_up_to_a_limit() {
        let read_ = read("a: &x {b: 1}\nc: *x\n", Dialect::default()).unwrap().to_json();
        assert_eq!(read_["c"], json!({"b": 1}));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..20 {
            let below = format!("*a{}", level - 1);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [below.as_str(); 10].join(", ")));
        }
        let problem = read(&bomb, Dialect::default()).unwrap_err();
        assert_eq!((problem.code, problem.place.line), ("limit", 5), "{problem}");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (text, line, column, message) in [
            ("", 1, 1, "empty"),
            ("a: 1\na: 2\n", 2, 1, "`a` occurs twice"),
            ("a: 1\n--- \nb: 2\n", 3, 1, "more than one document"),
            ("a: [1, 2\nb: 3", 2, 2, "not valid YAML"),
            ("a: !!set {x}\n", 1, 4, "tag"),
            ("a: &x [*x]\n", 1, 8, "lies in itself"),
            ("? [a]\n: b\n", 1, 3, "name of a field"),
            ("a:\n  <<: {b: 1}\n", 2, 3, "merging"),
        ] {
            let problem = read(text, Dialect::default()).unwrap_err();
            assert!(problem.message.contains(message), "{text}: {problem}");
            assert_eq!((problem.place.line, problem.place.column), (line, column), "{text}: {problem}");
        }
        let deep = "[".repeat(5_000);
        assert!(read(&deep, Dialect::default()).is_err());
    }

    #[test]
    fn dialects_read_merges_and_functions() {
        let merges = Dialect { merges: true, ..Dialect::default() };
        let read_ = |text: &str, dialect| read(text, dialect).unwrap().to_json();
        let text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 0}\nd:\n  <<: *a\n";
        let got = read_(text, merges);
        assert_eq!((&got["c"], &got["d"]), (&json!({"x": 0, "y": 2, "z": 4}), &json!({"x": 1, "y": 2})));
        assert!(read("a: {<<: 1}", merges).unwrap_err().message.contains("takes a map"));
        let functions = Dialect { functions: true, ..Dialect::default() };
        let got = read_("a: !Ref x\nb: !Sub ['${y}', {y: !GetAtt z.Arn}]\n", functions);
        assert_eq!(got, json!({"a": {"Ref": "x"}, "b": {"Fn::Sub": ["${y}", {"y": {"Fn::GetAtt": "z.Arn"}}]}}));
    }
}
