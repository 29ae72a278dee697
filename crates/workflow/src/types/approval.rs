//! Waits for people to agree.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::format::Count;
use crate::problem::Problem;
use crate::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;

/// Its name.
pub const NAME: &str = "approval";

pub(super) const TYPE: TaskType = TaskType {
    name: NAME,
    about: "waits until people have approved; a rejection fails the node",
    effect: Effect::Waits,
    runs: true,
    never_retried: &[],
    schema: schema_of::<Approval>,
    check: checked::<Approval>,
};

/// What an approval needs to know.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// What is asked.
    pub question: String,
    /// Who may approve: names of people or groups.
    pub approvers: Vec<String>,
    /// How many of them must.
    #[serde(default)]
    pub needed: Option<Count>,
    /// What they are shown; expressions may name outputs.
    #[serde(default)]
    pub show: Option<Node>,
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
