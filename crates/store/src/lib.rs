//! What a run leaves behind: keys, row codecs and repositories over the `Table` and `Blobs` ports, and the adapters
//! of one machine (SQLite, a folder, memory).
//!
//! # In short
//! ```no_run
//! # async fn example() -> Result<(), maestro_store::Error> {
//! # use maestro_domain::{task::Claim, *};
//! # use maestro_store::{Home, Records};
//! # let (run, epic, bytes, grant, now): (Run, Epic, &[u8], Grant, u64) = unimplemented!();
//! # let (task, input): (TaskId, ContentHash) = unimplemented!();
//! let store = Home::open(".maestro")?.store(TenantId::local())?;
//! store.create_run(&run, &epic, bytes, &grant).await?;
//!
//! match store.claim(&run.id, &task, &input, now, 60_000).await? {
//!     Claim::Done { result } => drop(store.result(&run.id, &result).await?),
//!     Claim::Held { lease_until_ms } => drop(lease_until_ms),
//!     Claim::Work { row, .. } => {
//!         let row = store.heartbeat(&run.id, &row, now, 60_000).await?;
//!         let records = Records::default(); // artifacts, evidence, gate: all in the one transaction
//!         store.complete(&run.id, &row, &serde_json::json!({"done": true}), records, now).await?;
//!     }
//! }
//!
//! let mut stored = store.run(&run.id).await?;
//! stored.run.finish(RunStatus::Ok, None, now).ok();
//! store.update_run(&mut stored).await?; // refused when somebody changed the run in between
//! # Ok(()) }
//! ```
//!
//! # What holds
//! - Keys are built in [`keys`] and nowhere else; every key starts with the tenant.
//! - What a model was paid for survives a loss of power before anything counts that follows from it: the next call, a job,
//!   the end of the run. Everything else survives the end of the process; losing it repeats no paid work.
//! - Every write of a claimed task depends on its fencing number: the late worker gets [`Error::Fenced`].
//! - The journal ([`Store::append`]) is history. Nothing is ever recovered from it.
//! - Every row carries a version; a row of a newer program is refused, never guessed at.
//!
//! # What this crate does not do
//! It reads no clock and no environment (times are arguments, the home's folder too) and decides nothing about runs:
//! the rules are in `maestro-domain`.

pub mod answers;
mod artifacts;
mod buckets;
pub mod budget;
mod codec;
pub mod dead_letters;
mod deletion;
pub mod error;
pub mod events;
pub mod faulty;
pub mod flows;
pub mod folder;
pub mod home;
pub mod jobs;
pub mod journal;
pub mod keys;
mod known;
pub mod memory;
pub mod metered;
pub mod nodes;
pub mod recent;
mod records;
pub mod runs;
mod spending;
pub mod sqlite;
pub mod tasks;
mod tokens;
mod turns;
pub mod watched;
pub mod workspace;

pub use artifacts::StoredArtifact;
pub use dead_letters::DeadLetter;
pub use error::Error;
pub use events::JournalEntry;
pub use faulty::CrashingTable;
pub use flows::{FlowPage, NewFlow, StoredFlow};
pub use folder::FolderBlobs;
pub use home::Home;
pub use jobs::OpenJob;
pub use journal::Journal;
pub use memory::{MemoryBlobs, MemoryTable};
pub use nodes::{Arrived, ItemRow, NodeWrite, StoredNode, Word};
pub use recent::RecentBlobs;
pub use records::Records;
pub use runs::{RunPage, StoredRun};
pub use sqlite::SqliteTable;

use maestro_domain::{RunId, TenantId};
use maestro_ports::{Blobs, Table};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// All repositories of one tenant. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Store {
    table: Arc<dyn Table>,
    blobs: Arc<dyn Blobs>,
    tenant: TenantId,
    /// Lets one process append to journals one after the other instead of losing optimistic writes to itself.
    journal: Arc<tokio::sync::Mutex<()>>,
    documents: Arc<recent::RecentDocuments>,
    /// Lets one process reserve and settle one after the other; between processes the optimistic writes decide.
    ledger: Arc<tokio::sync::Mutex<known::Known>>,
    paid: Arc<Paid>,
}

/// Counts what was paid for and recorded, and how much of it is safe from a loss of power. It has to be before anything
/// counts that follows from it: the next call, a job, the end. Calls of one wave are made safe by one flush.
#[derive(Debug, Default)]
struct Paid {
    recorded: AtomicU64,
    safe: AtomicU64,
    /// Runs whose blobs were not flushed since.
    runs: Mutex<BTreeSet<RunId>>,
}

impl Paid {
    fn record(&self, run: &RunId) {
        self.again(run.clone());
        self.recorded.fetch_add(1, Ordering::SeqCst);
    }

    fn recorded(&self) -> u64 {
        self.recorded.load(Ordering::SeqCst)
    }

    fn safe(&self, recorded: u64) {
        self.safe.fetch_max(recorded, Ordering::SeqCst);
    }

    fn next(&self) -> Option<RunId> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }

    fn again(&self, run: RunId) {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).insert(run);
    }

    fn unsafe_yet(&self) -> bool {
        self.safe.load(Ordering::SeqCst) < self.recorded()
    }
}

impl Store {
    /// The repositories of a tenant over a table and a blob store.
    #[must_use]
    pub fn new(table: Arc<dyn Table>, blobs: Arc<dyn Blobs>, tenant: TenantId) -> Self {
        Self {
            table,
            blobs,
            tenant,
            journal: Arc::default(),
            documents: Arc::default(),
            ledger: Arc::default(),
            paid: Arc::default(),
        }
    }

    /// A store in memory, for tests.
    #[must_use]
    pub fn in_memory(tenant: TenantId) -> Self {
        Self::new(Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()), tenant)
    }

    /// The tenant whose rows these are.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }
}

/// How often an optimistic write is tried again after somebody else was faster. Each loss means that the row moved on,
/// so more than a few in a row mean that something is wrong.
const ATTEMPTS: usize = 32;
