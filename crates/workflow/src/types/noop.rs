//! Does nothing: a place where branches meet, or a stand-in.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const TYPE: TaskType = TaskType {
    name: "noop",
    about: "does nothing and hands on a value",
    effect: Effect::None,
    runs: false,
    schema: schema_of::<Noop>,
    check: checked::<Noop>,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read to be checked; the runtime evaluates the config itself")]
struct Noop {
    /// The node's output.
    #[serde(default)]
    output: Option<Node>,
}

impl Config for Noop {}
