//! `submit_work`: hands over the typed document and ends the task.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(crate) struct SubmitWork;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The document, in the shape your prompt gives
    document: Map<String, Value>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    accepted: bool,
}

impl Tool for SubmitWork {
    const NAME: &'static str = crate::SUBMIT;
    const DESCRIPTION: &'static str =
        "Hands over your work: the typed document of your artifact. The files you wrote go with it. Ends the task.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { document }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let (document, output) = (Value::Object(document), workspace.context().output);
        maestro_artifacts::check(output, &document)
            .map_err(|why| Error::Respond(format!("the document is no `{output}`: {why}")))?;
        workspace.submit(document)?;
        Ok(Output { accepted: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[tokio::test]
    async fn takes_only_the_right_type() {
        let mut context = context();
        for wrong in [json!({"poem": 1}), json!("a text")] {
            let error = run(SubmitWork, json!({"document": wrong}), &mut context).await.unwrap_err();
            let says = error.to_string();
            assert!(says.contains("is no `tests`") || says.contains("do not fit"), "{says}");
        }
        assert_eq!(context.submitted, None);
        let plan = json!({"dir": "tests", "tests": []});
        run(SubmitWork, json!({"document": plan}), &mut context).await.unwrap();
        assert_eq!(context.submitted, Some(plan));
    }
}
