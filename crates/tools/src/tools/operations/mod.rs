//! Containers, pipelines, infrastructure: writing them, and finding what is wrong with them.

mod compose;
mod dockerfile;
mod generate_ci;
mod generate_dockerfile;
mod generate_iac;
mod lint_ci;
mod lint_dockerfile;
mod lint_iac;
mod template;

use crate::{Error, Workspace};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

tools! {
    generate_ci::GenerateCi,
    generate_dockerfile::GenerateDockerfile,
    generate_iac::GenerateIac,
    lint_ci::LintCi,
    lint_dockerfile::LintDockerfile,
    lint_iac::LintIac,
}

/// Which files to look at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathArgs {
    /// The file; all files of the kind when left out
    #[serde(default)]
    path: Option<String>,
}

/// The file that is asked for, or all that are of the kind; an error where there is none.
fn files(
    workspace: &Workspace<'_>,
    path: Option<&str>,
    kind: &str,
    is: impl Fn(&str, &str) -> bool,
) -> Result<Vec<(String, String)>, Error> {
    if let Some(path) = path {
        return Ok(vec![(path.to_owned(), workspace.text(path)?.to_owned())]);
    }
    let texts = workspace.texts();
    let found: Vec<_> = texts
        .iter()
        .filter(|(path, text)| is(path, text))
        .map(|(path, text)| ((*path).to_owned(), text.to_string()))
        .collect();
    if found.is_empty() {
        return Err(Error::Respond(format!(
            "there is no {kind} in the deliverable: write one, or give the `path` of a file"
        )));
    }
    Ok(found)
}

/// What a generator wrote.
#[derive(Debug, Serialize)]
pub(crate) struct Written {
    /// The files it wrote, with their texts.
    files: Vec<File>,
}

#[derive(Debug, Serialize)]
struct File {
    path: String,
    content: String,
}

/// Writes files and answers them.
fn write(workspace: &mut Workspace<'_>, files: Vec<(String, String)>) -> Result<Written, Error> {
    let mut written = Vec::new();
    for (path, content) in files {
        workspace.write(&path, content.clone())?;
        written.push(File { path, content });
    }
    Ok(Written { files: written })
}

static SECRET_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|_|-)(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?|auth)(?:$|_|-)").ok()
});

/// Whether a variable of this name is likely to hold a secret.
fn secret_name(name: &str) -> bool {
    let place =
        ["_FILE", "_PATH", "_URL", "_ARN", "_NAME", "_ID", "_TTL"].iter().any(|end| name.to_uppercase().ends_with(end));
    !place && SECRET_NAME.as_ref().is_some_and(|form| form.is_match(name))
}

/// Whether a value stands for one that comes from elsewhere.
fn placeholder(value: &str) -> bool {
    value.is_empty() || value.contains("${") || value.starts_with('$') || value.starts_with("{{")
}

/// What an image's name says of its version: `Ok` when pinned.
pub(super) fn pinned_image(image: &str) -> Result<(), &'static str> {
    if image.contains('@') {
        return Ok(());
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    match name.split_once(':') {
        None => Err("has no tag"),
        Some((_, "latest")) => Err("has the tag `latest`"),
        Some(_) => Ok(()),
    }
}

/// A runtime that generated software starts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Runtime {
    Python,
    Node,
}

/// Checks that a text can stand in a generated file: one line, plain.
fn word(what: &str, text: &str, more: &str) -> Result<(), Error> {
    let ok =
        !text.is_empty() && text.len() <= 200 && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    if ok { Ok(()) } else { Err(Error::Respond(format!("`{what}` is `{text}`: use letters, digits and `{more}`"))) }
}
