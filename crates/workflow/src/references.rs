//! What nodes read of each other: `{% expression %}` in configs and `when`, JSONata over `$nodes` and `$context`.
//!
//! `$nodes.ID.output` is what a node handed over (nothing, where it was skipped), `$nodes.ID.status` is `succeeded` or
//! `skipped`; `$context.variables.NAME` is a variable of the run.

use crate::format::{WorkflowDag, WorkflowNode};
use crate::graph::{Graph, Ix};
use crate::problem::{Place, Problem, did_you_mean, quoted};
use crate::yaml::Node;
use maestro_asl::Expression;
use std::collections::HashMap;

/// The expression in a text of the form `{% expression %}`.
#[must_use]
pub fn expression(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

/// What a node's `when` and config read, each with its place.
fn expressions(node: &WorkflowNode) -> Vec<(Place, &str)> {
    let mut found = Vec::new();
    if let Some(when) = &node.when {
        found.push((when.place, expression(when).unwrap_or(when)));
    }
    in_value(node.config.as_ref(), &mut found);
    found
}

fn in_value<'a>(config: Option<&'a Node>, found: &mut Vec<(Place, &'a str)>) {
    if let Some(config) = config {
        config.each_text("", &mut |_, place, text| {
            if let Some(text) = expression(text) {
                found.push((place, text));
            }
        });
    }
}

/// Checks all expressions of a workflow whose graph is sound.
pub(crate) fn check(dag: &WorkflowDag, graph: &Graph, numbers: &HashMap<&str, Ix>, problems: &mut Vec<Problem>) {
    let mut ancestry = graph.ancestry();
    for (node, at) in dag.nodes.iter().zip(graph.before.numbers()) {
        let mut undone = Vec::new();
        if let Some(compensation) = &node.compensate_with {
            in_value(compensation.config.as_ref(), &mut undone);
        }
        let all =
            expressions(node).into_iter().map(|one| (one, false)).chain(undone.into_iter().map(|one| (one, true)));
        for ((place, text), after_the_node) in all {
            let expression = match Expression::parse(text) {
                Ok(expression) => expression,
                Err(fault) => {
                    let message = format!("the expression {} cannot be read: {fault}", quoted(text));
                    problems.push(Problem::error(place, "invalid-expression", message));
                    continue;
                }
            };
            for way in expression.ways_into("context") {
                problems.extend(variable(dag, place, &way));
            }
            for way in expression.ways_into("nodes") {
                let Some(read) = way.first() else {
                    let message = "`$nodes` must be read as `$nodes.ID.output`, so that it can be checked";
                    problems.push(Problem::error(place, "unknown-reference", message));
                    continue;
                };
                let Some(of) = numbers.get(read.as_str()) else {
                    let message = format!("the expression reads of a node {}, which there is not", quoted(read));
                    let hint = did_you_mean(read, numbers.keys().copied());
                    problems.push(Problem::error(place, "unknown-reference", message).hint(hint));
                    continue;
                };
                let own = after_the_node && *of == at;
                if !own && !ancestry.is_ancestor(*of, at) {
                    let message = format!(
                        "node {} reads of {}, which need not be complete then",
                        quoted(&node.node_id),
                        quoted(read)
                    );
                    let hint = format!("add {} to its `dependencies`", quoted(read));
                    problems.push(Problem::error(place, "not-an-ancestor", message).hint(Some(hint)));
                }
                match way.get(1).map(String::as_str) {
                    Some("output" | "status") => {}
                    other => {
                        let found = other.map_or("nothing".to_owned(), quoted);
                        let message = format!(
                            "a node has an `output` and a `status`; the expression reads {found} of {}",
                            quoted(read)
                        );
                        let hint = other.and_then(|other| did_you_mean(other, ["output", "status"].into_iter()));
                        problems.push(Problem::error(place, "unknown-reference", message).hint(hint));
                    }
                }
            }
        }
    }
}

fn variable(dag: &WorkflowDag, place: Place, way: &[String]) -> Option<Problem> {
    let known = &dag.context.variables;
    let problem = |message: String| Problem::error(place, "unknown-reference", message);
    match way {
        [whole, name, ..] if whole == "variables" => {
            let message = format!("the context has no variable {}", quoted(name));
            let hint = did_you_mean(name, known.keys().map(String::as_str));
            (!known.contains_key(name)).then(|| problem(message).hint(hint))
        }
        [whole] if whole == "variables" => None,
        _ => Some(problem("`$context` must be read as `$context.variables.NAME`".into())),
    }
}
