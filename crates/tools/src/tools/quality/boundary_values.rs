//! `boundary_values`: the values of one field that tests should try, each with what the service has to say to it.

use super::values::{Field, Trial, Verdict};
use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, model_schema},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct BoundaryValues;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The field by its type and bounds; give this, or `entity` and `name`
    #[serde(default)]
    field: Option<Field>,
    /// Key of the entity in the model
    #[serde(default)]
    entity: Option<String>,
    /// Key of the field in the entity
    #[serde(default)]
    name: Option<String>,
    /// The service model; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    accepted: usize,
    refused: usize,
    values: Vec<Trial>,
}

impl Tool for BoundaryValues {
    const NAME: &'static str = "boundary_values";
    const DESCRIPTION: &'static str = "Lists the values at the edges of a field (last inside and first outside of each bound, wrong types, left out), each with the expected verdict. Takes a described field, or one of the model.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let field = match (args.field, args.entity, args.name) {
            (Some(field), None, None) => field,
            (None, Some(entity), Some(name)) => {
                let model = given::model(args.model, workspace)?;
                Field::of(&model, &entity, &name).ok_or_else(|| {
                    let known = model
                        .entities
                        .iter()
                        .flat_map(|e| e.fields.iter().map(move |f| format!("{}.{}", e.key, f.key)));
                    Error::Respond(format!(
                        "there is no field `{entity}.{name}`; there are {}",
                        known.collect::<Vec<_>>().join(", ")
                    ))
                })?
            }
            _ => return Err(Error::Respond("give either `field`, or `entity` and `name`".to_owned())),
        };
        let values = field.trials().map_err(Error::Respond)?;
        let accepted = values.iter().filter(|trial| trial.verdict == Verdict::Accepted).count();
        Ok(Output { accepted, refused: values.len() - accepted, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[tokio::test]
    async fn a_field_is_described_or_one_of_the_model() {
        let model = json!({"title": "T", "roles": [], "entities": [{"key": "tool", "name": "tool", "plural": "tools", "path": "tools", "sources": [],
            "fields": [{"key": "fee", "name": "fee", "kind": {"type": "money"}, "sources": []}]}],
            "rules": [{"id": "R-1", "sources": [], "message": "m", "demand": {"kind": "range", "entity": "tool", "field": "fee", "min": "0", "above_min": true}},
                {"id": "R-2", "sources": [], "message": "m", "demand": {"kind": "required", "entity": "tool", "field": "fee"}}]});
        let got = run(BoundaryValues, json!({"entity": "tool", "name": "fee", "model": model}), &mut context())
            .await
            .unwrap();
        let same = run(
            BoundaryValues,
            json!({"field": {"type": "money", "min": "0", "above_min": true, "required": true}}),
            &mut context(),
        )
        .await
        .unwrap();
        assert_eq!(got, same);
        assert_eq!(got["values"][0], json!({"verdict": "refused", "why": "it is required"}));
        assert_eq!(got["values"][1]["value"], "0.00");
        for (args, says) in [
            (json!({"entity": "tool", "name": "x", "model": model}), "there are tool.fee"),
            (json!({"entity": "tool"}), "give either"),
            (json!({"field": {"type": "poem"}}), "poem"),
        ] {
            let error = run(BoundaryValues, args, &mut context()).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
