//! W003: a map without a bound.

use super::Lint;
use super::nodes;
use crate::check::Workflow;
use crate::problem::quoted;
use crate::problem::{Place, Severity};
use crate::types::map;

pub(super) const LINT: Lint = Lint {
    code: "W003",
    title: "a map without a bound",
    severity: Severity::Warning,
    fix: "give the map `max_concurrency`",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    for (_, node, known) in nodes(workflow) {
        if known.name == "map" && node.config.as_ref().is_some_and(|config| !map::is_bounded(config)) {
            let message = format!("map {} works on all its items at once", quoted(&node.node_id));
            found.push((node.node_id.place, message));
        }
    }
}
