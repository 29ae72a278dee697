//! `write_file`: adds or replaces a file of the caller's own artifact.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct WriteFile;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Path below the deliverable, such as `docs/api.md`
    path: String,
    /// The whole text
    content: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    bytes: usize,
}

impl Tool for WriteFile {
    const NAME: &'static str = "write_file";
    const DESCRIPTION: &'static str =
        "Writes a whole text file of your artifact. Files that another persona handed over cannot be changed.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { path, content }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let bytes = content.len();
        workspace.write(&path, content)?;
        Ok(Output { path, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Upstream,
        testing::{context, run},
    };
    use maestro_domain::ArtifactKind;
    use serde_json::json;

    #[tokio::test]
    async fn writes_own_files_only() {
        let mut context = context();
        let design = Upstream { files: [("openapi.json".into(), vec![])].into(), ..Upstream::default() };
        context.upstream.insert(ArtifactKind::Design, design);
        let mut write = async |path: &str| {
            run(WriteFile, json!({"path": path, "content": "x"}), &mut context).await.map_err(|e| e.to_string())
        };
        assert_eq!(write("docs/a.md").await.unwrap(), json!({"path": "docs/a.md", "bytes": 1}));
        assert!(write("openapi.json").await.unwrap_err().contains("belongs to the artifact `design`"));
        for bad in ["../x", "/etc/passwd", "a//b", "a/./b", "", "a\nb", "ü.md"] {
            assert!(write(bad).await.unwrap_err().contains("not a path inside"), "{bad}");
        }
        assert_eq!(context.own.keys().collect::<Vec<_>>(), ["docs/a.md"]);
    }
}
