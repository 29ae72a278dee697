//! Reads a workflow and says everything that is wrong with it.

use crate::compile::DEADLINE;
use crate::de::{self, At};
use crate::format::{Compensation, RetryPolicy, Seconds, WorkflowDag, WorkflowNode};
use crate::graph::{ByNode, Graph, Ix, ix};
use crate::problem::{Place, Problem, did_you_mean, quoted};
use crate::yaml::{self, Node, Value};
use crate::{references, types};
use std::collections::{HashMap, HashSet};

/// The most problems that are told; more help nobody.
const MOST: usize = 100;
/// The most nodes of a workflow.
pub const MAX_NODES: usize = 200_000;
/// The longest id of a node.
const MAX_ID: usize = 1_000;
/// How many names of a long cycle are told.
const SHOWN: usize = 12;

/// A workflow without errors.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// As written.
    pub dag: WorkflowDag,
    /// Its graph; node number n is the n-th node of the text.
    pub graph: Graph,
}

/// What there is to say about a text.
#[derive(Debug)]
pub struct Checked {
    /// The workflow, if there are no errors.
    pub workflow: Option<Workflow>,
    /// The errors, in the order of the text.
    pub problems: Vec<Problem>,
    /// How many more there are.
    pub untold: usize,
}

impl Workflow {
    /// A node's text.
    #[must_use]
    pub fn node(&self, Ix(at): Ix) -> Option<&WorkflowNode> {
        self.dag.nodes.get(at as usize)
    }

    /// The names of the workflows that its nodes run, each once.
    #[must_use]
    pub fn starts(&self) -> Vec<String> {
        let mut names = std::collections::BTreeSet::new();
        for node in &self.dag.nodes {
            names.extend(types::starts(&node.task_type, node.config.as_ref()));
            if let Some(undo) = &node.compensate_with {
                names.extend(types::starts(&undo.task_type, undo.config.as_ref()));
            }
        }
        names.into_iter().collect()
    }

    /// The nodes that do what a type does, or whose items do.
    #[must_use]
    pub fn of_type(&self, name: &str) -> Vec<&str> {
        let does =
            |node: &&WorkflowNode| types::used(&node.task_type, node.config.as_ref()).any(|used| used.name == name);
        self.dag.nodes.iter().filter(does).map(|node| node.node_id.as_str()).collect()
    }

    /// The configs of the tasks of this type that a node does: its own, its items', or what undoes it.
    #[must_use]
    pub fn configs(&self, at: Ix, name: &str) -> Vec<&Node> {
        let Some(node) = self.node(at) else { return Vec::new() };
        let undo = node.compensate_with.iter().map(|undo| (undo.task_type.as_str(), undo.config.as_ref()));
        let tasks = std::iter::once((node.task_type.as_str(), node.config.as_ref())).chain(undo);
        tasks.filter_map(|(task_type, config)| types::config_of(name, task_type, config?)).collect()
    }

    /// Whether a node is of this type, an item of a map, or what undoes a node.
    #[must_use]
    pub fn uses(&self, name: &str) -> bool {
        self.dag.nodes.iter().any(|node| {
            let undo = node.compensate_with.iter().flat_map(|undo| types::used(&undo.task_type, undo.config.as_ref()));
            types::used(&node.task_type, node.config.as_ref()).chain(undo).any(|one| one.name == name)
        })
    }

    /// A node's id.
    #[must_use]
    pub fn id(&self, at: Ix) -> &str {
        self.node(at).map_or("", |node| &node.node_id)
    }
}

/// Reads and checks a text.
#[must_use]
pub fn check(text: &str) -> Checked {
    let mut problems = Vec::new();
    let workflow = read(text, &mut problems).and_then(|dag| sound(dag, &mut problems));
    problems.sort_by_key(|problem| problem.place);
    let untold = problems.len().saturating_sub(MOST);
    problems.truncate(MOST);
    Checked { workflow: workflow.filter(|_| problems.is_empty()), problems, untold }
}

