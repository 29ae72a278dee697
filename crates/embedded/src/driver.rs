//! Drives one execution of a definition: carries out its effects, tells it what happened and when.

use crate::integrations::{Answer, Integrations};
use jiff::Timestamp;
use maestro_asl::{Definition, Effect, Event, Execution, ExecutionContext, Outcome, SeededRandom, TaskId};
use maestro_ports::Clock;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
    time::Instant,
};

/// What a task has to say to its execution.
pub(crate) enum Word {
    /// It was accepted; the answer comes later.
    Submitted(TaskId),
    /// It ended.
    Ended(TaskId, Answer),
}

/// Why an execution is stopped from outside.
pub(crate) const ABORTED: &str = "Maestro.Cancelled";

/// Runs a definition to its end. Dropping the future stops everything that it started.
pub(crate) async fn drive(
    integrations: Arc<Integrations>,
    machine: &str,
    definition: Arc<Definition>,
    name: &str,
    input: Value,
) -> Outcome {
    let time = Steady::begin(&*integrations.platform.clock);
    let now = time.now();
    let context = ExecutionContext {
        execution_id: format!("arn:aws:states:local:000000000000:execution:{machine}:{name}"),
        execution_name: name.to_owned(),
        role_arn: "arn:aws:iam::000000000000:role/local".to_owned(),
        start_time: now,
        state_machine_id: format!("arn:aws:states:local:000000000000:stateMachine:{machine}"),
        state_machine_name: machine.to_owned(),
    };
    // Tokens need to be unique in this process only; the name and the time make the seed differ between executions.
    let seed =
        name.bytes().fold(now.as_nanosecond() as u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    let (mut execution, mut effects) =
        Execution::start(definition, input, context, now, Box::new(SeededRandom::new(seed)));
    let (speak, mut words) = mpsc::unbounded_channel::<Word>();
    let mut running = JoinSet::new();
    let mut handles: BTreeMap<TaskId, AbortHandle> = BTreeMap::new();
    loop {
        for effect in effects {
            match effect {
                Effect::StartTask(task) => {
                    let (integrations, speak, name) = (Arc::clone(&integrations), speak.clone(), name.to_owned());
                    let id = task.task_id;
                    let handle = running.spawn(async move {
                        if task.resource.waits_for_token() {
                            // Without a listener the execution is over, and nobody needs the word.
                            let _over = speak.send(Word::Submitted(id));
                        }
                        let answer = integrations.carry_out(*task, &name).await;
                        let _over = speak.send(Word::Ended(id, answer));
                    });
                    handles.insert(id, handle);
                }
                Effect::CancelTask { task_id } => {
                    if let Some(handle) = handles.remove(&task_id) {
                        handle.abort();
                    }
                }
                Effect::Finished(outcome) => return outcome,
            }
        }
        let wait = execution.next_deadline().map(|at| until(at, time.now()));
        let event = tokio::select! {
            word = words.recv() => match word {
                Some(Word::Submitted(task_id)) => Event::TaskSubmitted { task_id },
                Some(Word::Ended(task_id, answer)) => {
                    handles.remove(&task_id);
                    match answer {
                        Ok(output) => Event::TaskSucceeded { task_id, output },
                        Err((error, cause)) => Event::TaskFailed { task_id, error: Some(error), cause: Some(cause) },
                    }
                }
                // This function holds a sender itself, so the channel never closes before it returns.
                None => Event::TimePassed,
            },
            () = pause(wait) => Event::TimePassed,
            Some(joined) = running.join_next() => match joined {
                // A worker that panicked says nothing more; its task must not wait for its timeout.
                Err(error) if error.is_panic() => {
                    let task = handles.iter().find(|(_, handle)| handle.id() == error.id()).map(|(task_id, _)| *task_id);
                    task.map_or(Event::TimePassed, |task_id| Event::TaskFailed {
                        task_id,
                        error: Some("Lambda.Unknown".to_owned()),
                        cause: Some("the worker panicked; this is a defect of maestro".to_owned()),
                    })
                }
                Ok(()) | Err(_) => Event::TimePassed,
            },
        };
        // An answer that comes too late changed nothing; the machine has gone on already.
        effects = execution.handle(time.now(), event).unwrap_or_default();
    }
}

/// The time of one execution: the wall clock when it began, and what has passed since. Somebody may put the clock, and a machine
/// may sleep; neither is a task's fault.
struct Steady {
    begun: Timestamp,
    since: Instant,
}

impl Steady {
    fn begin(clock: &dyn Clock) -> Self {
        Self { begun: timestamp(clock), since: Instant::now() }
    }

    fn now(&self) -> Timestamp {
        self.begun.checked_add(self.since.elapsed()).unwrap_or(Timestamp::MAX)
    }
}

async fn pause(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
}

fn timestamp(clock: &dyn Clock) -> Timestamp {
    i64::try_from(clock.now_ms()).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or(Timestamp::MAX)
}
