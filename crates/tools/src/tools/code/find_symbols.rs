//! `find_symbols`: where something is defined, over all files.

use super::{
    definitions::{Definition, definitions},
    language::Language,
};
use crate::{Effect, Error, Tool, Workspace, near};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct FindSymbols;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The name, or a part of it
    name: String,
    /// Only files whose paths begin with this
    #[serde(default)]
    below: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    symbols: Vec<Found>,
}

#[derive(Debug, Serialize)]
struct Found {
    path: String,
    #[serde(flatten)]
    definition: Definition,
}

impl Tool for FindSymbols {
    const NAME: &'static str = "find_symbols";
    const DESCRIPTION: &'static str =
        "Finds functions, methods, classes, constants and variables of Python and JavaScript by name, in all files.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with more of the name, or a folder in `below`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let wanted = args.name.to_lowercase();
        let (mut symbols, mut names) = (Vec::new(), Vec::new());
        for (path, text) in workspace.texts() {
            let Some(language) = Language::of(path).filter(|language| language.is_code()) else { continue };
            if !path.starts_with(&args.below) {
                continue;
            }
            for definition in definitions(language, &text)? {
                if definition.name.to_lowercase().contains(&wanted) {
                    symbols.push(Found { path: path.to_owned(), definition });
                } else {
                    names.push(definition.name);
                }
            }
        }
        if symbols.is_empty() {
            names.sort_unstable();
            names.dedup();
            let near = near::like(&args.name, names.iter().map(String::as_str));
            let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near::or(&near)) };
            return Err(Error::Respond(format!("no symbol is named like `{}`{hint}", args.name)));
        }
        // The very name comes first.
        symbols.sort_by_key(|found| found.definition.name.to_lowercase() != wanted);
        Ok(Output { symbols })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn finds_definitions_and_no_uses() {
        let files = [
            ("service/a.py", "def lend_all():\n    lend()\n\ndef lend():\n    pass\n"),
            ("web/a.js", "const lend = () => 1;\n"),
            ("docs/a.json", "{\"lend\": 1}"),
        ];
        let mut context = context_with(&files);
        let places = |got: serde_json::Value| {
            let list = got["symbols"].as_array().unwrap().clone();
            list.iter().map(|one| format!("{}:{} {}", one["path"], one["line"], one["name"])).collect::<Vec<_>>()
        };
        let got = run(FindSymbols, json!({"name": "lend"}), &mut context).await.unwrap();
        assert_eq!(
            places(got),
            [r#""service/a.py":4 "lend""#, r#""web/a.js":1 "lend""#, r#""service/a.py":1 "lend_all""#]
        );
        let got = run(FindSymbols, json!({"name": "lend", "below": "web/"}), &mut context).await.unwrap();
        assert_eq!(places(got).len(), 1);
        let error = run(FindSymbols, json!({"name": "lent"}), &mut context).await.unwrap_err();
        assert!(error.to_string().contains("did you mean `lend`"), "{error}");
    }
}
