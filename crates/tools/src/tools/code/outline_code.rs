//! `outline_code`: what a file defines, by name and lines.

use super::{
    definitions::{Definition, definitions},
    language::Language,
};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct OutlineCode;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The file: Python, JavaScript, HTML, CSS, JSON or YAML
    path: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    lines: usize,
    definitions: Vec<Definition>,
}

impl Tool for OutlineCode {
    const NAME: &'static str = "outline_code";
    const DESCRIPTION: &'static str = "Outlines a file by its grammar: functions, classes, constants, elements with an id, \
         rules or keys, each with its lines, so that you read only those that you need.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "look for the name with `find_symbols`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { path }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let text = workspace.text(&path)?;
        let definitions = definitions(Language::known(&path)?, text)?;
        Ok(Output { lines: text.lines().count(), definitions, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn outlines_a_file_and_says_which_it_cannot() {
        let mut context =
            context_with(&[("service/a.py", "class A:\n    def b(self, c=1):\n        pass\n"), ("a.md", "# A")]);
        let got = run(OutlineCode, json!({"path": "service/a.py"}), &mut context).await.unwrap();
        assert_eq!(got["lines"], 3);
        let method = json!({
            "name": "b", "kind": "method", "in": ["A"], "line": 2, "to_line": 3, "signature": "def b(self, c=1):",
        });
        assert_eq!(got["definitions"][1], method);
        let error = run(OutlineCode, json!({"path": "a.md"}), &mut context).await.unwrap_err();
        assert!(error.to_string().contains("in no language with a grammar"), "{error}");
    }
}
