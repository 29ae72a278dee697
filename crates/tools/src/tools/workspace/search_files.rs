//! `search_files`: lines of all files that hold a text or match an expression.

use crate::{Effect, Error, Tool, Workspace};
use regex::RegexBuilder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct SearchFiles;

/// Most lines that are shown.
const MOST: usize = 200;
/// Most characters of one line that are shown.
const LINE: usize = 300;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The text to look for
    text: String,
    /// Takes the text as a regular expression, to be matched line by line
    #[serde(default)]
    regex: bool,
    /// Does not tell small letters from capitals
    #[serde(default)]
    ignore_case: bool,
    /// Only files whose paths begin with this, such as `service/`
    #[serde(default)]
    below: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Lines that match, those among them that are not shown.
    matches: usize,
    files_searched: usize,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    path: String,
    line: usize,
    text: String,
}

impl Tool for SearchFiles {
    const NAME: &'static str = "search_files";
    const DESCRIPTION: &'static str =
        "Finds lines in all files of the deliverable, yours and others', by a text or a regular expression.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with a longer text or a folder in `below`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        if args.text.is_empty() {
            return Err(Error::Respond("`text` is empty, and every line would match".to_owned()));
        }
        let form = if args.regex { args.text.clone() } else { regex::escape(&args.text) };
        let form = RegexBuilder::new(&form).case_insensitive(args.ignore_case).size_limit(1 << 20).build();
        let form = form.map_err(|why| Error::Respond(format!("`{}` is no regular expression: {why}", args.text)))?;
        let mut output = Output { matches: 0, files_searched: 0, lines: Vec::new() };
        for (path, bytes) in workspace.files() {
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            if !path.starts_with(&args.below) {
                continue;
            }
            output.files_searched += 1;
            for (number, line) in text.lines().enumerate().filter(|(_, line)| form.is_match(line)) {
                output.matches += 1;
                if output.lines.len() < MOST {
                    let text = line.chars().take(LINE).collect();
                    output.lines.push(Line { path: path.to_owned(), line: number + 1, text });
                }
            }
        }
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn finds_texts_and_expressions_by_path_and_line() {
        let many = "x = 1\n".repeat(MOST + 5);
        let files = [("service/a.py", "import re\nre.sub(a, b)\n"), ("docs/a.md", "Re sub"), ("tests/b.py", &many)];
        let mut context = context_with(&files);
        for (arguments, found) in [
            (json!({"text": "re.sub("}), json!([["service/a.py", 2]])),
            (json!({"text": "re.s", "below": "docs/"}), json!([])),
            (
                json!({"text": "re.s", "regex": true, "ignore_case": true}),
                json!([["docs/a.md", 1], ["service/a.py", 2]]),
            ),
            (json!({"text": "^import", "regex": true}), json!([["service/a.py", 1]])),
        ] {
            let got = run(SearchFiles, arguments.clone(), &mut context).await.unwrap();
            let lines: Vec<_> =
                got["lines"].as_array().unwrap().iter().map(|line| json!([line["path"], line["line"]])).collect();
            assert_eq!(json!(lines), found, "{arguments}");
        }
        let got = run(SearchFiles, json!({"text": "x = 1"}), &mut context).await.unwrap();
        assert_eq!((&got["matches"], got["lines"].as_array().unwrap().len()), (&json!(MOST + 5), MOST));
        for (arguments, says) in
            [(json!({"text": ""}), "is empty"), (json!({"text": "(", "regex": true}), "is no regular")]
        {
            assert!(run(SearchFiles, arguments, &mut context).await.unwrap_err().to_string().contains(says));
        }
    }
}
