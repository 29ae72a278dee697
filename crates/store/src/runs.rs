//! Runs and their epics.

use crate::{
    Error, Store,
    codec::{bare, inline, inline_text, lost_race, parse, to_text, unchanged},
    keys::{self, RunKeys},
};
use maestro_domain::{ContentHash, Epic, Grant, Run, RunId};
use maestro_ports::table::{Condition, Durability, Item, Key, Write};
use serde::{Deserialize, Serialize};

/// A run as it was read. Change `run` and give it back to [`Store::update_run`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRun {
    /// The run.
    pub run: Run,
    deleting: bool,
    /// The row's text: an update is refused when the row no longer holds it.
    text: String,
}

impl StoredRun {
    /// Whether somebody began to delete the run and has not finished.
    #[must_use]
    pub fn deleting(&self) -> bool {
        self.deleting
    }
}

/// One page of runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunPage {
    /// Newest first.
    pub runs: Vec<StoredRun>,
    /// What to ask for the next page with; `None` at the end.
    pub next: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct RunRow {
    #[serde(flatten)]
    run: Run,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleting: bool,
}

/// Bytes of an epic that stand in its row.
const SHORT_EPIC: usize = 8 << 10;

#[derive(Serialize, Deserialize)]
struct EpicRow {
    source: ContentHash,
    /// The very bytes, where they are a short text; else they are a blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    epic: Epic,
}

fn run_text(run: &Run, deleting: bool) -> Result<String, Error> {
    to_text("a run", &RunRow { run: run.clone(), deleting })
}

fn read(key: &Key, item: &Item) -> Result<StoredRun, Error> {
    let text = inline_text(key, item)?;
    let RunRow { run, deleting } = parse(key, text)?;
    Ok(StoredRun { run, deleting, text: text.to_owned() })
}

impl Store {
    pub(crate) fn keys<'a>(&'a self, run: &'a RunId) -> RunKeys<'a> {
        RunKeys::new(&self.tenant, run)
    }

    /// Stores a new run with its epic, as understood and as the very bytes that came in, and its first grant.
    ///
    /// # Errors
    /// [`Error::EpicHash`] when the bytes are not those that the run names, [`Error::RunExists`], or a failure of the
    /// store; then there is no such run.
    pub async fn create_run(
        &self,
        run: &Run,
        epic: &Epic,
        epic_bytes: &[u8],
        grant: &Grant,
    ) -> Result<StoredRun, Error> {
        let source = ContentHash::of(epic_bytes);
        if source != run.epic_hash {
            return Err(Error::EpicHash { run: run.id.clone(), expected: run.epic_hash.clone(), actual: source });
        }
        let short = std::str::from_utf8(epic_bytes).ok().filter(|text| text.len() <= SHORT_EPIC).map(str::to_owned);
        if short.is_none() {
            self.blobs.put(&self.tenant, &run.id, epic_bytes).await?;
        }
        let epic = EpicRow { source, text: short, epic: epic.clone() };
        let epic = self.row(&run.id, &to_text("an epic", &epic)?).await?;
        let text = run_text(run, false)?;
        let keys = self.keys(&run.id);
        let put = |key, item, condition| Write::Put { key, item, condition };
        let mut listed = bare();
        listed.insert("run".to_owned(), run.id.as_str().into());
        let mut writes = vec![
            put(keys.run(), inline(text.as_str()), Condition::Absent),
            put(keys.epic(), epic, Condition::None),
            put(keys.journal_head(), crate::events::head(0), Condition::None),
            put(keys::listing(&self.tenant, run.created_ms, &run.id), listed, Condition::None),
        ];
        writes.extend(self.opening(&run.id, grant)?);
        match self.write(writes, Durability::Process).await {
            Err(error) if lost_race(&error) => Err(Error::RunExists { run: run.id.clone() }),
            Err(error) => Err(error),
            Ok(()) => Ok(StoredRun { run: run.clone(), deleting: false, text }),
        }
    }

