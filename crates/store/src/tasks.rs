//! Keyed tasks: claimed before work, completed once.
//!
//! A task row holds the domain's `TaskRow` as text and, while it is claimed, the number `holder`. A claimant writes on
//! condition that the whole row is still as it read it (the fence alone would let it overwrite a completion or a
//! heartbeat that came in between); the holder writes on condition that `holder` is still its fence.

use crate::{
    Error, Records, Store,
    codec::{PAGE, inline, inline_text, lost_race, parse, to_text, unchanged},
};
use maestro_domain::{
    ContentHash, FailureKind, RunId, TaskId,
    task::{Claim, TaskRow, TaskState},
};
use maestro_ports::table::{Condition, Durability, Item, Key, Write};
use serde_json::Value;

const HOLDER: &str = "holder";

/// Longest failure message that a task row keeps, in characters; the row must stay small.
const MESSAGE: usize = 4_000;

fn item(row: &TaskRow) -> Result<Item, Error> {
    let mut item = inline(to_text("a task", row)?);
    if matches!(row.state, TaskState::Claimed { .. }) {
        item.insert(HOLDER.to_owned(), row.fence.into());
    }
    Ok(item)
}

impl Store {
    /// Claims a task for `lease_ms` milliseconds from `now_ms` on. With [`Claim::Work`] the row is written already: keep
    /// it for [`Store::heartbeat`], [`Store::complete`] and [`Store::release`].
    ///
    /// # Errors
    /// [`Error::NoRun`] or [`Error::Deleting`] when there is nothing to work for, or a failure of the store.
    pub async fn claim(
        &self,
        run: &RunId,
        task: &TaskId,
        input: &ContentHash,
        now_ms: u64,
        lease_ms: u64,
    ) -> Result<Claim, Error> {
        let key = self.keys(run).task(task, input);
        // Most tasks are claimed once, so the row is looked for only where there turns out to be one.
        let mut stored = None;
        for _ in 0..crate::ATTEMPTS {
            let (read, condition) = match &stored {
                None => (None, Condition::Absent),
                Some(item) => {
                    let text = inline_text(&key, item)?;
                    (Some(parse::<TaskRow>(&key, text)?), unchanged(text))
                }
            };
            let claim = TaskRow::claim(read.as_ref(), task, input, now_ms, lease_ms);
            let Claim::Work { row, .. } = &claim else { return Ok(claim) };
            if self.run(run).await?.deleting() {
                return Err(Error::Deleting { run: run.clone() });
            }
            let write = Write::Put { key: key.clone(), item: item(row)?, condition };
            match self.write(vec![write], Durability::Process).await {
                Err(error) if lost_race(&error) => stored = self.get(&key).await?,
                Err(error) => return Err(error),
                Ok(()) => return Ok(claim),
            }
        }
        Err(Error::Contended { action: format!("claim task `{task}`") })
    }

    /// Extends the lease of a claimed task to `lease_ms` from `now_ms` on.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the claim no longer stands: stop working. Or a failure of the store.
    pub async fn heartbeat(&self, run: &RunId, row: &TaskRow, now_ms: u64, lease_ms: u64) -> Result<TaskRow, Error> {
        let row = TaskRow {
            state: TaskState::Claimed { lease_until_ms: now_ms + lease_ms },
            changed_ms: now_ms,
            ..row.clone()
        };
        match self.write(vec![self.held(run, &row, item(&row)?)], Durability::Process).await {
            Err(error) if lost_race(&error) => Err(fenced(&row)),
            Err(error) => Err(error),
            Ok(()) => Ok(row),
        }
    }

    /// Completes a claimed task: its result, the row and all records in one transaction, which survives the end of the
    /// process. After a loss of power it may have to be done again, from the turns that were paid for. Doing the same again
    /// (after an answer that got lost) changes nothing and succeeds.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the claim no longer stands; then nothing was written. [`maestro_ports::table::Error::TooMany`] for more
    /// than 98 records. Or a failure of the store.
    pub async fn complete(
        &self,
        run: &RunId,
        row: &TaskRow,
        result: &Value,
        records: Records,
        now_ms: u64,
    ) -> Result<ContentHash, Error> {
        // The same text that `ContentHash::of_json` hashes, so that a long result's blob has the result's hash.
        let text = to_text("a result", result)?;
        let hash = ContentHash::of(text.as_bytes());
        let done = TaskRow { made_by: records.made_by.clone(), ..row.clone().completed(hash.clone(), now_ms) };
        let mut writes = vec![
            self.held(run, row, item(&done)?),
            Write::Put {
                key: self.keys(run).result(&hash),
                item: self.row(run, &text).await?,
                condition: Condition::None,
            },
        ];
        self.record_writes(run, records, &mut writes).await?;
        match self.write(writes, Durability::Process).await {
            Ok(()) => Ok(hash),
            Err(error) if lost_race(&error) => match self.task(run, &row.task, &row.input).await? {
                Some(TaskRow { fence, state: TaskState::Completed { result }, .. })
                    if fence == row.fence && result == hash =>
                {
                    Ok(hash)
                }
                _ => Err(fenced(row)),
            },
            Err(error) => Err(error),
        }
    }

