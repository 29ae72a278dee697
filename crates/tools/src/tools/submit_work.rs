//! `submit_work`: hands over the typed document and ends the task.

use crate::{Context, Effect, Error, Tool, context::arguments};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct SubmitWork;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    document: Value,
}

#[async_trait]
impl Tool for SubmitWork {
    fn name(&self) -> &'static str {
        "submit_work"
    }
    fn description(&self) -> &'static str {
        "Hands over your work: the typed document of your artifact. The files you wrote go with it. Ends the task."
    }
    fn effect(&self) -> Effect {
        Effect::WritesArtifact
    }
    fn schema(&self) -> Value {
        json!({
            "type": "object",
            "properties": {"document": {"type": "object", "description": "the document, in the shape your prompt gives"}},
            "required": ["document"],
            "additionalProperties": false,
        })
    }
    async fn call(&self, given: &Value, context: &mut Context) -> Result<Value, Error> {
        let Arguments { document } = arguments(given)?;
        maestro_artifacts::check(context.output, &document)
            .map_err(|why| Error::Respond(format!("the document is no `{}`: {why}", context.output)))?;
        context.submitted = Some(document);
        Ok(json!({"accepted": true}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::context;

    #[tokio::test]
    async fn takes_only_the_right_type() {
        let mut context = context();
        let error = SubmitWork.call(&json!({"document": {"poem": 1}}), &mut context).await.unwrap_err();
        assert!(error.to_string().contains("is no `tests`"), "{error}");
        assert_eq!(context.submitted, None);
        let plan = json!({"dir": "tests", "tests": []});
        SubmitWork.call(&json!({"document": plan}), &mut context).await.unwrap();
        assert_eq!(context.submitted, Some(plan));
    }
}
