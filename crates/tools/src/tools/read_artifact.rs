//! `read_artifact`: what another persona handed over.

use crate::{
    Context, Effect, Error, Tool,
    context::{arguments, strings},
};
use async_trait::async_trait;
use maestro_domain::ArtifactKind;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct ReadArtifact;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    kind: String,
}

#[async_trait]
impl Tool for ReadArtifact {
    fn name(&self) -> &'static str {
        "read_artifact"
    }
    fn description(&self) -> &'static str {
        "Reads an artifact that another persona handed over: its typed document and the paths of its files."
    }
    fn effect(&self) -> Effect {
        Effect::ReadOnly
    }
    fn schema(&self) -> Value {
        strings(&[("kind", "the artifact's kind, such as `requirements` or `design`")])
    }
    async fn call(&self, given: &Value, context: &mut Context) -> Result<Value, Error> {
        let Arguments { kind } = arguments(given)?;
        let Some(known) = ArtifactKind::from_id(&kind) else {
            let kinds: Vec<_> = ArtifactKind::ALL.iter().map(|kind| kind.id()).collect();
            return Err(Error::Respond(format!("there is no artifact kind `{kind}`: use one of {}", kinds.join(", "))));
        };
        match context.upstream.get(&known) {
            Some(upstream) => {
                let files: Vec<_> = upstream.files.keys().collect();
                Ok(json!({"document": upstream.document, "files": files}))
            }
            None => Err(Error::Respond(format!("nobody has handed over `{kind}` yet"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Upstream, tests::context};

    #[tokio::test]
    async fn reads_what_is_there_and_names_what_is_not() {
        let mut context = context();
        let upstream = Upstream { document: json!({"a": 1}), files: [("x.md".into(), vec![1])].into() };
        context.upstream.insert(ArtifactKind::Design, upstream);
        let got = ReadArtifact.call(&json!({"kind": "design"}), &mut context).await.unwrap();
        assert_eq!(got, json!({"document": {"a": 1}, "files": ["x.md"]}));
        for (kind, says) in [("tests", "nobody has handed over"), ("poem", "no artifact kind")] {
            let error = ReadArtifact.call(&json!({"kind": kind}), &mut context).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
