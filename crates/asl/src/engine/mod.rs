//! The interpreter: a state machine without IO, clock or threads. A driver starts it, carries out its
//! effects, and tells it what happened and when.

mod failure;
mod flow;
mod join;
mod states;
mod task;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::context::{ContextView, ExecutionContext, MapItem, Variables};
use crate::expr::Env;
use crate::history::{Details, EventType, HistoryEvent, MAX_EVENTS};
use crate::model::{Definition, State, Workflow};
use crate::random::RandomSource;
use crate::resource::Resource;
use crate::time;
use failure::Failure;

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
    pub state: String,
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
        /// The error's name, which `Retry` and `Catch` match.
        error: String,
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

/// A running or finished execution.
pub struct Execution {
    definition: Arc<Definition>,
    context: ExecutionContext,
    input: Arc<Value>,
    random: Box<dyn RandomSource>,
    now: Timestamp,
    deadline: Option<Timestamp>,
    threads: BTreeMap<ThreadId, Thread>,
    next_thread: u64,
    /// Threads that enter a state next, with its name and input.
    ready: VecDeque<(ThreadId, String, Arc<Value>)>,
    timers: BTreeSet<(Timestamp, ThreadId)>,
    tasks: BTreeMap<TaskId, ThreadId>,
    next_task: u64,
    tokens: BTreeMap<String, TaskId>,
    history: Vec<HistoryEvent>,
    history_full: bool,
    effects: Vec<Effect>,
    outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ThreadId(u64);

/// A line of control: the machine's, a branch's or an iteration's.
struct Thread {
    /// The thread whose Parallel or Map state waits for this one, and this one's place there.
    parent: Option<(ThreadId, usize)>,
    workflow: Arc<Workflow>,
    variables: Arc<Variables>,
    map_item: Option<MapItem>,
    last_event: u64,
    visit: Option<Visit>,
    activity: Activity,
    wake: Option<Timestamp>,
}

/// One stay in a state, over all its retries.
struct Visit {
    state: Arc<State>,
    input: Arc<Value>,
    entered: Timestamp,
    entered_event: u64,
    /// Retries so far by retrier.
    retries: Vec<u32>,
    token: Option<String>,
}

/// What a thread waits for.
enum Activity {
    /// To be stepped, or to be removed.
    Idle,
    Task(task::Running),
    Wait,
    Backoff,
    Join(join::Join),
}

impl Execution {
    /// Starts an execution and runs it as far as it goes without an event.
    #[must_use]
    pub fn start(
        definition: Arc<Definition>,
        input: Value,
        context: ExecutionContext,
        now: Timestamp,
        random: Box<dyn RandomSource>,
    ) -> (Self, Vec<Effect>) {
        let deadline = definition.timeout_seconds.map(|seconds| time::after(now, seconds as f64));
        let input = Arc::new(input);
        let workflow = Arc::clone(&definition.workflow);
        let mut execution = Self {
            definition,
            context,
            input: Arc::clone(&input),
            random,
            now,
            deadline,
            threads: BTreeMap::new(),
            next_thread: 0,
            ready: VecDeque::new(),
            timers: BTreeSet::new(),
            tasks: BTreeMap::new(),
            next_task: 1,
            tokens: BTreeMap::new(),
            history: Vec::new(),
            history_full: false,
            effects: Vec::new(),
            outcome: None,
        };
        let details = Details { input: Some(Arc::clone(&input)), ..Details::default() };
        let first = execution.record_after(0, EventType::ExecutionStarted, details);
        execution.spawn(None, workflow, Arc::default(), None, first, input);
        execution.settle();
        let effects = std::mem::take(&mut execution.effects);
        (execution, effects)
    }

