//! `move_file`: gives a file of the caller's own artifact another path.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct MoveFile;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Path of a file that you wrote
    from: String,
    /// Its new path, at which there is no file
    to: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    from: String,
    to: String,
    /// Files that name the old path and may have to be changed.
    still_named_in: Vec<String>,
}

impl Tool for MoveFile {
    const NAME: &'static str = "move_file";
    const DESCRIPTION: &'static str =
        "Moves or renames a file of your artifact, and tells which files still name the old path.";
    const EFFECT: Effect = Effect::WritesArtifact;
    const REST: &'static str = "look for the old path with `search_files`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { from, to }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let bytes = workspace.file(&from)?.to_vec();
        if workspace.files().contains_key(to.as_str()) {
            return Err(Error::Respond(format!("there is a file `{to}` already; delete it first if it is to go")));
        }
        workspace.remove(&from)?;
        workspace.write(&to, bytes)?;
        let named = workspace.texts().into_iter().filter(|(_, text)| text.contains(&from));
        let still_named_in = named.map(|(path, _)| path.to_owned()).collect();
        Ok(Output { from, to, still_named_in })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn moves_and_tells_who_still_names_the_old_path() {
        let mut context = context_with(&[("docs/a.md", "x"), ("docs/b.md", "see docs/a.md"), ("docs/c.md", "")]);
        let done = run(MoveFile, json!({"from": "docs/a.md", "to": "docs/d.md"}), &mut context).await.unwrap();
        assert_eq!(done["still_named_in"], json!(["docs/b.md"]));
        assert_eq!(context.own["docs/d.md"], b"x");
        assert!(!context.own.contains_key("docs/a.md"));
        for (from, to, says) in [
            ("docs/d.md", "docs/c.md", "there is a file `docs/c.md` already"),
            ("docs/a.md", "docs/e.md", "there is no file `docs/a.md`"),
            ("docs/d.md", "/etc/x", "not a path inside"),
        ] {
            let error = run(MoveFile, json!({"from": from, "to": to}), &mut context).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
        assert_eq!(context.own.len(), 3, "a move that is refused changes nothing");
    }
}
