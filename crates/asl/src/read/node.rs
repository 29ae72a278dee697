//! JSON with places: what the reader walks over.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::json::{Data, Json};
use crate::diagnostic::{Code, Diagnostic, Severity};

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    json: &'a Json<'a>,
    /// Where to point: at the field's name if there is one.
    pub(super) offset: usize,
}

/// An object's fields, each to be taken once; what is left in the end is unknown.
pub(super) struct Fields<'a> {
    pub(super) owner: Node<'a>,
    left: Vec<(&'a str, Node<'a>)>,
    /// The names that were asked for, of which an unknown one may be a misspelling.
    asked: Vec<&'a str>,
}

/// Collects problems and knows the text's lines.
pub(super) struct Report<'t> {
    line_starts: Vec<usize>,
    /// The place that was counted last, with its column: problems mostly come in the order of the text.
    counted: (usize, usize),
    text: &'t str,
    whole: Option<&'t Json<'t>>,
    pub(super) problems: Vec<Diagnostic>,
}

/// So many fields are looked through as fast as a table of them is made.
pub(super) const FEW: usize = 16;

/// More than most objects are asked for.
const ASKED: usize = 24;

impl<'t> Report<'t> {
    /// Problems of a text, and of what was read from it.
    pub(super) fn new(text: &'t str, whole: Option<&'t Json<'t>>) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { line_starts, counted: (0, 0), text, whole, problems: Vec::new() }
    }

    /// Says why the text is no JSON.
    pub(super) fn no_json(&mut self) {
        let Err(error) = serde_json::from_str::<Value>(self.text) else { return };
        let full = error.to_string();
        let reason = full.split(" at line ").next().unwrap_or(&full);
        self.problems.push(Diagnostic {
            severity: Severity::Error,
            code: Code::Syntax,
            line: error.line(),
            // Where a text ends before it began, the column is 0.
            column: error.column().max(1),
            pointer: String::new(),
            message: format!("not valid JSON: {reason}"),
            hint: None,
        });
    }

    /// The way to what stands at an offset, as a JSON pointer.
    pub(super) fn pointer(&self, offset: usize) -> String {
        self.whole.map(|whole| whole.pointer(offset)).unwrap_or_default()
    }

    fn add_at(&mut self, offset: usize, code: Code, message: String, hint: Option<&str>) {
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
            pointer: self.pointer(offset),
            message,
            hint: hint.map(str::to_owned),
        });
    }

    pub(super) fn error(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>) {
        self.add_at(node.offset, code, message.into(), None);
    }

    pub(super) fn error_hint(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>, hint: &str) {
        self.add_at(node.offset, code, message.into(), Some(hint));
    }

    pub(super) fn warn(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>, hint: &str) {
        self.error_hint(node, code, message, hint);
        if let Some(last) = self.problems.last_mut() {
            last.severity = Severity::Warning;
        }
    }

    /// The object's fields; anything else is reported. Duplicate names are reported too.
    pub(super) fn fields<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<Fields<'a>> {
        let Data::Object(object) = &node.json.data else {
            self.error(node, Code::InvalidValue, format!("{what} must be an object, found {}", node.kind()));
            return None;
        };
        let mut left: Vec<(&str, Node<'a>)> = Vec::with_capacity(object.len());
        // Nearly all objects have few fields.
        let mut known = HashSet::with_capacity(if object.len() > FEW { object.len() } else { 0 });
        for field in object {
            let name = field.name.as_ref();
            let child = Node { json: &field.value, offset: field.value.at };
            let new = match object.len() {
                ..=FEW => left.iter().all(|(other, _)| *other != name),
                _ => known.insert(name),
            };
            if !new {
                self.error(&child, Code::DuplicateField, format!("`{name}` occurs twice"));
                continue;
            }
            left.push((name, child));
        }
        Some(Fields { owner: *node, left, asked: Vec::with_capacity(ASKED) })
    }

    pub(super) fn items<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<Vec<Node<'a>>> {
        let Data::Array(array) = &node.json.data else {
            self.error(node, Code::InvalidValue, format!("{what} must be an array, found {}", node.kind()));
            return None;
        };
        Some(array.iter().map(|json| Node { json, offset: json.at }).collect())
    }

    pub(super) fn string<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<&'a str> {
        let found = node.text();
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
    pub(super) fn whole(json: &'a Json<'a>) -> Self {
        Self { json, offset: 0 }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.json.data {
            Data::Text(_) => "a string",
            Data::Number(_) => "a number",
            Data::Bool(_) => "a Boolean",
            Data::Object(_) => "an object",
            Data::Array(_) => "an array",
            Data::Null => "null",
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.json.data, Data::Null)
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self.json.data, Data::Object(_))
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self.json.data, Data::Array(_))
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        self.json.text()
    }

    pub(super) fn value(&self) -> Value {
        self.json.value()
    }
}
