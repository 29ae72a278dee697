//! Does nothing: a place where branches meet, or a stand-in.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;

/// The type's name.
pub const NAME: &str = "noop";

pub(super) const TYPE: TaskType = TaskType {
    name: NAME,
    about: "does nothing and hands on a value",
    effect: Effect::None,
    runs: true,
    never_retried: &[],
    schema: schema_of::<Noop>,
    check: checked::<Noop>,
};

/// What is handed on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Noop {
    /// The node's output.
    #[serde(default)]
    pub output: Option<Node>,
}

impl Config for Noop {}
