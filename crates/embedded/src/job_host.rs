//! Runs the referee's jobs in this process, a few at once, and lets go on who waits for them.

use crate::queues::Queues;
use async_trait::async_trait;
use maestro_domain::{ContentHash, FailureKind, JobReport, RunId, job::JobOutcome};
use maestro_ports::{JobDispatcher, Referee, work};
use maestro_sdlc::{Failure, Platform, run_job, settle_job};
use std::sync::Arc;
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
};

/// Jobs that run at once; each may use all of a machine's memory that is allowed to one.
const AT_ONCE: usize = 2;
/// Open jobs that are read at once when a run goes on.
const PAGE: usize = 100;

/// Where jobs are asked for.
pub(crate) struct JobQueue(mpsc::UnboundedSender<ContentHash>);

/// Jobs that were asked for.
pub(crate) type AskedJobs = mpsc::UnboundedReceiver<ContentHash>;

/// Both ends of a queue of jobs of one run.
pub(crate) fn queue() -> (JobQueue, AskedJobs) {
    let (ask, asked) = mpsc::unbounded_channel();
    (JobQueue(ask), asked)
}

#[async_trait]
impl JobDispatcher for JobQueue {
    async fn dispatch(&self, _: &RunId, job: &ContentHash) -> Result<(), work::Error> {
        let over = |_| work::Error { action: "ask for a job", reason: "the execution is over".to_owned() };
        self.0.send(job.clone()).map_err(over)
    }
}

/// Runs jobs.
pub(crate) struct JobHost {
    pub(crate) platform: Platform,
    pub(crate) referee: Arc<dyn Referee>,
    pub(crate) queues: Arc<Queues>,
}

impl JobHost {
    /// Runs the jobs of a run for as long as it is polled; first those that a process before this one did not end.
    /// Dropping it stops all of them. Comes back only when it cannot go on.
    pub(crate) async fn serve(self, run: &RunId, mut asked: AskedJobs) -> Failure {
        let (this, places) = (Arc::new(self), Arc::new(Semaphore::new(AT_ONCE)));
        let mut running: JoinSet<Result<(), Failure>> = JoinSet::new();
        let start = |running: &mut JoinSet<_>, job: ContentHash| {
            let (this, places, run) = (Arc::clone(&this), Arc::clone(&places), run.clone());
            running.spawn(async move {
                let _place = places.acquire().await;
                this.one(&run, &job).await
            });
        };
        match this.left(run).await {
            Ok(jobs) => jobs.into_iter().for_each(|job| start(&mut running, job)),
            Err(failure) => return failure,
        }
        loop {
            tokio::select! {
                Some(job) = asked.recv() => start(&mut running, job),
                Some(ended) = running.join_next() => match ended {
                    Ok(Ok(())) => {}
                    Ok(Err(failure)) => return failure,
                    Err(error) => return Failure::from_error(FailureKind::Referee, &error),
                },
                else => std::future::pending().await,
            }
        }
    }

    /// Jobs that were asked for, and those whose waiters may not have been told.
    async fn left(&self, run: &RunId) -> Result<Vec<ContentHash>, Failure> {
        let mut left = Vec::new();
        let mut last = None;
        loop {
            let page = self.platform.store.open_jobs(Some(run), last.as_ref(), PAGE).await?;
            left.extend(page.iter().map(|open| open.job.clone()));
            match page.into_iter().next_back() {
                Some(open) => last = Some(open),
                None => return Ok(left),
            }
        }
    }

    async fn one(&self, run: &RunId, job: &ContentHash) -> Result<(), Failure> {
        let store = &self.platform.store;
        let Some(row) = store.job(run, job).await? else { return Ok(()) };
        let outcome = match row.state {
            // Its waiters were those of a process that is gone; whoever needs it finds the evidence.
            _ if !row.open() => return Ok(store.close_job(run, job).await?),
            _ => {
                let _busy = self.platform.meter.busy();
                run_job(store.blobs(), &*self.referee, store.tenant(), run, job).await
            }
        };
        let report = outcome.unwrap_or_else(|error| JobReport {
            job: row.job,
            action: row.action,
            limits: row.limits,
            outcome: JobOutcome::Failed(Failure::from_error(FailureKind::Referee, &error).cause),
            printed: None,
        });
        settle_job(&self.platform, &*self.queues, run, &report).await.map(drop)
    }
}
