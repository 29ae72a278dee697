//! Pictures of workflows. What makes a run take so long stands out.

mod dot;
mod mermaid;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use crate::check::Workflow;
use crate::graph::{ByNode, Ix};
use crate::plan::Plan;

/// Whether each node decides on when the whole ends.
fn critical(plan: &Plan) -> ByNode<bool> {
    let mut critical = ByNode::of(false, plan.takes.len());
    for at in &plan.longest.critical {
        critical[*at] = true;
    }
    critical
}

/// The edges, as (dependency, node).
fn edges(workflow: &Workflow) -> impl Iterator<Item = (Ix, Ix)> {
    workflow.graph.before.iter().flat_map(|(at, before)| before.iter().map(move |before| (*before, at)))
}

/// Whether an edge lies between neighbours of the critical path.
fn is_critical(plan: &Plan, from: Ix, to: Ix, critical: &ByNode<bool>) -> bool {
    critical[from] && critical[to] && plan.longest.ends[from] == plan.longest.starts[to]
}

/// A text of at most so many characters.
fn short(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draw: fn(&Workflow, &Plan) -> String) -> String {
        let text = "dag_id: d\nnodes:\n- {node_id: 'a \"b\" <c> # & 🚀', task_type: noop}\n- {node_id: b, task_type: wait, config: {seconds: 5}, dependencies: ['a \"b\" <c> # & 🚀']}\n- {node_id: c, task_type: noop, dependencies: ['a \"b\" <c> # & 🚀']}\n";
        let workflow = crate::check(text).workflow.unwrap();
        let plan = crate::plan::plan(&workflow, 60);
        draw(&workflow, &plan)
    }

    #[test]
    fn mermaid_escapes_what_it_would_read() {
        let expected = "flowchart LR\n    n0[\"a #34;b#34; #60;c#62; #35; #38; 🚀\"]:::critical\n    n1[\"b\"]:::critical\n    n2[\"c\"]\n    n0 ==> n1\n    n0 --> n2\n    classDef critical stroke:#c2410c,stroke-width:3px\n";
        assert_eq!(drawn(mermaid), expected);
    }

    #[test]
    fn dot_escapes_what_it_would_read() {
        let expected = "digraph \"d\" {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n  n0 [label=\"a \\\"b\\\" <c> # & 🚀\", color=\"#c2410c\", penwidth=2];\n  n1 [label=\"b\", color=\"#c2410c\", penwidth=2];\n  n2 [label=\"c\"];\n  n0 -> n1 [color=\"#c2410c\", penwidth=2];\n  n0 -> n2;\n}\n";
        assert_eq!(drawn(dot), expected);
    }

    #[test]
    fn svg_escapes_what_it_would_read() {
        let drawn = drawn(svg);
        assert!(drawn.starts_with("<svg xmlns=") && drawn.ends_with("</svg>\n"));
        assert!(drawn.contains("a &quot;b&quot; &lt;c&gt; # &amp; 🚀"), "{drawn}");
        assert_eq!((drawn.matches("<rect").count(), drawn.matches("<path").count()), (3, 2));
        assert_eq!(drawn.matches("class=\"edge critical\"").count(), 1, "{drawn}");
    }
}
