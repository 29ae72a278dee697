//! The referee: runs untrusted commands in isolation and says what it saw.

use async_trait::async_trait;
use maestro_domain::{ContentHash, Evidence, JobSpec, RunId};
use std::collections::BTreeMap;

pub use maestro_domain::job::{Action, Limits};

/// One piece of untrusted work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What it is for, such as `testing/verify`; becomes `Evidence::job`.
    pub name: String,
    /// The whole workspace: relative path → bytes. It is laid out in a private folder that vanishes afterwards.
    pub workspace: BTreeMap<String, Vec<u8>>,
    /// What to do in it; the working directory is the workspace.
    pub action: Action,
    /// Environment, complete: nothing is inherited but what the sandbox itself sets (`PATH`, `HOME`, `TMPDIR`, `LANG`).
    pub env: BTreeMap<String, String>,
    /// Its limits.
    pub limits: Limits,
}

impl Job {
    /// What the job is known by: its workspace by hashes.
    #[must_use]
    pub fn spec(&self) -> JobSpec {
        let files = self.workspace.iter().map(|(path, bytes)| (path.clone(), ContentHash::of(bytes)));
        JobSpec {
            name: self.name.clone(),
            action: self.action.clone(),
            env: self.env.clone(),
            limits: self.limits.clone(),
            files: files.collect(),
        }
    }
}

/// What the referee hands back besides the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The record.
    pub evidence: Evidence,
    /// Standard output, capped.
    pub stdout: Vec<u8>,
    /// Standard error, capped.
    pub stderr: Vec<u8>,
}

/// Why no evidence could be made. A command that fails is no error here: that is evidence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No isolation is to be had on this machine, and running without it was not allowed.
    #[error("no sandbox is available: {reason}")]
    NoIsolation {
        /// What is missing.
        reason: String,
    },
    /// The program is not installed.
    #[error("`{program}` is not installed")]
    MissingProgram {
        /// Its name.
        program: String,
    },
    /// The program is there but does not do what it is for.
    #[error("`{program}` is there but does not work: {said}")]
    BrokenProgram {
        /// Its name.
        program: String,
        /// What it did or said.
        said: String,
    },
    /// A path of the workspace leaves the workspace.
    #[error("`{path}` is not a path inside the workspace")]
    BadPath {
        /// The path as given.
        path: String,
    },
    /// The machine failed.
    #[error("the referee could not {action}")]
    Io {
        /// What it was doing.
        action: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// A recording has no answer for this job.
    #[error("no recorded outcome for job `{job}` on workspace {workspace}")]
    NotRecorded {
        /// The job's name.
        job: String,
        /// The workspace hash.
        workspace: String,
    },
}

/// Runs jobs.
#[async_trait]
pub trait Referee: Send + Sync {
    /// Runs one job to its end. Dropping the future kills the whole process tree.
    ///
    /// # Errors
    /// [`Error`] when nothing could be run; what the command did is in the evidence.
    async fn run(&self, job: Job) -> Result<Outcome, Error>;
}

/// Answers what is known of jobs, to who may not wait for them.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// The evidence of a job; `None` where it was not run yet.
    ///
    /// # Errors
    /// When that cannot be found out, or the job could not be run.
    async fn evidence(&self, job: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>>;
}

/// Lets somebody else run jobs. Who asks does not wait: whoever has the evidence goes on.
#[async_trait]
pub trait JobDispatcher: Send + Sync {
    /// Asks for a job whose row and files are stored. Asking twice is harmless: the evidence counts once.
    ///
    /// # Errors
    /// When it could not be asked for; asking again may help.
    async fn dispatch(&self, run: &RunId, job: &ContentHash) -> Result<(), crate::work::Error>;
}
