//! What scenario tests share: a hive in a temporary home, with the built-in author and a chosen referee.

pub mod compare;
pub mod states;
pub mod template;

use maestro_blueprint::Blueprint;
use maestro_domain::{DEFAULT_SCOPE, Event, Limit, RunId, TenantId};
use maestro_embedded::{Ended, Hive};
use maestro_ports::{Blobs, Clock, Model, Referee, Table, model::Only};
use maestro_sandbox::{LocalReferee, Options, RecordingReferee};
use maestro_sdlc::lifecycle::{DEFAULT_BUDGET, NewRun, new_id};
use maestro_store::{MemoryBlobs, MemoryTable, Store};
use std::{path::Path, sync::Arc};
use tempfile::TempDir;

/// Folder of the checkout.
#[must_use]
pub fn checkout() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Reads an epic of `examples/`.
///
/// # Panics
/// When there is no such file.
#[must_use]
#[expect(clippy::unwrap_used, reason = "a missing example is a broken test")]
pub fn example(path: &str) -> Vec<u8> {
    std::fs::read(checkout().join("examples").join(path)).unwrap()
}

/// A referee that really runs things; `helper` is the program that prepares its sandbox.
#[must_use]
pub fn real_referee(helper: &str, scratch: &Path) -> LocalReferee {
    LocalReferee::new(Options {
        helper: helper.into(),
        allow_unsandboxed: false,
        scratch: scratch.to_owned(),
        force: None,
    })
}

/// A hive for one test.
pub struct Bed {
    /// Home, scratch and deliverables are below it.
    pub dir: TempDir,
    /// The hive.
    pub hive: Hive,
    /// The name of its only model.
    model: String,
}

impl Bed {
    /// A hive with a store in memory and the built-in author.
    #[must_use]
    pub fn new(referee: Arc<dyn Referee>) -> Self {
        Self::asking(Arc::new(Blueprint), referee)
    }

    /// A hive with a store in memory and another model.
    #[must_use]
    pub fn asking(model: Arc<dyn Model>, referee: Arc<dyn Referee>) -> Self {
        Self::with(model, referee, Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()))
    }

    /// A hive over chosen adapters.
    ///
    /// # Panics
    /// When no temporary folder can be made.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "a machine without temporary folders cannot test")]
    pub fn with(
        model: Arc<dyn Model>,
        referee: Arc<dyn Referee>,
        table: Arc<dyn Table>,
        blobs: Arc<dyn Blobs>,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(table, blobs, TenantId::local());
        let name = model.name().to_owned();
        let models = Arc::new(Only(model));
        let hive = Hive::over(dir.path().join("home"), store, models, referee, false);
        Self { dir, hive, model: name }
    }

    /// By another clock than the machine's.
    #[must_use]
    pub fn by_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.hive = self.hive.by_clock(clock);
        self
    }

    /// Creates a run of an epic.
    ///
    /// # Errors
    /// As [`Hive::create`].
    ///
    /// # Panics
    /// When the epic cannot be read.
    pub async fn create(&self, epic: &[u8]) -> Result<RunId, maestro_embedded::Error> {
        self.create_with(epic, DEFAULT_BUDGET).await
    }

    /// Creates a run of an epic whose models may spend so much.
    ///
    /// # Errors
    /// As [`Hive::create`].
    ///
    /// # Panics
    /// When the epic cannot be read.
    pub async fn create_with(&self, epic: &[u8], budget: Limit) -> Result<RunId, maestro_embedded::Error> {
        self.create_in(DEFAULT_SCOPE, epic, budget).await
    }

    /// Creates a run of an epic in a scope.
    ///
    /// # Errors
    /// As [`Hive::create`].
    ///
    /// # Panics
    /// When the epic cannot be read.
    #[expect(clippy::unwrap_used, reason = "an unreadable epic is a broken test")]
    pub async fn create_in(&self, scope: &str, epic: &[u8], budget: Limit) -> Result<RunId, maestro_embedded::Error> {
        let new = NewRun {
            bytes: epic.to_vec(),
            epic: maestro_epic::read(epic, "epic").unwrap(),
            out: self.out().display().to_string(),
            id: new_id(),
            budget,
            model: self.model.clone(),
            scope: scope.to_owned(),
        };
        Ok(self.hive.create(new).await?.id)
    }

    /// Executes a run to its end and gives the events that happened.
    ///
    /// # Errors
    /// As [`Hive::execute`].
    pub async fn execute(&self, run: &RunId) -> Result<(Ended, Vec<Event>), maestro_embedded::Error> {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let ended = self.hive.execute(run, false, Some(tell), Box::pin(std::future::pending())).await?;
        let mut events = Vec::new();
        while let Ok(event) = told.try_recv() {
            events.push(event);
        }
        Ok((ended, events))
    }

    /// Where deliverables go.
    #[must_use]
    pub fn out(&self) -> std::path::PathBuf {
        self.dir.path().join("out")
    }
}

/// A referee that really runs things and remembers what it saw.
#[must_use]
pub fn recording_referee(helper: &str, scratch: &Path) -> RecordingReferee<LocalReferee> {
    RecordingReferee::new(real_referee(helper, scratch))
}
