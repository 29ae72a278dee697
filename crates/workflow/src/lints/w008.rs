//! W008: long work without a sign of life.

use super::Lint;
use super::nodes;
use crate::check::Workflow;
use crate::problem::quoted;
use crate::problem::{Place, Severity};
use crate::types::Effect;

pub(super) const LINT: Lint = Lint {
    code: "W008",
    title: "long work without a sign of life",
    severity: Severity::Advice,
    fix: "give the node `heartbeat_seconds`",
    find,
};

/// Work of up to this many seconds may be silent.
const LONG: u64 = 3_600;

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    for (_, node, known) in nodes(workflow) {
        let works = !matches!(known.effect, Effect::None | Effect::Waits);
        let Some(timeout) = node.timeout_seconds else { continue };
        if works && timeout.get() > LONG && node.heartbeat_seconds.is_none() {
            let message = format!(
                "a dead worker of node {} is noticed only after {} seconds",
                quoted(&node.node_id),
                timeout.get()
            );
            found.push((timeout.place, message));
        }
    }
}
