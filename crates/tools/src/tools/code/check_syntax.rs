//! `check_syntax`: what of a file does not fit its grammar.

use super::language::{Language, line_of, text_of, walk};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct CheckSyntax;

/// Most errors of one file: after the first few a parser guesses.
const MOST: usize = 5;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// One file; all files that have a grammar when left out
    path: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    files: usize,
    errors: Vec<SyntaxError>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct SyntaxError {
    path: String,
    line: usize,
    column: usize,
    message: String,
}

impl Tool for CheckSyntax {
    const NAME: &'static str = "check_syntax";
    const DESCRIPTION: &'static str =
        "Checks the syntax of Python, JavaScript, HTML, CSS, JSON and YAML files and tells where it is broken.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "mend those first and check again";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { path }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let mut output = Output { files: 0, errors: Vec::new() };
        if let Some(path) = path {
            output.errors = errors(Language::known(&path)?, &path, workspace.text(&path)?)?;
            output.files = 1;
            return Ok(output);
        }
        for (path, text) in workspace.texts() {
            let Some(language) = Language::of(path) else { continue };
            output.files += 1;
            output.errors.extend(errors(language, path, &text)?);
        }
        Ok(output)
    }
}

fn errors(language: Language, path: &str, text: &str) -> Result<Vec<SyntaxError>, Error> {
    let tree = language.parse(text)?;
    if !tree.root_node().has_error() {
        return Ok(stricter(language, path, text).into_iter().collect());
    }
    let mut found = Vec::new();
    walk(&tree, |node| {
        if node.is_missing() || node.is_error() {
            let message = if node.is_missing() {
                format!("`{}` is missing", node.kind())
            } else {
                let first = text_of(node, text).lines().next().unwrap_or_default();
                let shown: String = first.chars().take(60).collect();
                if shown.trim().is_empty() {
                    "something is missing or left over".to_owned()
                } else {
                    format!("`{shown}` does not fit here")
                }
            };
            let column = node.start_position().column + 1;
            found.push(SyntaxError { path: path.to_owned(), line: line_of(node), column, message });
        }
        // Inside of an error everything is a guess.
        node.has_error() && !node.is_error()
    });
    found.truncate(MOST);
    Ok(found)
}

/// JSON's grammar allows comments, which its readers do not.
fn stricter(language: Language, path: &str, text: &str) -> Option<SyntaxError> {
    if language != Language::Json {
        return None;
    }
    let why = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
    let (line, column) = (why.line(), why.column());
    Some(SyntaxError { path: path.to_owned(), line, column, message: why.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn tells_where_each_language_is_broken() {
        for (path, good, bad, line) in [
            ("a.py", "def f(x):\n    return x\n", "x = 1\ndef f(x:\n    return x\n", 2),
            ("a.js", "const a = [1, 2];\n", "const a = 1;\nfunction f( {\n", 2),
            ("a.html", "<main><p>x</p></main>", "<main>\n<p>x</p\n</main>", 2),
            ("a.css", "a { color: red }", "a { color: red }\nb { : }", 2),
            ("a.json", "{\"a\": [1, 2]}", "{\n\"a\": [1, 2\n}", 2),
            ("a.yaml", "a:\n  - b\n  - c: [1]\n", "a:\n  - b\n  - c: [1\n", 2),
        ] {
            let mut context = context_with(&[(path, good)]);
            let got = run(CheckSyntax, json!({}), &mut context).await.unwrap();
            assert_eq!(got, json!({"files": 1, "errors": []}), "{path}");
            let mut context = context_with(&[(path, bad)]);
            let got = run(CheckSyntax, json!({"path": path}), &mut context).await.unwrap();
            let first = got["errors"][0]["line"].as_u64().unwrap_or_default();
            assert!(first >= 1 && first.abs_diff(line) <= 1, "{path}: {got}");
        }
    }

    #[tokio::test]
    async fn json_is_as_strict_as_its_readers() {
        let mut context = context_with(&[("a.json", "{\n// a\n\"a\": 1}"), ("b.md", "(")]);
        let got = run(CheckSyntax, json!({}), &mut context).await.unwrap();
        assert_eq!((&got["files"], &got["errors"][0]["line"]), (&json!(1), &json!(2)), "{got}");
    }
}
