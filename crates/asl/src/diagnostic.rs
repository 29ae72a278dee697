//! What the reader and the checks say about a definition: always with a place, never one at a time.

use std::fmt;

use serde::Serialize;

/// Whether a problem stops the definition from running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The definition is refused.
    Error,
    /// The definition runs, but probably not as meant.
    Warning,
}

/// A stable name for a kind of problem, for filters and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The text is not JSON.
    Syntax,
    /// A name occurs twice in one object; JSON readers keep only one of them.
    DuplicateField,
    /// A field that Amazon States Language does not know here.
    UnknownField,
    /// A field or value that AWS runs and this engine does not.
    Unsupported,
    /// A required field is absent.
    MissingField,
    /// A value has the wrong type or lies outside its range.
    InvalidValue,
    /// Fields that exclude or require each other.
    FieldConflict,
    /// A transition names a state that does not exist in its scope.
    UnknownTarget,
    /// No transition leads to the state.
    Unreachable,
    /// The scope can never end.
    NoTerminal,
    /// A path that is not valid JSONPath, or not a reference path where one is needed.
    InvalidPath,
    /// An intrinsic call that cannot be evaluated.
    InvalidIntrinsic,
    /// A JSONata expression that cannot be read.
    InvalidExpression,
    /// `States.ALL` beside other names, or not in the last place.
    MisplacedAll,
    /// A delay, rate or limit that contradicts another.
    InvalidTiming,
    /// A `.waitForTaskToken` task that gives its token to nobody.
    TokenNotPassed,
    /// Two states of one definition share a name.
    DuplicateState,
    /// The text is longer than AWS takes.
    TooLarge,
}

/// One problem and its place in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Whether it stops the definition.
    pub severity: Severity,
    /// The kind of problem.
    pub code: Code,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// JSON pointer (RFC 6901) of the value concerned.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}: {severity}: {}", self.line, self.column, self.message)?;
        if !self.pointer.is_empty() {
            write!(f, " (at `{}`)", self.pointer)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}
