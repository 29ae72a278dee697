//! Gives a task to a persona.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::de::At;
use crate::problem::{Problem, did_you_mean, quoted};
use crate::yaml::Node;
use maestro_domain::PersonaId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

pub(super) const TYPE: TaskType = TaskType {
    name: "persona",
    about: "gives a task to a persona; what it hands over is the output",
    effect: Effect::WritesArtifacts,
    runs: false,
    deployed: false,
    never_retried: &[],
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
    /// What it is asked to do.
    pub task: String,
    /// What it is shown: expressions may name outputs.
    #[serde(default)]
    pub inputs: Option<Node>,
}

fn personas(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"enum": PersonaId::ALL.map(PersonaId::id)})
}

impl Config for Persona {
    fn problems(&self, _: &Node) -> Vec<Problem> {
        if PersonaId::from_id(&self.persona).is_some() {
            return Vec::new();
        }
        let ids = PersonaId::ALL.map(PersonaId::id);
        let hint =
            did_you_mean(&self.persona, ids.into_iter()).unwrap_or_else(|| format!("there are {}", ids.join(", ")));
        let message = format!("`config`: there is no persona {}", quoted(&self.persona));
        vec![Problem::error(self.persona.place, "invalid-value", message).hint(Some(hint))]
    }
}
