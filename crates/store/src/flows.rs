//! Runs of workflows, each with the texts that it was started with.

use crate::{
    Error, Store,
    codec::{PAGE, bare, check_version, damaged, inline, inline_text, lost_race, parse, to_text, unchanged},
    keys,
};
use maestro_domain::{ContentHash, FlowRun, Grant, RunId, RunStatus};
use maestro_ports::table::{self, Condition, Durability, Item, Key, Write};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A run as it was read. Change `run` and give it back to [`Store::update_flow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFlow {
    /// The run.
    pub run: FlowRun,
    deleting: bool,
    /// The row's text: an update is refused when the row no longer holds it.
    text: String,
}

impl StoredFlow {
    /// Whether somebody began to delete the run and has not finished.
    #[must_use]
    pub fn deleting(&self) -> bool {
        self.deleting
    }
}

#[derive(Serialize, Deserialize)]
struct FlowRow {
    #[serde(flatten)]
    run: FlowRun,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleting: bool,
}

fn flow_text(run: &FlowRun, deleting: bool) -> Result<String, Error> {
    to_text("a run of a workflow", &FlowRow { run: run.clone(), deleting })
}

/// One page of runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowPage {
    /// Newest first.
    pub runs: Vec<FlowRun>,
    /// What to ask for the next page with; `None` at the end.
    pub next: Option<String>,
}

/// What a new run is stored with, beside its row.
#[derive(Debug, Clone, Copy)]
pub struct NewFlow<'a> {
    /// All texts of workflows: its own, and those that nodes run.
    pub workflows: &'a [&'a str],
    /// What replaces variables.
    pub variables: &'a Value,
    /// The run whose node it is, as it was read: it must stand so still. Whoever ends or deletes a run finds all that its
    /// nodes started.
    pub parent: Option<&'a StoredFlow>,
    /// What its personas may spend.
    pub grant: Option<&'a Grant>,
}

pub(crate) fn read_flow(key: &Key, item: &Item) -> Result<StoredFlow, Error> {
    let text = inline_text(key, item)?;
    let FlowRow { run, deleting } = parse(key, text)?;
    Ok(StoredFlow { run, deleting, text: text.to_owned() })
}

impl Store {
    /// Stores a new run of a workflow. The texts whose hashes it names are stored before.
    ///
    /// # Errors
    /// [`Error::RunExists`], [`Error::Changed`] and [`Error::Deleting`] of the run whose node it is, or a failure of the
    /// store; then there is no such run.
    pub async fn create_flow(&self, run: &FlowRun, new: NewFlow<'_>) -> Result<StoredFlow, Error> {
        if let Some(parent) = new.parent.filter(|parent| parent.deleting) {
            return Err(Error::Deleting { run: parent.run.id.clone() });
        }
        for text in new.workflows {
            self.blobs.put(&self.tenant, &run.id, text.as_bytes()).await?;
        }
        self.blobs.put(&self.tenant, &run.id, new.variables.to_string().as_bytes()).await?;
        let text = flow_text(run, false)?;
        let mut listed = bare();
        listed.insert("run".to_owned(), run.id.as_str().into());
        let put = |key, item, condition| Write::Put { key, item, condition };
        let mut writes = vec![put(self.keys(&run.id).flow(), inline(text.as_str()), Condition::Absent)];
        writes.push(match &run.parent {
            None => put(keys::flow_listing(&self.tenant, run.created_ms, &run.id), listed, Condition::None),
            Some(parent) => put(self.keys(parent).child(&run.id), bare(), Condition::None),
        });
        writes.extend(self.open_or_not(run));
        if let Some(grant) = new.grant {
            writes.extend(self.opening(&run.id, grant)?);
        }
        if let Some(parent) = new.parent {
            let (key, item) = (self.keys(&parent.run.id).flow(), inline(parent.text.as_str()));
            writes.push(put(key, item, unchanged(&parent.text)));
        }
        match self.write(writes, Durability::Process).await {
            Err(Error::Table(table::Error::Conflict { index: 0 })) => Err(Error::RunExists { run: run.id.clone() }),
            Err(error) if lost_race(&error) => {
                Err(Error::Changed { run: run.parent.as_ref().unwrap_or(&run.id).clone() })
            }
            Err(error) => Err(error),
            Ok(()) => Ok(StoredFlow { run: run.clone(), deleting: false, text }),
        }
    }

    /// Reads a run of a workflow.
    ///
    /// # Errors
    /// [`Error::NoRun`], or a failure of the store.
    pub async fn flow(&self, run: &RunId) -> Result<StoredFlow, Error> {
        let key = self.keys(run).flow();
        match self.get(&key).await? {
            Some(item) => read_flow(&key, &item),
            None => Err(Error::NoRun { run: run.clone() }),
        }
    }

    /// Stores a changed run, on condition that nobody changed it since it was read. The end of a run is durable against
    /// loss of power.
    ///
    /// # Errors
    /// [`Error::Changed`] when somebody was faster, [`Error::Deleting`], or a failure of the store.
    pub async fn update_flow(&self, stored: &mut StoredFlow) -> Result<(), Error> {
        if stored.deleting {
            return Err(Error::Deleting { run: stored.run.id.clone() });
        }
        let durability = if stored.run.status.terminal() {
            self.flush_blobs(&stored.run.id).await?;
            Durability::Power
        } else {
            Durability::Process
        };
        self.replace_flow(stored, false, durability).await
    }

    pub(crate) async fn replace_flow(
        &self,
        stored: &mut StoredFlow,
        deleting: bool,
        durability: Durability,
    ) -> Result<(), Error> {
        let text = flow_text(&stored.run, deleting)?;
        let key = self.keys(&stored.run.id).flow();
        let mut writes = vec![Write::Put { key, item: inline(text.as_str()), condition: unchanged(&stored.text) }];
        writes.extend(self.open_or_not(&stored.run));
        match self.write(writes, durability).await {
            Err(error) if lost_race(&error) => Err(Error::Changed { run: stored.run.id.clone() }),
            Err(error) => Err(error),
            Ok(()) => {
                stored.text = text;
                stored.deleting = deleting;
                Ok(())
            }
        }
    }

    /// The runs that nodes of a run started.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn children(&self, run: &RunId) -> Result<Vec<RunId>, Error> {
        let (mut children, mut after) = (Vec::new(), None);
        loop {
            let page = self.page(&self.keys(run).partition(), keys::prefix::CHILD, after.as_deref(), PAGE).await?;
            for (key, item) in &page.items {
                check_version(key, item)?;
                let id = key.sk.strip_prefix(keys::prefix::CHILD).unwrap_or_default();
                children.push(RunId::new(id).map_err(|error| damaged(key, error))?);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(children),
            }
        }
    }

    /// Puts a run that a machine executes among those that are not over, or takes it from them.
    fn open_or_not(&self, run: &FlowRun) -> Option<Write> {
        let key = keys::open_flow(&self.tenant, &run.id);
        run.machine.as_ref().map(|_| match run.status {
            RunStatus::Running => Write::Put { key, item: bare(), condition: Condition::None },
            RunStatus::Ok | RunStatus::Failed | RunStatus::Blocked | RunStatus::Cancelled => Write::Delete { key },
        })
    }

    /// Lists runs of workflows that machines execute and that are not over, at most `limit` from the one after `after` on.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn open_flows(&self, after: Option<&RunId>, limit: usize) -> Result<Vec<RunId>, Error> {
        let after = after.map(RunId::as_str);
        let page = self.page(&keys::open_flows_partition(&self.tenant), "", after, limit).await?;
        let entries = page.items.iter().map(|(key, item)| {
            check_version(key, item)?;
            RunId::new(key.sk.as_str()).map_err(|error| damaged(key, error))
        });
        entries.collect()
    }

    /// Lists runs of workflows, newest first, at most `limit` from `after` (a page's `next`) on. Those that nodes of others
    /// started are not among them.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn flows(&self, after: Option<&str>, limit: usize) -> Result<FlowPage, Error> {
        let page = self.page(&keys::flows_partition(&self.tenant), "", after, limit).await?;
        let mut runs = Vec::with_capacity(page.items.len());
        for (key, item) in &page.items {
            check_version(key, item)?;
            let id = item.get("run").cloned().unwrap_or_default();
            let id: RunId = serde_json::from_value(id).map_err(|source| damaged(key, source))?;
            runs.push(self.flow(&id).await?.run);
        }
        Ok(FlowPage { runs, next: page.next })
    }

    /// Reads a text of a run of a workflow.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn flow_text(&self, run: &RunId, hash: &ContentHash) -> Result<String, Error> {
        let bytes = self.blobs.get(&self.tenant, run, hash).await?;
        String::from_utf8(bytes).map_err(|source| damaged(&self.keys(run).flow(), source))
    }
}
