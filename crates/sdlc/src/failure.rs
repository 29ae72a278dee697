//! Why a handler gave no result, by the name that definitions match.

use maestro_domain::{FailureKind, RunReason, with_causes};

/// A named failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// Its name.
    pub kind: FailureKind,
    /// What happened, to what, what to do.
    pub cause: String,
    /// When trying again may help, milliseconds since 1970, where that is known.
    pub until_ms: Option<u64>,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: FailureKind, cause: impl Into<String>) -> Self {
        Self { kind, cause: cause.into(), until_ms: None }
    }

    /// An error with all its causes, as a failure of this kind.
    pub fn from_error(kind: FailureKind, error: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(kind, with_causes(error))
    }

    /// A payload that does not fit the handler's contract.
    pub(crate) fn payload(error: &serde_json::Error) -> Self {
        Self::new(FailureKind::BadOutput, format!("the handler's input does not fit: {error}"))
    }
}

impl From<maestro_store::Error> for Failure {
    fn from(error: maestro_store::Error) -> Self {
        let kind = if error.full() { FailureKind::StoreFull } else { FailureKind::Store };
        Self::from_error(kind, &error)
    }
}

impl From<maestro_agent::Error> for Failure {
    fn from(error: maestro_agent::Error) -> Self {
        let until_ms = match &error {
            maestro_agent::Error::Late { until_ms, .. } => *until_ms,
            _ => None,
        };
        Self { until_ms, ..Self::from_error(error.kind(), &error) }
    }
}

/// The word and the sentence for a failure that ends a run.
#[must_use]
pub fn reason(error: &str, cause: &str) -> RunReason {
    let code = match FailureKind::from_name(error) {
        Some(FailureKind::NeedsModel) => "needs_model".to_owned(),
        Some(FailureKind::Blocked) => "needs_person".to_owned(),
        Some(_) | None => snake(error.trim_start_matches("Maestro.")),
    };
    RunReason { code, message: cause.to_owned() }
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_words() {
        for (error, code) in [
            ("Maestro.NeedsModel", "needs_model"),
            ("Maestro.Blocked", "needs_person"),
            ("Maestro.GateRefused", "gate_refused"),
            ("States.Timeout", "states_timeout"),
        ] {
            assert_eq!(reason(error, "").code, code);
        }
    }
}
