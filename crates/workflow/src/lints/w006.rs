//! W006: too wide a fan-out.

use super::Lint;
use super::nodes;
use crate::check::Workflow;
use crate::problem::quoted;
use crate::problem::{Place, Severity};

pub(super) const LINT: Lint = Lint {
    code: "W006",
    title: "too wide a fan-out",
    severity: Severity::Warning,
    fix: "let nodes between them gather and hand on, or use a `map` with `max_concurrency`",
    find,
};

/// More than this start at once when one node is complete.
const WIDEST: usize = 100;

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    for (at, node, _) in nodes(workflow) {
        let count = workflow.graph.after[at].len();
        if count > WIDEST {
            let message =
                format!("{count} nodes depend on {}; more than {WIDEST} start at once", quoted(&node.node_id));
            found.push((node.node_id.place, message));
        }
    }
}