    /// Takes in what happened at `now` and returns what to do. Time never runs backwards: an earlier `now`
    /// counts as the latest one seen.
    ///
    /// # Errors
    /// When the event answers a task that nobody waits for; the execution is then as before, but for the time.
    pub fn handle(&mut self, now: Timestamp, event: Event) -> Result<Vec<Effect>, AnswerError> {
        self.now = self.now.max(now);
        if self.outcome.is_none() {
            // What was due before the event comes first; at the same instant the answer wins.
            self.fire(|due, now| due < now);
        }
        let answered = match event {
            Event::TimePassed => Ok(()),
            Event::Abort { error, cause } => {
                if self.outcome.is_none() {
                    self.finish(Outcome::Aborted { error, cause });
                }
                Ok(())
            }
            Event::TaskSubmitted { task_id } => self.task_submitted(task_id),
            Event::TaskHeartbeat { task_id } => self.task_heartbeat(task_id),
            Event::TaskSucceeded { task_id, output } => self.task_succeeded(task_id, output),
            Event::TaskFailed { task_id, error, cause } => self.task_failed(task_id, error, cause),
        };
        self.settle();
        // Effects of timers are due whether or not the answer came too late; the driver collects them next time.
        answered.map(|()| std::mem::take(&mut self.effects))
    }

