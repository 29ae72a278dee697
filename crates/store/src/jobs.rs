//! Jobs of the referee. A job's row changes on condition that its revision is what was read; while it is open, or who
//! waits was not told, an entry among the tenant's open jobs says so.

use crate::{
    Error, Store,
    codec::{bare, check_version, damaged, lost_race, to_text},
    keys,
};
use maestro_domain::{
    ContentHash, JobReport, JobRow, JobSpec, RunId, Waiter,
    job::{Asked, Refused},
};
use maestro_ports::table::{Condition, Durability, Write};

const REVISION: &str = "revision";

/// An entry among a tenant's open jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenJob {
    /// Whose job.
    pub run: RunId,
    /// Which.
    pub job: ContentHash,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reported {
    /// The row as it stands now. `news` says whether this report changed it.
    Taken {
        /// The row.
        row: Box<JobRow>,
        /// Whether this report is what changed it.
        news: bool,
    },
    /// It is not about a job that was asked for.
    Unknown,
    /// It is not about the job as it stands.
    Refused(Refused),
}

impl Store {
    /// Reads a job's row.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn job(&self, run: &RunId, job: &ContentHash) -> Result<Option<JobRow>, Error> {
        let key = self.keys(run).job(job);
        match self.get(&key).await? {
            Some(item) => self.decode(run, &key, &item).await.map(Some),
            None => Ok(None),
        }
    }

    /// Asks for a job whose document and files are stored. With [`Asked::Write`] the row is written already.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn ask_job(
        &self,
        run: &RunId,
        spec: &JobSpec,
        workspace: &ContentHash,
        waiter: &Waiter,
        now_ms: u64,
    ) -> Result<Asked, Error> {
        let id = spec.id();
        for _ in 0..crate::ATTEMPTS {
            let stored = self.job(run, &id).await?;
            let asked = JobRow::ask(stored.as_ref(), spec, workspace, waiter, now_ms);
            let Asked::Write { row, dispatch } = &asked else { return Ok(asked) };
            if self.write_job(run, row, *dispatch).await? {
                return Ok(asked);
            }
        }
        Err(Error::Contended { action: format!("ask for the job `{}`", spec.name) })
    }

    /// Takes a report about a job.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn report_job(&self, run: &RunId, report: &JobReport) -> Result<Reported, Error> {
        for _ in 0..crate::ATTEMPTS {
            let Some(stored) = self.job(run, &report.job).await? else { return Ok(Reported::Unknown) };
            match stored.reported(report) {
                Err(refused) => return Ok(Reported::Refused(refused)),
                Ok(None) => return Ok(Reported::Taken { row: Box::new(stored), news: false }),
                Ok(Some(row)) if self.write_job(run, &row, false).await? => {
                    return Ok(Reported::Taken { row: Box::new(row), news: true });
                }
                Ok(Some(_)) => {}
            }
        }
        Err(Error::Contended { action: format!("take a report about the job {}", report.job.short()) })
    }

    /// Writes a job's row over the one before it; `false` where somebody else was faster.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn write_job(&self, run: &RunId, row: &JobRow, opens: bool) -> Result<bool, Error> {
        let condition = match row.revision {
            0 | 1 => Condition::Absent,
            later => Condition::Equals(REVISION.to_owned(), (later - 1).into()),
        };
        let mut item = self.row(run, &to_text("a job", row)?).await?;
        item.insert(REVISION.to_owned(), row.revision.into());
        let mut writes = vec![Write::Put { key: self.keys(run).job(&row.job), item, condition }];
        if opens {
            let key = keys::open_job(&self.tenant, run, &row.job);
            writes.push(Write::Put { key, item: bare(), condition: Condition::None });
        }
        match self.write(writes, self.barrier().await?).await {
            Err(error) if lost_race(&error) => Ok(false),
            other => other.map(|()| true),
        }
    }

    /// Takes a job from the list of open ones: it is over, and everybody who waited was told.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn close_job(&self, run: &RunId, job: &ContentHash) -> Result<(), Error> {
        let key = keys::open_job(&self.tenant, run, job);
        self.write(vec![Write::Delete { key }], Durability::Process).await
    }

    /// Lists jobs that are open or whose waiters were not told, at most `limit` from the one after `after` on; those of
    /// one run, or all.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn open_jobs(
        &self,
        of: Option<&RunId>,
        after: Option<&OpenJob>,
        limit: usize,
    ) -> Result<Vec<OpenJob>, Error> {
        let prefix = of.map(keys::open_jobs_of).unwrap_or_default();
        let after = after.map(|last| keys::open_job(&self.tenant, &last.run, &last.job).sk);
        let page = self.page(&keys::open_jobs_partition(&self.tenant), &prefix, after.as_deref(), limit).await?;
        let entries = page.items.iter().map(|(key, item)| {
            check_version(key, item)?;
            let read = key.sk.split_once('#').and_then(|(run, job)| {
                let job = serde_json::from_value(job.into()).ok()?;
                Some(OpenJob { run: RunId::new(run).ok()?, job })
            });
            read.ok_or_else(|| damaged(key, "it names no job"))
        });
        entries.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::{
        TenantId,
        job::{Action, JobOutcome, Limits},
    };

    fn spec(name: &str) -> JobSpec {
        let action = Action::Command { argv: vec!["true".into()] };
        JobSpec { name: name.into(), action, env: [].into(), limits: Limits::default(), files: [].into() }
    }

    fn waiter(message: &str) -> Waiter {
        Waiter { queue: "q".into(), message: message.into(), jobs: vec![] }
    }

    #[tokio::test]
    async fn a_job_is_open_until_its_waiters_were_told() {
        let store = Store::in_memory(TenantId::local());
        let (run, other) = (RunId::new("run-1").unwrap(), RunId::new("run-10").unwrap());
        let workspace = ContentHash::of_parts([]);
        let ask = async |run: &RunId, name: &str, who: &str| {
            store.ask_job(run, &spec(name), &workspace, &waiter(who), 5).await.unwrap()
        };
        assert!(matches!(ask(&run, "a", "x").await, Asked::Write { dispatch: true, .. }));
        assert!(matches!(ask(&run, "a", "y").await, Asked::Write { dispatch: false, .. }));
        assert_eq!(ask(&run, "a", "y").await, Asked::Waits);
        ask(&other, "b", "z").await;
        let entry = |run: &RunId, name: &str| OpenJob { run: run.clone(), job: spec(name).id() };
        let all = store.open_jobs(None, None, 10).await.unwrap();
        assert_eq!(all, [entry(&run, "a"), entry(&other, "b")]);
        assert_eq!(store.open_jobs(Some(&run), None, 10).await.unwrap(), all[..1]);
        assert_eq!(store.open_jobs(None, Some(&all[0]), 10).await.unwrap(), all[1..]);

        let Action::Command { .. } = spec("a").action else { unreachable!() };
        let report = |name: &str| JobReport {
            job: spec(name).id(),
            action: spec(name).action,
            limits: Limits::default(),
            outcome: JobOutcome::Failed("no sandbox".into()),
            printed: None,
        };
        let taken = store.report_job(&run, &report("a")).await.unwrap();
        let Reported::Taken { row, news: true } = taken else { panic!("{taken:?}") };
        assert_eq!(row.waiting.len(), 2);
        assert!(matches!(store.report_job(&run, &report("a")).await.unwrap(), Reported::Taken { news: false, .. }));
        assert_eq!(store.report_job(&run, &report("b")).await.unwrap(), Reported::Unknown);
        assert_eq!(store.open_jobs(Some(&run), None, 10).await.unwrap().len(), 1, "nobody was told yet");
        store.close_job(&run, &row.job).await.unwrap();
        assert!(store.open_jobs(Some(&run), None, 10).await.unwrap().is_empty());

        let stale = JobRow { revision: row.revision, ..*row };
        assert!(!store.write_job(&run, &stale, false).await.unwrap(), "somebody was faster");
    }
}
