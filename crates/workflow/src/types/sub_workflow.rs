//! Runs another workflow.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::problem::Problem;
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const TYPE: TaskType = TaskType {
    name: "workflow",
    about: "runs another workflow; the outputs of its nodes are the output",
    effect: Effect::CallsOut,
    runs: true,
    never_retried: &[],
    schema: schema_of::<SubWorkflow>,
    check: checked::<SubWorkflow>,
};

/// Which workflow is run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubWorkflow {
    /// The other workflow's `dag_id`.
    pub dag_id: String,
    /// Values for its `context.variables`.
    #[serde(default)]
    pub variables: BTreeMap<String, Node>,
}

impl Config for SubWorkflow {
    fn problems(&self, config: &Node) -> Vec<Problem> {
        match crate::check::dag_id_fault(&self.dag_id) {
            Some(fault) => vec![Problem::error(config.place, "invalid-value", format!("`config`: `dag_id` {fault}"))],
            None => Vec::new(),
        }
    }
}
