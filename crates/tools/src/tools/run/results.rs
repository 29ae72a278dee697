//! What of a test run its author has to know.

use maestro_domain::{Evidence, TestOutcome};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct Results {
    success: bool,
    ran: usize,
    not_passed: Vec<NotPassed>,
}

#[derive(Debug, Serialize)]
struct NotPassed {
    name: String,
    outcome: TestOutcome,
    message: String,
}

impl From<Evidence> for Results {
    fn from(evidence: Evidence) -> Self {
        let (success, ran) = (evidence.success(), evidence.tests.len());
        let bad = evidence.tests.into_iter().filter(|test| test.outcome != TestOutcome::Passed);
        let not_passed = bad.map(|test| NotPassed { name: test.name, outcome: test.outcome, message: test.message });
        Self { success, ran, not_passed: not_passed.collect() }
    }
}
