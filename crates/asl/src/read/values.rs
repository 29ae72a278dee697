//! Reads the small things: numbers, paths, templates.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::node::{FEW, Fields, Node};
use super::{MAX_SECONDS, Reader};
use crate::diagnostic::Code;
use crate::expr::{Computed, Expr, Root, RootedPath, Template, has_substitution};
use crate::model::{Number, Selection, Target};
use crate::path::ReferencePath;

impl Reader<'_> {
    pub(super) fn text(&mut self, fields: &mut Fields<'_>, name: &'static str) -> Option<String> {
        let node = fields.take(name)?;
        self.report.string(&node, name).map(str::to_owned)
    }

    /// A whole number of at least `least`.
    pub(super) fn seconds(&mut self, fields: &mut Fields<'_>, name: &'static str, least: u64) -> Option<u64> {
        let node = fields.take(name)?;
        self.whole(&node, name, least, MAX_SECONDS)
    }

    pub(super) fn whole(&mut self, node: &Node<'_>, name: &str, least: u64, most: u64) -> Option<u64> {
        let value = node.value();
        // AWS takes `1.0` for an integer.
        let whole = value.as_u64().or_else(|| {
            let float = value.as_f64().filter(|float| float.fract() == 0.0)?;
            (0.0..=most as f64).contains(&float).then_some(float as u64)
        });
        match whole {
            Some(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                let message = format!("`{name}` must be a whole number from {least} to {most}, found `{value}`");
                self.report.error(node, Code::InvalidValue, message);
                None
            }
        }
    }

    /// `Name` or `NamePath`, not both.
    pub(super) fn number(
        &mut self,
        fields: &mut Fields<'_>,
        name: &'static str,
        path_name: &'static str,
        least: u64,
    ) -> Option<Number> {
        if let (Some(_), Some(node)) = (fields.peek(name), fields.peek(path_name)) {
            let node = *node;
            self.report.error(&node, Code::FieldConflict, format!("`{name}` and `{path_name}` exclude each other"));
        }
        if self.jsonata {
            return self.number_or_query(fields, name, least);
        }
        let path = fields.take(path_name).and_then(|node| self.path(&node, path_name));
        let fixed = self.seconds(fields, name, least);
        fixed.map(Number::Fixed).or(path.map(|path| Number::Path(path_name, Box::new(path))))
    }

    /// A path, of any root. Functions stand in those that only select, not in those that a state goes by.
    pub(super) fn path(&mut self, node: &Node<'_>, name: &str) -> Option<RootedPath> {
        let text = self.report.string(node, name)?;
        match RootedPath::parse(text) {
            Ok(path) if path.path.function.is_some() && !matches!(name, "InputPath" | "OutputPath") => {
                let message = format!("`{name}` takes no function: `{text}`");
                let hint = "let `Parameters` of a state before it call the function";
                self.report.error_hint(node, Code::InvalidPath, message, hint);
                None
            }
            Ok(path) => Some(path),
            Err(_) if has_substitution(text) => Some(opaque(text)),
            Err(reason) => {
                let message = format!("`{name}` is not a valid path: `{text}`: {reason}");
                self.report.error(node, Code::InvalidPath, message);
                None
            }
        }
    }

    /// `InputPath` or `OutputPath`.
    pub(super) fn selection(&mut self, fields: &mut Fields<'_>, name: &'static str) -> Selection {
        let Some(node) = fields.take(name) else { return Selection::Whole };
        if node.is_null() {
            return Selection::Nothing;
        }
        match self.path(&node, name) {
            Some(path) if !path.is_whole_input() => Selection::Path(Box::new(path)),
            _ => Selection::Whole,
        }
    }

    /// `ResultPath`.
    pub(super) fn target(&mut self, fields: &mut Fields<'_>) -> Target {
        let Some(node) = fields.take("ResultPath") else { return Target::Whole };
        if node.is_null() {
            return Target::Nowhere;
        }
        let Some(text) = self.report.string(&node, "ResultPath") else { return Target::Whole };
        match ReferencePath::parse(text) {
            _ if text == "$" => Target::Whole,
            Ok(path) => Target::Path(path),
            Err(reason) => {
                let message = format!("`ResultPath` is not a valid reference path: `{text}`: {reason}");
                self.report.error(&node, Code::InvalidPath, message);
                Target::Whole
            }
        }
    }

    /// A path or an intrinsic call.
    pub(super) fn expression(&mut self, node: &Node<'_>, name: &str) -> Option<Expr> {
        let text = self.report.string(node, name)?;
        match Expr::parse(text) {
            Ok(expr) => Some(expr),
            Err(_) if has_substitution(text) => Some(Expr::Path(opaque(text))),
            Err(reason) => {
                let code = if text.starts_with("States.") { Code::InvalidIntrinsic } else { Code::InvalidPath };
                self.report.error(node, code, format!("`{name}` is not a valid expression: `{text}`: {reason}"));
                None
            }
        }
    }

    /// A computed field, the same one where a state before has the same.
    fn computed(&mut self, node: &Node<'_>, field: &str) -> Option<Arc<Computed>> {
        let text = node.text();
        let known = text.and_then(|text| self.computed.get(text)).filter(|known| known.field == field);
        if let Some(known) = known {
            return Some(Arc::clone(known));
        }
        let computed = Arc::new(Computed { field: field.to_owned(), expr: self.expression(node, field)? });
        self.computed.extend(text.map(|text| (text.to_owned(), Arc::clone(&computed))));
        Some(computed)
    }

    /// A payload template: in JSONPath `x.$` fields are computed, in JSONata `{% .. %}` texts.
    pub(super) fn template(&mut self, node: &Node<'_>, field: &str) -> Option<Template> {
        if self.jsonata {
            return self.query_template(node, field);
        }
        if node.is_object() {
            let mut out: Vec<(String, Template)> = Vec::new();
            let fields = self.report.fields(node, "a template")?.into_left();
            let mut known = HashSet::with_capacity(if fields.len() > FEW { fields.len() } else { 0 });
            for (name, child) in fields {
                let (name, template) = match name.strip_suffix(".$") {
                    Some(plain) => (plain, Template::Computed(self.computed(&child, name)?)),
                    None => (name, self.template(&child, field)?),
                };
                let new = match known.capacity() {
                    0 => out.iter().all(|(other, _)| other != name),
                    _ => known.insert(name),
                };
                if !new {
                    let message = format!("`{name}` and `{name}.$` name the same field");
                    self.report.error(&child, Code::DuplicateField, message);
                }
                out.push((name.to_owned(), template));
            }
            return Some(fold_object(out));
        }
        if node.is_array() {
            let items = self.report.items(node, "a template")?;
            let items: Vec<Template> = items.iter().map(|item| self.template(item, field)).collect::<Option<_>>()?;
            return Some(fold_array(items));
        }
        Some(Template::Literal(node.value()))
    }

    pub(super) fn template_field(&mut self, fields: &mut Fields<'_>, name: &'static str) -> Option<Template> {
        let node = fields.take(name)?;
        self.template(&node, name)
    }

    /// `Assign`: an object whose names are variables.
    pub(super) fn assign(&mut self, fields: &mut Fields<'_>) -> Option<Template> {
        let node = fields.take("Assign")?;
        let names = self.report.fields(&node, "`Assign`")?;
        for name in names.names() {
            let plain = if self.jsonata { name } else { name.strip_suffix(".$").unwrap_or(name) };
            let starts = plain.starts_with(|c: char| c.is_alphabetic() || c == '_');
            let valid = starts && plain.chars().all(|c| c.is_alphanumeric() || c == '_') && plain.chars().count() <= 80;
            if !valid || plain == "states" {
                self.report.error(&node, Code::InvalidValue, format!("`{plain}` is not a variable name"));
            }
        }
        self.template(&node, "Assign")
    }
}

/// A path with a `${Name}` token: it cannot be evaluated before substitution, so it leads nowhere.
fn opaque(text: &str) -> RootedPath {
    let path = RootedPath::parse("$").map(|root| root.path);
    RootedPath { text: text.to_owned(), root: Root::Variable(text.to_owned()), path: path.unwrap_or_default() }
}

/// Keeps templates without computed parts as one literal, which is cheap to evaluate.
pub(super) fn fold_object(fields: Vec<(String, Template)>) -> Template {
    if fields.iter().all(|(_, template)| matches!(template, Template::Literal(_))) {
        let literal: Map<String, Value> = fields
            .into_iter()
            .filter_map(|(name, template)| match template {
                Template::Literal(value) => Some((name, value)),
                _ => None,
            })
            .collect();
        return Template::Literal(Value::Object(literal));
    }
    Template::Object(fields.into())
}

pub(super) fn fold_array(items: Vec<Template>) -> Template {
    if items.iter().all(|item| matches!(item, Template::Literal(_))) {
        let literal = items.into_iter().filter_map(|item| match item {
            Template::Literal(value) => Some(value),
            _ => None,
        });
        return Template::Literal(literal.collect());
    }
    Template::Array(items.into())
}
