//! W002: a call out is not tried again.

use super::Lint;
use super::nodes;
use crate::check::Workflow;
use crate::problem::quoted;
use crate::problem::{Place, Severity};
use crate::types::Effect;

pub(super) const LINT: Lint = Lint {
    code: "W002",
    title: "a call out is not tried again",
    severity: Severity::Warning,
    fix: "give the node a `retry_policy` with `max_attempts` of 2 or more",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    for (_, node, known) in nodes(workflow) {
        let tried_again = node.retry_policy.as_ref().is_some_and(|policy| policy.max_attempts.get() > 1);
        let calls = known.effect == Effect::CallsOut && matches!(known.name, "http" | "lambda");
        if calls && !tried_again {
            let message = format!("node {} calls out and gives up at the first error", quoted(&node.node_id));
            found.push((node.node_id.place, message));
        }
    }
}
