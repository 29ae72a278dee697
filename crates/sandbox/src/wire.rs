//! What the referee and its helper processes say to each other.
//!
//! Towards the helper, over its standard input: a [`Setup`] message, a [`Task`] message, then the bytes of the
//! workspace's files one after the other. The pipe stays open for as long as the job is wanted; its end tells every
//! stage to stop. Back from the helper, over its standard output: frames of one kind byte, a length and a payload.

use maestro_domain::{Isolation, TreeLimit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// No frame or message is longer; a longer one is a broken peer.
pub(crate) const MAX_MESSAGE: usize = 8 << 20;

/// What the sandbox's file system looks like.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// The program that carries the helper.
    pub(crate) helper: PathBuf,
    /// Folders and files of the machine, visible read-only at the same path.
    pub(crate) read_only: Vec<PathBuf>,
    /// Symbolic links: target and where it lies.
    pub(crate) links: Vec<(PathBuf, PathBuf)>,
    /// Device nodes of the machine.
    pub(crate) devices: Vec<PathBuf>,
    /// Small read-only files with generated content.
    pub(crate) files: Vec<(PathBuf, String)>,
    /// Empty writable memory file systems: where and how many bytes they may hold.
    pub(crate) scratch: Vec<(PathBuf, u64)>,
}

/// What is to be run, where, and with what.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Task {
    /// How the job is kept apart.
    pub(crate) isolation: Isolation,
    /// Where the workspace is laid out; the working directory.
    pub(crate) workdir: PathBuf,
    /// What to do.
    pub(crate) work: Work,
    /// The command's whole environment.
    pub(crate) env: BTreeMap<String, String>,
    /// Limits of every process of the command.
    pub(crate) limits: ProcessLimits,
    /// Limits of all processes of the command together.
    pub(crate) tree: TreeLimits,
    /// How many bytes of standard output and of standard error are sent back, each.
    pub(crate) output_bytes: usize,
    /// Paths that the second wall leaves readable, and those that it leaves writable too.
    pub(crate) readable: Vec<PathBuf>,
    pub(crate) writable: Vec<PathBuf>,
    /// The workspace's files and their sizes, in the order in which their bytes follow.
    pub(crate) files: Vec<(String, u64)>,
}

/// The part of a task that differs by action.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Work {
    /// One command.
    Command { argv: Vec<String> },
    /// One process of the referee's runner for each test module.
    PythonTests { python: PathBuf, dir: String, modules: Vec<String> },
    /// One process of the runner of programs that report.
    PythonReport { python: PathBuf, program: String, argument: String },
}

/// Resource limits that every process of the command starts with.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct ProcessLimits {
    pub(crate) cpu_s: u64,
    pub(crate) memory_bytes: u64,
    /// None where the kernel would count the user's other processes too.
    pub(crate) processes: Option<u64>,
    pub(crate) file_bytes: u64,
}

/// Limits of a whole tree of processes, which the stage that watches it enforces.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TreeLimits {
    pub(crate) memory_bytes: u64,
    pub(crate) files: u64,
    /// The memory file systems that the command may fill.
    pub(crate) scratch: Vec<PathBuf>,
}

/// What the last helper stage turns itself into the command by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExecSpec {
    pub(crate) limits: ProcessLimits,
    pub(crate) isolated: bool,
    pub(crate) seccomp: bool,
    pub(crate) readable: Vec<PathBuf>,
    pub(crate) writable: Vec<PathBuf>,
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The sandbox stands and the workspace lies in it.
    Ready { walls: Walls },
    /// Bytes of the command's standard output.
    Stdout(Vec<u8>),
    /// Bytes of the command's standard error.
    Stderr(Vec<u8>),
    /// News of a test module.
    Test(TestEvent),
    /// What a program reports, as JSON.
    Report(Vec<u8>),
    /// A limit of the whole tree was passed; it is being killed.
    Over { limit: TreeLimit, allowed: u64 },
    /// The command ended and everything that it left behind is dead.
    End(End),
    /// A helper stage could not do its work.
    Failed(Failure),
}

