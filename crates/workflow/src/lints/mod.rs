//! Best practices: one file and one line a lint, and a page in `docs/lints`.

mod w001;
mod w002;
mod w003;
mod w004;
mod w005;
mod w006;
mod w007;
mod w008;
mod w009;
mod w010;

use crate::check::Workflow;
use crate::format::WorkflowNode;
use crate::graph::Ix;
use crate::problem::{Place, Problem, Severity};
use crate::types::{self, TaskType};

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// Its code, such as `W001`.
    pub code: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// How bad that is.
    pub severity: Severity,
    /// How to mend it.
    pub fix: &'static str,
    find: fn(&Workflow, &mut Vec<(Place, String)>),
}

/// All lints, by code.
pub const ALL: [&Lint; 10] = [
    &w001::LINT,
    &w002::LINT,
    &w003::LINT,
    &w004::LINT,
    &w005::LINT,
    &w006::LINT,
    &w007::LINT,
    &w008::LINT,
    &w009::LINT,
    &w010::LINT,
];

/// What all lints find in a workflow, in the order of its text.
#[must_use]
pub fn lint(workflow: &Workflow) -> Vec<Problem> {
    let mut problems = Vec::new();
    for lint in ALL {
        let mut found = Vec::new();
        (lint.find)(workflow, &mut found);
        problems.extend(found.into_iter().map(|(place, message)| Problem {
            severity: lint.severity,
            code: lint.code,
            place,
            message,
            hint: Some(lint.fix.to_owned()),
        }));
    }
    problems.sort_by_key(|problem| (problem.place, problem.code));
    problems
}

/// The nodes of a workflow with their types.
fn nodes(workflow: &Workflow) -> impl Iterator<Item = (Ix, &WorkflowNode, &'static TaskType)> {
    let with_numbers = workflow.graph.before.numbers().zip(&workflow.dag.nodes);
    with_numbers.filter_map(|(at, node)| types::find(&node.task_type).map(|known| (at, node, known)))
}
