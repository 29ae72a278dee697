//! Failures as Lambda tells them: Step Functions matches `errorType` against the names of the definitions.

use lambda_runtime::Diagnostic;
use maestro_sdlc::Failure;

/// An invocation that failed by name.
#[derive(Debug)]
pub struct Failed(Failure);

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<Failed> for Diagnostic {
    fn from(Failed(failure): Failed) -> Self {
        Self { error_type: failure.kind.name().to_owned(), error_message: failure.cause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::FailureKind;

    #[test]
    fn the_name_is_the_one_that_definitions_match() {
        let told = Diagnostic::from(Failed::from(Failure::new(FailureKind::LeaseHeld, "somebody works on it")));
        assert_eq!(told.error_type, "Maestro.LeaseHeld");
        assert_eq!(told.error_message, "somebody works on it");
    }
}
