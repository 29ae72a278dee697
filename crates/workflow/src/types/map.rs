//! Does one task for each item of a list.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::de::At;
use crate::format::{Count, Percentage};
use crate::problem::Problem;
use crate::yaml::{Node, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const TYPE: TaskType = TaskType {
    name: "map",
    about: "does one task for each item of a list, which is `$item` there; the list of outputs is the output",
    effect: Effect::CallsOut,
    runs: true,
    never_retried: &[],
    schema: schema_of::<Map>,
    check: checked::<Map>,
};

/// What is done for which items.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The list, or an expression that gives one.
    pub items: Node,
    /// How many items are worked on at once.
    #[serde(default)]
    pub max_concurrency: Option<Count>,
    /// How many per cent of the items may fail.
    #[serde(default)]
    pub tolerated_failure_percentage: Option<Percentage>,
    /// What is done for each item.
    pub each: Each,
}

/// The task of an item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// Its type.
    #[schemars(schema_with = "super::names_schema")]
    pub task_type: At<String>,
    /// What the type needs to know; expressions may name `$item`.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub config: Option<Node>,
}

impl Config for Map {
    fn problems(&self, _: &Node) -> Vec<Problem> {
        let mut problems = Vec::new();
        let is_list = match &self.items.value {
            Value::List(_) => true,
            Value::Text(text) => crate::references::expression(text).is_some(),
            _ => false,
        };
        if !is_list {
            let message = "`config`: `items` must be a list or an expression such as `{% $nodes.scan.output.files %}`";
            problems.push(Problem::error(self.items.place, "invalid-value", message));
        }
        if *self.each.task_type == TYPE.name {
            let message = "`config`: a map in a map is not supported";
            let hint = "let a workflow of its own do the inner map".to_owned();
            problems.push(Problem::error(self.each.task_type.place, "invalid-value", message).hint(Some(hint)));
        } else {
            super::check(&self.each.task_type, self.each.config.as_ref(), &mut problems);
        }
        problems
    }
}

/// Whether a map's config bounds how many items are worked on at once.
pub(crate) fn is_bounded(config: &Node) -> bool {
    crate::de::from_node::<Map>(config).is_ok_and(|map| map.max_concurrency.is_some())
}
