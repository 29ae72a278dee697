//! Writes Amazon States Language.

use super::relays::Wait;
use super::split::{Cost, Piece};
use super::{DEADLINE, Definition};
use crate::check::Workflow;
use crate::format::{OnFailure, Rate, RetryPolicy, Seconds, WorkflowNode};
use crate::graph::{ByNode, Ix};
use crate::types;
use serde_json::{Map, Value, json};

/// How much longer the address of a queue may be than its token: its name has up to 80 characters.
const URL: usize = 120;
const QUEUE: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
const NESTED: &str = "arn:aws:states:::states:startExecution.sync:2";
/// How often a message or a nested execution that cannot be sent is sent again.
const SENDS: usize = 3;
/// Names that no node's state has, since they are not plain.
const GRAPH: &str = "(graph)";
const COMPENSATE: &str = "(compensate)";
const FAILED: &str = "(failed)";

/// The state of a node: the text of its fields, without what comes next.
#[derive(Debug)]
pub(super) struct Task {
    fields: String,
    attempts: usize,
}

impl Task {
    /// What it costs, with a name and what comes next.
    pub(super) fn cost(&self, name: &str) -> Cost {
        // Entered and exited; each attempt is scheduled, started and submitted, and ends; some are not even submitted.
        Cost { bytes: self.fields.len() + name.len() + 110 + URL, events: 2 + 4 * self.attempts + 3 * SENDS }
    }
}

