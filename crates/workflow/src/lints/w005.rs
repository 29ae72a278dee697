//! W005: an effect that nothing undoes.

use super::Lint;
use super::nodes;
use crate::check::Workflow;
use crate::format::OnFailure;
use crate::problem::quoted;
use crate::problem::{Place, Severity};
use crate::types::{Effect, http};

pub(super) const LINT: Lint = Lint {
    code: "W005",
    title: "an effect that nothing undoes",
    severity: Severity::Warning,
    fix: "give the node `compensate_with`, or set `on_failure: keep`",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    if workflow.dag.on_failure != OnFailure::Compensate {
        return;
    }
    for (_, node, known) in nodes(workflow) {
        let reads = known.name == "http" && node.config.as_ref().is_some_and(http::only_reads);
        if known.effect == Effect::CallsOut && !reads && node.compensate_with.is_none() {
            let message = format!("the run compensates, but nothing undoes what node {} did", quoted(&node.node_id));
            found.push((node.node_id.place, message));
        }
    }
}
