//! Reads what JSONata states hold: expressions between `{%` and `%}`, and templates with them.

use std::sync::Arc;

use super::MAX_SECONDS;
use super::Reader;
use super::node::{Fields, Node};
use super::values::{fold_array, fold_object};
use crate::diagnostic::Code;
use crate::expr::{Computed, Expr, Template, has_substitution};
use crate::jsonata::Expression;
use crate::model::Number;

/// The text between the delimiters; nothing if it is plain text.
fn inner(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

impl Reader<'_> {
    /// An expression, if the text is one: `None` says that it is plain text.
    pub(super) fn query(&mut self, node: &Node<'_>, text: &str, field: &str) -> Option<Option<Expression>> {
        let source = inner(text)?;
        Some(match Expression::parse(source) {
            Ok(expression) => Some(expression),
            // The deployment will fill in the rest.
            Err(_) if has_substitution(source) => Expression::parse("()").ok(),
            Err(fault) => {
                let code = if fault.is_unsupported() { Code::Unsupported } else { Code::InvalidExpression };
                let before = fault.at.and_then(|at| source.get(..at)).map(|before| before.chars().count() + 1);
                let place = before.map_or_else(String::new, |place| format!(" (character {place} of `{source}`)"));
                self.report.error(node, code, format!("`{field}` is not a valid JSONata expression: {fault}{place}"));
                None
            }
        })
    }

    /// `Condition`: an expression, or true or false.
    pub(super) fn condition_query(&mut self, node: &Node<'_>) -> Option<Expression> {
        if let Some(constant) = node.value().as_bool() {
            return Expression::parse(if constant { "true" } else { "false" }).ok();
        }
        let text = self.report.string(node, "Condition")?;
        match self.query(node, text, "Condition") {
            Some(expression) => expression,
            None => {
                let hint = "write it between `{%` and `%}`";
                self.report.error_hint(node, Code::InvalidValue, "`Condition` must be a JSONata expression", hint);
                None
            }
        }
    }

    /// A template in which every text may be an expression; `field` says where it stands.
    pub(super) fn query_template(&mut self, node: &Node<'_>, field: &str) -> Option<Template> {
        if node.is_object() {
            let mut out = Vec::new();
            for (name, child) in self.report.fields(node, "a template")?.into_left() {
                let template = self.query_template(&child, &format!("{field}/{name}"));
                out.push((name.to_owned(), template));
            }
            let whole: Option<Vec<_>> = out.into_iter().map(|(name, template)| Some((name, template?))).collect();
            return whole.map(fold_object);
        }
        if node.is_array() {
            let items = self.report.items(node, "a template")?;
            let read: Vec<Option<Template>> = items
                .iter()
                .enumerate()
                .map(|(at, item)| self.query_template(item, &format!("{field}[{at}]")))
                .collect();
            return read.into_iter().collect::<Option<Vec<_>>>().map(fold_array);
        }
        if let Some(literal) = node.text()
            && let Some(expression) = self.query(node, literal, field)
        {
            let computed = Computed { field: field.to_owned(), expr: Expr::Jsonata(expression?) };
            return Some(Template::Computed(Arc::new(computed)));
        }
        Some(Template::Literal(node.value()))
    }

    /// A whole number, or an expression that gives one.
    pub(super) fn number_or_query(
        &mut self,
        fields: &mut Fields<'_>,
        name: &'static str,
        least: u64,
    ) -> Option<Number> {
        let node = fields.take(name)?;
        if let Some(literal) = node.text()
            && let Some(expression) = self.query(&node, literal, name)
        {
            return expression.map(|expression| Number::Query(name, expression));
        }
        self.whole(&node, name, least, MAX_SECONDS).map(Number::Fixed)
    }
}
