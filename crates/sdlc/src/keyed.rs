//! Keyed work: claim before work, one result per (run, task, input), stored together with all it hands over.

use crate::{Failure, Platform, jobs::Wanted};
use maestro_domain::{
    ContentHash, Event, FailureKind, RunId, TaskId,
    task::{Claim, TaskRow},
};
use maestro_ports::model::Usage;
use maestro_store::Records;
use serde_json::Value;

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

/// Why work gives no result now.
pub(crate) enum Halt {
    /// It failed.
    Failed(Failure),
    /// It cannot go on before these jobs were run.
    Waits(Wanted),
}

impl<T: Into<Failure>> From<T> for Halt {
    fn from(failure: T) -> Self {
        Self::Failed(failure.into())
    }
}

/// A claimed task, for who works on it.
#[derive(Clone)]
pub(crate) struct Claimed {
    /// Which.
    pub(crate) task: TaskId,
    /// What it works from.
    pub(crate) input: ContentHash,
    /// Whether somebody began before, and may have left turns that were paid for.
    pub(crate) begun: bool,
}

/// Answers the stored result of a key, or claims it, does the work and stores the result. Work that needs the referee is
/// given back; it is begun again when the evidence is there.
pub(crate) async fn keyed<F>(
    platform: &Platform,
    run: &RunId,
    task: &str,
    input: &Value,
    work: impl Fn(Claimed) -> F + Send,
) -> Result<Value, Failure>
where
    F: Future<Output = Result<Done, Halt>> + Send,
{
    let task = TaskId::new(task).map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?;
    let input = ContentHash::of_json(input);
    let store = &platform.store;
    loop {
        let (row, begun) = match store.claim(run, &task, &input, platform.clock.now_ms(), platform.lease_ms()).await? {
            Claim::Done { result } => {
                let result = store.result(run, &result).await?;
                platform.emit(run, Event::TaskFinished { task, reused: true, tokens: 0, cost_micro_usd: 0 });
                return Ok(result);
            }
            Claim::Held { lease_until_ms } => {
                let held = Failure::new(FailureKind::LeaseHeld, format!("another worker holds the task `{task}`"));
                return Err(Failure { until_ms: Some(lease_until_ms), ..held });
            }
            Claim::Work { row, begun, .. } => (row, begun),
        };
        platform.emit(run, Event::TaskStarted { task: task.clone(), input: input.short().to_owned() });
        let claimed = Claimed { task: task.clone(), input: input.clone(), begun };
        let worked = tokio::select! {
            worked = work(claimed) => worked,
            () = platform.time_up() => {
                give_back(platform, run, &row, Event::TaskSuspended { task: task.clone() }).await?;
                let cause = format!("the time for the task `{task}` was up");
                return Err(Failure::new(FailureKind::HandedOn, cause));
            }
        };
        let done = match worked {
            Ok(mut done) => {
                done.records.made_by = platform.caller.as_ref().map(|caller| caller.made_by.clone());
                let stored = store.complete(run, &row, &done.result, done.records, platform.clock.now_ms()).await;
                stored.map(|_| (done.result, done.usage)).map_err(Failure::from)
            }
            Err(Halt::Waits(wanted)) => {
                // Given back first: who goes on may come at once, and must not meet this claim.
                give_back(platform, run, &row, Event::TaskWaits { task: task.clone() }).await?;
                if platform.ask(run, wanted).await? {
                    let cause = format!("the task `{task}` waits for the referee");
                    return Err(Failure::new(FailureKind::Suspended, cause));
                }
                continue;
            }
            Err(Halt::Failed(failure)) if failure.kind == FailureKind::HandedOn => {
                give_back(platform, run, &row, Event::TaskSuspended { task }).await?;
                return Err(failure);
            }
            Err(Halt::Failed(failure)) => Err(failure),
        };
        return match done {
            Ok((result, usage)) => {
                let tokens = usage.tokens();
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
        };
    }
}

/// Gives a claimed task back, so that another call can go on with it at once.
async fn give_back(platform: &Platform, run: &RunId, row: &TaskRow, event: Event) -> Result<(), Failure> {
    platform.store.release(run, row, None, platform.clock.now_ms()).await?;
    platform.emit(run, event);
    Ok(())
}
