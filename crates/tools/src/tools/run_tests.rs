//! `run_tests`: lets the referee run the tests of a folder. The answer helps the author; gates run their own. Nobody waits
//! for the referee: the task goes on when the evidence is there, and then this call is made again and answers.

use crate::{
    Context, Effect, Error, Tool,
    context::{arguments, plain_path, strings},
};
use async_trait::async_trait;
use maestro_domain::TestOutcome;
use maestro_ports::referee::{Action, Job, Limits};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct RunTests;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    dir: String,
}

#[async_trait]
impl Tool for RunTests {
    fn name(&self) -> &'static str {
        "run_tests"
    }
    fn description(&self) -> &'static str {
        "Runs the Python unittest tests below a folder in the sandbox and reports each one that did not pass."
    }
    fn effect(&self) -> Effect {
        Effect::RunsCode
    }
    fn schema(&self) -> Value {
        strings(&[("dir", "the folder, such as `tests`")])
    }
    async fn call(&self, given: &Value, context: &mut Context) -> Result<Value, Error> {
        let Arguments { dir } = arguments(given)?;
        plain_path(&dir)?;
        let workspace = context.files().into_iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        let job = Job {
            name: format!("{}/{}/run_tests", context.phase, context.persona),
            workspace,
            action: Action::PythonTests { dir },
            env: [].into(),
            limits: Limits::default(),
        };
        let known = context.jobs.evidence(&job).await;
        let known = known.map_err(|source| Error::Fatal { tool: self.name(), source })?;
        let Some(evidence) = known else { return Err(Error::Waits(job.into())) };
        let failed: Vec<_> = evidence
            .tests
            .iter()
            .filter(|test| test.outcome != TestOutcome::Passed)
            .map(|test| json!({"name": test.name, "outcome": test.outcome, "message": test.message}))
            .collect();
        Ok(json!({"success": evidence.success(), "ran": evidence.tests.len(), "not_passed": failed}))
    }
}
