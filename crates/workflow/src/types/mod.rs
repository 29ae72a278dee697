//! What nodes can do: one file and one line a task type.
//!
//! A type says what its `config` looks like, what it does to the world and what of it can be checked without running it.

mod approval;
mod event;
pub(crate) mod http;
mod lambda;
pub(crate) mod map;
mod noop;
mod persona;
mod script;
mod sub_workflow;
pub(crate) mod wait;

use crate::de::{self, At};
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
    /// Whether this program can run it yet.
    pub runs: bool,
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

/// The task type of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static TaskType> {
    ALL.into_iter().find(|one| one.name == name)
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
