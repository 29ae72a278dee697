//! Building what the stack needs out of a checkout.

use crate::Error;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Where cargo left its programs, by name.
pub type Programs = BTreeMap<String, PathBuf>;

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
struct Target {
    #[serde(default)]
    name: String,
}

/// Builds the programs of packages by one of the workspace's profiles. What the compiler has to say goes to standard
/// error.
///
/// # Errors
/// [`Error`] when cargo cannot be started or does not build them.
pub fn compile(checkout: &Path, packages: &[&str], profile: &str) -> Result<Programs, Error> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--bins", "--message-format=json-render-diagnostics", "--profile", profile]);
    cargo.current_dir(checkout);
    for package in packages {
        cargo.args(["--package", package]);
    }
    let started = cargo.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(Error::io("start `cargo`"))?;
    let mut programs = Programs::new();
    if let Some(told) = child.stdout.take() {
        for line in BufReader::new(told).lines() {
            let line = line.map_err(Error::io("hear from `cargo`"))?;
            // Messages of other kinds have no executable.
            if let Ok(Message { target, executable: Some(path) }) = serde_json::from_str(&line) {
                programs.insert(target.name, path);
            }
        }
    }
    let status = child.wait().map_err(Error::io("wait for `cargo`"))?;
    if !status.success() {
        let said = "what it said is above".to_owned();
        return Err(Error::Program { program: "cargo build".to_owned(), status: status.to_string(), said });
    }
    Ok(programs)
}
