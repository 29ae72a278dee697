//! An epic as intake leaves it: immutable text in numbered statements.

use crate::ids::StatementId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a statement is, judged by where and how it stands in the document, never by whether it could be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// A user story (`As a ..., I want ...`): `US-n`.
    Story,
    /// An acceptance criterion: `AC-n.m` below story n, `AC-0.m` where no story stands above it.
    Criterion,
    /// A rule about the data or the process, in a rule list or as a normative sentence: `BR-n`.
    Rule,
    /// A functional requirement: what is recorded, shown or done; field tables and lists are one: `FR-n`.
    Functional,
    /// A quality requirement (speed, security, availability, ...): `NFR-n`.
    NonFunctional,
    /// Prose that demands nothing: listed, not traced: `N-n`.
    Narrative,
}

impl StatementKind {
    /// The prefix of the ids of this kind.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Story => "US",
            Self::Criterion => "AC",
            Self::Rule => "BR",
            Self::Functional => "FR",
            Self::NonFunctional => "NFR",
            Self::Narrative => "N",
        }
    }

    /// Whether statements of this kind stand in the trace.
    #[must_use]
    pub const fn traced(self) -> bool {
        !matches!(self, Self::Narrative)
    }
}

/// One numbered statement of the epic, in the epic's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Stable for the same text of the epic.
    pub id: StatementId,
    /// What it is.
    pub kind: StatementKind,
    /// The words, Markdown marks removed; a Given/When/Then of several lines is one statement joined by spaces.
    pub text: String,
    /// First line in the source, from 1.
    pub line: u32,
    /// The headings above it, outermost first, the document title left out.
    pub section: Vec<String>,
    /// What the scenario whose steps it tells is called, then the rule that it stands below: `Only planners accept orders`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
    /// The story that a criterion stands below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<StatementId>,
    /// A field table below or inside this statement: the header row, then the data rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<Vec<String>>,
    /// Nested list items below this statement that are parts of it (a field list, enumerated values).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The epic's own words that put it off ("out of scope", "later"); `None` means it is wanted now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred: Option<String>,
}

/// The whole epic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epic {
    /// The first heading, or the file's name where there is none.
    pub title: String,
    /// All statements in source order.
    pub statements: Vec<Statement>,
}

impl Epic {
    /// Finds a statement.
    #[must_use]
    pub fn statement(&self, id: &StatementId) -> Option<&Statement> {
        self.statements.iter().find(|statement| &statement.id == id)
    }

    /// The acceptance criteria, in source order.
    pub fn criteria(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|statement| statement.kind == StatementKind::Criterion)
    }

    /// What stands below a story and says what it means, in source order.
    pub fn below<'a>(&'a self, story: &'a StatementId) -> impl Iterator<Item = &'a Statement> {
        self.statements.iter().filter(move |statement| statement.story.as_ref() == Some(story))
    }
}
