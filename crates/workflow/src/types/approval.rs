//! Waits for people to agree.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::format::Count;
use crate::problem::Problem;
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const TYPE: TaskType = TaskType {
    name: "approval",
    about: "waits until people have approved; a rejection fails the node",
    effect: Effect::Waits,
    runs: false,
    schema: schema_of::<Approval>,
    check: checked::<Approval>,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read to be checked; the runtime evaluates the config itself")]
struct Approval {
    /// What is asked.
    question: String,
    /// Who may approve: names of people or groups.
    approvers: Vec<String>,
    /// How many of them must.
    #[serde(default)]
    needed: Option<Count>,
    /// What they are shown; expressions may name outputs.
    #[serde(default)]
    show: Option<Node>,
}

impl Config for Approval {
    fn problems(&self, config: &Node) -> Vec<Problem> {
        let problem = |message: &str| vec![Problem::error(config.place, "invalid-value", message)];
        let needed = self.needed.map_or(1, Count::get);
        if self.approvers.is_empty() {
            problem("`config`: `approvers` is empty, so nobody could approve")
        } else if usize::try_from(needed).is_ok_and(|needed| needed > self.approvers.len()) {
            problem("`config`: more approvals are `needed` than there are `approvers`")
        } else {
            Vec::new()
        }
    }
}
