//! A persona as the rest of the house sees it.

use crate::prompt::Prompt;
use maestro_domain::{ArtifactKind, ContentHash, PersonaId, Phase};
use serde::{Deserialize, Serialize};

/// What a persona is on the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Finds out what is wanted.
    Analyst,
    /// Shapes what people see.
    Designer,
    /// Fixes model and interface.
    Architect,
    /// Writes the software.
    Developer,
    /// Makes it run everywhere.
    Devops,
    /// Proves that it works.
    Tester,
    /// Looks at it as an attacker.
    Security,
    /// Brings it to people.
    Deployer,
    /// Explains it.
    Writer,
}

impl Role {
    /// The id used in files and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Designer => "designer",
            Self::Architect => "architect",
            Self::Developer => "developer",
            Self::Devops => "devops",
            Self::Tester => "tester",
            Self::Security => "security",
            Self::Deployer => "deployer",
            Self::Writer => "writer",
        }
    }
}

/// How much a persona's work asks of a model; which model that means is decided where models are configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelTier {
    /// Decisions that others build on.
    Judgment,
    /// Work to a clear contract.
    Standard,
    /// Short work with little room for error.
    Fast,
}

impl ModelTier {
    /// All tiers, the most demanding first.
    pub const ALL: [Self; 3] = [Self::Judgment, Self::Standard, Self::Fast];

    /// The id used in files and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Judgment => "judgment",
            Self::Standard => "standard",
            Self::Fast => "fast",
        }
    }
}

/// One member of the team.
#[derive(Debug, Clone, PartialEq)]
pub struct Persona {
    /// Its id; also the name of its file.
    pub id: PersonaId,
    /// Its name for people.
    pub title: String,
    /// What it is on the team.
    pub role: Role,
    /// The phases it works in, in their order.
    pub phases: Vec<Phase>,
    /// How much its work asks of a model.
    pub model_tier: ModelTier,
    /// Names of the only tools it may call.
    pub tools: Vec<String>,
    /// Ids of what these may do to the world; without one a tool that does it is denied, though it is listed.
    pub effects: Vec<String>,
    /// Where it may write: files, and folders whose names end with `/`.
    pub writes: Vec<String>,
    /// What it hands over.
    pub output: ArtifactKind,
    /// Turns of a task before it counts as stuck.
    pub max_turns: u32,
    /// Tokens, read and written, that a task may use.
    pub token_budget: u64,
    pub(crate) prompt: Prompt,
    pub(crate) hash: ContentHash,
}

impl Persona {
    /// The prompt for one task. The title is the epic's text and so not trusted: it is put in as one line of at most 200
    /// characters, and nothing in it is taken for a placeholder.
    #[must_use]
    pub fn render(&self, phase: Phase, epic_title: &str) -> String {
        self.prompt.render(phase, epic_title)
    }

    /// Hash of the whole definition file; part of what a task is keyed by.
    #[must_use]
    pub fn content_hash(&self) -> &ContentHash {
        &self.hash
    }
}
