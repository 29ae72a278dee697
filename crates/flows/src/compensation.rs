//! What is undone, in which order.

use crate::{board::Board, flow::Flow};
use maestro_domain::NodeStatus;
use maestro_workflow::graph::Ix;

/// The nodes to undo: those that ran and say how they are undone, the last completed first. Of those that were completed
/// in the same millisecond, what depends on another comes before it.
#[must_use]
pub fn order(flow: &Flow, board: &Board) -> Vec<u32> {
    let mut done: Vec<(u64, u32, u32)> = board
        .nodes()
        .filter_map(|(node, row)| {
            let outcome = row.outcome().filter(|outcome| outcome.status == NodeStatus::Succeeded)?;
            flow.workflow.node(Ix(node))?.compensate_with.as_ref()?;
            Some((outcome.at_ms, flow.place(node), node))
        })
        .collect();
    done.sort_unstable_by(|a, b| b.cmp(a));
    done.into_iter().map(|(_, _, node)| node).collect()
}
