//! What happens in a run, for people who watch and for the journal. Events are history, never a source of recovery.

use crate::{gate::Decision, hash::ContentHash, ids::TaskId, persona::PersonaId, phase::Phase, run::RunStatus};
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// An execution began to work on the run.
    ExecutionStarted {
        /// Its name: the run's id, or `<run>-r<n>`.
        execution: String,
    },
    /// A phase was planned.
    PhaseStarted {
        /// Which.
        phase: Phase,
        /// From 1.
        attempt: u32,
        /// The personas that work in it, wave by wave.
        waves: Vec<Vec<PersonaId>>,
    },
    /// Work on a keyed task began: it was claimed, and no stored result answered.
    TaskStarted {
        /// Which.
        task: TaskId,
        /// Hash of its input, shortened.
        input: String,
    },
    /// A keyed task has a result.
    TaskFinished {
        /// Which.
        task: TaskId,
        /// The result was stored before; nothing was done or paid again.
        reused: bool,
        /// Tokens read and written.
        tokens: u64,
        /// Price in millionths of a US dollar.
        cost_micro_usd: u64,
    },
    /// The time of whoever worked on a keyed task was up; somebody else goes on with it.
    TaskSuspended {
        /// Which.
        task: TaskId,
    },
    /// A keyed task was given back until the referee has run what it asked for.
    TaskWaits {
        /// Which.
        task: TaskId,
    },
    /// A model answered one turn of a task, and it was recorded.
    TurnTaken {
        /// Of which task.
        task: TaskId,
        /// Number of the turn, from 1.
        turn: u32,
        /// Who answered.
        model: String,
        /// Tokens read and written.
        tokens: u64,
        /// Price in millionths of a US dollar.
        cost_micro_usd: u64,
    },
    /// The provider of a model has no room; the task goes on then.
    ModelWaits {
        /// Which task.
        task: TaskId,
        /// When it is asked again, milliseconds since 1970.
        until_ms: u64,
    },
    /// A persona called a tool in a way that it may not; nothing happened.
    CallDenied {
        /// In which task.
        task: TaskId,
        /// Which tool.
        tool: String,
        /// Why not.
        cause: String,
    },
    /// A part of what a tool answered was kept from the model: it looked like orders, or like a secret.
    TextWithheld {
        /// In which task.
        task: TaskId,
        /// Which tool.
        tool: String,
    },
    /// A keyed task ended without a result.
    TaskFailed {
        /// Which.
        task: TaskId,
        /// Name of the failure.
        error: String,
        /// What happened.
        cause: String,
    },
    /// The referee ran something.
    JobFinished {
        /// The job's name.
        job: String,
        /// Whether it succeeded.
        success: bool,
        /// Tests that passed.
        passed: usize,
        /// Tests that ran.
        ran: usize,
        /// Wall milliseconds.
        duration_ms: u64,
    },
    /// A report about a job was not taken: it is about another job or none, or somebody forged it.
    ReportRefused {
        /// The job's id.
        job: ContentHash,
        /// Why.
        cause: String,
    },
    /// A gate decided.
    GateDecided {
        /// Of which phase.
        phase: Phase,
        /// Of which attempt.
        attempt: u32,
        /// The verdict.
        decision: Decision,
        /// How many findings it had.
        findings: usize,
    },
    /// A message of the run was delivered as often as it may be, and no worker finished with it.
    DeadLetter {
        /// The queue that it was in.
        queue: String,
        /// The message's id there.
        message: String,
        /// How often it was delivered.
        receives: u64,
        /// What is known of why.
        cause: String,
    },
    /// The run ended.
    RunEnded {
        /// How.
        status: RunStatus,
    },
}
