//! Mermaid, which GitHub and many editors show.

use super::{critical, edges, is_critical, short};
use crate::check::Workflow;
use crate::plan::Plan;
use std::fmt::Write;

/// A flowchart in Mermaid.
#[must_use]
pub fn mermaid(workflow: &Workflow, plan: &Plan) -> String {
    let critical = critical(plan);
    let mut text = "flowchart LR\n".to_owned();
    for at in workflow.graph.before.numbers() {
        let class = if critical[at] { ":::critical" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    n{}[\"{}\"]{class}", at.0, escaped(&short(workflow.id(at), 60)));
    }
    for (from, to) in edges(workflow) {
        let arrow = if is_critical(plan, from, to, &critical) { "==>" } else { "-->" };
        let _ = writeln!(text, "    n{} {arrow} n{}", from.0, to.0);
    }
    text.push_str("    classDef critical stroke:#c2410c,stroke-width:3px\n");
    text
}

/// Characters that Mermaid or the HTML it makes would read, by their numbers.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\"#<>&`[]{}|\\;".contains(c) {
            let _ = write!(escaped, "#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}
