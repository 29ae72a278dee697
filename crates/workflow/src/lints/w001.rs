//! W001: no time limit.

use super::Lint;
use super::nodes;
use crate::check::Workflow;
use crate::problem::quoted;
use crate::problem::{Place, Severity};
use crate::types::Effect;

pub(super) const LINT: Lint = Lint {
    code: "W001",
    title: "no time limit",
    severity: Severity::Warning,
    fix: "give the node `timeout_seconds`",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    for (_, node, known) in nodes(workflow) {
        let works = !matches!(known.effect, Effect::None | Effect::Waits);
        if works && node.timeout_seconds.is_none() {
            found.push((node.node_id.place, format!("node {} may take for ever", quoted(&node.node_id))));
        }
    }
}
