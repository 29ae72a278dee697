//! Runs a definition against mocks in virtual time: a year's wait takes no time at all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::engine::{Effect, Event, Execution, Outcome, StartTask, TaskId};
use crate::mocks::{Answer, Mocks, Reply};
use crate::random::SeededRandom;
use crate::resource::Pattern;
use crate::time;
use crate::{Definition, Error, ExecutionContext, HistoryEvent};

/// What a simulation assumes of its surroundings.
#[derive(Debug, Clone)]
pub struct SimulationOptions {
    /// The context object; its start time is when the virtual clock starts.
    pub context: ExecutionContext,
    /// Seed of tokens, jitter and random intrinsics.
    pub seed: u64,
}

impl Default for SimulationOptions {
    fn default() -> Self {
        let context = ExecutionContext {
            execution_id: "arn:aws:states:us-east-1:111111111111:execution:simulation:simulated".into(),
            execution_name: "simulated".into(),
            role_arn: "arn:aws:iam::111111111111:role/simulation".into(),
            start_time: Timestamp::UNIX_EPOCH,
            state_machine_id: "arn:aws:states:us-east-1:111111111111:stateMachine:simulation".into(),
            state_machine_name: "simulation".into(),
        };
        // 2024-01-01T00:00:00Z: a fixed day, so that runs are the same, and a plausible one.
        let start_time = Timestamp::from_second(1_704_067_200).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { context: ExecutionContext { start_time, ..context }, seed: 0 }
    }
}

/// How an execution ended, as AWS names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// It reached its end.
    Succeeded,
    /// An error was not handled.
    Failed,
    /// The machine's `TimeoutSeconds` ran out.
    TimedOut,
    /// Someone stopped it.
    Aborted,
}

/// The end of a simulation.
#[derive(Debug, Clone, Serialize)]
pub struct Simulated {
    /// How it ended.
    pub status: Status,
    /// The output, if it succeeded.
    pub output: Option<Value>,
    /// The error's name.
    pub error: Option<String>,
    /// The error's cause.
    pub cause: Option<String>,
    /// What happened.
    pub history: Vec<HistoryEvent>,
}

/// Runs `definition` to its end.
///
/// # Errors
/// When a task has no mock, a mock has no task, or nothing can happen any more.
pub fn simulate(
    definition: Arc<Definition>,
    input: Value,
    mocks: &Mocks,
    options: &SimulationOptions,
) -> Result<Simulated, Error> {
    mocks.check(&definition)?;
    let start = options.context.start_time;
    let random = Box::new(SeededRandom::new(options.seed));
    let (execution, effects) = Execution::start(definition, input, options.context.clone(), start, random);
    let mut run = Run {
        mocks,
        execution,
        now: start,
        agenda: BTreeMap::new(),
        planned: 0,
        cancelled: HashSet::new(),
        attempts: HashMap::new(),
        waiting: String::new(),
    };
    let outcome = run.drive(effects)?;
    let history = run.execution.history().to_vec();
    let (status, output, error, cause) = match outcome {
        Outcome::Succeeded { output } => (Status::Succeeded, Some(output), None, None),
        Outcome::Failed { error, cause } => (Status::Failed, None, error, cause),
        Outcome::TimedOut { error, cause } => (Status::TimedOut, None, error, cause),
        Outcome::Aborted { error, cause } => (Status::Aborted, None, error, cause),
    };
    Ok(Simulated { status, output, error, cause, history })
}

struct Run<'a> {
    mocks: &'a Mocks,
    execution: Execution,
    now: Timestamp,
    /// What tasks will do and when; events of one instant in the order in which they were planned.
    agenda: BTreeMap<(Timestamp, u64), (TaskId, Planned)>,
    planned: u64,
    /// Tasks whose plans are void.
    cancelled: HashSet<TaskId>,
    attempts: HashMap<String, usize>,
    /// A task that never answers, to name it if nothing else happens either.
    waiting: String,
}

enum Planned {
    Submit,
    Answer(Reply),
    /// A heartbeat, the interval to the next, and when the answer comes.
    Heartbeat(f64, Timestamp),
}

