//! Reports about jobs. What comes from who ran untrusted code is data: it counts only where it is about a job that is
//! open, and about that very job.

use crate::{Failed, Host};
use lambda_runtime::LambdaEvent;
use maestro_aws::incoming::{Found, job_of};
use maestro_domain::{
    ContentHash, FailureKind, Isolation, JobReport, RunId, Spending,
    job::{
        JobOutcome,
        bounds::{MOST, PATIENCE_S},
    },
};
use maestro_sdlc::{Failure, Overdue, refuse_report, settle_job, sweep_job};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What an object below `incoming/` holds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) report: JobReport,
    /// What running it used, where a function ran it.
    pub(crate) spending: Option<Spending>,
}

/// What S3 tells of an object.
#[derive(Deserialize)]
struct Created {
    detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    key: String,
}

/// Open jobs read at once.
const PAGE: usize = 100;

/// What a sweep is told. An operator may hurry it.
#[derive(Deserialize)]
struct Sweep {
    #[serde(default)]
    patience_s: Option<u64>,
}

/// Takes the report that an object holds. Doing it again is harmless.
///
/// # Errors
/// [`Failed`] where the event cannot be read, or a service refuses; Lambda tries twice more then, and later a sweep does.
pub async fn report(host: &Host, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    let bill = host.open_bill();
    let created = Created::deserialize(&event.payload);
    let key = created.map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?.detail.object.key;
    let Some((_, run, job)) = job_of(&key).filter(|(tenant, ..)| tenant == host.platform().store.tenant()) else {
        tracing::warn!(key, "an object is about no job");
        return Ok(json!({"taken": false}));
    };
    let taken = take(host, &run, &job).await;
    host.flush().await;
    host.close_bill(bill, Some(run), matches!(taken, Ok(true)), &event.context).await;
    Ok(json!({"taken": taken?}))
}

/// Reads, checks and settles what is there of a job.
async fn take(host: &Host, run: &RunId, job: &ContentHash) -> Result<bool, Failure> {
    let platform = host.platform();
    let found = host.incoming().get(platform.store.tenant(), run, job).await;
    let document = match found.map_err(|error| Failure::from_error(FailureKind::Store, &error))? {
        Found::Nothing => return Ok(false),
        Found::TooMuch => Err("it is too long".to_owned()),
        Found::Bytes(bytes) => read(&bytes, job),
    };
    let document = match document {
        Ok(document) => document,
        Err(why) => {
            refuse_report(platform, run, job, why).await?;
            return Ok(false);
        }
    };
    let taken = settle_job(platform, host.queue(), run, &document.report).await?;
    if let (true, Some(spending)) = (taken, &document.spending) {
        // No run fails because nobody knows its price.
        if let Err(error) = platform.store.record_spending(run, spending).await {
            tracing::warn!(%run, %error, "what the job used was not written down");
        }
    }
    Ok(taken)
}

/// A report about this job, made in a sandbox.
fn read(bytes: &[u8], job: &ContentHash) -> Result<Document, String> {
    let document: Document = serde_json::from_slice(bytes).map_err(|error| format!("it is no report: {error}"))?;
    if document.report.job != *job {
        return Err("it is about another job than its name says".to_owned());
    }
    if let JobOutcome::Evidence(evidence) = &document.report.outcome
        && !matches!(evidence.isolation, Isolation::Bubblewrap | Isolation::Namespaces)
    {
        return Err("what it tells of was run in no sandbox".to_owned());
    }
    Ok(document)
}

/// Looks for jobs of which nothing was heard for too long: takes what is there of them, else asks again, and at last lets
/// who waits fail.
///
/// # Errors
/// [`Failed`] where a service refuses; the next sweep goes on.
pub async fn sweep(host: &Host, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    let told = Sweep::deserialize(&event.payload);
    let told = told.map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?;
    let patience = Overdue { patience_ms: told.patience_s.unwrap_or(PATIENCE_S).saturating_mul(1_000), most: MOST };
    let platform = host.platform();
    let (mut open, mut last) = (0, None);
    loop {
        let page = platform.store.open_jobs(None, last.as_ref(), PAGE).await.map_err(Failure::from)?;
        for job in &page {
            let bill = host.open_bill();
            open += 1;
            // One that cannot be settled must not keep the others from it.
            let ended = async {
                if !take(host, &job.run, &job.job).await? {
                    sweep_job(platform, host.queue(), &job.run, &job.job, &patience).await?;
                }
                Ok::<(), Failure>(())
            };
            if let Err(failure) = ended.await {
                tracing::warn!(run = %job.run, job = %job.job, failure.cause, "an open job was not looked after");
            }
            host.flush().await;
            host.close_bill(bill, Some(job.run.clone()), false, &event.context).await;
        }
        match page.into_iter().next_back() {
            Some(job) => last = Some(job),
            None => return Ok(json!({"open": open})),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::{
        Evidence, ExitStatus,
        job::{Action, Limits},
    };

    fn document(change: impl FnOnce(&mut Evidence)) -> (ContentHash, Vec<u8>) {
        let action = Action::Command { argv: vec!["true".into()] };
        let mut evidence = Evidence {
            job: "testing/acceptance".into(),
            command: action.command(),
            exit: ExitStatus::Exited { code: 0 },
            isolation: Isolation::Namespaces,
            output_hash: ContentHash::of(b""),
            workspace_hash: ContentHash::of(b""),
            tests: vec![],
            report: None,
            truncated: false,
            duration_ms: 1,
        };
        change(&mut evidence);
        let job = ContentHash::of(b"job");
        let outcome = JobOutcome::Evidence(evidence.into());
        let report = JobReport { job: job.clone(), action, limits: Limits::default(), outcome, printed: None };
        (job, serde_json::to_vec(&Document { report, spending: None }).unwrap())
    }

    #[test]
    fn a_report_is_about_its_own_job_and_comes_from_a_sandbox() {
        let (job, good) = document(|_| ());
        assert!(read(&good, &job).is_ok());
        assert!(read(b"{}", &job).unwrap_err().contains("no report"));
        assert!(read(&good, &ContentHash::of(b"another")).unwrap_err().contains("another job"));
        for outside in [Isolation::Unsandboxed, Isolation::Recorded] {
            let (_, told) = document(|evidence| evidence.isolation = outside);
            assert!(read(&told, &job).unwrap_err().contains("no sandbox"));
        }
    }
}
