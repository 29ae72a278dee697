//! Gives a task to a persona.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::de::At;
use crate::problem::{Problem, did_you_mean, quoted};
use crate::yaml::Node;
use maestro_domain::{PersonaId, Phase};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// The name of the type.
pub(crate) const NAME: &str = "persona";

pub(super) const TYPE: TaskType = TaskType {
    name: NAME,
    about: "gives a task to a persona; what it hands over is the output",
    effect: Effect::WritesArtifacts,
    runs: true,
    never_retried: &["Maestro.Budget", "Maestro.NeedsModel", "Maestro.NotSupported"],
    schema: schema_of::<Persona>,
    check: checked::<Persona>,
};

/// What a persona is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// Which persona.
    #[schemars(schema_with = "personas")]
    pub persona: At<String>,
    /// The phase of a run of an epic in which it works. Workflows of scopes name it for every task.
    #[serde(default)]
    #[schemars(schema_with = "phases")]
    pub phase: Option<At<String>>,
    /// What it is asked to do.
    pub task: String,
    /// What it is shown: expressions may name outputs.
    #[serde(default)]
    pub inputs: Option<Node>,
}

fn personas(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"enum": PersonaId::ALL.map(PersonaId::id)})
}

fn phases(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"enum": Phase::ALL.map(Phase::id)})
}

impl Config for Persona {
    fn problems(&self, _: &Node) -> Vec<Problem> {
        let mut problems = Vec::new();
        if PersonaId::from_id(&self.persona).is_none() {
            problems.push(unknown("persona", &self.persona, &PersonaId::ALL.map(PersonaId::id)));
        }
        if let Some(phase) = self.phase.as_ref().filter(|phase| Phase::from_id(phase).is_none()) {
            problems.push(unknown("phase", phase, &Phase::ALL.map(Phase::id)));
        }
        problems
    }
}

fn unknown(what: &str, name: &At<String>, known: &[&str]) -> Problem {
    let hint = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| format!("there are {}", known.join(", ")));
    let message = format!("`config`: there is no {what} {}", quoted(name));
    Problem::error(name.place, "invalid-value", message).hint(Some(hint))
}