/// What the kernel has to stand behind the namespaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Walls {
    pub(crate) landlock: bool,
    pub(crate) seccomp: bool,
}

/// News of a test module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TestEvent {
    pub(crate) module: String,
    pub(crate) what: ModuleEvent,
}

/// What happened in a test module. The runner writes all but `Exit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum ModuleEvent {
    /// The tests that will run.
    Plan { tests: Vec<Planned> },
    /// One test begins.
    Start { name: String },
    /// One test is over.
    Result(maestro_domain::TestResult),
    /// All tests are over; without this line the module's report is not complete.
    Done,
    /// The module's process ended.
    Exit { end: End },
}

/// A test that the runner found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Planned {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) covers: Vec<String>,
}

/// How a process ended, and whether its output was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    #[serde(default)]
    pub(crate) truncated: bool,
}

/// Why a helper stage gave up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Failure {
    /// The command's program does not exist in the sandbox.
    MissingProgram { program: String },
    /// The sandbox could not be built.
    Setup { reason: String },
}

impl Frame {
    /// Its bytes on the wire.
    pub(crate) fn encode(&self) -> io::Result<Vec<u8>> {
        let (kind, payload) = match self {
            Self::Ready { walls } => (b'r', serde_json::to_vec(walls)?),
            Self::Stdout(bytes) => (b'o', bytes.clone()),
            Self::Stderr(bytes) => (b'e', bytes.clone()),
            Self::Test(event) => (b't', serde_json::to_vec(event)?),
            Self::Report(json) => (b'j', json.clone()),
            Self::Over { limit, allowed } => (b'l', serde_json::to_vec(&(limit, allowed))?),
            Self::End(end) => (b'x', serde_json::to_vec(end)?),
            Self::Failed(failure) => (b'f', serde_json::to_vec(failure)?),
        };
        let mut bytes = vec![kind];
        bytes.extend(length(payload.len())?.to_be_bytes());
        bytes.extend(payload);
        Ok(bytes)
    }

    /// The frame of a kind byte and a payload.
    pub(crate) fn decode(kind: u8, payload: Vec<u8>) -> io::Result<Self> {
        Ok(match kind {
            b'r' => Self::Ready { walls: serde_json::from_slice(&payload)? },
            b'o' => Self::Stdout(payload),
            b'e' => Self::Stderr(payload),
            b't' => Self::Test(serde_json::from_slice(&payload)?),
            b'j' => Self::Report(payload),
            b'l' => {
                let (limit, allowed) = serde_json::from_slice(&payload)?;
                Self::Over { limit, allowed }
            }
            b'x' => Self::End(serde_json::from_slice(&payload)?),
            b'f' => Self::Failed(serde_json::from_slice(&payload)?),
            other => return Err(io::Error::new(io::ErrorKind::InvalidData, format!("unknown frame `{other}`"))),
        })
    }
}

fn length(bytes: usize) -> io::Result<u32> {
    u32::try_from(bytes)
        .ok()
        .filter(|_| bytes <= MAX_MESSAGE)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("a message of {bytes} bytes is too long")))
}

/// A message for the helper, with its length before it.
pub(crate) fn message<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let payload = serde_json::to_vec(value)?;
    let mut bytes = length(payload.len())?.to_be_bytes().to_vec();
    bytes.extend(payload);
    Ok(bytes)
}

/// Reads one message, and not a byte more: the next stage reads on from the same pipe.
pub(crate) fn read_message<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut header = [0; 4];
    from.read_exact(&mut header)?;
    let mut payload = vec![0; length(usize::try_from(u32::from_be_bytes(header)).unwrap_or(usize::MAX))? as usize];
    from.read_exact(&mut payload)?;
    Ok(serde_json::from_slice(&payload)?)
}

/// Writes one frame.
pub(crate) fn send(to: &mut impl Write, frame: &Frame) -> io::Result<()> {
    to.write_all(&frame.encode()?)?;
    to.flush()
}
