//! `find_references`: where a name is used, over all files.

use super::{
    language::Language,
    mentions::{Mention, Role, mentions},
};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(crate) struct FindReferences;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The whole name, such as `lend_tool`
    name: String,
    /// Only files whose paths begin with this
    #[serde(default)]
    below: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    name: String,
    /// How often it is what.
    counts: BTreeMap<Role, usize>,
    references: Vec<Reference>,
}

#[derive(Debug, Serialize)]
struct Reference {
    path: String,
    line: usize,
    column: usize,
    role: Role,
    text: String,
}

impl Tool for FindReferences {
    const NAME: &'static str = "find_references";
    const DESCRIPTION: &'static str = "Finds every place where a name is defined, imported, called, written or used in Python, \
         JavaScript, pages and styles, and keys in JSON and YAML; comments and texts do not count.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with a folder in `below`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { name, below }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        if name.is_empty() {
            return Err(Error::Respond("`name` is empty".to_owned()));
        }
        let mut counts = BTreeMap::new();
        let mut references = Vec::new();
        for (path, text) in workspace.texts() {
            let Some(language) = Language::of(path).filter(|_| path.starts_with(&below)) else { continue };
            for Mention { role, line, column } in mentions(language, &text, &name)? {
                *counts.entry(role).or_default() += 1;
                let text = text.lines().nth(line - 1).unwrap_or_default().trim().chars().take(160).collect();
                references.push(Reference { path: path.to_owned(), line, column, role, text });
            }
        }
        Ok(Output { name, counts, references })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn finds_uses_over_all_files() {
        let files = [
            ("service/a.py", "def lend():\n    pass\n"),
            ("service/b.py", "from .a import lend  # lend\n\nlend()\n"),
            ("web/index.html", "<button id=\"lend\">lend</button>"),
            ("docs/a.md", "lend"),
        ];
        let mut context = context_with(&files);
        let got = run(FindReferences, json!({"name": "lend"}), &mut context).await.unwrap();
        assert_eq!(got["counts"], json!({"definition": 1, "import": 1, "call": 1, "use": 1}));
        let last = &got["references"][3];
        assert_eq!((&last["path"], &last["column"]), (&json!("web/index.html"), &json!(13)));
        let below = run(FindReferences, json!({"name": "lend", "below": "service/b"}), &mut context).await.unwrap();
        assert_eq!(below["references"].as_array().unwrap().len(), 2);
        let none = run(FindReferences, json!({"name": "borrow"}), &mut context).await.unwrap();
        assert_eq!(none["references"], json!([]));
    }
}
