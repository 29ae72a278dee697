//! `delete_file`: takes back a file of the caller's own artifact.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct DeleteFile;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Path of a file that you wrote
    path: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    deleted: String,
    /// Files of the artifact that are left.
    left: usize,
}

impl Tool for DeleteFile {
    const NAME: &'static str = "delete_file";
    const DESCRIPTION: &'static str = "Deletes a file of your artifact, so that it is not handed over.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { path }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        workspace.remove(&path)?;
        Ok(Output { deleted: path, left: workspace.context().own.len().saturating_sub(1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Upstream,
        testing::{context_with, run},
    };
    use maestro_domain::ArtifactKind;
    use serde_json::json;

    #[tokio::test]
    async fn deletes_own_files_only() {
        let mut context = context_with(&[("docs/a.md", "x"), ("docs/b.md", "x")]);
        let design = Upstream { files: [("openapi.json".into(), vec![])].into(), ..Upstream::default() };
        context.upstream.insert(ArtifactKind::Design, design);
        let done = run(DeleteFile, json!({"path": "docs/a.md"}), &mut context).await.unwrap();
        assert_eq!(done, json!({"deleted": "docs/a.md", "left": 1}));
        for (path, says) in [
            ("openapi.json", "belongs to the artifact `design`"),
            ("docs/a.md", "did you mean `docs/b.md`"),
            ("../x", "not a path inside"),
        ] {
            let error = run(DeleteFile, json!({"path": path}), &mut context).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
        assert_eq!(context.own.keys().collect::<Vec<_>>(), ["docs/b.md"]);
    }
}
