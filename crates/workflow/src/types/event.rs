//! Waits for an event.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const TYPE: TaskType = TaskType {
    name: "event",
    about: "waits for an event; its detail is the output",
    effect: Effect::Waits,
    runs: false,
    schema: schema_of::<Event>,
    check: checked::<Event>,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read to be checked; the runtime evaluates the config itself")]
struct Event {
    /// Who sends it, such as `com.example.ci`.
    source: String,
    /// What kind of event, such as `Build finished`.
    detail_type: String,
    /// What fields of its detail must be equal to.
    #[serde(default, rename = "match")]
    fields: BTreeMap<String, Node>,
}

impl Config for Event {}
