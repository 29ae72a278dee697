//! `replace_text`: changes a file of the caller's own artifact by the text that is there.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ReplaceText;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Path of a file that you wrote
    path: String,
    /// The text to replace, exactly as it stands in the file; it must be there once
    old: String,
    /// What takes its place
    new: String,
    /// Replaces it wherever it stands
    #[serde(default)]
    all: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    replaced: usize,
    /// The line of the first change.
    line: usize,
}

impl Tool for ReplaceText {
    const NAME: &'static str = "replace_text";
    const DESCRIPTION: &'static str = "Replaces a text in a file of your artifact by another. The old text must match exactly, blanks and line ends included.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { path, old, new, all }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        if old.is_empty() || old == new {
            return Err(Error::Respond("`old` is empty or the same as `new`: nothing would change".to_owned()));
        }
        let text = workspace.text(&path)?;
        let lines: Vec<_> = text.match_indices(&old).map(|(at, _)| line_of(text, at)).collect();
        let Some(first) = lines.first().copied() else {
            return Err(Error::Respond(format!("the old text is not in `{path}`; {}", nearest(text, &old))));
        };
        if lines.len() > 1 && !all {
            return Err(Error::Respond(format!(
                "the old text is in `{path}` {} times, at the lines {}; take more of its surroundings, or set `all`",
                lines.len(),
                lines.iter().take(10).map(ToString::to_string).collect::<Vec<_>>().join(", ")
            )));
        }
        let changed = text.replace(&old, &new);
        workspace.write(&path, changed)?;
        Ok(Output { path, replaced: lines.len(), line: first })
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// What is most like the text that was looked for, and how it differs.
pub(super) fn nearest(text: &str, old: &str) -> String {
    let wanted: Vec<_> = old.lines().collect();
    let lines: Vec<_> = text.lines().collect();
    let squeezed = |lines: &[&str]| lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    let plain = squeezed(&wanted);
    let best = lines
        .windows(wanted.len().clamp(1, lines.len().max(1)))
        .enumerate()
        .map(|(at, window)| (strsim::sorensen_dice(&squeezed(window), &plain), at, window))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let Some((score, at, window)) = best.filter(|(score, ..)| *score > 0.5) else {
        return "nothing in it is like it: read the file again".to_owned();
    };
    let shown: String = window.join("\n").chars().take(1500).collect();
    let how = if score > 0.999 { "differs only in blanks" } else { "is most like it" };
    format!("what stands at line {} {how}:\n{shown}", at + 1)
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

    const TEXT: &str = "def lend(tool):\n    check(tool)\n    return tool\n\ndef back(tool):\n    return tool\n";

    async fn replace(arguments: serde_json::Value) -> Result<String, String> {
        let mut context = context_with(&[("service/a.py", TEXT)]);
        let all = Upstream { files: [("web/a.js".into(), b"tool".to_vec())].into(), ..Upstream::default() };
        context.upstream.insert(ArtifactKind::Frontend, all);
        run(ReplaceText, arguments, &mut context).await.map_err(|why| why.to_string())?;
        Ok(String::from_utf8(context.own["service/a.py"].clone()).unwrap())
    }

    #[tokio::test]
    async fn replaces_what_is_there_once_or_everywhere() {
        let once = replace(json!({"path": "service/a.py", "old": "    check(tool)\n", "new": ""})).await.unwrap();
        assert_eq!(once, TEXT.replace("    check(tool)\n", ""));
        let all = json!({"path": "service/a.py", "old": "return tool", "new": "return None", "all": true});
        assert_eq!(replace(all).await.unwrap(), TEXT.replace("return tool", "return None"));
    }

    #[tokio::test]
    async fn what_does_not_match_is_answered_with_what_is_near() {
        for (path, old, says) in [
            ("service/a.py", "return tool", "2 times, at the lines 3, 6"),
            (
                "service/a.py",
                "def lend(tool):\n  check(tool)",
                "line 1 differs only in blanks:\ndef lend(tool):\n    check(tool)",
            ),
            ("service/a.py", "def lend(tools):\n    check(tools)", "line 1 is most like it"),
            ("service/a.py", "SELECT * FROM loans", "nothing in it is like it"),
            ("service/a.py", "", "nothing would change"),
            ("a.py", "x", "did you mean `service/a.py`"),
            ("web/a.js", "tool", "belongs to the artifact `frontend`"),
        ] {
            let why = replace(json!({"path": path, "old": old, "new": "y"})).await.unwrap_err();
            assert!(why.contains(says), "{old}: {why}");
        }
    }
}
