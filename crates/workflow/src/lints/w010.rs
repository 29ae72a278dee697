//! W010: ids that differ in case only.

use super::Lint;
use crate::check::Workflow;
use crate::problem::quoted;
use crate::problem::{Place, Severity};
use std::collections::HashMap;

pub(super) const LINT: Lint = Lint {
    code: "W010",
    title: "ids that differ in case only",
    severity: Severity::Warning,
    fix: "give the nodes ids that people can tell apart",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    let mut known: HashMap<String, &str> = HashMap::new();
    for node in &workflow.dag.nodes {
        let id = node.node_id.as_str();
        if let Some(other) = known.insert(id.to_lowercase(), id) {
            found.push((node.node_id.place, format!("{} differs from {} in case only", quoted(id), quoted(other))));
        }
    }
}
