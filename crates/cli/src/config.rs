//! Everything that the environment says, read once.

use crate::stop::Stop;
use maestro_models::Surroundings;
use std::{
    ffi::OsString,
    io::IsTerminal,
    path::{Path, PathBuf},
};

/// The stack that `samconfig.toml` deploys when nothing else is said.
const STACK: &str = "maestro-dev";

/// What the environment says.
#[derive(Debug, Clone)]
pub struct Config {
    /// `MAESTRO_HOME`, else `.maestro` below the working directory; absolute.
    pub home: PathBuf,
    /// `MAESTRO_LOG`: what the log keeps, such as `debug` or `maestro_sdlc=trace`.
    pub(crate) log: Option<String>,
    /// `NO_COLOR` is set.
    pub(crate) no_color: bool,
    /// `TERM` says that the terminal cannot move its cursor.
    pub(crate) dumb: bool,
    /// Standard output is a terminal.
    pub(crate) stdout_tty: bool,
    /// Standard error is a terminal.
    pub(crate) stderr_tty: bool,
    /// Standard input is a terminal.
    pub(crate) stdin_tty: bool,
    /// `MAESTRO_STACK`: the name of the stack on AWS, else `maestro-dev`.
    pub stack: String,
    /// `MAESTRO_CONFIG`, else `maestro.toml` in the working directory.
    pub(crate) models: PathBuf,
    /// Whether it was named, so that it must be there.
    pub(crate) models_named: bool,
    /// Keys and addresses of providers.
    pub(crate) surroundings: Surroundings,
    cwd: PathBuf,
}

impl Config {
    /// Reads the environment.
    pub(crate) fn read() -> Result<Self, Stop> {
        let cwd = std::env::current_dir()
            .map_err(|error| Stop::unusable("the working directory cannot be found").because(&error))?;
        let named = variable("MAESTRO_CONFIG");
        let home = variable("MAESTRO_HOME").map_or_else(|| PathBuf::from(".maestro"), PathBuf::from);
        Ok(Self {
            home: cwd.join(home),
            log: variable("MAESTRO_LOG").map(|text| text.to_string_lossy().into_owned()),
            no_color: variable("NO_COLOR").is_some(),
            dumb: variable("TERM").is_none_or(|term| term == "dumb"),
            stdout_tty: std::io::stdout().is_terminal(),
            stderr_tty: std::io::stderr().is_terminal(),
            stdin_tty: std::io::stdin().is_terminal(),
            stack: variable("MAESTRO_STACK")
                .map_or_else(|| STACK.to_owned(), |name| name.to_string_lossy().into_owned()),
            models: cwd.join(named.clone().unwrap_or_else(|| OsString::from("maestro.toml"))),
            models_named: named.is_some(),
            surroundings: Surroundings::read(named_variable),
            cwd,
        })
    }

    /// A path that the user gave, made absolute without touching the file system.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        let joined = self.cwd.join(path);
        // Only lexical: `.` parts go, links stay as the user wrote them.
        std::path::absolute(&joined).unwrap_or(joined)
    }
}

/// The value of a variable that the user named.
pub(crate) fn named_variable(name: &str) -> Option<String> {
    variable(name).and_then(|value| value.into_string().ok())
}

/// A variable; an empty one counts as not set.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
