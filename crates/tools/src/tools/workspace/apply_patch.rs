//! `apply_patch`: changes several files of the caller's own artifact by a unified diff, all or nothing.

use super::{patch, replace_text::nearest};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ApplyPatch;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// A unified diff: for each file `--- a/path`, `+++ b/path` and hunks that begin with `@@`; `/dev/null` stands for a file
    /// that is not there before or after. Lines of context must match the file; line numbers may be off
    patch: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    files: Vec<Patched>,
}

#[derive(Debug, Serialize)]
struct Patched {
    path: String,
    change: &'static str,
    added_lines: usize,
    removed_lines: usize,
}

impl Tool for ApplyPatch {
    const NAME: &'static str = "apply_patch";
    const DESCRIPTION: &'static str = "Applies a unified diff to files of your artifact: changes, adds, renames and deletes several at once, all or none.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { patch }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let mut files = Vec::new();
        for file in patch::parse(&patch).map_err(Error::Respond)? {
            files.push(one(&file, workspace)?);
        }
        Ok(Output { files })
    }
}

/// Changes one file as the patch says.
fn one(file: &patch::FilePatch<'_>, workspace: &mut Workspace<'_>) -> Result<Patched, Error> {
    let before = match file.old {
        Some(path) => Some(workspace.text(path)?.to_owned()),
        None => None,
    };
    if let (None, Some(path)) = (file.old, file.new)
        && workspace.files().contains_key(path)
    {
        return Err(Error::Respond(format!("the patch adds `{path}`, but there is such a file already")));
    }
    let text = before.as_deref().unwrap_or_default();
    let after = patch::apply(text, &file.hunks).map_err(|missed| {
        let path = file.old.or(file.new).unwrap_or_default();
        Error::Respond(match missed {
            patch::Missed::Absent { hunk, old } => {
                format!("hunk {hunk} of `{path}` does not match the file; {}", nearest(text, &old))
            }
            patch::Missed::Many { hunk, lines } => format!(
                "hunk {hunk} of `{path}` matches at the lines {}; take more lines of context",
                lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            ),
        })
    })?;
    let change = match (file.old, file.new) {
        (None, _) => "added",
        (_, None) => "deleted",
        (old, new) if old != new => "renamed",
        _ => "changed",
    };
    if let Some(old) = file.old.filter(|_| file.old != file.new) {
        workspace.remove(old)?;
    }
    match file.new {
        Some(path) => workspace.write(path, after)?,
        None if !after.is_empty() => {
            return Err(Error::Respond("the patch deletes a file of which lines are left".to_owned()));
        }
        None => {}
    }
    let count = |kind| file.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.kind == kind).count();
    Ok(Patched {
        path: file.new.or(file.old).unwrap_or_default().to_owned(),
        change,
        added_lines: count(patch::Kind::Added),
        removed_lines: count(patch::Kind::Removed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    const A: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";

    async fn patched(patch: &str) -> Result<Vec<(String, String)>, String> {
        let mut context = context_with(&[("docs/a.md", A), ("docs/b.md", "x\nx\nx\n")]);
        run(ApplyPatch, json!({ "patch": patch }), &mut context).await.map_err(|why| why.to_string())?;
        Ok(context.own.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect())
    }

    #[tokio::test]
    async fn several_files_change_at_once() {
        let files = patched(
            "diff --git a/docs/a.md b/docs/a.md\n--- a/docs/a.md\n+++ b/docs/a.md\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n@@ -5,2 +5,3 @@\n \
             five\n six\n+seven\n--- /dev/null\n+++ b/docs/c.md\n@@ -0,0 +1 @@\n+new\n--- a/docs/b.md\n+++ /dev/null\n@@ -1,3 +0,0 \
             @@\n-x\n-x\n-x\n",
        )
        .await
        .unwrap();
        let expected = [("docs/a.md", "one\n2\nthree\nfour\nfive\nsix\nseven\n"), ("docs/c.md", "new\n")];
        assert_eq!(files, expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
    }

    #[tokio::test]
    async fn wrong_numbers_do_not_matter_and_wrong_lines_do() {
        // Neither the position nor the counts are right, and there is a fence around it, as models like to write.
        let fenced = "```diff\n--- docs/a.md\n+++ docs/a.md\n@@ -40,9 +41,2 @@\n four\n-five\n+5\n```\n";
        assert!(patched(fenced).await.unwrap()[0].1.contains("four\n5\nsix"));
        for (patch, says) in [
            (
                "--- a/docs/a.md\n+++ b/docs/a.md\n@@ -1,2 +1,2 @@\n one\n-too\n+2\n",
                "hunk 1 of `docs/a.md` does not match",
            ),
            ("--- a/docs/b.md\n+++ b/docs/b.md\n@@ -9 +9 @@\n-x\n+y\n", "matches at the lines 1, 2, 3"),
            ("--- a/docs/z.md\n+++ b/docs/z.md\n@@ -1 +1 @@\n-x\n+y\n", "there is no file `docs/z.md`"),
            ("--- /dev/null\n+++ b/docs/a.md\n@@ -0,0 +1 @@\n+x\n", "there is such a file already"),
            ("--- a/docs/a.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", "of which lines are left"),
            ("--- a/docs/a.md\n+++ b/../a.md\n@@ -1 +1 @@\n-one\n+1\n", "not a path inside"),
            ("hello", "no file in the patch"),
        ] {
            let why = patched(patch).await.unwrap_err();
            assert!(why.contains(says), "{patch}: {why}");
        }
    }

    #[tokio::test]
    async fn a_patch_that_fails_in_its_last_file_changes_nothing() {
        let mut context = context_with(&[("docs/a.md", A)]);
        let patch = "--- a/docs/a.md\n+++ b/docs/a.md\n@@ -1 +1 @@\n-one\n+1\n--- a/docs/z.md\n+++ b/docs/z.md\n@@ -1 +1 @@\n-x\n+y\n";
        assert!(run(ApplyPatch, json!({ "patch": patch }), &mut context).await.is_err());
        assert_eq!(context.own["docs/a.md"], A.as_bytes());
    }

    #[tokio::test]
    async fn line_ends_and_a_missing_last_one_are_kept() {
        let mut context = context_with(&[("docs/a.md", "one\r\ntwo\r\nthree")]);
        let patch =
            "--- a/docs/a.md\n+++ b/docs/a.md\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n\\ No newline at end of file\n";
        run(ApplyPatch, json!({ "patch": patch }), &mut context).await.unwrap();
        assert_eq!(context.own["docs/a.md"], b"one\r\n2\r\nthree");
    }
}