/// Reads the parts one by one, so that one mistake does not hide the others.
fn read(text: &str, problems: &mut Vec<Problem>) -> Option<WorkflowDag> {
    let mut root = yaml::read(text, yaml::Dialect::default()).map_err(|problem| problems.push(problem)).ok()?;
    let mut refused = |error: de::Error, place: Place| {
        problems.push(Problem::error(error.place.unwrap_or(place), error.code, error.to_string()).hint(error.hint));
    };
    let mut list = None;
    if let Value::Map(fields) = &mut root.value
        && let Some((_, nodes)) = fields.iter_mut().find(|((_, name), _)| name == "nodes")
        && let Value::List(items) = &mut nodes.value
    {
        list = Some((nodes.place, std::mem::take(items)));
    }
    let whole: Result<WorkflowDag, _> = de::from_node(&root);
    let whole = whole.map_err(|error| refused(error, root.place)).ok();
    let mut nodes = Vec::with_capacity(list.as_ref().map_or(0, |(_, items)| items.len().min(MAX_NODES)));
    let mut complete = true;
    if let Some((place, items)) = list {
        if items.is_empty() {
            problems.push(Problem::error(place, "missing-field", "`nodes`: a workflow needs at least one node"));
            return None;
        }
        if items.len() > MAX_NODES {
            let message = format!("`nodes`: there are {}; a workflow has at most {MAX_NODES}", items.len());
            problems.push(Problem::error(place, "limit", message));
            return None;
        }
        for item in items {
            match de::from_node::<WorkflowNode>(&item) {
                Ok(node) => nodes.push(node),
                Err(error) => {
                    complete = false;
                    refused(error, item.place);
                }
            }
        }
    }
    // What else is wrong with the nodes that could be read is told too; what needs all of them is not guessed.
    if !complete || whole.is_none() {
        nodes.iter().for_each(|node| alone(node, problems));
        return None;
    }
    whole.map(|whole| WorkflowDag { nodes, ..whole })
}

/// Everything beyond the types of values.
fn sound(dag: WorkflowDag, problems: &mut Vec<Problem>) -> Option<Workflow> {
    if let Some(fault) = dag_id_fault(&dag.dag_id) {
        problems.push(Problem::error(dag.dag_id.place, "invalid-value", format!("`dag_id` {fault}")));
    }
    let deadline = dag.timeout_seconds.map_or(DEADLINE, Seconds::get);
    for node in &dag.nodes {
        alone(node, problems);
        let limits = [("timeout_seconds", node.timeout_seconds), ("heartbeat_seconds", node.heartbeat_seconds)];
        for (name, limit) in limits {
            if let Some(limit) = limit.filter(|limit| limit.get() > deadline) {
                let message = format!("`{name}` ({}) is more than the whole run has ({deadline})", limit.get());
                let hint = Some("raise the workflow's `timeout_seconds`".to_owned());
                problems.push(Problem::error(limit.place, "invalid-timing", message).hint(hint));
            }
        }
    }
    let mut numbers: HashMap<&str, Ix> = HashMap::with_capacity(dag.nodes.len());
    for (at, node) in dag.nodes.iter().enumerate() {
        if let Some(first) = numbers.insert(&node.node_id, ix(at)) {
            let line = dag.nodes.get(first.0 as usize).map_or(0, |first| first.node_id.place.line);
            let message = format!("there is another node {}, in line {line}", quoted(&node.node_id));
            problems.push(Problem::error(node.node_id.place, "duplicate-node", message));
        }
    }
    let before = dependencies(&dag, &numbers, problems);
    let graph = match Graph::new(before) {
        Ok(graph) => graph,
        Err(cycles) => {
            for cycle in cycles {
                problems.extend(told(&dag, &cycle));
            }
            return None;
        }
    };
    if numbers.len() == dag.nodes.len() {
        references::check(&dag, &graph, &numbers, problems);
    }
    problems.is_empty().then_some(Workflow { dag, graph })
}

fn dependencies(dag: &WorkflowDag, numbers: &HashMap<&str, Ix>, problems: &mut Vec<Problem>) -> ByNode<Vec<Ix>> {
    let mut suggested = 0;
    let of = |node: &WorkflowNode| {
        let mut known = Vec::with_capacity(node.dependencies.len());
        let mut seen = HashSet::new();
        // Most nodes have few dependencies, and looking through those is cheaper than hashing them.
        let few = node.dependencies.len() < 16;
        for (at, dependency) in node.dependencies.iter().enumerate() {
            let earlier = || node.dependencies.iter().take(at).any(|one| one.value == dependency.value);
            if if few { earlier() } else { !seen.insert(dependency.as_str()) } {
                let message = format!("{} is named twice", quoted(dependency));
                problems.push(Problem::error(dependency.place, "duplicate-dependency", message));
                continue;
            }
            match numbers.get(dependency.as_str()) {
                Some(at) => known.push(*at),
                None => {
                    // Each looks at all names.
                    suggested += 1;
                    let hint = (suggested <= 20).then(|| did_you_mean(dependency, numbers.keys().copied())).flatten();
                    let message =
                        format!("node {} depends on {}, which there is not", quoted(&node.node_id), quoted(dependency));
                    problems.push(Problem::error(dependency.place, "dangling-dependency", message).hint(hint));
                }
            }
        }
        known
    };
    dag.nodes.iter().map(of).collect()
}

