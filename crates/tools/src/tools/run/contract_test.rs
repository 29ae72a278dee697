//! `contract_test`: exercises the running service by its own OpenAPI document, operation by operation.

use super::{
    program::FOLDER,
    results::Results,
    start::{Given, start},
};
use crate::{Effect, Error, Tool, Workspace};
use maestro_domain::job::bounds::LONGEST_S;
use maestro_ports::referee::{Action, Limits};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct ContractTest;

const DOCUMENT: &str = "openapi.json";
const METHODS: [&str; 5] = ["delete", "get", "patch", "post", "put"];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// How it is started; as `maestro.json` or the handed-over artifacts say when left out
    start: Option<Given>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The operations of the document that were called.
    operations: Vec<String>,
    #[serde(flatten)]
    results: Results,
}

impl Tool for ContractTest {
    const NAME: &'static str = "contract_test";
    const DESCRIPTION: &'static str = "Starts the service in the sandbox and calls every operation of `openapi.json` with bodies that its schemas \
         allow and forbid: statuses, content types and bodies must be those that the document names.";
    const EFFECT: Effect = Effect::RunsCode;
    const REST: &'static str = "mend those first and test again";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let document: Value = serde_json::from_str(workspace.text(DOCUMENT)?)
            .map_err(|why| Error::Respond(format!("`{DOCUMENT}` is no JSON: {why}")))?;
        let operations = operations(&document);
        if operations.is_empty() {
            return Err(Error::Respond(format!("`{DOCUMENT}` has no operation below `paths`")));
        }
        let dir = format!("{FOLDER}/contract");
        let mut files = maestro_exercise::support(&dir, &start(args.start, workspace)?);
        files.insert(format!("{dir}/test_contract.py"), maestro_exercise::CONTRACT.to_owned());
        let limits = Limits { wall_ms: LONGEST_S * 1_000, ..Limits::default() };
        let evidence = workspace.evidence_with(Action::PythonTests { dir }, files, limits).await?;
        Ok(Output { operations, results: evidence.into() })
    }
}

fn operations(document: &Value) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let all = paths.into_iter().flatten().flat_map(|(path, item)| {
        let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    all.collect()
}
