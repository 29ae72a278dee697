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
    runs: true,
    never_retried: &[],
    schema: schema_of::<Event>,
    check: checked::<Event>,
};

/// Which event is waited for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Who sends it, such as `com.example.ci`.
    pub source: String,
    /// What kind of event, such as `Build finished`.
    pub detail_type: String,
    /// What fields of its detail must be equal to.
    #[serde(default, rename = "match")]
    pub fields: BTreeMap<String, Node>,
}

impl Config for Event {}
