//! `run_tests`: lets the referee run the tests of a folder. The answer helps the author; gates run their own.

use super::results::Results;
use crate::{Effect, Error, Tool, Workspace, plain_path};
use maestro_ports::referee::Action;
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct RunTests;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The folder, such as `tests`
    dir: String,
}

impl Tool for RunTests {
    const NAME: &'static str = "run_tests";
    const DESCRIPTION: &'static str =
        "Runs the Python unittest tests below a folder in the sandbox and reports each one that did not pass.";
    const EFFECT: Effect = Effect::RunsCode;
    const REST: &'static str = "mend those first and run again";
    type Args = Args;
    type Output = Results;

    async fn call(&self, Args { dir }: Args, workspace: &mut Workspace<'_>) -> Result<Results, Error> {
        plain_path(&dir)?;
        Ok(workspace.evidence(Action::PythonTests { dir }).await?.into())
    }
}
