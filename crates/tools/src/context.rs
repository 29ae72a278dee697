//! What a tool may see and change: the task's own view of the run.

use crate::Error;
use maestro_domain::{ArtifactKind, Epic, PersonaId, Phase};
use maestro_ports::Jobs;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// An artifact that the task works from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Upstream {
    /// Its typed document.
    pub document: Value,
    /// Its files.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// One task's view of the run.
pub struct Context {
    /// Who works.
    pub persona: PersonaId,
    /// In which phase.
    pub phase: Phase,
    /// What is handed over at the end.
    pub output: ArtifactKind,
    /// The epic.
    pub epic: Arc<Epic>,
    /// What others handed over before.
    pub upstream: BTreeMap<ArtifactKind, Upstream>,
    /// Files written so far.
    pub own: BTreeMap<String, Vec<u8>>,
    /// The document handed over, once it is.
    pub submitted: Option<Value>,
    /// Knows what became of code that was run.
    pub jobs: Arc<dyn Jobs>,
}

impl Context {
    /// All files that the task sees: upstream and own, by path.
    pub fn files(&self) -> BTreeMap<&str, &[u8]> {
        let upstream = self.upstream.values().flat_map(|u| &u.files);
        upstream.chain(&self.own).map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect()
    }

    /// Whether another persona's artifact holds this path.
    #[must_use]
    pub fn taken(&self, path: &str) -> Option<ArtifactKind> {
        let mut others = self.upstream.iter().filter(|(kind, _)| **kind != self.output);
        others.find(|(_, upstream)| upstream.files.contains_key(path)).map(|(kind, _)| *kind)
    }
}

/// Reads typed arguments.
pub(crate) fn arguments<T: serde::de::DeserializeOwned>(arguments: &Value) -> Result<T, Error> {
    serde_json::from_value(arguments.clone()).map_err(|why| Error::Respond(format!("the arguments do not fit: {why}")))
}

/// Checks that a path stays inside the deliverable and has a plain form.
pub(crate) fn plain_path(path: &str) -> Result<(), Error> {
    let ok = !path.is_empty()
        && path.len() <= 200
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'));
    if ok {
        Ok(())
    } else {
        Err(Error::Respond(format!(
            "`{path}` is not a path inside the deliverable: use letters, digits, `-`, `_`, `.` and `/`"
        )))
    }
}

/// A schema of an object with required string members.
pub(crate) fn strings(names: &[(&str, &str)]) -> Value {
    let properties: serde_json::Map<String, Value> = names
        .iter()
        .map(|(name, what)| ((*name).to_owned(), serde_json::json!({"type": "string", "description": what})))
        .collect();
    let required: Vec<_> = names.iter().map(|(name, _)| *name).collect();
    serde_json::json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}
