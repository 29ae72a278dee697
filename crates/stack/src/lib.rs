//! A stack on this machine that speaks for AWS, in a folder of its own: MiniStack and the SAM CLI in virtual
//! environments, at pinned versions, on a free port of the loopback.
//!
//! It is an integration target, not an oracle. Nothing of the user's AWS profile is read or touched.
//!
//! All calls block.

mod command;
mod compile;
mod deploy;
mod error;
mod install;
mod package;
mod server;

pub use compile::{Programs, compile};
pub use deploy::{Deployed, Outputs};
pub use error::Error;
pub use package::{FUNCTIONS, PACKAGES, Packing, package};
pub use server::{Lifeline, Server};

use std::path::{Path, PathBuf};

/// The name under which commands deploy the template.
pub const NAME: &str = "maestro-local";

/// The folder of a stack.
#[derive(Debug, Clone)]
pub struct Stack {
    dir: PathBuf,
}

impl Stack {
    /// The stack in this folder; nothing is made yet.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Where the server's output goes.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.dir.join("stack.log")
    }

    /// Where the server writes which role was seen to do what, each once: a line of JSON with `principal` and `action`.
    #[must_use]
    pub fn calls(&self) -> PathBuf {
        self.dir.join("calls.jsonl")
    }

    fn python(&self, environment: &str) -> PathBuf {
        self.dir.join(environment).join("bin/python")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn dir(&self) -> &Path {
        &self.dir
    }
}
