//! Writes Amazon States Language.

use super::relays::Wait;
use super::split::{Cost, Piece};
use super::{DEADLINE, Definition};
use crate::check::Workflow;
use crate::format::{OnFailure, Rate, RetryPolicy, Seconds, WorkflowNode};
use crate::graph::{ByNode, Ix};
use serde_json::{Map, Value, json};

const QUEUE: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
const NESTED: &str = "arn:aws:states:::states:startExecution.sync:2";
/// How often a message or a nested execution that cannot be sent is sent again.
const SENDS: usize = 3;
/// Names that no node's state has, since they are not plain.
const GRAPH: &str = "(graph)";
const COMPENSATE: &str = "(compensate)";
const FAILED: &str = "(failed)";

/// The state of a node, without what comes next.
#[derive(Debug)]
pub(super) struct Task {
    state: Map<String, Value>,
    attempts: usize,
}

impl Task {
    /// What it costs, with a name and what comes next.
    pub(super) fn cost(&self, name: &str) -> Cost {
        let state = serde_json::to_string(&self.state).map_or(0, |text| text.len());
        // Entered and exited; each attempt is scheduled, started and submitted, and ends; some are not even submitted.
        Cost { bytes: state + name.len() + 110, events: 2 + 4 * self.attempts + 3 * SENDS }
    }
}

fn deadline(workflow: &Workflow) -> u64 {
    workflow.dag.timeout_seconds.map_or(DEADLINE, Seconds::get)
}

/// The state of a node.
pub(super) fn task(workflow: &Workflow, at: Ix, after: &[Wait]) -> Task {
    let mut state = Map::new();
    let Some(node) = workflow.node(at) else { return Task { state, attempts: 1 } };
    let mut message = Map::new();
    message.insert("run.$".into(), "$.run".into());
    message.insert("node".into(), node.node_id.as_str().into());
    message.insert("token.$".into(), "$$.Task.Token".into());
    if !after.is_empty() {
        message.insert("after".into(), after.iter().map(|wait| wait.to_json(workflow)).collect());
    }
    state.insert("Type".into(), "Task".into());
    if let Some(name) = &node.name {
        state.insert("Comment".into(), name.as_str().into());
    }
    state.insert("Resource".into(), QUEUE.into());
    state.insert("Parameters".into(), json!({"QueueUrl": "${WorkflowQueueUrl}", "MessageBody": message}));
    state.insert("ResultPath".into(), Value::Null);
    times(node, deadline(workflow), !after.is_empty(), &mut state);
    let policy = node.retry_policy.as_ref().map(|policy| &policy.value);
    state.insert("Retry".into(), retry("Sqs.SdkClientException", policy).into());
    let attempts = policy.map_or(1, |policy| usize::try_from(policy.max_attempts.get()).unwrap_or(usize::MAX));
    Task { state, attempts }
}

/// A node that waits for others may be with its runtime for long before it runs: the runtime watches over its times, and
/// here only the deadline of the whole holds.
fn times(node: &WorkflowNode, deadline: u64, waits: bool, state: &mut Map<String, Value>) {
    let timeout = node.timeout_seconds.filter(|_| !waits).map_or(deadline, |timeout| timeout.get());
    state.insert("TimeoutSeconds".into(), timeout.into());
    if let Some(heartbeat) = node.heartbeat_seconds.filter(|_| !waits) {
        state.insert("HeartbeatSeconds".into(), heartbeat.get().into());
    }
}

fn retry(unsent: &str, policy: Option<&RetryPolicy>) -> Vec<Value> {
    let mut rules = vec![json!({
        "ErrorEquals": [unsent], "IntervalSeconds": 2, "MaxAttempts": SENDS, "BackoffRate": 2.0, "MaxDelaySeconds": 60,
        "JitterStrategy": "FULL",
    })];
    let Some(policy) = policy.filter(|policy| policy.max_attempts.get() > 1) else { return rules };
    if !policy.non_retryable.is_empty() {
        let names: Vec<&str> = policy.non_retryable.iter().map(|name| name.as_str()).collect();
        rules.push(json!({"ErrorEquals": names, "MaxAttempts": 0}));
    }
    let mut rule = Map::new();
    rule.insert("ErrorEquals".into(), json!(["States.ALL"]));
    rule.insert("IntervalSeconds".into(), policy.interval_seconds.map_or(1, Seconds::get).into());
    rule.insert("MaxAttempts".into(), (policy.max_attempts.get() - 1).into());
    rule.insert("BackoffRate".into(), policy.backoff_rate.map_or(2.0, Rate::get).into());
    if let Some(most) = policy.max_delay_seconds {
        rule.insert("MaxDelaySeconds".into(), most.get().into());
    }
    if policy.jitter {
        rule.insert("JitterStrategy".into(), "FULL".into());
    }
    rules.push(rule.into());
    rules
}

