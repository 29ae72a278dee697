//! SVG: nodes in columns by how many stand before them, in an order that keeps lines short.

use super::{critical, edges, is_critical, short};
use crate::check::Workflow;
use crate::graph::{ByNode, Graph, Ix};
use crate::plan::Plan;
use std::fmt::Write;

const WIDTH: usize = 176;
const HEIGHT: usize = 34;
const GAP_X: usize = 64;
const GAP_Y: usize = 18;
const MARGIN: usize = 16;

const STYLE: &str = "<style>rect{fill:#fff;stroke:#64748b;stroke-width:1.5}text{font:13px system-ui,sans-serif;fill:#0f172a}\
.edge{fill:none;stroke:#94a3b8;stroke-width:1.5}.critical{stroke:#c2410c;stroke-width:2.5}\
@media(prefers-color-scheme:dark){rect{fill:#1e293b}text{fill:#f1f5f9}}</style>";

/// A picture in SVG.
#[must_use]
pub fn svg(workflow: &Workflow, plan: &Plan) -> String {
    let critical = critical(plan);
    let columns = columns(&workflow.graph);
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let (width, height) = (extent(columns.len(), WIDTH, GAP_X), extent(rows, HEIGHT, GAP_Y));
    let mut at = ByNode::of((0, 0), workflow.graph.len());
    for (column, nodes) in columns.iter().enumerate() {
        let above = (height - extent(nodes.len(), HEIGHT, GAP_Y)) / 2;
        for (row, node) in nodes.iter().enumerate() {
            at[*node] = (MARGIN + column * (WIDTH + GAP_X), MARGIN + above + row * (HEIGHT + GAP_Y));
        }
    }
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\
         <title>{}</title>{STYLE}\n",
        escaped(&workflow.dag.dag_id)
    );
    for (from, to) in edges(workflow) {
        let class = if is_critical(plan, from, to, &critical) { "edge critical" } else { "edge" };
        let ((x1, y1), (x2, y2)) = ((at[from].0 + WIDTH, at[from].1 + HEIGHT / 2), (at[to].0, at[to].1 + HEIGHT / 2));
        let bend = GAP_X / 2;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "<path class=\"{class}\" d=\"M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}\"/>",
            x1 + bend,
            x2.saturating_sub(bend)
        );
    }
    for node in workflow.graph.before.numbers() {
        let (x, y) = at[node];
        let class = if critical[node] { " class=\"critical\"" } else { "" };
        let (id, label) = (escaped(workflow.id(node)), escaped(&short(workflow.id(node), 22)));
        let _ = writeln!(
            text,
            "<g><title>{id}</title><rect{class} x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{label}</text></g>",
            x + WIDTH / 2,
            y + HEIGHT / 2 + 5
        );
    }
    text.push_str("</svg>\n");
    text
}

/// How far so many things reach, with margins.
fn extent(count: usize, each: usize, gap: usize) -> usize {
    2 * MARGIN + count * each + count.saturating_sub(1) * gap
}

/// Nodes by the length of the longest way to them; within a column by where what they depend on stands.
fn columns(graph: &Graph) -> Vec<Vec<Ix>> {
    let mut column = ByNode::of(0_usize, graph.len());
    let mut columns: Vec<Vec<Ix>> = Vec::new();
    for node in &graph.order {
        column[*node] = graph.before[*node].iter().map(|before| column[*before] + 1).max().unwrap_or(0);
        match columns.get_mut(column[*node]) {
            Some(nodes) => nodes.push(*node),
            None => columns.push(vec![*node]),
        }
    }
    let mut row = ByNode::of(0_usize, graph.len());
    for nodes in &mut columns {
        let height = |node: &Ix| {
            let before = &graph.before[*node];
            let sum: usize = before.iter().map(|before| row[*before]).sum();
            (sum * 1_024).checked_div(before.len()).unwrap_or(0)
        };
        nodes.sort_by_cached_key(height);
        for (at, node) in nodes.iter().enumerate() {
            row[*node] = at;
        }
    }
    columns
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
