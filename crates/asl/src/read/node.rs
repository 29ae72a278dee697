//! JSON with places: what the reader walks over.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::rc::Rc;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use serde::de::{self, Deserialize, Deserializer};
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Severity};

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) ast: &'a ast::Value<'a>,
    place: Place<'a>,
    /// Where to point: at the field's name if there is one.
    pub(super) offset: usize,
}

/// The way to a value. There are far more values than things to say of them, so it is written only where one is said.
#[derive(Clone, Default)]
struct Place<'a> {
    around: Option<Rc<Place<'a>>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Default)]
enum Step<'a> {
    #[default]
    Whole,
    Field(&'a str),
    Item(usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(around) = &self.around {
            around.fmt(f)?;
        }
        match self.step {
            Step::Whole => Ok(()),
            Step::Field(name) => write!(f, "/{}", name.replace('~', "~0").replace('/', "~1")),
            Step::Item(index) => write!(f, "/{index}"),
        }
    }
}

/// An object's fields, each to be taken once; what is left in the end is unknown.
pub(super) struct Fields<'a> {
    pub(super) owner: Node<'a>,
    left: Vec<(&'a str, Node<'a>)>,
    /// The names that were asked for, of which an unknown one may be a misspelling.
    asked: Vec<&'a str>,
}

/// Collects problems and knows the text's lines.
pub(super) struct Report {
    line_starts: Vec<usize>,
    /// The place that was counted last, with its column: problems mostly come in the order of the text.
    counted: (usize, usize),
    text: String,
    pub(super) problems: Vec<Diagnostic>,
}

/// So many fields are looked through as fast as a table of them is made.
const FEW: usize = 16;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// JSON that is only looked through, for its errors.
struct Any;

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> de::Visitor<'de> for Any {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut fields: A) -> Result<Self, A::Error> {
        while fields.next_entry::<Self, Self>()?.is_some() {}
        Ok(self)
    }
}

/// Parses JSON strictly. `serde_json` decides what JSON is (and bounds its depth); the other parser adds places.
pub(super) fn parse<'a>(text: &'a str, report: &mut Report) -> Option<ast::Value<'a>> {
    if let Err(error) = serde_json::from_str::<Any>(text) {
        let full = error.to_string();
        let reason = full.split(" at line ").next().unwrap_or(&full);
        report.problems.push(Diagnostic {
            severity: Severity::Error,
            code: Code::Syntax,
            line: error.line(),
            // Where a text ends before it began, the column is 0.
            column: error.column().max(1),
            pointer: String::new(),
            message: format!("not valid JSON: {reason}"),
            hint: None,
        });
        return None;
    }
    match jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed.value,
        Err(error) => {
            report.add_at(
                error.range().start,
                String::new(),
                Code::Syntax,
                format!("not valid JSON: {}", error.kind()),
                None,
            );
            None
        }
    }
}

impl Report {
    pub(super) fn new(text: &str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { line_starts, counted: (0, 0), text: text.to_owned(), problems: Vec::new() }
    }

    fn add_at(&mut self, offset: usize, pointer: String, code: Code, message: String, hint: Option<&str>) {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let (from, before) = if (start..=offset).contains(&self.counted.0) { self.counted } else { (start, 0) };
        let before = before + self.text.get(from..offset).map_or(0, |passed| passed.chars().count());
        self.counted = (offset, before);
        let column = before + 1;
        self.problems.push(Diagnostic {
            severity: Severity::Error,
            code,
            line,
            column,
            pointer,
            message,
            hint: hint.map(str::to_owned),
        });
    }

    pub(super) fn error(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>) {
        self.add_at(node.offset, node.pointer(), code, message.into(), None);
    }

    pub(super) fn error_hint(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>, hint: &str) {
        self.add_at(node.offset, node.pointer(), code, message.into(), Some(hint));
    }

    pub(super) fn warn(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>, hint: &str) {
        self.error_hint(node, code, message, hint);
        if let Some(last) = self.problems.last_mut() {
            last.severity = Severity::Warning;
        }
    }

    /// The object's fields; anything else is reported. Duplicate names are reported too.
    pub(super) fn fields<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<Fields<'a>> {
        let Some(object) = node.ast.as_object() else {
            self.error(node, Code::InvalidValue, format!("{what} must be an object, found {}", node.kind()));
            return None;
        };
        let mut left: Vec<(&str, Node<'a>)> = Vec::with_capacity(object.properties.len());
        // Nearly all objects have few fields.
        let mut known = HashSet::with_capacity(if object.properties.len() > FEW { object.properties.len() } else { 0 });
        let around = Rc::new(node.place.clone());
        for property in &object.properties {
            let name = property.name.as_str();
            let place = Place { around: Some(Rc::clone(&around)), step: Step::Field(name) };
            let child = Node { ast: &property.value, place, offset: property.range.start };
            let new = match object.properties.len() {
                ..=FEW => left.iter().all(|(other, _)| *other != name),
                _ => known.insert(name),
            };
            if !new {
                self.error(&child, Code::DuplicateField, format!("`{name}` occurs twice"));
                continue;
            }
            left.push((name, child));
        }
        Some(Fields { owner: node.clone(), left, asked: Vec::new() })
    }

