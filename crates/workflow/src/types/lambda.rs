//! Calls a Lambda function.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::problem::Problem;
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const TYPE: TaskType = TaskType {
    name: "lambda",
    about: "calls a Lambda function; its answer is the output",
    effect: Effect::CallsOut,
    runs: false,
    never_retried: &["Maestro.NotAllowed", "Maestro.NotSupported"],
    schema: schema_of::<Lambda>,
    check: checked::<Lambda>,
};

/// A call of a function.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lambda {
    /// The function's name or ARN.
    pub function: String,
    /// What it is called with.
    #[serde(default)]
    pub payload: Option<Node>,
}

impl Config for Lambda {
    fn problems(&self, config: &Node) -> Vec<Problem> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_:$".contains(c);
        let usable = !self.function.is_empty() && self.function.len() <= 170 && self.function.chars().all(plain);
        if usable {
            return Vec::new();
        }
        vec![Problem::error(config.place, "invalid-value", "`config`: `function` is no name or ARN of a function")]
    }
}
