//! Deleting a run. The run's row is marked first and removed last, so that a deletion that was cut short is seen, keeps
//! others out, and is finished by deleting again.

use crate::{Error, Store, StoredFlow, codec::PAGE, keys};
use maestro_domain::{RunId, RunStatus};
use maestro_ports::table::{Durability, Write};

impl Store {
    /// Deletes everything of a run: rows, journal, blobs. With `force` a running run too; its workers are fenced off.
    ///
    /// # Errors
    /// [`Error::NoRun`], [`Error::Running`], [`Error::Changed`] when somebody changed the run at that moment, or a
    /// failure of the store; once begun, only deleting again is possible.
    pub async fn delete_run(&self, run: &RunId, force: bool) -> Result<(), Error> {
        let mut stored = self.run(run).await?;
        if !stored.deleting() {
            if stored.run.status == RunStatus::Running && !force {
                return Err(Error::Running { run: run.clone() });
            }
            self.replace_run(&mut stored, true, Durability::Process).await?;
        }
        self.forfeit(run).await?;
        let keys = self.keys(run);
        self.clear(&keys.journal(), "", None).await?;
        self.clear(&keys::open_jobs_partition(&self.tenant), &keys::open_jobs_of(run), None).await?;
        for shard in keys.shards() {
            self.clear(&shard, "", None).await?;
        }
        let own = keys.run();
        self.clear(&own.pk, "", Some(&own.sk)).await?;
        self.documents.forget();
        self.blobs.delete_run(&self.tenant, run).await?;
        let listing = keys::listing(&self.tenant, stored.run.created_ms, run);
        self.write(vec![Write::Delete { key: listing }, Write::Delete { key: own }], Durability::Process).await
    }

    /// Deletes everything of a run of a workflow, and of the runs that its nodes started: rows and blobs. Whoever calls this
    /// knows that nobody executes it; one that says it is running counts as cancelled, so that late messages begin nothing.
    ///
    /// # Errors
    /// [`Error::NoRun`], [`Error::Changed`] when somebody changed the run at that moment, or a failure of the store; once
    /// begun, only deleting again is possible.
    pub async fn delete_flow(&self, run: &RunId, now_ms: u64) -> Result<(), Error> {
        let mut doomed = vec![self.doom(run, now_ms).await?];
        let mut at = 0;
        while let Some(parent) = doomed.get(at).map(|stored| stored.run.id.clone()) {
            at += 1;
            for child in self.children(&parent).await? {
                match self.doom(&child, now_ms).await {
                    Ok(stored) => doomed.push(stored),
                    // An earlier deletion has come that far.
                    Err(Error::NoRun { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        // Children first: once its row is gone, nobody finds those of a run any more.
        for stored in doomed.iter().rev() {
            self.remove_flow(stored).await?;
        }
        Ok(())
    }

    /// Marks a run of a workflow as one that is being deleted.
    async fn doom(&self, run: &RunId, now_ms: u64) -> Result<StoredFlow, Error> {
        let mut stored = self.flow(run).await?;
        if !stored.deleting() {
            if stored.run.status == RunStatus::Running {
                // From running that is always allowed.
                let _cancelled = stored.run.cancel(now_ms);
            }
            self.replace_flow(&mut stored, true, Durability::Process).await?;
        }
        Ok(stored)
    }

    async fn remove_flow(&self, stored: &StoredFlow) -> Result<(), Error> {
        let run = &stored.run.id;
        let keys = self.keys(run);
        // Scripts that others run are jobs, as an epic's are.
        self.clear(&keys::open_jobs_partition(&self.tenant), &keys::open_jobs_of(run), None).await?;
        for shard in keys.node_shards().chain(keys.shards()) {
            self.clear(&shard, "", None).await?;
        }
        let own = keys.flow();
        self.clear(&own.pk, "", Some(&own.sk)).await?;
        self.documents.forget();
        self.blobs.delete_run(&self.tenant, run).await?;
        let listing = keys::flow_listing(&self.tenant, stored.run.created_ms, run);
        let gone = [listing, keys::open_flow(&self.tenant, run), own];
        let writes = gone.into_iter().map(|key| Write::Delete { key }).collect();
        self.write(writes, Durability::Process).await
    }

    /// Deletes all rows of a partition that begin with `prefix`, but `keep`.
    async fn clear(&self, pk: &str, prefix: &str, keep: Option<&str>) -> Result<(), Error> {
        let mut after = None;
        loop {
            let page = self.page(pk, prefix, after.as_deref(), PAGE).await?;
            let doomed = page.items.into_iter().filter(|(key, _)| Some(key.sk.as_str()) != keep);
            let writes: Vec<_> = doomed.map(|(key, _)| Write::Delete { key }).collect();
            if !writes.is_empty() {
                self.write(writes, Durability::Process).await?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}
