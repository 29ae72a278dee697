//! Prefixed newtype ids. Every id that is stored or passed on is one of these.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not a valid id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {kind} id: expected {expected}")]
pub struct IdError {
    /// What kind of id was wanted.
    pub kind: &'static str,
    /// The text that was given.
    pub text: String,
    /// The shape that would have been accepted.
    pub expected: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks the shape and wraps the text.
            ///
            /// # Errors
            /// [`IdError`] when the text does not have the id's shape.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(IdError { kind: $kind, text, expected: $expected }) }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

fn plain(text: &str, max: usize) -> bool {
    !text.is_empty()
        && text.len() <= max
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

text_id!(
    /// The tenant that owns a run. Part of every key and of every port call.
    TenantId,
    "tenant",
    "1 to 64 letters, digits, `-`, `_` or `.`",
    |t| plain(t, 64)
);
text_id!(
    /// One run of the software development life cycle: `run-` and a ULID in lower case.
    RunId,
    "run",
    "`run-` and up to 40 letters, digits or `-`",
    |t| t.strip_prefix("run-").is_some_and(|rest| plain(rest, 40))
);
text_id!(
    /// One unit of paid or checked work inside a run, such as `design/solution_architect` or `testing/gate`.
    TaskId,
    "task",
    "1 to 200 letters, digits, `-`, `_`, `.`, `/` or `#`",
    |t| !t.is_empty()
        && t.len() <= 200
        && t.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b'#'))
);
text_id!(
    /// A statement of the epic: `US-2` (story), `AC-2.1` (criterion), `BR-3` (rule), `FR-1`, `NFR-1`, `N-4` (narrative).
    StatementId,
    "statement",
    "letters, `-`, and numbers joined by dots, such as `AC-2.1`",
    |t| t.split_once('-').is_some_and(|(kind, rest)| {
        matches!(kind, "US" | "AC" | "BR" | "FR" | "NFR" | "N")
            && !rest.is_empty()
            && rest.split('.').all(|part| !part.is_empty() && part.len() <= 5 && part.bytes().all(|b| b.is_ascii_digit()))
    })
);

impl RunId {
    /// The name of a run's n-th execution.
    #[must_use]
    pub fn execution(&self, number: u32) -> String {
        if number <= 1 { self.to_string() } else { format!("{self}-r{number}") }
    }
}

impl TenantId {
    /// The tenant of a single-user installation.
    #[must_use]
    pub fn local() -> Self {
        Self("local".to_owned())
    }
}
