//! What the other personas hand over beside their files. Paths are those of the deliverable.

use maestro_domain::{Phase, StatementId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The DevOps engineer's: container, pipeline, composition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// Path of the container file.
    pub container: String,
    /// Path of the pipeline's definition.
    pub pipeline: String,
    /// Path of the composition.
    pub composition: String,
    /// How the service starts.
    pub start: Vec<String>,
    /// How its tests run.
    pub test: Vec<String>,
    /// Name of the environment variable that holds the port.
    pub port_env: String,
}

/// The QA engineer's: which tests prove which statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestPlan {
    /// The folder of the tests.
    pub dir: String,
    /// One entry a test, sorted by name.
    pub tests: Vec<PlannedTest>,
    /// Understood statements for which there is no test.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untested: Vec<Untested>,
}

/// An understood statement that no test proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Untested {
    /// The statement.
    pub statement: StatementId,
    /// Why there is none, for people.
    pub why: String,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedTest {
    /// Dotted name as the runner reports it: `test_loans.Loans.test_due_after_lent`.
    pub name: String,
    /// The statements it proves.
    pub covers: Vec<StatementId>,
}

/// How bad a security finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To know.
    Info,
    /// To mend some day.
    Low,
    /// To mend.
    Medium,
    /// Stops the release.
    High,
}

/// The security specialist's: threat model, checks, findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityReport {
    /// Threats, each with what stands against it.
    pub threats: Vec<Threat>,
    /// Names of the checks that ran and how many files each read.
    pub checks: Vec<SecurityCheck>,
    /// What they found.
    pub findings: Vec<SecurityFinding>,
}

/// One threat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// STRIDE class in lower case: `spoofing`, `tampering`, ...
    pub class: String,
    /// What could happen, to what.
    pub threat: String,
    /// What stands against it; empty means nothing does.
    pub mitigation: String,
}

/// One check that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityCheck {
    /// Its name, such as `secrets`.
    pub name: String,
    /// How many files it read.
    pub files: usize,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityFinding {
    /// The check that found it.
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// In which file.
    pub file: String,
    /// Line, from 1; 0 for the whole file.
    pub line: usize,
    /// What it is, without the secret itself.
    pub message: String,
}

/// The deployment specialist's: release and rollback plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Semantic version.
    pub version: String,
    /// What is done to release, in order.
    pub steps: Vec<String>,
    /// What is done to go back, in order.
    pub rollback: Vec<String>,
    /// How the service starts.
    pub start: Vec<String>,
    /// Path that answers 200 when it is ready.
    pub health: String,
    /// Folder of the start check, a Python test that really starts the service.
    pub check_dir: String,
}

/// The integration tester's: smoke and contract tests against the running service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Folder of the smoke and contract tests.
    pub dir: String,
    /// Operations of the OpenAPI document that the contract tests call, as `GET /loans`.
    pub operations: Vec<String>,
}

/// The technical writer's pages of one phase. The writer works in every phase: the requirements catalogue, the API page,
/// the user guide, the page on testing, and at last README and changelog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// The phase they were written in.
    pub phase: Phase,
    /// Paths of the pages.
    pub pages: Vec<String>,
    /// Statements that the pages explain, by id.
    pub explains: Vec<StatementId>,
}

/// The backend developer's: the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backend {
    /// The folder of the Python package.
    pub package: String,
    /// How it starts, with the deliverable as working directory.
    pub start: Vec<String>,
}

/// The frontend developer's: the pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frontend {
    /// Path of the first page.
    pub index: String,
    /// Ids of the screens that the pages show.
    pub screens: Vec<String>,
}
