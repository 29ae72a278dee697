//! The five phases, in order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One phase of the life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// What is wanted, as numbered requirements and criteria.
    Requirements,
    /// How it will be built: domain model, API, decisions.
    Design,
    /// The code.
    Implementation,
    /// Executed tests and security checks.
    Testing,
    /// Release, start, smoke test.
    Deployment,
}

impl Phase {
    /// All phases in the order they run.
    pub const ALL: [Self; 5] =
        [Self::Requirements, Self::Design, Self::Implementation, Self::Testing, Self::Deployment];

    /// The id used in files, keys and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Requirements => "requirements",
            Self::Design => "design",
            Self::Implementation => "implementation",
            Self::Testing => "testing",
            Self::Deployment => "deployment",
        }
    }

    /// Finds a phase by its id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.id() == id)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