fn deadline(workflow: &Workflow) -> u64 {
    workflow.dag.timeout_seconds.map_or(DEADLINE, Seconds::get)
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The state of a node. There are many of them, so their texts are written without a tree of values.
pub(super) fn task(workflow: &Workflow, at: Ix, after: &[Wait]) -> Task {
    let mut fields = String::with_capacity(512);
    let Some(node) = workflow.node(at) else { return Task { fields, attempts: 1 } };
    fields.push_str("\"Type\":\"Task\",");
    if let Some(name) = &node.name {
        fields.push_str(&format!("\"Comment\":{},", quoted(name)));
    }
    fields.push_str(&format!(
        "\"Resource\":\"{QUEUE}\",\"Parameters\":{{\"QueueUrl\":\"${{WorkflowQueueUrl}}\",\"MessageBody\":{{\"run.$\":\"$.run\",\
         \"node\":{},\"token.$\":\"$$.Task.Token\"",
        quoted(&node.node_id)
    ));
    if !after.is_empty() {
        let after: Value = after.iter().map(|wait| wait.to_json(workflow)).collect();
        fields.push_str(&format!(",\"after\":{after}"));
    }
    fields.push_str("}},\"ResultPath\":null,");
    times(node, deadline(workflow), !after.is_empty(), &mut fields);
    let policy = node.retry_policy.as_ref().map(|policy| &policy.value);
    fields.push_str(&format!("\"Retry\":{}", retry("Sqs.SdkClientException", policy, &node.task_type)));
    let attempts = policy.map_or(1, |policy| usize::try_from(policy.max_attempts.get()).unwrap_or(usize::MAX));
    Task { fields, attempts }
}

/// A node that waits for others may be with its runtime for long before it runs: the runtime watches over its times, and
/// here only the deadline of the whole holds.
fn times(node: &WorkflowNode, deadline: u64, waits: bool, fields: &mut String) {
    let timeout = node.timeout_seconds.filter(|_| !waits).map_or(deadline, |timeout| timeout.get());
    fields.push_str(&format!("\"TimeoutSeconds\":{timeout},"));
    if let Some(heartbeat) = node.heartbeat_seconds.filter(|_| !waits) {
        fields.push_str(&format!("\"HeartbeatSeconds\":{},", heartbeat.get()));
    }
}

/// The value of `Retry`.
fn retry(unsent: &str, policy: Option<&RetryPolicy>, task_type: &str) -> String {
    let sent_again = format!(
        "{{\"ErrorEquals\":[\"{unsent}\"],\"IntervalSeconds\":2,\"MaxAttempts\":{SENDS},\"BackoffRate\":2.0,\
         \"MaxDelaySeconds\":60,\"JitterStrategy\":\"FULL\"}}"
    );
    let Some(policy) = policy.filter(|policy| policy.max_attempts.get() > 1) else { return format!("[{sent_again}]") };
    let mut rules: Vec<Value> = Vec::new();
    let names: Vec<&str> = types::never_retried(task_type, policy).collect();
    if !names.is_empty() {
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
    let rules: Vec<String> = rules.iter().map(Value::to_string).collect();
    format!("[{sent_again},{}]", rules.join(","))
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
        let mut scope = writer.scope(std::slice::from_ref(piece));
        let first = number == 0;
        if first && workflow.dag.on_failure == OnFailure::Compensate {
            scope = compensating(&scope, writer.deadline);
        }
        let comment = match &workflow.dag.description {
            Some(about) if first => about.to_string(),
            _ if first => format!("Workflow {dag_id}"),
            _ => format!("Workflow {dag_id}, part {number}"),
        };
        let deadline = writer.deadline;
        let asl = format!("{{\"Comment\":{},\"TimeoutSeconds\":{deadline},{scope}}}", quoted(&comment));
        let name = if first { dag_id.to_owned() } else { format!("{dag_id}-part-{number}") };
        definitions.push(Definition { name, token: (!first).then(|| token(number)), asl });
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
    /// The fields of a scope that runs pieces one after the other.
    fn scope(&mut self, pieces: &[Piece]) -> String {
        let row: &[Piece] = match pieces {
            [Piece::Row(row)] => row,
            row => row,
        };
        let written: Vec<(String, String)> = row.iter().map(|piece| self.state(piece)).collect();
        let start = written.first().map_or("\"\"", |(name, _)| name);
        let mut scope = format!("\"StartAt\":{start},\"States\":{{");
        let nexts = written.iter().skip(1).map(|(name, _)| Some(name)).chain([None]);
        for (at, ((name, fields), next)) in written.iter().zip(nexts).enumerate() {
            if at > 0 {
                scope.push(',');
            }
            for text in [name, ":{", fields] {
                scope.push_str(text);
            }
            match next {
                Some(next) => scope.push_str(&format!(",\"Next\":{next}}}")),
                None => scope.push_str(",\"End\":true}"),
            }
        }
        scope.push('}');
        scope
    }

    /// A state's name, quoted, and its fields without what comes next.
    fn state(&mut self, piece: &Piece) -> (String, String) {
        match piece {
            Piece::Node(at) => (quoted(&self.names[*at]), std::mem::take(&mut self.tasks[*at].fields)),
            Piece::Part(number) => (format!("\"(part {number})\""), self.nested(*number)),
            // A row that stands where one state must is a single branch.
            Piece::Row(_) => self.together(std::slice::from_ref(piece)),
            Piece::Together(branches) => self.together(branches),
        }
    }

    fn together(&mut self, branches: &[Piece]) -> (String, String) {
        self.together += 1;
        let name = format!("\"(together {})\"", self.together);
        let branches = branches.iter().map(|branch| format!("{{{}}}", self.scope(std::slice::from_ref(branch))));
        let branches: Vec<String> = branches.collect();
        (name, format!("\"Type\":\"Parallel\",\"Branches\":[{}],\"ResultPath\":null", branches.join(",")))
    }

    fn nested(&self, number: usize) -> String {
        let parameters = json!({
            "StateMachineArn": format!("${{{}}}", token(number)),
            "Name.$": format!("States.Format('{{}}-{number}', $$.Execution.Name)"),
            "Input": {"run.$": "$.run", "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"},
        });
        format!(
            "\"Type\":\"Task\",\"Resource\":\"{NESTED}\",\"Parameters\":{parameters},\"ResultPath\":null,\"TimeoutSeconds\":{},\"Retry\":{}",
            self.deadline,
            retry("StepFunctions.SdkClientException", None, "")
        )
    }
}

/// The whole as one state, so that whatever fails in it is caught in one place.
fn compensating(graph: &str, deadline: u64) -> String {
    let catch = json!([{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": COMPENSATE}]);
    let message = json!({"run.$": "$.run", "compensate": true, "failure.$": "$.failure", "token.$": "$$.Task.Token"});
    // Whoever answers a token may leave either out, and a path that leads nowhere would hide the failure.
    let failed = json!({
        "Type": "Fail", "QueryLanguage": "JSONata",
        "Error": "{% $type($states.input.failure.Error) = 'string' ? $states.input.failure.Error : 'States.TaskFailed' %}",
        "Cause": "{% $type($states.input.failure.Cause) = 'string' ? $states.input.failure.Cause : '' %}",
    });
    let retry = retry("Sqs.SdkClientException", None, "");
    format!(
        "\"StartAt\":\"{GRAPH}\",\"States\":{{\
         \"{GRAPH}\":{{\"Type\":\"Parallel\",\"Branches\":[{{{graph}}}],\"ResultPath\":null,\"Catch\":{catch},\"End\":true}},\
         \"{COMPENSATE}\":{{\"Type\":\"Task\",\"Resource\":\"{QUEUE}\",\"Parameters\":{{\"QueueUrl\":\"${{WorkflowQueueUrl}}\",\
         \"MessageBody\":{message}}},\"ResultPath\":null,\"TimeoutSeconds\":{deadline},\"Retry\":{retry},\"Next\":\"{FAILED}\"}},\
         \"{FAILED}\":{failed}}}"
    )
}
