//! Jobs of the referee: asked for by tasks that may not wait for them, run by a host that knows no run, settled by who
//! hears of it. The same on every engine.

use crate::{Failure, Platform};
use async_trait::async_trait;
use maestro_domain::{
    ContentHash, Event, Evidence, FailureKind, JobReport, JobRow, JobSpec, JobState, RunId, TenantId, TestOutcome,
    Waiter,
    job::{Action, Asked, JobOutcome, Printed, bounds},
};
use maestro_ports::{Blobs, Jobs, Queue, Referee, blobs, referee::Job};
use maestro_store::{Store, jobs::Reported, workspace};
use std::collections::BTreeMap;

/// Jobs that a task cannot go on without. All of them look at the same files.
pub(crate) struct Wanted {
    /// What they are about.
    pub(crate) specs: Vec<JobSpec>,
    /// Their workspace.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Whether each file is stored by itself already.
    pub(crate) apart: bool,
}

/// What is known of a run's jobs, for one message.
pub(crate) struct JobsOf {
    store: Store,
    run: RunId,
    waiter: Option<Waiter>,
}

impl JobsOf {
    /// The evidence of a job, if it was run.
    pub(crate) async fn known(&self, job: &ContentHash) -> Result<Option<Evidence>, Failure> {
        let Some(row) = self.store.job(&self.run, job).await? else { return Ok(None) };
        match row.state {
            JobState::Done { ref evidence } => Ok(Some(Evidence::clone(evidence))),
            JobState::Failed { ref cause } if self.waiter.as_ref().is_some_and(|waiter| row.waits(waiter)) => {
                Err(Failure::new(FailureKind::Referee, cause.clone()))
            }
            JobState::Failed { .. } | JobState::Requested { .. } => Ok(None),
        }
    }
}

#[async_trait]
impl Jobs for JobsOf {
    async fn evidence(&self, job: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.known(&job.spec().id()).await?)
    }
}

impl Platform {
    pub(crate) fn jobs_of(&self, run: &RunId) -> JobsOf {
        JobsOf { store: self.store.clone(), run: run.clone(), waiter: self.waiter.clone() }
    }

