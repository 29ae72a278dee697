//! The adapters of this crate pass the suites of the ports.

use maestro_ports::{
    Blobs, Table,
    suites::{blobs_suite, table_suite},
};
use maestro_store::{CrashingTable, FolderBlobs, MemoryBlobs, MemoryTable, RecentBlobs, SqliteTable};
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
