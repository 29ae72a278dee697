//! What the analyst hands over: every statement of the epic with what it was understood to mean.

use crate::service_model::ServiceModel;
use maestro_domain::{StatementId, StatementKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The requirements of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirements {
    /// One entry for every traced statement of the epic, in its order.
    pub items: Vec<Requirement>,
    /// Entities, fields and rules that the statements speak of.
    pub concepts: ServiceModel,
    /// Statements that contradict each other: what, and which.
    #[serde(default)]
    pub contradictions: Vec<Contradiction>,
}

/// One statement and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// The statement.
    pub id: StatementId,
    /// Its kind.
    pub kind: StatementKind,
    /// Its words.
    pub text: String,
    /// What it was understood to mean.
    pub understanding: Understanding,
}

/// What became of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Understanding {
    /// It demands these rules, all of which can be built and tested.
    Rules {
        /// Ids of rules in `concepts.rules`; never empty.
        rules: Vec<String>,
    },
    /// A story whose meaning is that of the criteria below it.
    Criteria,
    /// It was not understood, or cannot be built: needs a model or a person.
    Unknown {
        /// The part that was not understood, quoted from the statement.
        quote: String,
        /// Why, in one clause: `no rule of this kind is known`, `there is no entity "invoice"`.
        why: String,
    },
    /// Put off by the epic's own words.
    Deferred {
        /// Those words.
        words: String,
    },
}

/// Statements that cannot all hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// What contradicts, for people.
    pub message: String,
    /// The statements.
    pub statements: Vec<StatementId>,
}

impl Requirements {
    /// The statements that a model or a person must explain.
    pub fn unknown(&self) -> impl Iterator<Item = &Requirement> {
        self.items.iter().filter(|item| matches!(item.understanding, Understanding::Unknown { .. }))
    }
}
