//! Looking at the software as an attacker.

mod check_code;
mod check_dependencies;
mod scan_secrets;

use maestro_artifacts::delivery::SecurityFinding;
use serde::Serialize;

/// What a check over all files found.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    check: &'static str,
    /// How many files it read.
    files: usize,
    findings: Vec<SecurityFinding>,
}

tools! {
    check_code::CheckCode,
    check_dependencies::CheckDependencies,
    scan_secrets::ScanSecrets,
}
