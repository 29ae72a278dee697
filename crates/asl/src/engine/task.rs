//! The life of a task attempt.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::failure::Failure;
use super::flow::{check_size, fits};
use super::{Activity, AnswerError, Effect, Execution, Scope, StartTask, TaskId, ThreadId};
use crate::history::{Details, EventType, TaskStep};
use crate::model::{State, StateKind, Task};
use crate::random;
use crate::resource::Pattern;
use crate::services;
use crate::time;

/// A started attempt.
pub(super) struct Running {
    pub(super) task_id: TaskId,
    timeout: Option<Timestamp>,
    heartbeat: Option<Timestamp>,
    heartbeat_seconds: Option<u64>,
    submitted: bool,
}

impl Running {
    fn wake(&self) -> Option<Timestamp> {
        [self.timeout, self.heartbeat].into_iter().flatten().min()
    }
}

impl Execution {
    pub(super) fn start_task(&mut self, id: ThreadId, state: &State, task: &Task) -> Result<(), Failure> {
        // Every attempt has a token of its own, so that a late answer to an earlier one is recognised.
        let token = task.resource.has_token().then(|| random::uuid(self.random.as_mut()));
        if let Some(visit) = self.threads.get_mut(id).and_then(|thread| thread.visit.as_mut()) {
            visit.token.clone_from(&token);
        }
        // A job that is waited for may hand its token on, but nobody outside answers it.
        let token = token.filter(|_| task.resource.waits_for_token());
        let input = self.effective_input(id, state)?;
        let timeout_seconds = self.number(id, task.timeout.as_ref(), 1, &input)?;
        let heartbeat_seconds = self.number(id, task.heartbeat.as_ref(), 1, &input)?;
        let credentials = match &task.credentials {
            Some(template) => Some(self.fill(id, template, &input)?),
            None => None,
        };
        let parameters = self.filled(id, task.parameters.as_ref(), input)?;
        check_size(&parameters, &state.name)?;
        if let Some(problem) = services::refusal(&task.resource, &parameters) {
            let reason = format!("The Parameters '{parameters}' could not be used to start the Task: [{problem}]");
            return self.with_env(id, Scope::of(&parameters), |_| Err(reason.into()));
        }
        let task_id = TaskId(self.next_task);
        self.next_task += 1;
        self.tasks.insert(task_id, id);
        if let Some(token) = &token {
            self.tokens.insert(token.clone(), task_id);
        }
        let integration = task.resource.integration;
        let of = || Details { resource: Some(task.resource.arn.to_string()), ..Details::default() };
        self.record_with(id, EventType::task(integration, TaskStep::Scheduled), || Details {
            input: Some(Arc::clone(&parameters)),
            ..of()
        });
        self.record_with(id, EventType::task(integration, TaskStep::Started), of);
        let due = |seconds: Option<u64>| seconds.map(|seconds| time::after(self.now, seconds as f64));
        let running = Running {
            task_id,
            timeout: due(timeout_seconds),
            heartbeat: due(heartbeat_seconds),
            heartbeat_seconds,
            submitted: false,
        };
        let wake = running.wake();
        let mut retry_count = 0;
        if let Some(thread) = self.threads.get_mut(id) {
            thread.activity = Activity::Task(running);
            retry_count = thread.visit.as_ref().map_or(0, |visit| visit.retries.iter().sum());
        }
        self.set_wake(id, wake);
        self.effects.push(Effect::StartTask(Box::new(StartTask {
            task_id,
            state: Arc::clone(&state.name),
            resource: task.resource.clone(),
            input: Arc::unwrap_or_clone(parameters),
            credentials,
            token,
            retry_count,
            timeout_seconds,
            heartbeat_seconds,
        })));
        Ok(())
    }

    /// The thread that waits for a task, or why nobody does.
    fn waiting_for(&self, task_id: TaskId) -> Result<ThreadId, AnswerError> {
        match self.tasks.get(&task_id) {
            Some(thread) => Ok(*thread),
            None if task_id.0 > 0 && task_id.0 < self.next_task => Err(AnswerError::TaskTimedOut(task_id)),
            None => Err(AnswerError::TaskDoesNotExist(task_id)),
        }
    }

    fn running(&mut self, id: ThreadId) -> Option<&mut Running> {
        match &mut self.threads.get_mut(id)?.activity {
            Activity::Task(running) => Some(running),
            _ => None,
        }
    }

