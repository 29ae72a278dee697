//! `format_code`: formats the caller's own Python. What a file means stays the same, or it stays as it is.

use super::program;
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

pub(crate) struct FormatCode;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// A folder or a file of yours, such as `service`
    below: String,
}

#[derive(Debug, Deserialize)]
struct Report {
    files: usize,
    changed: BTreeMap<String, String>,
    kept: Vec<Kept>,
    left: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    files: usize,
    changed: Vec<String>,
    /// Files that were not changed though they are not in form, and why.
    kept: Vec<Kept>,
    /// Files that another call has to format.
    left: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Kept {
    path: String,
    why: String,
}

impl Tool for FormatCode {
    const NAME: &'static str = "format_code";
    const DESCRIPTION: &'static str = "Formats your Python files: blanks around operators and commas, empty lines, line ends. A file whose \
         syntax tree would change is left as it is.";
    const EFFECT: Effect = Effect::RunsCode;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { below }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let folder = format!("{}/", below.trim_end_matches('/'));
        let own = &workspace.context().own;
        if !own.keys().any(|path| path.ends_with(".py") && (*path == below || path.starts_with(&folder))) {
            return Err(Error::Respond(format!("you wrote no Python file below `{below}`")));
        }
        let report: Report = program::FORMAT.report(&json!({ "below": below }), [].into(), 60, workspace).await?;
        let Report { files, changed, mut kept, left } = report;
        let mut written = Vec::new();
        for (path, text) in changed {
            if own.contains_key(&path) {
                workspace.write(&path, text)?;
                written.push(path);
            } else {
                kept.push(Kept { path, why: "it is another persona's".to_owned() });
            }
        }
        Ok(Output { files, changed: written, kept, left })
    }
}
