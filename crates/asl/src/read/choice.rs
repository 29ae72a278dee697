//! Reads the rules of a Choice state.

use std::sync::Arc;

use serde_json::Value;

use super::Reader;
use super::graph::Edge;
use super::node::{Fields, Node};
use crate::diagnostic::Code;
use crate::model::{Choice, Condition, DataType, Relation, Rule, Test};
use crate::time;

/// A comparison operator by name.
enum Operator {
    Is(DataType),
    Present,
    Matches,
    Compare(DataType, Relation),
    ComparePath(DataType, Relation),
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        "IsPresent" => Operator::Present,
        "IsNull" => Operator::Is(DataType::Null),
        "IsString" => Operator::Is(DataType::String),
        "IsNumeric" => Operator::Is(DataType::Numeric),
        "IsBoolean" => Operator::Is(DataType::Boolean),
        "IsTimestamp" => Operator::Is(DataType::Timestamp),
        "StringMatches" => Operator::Matches,
        _ => {
            let (plain, by_path) = match name.strip_suffix("Path") {
                Some(plain) => (plain, true),
                None => (name, false),
            };
            let (kind, relation) = [
                ("String", DataType::String),
                ("Numeric", DataType::Numeric),
                ("Boolean", DataType::Boolean),
                ("Timestamp", DataType::Timestamp),
            ]
            .into_iter()
            .find_map(|(prefix, kind)| plain.strip_prefix(prefix).map(|relation| (kind, relation)))?;
            let relation = match relation {
                "Equals" => Relation::Equals,
                _ if kind == DataType::Boolean => return None,
                "LessThan" => Relation::LessThan,
                "GreaterThan" => Relation::GreaterThan,
                "LessThanEquals" => Relation::LessThanEquals,
                "GreaterThanEquals" => Relation::GreaterThanEquals,
                _ => return None,
            };
            if by_path { Operator::ComparePath(kind, relation) } else { Operator::Compare(kind, relation) }
        }
    })
}

