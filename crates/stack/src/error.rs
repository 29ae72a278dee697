//! Why the stack did not do it.

use std::{io, path::PathBuf};

/// Why the stack did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or a process could not be used.
    #[error("the stack could not {action}")]
    Io {
        /// What it was doing.
        action: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A program ended badly.
    #[error("`{program}` ended with {status}: {said}")]
    Program {
        /// Which one.
        program: String,
        /// How it ended.
        status: String,
        /// The end of what it said.
        said: String,
    },
    /// The server did not come up.
    #[error("the stack does not answer on port {port}; its log is `{log}`")]
    Silent {
        /// Where it was expected.
        port: u16,
        /// What it said meanwhile.
        log: PathBuf,
    },
    /// Another program has the port that what the stack holds is tied to.
    #[error("port {port}, on which the stack was before, is taken")]
    PortTaken {
        /// Which.
        port: u16,
        /// Why it cannot be used.
        #[source]
        source: io::Error,
    },
    /// Something needs a server, and none is up.
    #[error("the stack is not up")]
    Down,
    /// A binary that the template needs was not built.
    #[error("`{path}` is missing")]
    NotBuilt {
        /// Where it was looked for.
        path: PathBuf,
    },
}

impl Error {
    /// An error of the file system or of a process.
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}
