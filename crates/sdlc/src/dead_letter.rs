//! Messages that no worker finished with, however often they were delivered.
//!
//! Whoever waits for the task is answered that it failed, by name; what becomes of the run is then decided as for any
//! failed task. A message that belongs to nobody's run is kept.

use crate::{Failure, Platform};
use maestro_domain::{Event, FailureKind, PersonaId, Phase, RunId, TaskId, task::TaskState};
use maestro_store::DeadLetter;
use serde::Deserialize;

/// A message as it lay among the dead letters.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The queue that it was in.
    pub queue: String,
    /// Its id there.
    pub message: String,
    /// How often it was delivered.
    pub receives: u64,
    /// What it says.
    pub body: String,
}

/// What to tell who waits for the task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The token of the wait.
    pub token: String,
    /// How the task ended.
    pub failure: Failure,
}

/// What a worker's message says.
#[derive(Deserialize)]
struct Body {
    task: Task,
    token: String,
}

#[derive(Deserialize)]
struct Task {
    run: RunId,
    phase: Phase,
    /// A phase's verification names none.
    #[serde(default)]
    persona: Option<PersonaId>,
}

/// Writes a dead letter down, in the journal of its run or, where it has none, among those that are nobody's. Answers
/// what to tell who waits. Doing it again writes one more line into the journal and changes nothing else.
///
/// # Errors
/// [`FailureKind::Store`] when it could not be written down; nobody may forget the message then.
pub async fn dead_letter(platform: &Platform, letter: &Letter) -> Result<Option<Answer>, Failure> {
    let Body { task, token } = match serde_json::from_str::<Body>(&letter.body) {
        Ok(body) => body,
        Err(error) => return nobodys(platform, letter, format!("it is no task: {error}")).await,
    };
    match platform.store.run(&task.run).await {
        Ok(_) => {}
        Err(error @ maestro_store::Error::NoRun { .. }) => {
            return nobodys(platform, letter, error.to_string()).await;
        }
        Err(error) => return Err(error.into()),
    }
    let cause = format!(
        "the message `{}` of the queue `{}` was given up after {} deliveries; {}",
        letter.message,
        letter.queue,
        letter.receives,
        last_words(platform, &task).await?
    );
    platform.emit(
        &task.run,
        Event::DeadLetter {
            queue: letter.queue.clone(),
            message: letter.message.clone(),
            receives: letter.receives,
            cause: cause.clone(),
        },
    );
    Ok(Some(Answer { token, failure: Failure::new(FailureKind::DeadLetter, cause) }))
}

async fn nobodys(platform: &Platform, letter: &Letter, cause: String) -> Result<Option<Answer>, Failure> {
    tracing::warn!(queue = letter.queue, message = letter.message, cause, "a dead letter is nobody's");
    let kept = DeadLetter {
        queue: letter.queue.clone(),
        message: letter.message.clone(),
        receives: letter.receives,
        cause,
        at_ms: platform.clock.now_ms(),
        body: letter.body.clone(),
    };
    platform.store.keep_dead_letter(&kept).await?;
    Ok(None)
}

/// What the task's row knows of the last worker.
async fn last_words(platform: &Platform, task: &Task) -> Result<String, Failure> {
    let id = match task.persona {
        Some(persona) => format!("{}/{persona}", task.phase),
        None => format!("{}/verify", task.phase),
    };
    let id = TaskId::new(id).map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?;
    let rows = platform.store.tasks(&task.run).await?;
    let last = rows.into_iter().filter(|row| row.task == id).max_by_key(|row| row.changed_ms);
    Ok(match last.map(|row| row.state) {
        None => format!("no worker ever claimed the task `{id}`"),
        Some(TaskState::Claimed { .. }) => format!("a worker claimed the task `{id}` and was not heard of again"),
        Some(TaskState::Completed { .. }) => {
            format!("the task `{id}` has a result, which the run finds when it goes on")
        }
        Some(TaskState::Open { failure: Some((kind, message)) }) => {
            format!("the task `{id}` last failed with {kind}: {message}")
        }
        Some(TaskState::Open { failure: None }) => format!("the last claim of the task `{id}` was taken away"),
    })
}
