//! `read_artifact`: what another persona handed over, or the caller in the attempt before, or a part of it.

use crate::{Effect, Error, Tool, Workspace};
use maestro_domain::ArtifactKind;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct ReadArtifact;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The artifact's kind
    #[schemars(schema_with = "kinds")]
    kind: String,
    /// JSON Pointer of the part to read, such as `/model/entities/0`; the whole document when left out
    #[serde(default)]
    at: String,
}

fn kinds(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ids()})
}

fn ids() -> Vec<&'static str> {
    ArtifactKind::ALL.iter().map(|kind| kind.id()).collect()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    document: Value,
    files: Vec<String>,
}

impl Tool for ReadArtifact {
    const NAME: &'static str = "read_artifact";
    const DESCRIPTION: &'static str = "Reads an artifact that was handed over, by another persona or by you in the attempt before: its typed document, or a part of it, and the paths of its files.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with `at`, the JSON Pointer of the part that you need";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { kind, at }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let Some(known) = ArtifactKind::from_id(&kind) else {
            return Err(Error::Respond(format!("there is no artifact kind `{kind}`: use one of {}", ids().join(", "))));
        };
        let context = workspace.context();
        let own = context.before.as_deref().filter(|_| known == context.output).map(|before| (before, &context.own));
        let others = || context.upstream.get(&known).map(|upstream| (&*upstream.document, &upstream.files));
        let Some((document, files)) = own.or_else(others) else {
            return Err(Error::Respond(format!("nobody has handed over `{kind}` yet")));
        };
        let Some(part) = document.pointer(&at) else {
            return Err(Error::Respond(nowhere(document, &kind, &at)));
        };
        Ok(Output { document: part.clone(), files: files.keys().cloned().collect() })
    }
}

/// Says where a pointer leaves the document, and what there is instead.
fn nowhere(document: &Value, kind: &str, at: &str) -> String {
    let mut reached = String::new();
    for step in at.split('/').skip(1) {
        let next = format!("{reached}/{step}");
        if document.pointer(&next).is_none() {
            break;
        }
        reached = next;
    }
    let has = match document.pointer(&reached) {
        Some(Value::Object(members)) => members.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        Some(Value::Array(items)) => format!("the items 0 to {}", items.len().saturating_sub(1)),
        _ => "nothing below it".to_owned(),
    };
    format!("the document of `{kind}` has nothing at `{at}`; at `{reached}` it has {has}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Upstream,
        testing::{context, run},
    };
    use serde_json::json;

    #[tokio::test]
    async fn reads_what_is_there_and_names_what_is_not() {
        let mut context = context();
        let document = json!({"model": {"entities": [{"name": "Tool"}, {"name": "Loan"}]}});
        let upstream = Upstream { document: document.clone().into(), files: [("x.md".into(), vec![1])].into() };
        context.upstream.insert(ArtifactKind::Design, upstream);
        let got = run(ReadArtifact, json!({"kind": "design"}), &mut context).await.unwrap();
        assert_eq!(got, json!({"document": document, "files": ["x.md"]}));
        let part = json!({"kind": "design", "at": "/model/entities/1/name"});
        assert_eq!(run(ReadArtifact, part, &mut context).await.unwrap()["document"], "Loan");
        for (arguments, says) in [
            (json!({"kind": "tests"}), "nobody has handed over"),
            (json!({"kind": "poem"}), "no artifact kind"),
            (json!({"kind": "design", "at": "/model/entities/2"}), "at `/model/entities` it has the items 0 to 1"),
            (json!({"kind": "design", "at": "/modal"}), "at `` it has `model`"),
        ] {
            let error = run(ReadArtifact, arguments, &mut context).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