impl Run<'_> {
    fn drive(&mut self, effects: Vec<Effect>) -> Result<Outcome, Error> {
        let mut effects = effects;
        loop {
            for effect in effects {
                match effect {
                    Effect::StartTask(task) => self.plan(&task)?,
                    Effect::CancelTask { task_id } => {
                        self.cancelled.insert(task_id);
                    }
                    Effect::Finished(outcome) => return Ok(outcome),
                }
            }
            while self.agenda.first_key_value().is_some_and(|(_, (task_id, _))| self.cancelled.contains(task_id)) {
                self.agenda.pop_first();
            }
            let next_answer = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let deadline = self.execution.next_deadline();
            // At the same instant the answer comes before the timeout.
            let answers_first = match (next_answer, deadline) {
                (Some(answer), Some(deadline)) => answer <= deadline,
                (answer, _) => answer.is_some(),
            };
            effects = if answers_first {
                self.answer()
            } else if let Some(deadline) = deadline {
                self.now = self.now.max(deadline);
                self.tell(Event::TimePassed)
            } else {
                return Err(Error::Stalled { state: std::mem::take(&mut self.waiting) });
            };
        }
    }

    fn tell(&mut self, event: Event) -> Vec<Effect> {
        // A late answer is planned only for tasks that are open, so an error here just means the race was lost.
        self.execution.handle(self.now, event).unwrap_or_default()
    }

    fn plan(&mut self, task: &StartTask) -> Result<(), Error> {
        let attempt = self.attempts.entry(task.state.to_string()).or_default();
        let answer = self.mocks.answer(&task.state, *attempt);
        *attempt += 1;
        let Some(answer) = answer.cloned() else {
            return Err(Error::MissingMock { state: task.state.to_string() });
        };
        if accepted(task, &answer) {
            self.schedule(self.now, task.task_id, Planned::Submit);
        }
        let at = time::after(self.now, answer.delay_seconds);
        let ends = !runs_into_timeout(task, &answer);
        if let Some(interval) = answer.heartbeat_seconds {
            let until = if ends { at } else { Timestamp::MAX };
            self.beat(task.task_id, interval, until);
        }
        if ends {
            self.schedule(at, task.task_id, Planned::Answer(answer.result));
        } else {
            self.waiting = task.state.to_string();
        }
        Ok(())
    }

    fn schedule(&mut self, at: Timestamp, task_id: TaskId, planned: Planned) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), (task_id, planned));
    }

    fn beat(&mut self, task_id: TaskId, interval: f64, until: Timestamp) {
        let at = time::after(self.now, interval);
        if at < until {
            self.schedule(at, task_id, Planned::Heartbeat(interval, until));
        }
    }

    fn answer(&mut self) -> Vec<Effect> {
        let Some(((at, _), (task_id, planned))) = self.agenda.pop_first() else { return Vec::new() };
        self.now = self.now.max(at);
        match planned {
            Planned::Submit => self.tell(Event::TaskSubmitted { task_id }),
            Planned::Answer(Reply::Output(output)) => self.tell(Event::TaskSucceeded { task_id, output }),
            Planned::Answer(Reply::Error(error, cause)) => self.tell(Event::TaskFailed { task_id, error, cause }),
            Planned::Answer(Reply::Never) => Vec::new(),
            Planned::Heartbeat(interval, until) => {
                let effects = self.tell(Event::TaskHeartbeat { task_id });
                self.beat(task_id, interval, until);
                effects
            }
        }
    }
}

/// A mocked timeout of a task with a limit is the real thing: no answer until the limit.
fn runs_into_timeout(task: &StartTask, answer: &Answer) -> bool {
    match &answer.result {
        Reply::Never => true,
        Reply::Error(error, None) => match error.as_deref() {
            Some("States.Timeout") => task.timeout_seconds.is_some() || task.heartbeat_seconds.is_some(),
            Some("States.HeartbeatTimeout") => task.heartbeat_seconds.is_some(),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a job or token request is accepted. An error that a service reports (`SQS.QueueDoesNotExist`) comes
/// from the request itself; one that a token holder or a job reports has no such prefix.
fn accepted(task: &StartTask, answer: &Answer) -> bool {
    if task.resource.pattern == Pattern::RequestResponse {
        return false;
    }
    answer.submitted.unwrap_or_else(|| match &answer.result {
        Reply::Error(Some(error), _) => error.split_once('.').is_none_or(|(service, _)| service == "States"),
        _ => true,
    })
}
