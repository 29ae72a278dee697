//! Failures: which of them can be handled, and by which names.

use super::{Execution, Outcome, ThreadId, Visit};
use crate::history::{Details, EventType};
use crate::model::{Catcher, StateKind, Target};
use crate::random;
use crate::time;
use serde_json::{Value, json};
use std::sync::Arc;

/// Why a state failed.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) error: Option<String>,
    pub(super) cause: Option<String>,
    /// A timeout for want of a heartbeat is a `States.Timeout` that `States.HeartbeatTimeout` matches too.
    pub(super) heartbeat: bool,
}

impl Failure {
    pub(super) fn new(error: impl Into<String>, cause: Option<String>) -> Self {
        Self { error: Some(error.into()), cause, heartbeat: false }
    }

    /// What AWS calls `States.Runtime`: the definition does not fit the data.
    pub(super) fn runtime(visit: &Visit, reason: &str) -> Self {
        let cause = format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). {reason}",
            visit.state.name, visit.entered_event
        );
        Self::new("States.Runtime", Some(cause))
    }

    pub(super) fn too_large(name: &str) -> Self {
        let cause = format!(
            "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
        );
        Self::new("States.DataLimitExceeded", Some(cause))
    }

    pub(super) fn internal(reason: &str) -> Self {
        Self::new("States.Runtime", Some(format!("Internal error: {reason}.")))
    }

    /// AWS ends the execution at once; no `Retry` or `Catch` sees the error.
    fn is_fatal(&self) -> bool {
        self.error.as_deref() == Some("States.Runtime")
    }

    pub(super) fn matches(&self, names: &[String], kind: &StateKind) -> bool {
        let own = self.error.as_deref();
        // Only their own name reaches these two, not a wildcard.
        let wild = !matches!(own, Some("States.DataLimitExceeded" | "States.Runtime"));
        names.iter().any(|name| match name.as_str() {
            name if own == Some(name) => true,
            "States.ALL" => wild,
            "States.TaskFailed" => wild && own != Some("States.Timeout"),
            "States.HeartbeatTimeout" => self.heartbeat,
            "States.BranchFailed" => wild && matches!(kind, StateKind::Parallel(_)),
            _ => false,
        })
    }

    fn output(&self) -> Value {
        json!({
            "Error": self.error.clone().unwrap_or_default(),
            "Cause": self.cause.clone().unwrap_or_default(),
        })
    }
}

/// What happens with a failure.
enum Reaction {
    Retry { retrier: usize, delay: f64 },
    Catch(Box<Catcher>),
    Propagate,
}

impl Execution {
    /// Retries, catches or passes on the failure of a thread's current state.
    pub(super) fn state_failed(&mut self, id: ThreadId, failure: Failure) {
        if failure.is_fatal() {
            self.finish(Outcome::Failed { error: failure.error, cause: failure.cause });
            return;
        }
        let reaction = self.reaction(id, &failure);
        if let Reaction::Retry { retrier, delay } = reaction {
            let wake = time::after(self.now, delay);
            if let Some(thread) = self.threads.get_mut(&id) {
                thread.activity = super::Activity::Backoff;
                if let Some(count) = thread.visit.as_mut().and_then(|visit| visit.retries.get_mut(retrier)) {
                    *count += 1;
                }
            }
            self.set_wake(id, Some(wake));
            return;
        }
        self.set_wake(id, None);
        if let Some(thread) = self.threads.get_mut(&id) {
            thread.activity = super::Activity::Idle;
        }
        let failed = self.state_of(id).and_then(|state| match state.kind {
            StateKind::Map(_) => Some(EventType::MapStateFailed),
            StateKind::Parallel(_) => Some(EventType::ParallelStateFailed),
            _ => None,
        });
        if let Some(kind) = failed {
            self.record(id, kind, Details::failed(failure.error.clone(), failure.cause.clone()));
        }
        match reaction {
            Reaction::Catch(catcher) => {
                if let Err(fatal) = self.caught(id, &catcher, &failure) {
                    self.finish(Outcome::Failed { error: fatal.error, cause: fatal.cause });
                }
            }
            _ => self.thread_failed(id, failure),
        }
    }

    fn reaction(&mut self, id: ThreadId, failure: &Failure) -> Reaction {
        let Some(thread) = self.threads.get(&id) else { return Reaction::Propagate };
        let Some(visit) = &thread.visit else { return Reaction::Propagate };
        let kind = &visit.state.kind;
        let Some(handling) = kind.handling() else { return Reaction::Propagate };
        // The first retrier that names the error decides, even if it is used up.
        let matching = handling.retry.iter().enumerate().find(|(_, entry)| failure.matches(&entry.error_equals, kind));
        if let Some((retrier, entry)) = matching {
            let used = visit.retries.get(retrier).copied().unwrap_or(0);
            if used < entry.max_attempts {
                let full = entry.delay_seconds(used);
                let delay = if entry.full_jitter { full * random::unit(self.random.as_mut()) } else { full };
                return Reaction::Retry { retrier, delay };
            }
        }
        match handling.catch.iter().find(|entry| failure.matches(&entry.error_equals, kind)) {
            Some(catcher) => Reaction::Catch(Box::new(catcher.clone())),
            None => Reaction::Propagate,
        }
    }

    fn caught(&mut self, id: ThreadId, catcher: &Catcher, failure: &Failure) -> Result<(), Failure> {
        let error_output = failure.output();
        let output = match &catcher.result_path {
            Target::Whole => Arc::new(error_output.clone()),
            target => self.placed(id, target, error_output.clone())?,
        };
        if let Some(assign) = &catcher.assign {
            self.assign(id, assign, &error_output)?;
        }
        self.leave(id, &output);
        self.ready.push_back((id, catcher.next.clone(), output));
        Ok(())
    }
}