    /// Asks for jobs, and says whether there is something to wait for: they may have been run meanwhile. Rows are
    /// committed before anybody is asked, so that what is lost afterwards is found.
    pub(crate) async fn ask(&self, run: &RunId, wanted: Wanted) -> Result<bool, Failure> {
        let Wanted { specs, files, apart } = wanted;
        let Some(waiter) = &self.waiter else {
            return Err(Failure::new(
                FailureKind::Referee,
                "nobody could go on with the task: it came with no message",
            ));
        };
        let waiter = Waiter { jobs: specs.iter().map(JobSpec::id).collect(), ..waiter.clone() };
        let workspace = ContentHash::of_parts(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
        self.store.put_workspace(run, &files, apart).await?;
        if let Some(spec) = specs.iter().find(|spec| !spec.in_bounds()) {
            let (asked, most) = (spec.limits.wall_ms / 1_000, bounds::LONGEST_S);
            let cause = format!("the job `{}` asks for {asked} seconds, and a host has {most} for one", spec.name);
            return Err(Failure::new(FailureKind::Referee, cause));
        }
        let (mut waits, mut new) = (false, Vec::new());
        for spec in &specs {
            self.store.put_blob(run, spec.document().as_bytes()).await?;
            match self.store.ask_job(run, spec, &workspace, &waiter, self.clock.now_ms()).await? {
                Asked::Done(_) | Asked::Failed(_) => continue,
                Asked::Waits | Asked::Write { dispatch: false, .. } => {}
                Asked::Write { row, dispatch: true } => new.push(row.job),
            }
            waits = true;
        }
        for job in new {
            let asked = self.jobs.dispatch(run, &job).await;
            asked.map_err(|error| Failure::from_error(FailureKind::Store, &error))?;
        }
        Ok(waits)
    }
}

/// Runs a stored job. Needs its blobs and a sandbox, and nothing else of a run.
///
/// # Errors
/// When the job or its files cannot be read; trying again may help.
pub async fn run_job(
    blobs: &dyn Blobs,
    referee: &dyn Referee,
    tenant: &TenantId,
    run: &RunId,
    job: &ContentHash,
) -> Result<JobReport, blobs::Error> {
    let document = blobs.get(tenant, run, job).await?;
    let spec: JobSpec = serde_json::from_slice(&document).map_err(|source| blobs::Error::Io {
        action: format!("read the job {}", job.short()),
        source: source.into(),
    })?;
    let workspace = workspace::read(blobs, tenant, run, &spec.files).await?;
    let JobSpec { name, action, env, limits, .. } = spec;
    let asked = Job { name, workspace, action: action.clone(), env, limits: limits.clone() };
    let mut printed = None;
    let outcome = match referee.run(asked).await {
        Ok(outcome) => {
            if matches!(action, Action::Script { .. }) {
                printed = Some(Printed::of(&outcome.stdout, &outcome.stderr));
            }
            JobOutcome::Evidence(outcome.evidence.into())
        }
        Err(error) => JobOutcome::Failed(Failure::from_error(FailureKind::Referee, &error).cause),
    };
    Ok(JobReport { job: job.clone(), action, limits, outcome, printed })
}

/// Takes a report about a job and lets everybody go on who waits for nothing else. Says whether it was taken; one that is
/// not about the job as it stands is written down and changes nothing. Doing it again is harmless.
///
/// # Errors
/// A failure of the store or of the queue; then it must be done again.
pub async fn settle_job(
    platform: &Platform,
    queue: &dyn Queue,
    run: &RunId,
    report: &JobReport,
) -> Result<bool, Failure> {
    let cause = match platform.store.report_job(run, report).await? {
        Reported::Taken { row, news } => {
            // A script is no evidence of an epic, and its run has no journal.
            let script = matches!(row.action, Action::Script { .. });
            if let (JobState::Done { evidence }, true, false) = (&row.state, news, script) {
                platform.emit(run, finished(evidence));
            }
            tell(platform, queue, run, &row).await?;
            return Ok(true);
        }
        Reported::Refused(refused) => refused.to_string(),
        Reported::Unknown => "nobody asked for the job".to_owned(),
    };
    refuse_report(platform, run, &report.job, cause).await?;
    Ok(false)
}

/// Writes down that a report was not taken, if there is a run to write it to.
///
/// # Errors
/// A failure of the store.
pub async fn refuse_report(platform: &Platform, run: &RunId, job: &ContentHash, cause: String) -> Result<(), Failure> {
    tracing::warn!(%run, %job, cause, "a report was refused");
    match platform.store.run(run).await {
        Ok(_) => platform.emit(run, Event::ReportRefused { job: job.clone(), cause }),
        Err(maestro_store::Error::NoRun { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn finished(evidence: &Evidence) -> Event {
    let passed = evidence.tests.iter().filter(|test| test.outcome == TestOutcome::Passed).count();
    Event::JobFinished {
        job: evidence.job.clone(),
        success: evidence.success(),
        passed,
        ran: evidence.tests.len(),
        duration_ms: evidence.duration_ms,
    }
}

/// Lets everybody go on who waited for a job that is over. Who waits for more is told by whoever ends the last one: each
/// writes its own end first and looks at the others after that, so the last one sees them all.
pub(crate) async fn tell(platform: &Platform, queue: &dyn Queue, run: &RunId, row: &JobRow) -> Result<(), Failure> {
    for waiter in &row.waiting {
        let mut ready = true;
        for job in waiter.jobs.iter().filter(|job| **job != row.job) {
            ready &= !platform.store.job(run, job).await?.is_some_and(|other| other.open());
        }
        if ready {
            let sent = queue.send(&waiter.queue, &waiter.message).await;
            sent.map_err(|error| Failure::from_error(FailureKind::Store, &error))?;
        }
    }
    Ok(platform.store.close_job(run, &row.job).await?)
}

/// When a job counts as lost.
#[derive(Debug, Clone, Copy)]
pub struct Overdue {
    /// How long nothing may be heard of it.
    pub patience_ms: u64,
    /// How often it is asked for.
    pub most: u32,
}

/// Looks after a job that is listed as open: tells who waits for it where it is over, asks for it again where nothing was
/// heard for too long, and at last lets who waits fail. Doing it again is harmless.
///
/// # Errors
/// A failure of the store, or of whoever is asked or told.
pub async fn sweep_job(
    platform: &Platform,
    queue: &dyn Queue,
    run: &RunId,
    job: &ContentHash,
    overdue: &Overdue,
) -> Result<(), Failure> {
    let Some(row) = platform.store.job(run, job).await? else {
        // Its run was deleted.
        return Ok(platform.store.close_job(run, job).await?);
    };
    if !row.open() {
        return tell(platform, queue, run, &row).await;
    }
    let Some(later) = row.overdue(platform.clock.now_ms(), overdue.patience_ms, overdue.most) else { return Ok(()) };
    if !platform.store.write_job(run, &later, false).await? {
        // Something was heard of it meanwhile.
        return Ok(());
    }
    tracing::warn!(%run, %job, asked = later.open(), "nothing was heard of a job");
    if later.open() {
        let asked = platform.jobs.dispatch(run, job).await;
        return asked.map_err(|error| Failure::from_error(FailureKind::Store, &error));
    }
    tell(platform, queue, run, &later).await
}
