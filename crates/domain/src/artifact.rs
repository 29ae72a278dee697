//! What a persona hands over: a typed document and files, both kept by content hash.

use crate::{hash::ContentHash, persona::PersonaId, phase::Phase};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $id:literal by $persona:ident,)+) => {
        /// What an artifact is. Each kind has exactly one persona that writes it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ArtifactKind {
            $($(#[$doc])* $variant,)+
        }

        impl ArtifactKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The id used in files, keys and tool arguments.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// The persona that writes it.
            #[must_use]
            pub const fn author(self) -> PersonaId {
                match self { $(Self::$variant => PersonaId::$persona,)+ }
            }
        }
    };
}

kinds! {
    /// Requirements, criteria and what they mean.
    Requirements = "requirements" by RequirementsAnalyst,
    /// Screens and flows.
    Screens = "screens" by UiUxDesigner,
    /// Domain model, OpenAPI, decisions, diagrams.
    Design = "design" by SolutionArchitect,
    /// The pages that people use.
    Frontend = "frontend" by FrontendDeveloper,
    /// The service.
    Backend = "backend" by BackendDeveloper,
    /// Container, pipeline, composition.
    Operations = "operations" by DevopsEngineer,
    /// Tests from the criteria.
    Tests = "tests" by QaEngineer,
    /// Threat model and findings.
    Security = "security" by SecuritySpecialist,
    /// Release and rollback plan.
    Release = "release" by DeploymentSpecialist,
    /// Smoke and contract tests.
    Integration = "integration" by IntegrationTester,
    /// README, guide, changelog.
    Documents = "documents" by TechnicalWriter,
}

impl ArtifactKind {
    /// Finds a kind by its id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id)
    }
}

impl fmt::Display for ArtifactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The record of one handed-over artifact; document and files are in the blob store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// What it is.
    pub kind: ArtifactKind,
    /// The phase it was made in.
    pub phase: Phase,
    /// Hash of the typed document (JSON).
    pub document: ContentHash,
    /// Path below the deliverable → hash of the file's bytes.
    pub files: BTreeMap<String, ContentHash>,
}

impl Artifact {
    /// What this artifact is known by: its kind, document and files.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        ContentHash::of_json(&serde_json::json!({
            "kind": self.kind.id(), "document": self.document, "files": self.files,
        }))
    }
}
