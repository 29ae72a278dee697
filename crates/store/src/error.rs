//! What can go wrong in the store.

use maestro_domain::{ContentHash, RunId, TaskId};
use maestro_ports::{blobs, table};
use std::{io, path::PathBuf};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table refused or failed.
    #[error(transparent)]
    Table(#[from] table::Error),
    /// The blob store refused or failed.
    #[error(transparent)]
    Blobs(#[from] blobs::Error),
    /// No run has this id.
    #[error("there is no run `{run}`")]
    NoRun {
        /// The run.
        run: RunId,
    },
    /// A run with this id is there already.
    #[error("run `{run}` exists already")]
    RunExists {
        /// The run.
        run: RunId,
    },
    /// A running run is deleted only by force.
    #[error("run `{run}` is running")]
    Running {
        /// The run.
        run: RunId,
    },
    /// Somebody began to delete the run; deleting it again finishes that, nothing else is possible.
    #[error("run `{run}` is being deleted")]
    Deleting {
        /// The run.
        run: RunId,
    },
    /// The run was changed by somebody else since it was read; read it again and decide again.
    #[error("run `{run}` was changed in the meantime")]
    Changed {
        /// The run.
        run: RunId,
    },
    /// The epic's bytes do not have the hash that the run names.
    #[error("the epic's bytes have hash {actual}, but run `{run}` names {expected}")]
    EpicHash {
        /// The run.
        run: RunId,
        /// The hash in the run.
        expected: ContentHash,
        /// The hash of the bytes.
        actual: ContentHash,
    },
    /// The worker's claim no longer stands: its lease ran out and another worker took the task, or the run was deleted.
    #[error("claim {fence} of task `{task}` no longer stands")]
    Fenced {
        /// The task.
        task: TaskId,
        /// The fencing number that lost.
        fence: u64,
    },
    /// Others were faster too many times in a row.
    #[error("could not {action}: others kept writing in between")]
    Contended {
        /// What was tried.
        action: String,
    },
    /// Somebody else wrote a row of the run's workflow since it was read; read it again and decide again.
    #[error("a node of run `{run}` was changed in the meantime")]
    NodeChanged {
        /// The run.
        run: RunId,
    },
    /// Somebody else took a turn over.
    #[error("turn {turn} of task `{task}` was taken over by another worker")]
    Superseded {
        /// The task.
        task: TaskId,
        /// Number of the turn.
        turn: u32,
    },
    /// No result is stored under the hash.
    #[error("run `{run}` has no result {hash}")]
    NoResult {
        /// The run.
        run: RunId,
        /// The hash asked for.
        hash: ContentHash,
    },
    /// A row that a newer program wrote.
    #[error("row `{place}` was written by a newer maestro (version {found}, this one knows {known})")]
    NewerRow {
        /// Partition and sort key.
        place: String,
        /// Version found.
        found: u64,
        /// Version known.
        known: u64,
    },
    /// A row that cannot be understood.
    #[error("row `{place}` is damaged")]
    DamagedRow {
        /// Partition and sort key.
        place: String,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A blob that a record names as a document but that holds no JSON.
    #[error("document {hash} is no JSON")]
    BadDocument {
        /// The document.
        hash: ContentHash,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A value that cannot be written as JSON.
    #[error("could not write {what} as JSON")]
    Encode {
        /// What it is.
        what: &'static str,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// A folder was left by a newer program.
    #[error("`{place}` was written by a newer maestro (layout {found}, this one knows {known})", place = place.display())]
    NewerHome {
        /// The folder.
        place: PathBuf,
        /// Layout found.
        found: u64,
        /// Layout known.
        known: u64,
    },
    /// The layout file of a folder says nothing that makes sense.
    #[error("`{place}` holds no layout number but `{text}`", place = place.display())]
    BadLayout {
        /// The layout file.
        place: PathBuf,
        /// What it holds, cut at 40 characters.
        text: String,
    },
    /// The folder could not be set up.
    #[error("could not {action}")]
    Home {
        /// What was tried.
        action: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// Whether the disk has no room left: trying again does not help before somebody has made some.
    #[must_use]
    pub fn full(&self) -> bool {
        match self {
            Self::Table(table::Error::Full { .. }) | Self::Blobs(blobs::Error::Full { .. }) => true,
            Self::Home { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            _ => false,
        }
    }
}
