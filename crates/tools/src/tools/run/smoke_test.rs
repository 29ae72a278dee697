//! `smoke_test`: starts the service and sends it requests.

use super::{
    program,
    start::{Given, running_service},
};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub(crate) struct SmokeTest;

/// Most requests of the caller.
const MOST: usize = 50;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// How it is started; as `maestro.json` or the handed-over artifacts say when left out
    start: Option<Given>,
    /// Requests to send after those that every service must answer, in order
    #[serde(default)]
    requests: Vec<Asked>,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`
    method: String,
    /// The path; `{0.id}` stands for the member `id` of the answer to the first request
    path: String,
    /// The JSON body
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    /// Headers, such as `X-Role`
    #[serde(default)]
    headers: Map<String, Value>,
    /// The status that it must have
    status: u16,
    /// A text that the answer must contain
    #[serde(skip_serializing_if = "Option::is_none")]
    contains: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Report {
    started: bool,
    why: String,
    checks: Vec<Check>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Check {
    name: String,
    ok: bool,
    answer: String,
    wrong: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    success: bool,
    passed: usize,
    failed: Vec<Check>,
}

impl Tool for SmokeTest {
    const NAME: &'static str = "smoke_test";
    const DESCRIPTION: &'static str = "Starts the service in the sandbox and checks that its parts are there: health, front page with its scripts and \
         styles, the document, refusals; then sends your own requests and compares status and content.";
    const EFFECT: Effect = Effect::RunsCode;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { start, requests }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        if requests.len() > MOST {
            return Err(Error::Respond(format!("{} requests are too many; {MOST} is the most", requests.len())));
        }
        let beside = running_service(start, workspace)?;
        let report: Report = program::SMOKE.report(&json!({ "requests": requests }), beside, 120, workspace).await?;
        if !report.started {
            return Err(Error::Respond(format!("the service did not start: {}", report.why)));
        }
        let (passed, failed): (Vec<_>, Vec<_>) = report.checks.into_iter().partition(|check| check.ok);
        Ok(Output { success: failed.is_empty(), passed: passed.len(), failed })
    }
}
