//! What the referee saw. Only the referee makes these; gates decide from them alone.

use crate::hash::ContentHash;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a command was kept apart from the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// Bubblewrap: namespaces set up by the system's own tool.
    Bubblewrap,
    /// Namespaces, Landlock and resource limits set up by the referee itself.
    Namespaces,
    /// None, because the user said so by a flag.
    Unsandboxed,
    /// Replayed from a recording, in tests of the orchestration.
    Recorded,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ExitStatus {
    /// It ended by itself with this code.
    Exited {
        /// The exit code.
        code: i32,
    },
    /// A signal ended it.
    Signalled {
        /// The signal's number.
        signal: i32,
    },
    /// It was killed at its wall-clock limit.
    TimedOut,
    /// It was killed because all its processes together used up one of their limits.
    OverLimit {
        /// Which one.
        limit: TreeLimit,
        /// How much of it was allowed: bytes of memory, or entries of file systems.
        allowed: u64,
    },
}

/// A limit on all processes of a command together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreeLimit {
    /// Memory of all processes and of the files that they keep in memory.
    Memory,
    /// Files, folders, links and the like that they made.
    Files,
}

impl ExitStatus {
    /// Whether the command ended by itself with 0.
    #[must_use]
    pub const fn success(self) -> bool {
        matches!(self, Self::Exited { code: 0 })
    }
}

impl fmt::Display for ExitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited { code } => write!(f, "it ended with code {code}"),
            Self::Signalled { signal } => write!(f, "it was ended by signal {signal}"),
            Self::TimedOut => f.write_str("it was stopped at its time limit"),
            Self::OverLimit { limit: TreeLimit::Memory, allowed } => {
                write!(f, "it was stopped at its memory limit of {} MiB", allowed >> 20)
            }
            Self::OverLimit { limit: TreeLimit::Files, allowed } => {
                write!(f, "it was stopped at its limit of {allowed} files")
            }
        }
    }
}

/// What became of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestOutcome {
    /// It ran and its assertions held.
    Passed,
    /// An assertion did not hold.
    Failed,
    /// It could not run to its end.
    Error,
    /// It did not run.
    Skipped,
}

/// One executed test, as the referee's own runner reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// Dotted name, such as `test_loans.Loans.test_due_after_lent`.
    pub name: String,
    /// What became of it.
    pub outcome: TestOutcome,
    /// The statement ids that the test names (`covers`), as they stand in the test, known or not.
    #[serde(default)]
    pub covers: Vec<String>,
    /// The failure's message, cut at 2,000 characters; empty when it passed.
    #[serde(default)]
    pub message: String,
}

/// The record of one command that the referee ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was run for what, such as `testing/verify`.
    pub job: String,
    /// The command, as it was started inside the sandbox.
    pub command: Vec<String>,
    /// How it ended.
    pub exit: ExitStatus,
    /// How it was kept apart.
    pub isolation: Isolation,
    /// Hash of standard output and error after normalisation (times, ports, addresses, temporary paths taken out).
    pub output_hash: ContentHash,
    /// Hash over names and bytes of all files in the workspace before the command ran.
    pub workspace_hash: ContentHash,
    /// The tests that ran, sorted by name; empty for a command that is no test run.
    #[serde(default)]
    pub tests: Vec<TestResult>,
    /// What a program reported, for an action that asks for a report and came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<serde_json::Value>,
    /// Whether output was cut at the cap.
    #[serde(default)]
    pub truncated: bool,
    /// Wall time in milliseconds. Not part of the canonical record.
    pub duration_ms: u64,
}

impl Evidence {
    /// Whether the command succeeded and, where tests ran, all of them passed.
    #[must_use]
    pub fn success(&self) -> bool {
        self.exit.success() && self.tests.iter().all(|test| test.outcome == TestOutcome::Passed)
    }

    /// What this evidence is known by: everything but clocks.
    #[must_use]
    pub fn id(&self) -> ContentHash {
        let tests: Vec<_> = self.tests.iter().map(|t| serde_json::json!([t.name, t.outcome, t.covers])).collect();
        ContentHash::of_json(&serde_json::json!({
            "job": self.job,
            "command": self.command,
            "exit": self.exit,
            "output": self.output_hash,
            "workspace": self.workspace_hash,
            "tests": tests,
        }))
    }
}
