//! The adapters of this crate pass the suites of the ports.

use async_trait::async_trait;
use maestro_domain::{ContentHash, Epic, Event, Run, RunId, RunStatus, TenantId};
use maestro_ports::{
    Blobs, Clock, Events, Table,
    suites::{Hearing, blobs_suite, events_suite, table_suite},
};
use maestro_store::{CrashingTable, FolderBlobs, Journal, MemoryBlobs, MemoryTable, RecentBlobs, SqliteTable, Store};
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn memory_table() {
    table_suite(async || Arc::new(MemoryTable::default()) as Arc<dyn Table>).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_table() {
    let dir = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    table_suite(async || {
        number.set(number.get() + 1);
        Arc::new(SqliteTable::open(&dir.path().join(format!("{}.db", number.get()))).unwrap()) as Arc<dyn Table>
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn crashing_table_that_never_crashes() {
    table_suite(async || Arc::new(CrashingTable::counting(Arc::new(MemoryTable::default()))) as Arc<dyn Table>).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_blobs() {
    blobs_suite(async || Arc::new(MemoryBlobs::default()) as Arc<dyn Blobs>).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folder_blobs() {
    let dir = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    blobs_suite(async || {
        number.set(number.get() + 1);
        Arc::new(FolderBlobs::open(&dir.path().join(format!("in/{}", number.get()))).unwrap()) as Arc<dyn Blobs>
    })
    .await;
    let outside: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(outside, ["in"], "nothing was written outside");
}

#[tokio::test(flavor = "multi_thread")]
async fn recent_blobs() {
    blobs_suite(async || Arc::new(RecentBlobs::over(MemoryBlobs::default())) as Arc<dyn Blobs>).await;
}

struct Still;

impl Clock for Still {
    fn now_ms(&self) -> u64 {
        7
    }
}

/// A journal, and whoever reads it.
struct Kept {
    journal: Journal,
    store: Store,
}

impl Kept {
    async fn of(table: Arc<dyn Table>, blobs: Arc<dyn Blobs>, runs: Vec<RunId>) -> Arc<dyn Hearing> {
        let store = Store::new(table, blobs, TenantId::local());
        let epic = Epic { title: "e".to_owned(), statements: Vec::new() };
        for id in runs {
            let run = Run {
                id,
                epic: "e".to_owned(),
                epic_hash: ContentHash::of(b"e"),
                model: "m".to_owned(),
                scope: "feature".into(),
                out: "o".to_owned(),
                status: RunStatus::Running,
                reason: None,
                rounds: vec![],
                executions: 1,
                created_ms: 1,
                changed_ms: 1,
            };
            store.create_run(&run, &epic, b"e", &crate::samples::granted()).await.unwrap();
        }
        let journal = Journal::new(store.clone(), Arc::new(Still), None);
        Arc::new(Self { journal, store })
    }
}

#[async_trait(?Send)]
impl Hearing for Kept {
    fn events(&self) -> &dyn Events {
        &self.journal
    }

    async fn flush(&self) {
        self.journal.flush().await;
    }

    async fn heard(&self, _: &TenantId, run: &RunId, _: usize) -> Vec<Event> {
        let entries = self.store.events(run, 0, 1_000).await.unwrap();
        entries.into_iter().map(|entry| serde_json::from_value(entry.event["event"].clone()).unwrap()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn journal_in_memory() {
    events_suite(async |runs| Kept::of(Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()), runs).await)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn journal_in_sqlite_and_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    events_suite(async |runs| {
        number.set(number.get() + 1);
        let table = SqliteTable::open(&dir.path().join(format!("{}.db", number.get()))).unwrap();
        let blobs = FolderBlobs::open(&dir.path().join(format!("{}.blobs", number.get()))).unwrap();
        Kept::of(Arc::new(table), Arc::new(blobs), runs).await
    })
    .await;
}
