//! `lint_code`: mistakes that compilers let pass, in Python and JavaScript.

use super::{lint_script, program};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) struct LintCode;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// A folder or a file, such as `service`; everything when left out
    #[serde(default)]
    below: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Output {
    files: usize,
    findings: Vec<Finding>,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Finding {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) code: String,
    pub(super) message: String,
}

impl Tool for LintCode {
    const NAME: &'static str = "lint_code";
    const DESCRIPTION: &'static str = "Looks for mistakes that compilers let pass in Python and JavaScript: unused and undefined names, \
         unreachable code, shared defaults, swallowed errors, comparisons that cannot be meant, duplicate keys.";
    const EFFECT: Effect = Effect::RunsCode;
    const REST: &'static str = "call again with a folder in `below`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { below }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let folder = format!("{}/", below.trim_end_matches('/'));
        let concerns = |path: &str| below.is_empty() || path == below || path.starts_with(&folder);
        let texts = workspace.texts();
        let mut output = Output { files: 0, findings: Vec::new() };
        for (path, text) in texts.iter().filter(|(path, _)| concerns(path) && lint_script::reads(path)) {
            output.files += 1;
            output.findings.extend(lint_script::lint(path, text)?);
        }
        if texts.keys().any(|path| concerns(path) && path.ends_with(".py")) {
            let python: Output = program::LINT.report(&json!({ "below": below }), [].into(), 60, workspace).await?;
            output.files += python.files;
            output.findings.extend(python.findings);
        }
        if output.files == 0 {
            return Err(Error::Respond(format!("there is no Python or JavaScript below `{below}`")));
        }
        Ok(output)
    }
}