    pub(super) fn task_submitted(&mut self, task_id: TaskId) -> Result<(), AnswerError> {
        let id = self.waiting_for(task_id)?;
        self.submit(id);
        Ok(())
    }

    /// Notes that the request was accepted; requests that are answered at once have no such moment.
    fn submit(&mut self, id: ThreadId) {
        let Some(state) = self.state_of(id) else { return };
        let StateKind::Task(task) = &state.kind else { return };
        if task.resource.pattern == Pattern::RequestResponse {
            return;
        }
        let first = self.running(id).is_some_and(|running| !std::mem::replace(&mut running.submitted, true));
        if first {
            self.record_with(id, EventType::TaskSubmitted, || Details {
                resource: Some(task.resource.arn.to_string()),
                ..Details::default()
            });
        }
    }

    pub(super) fn task_heartbeat(&mut self, task_id: TaskId) -> Result<(), AnswerError> {
        let id = self.waiting_for(task_id)?;
        let now = self.now;
        let wake = self.running(id).and_then(|running| {
            running.heartbeat = running.heartbeat_seconds.map(|seconds| time::after(now, seconds as f64));
            running.wake()
        });
        self.set_wake(id, wake);
        Ok(())
    }

    pub(super) fn task_succeeded(&mut self, task_id: TaskId, output: Value) -> Result<(), AnswerError> {
        let id = self.waiting_for(task_id)?;
        self.submit(id);
        if !fits(&output) {
            let state = self.state_of(id);
            let resource = match state.as_deref().map(|state| &state.kind) {
                Some(StateKind::Task(task)) => task.resource.short_name(),
                _ => "",
            };
            if let Err(failure) = check_size(&output, resource) {
                self.task_over(id, task_id, TaskStep::Failed, failure);
                return Ok(());
            }
        }
        self.tasks.remove(&task_id);
        let output = Arc::new(output);
        let details = Details { output: Some(Arc::clone(&output)), ..Details::default() };
        self.record_task(id, TaskStep::Succeeded, details);
        self.complete(id, Arc::unwrap_or_clone(output));
        Ok(())
    }

    pub(super) fn task_failed(
        &mut self,
        task_id: TaskId,
        error: Option<String>,
        cause: Option<String>,
    ) -> Result<(), AnswerError> {
        let id = self.waiting_for(task_id)?;
        let heartbeat = error.as_deref() == Some("States.HeartbeatTimeout");
        let timed_out = heartbeat || error.as_deref() == Some("States.Timeout");
        let step = if timed_out { TaskStep::TimedOut } else { TaskStep::Failed };
        let failure = if timed_out { Failure::timeout(heartbeat, cause) } else { Failure::of(error, cause) };
        self.task_over(id, task_id, step, failure);
        Ok(())
    }

    /// A task's timeout or heartbeat has come: the task is over, but the failure has no effect yet.
    pub(super) fn task_due(&mut self, id: ThreadId) {
        let Some(task_id) = self.running(id).map(|running| running.task_id) else { return };
        self.effects.push(Effect::CancelTask { task_id });
        self.tasks.remove(&task_id);
        let failure = Failure::timeout(false, None);
        self.record_task(id, TaskStep::TimedOut, Details::failed(failure.error, failure.cause));
    }

    /// The same task's failure takes effect.
    pub(super) fn task_timed_out(&mut self, id: ThreadId) {
        let now = self.now;
        let Some(running) = self.running(id) else { return };
        let heartbeat = running.timeout.is_none_or(|timeout| timeout > now);
        self.state_failed(id, Failure::timeout(heartbeat, None));
    }

    fn task_over(&mut self, id: ThreadId, task_id: TaskId, step: TaskStep, failure: Failure) {
        self.tasks.remove(&task_id);
        self.set_wake(id, None);
        self.record_task(id, step, Details::failed(failure.error.clone(), failure.cause.clone()));
        self.state_failed(id, failure);
    }

    fn record_task(&mut self, id: ThreadId, step: TaskStep, details: Details) {
        let Some(state) = self.state_of(id) else { return };
        let StateKind::Task(task) = &state.kind else { return };
        self.record_with(id, EventType::task(task.resource.integration, step), || Details {
            resource: Some(task.resource.arn.to_string()),
            ..details
        });
    }
}
