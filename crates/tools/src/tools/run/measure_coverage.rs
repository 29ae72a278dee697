//! `measure_coverage`: which lines of the software its tests execute.

use super::program;
use crate::{Effect, Error, Tool, Workspace, plain_path};
use maestro_domain::job::bounds::LONGEST_S;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) struct MeasureCoverage;

/// Seconds that the tests have: noting lines makes them slower.
const TESTS_S: u64 = LONGEST_S - 30;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The folder of the tests
    #[serde(default = "tests")]
    tests: String,
    /// The folder whose lines are counted
    #[serde(default = "service")]
    below: String,
}

fn tests() -> String {
    "tests".to_owned()
}

fn service() -> String {
    "service".to_owned()
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Output {
    /// How the tests ended: `ok`, `failed` or `timed out`.
    tests: String,
    /// The end of what they said, unless they passed.
    said: String,
    percent: f64,
    lines: usize,
    executed: usize,
    /// Least covered first.
    files: Vec<File>,
}

#[derive(Debug, Deserialize, Serialize)]
struct File {
    path: String,
    lines: usize,
    executed: usize,
    percent: f64,
    missing: Vec<String>,
    never_called: Vec<String>,
}

impl Tool for MeasureCoverage {
    const NAME: &'static str = "measure_coverage";
    const DESCRIPTION: &'static str = "Runs the tests in the sandbox and tells which lines of the software they execute, also in services that \
         they start: percent, missing lines and functions that are never called, by file.";
    const EFFECT: Effect = Effect::RunsCode;
    const REST: &'static str = "call again with a folder or file in `below`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { tests, below }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        plain_path(&tests)?;
        let argument = json!({"tests": tests, "below": below, "seconds": TESTS_S});
        let output: Output = program::COVERAGE.report(&argument, [].into(), LONGEST_S, workspace).await?;
        if output.lines == 0 {
            return Err(Error::Respond(format!("there is no Python below `{below}` whose lines could be counted")));
        }
        Ok(output)
    }
}
