//! DOT, for Graphviz.

use super::{critical, edges, is_critical, short};
use crate::check::Workflow;
use crate::plan::Plan;
use std::fmt::Write;

const CRITICAL: &str = "color=\"#c2410c\", penwidth=2";

/// A graph in DOT.
#[must_use]
pub fn dot(workflow: &Workflow, plan: &Plan) -> String {
    let critical = critical(plan);
    let mut text =
        format!("digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, style=rounded];\n", *workflow.dag.dag_id);
    for at in workflow.graph.before.numbers() {
        let label = short(workflow.id(at), 60).replace('\\', "\\\\").replace('"', "\\\"");
        let style = if critical[at] { format!(", {CRITICAL}") } else { String::new() };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  n{} [label=\"{label}\"{style}];", at.0);
    }
    for (from, to) in edges(workflow) {
        let style = if is_critical(plan, from, to, &critical) { format!(" [{CRITICAL}]") } else { String::new() };
        let _ = writeln!(text, "  n{} -> n{}{style};", from.0, to.0);
    }
    text.push_str("}\n");
    text
}