impl Reader<'_> {
    pub(super) fn choice<'a>(
        &mut self,
        name: &'a str,
        fields: &mut Fields<'a>,
        edges: &mut Vec<Edge<'a>>,
    ) -> Option<Choice> {
        let mut rules = Some(Vec::new());
        match fields.take("Choices") {
            Some(node) => {
                let items = self.report.items(&node, "`Choices`").unwrap_or_default();
                if items.is_empty() {
                    self.report.error(&node, Code::InvalidValue, "`Choices` must not be empty");
                    rules = None;
                }
                for item in &items {
                    let rule = self.rule(name, item, edges);
                    rules = rules.and_then(|mut read: Vec<Rule>| {
                        read.push(rule?);
                        Some(read)
                    });
                }
            }
            None => {
                self.report.missing(fields, "Choices", &format!("Choice state `{name}`"));
                rules = None;
            }
        }
        let mut default = None;
        match fields.take("Default") {
            Some(node) => {
                let to = self.report.string(&node, "Default");
                edges.extend(to.map(|to| Edge { from: Some(name), to, node }));
                default = to.map(Arc::from);
            }
            None => {
                let owner = fields.owner;
                let hint = "the execution fails if no rule applies";
                self.report.warn(&owner, Code::MissingField, format!("Choice state `{name}` has no `Default`"), hint);
            }
        }
        for wrong in ["Next", "End"] {
            if let Some(node) = fields.take(wrong) {
                let hint = "use `Next` in the rules, and `Default`";
                self.report.error_hint(
                    &node,
                    Code::UnknownField,
                    format!("`{wrong}` is not a field of a Choice state"),
                    hint,
                );
            }
        }
        Some(Choice { rules: rules?, default })
    }

    fn rule<'a>(&mut self, state: &'a str, node: &Node<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Rule> {
        let mut fields = self.report.fields(node, "an entry of `Choices`")?;
        let assign = self.assign(&mut fields);
        let output = if self.jsonata { self.template_field(&mut fields, "Output") } else { None };
        let target = fields.take("Next");
        let next = match target {
            Some(node) => {
                let to = self.report.string(&node, "Next");
                edges.extend(to.map(|to| Edge { from: Some(state), to, node }));
                to.map(Arc::from)
            }
            None => {
                self.report.missing(&fields, "Next", "an entry of `Choices`");
                None
            }
        };
        let condition = if self.jsonata { self.query_rule(fields) } else { self.condition(fields) };
        Some(Rule { condition: condition?, next: next?, assign, output })
    }

    /// The condition of a JSONata rule.
    fn query_rule(&mut self, mut fields: Fields<'_>) -> Option<Condition> {
        self.text(&mut fields, "Comment");
        let condition = match fields.take("Condition") {
            Some(node) => self.condition_query(&node),
            None => {
                self.report.missing(&fields, "Condition", "an entry of `Choices`");
                None
            }
        };
        self.finish(fields, "a choice rule");
        condition.map(Condition::Query)
    }

    /// One condition; its recursion is bounded by the depth of the JSON.
    fn condition(&mut self, mut fields: Fields<'_>) -> Option<Condition> {
        self.text(&mut fields, "Comment");
        let variable = fields.take("Variable");
        let owner = fields.owner;
        let mut operators = Vec::new();
        let mut unknown = false;
        for name in fields.names().collect::<Vec<_>>() {
            let known = matches!(name, "And" | "Or" | "Not") || operator(name).is_some();
            if known {
                operators.extend(fields.take(name).map(|node| (name, node)));
            } else {
                unknown = true;
            }
        }
        self.report.finish(fields, "a choice rule");
        if let Some((second, node)) = operators.get(1) {
            let message = format!("`{second}`: a choice rule has one operator");
            self.report.error(node, Code::FieldConflict, message);
            return None;
        }
        let Some((name, node)) = operators.pop() else {
            if !unknown {
                self.report.error(&owner, Code::MissingField, "a choice rule needs an operator such as `StringEquals`");
            }
            return None;
        };
        if matches!(name, "And" | "Or" | "Not")
            && let Some(variable) = &variable
        {
            self.report.error(variable, Code::FieldConflict, format!("`Variable` does not go with `{name}`"));
        }
        match name {
            "And" => self.conditions(&node, name).map(Condition::And),
            "Or" => self.conditions(&node, name).map(Condition::Or),
            "Not" => {
                let inner = self.report.fields(&node, "`Not`")?;
                Some(Condition::Not(Box::new(self.condition(inner)?)))
            }
            _ => {
                let Some(variable) = variable else {
                    self.report.error(&owner, Code::MissingField, format!("`{name}` needs the field `Variable`"));
                    return None;
                };
                let path = self.path(&variable, "Variable");
                let test = self.test(name, &node);
                Some(Condition::Test(path?, test?))
            }
        }
    }

    fn conditions(&mut self, node: &Node<'_>, name: &str) -> Option<Vec<Condition>> {
        let items = self.report.items(node, &format!("`{name}`"))?;
        if items.is_empty() {
            self.report.error(node, Code::InvalidValue, format!("`{name}` must not be empty"));
        }
        let mut read = Some(Vec::new());
        for item in &items {
            let condition = self.report.fields(item, "a choice rule").and_then(|fields| self.condition(fields));
            read = read.and_then(|mut all: Vec<Condition>| {
                all.push(condition?);
                Some(all)
            });
        }
        read
    }

    fn test(&mut self, name: &str, node: &Node<'_>) -> Option<Test> {
        let operand = node.value();
        let wrong = |reader: &mut Self, wanted: &str| {
            reader.report.error(node, Code::InvalidValue, format!("`{name}` needs {wanted}, found `{operand}`"));
            None
        };
        match operator(name)? {
            Operator::Present => match operand.as_bool() {
                Some(wanted) => Some(Test::IsPresent(wanted)),
                None => wrong(self, "true or false"),
            },
            Operator::Is(kind) => match operand.as_bool() {
                Some(wanted) => Some(Test::IsType(kind, wanted)),
                None => wrong(self, "true or false"),
            },
            Operator::Matches => match operand.as_str() {
                Some(pattern) => Some(Test::Matches(pattern.to_owned())),
                None => wrong(self, "a string"),
            },
            Operator::ComparePath(kind, relation) => {
                self.path(node, name).map(|path| Test::ComparePath(kind, relation, path))
            }
            Operator::Compare(kind, relation) => {
                let fits = match (kind, &operand) {
                    (DataType::String, Value::String(_))
                    | (DataType::Numeric, Value::Number(_))
                    | (DataType::Boolean, Value::Bool(_)) => true,
                    (DataType::Timestamp, Value::String(text)) => time::parse(text).is_some(),
                    _ => false,
                };
                if fits {
                    return Some(Test::Compare(kind, relation, operand));
                }
                wrong(
                    self,
                    match kind {
                        DataType::String | DataType::Null => "a string",
                        DataType::Numeric => "a number",
                        DataType::Boolean => "true or false",
                        DataType::Timestamp => "a timestamp such as `2024-08-18T17:33:00Z`",
                    },
                )
            }
        }
    }
}
