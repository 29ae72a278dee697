//! `list_files`: the files that the task sees.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ListFiles;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Only paths that begin with this, such as `docs/`
    #[serde(default)]
    below: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    files: Vec<Listed>,
}

/// One file.
#[derive(Debug, Serialize)]
struct Listed {
    path: String,
    bytes: usize,
    /// Whether the caller wrote it.
    own: bool,
}

impl Tool for ListFiles {
    const NAME: &'static str = "list_files";
    const DESCRIPTION: &'static str =
        "Lists the files of the deliverable so far, with their sizes and whether you wrote them.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with a folder in `below`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let own = &workspace.context().own;
        let files = workspace.files();
        let files = files.iter().filter(|(path, _)| path.starts_with(&args.below)).map(|(path, bytes)| Listed {
            path: (*path).to_owned(),
            bytes: bytes.len(),
            own: own.contains_key(*path),
        });
        Ok(Output { files: files.collect() })
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
    async fn lists_others_files_and_own_below_a_folder() {
        let mut context = context_with(&[("tests/a.py", "x = 1")]);
        let design = Upstream { files: [("openapi.json".into(), b"{}".to_vec())].into(), ..Upstream::default() };
        context.upstream.insert(ArtifactKind::Design, design);
        let (theirs, own) = (
            json!({"path": "openapi.json", "bytes": 2, "own": false}),
            json!({"path": "tests/a.py", "bytes": 5, "own": true}),
        );
        let all = run(ListFiles, json!({}), &mut context).await.unwrap();
        assert_eq!(all["files"], json!([theirs, own]));
        let below = run(ListFiles, json!({"below": "tests/"}), &mut context).await.unwrap();
        assert_eq!(below["files"], json!([own]));
    }
}
