//! W009: a dependency that others imply.

use super::Lint;
use crate::check::Workflow;
use crate::graph::reduce;
use crate::problem::quoted;
use crate::problem::{Place, Severity};

pub(super) const LINT: Lint = Lint {
    code: "W009",
    title: "a dependency that others imply",
    severity: Severity::Advice,
    fix: "take the dependency out",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    let (_, implied) = reduce(&workflow.graph);
    for (dependency, at) in implied {
        let (Some(node), id) = (workflow.node(at), workflow.id(dependency)) else { continue };
        if let Some(named) = node.dependencies.iter().find(|one| one.as_str() == id) {
            let message = format!("{} is complete anyway when the other dependencies are", quoted(id));
            found.push((named.place, message));
        }
    }
}
