//! Keyed work: claim before work, one result per (run, task, input), stored together with all it hands over.

use crate::{Failure, Platform};
use maestro_domain::{
    ContentHash, Event, FailureKind, RunId, TaskId,
    task::{Claim, TaskRow},
};
use maestro_ports::model::Usage;
use maestro_store::Records;
use serde_json::Value;

/// How long a claim stands without a sign of life. It outlasts the longest job of the referee.
const LEASE_MS: u64 = 15 * 60 * 1000;

/// What work on a task gives.
pub(crate) struct Done {
    /// The result that answers this key from now on.
    pub(crate) result: Value,
    /// What is stored with it, in the same transaction.
    pub(crate) records: Records,
    /// Tokens and price.
    pub(crate) usage: Usage,
}

impl Done {
    /// A result that hands over nothing else and cost nothing.
    pub(crate) fn plain(result: Value) -> Self {
        Self { result, records: Records::default(), usage: Usage::default() }
    }
}

/// Answers the stored result of a key, or claims it, does the work and stores the result.
pub(crate) async fn keyed<F>(
    platform: &Platform,
    run: &RunId,
    task: &str,
    input: &Value,
    work: impl FnOnce() -> F + Send,
) -> Result<Value, Failure>
where
    F: Future<Output = Result<Done, Failure>> + Send,
{
    let task = TaskId::new(task).map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?;
    let input = ContentHash::of_json(input);
    let store = &platform.store;
    let row = match store.claim(run, &task, &input, platform.clock.now_ms(), LEASE_MS).await? {
        Claim::Done { result } => {
            let result = store.result(run, &result).await?;
            platform.emit(run, Event::TaskFinished { task, reused: true, tokens: 0, cost_micro_usd: 0 });
            return Ok(result);
        }
        Claim::Held { lease_until_ms } => {
            let held = Failure::new(FailureKind::LeaseHeld, format!("another worker holds the task `{task}`"));
            return Err(Failure { until_ms: Some(lease_until_ms), ..held });
        }
        Claim::Work { row, .. } => row,
    };
    platform.emit(run, Event::TaskStarted { task: task.clone(), input: input.short().to_owned() });
    let worked = tokio::select! {
        worked = work() => worked,
        () = platform.time_up() => return Err(suspend(platform, run, &row).await?),
    };
    let done = match worked {
        Ok(mut done) => {
            done.records.made_by = platform.caller.as_ref().map(|caller| caller.made_by.clone());
            let stored = store.complete(run, &row, &done.result, done.records, platform.clock.now_ms()).await;
            stored.map(|_| (done.result, done.usage)).map_err(Failure::from)
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok((result, usage)) => {
            let tokens = usage.input_tokens + usage.output_tokens;
            let cost_micro_usd = usage.cost_micro_usd;
            platform.emit(run, Event::TaskFinished { task, reused: false, tokens, cost_micro_usd });
            Ok(result)
        }
        Err(failure) => {
            let told = Some((failure.kind, failure.cause.clone()));
            // The first failure is what counts; a claim that cannot be given back runs out by itself.
            if let Err(error) = store.release(run, &row, told, platform.clock.now_ms()).await {
                tracing::warn!(%task, %error, "the claim could not be given back");
            }
            let (error, cause) = (failure.kind.name().to_owned(), failure.cause.clone());
            platform.emit(run, Event::TaskFailed { task, error, cause });
            Err(failure)
        }
    }
}

/// Gives a claimed task back, so that another call can go on with it at once.
async fn suspend(platform: &Platform, run: &RunId, row: &TaskRow) -> Result<Failure, Failure> {
    platform.store.release(run, row, None, platform.clock.now_ms()).await?;
    platform.emit(run, Event::TaskSuspended { task: row.task.clone() });
    Ok(Failure::new(FailureKind::Suspended, format!("the time for the task `{}` was up", row.task)))
}
