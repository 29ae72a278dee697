//! Errors of the crate's entry points. What a definition gets wrong is a list of diagnostics instead,
//! and what an execution gets wrong is its outcome.

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Tokens without values, or values without tokens.
    #[error("substitutions do not match the definition: {}", substitution_problems(unknown, unused))]
    Substitution {
        /// Tokens of the text that have no value.
        unknown: Vec<String>,
        /// Values whose token does not occur.
        unused: Vec<String>,
    },
    /// The mocks are not of the expected shape.
    #[error("mocks of state `{state}`: {reason}")]
    Mocks {
        /// The state whose mocks are wrong.
        state: String,
        /// What is wrong.
        reason: String,
    },
    /// A task started that no mock answers.
    #[error("task state `{state}` has no mock")]
    MissingMock {
        /// The task state.
        state: String,
    },
    /// Mocks name a state that does not exist or is no task.
    #[error("mocks name `{state}`, which is not a task state of the definition")]
    UnknownMock {
        /// The name in the mocks.
        state: String,
    },
    /// Nothing can happen any more: a task never answers and nothing limits it.
    #[error("the execution waits for ever: task `{state}` does not answer and has no timeout")]
    Stalled {
        /// The state that waits.
        state: String,
    },
}

fn substitution_problems(unknown: &[String], unused: &[String]) -> String {
    let list = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    if !unknown.is_empty() {
        parts.push(format!("no value for {}", list(unknown)));
    }
    if !unused.is_empty() {
        parts.push(format!("not used: {}", list(unused)));
    }
    parts.join("; ")
}
