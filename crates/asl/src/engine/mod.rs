//! The interpreter: a state machine without IO, clock or threads. A driver starts it, carries out its
//! effects, and tells it what happened and when.

mod failure;
mod flow;
mod join;
mod map;
mod messages;
mod states;
mod task;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::context::{ContextView, ExecutionContext, MapItem, Variables};
use crate::expr::{Env, States, Trouble};
use crate::history::{Details, EventType, HistoryEvent, MAX_EVENTS};
use crate::model::{Definition, State, Workflow};
use crate::random::RandomSource;
use crate::time;
use failure::Failure;

pub use messages::{AnswerError, Effect, Event, Outcome, StartTask, TaskId};

/// A running or finished execution.
pub struct Execution {
    definition: Arc<Definition>,
    context: ExecutionContext,
    input: Arc<Value>,
    random: Box<dyn RandomSource>,
    now: Timestamp,
    deadline: Option<Timestamp>,
    threads: Threads,
    /// Threads that enter a state next, with its name and input.
    ready: VecDeque<(ThreadId, Arc<str>, Arc<Value>)>,
    timers: BTreeSet<(Timestamp, ThreadId)>,
    tasks: BTreeMap<TaskId, ThreadId>,
    next_task: u64,
    tokens: HashMap<String, TaskId>,
    history: Vec<HistoryEvent>,
    keeps_history: bool,
    /// How many events there were, forgotten ones too.
    recorded: usize,
    history_full: bool,
    effects: Vec<Effect>,
    outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ThreadId(usize);

/// Threads by their numbers, which are given out one after the other. A large graph has ten thousands of them at once, and
/// each step looks one up again and again; of one that is over, its place is left.
#[derive(Default)]
struct Threads(Vec<Option<Box<Thread>>>);

impl Threads {
    /// The number of the thread that is added next.
    fn next(&self) -> ThreadId {
        ThreadId(self.0.len())
    }

    fn add(&mut self, thread: Thread) -> ThreadId {
        let id = self.next();
        self.0.push(Some(Box::new(thread)));
        id
    }

    fn get(&self, id: ThreadId) -> Option<&Thread> {
        self.0.get(id.0)?.as_deref()
    }

    fn get_mut(&mut self, id: ThreadId) -> Option<&mut Thread> {
        self.0.get_mut(id.0)?.as_deref_mut()
    }

    fn remove(&mut self, id: ThreadId) -> Option<Box<Thread>> {
        self.0.get_mut(id.0)?.take()
    }

    /// Ends all. No number is given out twice.
    fn clear(&mut self) {
        self.0.fill_with(|| None);
    }
}

/// A line of control: the machine's, a branch's or an iteration's.
struct Thread {
    /// The thread whose Parallel or Map state waits for this one, and this one's place there.
    parent: Option<(ThreadId, usize)>,
    workflow: Arc<Workflow>,
    variables: Arc<Variables>,
    map_item: Option<MapItem>,
    /// The child execution of a distributed map that it belongs to, which has a history of its own.
    run: Option<Arc<ChildRun>>,
    last_event: u64,
    visit: Option<Visit>,
    activity: Activity,
    wake: Option<Timestamp>,
    /// The value that was last found to keep the limits; most states hand on what they got.
    within_limits: Option<Arc<Value>>,
}

/// What a new thread begins with.
struct Start {
    parent: Option<(ThreadId, usize)>,
    workflow: Arc<Workflow>,
    variables: Arc<Variables>,
    map_item: Option<MapItem>,
    run: Option<Arc<ChildRun>>,
    last_event: u64,
}

/// A child execution of a distributed map.
struct ChildRun {
    /// Its first thread.
    thread: ThreadId,
    input: Arc<Value>,
}

/// What an expression is evaluated over.
#[derive(Clone, Copy)]
struct Scope<'a> {
    /// What `$` means in JSONPath.
    input: &'a Value,
    /// The item that a Map is about to start.
    item: Option<&'a MapItem>,
    /// `$states.result`
    result: Option<&'a Value>,
    /// `$states.errorOutput`
    error: Option<&'a Value>,
}

impl<'a> Scope<'a> {
    fn of(input: &'a Value) -> Self {
        Self { input, item: None, result: None, error: None }
    }

    /// After a result has come.
    fn after(result: &'a Value) -> Self {
        Self { result: Some(result), ..Self::of(result) }
    }

    fn failed(input: &'a Value, error: &'a Value) -> Self {
        Self { error: Some(error), ..Self::of(input) }
    }
}

/// One stay in a state, over all its retries.
struct Visit {
    state: Arc<State>,
    input: Arc<Value>,
    entered: Timestamp,
    entered_event: u64,
    /// The event before that.
    before_entry: u64,
    /// Retries so far by retrier, as far as any was used.
    retries: Vec<u32>,
    token: Option<String>,
}

