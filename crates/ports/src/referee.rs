//! The referee: runs untrusted commands in isolation and says what it saw.

use async_trait::async_trait;
use maestro_domain::Evidence;
use std::collections::BTreeMap;

/// Limits of one command. Each is enforced by the kernel or by the referee, never by the command itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock milliseconds until the whole tree is killed.
    pub wall_ms: u64,
    /// CPU seconds of any one process.
    pub cpu_s: u64,
    /// Address space of any one process, in bytes.
    pub memory_bytes: u64,
    /// Memory of all processes together and of what they keep in memory file systems, in bytes.
    pub tree_memory_bytes: u64,
    /// Processes and threads alive at once.
    pub processes: u64,
    /// Size of any one file written, in bytes.
    pub file_bytes: u64,
    /// Files, folders and links in the whole sandbox, those of the workspace among them.
    pub files: u64,
    /// Bytes of standard output and of standard error that are kept, each.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_ms: 120_000,
            cpu_s: 60,
            memory_bytes: 2 << 30,
            tree_memory_bytes: 2 << 30,
            processes: 128,
            file_bytes: 64 << 20,
            files: 50_000,
            output_bytes: 256 << 10,
        }
    }
}

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Runs this command; `argv[0]` is looked up in the sandbox's `PATH`.
    Command {
        /// Program and arguments.
        argv: Vec<String>,
    },
    /// Runs the Python `unittest` tests below this folder of the workspace with the referee's own runner,
    /// which the workspace cannot change, and fills `Evidence::tests`.
    PythonTests {
        /// Folder below the workspace, such as `tests`.
        dir: String,
    },
}

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