/// Writes all definitions of a workflow.
pub(super) fn definitions(
    workflow: &Workflow,
    pieces: &[Piece],
    names: &ByNode<String>,
    tasks: ByNode<Task>,
) -> Vec<Definition> {
    let dag_id = workflow.dag.dag_id.as_str();
    let mut writer = Writer { names, tasks, deadline: deadline(workflow), together: 0 };
    let mut definitions = Vec::with_capacity(pieces.len());
    for (number, piece) in pieces.iter().enumerate() {
        let mut asl = writer.scope(std::slice::from_ref(piece));
        let first = number == 0;
        if first && workflow.dag.on_failure == OnFailure::Compensate {
            asl = compensating(asl.into(), writer.deadline);
        }
        let comment = match &workflow.dag.description {
            Some(about) if first => about.clone(),
            _ if first => format!("Workflow {dag_id}"),
            _ => format!("Workflow {dag_id}, part {number}"),
        };
        asl.insert("Comment".into(), comment.into());
        asl.insert("TimeoutSeconds".into(), writer.deadline.into());
        let name = if first { dag_id.to_owned() } else { format!("{dag_id}-part-{number}") };
        definitions.push(Definition { name, token: (!first).then(|| token(number)), asl: asl.into() });
    }
    definitions
}

fn token(number: usize) -> String {
    format!("Part{number}StateMachineArn")
}

struct Writer<'a> {
    names: &'a ByNode<String>,
    tasks: ByNode<Task>,
    deadline: u64,
    together: usize,
}

impl Writer<'_> {
    /// A scope that runs pieces one after the other.
    fn scope(&mut self, pieces: &[Piece]) -> Map<String, Value> {
        let row: &[Piece] = match pieces {
            [Piece::Row(row)] => row,
            row => row,
        };
        let written: Vec<(String, Map<String, Value>)> = row.iter().map(|piece| self.state(piece)).collect();
        let names: Vec<String> = written.iter().map(|(name, _)| name.clone()).collect();
        let mut states = Map::new();
        for ((name, mut state), next) in written.into_iter().zip(names.iter().skip(1).map(Some).chain([None])) {
            match next {
                Some(next) => state.insert("Next".into(), next.as_str().into()),
                None => state.insert("End".into(), true.into()),
            };
            states.insert(name, state.into());
        }
        let mut scope = Map::new();
        scope.insert("StartAt".into(), names.into_iter().next().unwrap_or_default().into());
        scope.insert("States".into(), states.into());
        scope
    }

    fn state(&mut self, piece: &Piece) -> (String, Map<String, Value>) {
        match piece {
            Piece::Node(at) => (self.names[*at].clone(), std::mem::take(&mut self.tasks[*at].state)),
            Piece::Part(number) => (format!("(part {number})"), self.nested(*number)),
            // A row that stands where one state must is a single branch.
            Piece::Row(_) => self.together(std::slice::from_ref(piece)),
            Piece::Together(branches) => self.together(branches),
        }
    }

    fn together(&mut self, branches: &[Piece]) -> (String, Map<String, Value>) {
        self.together += 1;
        let name = format!("(together {})", self.together);
        let branches = branches.iter().map(|branch| self.scope(std::slice::from_ref(branch)).into());
        let branches: Vec<Value> = branches.collect();
        let mut state = Map::new();
        state.insert("Type".into(), "Parallel".into());
        state.insert("Branches".into(), branches.into());
        state.insert("ResultPath".into(), Value::Null);
        (name, state)
    }

    fn nested(&self, number: usize) -> Map<String, Value> {
        let mut state = Map::new();
        state.insert("Type".into(), "Task".into());
        state.insert("Resource".into(), NESTED.into());
        let parameters = json!({
            "StateMachineArn": format!("${{{}}}", token(number)),
            "Name.$": format!("States.Format('{{}}-{number}', $$.Execution.Name)"),
            "Input": {"run.$": "$.run", "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"},
        });
        state.insert("Parameters".into(), parameters);
        state.insert("ResultPath".into(), Value::Null);
        state.insert("TimeoutSeconds".into(), self.deadline.into());
        state.insert("Retry".into(), retry("StepFunctions.SdkClientException", None).into());
        state
    }
}

/// The whole as one state, so that whatever fails in it is caught in one place.
fn compensating(graph: Value, deadline: u64) -> Map<String, Value> {
    let states = json!({
        GRAPH: {
            "Type": "Parallel", "Branches": [graph], "ResultPath": null,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": COMPENSATE}],
            "End": true,
        },
        COMPENSATE: {
            "Type": "Task", "Resource": QUEUE,
            "Parameters": {
                "QueueUrl": "${WorkflowQueueUrl}",
                "MessageBody": {"run.$": "$.run", "compensate": true, "failure.$": "$.failure", "token.$": "$$.Task.Token"},
            },
            "ResultPath": null, "TimeoutSeconds": deadline,
            "Retry": retry("Sqs.SdkClientException", None),
            "Next": FAILED,
        },
        FAILED: {"Type": "Fail", "ErrorPath": "$.failure.Error", "CausePath": "$.failure.Cause"},
    });
    let mut scope = Map::new();
    scope.insert("StartAt".into(), GRAPH.into());
    scope.insert("States".into(), states);
    scope
}
