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
    runs: false,
    schema: schema_of::<Script>,
    check: checked::<Script>,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Script {
    /// The text of the script.
    script: String,
    /// What reads it.
    #[serde(default)]
    #[expect(dead_code, reason = "read to be checked; the runtime evaluates the config itself")]
    interpreter: Interpreter,
    /// Environment variables.
    #[serde(default)]
    env: BTreeMap<String, String>,
}

/// What reads a script.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Interpreter {
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
