//! Runs a script in the sandbox.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::problem::Problem;
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const TYPE: TaskType = TaskType {
    name: "script",
    about: "runs a script in the sandbox, without a network; exit code 0 completes the node",
    effect: Effect::RunsCode,
    runs: true,
    never_retried: &[],
    schema: schema_of::<Script>,
    check: checked::<Script>,
};

/// A script.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The text of the script.
    pub script: String,
    /// What reads it.
    #[serde(default)]
    pub interpreter: Interpreter,
    /// Environment variables.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// What reads a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interpreter {
    /// `sh -eu`
    #[default]
    Sh,
    /// `python3`
    Python,
}

impl Config for Script {
    fn problems(&self, config: &Node) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut problem = |message: String| problems.push(Problem::error(config.place, "invalid-value", message));
        if self.script.trim().is_empty() {
            problem("`config`: `script` is empty".into());
        }
        let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
        for name in self.env.keys() {
            if !name.starts_with(letter) || !name.chars().all(|c| letter(c) || c.is_ascii_digit()) {
                problem(format!("`config`: `env` names `{name}`, which is no name of a variable"));
            }
        }
        problems
    }
}