    /// When to come back with `TimePassed` at the latest, if nothing else happens. In the past when effects wait.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        if !self.effects.is_empty() {
            return Some(self.now);
        }
        if self.outcome.is_some() {
            return None;
        }
        let timer = self.timers.first().map(|(due, _)| *due);
        [timer, self.deadline].into_iter().flatten().min()
    }

    /// How it ended, once it has.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// What happened so far.
    #[must_use]
    pub fn history(&self) -> &[HistoryEvent] {
        &self.history
    }

    /// The definition it runs.
    #[must_use]
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// The task that a token was issued for, open or not.
    #[must_use]
    pub fn task_for_token(&self, token: &str) -> Option<TaskId> {
        self.tokens.get(token).copied()
    }

    /// Runs until only the outside can go on.
    fn settle(&mut self) {
        self.drain();
        self.fire(|due, now| due <= now);
    }

    fn drain(&mut self) {
        while self.outcome.is_none() {
            if self.history_full {
                let cause = format!("The execution reached the maximum number of history events ({MAX_EVENTS}).");
                self.finish(Outcome::Failed { error: Some("States.Runtime".into()), cause: Some(cause) });
                return;
            }
            let Some((thread, name, input)) = self.ready.pop_front() else { return };
            self.enter(thread, &name, input);
        }
    }

    /// Fires all timers that are due, earliest first.
    fn fire(&mut self, is_due: fn(Timestamp, Timestamp) -> bool) {
        while self.outcome.is_none() {
            let timer = self.timers.first().copied();
            let deadline = self.deadline.filter(|deadline| is_due(*deadline, self.now));
            match (timer.filter(|(due, _)| is_due(*due, self.now)), deadline) {
                (Some((due, thread)), deadline) if deadline.is_none_or(|deadline| due < deadline) => {
                    self.timers.remove(&(due, thread));
                    self.woken(thread);
                }
                (_, Some(_)) => {
                    self.finish(Outcome::TimedOut { error: None, cause: None });
                }
                _ => return,
            }
            self.drain();
        }
    }

    fn woken(&mut self, id: ThreadId) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.wake = None;
        match &thread.activity {
            Activity::Wait => self.wait_over(id),
            Activity::Backoff => self.attempt(id),
            Activity::Task(_) => self.task_due(id),
            Activity::Idle | Activity::Join(_) => {}
        }
    }

    fn set_wake(&mut self, id: ThreadId, wake: Option<Timestamp>) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        if let Some(old) = std::mem::replace(&mut thread.wake, wake) {
            self.timers.remove(&(old, id));
        }
        if let Some(due) = wake {
            self.timers.insert((due, id));
        }
    }

    /// Appends an event to a thread's chain and returns its id.
    fn record(&mut self, id: ThreadId, kind: EventType, details: Details) -> u64 {
        let previous = self.threads.get(&id).map_or(0, |thread| thread.last_event);
        let event = self.record_after(previous, kind, details);
        if let Some(thread) = self.threads.get_mut(&id) {
            thread.last_event = event;
        }
        event
    }

    fn record_after(&mut self, previous_event_id: u64, kind: EventType, details: Details) -> u64 {
        // The last place is kept for the event that ends the execution.
        let ends = matches!(
            kind,
            EventType::ExecutionSucceeded
                | EventType::ExecutionFailed
                | EventType::ExecutionTimedOut
                | EventType::ExecutionAborted
        );
        if self.history.len() + 1 >= MAX_EVENTS && !ends {
            self.history_full = true;
            return previous_event_id;
        }
        let id = self.history.len() as u64 + 1;
        self.history.push(HistoryEvent { id, previous_event_id, timestamp: self.now, kind, details });
        id
    }

    fn spawn(
        &mut self,
        parent: Option<(ThreadId, usize)>,
        workflow: Arc<Workflow>,
        variables: Arc<Variables>,
        map_item: Option<MapItem>,
        last_event: u64,
        input: Arc<Value>,
    ) -> ThreadId {
        let id = ThreadId(self.next_thread);
        self.next_thread += 1;
        let start_at = workflow.start_at.clone();
        let thread = Thread {
            parent,
            workflow,
            variables,
            map_item,
            last_event,
            visit: None,
            activity: Activity::Idle,
            wake: None,
        };
        self.threads.insert(id, thread);
        self.ready.push_back((id, start_at, input));
        id
    }

    /// Ends everything: open tasks are cancelled and nothing is stepped any more.
    fn finish(&mut self, outcome: Outcome) {
        let previous = self.history.last().map_or(0, |event| event.id);
        let (kind, details) = match &outcome {
            Outcome::Succeeded { output } => (
                EventType::ExecutionSucceeded,
                Details { output: Some(Arc::new(output.clone())), ..Details::default() },
            ),
            Outcome::Failed { error, cause } => {
                (EventType::ExecutionFailed, Details::failed(error.clone(), cause.clone()))
            }
            Outcome::TimedOut { error, cause } => {
                (EventType::ExecutionTimedOut, Details::failed(error.clone(), cause.clone()))
            }
            Outcome::Aborted { error, cause } => {
                (EventType::ExecutionAborted, Details::failed(error.clone(), cause.clone()))
            }
        };
        self.record_after(previous, kind, details);
        for task_id in std::mem::take(&mut self.tasks).into_keys() {
            self.effects.push(Effect::CancelTask { task_id });
        }
        self.threads.clear();
        self.timers.clear();
        self.ready.clear();
        self.effects.push(Effect::Finished(outcome.clone()));
        self.outcome = Some(outcome);
    }

    /// Evaluates something in the scope of a thread's current state.
    fn with_env<T>(
        &mut self,
        id: ThreadId,
        input: &Value,
        map_item: Option<&MapItem>,
        evaluate: impl FnOnce(&mut Env<'_>) -> Result<T, String>,
    ) -> Result<T, Failure> {
        let Some(thread) = self.threads.get(&id) else { return Err(Failure::internal("the thread is gone")) };
        let Some(visit) = &thread.visit else { return Err(Failure::internal("no state was entered")) };
        let retries = visit.state.kind.handling().map(|_| visit.retries.iter().sum());
        let mut env = Env {
            input,
            context: ContextView {
                execution: &self.context,
                input: &self.input,
                state: &visit.state.name,
                entered: visit.entered,
                retry_count: retries,
                token: visit.token.as_deref(),
                map_item: map_item.or(thread.map_item.as_ref()),
            },
            variables: &thread.variables,
            random: self.random.as_mut(),
        };
        evaluate(&mut env).map_err(|reason| Failure::runtime(visit, &reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_can_move_between_threads() {
        fn is_send<T: Send>() {}
        is_send::<Execution>();
    }
}