/// A cycle in words, at the dependency that closes it.
fn told(dag: &WorkflowDag, cycle: &[Ix]) -> Option<Problem> {
    let node = |Ix(at): Ix| dag.nodes.get(at as usize);
    let id = |at: Ix| node(at).map_or("", |node| node.node_id.as_str());
    let (first, last) = (*cycle.first()?, *cycle.last()?);
    let place = node(first)?.dependencies.iter().find(|one| one.as_str() == id(last)).map(|one| one.place)?;
    if first == last {
        let message = format!("node {} depends on itself", quoted(id(first)));
        return Some(Problem::error(place, "cycle", message));
    }
    let mut names: Vec<String> = cycle.iter().take(SHOWN).map(|at| quoted(id(*at))).collect();
    if cycle.len() > SHOWN {
        names.push(format!("({} more)", cycle.len() - SHOWN));
    }
    names.push(quoted(id(first)));
    let message = format!("nodes wait for each other in a circle: {}", names.join(" → "));
    Some(
        Problem::error(place, "cycle", message)
            .hint(Some("each would run before the next; take one dependency out".into())),
    )
}

/// What is wrong with a node whatever the others are.
fn alone(node: &WorkflowNode, problems: &mut Vec<Problem>) {
    if let Some(fault) = node_id_fault(&node.node_id) {
        problems.push(Problem::error(node.node_id.place, "invalid-value", format!("`node_id` {fault}")));
    }
    types::check(&node.task_type, node.config.as_ref(), problems);
    if let Some(policy) = &node.retry_policy {
        retry(policy, problems);
    }
    if let (Some(timeout), Some(heartbeat)) = (node.timeout_seconds, node.heartbeat_seconds)
        && heartbeat.value >= timeout.value
    {
        let (heartbeat_, timeout) = (heartbeat.get(), timeout.get());
        let message = format!("`heartbeat_seconds` ({heartbeat_}) must be less than `timeout_seconds` ({timeout})");
        problems.push(Problem::error(heartbeat.place, "invalid-timing", message));
    }
    if let Some(Compensation { task_type, config, retry_policy, .. }) = node.compensate_with.as_deref() {
        types::check(task_type, config.as_ref(), problems);
        if let Some(policy) = retry_policy {
            retry(policy, problems);
        }
    }
}

fn retry(policy: &At<RetryPolicy>, problems: &mut Vec<Problem>) {
    let interval = policy.interval_seconds.map_or(1, Seconds::get);
    if let Some(most) = policy.max_delay_seconds
        && most.get() <= interval
    {
        let message = format!("`max_delay_seconds` ({}) must be more than `interval_seconds` ({interval})", most.get());
        problems.push(Problem::error(most.place, "invalid-timing", message));
    }
    for name in &policy.non_retryable {
        if name.is_empty()
            || name.as_str() == "States.ALL"
            || !name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        {
            let message = format!("{} is no name of an error such as `Maestro.Invalid`", quoted(name));
            problems.push(Problem::error(name.place, "invalid-value", message));
        }
    }
}

/// What is wrong with the id of a workflow.
pub(crate) fn dag_id_fault(id: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || !id.chars().all(plain) || !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Some("must begin with a letter and consist of letters, digits, `-` and `_`")
    } else if id.len() > 60 {
        Some("has more than 60 characters; names of state machines have 80 at most")
    } else {
        None
    }
}

/// What is wrong with the id of a node.
fn node_id_fault(id: &str) -> Option<String> {
    if id.trim().is_empty() {
        Some("is empty".into())
    } else if id.trim() != id {
        Some("begins or ends with a space".into())
    } else if id.chars().any(char::is_control) {
        Some("holds a control character".into())
    } else if id.contains("${") {
        Some("holds `${`, which stands for names that a deployment fills in".into())
    } else if id.chars().nth(MAX_ID).is_some() {
        Some(format!("has more than {MAX_ID} characters"))
    } else {
        None
    }
}

impl Workflow {
    /// The config of a node, empty where there is none.
    #[must_use]
    pub fn config(&self, at: Ix) -> Option<&Node> {
        self.node(at).and_then(|node| node.config.as_ref())
    }
}