    pub(super) fn items<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<Vec<Node<'a>>> {
        let Some(array) = node.ast.as_array() else {
            self.error(node, Code::InvalidValue, format!("{what} must be an array, found {}", node.kind()));
            return None;
        };
        let around = Rc::new(node.place.clone());
        let place = |(index, value): (usize, &'a ast::Value<'a>)| Node {
            ast: value,
            place: Place { around: Some(Rc::clone(&around)), step: Step::Item(index) },
            offset: value.start(),
        };
        Some(array.elements.iter().enumerate().map(place).collect())
    }

    pub(super) fn string<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<&'a str> {
        let found = node.ast.as_string_lit().map(|literal| literal.value.as_ref());
        if found.is_none() {
            self.error(node, Code::InvalidValue, format!("`{what}` must be a string, found {}", node.kind()));
        }
        found
    }

    /// Reports every field that nobody took.
    pub(super) fn finish(&mut self, fields: Fields<'_>, what: &str) {
        self.finish_in(fields, what, false);
    }

    /// The same, where the query language may be to blame.
    pub(super) fn finish_in(&mut self, fields: Fields<'_>, what: &str, jsonata: bool) {
        // Of two that are as near, the first in the alphabet.
        let asked: BTreeSet<&str> =
            if fields.left.is_empty() { BTreeSet::new() } else { fields.asked.into_iter().collect() };
        for (name, node) in fields.left {
            if let Some(reason) = unsupported(name) {
                self.error(&node, Code::Unsupported, format!("`{name}` is not supported: {reason}"));
                continue;
            }
            let message = format!("`{name}` is not a field of {what}");
            let hint = other_language(name, jsonata).or_else(|| similar(name, asked.iter().copied()));
            match hint {
                Some(hint) => self.error_hint(&node, Code::UnknownField, message, &hint),
                None => self.error(&node, Code::UnknownField, message),
            }
        }
    }

    pub(super) fn missing(&mut self, fields: &Fields<'_>, name: &str, what: &str) {
        self.error(&fields.owner, Code::MissingField, format!("{what} needs the field `{name}`"));
    }
}

/// A hint at the name that was probably meant.
pub(super) fn similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let most = (name.chars().count() / 3).clamp(1, 3);
    let near = known.map(|known| (distance(name, known), known)).filter(|(distance, _)| *distance <= most);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| format!("did you mean `{known}`?"))
}

/// How many letters have to be changed, without regard to case.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.to_lowercase().chars().enumerate() {
        let mut next = vec![line + 1];
        for (at, to) in right.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let changed = cell(&row, at) + usize::from(from != *to);
            next.push(changed.min(cell(&row, at + 1) + 1).min(cell(&next, at) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

/// Fields that AWS knows and this engine does not run.
fn unsupported(name: &str) -> Option<&'static str> {
    Some(match name {
        "ItemReader" => "it reads items from a store outside",
        "ResultWriter" => "it writes results to a store outside",
        _ => return None,
    })
}

/// Why a field that the other query language knows is none here.
fn other_language(name: &str, jsonata: bool) -> Option<String> {
    let of_jsonpath = matches!(
        name,
        "InputPath"
            | "OutputPath"
            | "ResultPath"
            | "Parameters"
            | "ResultSelector"
            | "ItemsPath"
            | "Result"
            | "Variable"
    ) || name.ends_with("Path");
    let of_jsonata = matches!(name, "Arguments" | "Output" | "Condition" | "Items");
    match (jsonata, of_jsonpath, of_jsonata) {
        (true, true, _) => Some("it belongs to JSONPath, and this is JSONata".to_owned()),
        (false, _, true) => Some("it belongs to JSONata: write `\"QueryLanguage\": \"JSONata\"` to use it".to_owned()),
        _ => None,
    }
}

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, name: &'a str) -> Option<Node<'a>> {
        self.asked.push(name);
        let at = self.left.iter().position(|(known, _)| *known == name)?;
        Some(self.left.remove(at).1)
    }

    pub(super) fn peek(&self, name: &str) -> Option<&Node<'a>> {
        self.left.iter().find(|(known, _)| *known == name).map(|(_, node)| node)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.left.iter().map(|(name, _)| *name)
    }

    pub(super) fn into_left(self) -> Vec<(&'a str, Node<'a>)> {
        self.left
    }
}

impl<'a> Node<'a> {
    /// The value that everything stands in.
    pub(super) fn whole(ast: &'a ast::Value<'a>) -> Self {
        Self { ast, place: Place::default(), offset: 0 }
    }

    /// Where it stands, as a JSON pointer.
    pub(super) fn pointer(&self) -> String {
        self.place.to_string()
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.ast {
            ast::Value::StringLit(_) => "a string",
            ast::Value::NumberLit(_) => "a number",
            ast::Value::BooleanLit(_) => "a Boolean",
            ast::Value::Object(_) => "an object",
            ast::Value::Array(_) => "an array",
            ast::Value::NullKeyword(_) => "null",
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.ast.as_null_keyword().is_some()
    }

    pub(super) fn value(&self) -> Value {
        self.ast.clone().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_told_as_where_values_are_made_of_it() {
        let deep = "[".repeat(500);
        let texts = [
            "",
            "{",
            "[1,]",
            "nul",
            "01",
            "-",
            "1e999",
            "[1] x",
            "{1: 2}",
            "{\"a\" 1}",
            "\"\\ud800\"",
            "\"\t\"",
            &deep,
        ];
        for text in texts {
            let told = serde_json::from_str::<Any>(text).err().map(|error| error.to_string());
            assert_eq!(told, serde_json::from_str::<Value>(text).err().map(|error| error.to_string()), "{text}");
            assert!(told.is_some(), "{text}");
        }
        assert!(
            serde_json::from_str::<Any>(r#" {"a": [null, true, -1, 1.5e3, "\u00e4", {"a": {}, "a": []}]} "#).is_ok()
        );
    }
}
