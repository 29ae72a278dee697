//! What the driver and the interpreter say to each other.

use std::sync::Arc;

use serde_json::Value;

use crate::resource::Resource;

/// Names one attempt of a task within its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// What the driver has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Run a task and report how it ends.
    StartTask(Box<StartTask>),
    /// Nobody waits for the task any more; stop it if that is possible.
    CancelTask {
        /// The task.
        task_id: TaskId,
    },
    /// The execution is over; always the last effect.
    Finished(Outcome),
}

/// A task to run.
#[derive(Debug, Clone, PartialEq)]
pub struct StartTask {
    /// Names this attempt in the answer.
    pub task_id: TaskId,
    /// The Task state.
    pub state: Arc<str>,
    /// What to run and how its result comes.
    pub resource: Resource,
    /// The effective parameters.
    pub input: Value,
    /// The evaluated `Credentials`; a driver that cannot honour them has to refuse the task.
    pub credentials: Option<Value>,
    /// The task token, present exactly when the result comes by token. Every attempt has a new one.
    pub token: Option<String>,
    /// How many attempts failed before this one.
    pub retry_count: u32,
    /// The engine ends the task after so long; for information.
    pub timeout_seconds: Option<u64>,
    /// The engine ends the task after so long without a heartbeat; for information.
    pub heartbeat_seconds: Option<u64>,
}

/// What happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A `.sync` or `.waitForTaskToken` request was accepted. Optional: an answer implies it.
    TaskSubmitted {
        /// The task.
        task_id: TaskId,
    },
    /// A task ended well.
    TaskSucceeded {
        /// The task.
        task_id: TaskId,
        /// Its result.
        output: Value,
    },
    /// A task ended badly.
    TaskFailed {
        /// The task.
        task_id: TaskId,
        /// The error's name, which `Retry` and `Catch` match; whoever holds a token may leave it out.
        error: Option<String>,
        /// What happened.
        cause: Option<String>,
    },
    /// A task is alive.
    TaskHeartbeat {
        /// The task.
        task_id: TaskId,
    },
    /// Nothing but time: `next_deadline` may have come.
    TimePassed,
    /// Someone stops the execution.
    Abort {
        /// Their error name.
        error: Option<String>,
        /// Their reason.
        cause: Option<String>,
    },
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// `SUCCEEDED`
    Succeeded {
        /// The output of the last state.
        output: Value,
    },
    /// `FAILED`
    Failed {
        /// The error's name; a Fail state may leave it out.
        error: Option<String>,
        /// The error's cause.
        cause: Option<String>,
    },
    /// `TIMED_OUT`: the machine's own `TimeoutSeconds`.
    TimedOut {
        /// The error's name.
        error: Option<String>,
        /// The error's cause.
        cause: Option<String>,
    },
    /// `ABORTED`
    Aborted {
        /// The error's name.
        error: Option<String>,
        /// The error's cause.
        cause: Option<String>,
    },
}

/// An answer that came to nobody. It changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The task existed and is over: answered, timed out or cancelled.
    #[error("task `{}` is closed: it was answered, timed out or cancelled", .0.0)]
    TaskTimedOut(TaskId),
    /// There was never such a task.
    #[error("task `{}` does not exist", .0.0)]
    TaskDoesNotExist(TaskId),
}
