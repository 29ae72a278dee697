//! Failures: which of them can be handled, and by which names.

use super::{Execution, Outcome, Scope, ThreadId, Visit};
use crate::expr::Trouble;
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
    /// A failed JSONata expression, until it is recorded.
    evaluation: Option<Evaluation>,
}

/// What is recorded of a failed evaluation.
#[derive(Debug, Clone)]
struct Evaluation {
    location: Option<String>,
    previous_event: u64,
}

impl Failure {
    pub(super) fn new(error: impl Into<String>, cause: Option<String>) -> Self {
        Self { error: Some(error.into()), cause, heartbeat: false, evaluation: None }
    }

    /// What AWS calls `States.Runtime`: the definition does not fit the data.
    /// In JSONata it has a name of its own, and is recorded.
    pub(super) fn computing(visit: &Visit, trouble: Trouble) -> Self {
        let (error, reason, evaluation) = match trouble {
            Trouble::Runtime(reason) => ("States.Runtime", reason, None),
            Trouble::Query(reason, location) => {
                let evaluation = Evaluation { location, previous_event: visit.before_entry };
                ("States.QueryEvaluationError", reason, Some(evaluation))
            }
        };
        let cause = format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). {reason}",
            visit.state.name, visit.entered_event
        );
        Self { evaluation, ..Self::new(error, Some(cause)) }
    }

    pub(super) fn of(error: Option<String>, cause: Option<String>) -> Self {
        Self { error, cause, heartbeat: false, evaluation: None }
    }

    /// A task that ran into its timeout, or missed a heartbeat.
    pub(super) fn timeout(heartbeat: bool, cause: Option<String>) -> Self {
        Self { heartbeat, ..Self::new("States.Timeout", cause) }
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
        // Only its own name reaches this one, not a wildcard. (AWS says the same of `States.DataLimitExceeded`, but
        // its recorded executions catch that with `States.ALL`.)
        let wild = own != Some("States.Runtime");
        names.iter().any(|name| match name.as_str() {
            name if own == Some(name) => true,
            "States.ALL" => wild,
            "States.TaskFailed" => wild && !matches!(own, Some("States.Timeout" | "States.DataLimitExceeded")),
            "States.HeartbeatTimeout" => self.heartbeat,
            "States.BranchFailed" => wild && matches!(kind, StateKind::Parallel(_)),
            _ => false,
        })
    }

    pub(super) fn output(&self) -> Value {
        // A timeout has an empty cause; whoever fails a task without one gives none.
        let empty = (self.error.as_deref() == Some("States.Timeout")).then(String::new);
        json!({
            "Error": self.error,
            "Cause": self.cause.clone().or(empty),
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
        let mut failure = failure;
        if failure.is_fatal() {
            self.fail_run(id, failure);
            return;
        }
        if let Some(evaluation) = failure.evaluation.take() {
            self.record_evaluation(id, &failure, evaluation);
        }
        let reaction = self.reaction(id, &failure);
        if let Reaction::Retry { retrier, delay } = reaction {
            let wake = time::after(self.now, delay);
            if let Some(thread) = self.threads.get_mut(id) {
                thread.activity = super::Activity::Backoff;
                if let Some(visit) = &mut thread.visit {
                    visit.retried(retrier);
                }
            }
            self.set_wake(id, Some(wake));
            return;
        }
        self.set_wake(id, None);
        if let Some(thread) = self.threads.get_mut(id) {
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
                if let Err(mut second) = self.caught(id, &catcher, &failure) {
                    if let Some(evaluation) = second.evaluation.take() {
                        self.record_evaluation(id, &second, evaluation);
                    }
                    if second.is_fatal() { self.fail_run(id, second) } else { self.thread_failed(id, second) }
                }
            }
            _ => self.thread_failed(id, failure),
        }
    }

    /// Ends the execution that a thread belongs to: a child of a distributed map, or the whole.
    fn fail_run(&mut self, id: ThreadId, failure: Failure) {
        match self.run_of(id) {
            Some(child) => {
                let parent = self.threads.get(child).and_then(|thread| thread.parent);
                self.abort_thread(child);
                if let Some((parent, slot)) = parent {
                    self.child_failed(parent, slot, child, failure);
                }
            }
            None => self.finish(Outcome::Failed { error: failure.error, cause: failure.cause }),
        }
    }

    fn record_evaluation(&mut self, id: ThreadId, failure: &Failure, evaluation: Evaluation) {
        let state = self.state_of(id).map(|state| state.name.to_string());
        let failed = Details::failed(failure.error.clone(), failure.cause.clone());
        let details = Details { state, location: evaluation.location, ..failed };
        if let Some(thread) = self.threads.get_mut(id) {
            thread.last_event = evaluation.previous_event;
        }
        self.record(id, EventType::EvaluationFailed, details);
    }

    fn reaction(&mut self, id: ThreadId, failure: &Failure) -> Reaction {
        let Some(thread) = self.threads.get(id) else { return Reaction::Propagate };
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
        let jsonata = self.state_of(id).is_some_and(|state| state.jsonata);
        let raw = self.visit_input(id);
        let scope = if jsonata { Scope::failed(&raw, &error_output) } else { Scope::of(&error_output) };
        let output = match (&catcher.output, &catcher.result_path) {
            (Some(output), _) => Arc::new(self.with_env(id, scope, |env| output.evaluate(env))?),
            (None, Target::Whole) => Arc::new(error_output.clone()),
            (None, target) => self.placed(id, target, error_output.clone())?,
        };
        if let Some(assign) = &catcher.assign {
            self.assign(id, assign, scope)?;
        }
        self.leave(id, &output);
        self.ready.push_back((id, Arc::clone(&catcher.next), output));
        Ok(())
    }
}
