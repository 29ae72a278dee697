//! `run_tests`: lets the referee run the tests of a folder. The answer helps the author; gates run their own.

use crate::{Effect, Error, Tool, Workspace, plain_path};
use maestro_domain::TestOutcome;
use maestro_ports::referee::Action;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct RunTests;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The folder, such as `tests`
    dir: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
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

impl Tool for RunTests {
    const NAME: &'static str = "run_tests";
    const DESCRIPTION: &'static str =
        "Runs the Python unittest tests below a folder in the sandbox and reports each one that did not pass.";
    const EFFECT: Effect = Effect::RunsCode;
    const REST: &'static str = "mend those first and run again";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { dir }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        plain_path(&dir)?;
        let evidence = workspace.evidence(Action::PythonTests { dir }).await?;
        let (success, ran) = (evidence.success(), evidence.tests.len());
        let bad = evidence.tests.into_iter().filter(|test| test.outcome != TestOutcome::Passed);
        let not_passed =
            bad.map(|test| NotPassed { name: test.name, outcome: test.outcome, message: test.message }).collect();
        Ok(Output { success, ran, not_passed })
    }
}
