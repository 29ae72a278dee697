//! W004: waits for people or events without a limit.

use super::Lint;
use super::nodes;
use crate::check::Workflow;
use crate::problem::quoted;
use crate::problem::{Place, Severity};

pub(super) const LINT: Lint = Lint {
    code: "W004",
    title: "waits for people or events without a limit",
    severity: Severity::Warning,
    fix: "give the node `timeout_seconds`",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    for (_, node, known) in nodes(workflow) {
        if matches!(known.name, "approval" | "event") && node.timeout_seconds.is_none() {
            let message = format!("node {} waits for something that may never come", quoted(&node.node_id));
            found.push((node.node_id.place, message));
        }
    }
}
