//! `read_file`: a file's text, all of it or some lines.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ReadFile;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The file's path, as `list_files` gives it
    path: String,
    /// The first line to read, from 1
    #[serde(default = "first")]
    #[schemars(range(min = 1))]
    from_line: usize,
    /// The last line to read; the file's last one when left out
    to_line: Option<usize>,
}

const fn first() -> usize {
    1
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    /// All lines that the file has.
    lines: usize,
    from_line: usize,
    content: String,
}

impl Tool for ReadFile {
    const NAME: &'static str = "read_file";
    const DESCRIPTION: &'static str = "Reads a text file of the deliverable, or the lines of it that you name.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with `from_line` set to the first line that is missing";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let text = workspace.text(&args.path)?;
        let lines = text.lines().count();
        let last = args.to_line.unwrap_or(lines);
        if args.from_line == 0 || last < args.from_line.min(lines) || args.from_line > lines.max(1) {
            return Err(Error::Respond(format!(
                "`{}` has {lines} lines, and lines {} to {last} are not among them",
                args.path, args.from_line
            )));
        }
        let count = last.saturating_sub(args.from_line) + 1;
        let content = text.split_inclusive('\n').skip(args.from_line - 1).take(count).collect();
        Ok(Output { path: args.path, lines, from_line: args.from_line, content })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn reads_all_or_some_lines_just_as_they_are() {
        let mut context = context_with(&[("a.md", "one\r\ntwo\n\nfour"), ("empty.md", "")]);
        for (arguments, content) in [
            (json!({"path": "a.md"}), "one\r\ntwo\n\nfour"),
            (json!({"path": "a.md", "from_line": 2, "to_line": 3}), "two\n\n"),
            (json!({"path": "a.md", "from_line": 4}), "four"),
            (json!({"path": "a.md", "from_line": 3, "to_line": 99}), "\nfour"),
            (json!({"path": "empty.md"}), ""),
        ] {
            let read = run(ReadFile, arguments.clone(), &mut context).await.unwrap();
            assert_eq!(read["content"], content, "{arguments}");
        }
        for (arguments, says) in [
            (json!({"path": "a.md", "from_line": 5}), "has 4 lines"),
            (json!({"path": "a.md", "from_line": 0}), "has 4 lines"),
            (json!({"path": "a.md", "from_line": 3, "to_line": 2}), "lines 3 to 2"),
            (json!({"path": "docs/a.md"}), "did you mean `a.md`"),
        ] {
            let error = run(ReadFile, arguments, &mut context).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
        context.own.insert("b.bin".into(), vec![0xff]);
        let error = run(ReadFile, json!({"path": "b.bin"}), &mut context).await.unwrap_err();
        assert!(error.to_string().contains("is no text"), "{error}");
    }
}