    /// Gives a claimed task back without a result: it may be claimed again at once. The failure's message is cut at
    /// 4,000 characters.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the claim no longer stands, or a failure of the store.
    pub async fn release(
        &self,
        run: &RunId,
        row: &TaskRow,
        failure: Option<(FailureKind, String)>,
        now_ms: u64,
    ) -> Result<(), Error> {
        let failure = failure.map(|(kind, message)| (kind, message.chars().take(MESSAGE).collect()));
        let open = row.clone().opened(failure, now_ms);
        match self.write(vec![self.held(run, row, item(&open)?)], Durability::Process).await {
            Err(error) if lost_race(&error) => Err(fenced(row)),
            other => other,
        }
    }

    /// Takes every claim of a run away and says how many there were. For a resume that knows that no worker lives: it
    /// need not wait for leases to run out. A worker that lives after all is fenced off.
    ///
    /// # Errors
    /// A failure of the store; some claims may be gone then.
    pub async fn release_all(&self, run: &RunId, now_ms: u64) -> Result<usize, Error> {
        let mut released = 0;
        for (key, text, row) in self.task_rows(run).await? {
            if !matches!(row.state, TaskState::Claimed { .. }) {
                continue;
            }
            let item = item(&row.opened(None, now_ms))?;
            let write = Write::Put { key, item, condition: unchanged(&text) };
            match self.write(vec![write], Durability::Process).await {
                // Somebody else moved it on; that is as good.
                Err(error) if lost_race(&error) => {}
                Err(error) => return Err(error),
                Ok(()) => released += 1,
            }
        }
        Ok(released)
    }

    /// Reads one task's row.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn task(&self, run: &RunId, task: &TaskId, input: &ContentHash) -> Result<Option<TaskRow>, Error> {
        let key = self.keys(run).task(task, input);
        match self.get(&key).await? {
            Some(item) => parse(&key, inline_text(&key, &item)?).map(Some),
            None => Ok(None),
        }
    }

    /// Reads all task rows of a run, sorted by task id and input.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn tasks(&self, run: &RunId) -> Result<Vec<TaskRow>, Error> {
        let mut rows: Vec<_> = self.task_rows(run).await?.into_iter().map(|(_, _, row)| row).collect();
        rows.sort_by(|a, b| (&a.task, &a.input).cmp(&(&b.task, &b.input)));
        Ok(rows)
    }

    /// Reads a completed task's result by its hash.
    ///
    /// # Errors
    /// [`Error::NoResult`], or a failure of the store.
    pub async fn result(&self, run: &RunId, hash: &ContentHash) -> Result<Value, Error> {
        let key = self.keys(run).result(hash);
        match self.get(&key).await? {
            Some(item) => self.decode(run, &key, &item).await,
            None => Err(Error::NoResult { run: run.clone(), hash: hash.clone() }),
        }
    }

    async fn task_rows(&self, run: &RunId) -> Result<Vec<(Key, String, TaskRow)>, Error> {
        let mut rows = Vec::new();
        for shard in self.keys(run).shards() {
            let mut after = None;
            loop {
                let page = self.page(&shard, crate::keys::prefix::TASK, after.as_deref(), PAGE).await?;
                for (key, item) in page.items {
                    let text = inline_text(&key, &item)?;
                    let row = parse(&key, text)?;
                    rows.push((key, text.to_owned(), row));
                }
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
        }
        Ok(rows)
    }

    /// A write that only the holder of the claim can do.
    fn held(&self, run: &RunId, row: &TaskRow, item: Item) -> Write {
        Write::Put {
            key: self.keys(run).task(&row.task, &row.input),
            item,
            condition: Condition::Equals(HOLDER.to_owned(), row.fence.into()),
        }
    }
}

fn fenced(row: &TaskRow) -> Error {
    Error::Fenced { task: row.task.clone(), fence: row.fence }
}
