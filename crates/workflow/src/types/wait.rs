//! Waits for a time.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::format::Pause;
use crate::problem::Problem;
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const TYPE: TaskType = TaskType {
    name: "wait",
    about: "waits for some seconds or until a time",
    effect: Effect::Waits,
    runs: true,
    never_retried: &[],
    schema: schema_of::<Wait>,
    check: checked::<Wait>,
};

/// How long is waited.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// How long, in seconds; milliseconds count.
    #[serde(default)]
    pub seconds: Option<Pause>,
    /// Until when: a date and time such as `2026-01-31T08:00:00Z`, or an expression that gives one.
    #[serde(default)]
    pub until: Option<String>,
}

impl Config for Wait {
    fn problems(&self, config: &Node) -> Vec<Problem> {
        match (self.seconds, &self.until) {
            (Some(_), None) | (None, Some(_)) => Vec::new(),
            _ => vec![Problem::error(config.place, "invalid-value", "`config`: needs one of `seconds` and `until`")],
        }
    }
}

/// How many milliseconds a wait takes, if its config says so.
pub(crate) fn millis(config: &Node) -> Option<u64> {
    let wait: Wait = crate::de::from_node(config).ok()?;
    wait.seconds.map(Pause::millis)
}
