//! Why a handler gave no result, by the name that definitions match.

use maestro_domain::FailureKind;

/// A named failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// Its name.
    pub kind: FailureKind,
    /// What happened, to what, what to do.
    pub cause: String,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: FailureKind, cause: impl Into<String>) -> Self {
        Self { kind, cause: cause.into() }
    }

    /// An error with all its causes, as a failure of this kind.
    pub fn from_error(kind: FailureKind, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = error.to_string();
        let mut source = error.source();
        while let Some(next) = source {
            cause.push_str(": ");
            cause.push_str(&next.to_string());
            source = next.source();
        }
        Self { kind, cause }
    }

    /// A payload that does not fit the handler's contract.
    pub(crate) fn payload(error: &serde_json::Error) -> Self {
        Self::new(FailureKind::BadOutput, format!("the handler's input does not fit: {error}"))
    }
}

impl From<maestro_store::Error> for Failure {
    fn from(error: maestro_store::Error) -> Self {
        Self::from_error(FailureKind::Store, &error)
    }
}

impl From<maestro_agent::Error> for Failure {
    fn from(error: maestro_agent::Error) -> Self {
        Self::from_error(error.kind(), &error)
    }
}
