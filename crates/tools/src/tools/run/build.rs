//! `build`: compiles a package and imports its modules, in the sandbox.

use super::program;
use crate::{Effect, Error, Tool, Workspace, plain_path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) struct Build;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The folder of the Python package
    #[serde(default = "service")]
    package: String,
}

fn service() -> String {
    "service".to_owned()
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Output {
    /// Files that were compiled.
    files: usize,
    /// Modules that were imported.
    modules: usize,
    problems: Vec<Problem>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Problem {
    path: String,
    line: usize,
    message: String,
}

impl Tool for Build {
    const NAME: &'static str = "build";
    const DESCRIPTION: &'static str = "Builds a Python package in the sandbox: compiles each file, with the compiler's warnings, and \
         imports each module. Tells every problem by file and line.";
    const EFFECT: Effect = Effect::RunsCode;
    const REST: &'static str = "mend those first and build again";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { package }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        plain_path(&package)?;
        let below = format!("{package}/");
        if !workspace.files().keys().any(|path| path.starts_with(&below) && path.ends_with(".py")) {
            return Err(Error::Respond(format!("there is no Python file below `{below}`")));
        }
        program::BUILD.report(&json!({ "package": package }), [].into(), 120, workspace).await
    }
}
