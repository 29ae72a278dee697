//! The record of an execution, in the terms of AWS's `GetExecutionHistory`.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::model::StateKind;
use crate::resource::Integration;
use crate::time;

/// AWS fails an execution whose history would grow longer.
pub const MAX_EVENTS: usize = 25_000;

/// The kind of a history event, named as on AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the names are AWS's and documented there")]
pub enum EventType {
    ActivityFailed,
    ActivityScheduled,
    ActivityStarted,
    ActivitySucceeded,
    ActivityTimedOut,
    ChoiceStateEntered,
    ChoiceStateExited,
    EvaluationFailed,
    ExecutionAborted,
    ExecutionFailed,
    ExecutionStarted,
    ExecutionSucceeded,
    ExecutionTimedOut,
    FailStateEntered,
    LambdaFunctionFailed,
    LambdaFunctionScheduled,
    LambdaFunctionStarted,
    LambdaFunctionSucceeded,
    LambdaFunctionTimedOut,
    MapIterationAborted,
    MapIterationFailed,
    MapIterationStarted,
    MapIterationSucceeded,
    MapRunFailed,
    MapRunStarted,
    MapRunSucceeded,
    MapStateAborted,
    MapStateEntered,
    MapStateExited,
    MapStateFailed,
    MapStateStarted,
    MapStateSucceeded,
    ParallelStateAborted,
    ParallelStateEntered,
    ParallelStateExited,
    ParallelStateFailed,
    ParallelStateStarted,
    ParallelStateSucceeded,
    PassStateEntered,
    PassStateExited,
    SucceedStateEntered,
    SucceedStateExited,
    TaskFailed,
    TaskScheduled,
    TaskStarted,
    TaskStateAborted,
    TaskStateEntered,
    TaskStateExited,
    TaskSubmitted,
    TaskSucceeded,
    TaskTimedOut,
    WaitStateAborted,
    WaitStateEntered,
    WaitStateExited,
}

/// One event.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEvent {
    /// Its number, from 1.
    pub id: u64,
    /// The event that led to it, 0 for the first.
    pub previous_event_id: u64,
    /// When it happened.
    #[serde(serialize_with = "timestamp")]
    pub timestamp: Timestamp,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// What else is known of it.
    #[serde(flatten)]
    pub details: Details,
}

/// What an event carries besides its kind.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Details {
    /// The state, or for an iteration its Map state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which iteration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// How many items a Map has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<usize>,
    /// The resource of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What went in.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shared")]
    pub input: Option<Arc<Value>>,
    /// What came out.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shared")]
    pub output: Option<Arc<Value>>,
    /// The error's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The error's cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The state whose evaluation failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The field whose evaluation failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

fn timestamp<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time::format(*at))
}

fn shared<S: Serializer>(value: &Option<Arc<Value>>, serializer: S) -> Result<S::Ok, S::Error> {
    value.as_deref().serialize(serializer)
}

impl Details {
    pub(crate) fn named(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::default() }
    }

    pub(crate) fn failed(error: Option<String>, cause: Option<String>) -> Self {
        Self { error, cause, ..Self::default() }
    }
}

/// The step of a task's life that an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaskStep {
    Scheduled,
    Started,
    Succeeded,
    Failed,
    TimedOut,
}

impl EventType {
    pub(crate) fn entered(kind: &StateKind) -> Self {
        match kind {
            StateKind::Task(_) => Self::TaskStateEntered,
            StateKind::Pass(_) => Self::PassStateEntered,
            StateKind::Choice(_) => Self::ChoiceStateEntered,
            StateKind::Wait(_) => Self::WaitStateEntered,
            StateKind::Succeed => Self::SucceedStateEntered,
            StateKind::Fail(_) => Self::FailStateEntered,
            StateKind::Parallel(_) => Self::ParallelStateEntered,
            StateKind::Map(_) => Self::MapStateEntered,
        }
    }

    /// A Fail state is never left.
    pub(crate) fn exited(kind: &StateKind) -> Option<Self> {
        Some(match kind {
            StateKind::Task(_) => Self::TaskStateExited,
            StateKind::Pass(_) => Self::PassStateExited,
            StateKind::Choice(_) => Self::ChoiceStateExited,
            StateKind::Wait(_) => Self::WaitStateExited,
            StateKind::Succeed => Self::SucceedStateExited,
            StateKind::Parallel(_) => Self::ParallelStateExited,
            StateKind::Map(_) => Self::MapStateExited,
            StateKind::Fail(_) => return None,
        })
    }

    /// Only states that last can be aborted.
    pub(crate) fn aborted(kind: &StateKind) -> Option<Self> {
        Some(match kind {
            StateKind::Task(_) => Self::TaskStateAborted,
            StateKind::Wait(_) => Self::WaitStateAborted,
            StateKind::Parallel(_) => Self::ParallelStateAborted,
            StateKind::Map(_) => Self::MapStateAborted,
            _ => return None,
        })
    }

    pub(crate) fn task(integration: Integration, step: TaskStep) -> Self {
        match (integration, step) {
            (Integration::Lambda, TaskStep::Scheduled) => Self::LambdaFunctionScheduled,
            (Integration::Lambda, TaskStep::Started) => Self::LambdaFunctionStarted,
            (Integration::Lambda, TaskStep::Succeeded) => Self::LambdaFunctionSucceeded,
            (Integration::Lambda, TaskStep::Failed) => Self::LambdaFunctionFailed,
            (Integration::Lambda, TaskStep::TimedOut) => Self::LambdaFunctionTimedOut,
            (Integration::Activity, TaskStep::Scheduled) => Self::ActivityScheduled,
            (Integration::Activity, TaskStep::Started) => Self::ActivityStarted,
            (Integration::Activity, TaskStep::Succeeded) => Self::ActivitySucceeded,
            (Integration::Activity, TaskStep::Failed) => Self::ActivityFailed,
            (Integration::Activity, TaskStep::TimedOut) => Self::ActivityTimedOut,
            (Integration::Service, TaskStep::Scheduled) => Self::TaskScheduled,
            (Integration::Service, TaskStep::Started) => Self::TaskStarted,
            (Integration::Service, TaskStep::Succeeded) => Self::TaskSucceeded,
            (Integration::Service, TaskStep::Failed) => Self::TaskFailed,
            (Integration::Service, TaskStep::TimedOut) => Self::TaskTimedOut,
        }
    }
}
