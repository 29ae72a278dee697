//! What to expect of a run before it runs.

use crate::check::Workflow;
use crate::format::WorkflowNode;
use crate::graph::{ByNode, Longest};
use crate::types::wait;

/// What to expect of a run with as many workers as there are nodes to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How long each node takes, in milliseconds.
    pub takes: ByNode<u64>,
    /// Which nodes say nothing about how long they take.
    pub assumed: ByNode<bool>,
    /// When nodes start and end, and what makes the whole take so long.
    pub longest: Longest,
}

/// Plans a workflow; a node that says nothing about how long it takes is assumed to take `assume` seconds.
#[must_use]
pub fn plan(workflow: &Workflow, assume: u64) -> Plan {
    let known: ByNode<Option<u64>> = workflow.dag.nodes.iter().map(expected).collect();
    let takes: ByNode<u64> = known.iter().map(|(_, known)| known.unwrap_or(assume.saturating_mul(1_000))).collect();
    let assumed = known.iter().map(|(_, known)| known.is_none()).collect();
    let longest = Longest::new(&workflow.graph, &takes);
    Plan { takes, assumed, longest }
}

/// What a node says about how long it takes, in milliseconds.
fn expected(node: &WorkflowNode) -> Option<u64> {
    if let Some(expected) = node.expected_seconds {
        return Some(expected.millis());
    }
    match node.task_type.as_str() {
        "noop" => Some(0),
        "wait" => node.config.as_ref().and_then(wait::millis),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_assumed() {
        let checked = crate::check(include_str!("../tests/data/everything.yaml"));
        let workflow = checked.workflow.unwrap();
        let plan = plan(&workflow, 10);
        let takes: Vec<_> = plan.takes.iter().map(|(_, takes)| *takes).collect();
        assert_eq!(takes, [10_000, 40_000, 600_500, 10_000, 10_000]);
        assert_eq!(plan.assumed.iter().filter(|(_, assumed)| **assumed).count(), 3);
        let critical: Vec<_> = plan.longest.critical.iter().map(|at| workflow.id(*at)).collect();
        assert_eq!(critical, ["fetch", "build", "approve", "ship"]);
        assert_eq!((plan.longest.makespan, plan.longest.width), (630_500, 2));
    }
}
