//! Finds the Python that jobs run with.

use maestro_ports::referee::Error;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// The oldest version that generated software and the runner are written for.
pub(crate) const OLDEST: (u32, u32) = (3, 9);
/// Asks for the interpreter itself, not for the virtual environment or the version manager in front of it: what a
/// job may import must not depend on what somebody has installed there.
const QUESTION: &str = "import json, sys; print(json.dumps({\
    'path': getattr(sys, '_base_executable', None) or sys.executable, \
    'prefix': sys.base_prefix, 'version': list(sys.version_info[:3])}))";

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

    /// Asks the `python3` on the `PATH`.
    pub(crate) async fn find() -> Result<Self, Error> {
        let mut asking = tokio::process::Command::new(NAME);
        asking.args(["-I", "-S", "-c", QUESTION]).stdin(Stdio::null()).kill_on_drop(true);
        let answer = match tokio::time::timeout(PATIENCE, asking.output()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::MissingProgram { program: NAME.to_owned() });
            }
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
        let mut python: Self = serde_json::from_slice(&answer.stdout)
            .map_err(|_| broken(format!("asked where it is, it does not say so{}", excerpt(&answer.stdout))))?;
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
    fn versions_compare_by_number() {
        let python = |version| Python { path: "/p".into(), prefix: "/".into(), version };
        assert!(python((3, 9, 0)).new_enough());
        assert!(python((3, 13, 1)).new_enough());
        assert!(!python((3, 8, 18)).new_enough());
        assert!(!python((2, 12, 0)).new_enough());
    }
}