impl Visit {
    /// Counts a retry.
    fn retried(&mut self, retrier: usize) {
        if self.retries.len() <= retrier {
            self.retries.resize(retrier + 1, 0);
        }
        if let Some(count) = self.retries.get_mut(retrier) {
            *count += 1;
        }
    }
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
            threads: Threads::default(),
            ready: VecDeque::new(),
            timers: BTreeSet::new(),
            tasks: BTreeMap::new(),
            next_task: 1,
            tokens: HashMap::new(),
            history: Vec::new(),
            keeps_history: true,
            recorded: 0,
            history_full: false,
            effects: Vec::new(),
            outcome: None,
        };
        let details = || Details { input: Some(Arc::clone(&input)), ..Details::default() };
        execution.record_after(0, EventType::ExecutionStarted, details);
        // AWS lets the first state follow nothing.
        execution.spawn(
            Start { parent: None, workflow, variables: Arc::default(), map_item: None, run: None, last_event: 0 },
            input,
        );
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

    /// What happened so far, unless it is forgotten.
    #[must_use]
    pub fn history(&self) -> &[HistoryEvent] {
        &self.history
    }

    /// Drops the events so far and keeps none from now on, for a driver that reads none: they are most of what a long
    /// execution holds. Numbers and the limit of [`MAX_EVENTS`] go on counting.
    pub fn forget_history(&mut self) {
        self.history = Vec::new();
        self.keeps_history = false;
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
                (Some((due, _)), deadline) if deadline.is_none_or(|deadline| due < deadline) => {
                    let all = self.timers.range((due, ThreadId(0))..=(due, ThreadId(usize::MAX)));
                    let all: Vec<ThreadId> = all.map(|(_, thread)| *thread).collect();
                    // Tasks whose time is up together are all recorded before the first failure has effects.
                    for thread in &all {
                        self.task_due(*thread);
                    }
                    for thread in all {
                        if self.timers.remove(&(due, thread)) {
                            self.woken(thread);
                        }
                    }
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
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.wake = None;
        match &thread.activity {
            Activity::Wait => self.wait_over(id),
            Activity::Backoff => self.attempt(id),
            Activity::Task(_) => self.task_timed_out(id),
            Activity::Idle | Activity::Join(_) => {}
        }
    }

    fn set_wake(&mut self, id: ThreadId, wake: Option<Timestamp>) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if let Some(old) = std::mem::replace(&mut thread.wake, wake) {
            self.timers.remove(&(old, id));
        }
        if let Some(due) = wake {
            self.timers.insert((due, id));
        }
    }

    /// Appends an event to a thread's chain and returns its id.
    fn record(&mut self, id: ThreadId, kind: EventType, details: Details) -> u64 {
        self.record_with(id, kind, || details)
    }

    /// The same, where what the event tells is only put together if the event is kept.
    fn record_with(&mut self, id: ThreadId, kind: EventType, details: impl FnOnce() -> Details) -> u64 {
        if self.threads.get(id).is_some_and(|thread| thread.run.is_some()) {
            return 0;
        }
        let previous = self.threads.get(id).map_or(0, |thread| thread.last_event);
        let event = self.record_after(previous, kind, details);
        if let Some(thread) = self.threads.get_mut(id) {
            thread.last_event = event;
        }
        event
    }

    /// Appends an event that follows another than the thread's last one, unless a child execution keeps it.
    fn record_after_in(&mut self, id: ThreadId, previous: u64, kind: EventType) {
        if self.threads.get(id).is_some_and(|thread| thread.run.is_none()) && previous > 0 {
            self.record_after(previous, kind, Details::default);
        }
    }

    fn record_after(&mut self, previous_event_id: u64, kind: EventType, details: impl FnOnce() -> Details) -> u64 {
        // The last place is kept for the event that ends the execution.
        let ends = matches!(
            kind,
            EventType::ExecutionSucceeded
                | EventType::ExecutionFailed
                | EventType::ExecutionTimedOut
                | EventType::ExecutionAborted
        );
        if self.recorded + 1 >= MAX_EVENTS && !ends {
            self.history_full = true;
            return previous_event_id;
        }
        self.recorded += 1;
        let id = self.recorded as u64;
        if self.keeps_history {
            let details = details();
            self.history.push(HistoryEvent { id, previous_event_id, timestamp: self.now, kind, details });
        }
        id
    }

    fn spawn(&mut self, start: Start, input: Arc<Value>) -> ThreadId {
        let Start { parent, workflow, variables, map_item, run, last_event } = start;
        let start_at = Arc::clone(&workflow.start_at);
        let thread = Thread {
            parent,
            workflow,
            variables,
            map_item,
            run,
            last_event,
            visit: None,
            activity: Activity::Idle,
            wake: None,
            within_limits: None,
        };
        let id = self.threads.add(thread);
        self.ready.push_back((id, start_at, input));
        id
    }

    /// Ends everything: open tasks are cancelled and nothing is stepped any more.
    fn finish(&mut self, outcome: Outcome) {
        let previous = self.recorded as u64;
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
        self.record_after(previous, kind, || details);
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
        scope: Scope<'_>,
        evaluate: impl FnOnce(&mut Env<'_>) -> Result<T, Trouble>,
    ) -> Result<T, Failure> {
        let Some(thread) = self.threads.get(id) else { return Err(Failure::internal("the thread is gone")) };
        let Some(visit) = &thread.visit else { return Err(Failure::internal("no state was entered")) };
        let retries = visit.state.kind.handling().map(|_| visit.retries.iter().sum());
        let mut env = Env {
            input: scope.input,
            context: ContextView {
                execution: &self.context,
                input: thread.run.as_ref().map_or(&self.input, |run| &run.input),
                state: &visit.state.name,
                entered: visit.entered,
                retry_count: retries,
                token: visit.token.as_deref(),
                map_item: scope.item.or(thread.map_item.as_ref()),
            },
            states: States { input: &visit.input, result: scope.result, error: scope.error },
            variables: &thread.variables,
            random: self.random.as_mut(),
            now: self.now,
        };
        evaluate(&mut env).map_err(|trouble| Failure::computing(visit, trouble))
    }

    /// The first thread of the child execution that a thread belongs to.
    fn run_of(&self, id: ThreadId) -> Option<ThreadId> {
        self.threads.get(id)?.run.as_ref().map(|run| run.thread)
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
