//! JSON with places: what the reader walks over.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Severity};

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) ast: &'a ast::Value<'a>,
    pub(super) pointer: String,
    /// Where to point: at the field's name if there is one.
    pub(super) offset: usize,
}

/// An object's fields, each to be taken once; what is left in the end is unknown.
pub(super) struct Fields<'a> {
    pub(super) owner: Node<'a>,
    left: Vec<(String, Node<'a>)>,
}

/// Collects problems and knows the text's lines.
pub(super) struct Report {
    line_starts: Vec<usize>,
    text: String,
    pub(super) problems: Vec<Diagnostic>,
}

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

/// Parses JSON strictly. `serde_json` decides what JSON is (and bounds its depth); the other parser adds places.
pub(super) fn parse<'a>(text: &'a str, report: &mut Report) -> Option<ast::Value<'a>> {
    if let Err(error) = serde_json::from_str::<Value>(text) {
        let full = error.to_string();
        let reason = full.split(" at line ").next().unwrap_or(&full);
        report.problems.push(Diagnostic {
            severity: Severity::Error,
            code: Code::Syntax,
            line: error.line(),
            column: error.column(),
            pointer: String::new(),
            message: format!("not valid JSON: {reason}"),
            hint: None,
        });
        return None;
    }
    match jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed.value,
        Err(error) => {
            report.add_at(error.range().start, "", Code::Syntax, format!("not valid JSON: {}", error.kind()), None);
            None
        }
    }
}

impl Report {
    pub(super) fn new(text: &str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { line_starts, text: text.to_owned(), problems: Vec::new() }
    }

    fn add_at(&mut self, offset: usize, pointer: &str, code: Code, message: String, hint: Option<&str>) {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        self.problems.push(Diagnostic {
            severity: Severity::Error,
            code,
            line,
            column,
            pointer: pointer.to_owned(),
            message,
            hint: hint.map(str::to_owned),
        });
    }

    pub(super) fn error(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>) {
        self.add_at(node.offset, &node.pointer, code, message.into(), None);
    }

    pub(super) fn error_hint(&mut self, node: &Node<'_>, code: Code, message: impl Into<String>, hint: &str) {
        self.add_at(node.offset, &node.pointer, code, message.into(), Some(hint));
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
        let mut left: Vec<(String, Node<'a>)> = Vec::new();
        for property in &object.properties {
            let name = property.name.as_str().to_owned();
            let child = Node {
                ast: &property.value,
                pointer: format!("{}/{}", node.pointer, name.replace('~', "~0").replace('/', "~1")),
                offset: property.range.start,
            };
            if left.iter().any(|(known, _)| *known == name) {
                self.error(&child, Code::DuplicateField, format!("`{name}` occurs twice"));
                continue;
            }
            left.push((name, child));
        }
        Some(Fields { owner: node.clone(), left })
    }

    pub(super) fn items<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<Vec<Node<'a>>> {
        let Some(array) = node.ast.as_array() else {
            self.error(node, Code::InvalidValue, format!("{what} must be an array, found {}", node.kind()));
            return None;
        };
        let place = |(index, value): (usize, &'a ast::Value<'a>)| Node {
            ast: value,
            pointer: format!("{}/{index}", node.pointer),
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
        for (name, node) in fields.left {
            match unsupported(&name) {
                Some(reason) => self.error(&node, Code::Unsupported, format!("`{name}` is not supported: {reason}")),
                None => self.error(&node, Code::UnknownField, format!("`{name}` is not a field of {what}")),
            }
        }
    }

    pub(super) fn missing(&mut self, fields: &Fields<'_>, name: &str, what: &str) {
        self.error(&fields.owner, Code::MissingField, format!("{what} needs the field `{name}`"));
    }
}

/// Fields that AWS knows and this engine does not run.
fn unsupported(name: &str) -> Option<&'static str> {
    Some(match name {
        "Arguments" | "Output" | "Condition" | "Items" => "it belongs to the JSONata query language",
        "ItemReader" | "ItemBatcher" | "ResultWriter" | "Label" => "it belongs to distributed maps",
        "ToleratedFailureCount"
        | "ToleratedFailureCountPath"
        | "ToleratedFailurePercentage"
        | "ToleratedFailurePercentagePath" => "it belongs to distributed maps",
        _ => return None,
    })
}

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, name: &str) -> Option<Node<'a>> {
        let at = self.left.iter().position(|(known, _)| known == name)?;
        Some(self.left.remove(at).1)
    }

    pub(super) fn peek(&self, name: &str) -> Option<&Node<'a>> {
        self.left.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.left.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn into_left(self) -> Vec<(String, Node<'a>)> {
        self.left
    }
}

impl Node<'_> {
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