    /// Reads a run.
    ///
    /// # Errors
    /// [`Error::NoRun`], or a failure of the store.
    pub async fn run(&self, run: &RunId) -> Result<StoredRun, Error> {
        let key = self.keys(run).run();
        match self.get(&key).await? {
            Some(item) => read(&key, &item),
            None => Err(Error::NoRun { run: run.clone() }),
        }
    }

    /// Stores a changed run, on condition that nobody changed it since `stored` was read; `stored` then stands for the
    /// new row, so that it can be changed again. The end of a run is durable against loss of power.
    ///
    /// # Errors
    /// [`Error::Changed`] when somebody was faster, [`Error::NoRun`], [`Error::Deleting`], or a failure of the store.
    pub async fn update_run(&self, stored: &mut StoredRun) -> Result<(), Error> {
        if stored.deleting {
            return Err(Error::Deleting { run: stored.run.id.clone() });
        }
        let durability = if stored.run.status.terminal() {
            self.barrier().await?;
            Durability::Power
        } else {
            Durability::Process
        };
        self.replace_run(stored, false, durability).await
    }

    pub(crate) async fn replace_run(
        &self,
        stored: &mut StoredRun,
        deleting: bool,
        durability: Durability,
    ) -> Result<(), Error> {
        let text = run_text(&stored.run, deleting)?;
        let key = self.keys(&stored.run.id).run();
        let write = Write::Put { key, item: inline(text.as_str()), condition: unchanged(&stored.text) };
        match self.write(vec![write], durability).await {
            Err(error) if lost_race(&error) => {
                let now = self.run(&stored.run.id).await?;
                let run = stored.run.id.clone();
                Err(if now.deleting { Error::Deleting { run } } else { Error::Changed { run } })
            }
            Err(error) => Err(error),
            Ok(()) => {
                stored.text = text;
                stored.deleting = deleting;
                Ok(())
            }
        }
    }

    /// Lists runs, newest first, at most `limit` from `after` (a page's `next`) on.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn runs(&self, after: Option<&str>, limit: usize) -> Result<RunPage, Error> {
        let page = self.page(&keys::listing_partition(&self.tenant), "", after, limit).await?;
        let mut runs = Vec::with_capacity(page.items.len());
        for (key, item) in &page.items {
            crate::codec::check_version(key, item)?;
            let id = item.get("run").cloned().unwrap_or_default();
            let id: RunId = serde_json::from_value(id).map_err(|source| crate::codec::damaged(key, source))?;
            match self.run(&id).await {
                Ok(run) => runs.push(run),
                // Deleted between the listing and this read.
                Err(Error::NoRun { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(RunPage { runs, next: page.next })
    }

    /// Reads a run's epic as intake left it.
    ///
    /// # Errors
    /// [`Error::NoRun`], or a failure of the store.
    pub async fn epic(&self, run: &RunId) -> Result<Epic, Error> {
        Ok(self.epic_row(run).await?.epic)
    }

    /// Reads a run's epic with the bytes that it came in as.
    ///
    /// # Errors
    /// As [`Store::epic_bytes`].
    pub async fn epic_with_bytes(&self, run: &RunId) -> Result<(Epic, Vec<u8>), Error> {
        let EpicRow { source, text, epic } = self.epic_row(run).await?;
        let bytes = match text {
            Some(text) => text.into_bytes(),
            None => self.blobs.get(&self.tenant, run, &source).await?,
        };
        Ok((epic, bytes))
    }

    /// Reads the bytes that the epic came in as.
    ///
    /// # Errors
    /// [`Error::NoRun`], or a failure of the store.
    pub async fn epic_bytes(&self, run: &RunId) -> Result<Vec<u8>, Error> {
        Ok(self.epic_with_bytes(run).await?.1)
    }

    async fn epic_row(&self, run: &RunId) -> Result<EpicRow, Error> {
        let key = self.keys(run).epic();
        match self.get(&key).await? {
            Some(item) => self.decode(run, &key, &item).await,
            None => Err(Error::NoRun { run: run.clone() }),
        }
    }
}
