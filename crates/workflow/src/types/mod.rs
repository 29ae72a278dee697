//! What nodes can do: one file and one line a task type.
//!
//! A type says what its `config` looks like, what it does to the world and what of it can be checked without running it.

pub mod approval;
pub mod event;
pub mod http;
pub mod lambda;
pub mod map;
pub mod noop;
pub mod persona;
pub mod script;
pub mod sub_workflow;
pub mod wait;

use crate::de::{self, At};
use crate::format::RetryPolicy;
use crate::problem::{Problem, did_you_mean, quoted};
use crate::yaml::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, de::DeserializeOwned};

/// What a task does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing.
    None,
    /// Waits for time, a person or an event.
    Waits,
    /// Makes artifacts of the run.
    WritesArtifacts,
    /// Runs code in the sandbox.
    RunsCode,
    /// Calls something outside, which may change it.
    CallsOut,
}

/// A task type.
#[derive(Debug)]
pub struct TaskType {
    /// Its name in `task_type`.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// What it does to the world.
    pub effect: Effect,
    /// Whether a run on one machine can do it.
    pub runs: bool,
    /// Names of its errors that another attempt would meet again.
    pub never_retried: &'static [&'static str],
    schema: fn(&mut SchemaGenerator) -> Schema,
    check: fn(&Node) -> Vec<Problem>,
}

/// All task types, by name.
pub const ALL: [&TaskType; 10] = [
    &approval::TYPE,
    &event::TYPE,
    &http::TYPE,
    &lambda::TYPE,
    &map::TYPE,
    &noop::TYPE,
    &persona::TYPE,
    &script::TYPE,
    &wait::TYPE,
    &sub_workflow::TYPE,
];

/// The type of nodes that wait for events.
pub const EVENT: &str = event::TYPE.name;

/// The task type of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static TaskType> {
    ALL.into_iter().find(|one| one.name == name)
}

/// Names of errors of a task that are not tried again: what its policy says, and what its type knows.
pub fn never_retried<'a>(task_type: &str, policy: &'a RetryPolicy) -> impl Iterator<Item = &'a str> {
    let written = policy.non_retryable.iter().map(|name| name.as_str());
    written.chain(find(task_type).map_or(&[][..], |known| known.never_retried).iter().copied())
}

impl TaskType {
    /// The schema of its `config`.
    #[must_use]
    pub fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        (self.schema)(generator)
    }
}

/// What a config must be.
trait Config: DeserializeOwned + JsonSchema {
    /// What is wrong with it beyond its schema.
    fn problems(&self, _: &Node) -> Vec<Problem> {
        Vec::new()
    }
}

/// Reads a config and lets it say what is wrong with it.
fn checked<C: Config>(config: &Node) -> Vec<Problem> {
    match de::from_node::<C>(config) {
        Ok(read) => read.problems(config),
        Err(error) => {
            let message = format!("`config`: {error}");
            vec![Problem::error(error.place.unwrap_or(config.place), error.code, message).hint(error.hint)]
        }
    }
}

fn schema_of<C: Config>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<C>()
}

/// Reads a config whose expressions were evaluated. What stands in it is checked like what is written, since an expression
/// may have given anything.
///
/// # Errors
/// What is wrong with it.
pub fn read<C: DeserializeOwned>(config: &serde_json::Value) -> Result<C, String> {
    de::from_node(&Node::of(config)).map_err(|error| error.to_string())
}

/// The names of the workflows that a task runs.
pub(crate) fn starts(task_type: &str, config: Option<&Node>) -> Vec<String> {
    let Some(config) = config else { return Vec::new() };
    if task_type == sub_workflow::TYPE.name {
        let read: Result<sub_workflow::SubWorkflow, _> = de::from_node(config);
        return read.map(|config| vec![config.dag_id]).unwrap_or_default();
    }
    if task_type == map::TYPE.name {
        let read: Result<map::Map, _> = de::from_node(config);
        return read.map(|config| starts(&config.each.task_type, config.each.config.as_ref())).unwrap_or_default();
    }
    Vec::new()
}

/// The type of a task, and that of its items where it is a map.
pub(crate) fn used<'a>(task_type: &'a str, config: Option<&Node>) -> impl Iterator<Item = &'static TaskType> + use<'a> {
    let items =
        config.filter(|_| task_type == map::TYPE.name).and_then(|config| de::from_node::<map::Map>(config).ok());
    find(task_type).into_iter().chain(items.and_then(|map| find(&map.each.task_type)))
}

/// The config of the task of this type that a task does, or its items where it is a map.
pub(crate) fn config_of<'a>(name: &str, task_type: &str, config: &'a Node) -> Option<&'a Node> {
    if task_type == name {
        return Some(config);
    }
    let each = config.get("each").filter(|_| task_type == map::TYPE.name)?;
    each.get("config").filter(|_| each.get("task_type").and_then(Node::text) == Some(name))
}

/// Checks a task: its type, and its config against the type.
pub(crate) fn check(task_type: &At<String>, config: Option<&Node>, problems: &mut Vec<Problem>) {
    let Some(known) = find(task_type) else {
        let hint = did_you_mean(task_type, ALL.iter().map(|one| one.name));
        let all = || format!("there are {}", ALL.map(|one| one.name).join(", "));
        let message = format!("there is no task type {}", quoted(task_type));
        problems.push(Problem::error(task_type.place, "unknown-type", message).hint(hint.or_else(|| Some(all()))));
        return;
    };
    let empty = Node { place: task_type.place, value: Value::Map(Vec::new()) };
    problems.extend((known.check)(config.unwrap_or(&empty)));
}

/// The names of all types, for the schema.
pub(crate) fn names_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"enum": ALL.map(|one| one.name)})
}
