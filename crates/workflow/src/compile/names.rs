//! Names of states: the nodes' ids, or what can be made of them.

use crate::check::Workflow;
use crate::graph::ByNode;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// The longest name of a state.
const LONGEST: usize = 80;
/// How much of an id stays in a name that is derived.
const KEPT: usize = 60;

/// The name of each node's state. Different nodes have different names, whatever their ids look like.
pub(super) fn states(workflow: &Workflow) -> ByNode<String> {
    let mut taken: HashSet<String> =
        workflow.dag.nodes.iter().map(|node| &*node.node_id).filter(|id| is_plain(id)).cloned().collect();
    let mut name = |id: &str| {
        if is_plain(id) {
            return id.to_owned();
        }
        let kept: String = id.chars().take(KEPT).map(|c| if plain(c) { c } else { '_' }).collect();
        let hash = hex::encode(Sha256::digest(id));
        let lengths = [8, 12, 16];
        let tries = lengths.into_iter().map(|length| format!("{kept}-{}", hash.get(..length).unwrap_or(&hash)));
        let name = tries.into_iter().find(|name| !taken.contains(name)).unwrap_or_else(|| hash.clone());
        taken.insert(name.clone());
        name
    };
    workflow.dag.nodes.iter().map(|node| name(&node.node_id)).collect()
}

fn is_plain(id: &str) -> bool {
    id.len() <= LONGEST && id.chars().all(plain)
}

fn plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || " _-.".contains(c)
}
