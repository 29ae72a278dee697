//! `generate_openapi`: the OpenAPI document of the service that a model describes, as the house's services speak it.

use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, model_schema},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct GenerateOpenapi;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// Where to write it
    #[serde(default = "path")]
    path: String,
}

fn path() -> String {
    "openapi.json".to_owned()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    operations: Vec<String>,
    document: Value,
}

impl Tool for GenerateOpenapi {
    const NAME: &'static str = "generate_openapi";
    const DESCRIPTION: &'static str = "Writes the OpenAPI 3.1 document of the record-keeping service that the model describes: paths, schemas with all bounds, errors, roles.";
    const EFFECT: Effect = Effect::WritesArtifact;
    const REST: &'static str = "read the file that was written";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let model = given::model(args.model, workspace)?;
        let graves: Vec<_> = super::check_model::check(&model)
            .into_iter()
            .filter(|f| f.severity == maestro_artifacts::delivery::Severity::High)
            .collect();
        if let Some(first) = graves.first() {
            let message = format!(
                "the model cannot be built yet: {} ({} findings; call check_model)",
                first.message,
                graves.len()
            );
            return Err(Error::Respond(message));
        }
        if model.entities.is_empty() {
            return Err(Error::Respond("the model has no entity: there is no interface to describe".to_owned()));
        }
        let document = maestro_service::openapi(&model);
        let operations = operations(&document);
        let text = serde_json::to_string_pretty(&document)
            .map_err(|source| Error::Fatal { tool: Self::NAME.to_owned(), source: source.into() })?;
        workspace.write(&args.path, format!("{text}\n"))?;
        Ok(Output { path: args.path, operations, document })
    }
}

/// `GET /loans` and the like.
fn operations(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, _)| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[tokio::test]
    async fn the_document_describes_the_model_and_is_valid() {
        let model = json!({"title": "Tools", "roles": ["clerk"], "entities": [{"key": "tool", "name": "tool", "plural": "tools", "path": "tools", "sources": [],
            "fields": [{"key": "name", "name": "name", "kind": {"type": "text"}, "sources": []}]}],
            "rules": [{"id": "R-1", "sources": [], "message": "m", "demand": {"kind": "required", "entity": "tool", "field": "name"}}]});
        let mut context = context();
        let got = run(GenerateOpenapi, json!({"model": model}), &mut context).await.unwrap();
        assert!(got["operations"].as_array().unwrap().contains(&json!("POST /tools")));
        let written: Value = serde_json::from_slice(&context.own["openapi.json"]).unwrap();
        let findings = super::super::validate_openapi::validate(&written);
        assert!(findings.iter().all(|f| f.severity < maestro_artifacts::delivery::Severity::Medium), "{findings:?}");
        let bad = json!({"model": {"title": "T", "roles": [], "entities": [], "rules": [{"id": "R-1", "sources": [], "message": "m", "demand": {"kind": "csv", "entity": "van"}}]}});
        let error = run(GenerateOpenapi, bad, &mut context).await.unwrap_err();
        assert!(error.to_string().contains("`van`"), "{error}");
    }
}
