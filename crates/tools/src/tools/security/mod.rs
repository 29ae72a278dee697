//! Looking at the software as an attacker.

mod check_code;
mod check_dependencies;
mod check_licences;
mod generate_sbom;
mod manifests;
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
    check_licences::CheckLicences,
    generate_sbom::GenerateSbom,
    scan_secrets::ScanSecrets,
}
