//! What a task works on: its own view of the run.

use crate::Changes;
use maestro_domain::{ArtifactKind, Epic, PersonaId, Phase};
use maestro_ports::Jobs;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// An artifact that the task works from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Upstream {
    /// Its typed document, shared with all that read it.
    pub document: Arc<Value>,
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
    /// Files written so far; where the work was refused, first those of the attempt before.
    pub own: BTreeMap<String, Vec<u8>>,
    /// The document handed over in the attempt before, where the work was refused.
    pub before: Option<Arc<Value>>,
    /// The document handed over, once it is.
    pub submitted: Option<Value>,
    /// Knows what became of code that was run.
    pub jobs: Arc<dyn Jobs>,
}

impl Context {
    /// Whether another persona's artifact holds this path.
    #[must_use]
    pub fn taken(&self, path: &str) -> Option<ArtifactKind> {
        let mut others = self.upstream.iter().filter(|(kind, _)| **kind != self.output);
        others.find(|(_, upstream)| upstream.files.contains_key(path)).map(|(kind, _)| *kind)
    }

    /// Takes over what a call changed.
    pub fn apply(&mut self, changes: Changes) {
        for (path, bytes) in changes.files {
            match bytes {
                Some(bytes) => drop(self.own.insert(path, bytes)),
                None => drop(self.own.remove(&path)),
            }
        }
        if changes.submitted.is_some() {
            self.submitted = changes.submitted;
        }
    }
}
