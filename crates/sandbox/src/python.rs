//! Finds the Python that jobs run with.

use maestro_ports::referee::Error;
use nix::unistd::{AccessFlags, access};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// The oldest version that generated software and the runner are written for.
pub(crate) const OLDEST: (u32, u32) = (3, 9);
/// Asks for the interpreter itself, not for the virtual environment or the version manager in front of it: what a
/// job may import must not depend on what somebody has installed there.
const QUESTION: &str = "import json, sys, importlib.util as i; print(json.dumps({\
    'path': getattr(sys, '_base_executable', None) or sys.executable, \
    'prefix': sys.base_prefix, 'version': list(sys.version_info[:3]), \
    'missing': [m for m in ('_sqlite3', 'http', 'unittest') if i.find_spec(m) is None]}))";

const NAME: &str = "python3";
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of what it says instead is told.
const EXCERPT: usize = 200;

/// An installed Python.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Python {
    /// The interpreter, with links resolved.
    pub path: PathBuf,
    /// The folder of its installation, which jobs may read.
    pub prefix: PathBuf,
    /// Major, minor and patch version.
    pub version: (u32, u32, u32),
}

impl Python {
    /// Whether it can run jobs (3.9 or newer).
    #[must_use]
    pub fn new_enough(&self) -> bool {
        (self.version.0, self.version.1) >= OLDEST
    }

    /// Asks the `python3`s on the `PATH` one after the other and takes the first that can run jobs. Programs are asked
    /// before scripts: a script is a version manager's, which takes its time and answers differently in every folder.
    pub(crate) async fn find() -> Result<Self, Error> {
        let mut unfit = None;
        for candidate in candidates(&std::env::var_os("PATH").unwrap_or_default()) {
            match Self::ask(&candidate).await {
                Ok(python) if python.new_enough() => return Ok(python),
                other => unfit = unfit.or(Some(other)),
            }
        }
        unfit.unwrap_or_else(|| Err(Error::MissingProgram { program: NAME.to_owned() }))
    }

    async fn ask(program: &Path) -> Result<Self, Error> {
        let mut asking = tokio::process::Command::new(program);
        asking.args(["-I", "-S", "-c", QUESTION]).stdin(Stdio::null()).kill_on_drop(true);
        let answer = match tokio::time::timeout(PATIENCE, asking.output()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(broken(error)),
            Err(_) => return Err(broken(format!("it gave no answer within {} seconds", PATIENCE.as_secs()))),
        };
        // A version manager's shim without a version behind it fails here.
        if !answer.status.success() {
            return Err(broken(format!(
                "asked where it is, it ended with {}{}",
                answer.status,
                excerpt(&answer.stderr)
            )));
        }
        let Answer { mut python, missing } = serde_json::from_slice(&answer.stdout)
            .map_err(|_| broken(format!("asked where it is, it does not say so{}", excerpt(&answer.stdout))))?;
        if !missing.is_empty() {
            return Err(broken(format!("its standard library is incomplete, it has no {}", missing.join(", "))));
        }
        let lies = |source: std::io::Error, path: &Path| {
            // Without a `PATH` it does not find itself.
            broken(format!("it says that it lies in `{}`, which cannot be read: {source}", path.display()))
        };
        python.path = python.path.canonicalize().map_err(|source| lies(source, &python.path))?;
        python.prefix = python.prefix.canonicalize().map_err(|source| lies(source, &python.prefix))?;
        // All of /usr is shown anyway.
        if !python.prefix.starts_with("/usr") && shows_too_much(&python.prefix) {
            let reason = format!("its installation `{}` holds private folders as well", python.prefix.display());
            return Err(Error::Io {
                action: "show `python3` to a job".to_owned(),
                source: std::io::Error::other(reason),
            });
        }
        Ok(python)
    }

    /// What jobs must be able to read for it to run.
    pub(crate) fn read_only(&self) -> Vec<PathBuf> {
        let mut paths = vec![self.prefix.clone()];
        if !self.path.starts_with(&self.prefix) {
            paths.push(self.path.clone());
        }
        paths
    }
}

/// The answer to the question.
#[derive(Deserialize)]
struct Answer {
    #[serde(flatten)]
    python: Python,
    /// Modules of the standard library that some distributions leave out and generated software needs.
    #[serde(default)]
    missing: Vec<String>,
}

/// Every `python3` on the `PATH` that may be executed, programs first.
fn candidates(path: &OsStr) -> Vec<PathBuf> {
    let runs = |file: &PathBuf| file.is_file() && access(file, AccessFlags::X_OK).is_ok();
    let found = std::env::split_paths(path).map(|folder| folder.join(NAME)).filter(runs);
    let (scripts, programs): (Vec<_>, Vec<_>) = found.partition(|file| is_script(file));
    let mut seen = HashSet::new();
    programs.into_iter().chain(scripts).filter(|file| seen.insert(file.clone())).collect()
}

fn is_script(file: &Path) -> bool {
    let mut start = [0; 2];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"#!"
}

fn broken(said: impl ToString) -> Error {
    Error::BrokenProgram { program: NAME.to_owned(), said: said.to_string() }
}

/// The first line of what a program said, in quotes; nothing if it said nothing.
fn excerpt(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    match said.trim().lines().next() {
        Some(line) => format!(": `{}`", line.chars().take(EXCERPT).collect::<String>()),
        None => String::new(),
    }
}

/// Whether a prefix is a home folder, or above one.
fn shows_too_much(prefix: &Path) -> bool {
    let homes = [std::env::home_dir(), Some("/root".into()), Some("/home".into()), std::env::current_dir().ok()];
    homes.into_iter().flatten().any(|home| home.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_above_a_home_is_refused() {
        assert!(shows_too_much(Path::new("/")));
        assert!(shows_too_much(Path::new("/home")));
        assert!(!shows_too_much(Path::new("/usr")));
        assert!(!shows_too_much(Path::new("/home/somebody/.pyenv/versions/3.12.1")));
    }

    #[test]
    fn programs_are_asked_before_scripts() {
        let place = tempfile::tempdir().unwrap();
        let put = |folder: &str, bytes: &[u8], mode| {
            use std::os::unix::fs::PermissionsExt;
            let folder = place.path().join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(NAME), bytes).unwrap();
            std::fs::set_permissions(folder.join(NAME), std::fs::Permissions::from_mode(mode)).unwrap();
            folder
        };
        let shim = put("shims", b"#!/bin/sh\n", 0o755);
        let first = put("a", b"\x7fELF", 0o755);
        let data = put("b", b"\x7fELF", 0o644);
        let second = put("c", b"", 0o755);
        std::fs::create_dir_all(place.path().join("d").join(NAME)).unwrap();
        let folders = [&shim, &first, &data, &place.path().join("d"), &second, &first];
        let found = candidates(&std::env::join_paths(folders).unwrap());
        assert_eq!(found, [first, second, shim].map(|folder| folder.join(NAME)));
        assert!(candidates(OsStr::new("")).is_empty());
    }

    #[test]
    fn versions_compare_by_number() {
        let python = |version| Python { path: "/p".into(), prefix: "/".into(), version };
        assert!(python((3, 9, 0)).new_enough());
        assert!(python((3, 13, 1)).new_enough());
        assert!(!python((3, 8, 18)).new_enough());
        assert!(!python((2, 12, 0)).new_enough());
    }
}
