//! How large what a definition hands on may become. Outputs of nodes do not travel through it, so a state's input is the
//! run's id, and what grows is what a node's message says: its id and all that it waits for.

use super::Compiled;
use crate::check::Workflow;
use crate::problem::{Problem, quoted};
use serde_json::{Value, json};

/// The most bytes of a state's input or output, and of a message, that Step Functions and SQS take.
pub const MOST: usize = 262_144;
/// The longest task token.
const TOKEN: usize = 2_048;
/// The longest name of an execution, which a run's id is.
const RUN: usize = 80;

/// The nodes whose messages might not be taken, at the worst.
#[must_use]
pub fn problems(workflow: &Workflow, compiled: &Compiled) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, after) in compiled.after.iter() {
        let Some(node) = workflow.node(at) else { continue };
        // Texts of one character a byte, such as tokens are, are as long as they are written.
        let after: Vec<Value> = after.iter().map(|wait| wait.to_json(workflow)).collect();
        let message = json!({"run": "", "node": node.node_id.as_str(), "token": "", "after": after});
        let bytes = message.to_string().len() + RUN + TOKEN;
        if bytes > MOST {
            let id = quoted(&node.node_id);
            let waits = after.len();
            let text = format!(
                "the message of node {id} may have {bytes} bytes, and a state hands on {MOST}: it names {waits} nodes that it waits for"
            );
            let hint = "give the nodes that it depends on shorter ids, or put a noop between".to_owned();
            problems.push(Problem::error(node.node_id.place, "payload", text).hint(Some(hint)));
        }
    }
    problems.sort_by_key(|problem| problem.place);
    problems
}
