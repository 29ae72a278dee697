//! The SQLite file: what is refused, and that refusing changes nothing.

use crate::samples::{tenant, wait};
use maestro_ports::{
    Table,
    table::{Condition, Durability, Error, Item, Key, Write},
};
use maestro_store::SqliteTable;
use std::{fs, path::Path, task::Poll};

fn refused(path: &Path) -> Error {
    let before = fs::read(path).unwrap();
    let error = SqliteTable::open(path).err().expect("it should be refused");
    assert!(fs::read(path).unwrap() == before, "a refused file is not changed");
    error
}

fn told(error: &Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    format!("{error}: {source}")
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table.db");
    drop(SqliteTable::open(&path).unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 7).unwrap();
    drop(connection);
    let error = refused(&path);
    assert!(matches!(&error, Error::Newer { place, found: 7, known: 1 } if place.contains("table.db")), "{error:?}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table.db");
    for bytes in [b"this is a letter, not a database. ".repeat(100), vec![0xff; 5_000]] {
        fs::write(&path, bytes).unwrap();
        let error = told(&refused(&path));
        assert!(error.contains("could not open") && error.contains("table.db"), "{error}");
        assert!(error.contains("not a database"), "{error}");
    }
}

#[test]
fn a_database_of_another_program_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("other.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE items (x)").unwrap();
    drop(connection);
    let error = told(&refused(&path));
    assert!(error.contains("another program"), "{error}");
}

#[test]
fn a_database_with_torn_pages_gives_an_error_and_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table.db");
    wait(async {
        let table = SqliteTable::open(&path).unwrap();
        for n in 0..300 {
            let key = Key { pk: "T#acme#p".into(), sk: format!("{n:04}") };
            let item = Item::from_iter([("x".to_owned(), "y".repeat(300).into())]);
            let write = Write::Put { key, item, condition: Condition::None };
            table.write(&tenant(), vec![write], Durability::Process).await.unwrap();
        }
    });
    let mut bytes = fs::read(&path).unwrap();
    assert!(bytes.len() > 50_000);
    for byte in &mut bytes[5_000..40_000] {
        *byte = 0xa5;
    }
    fs::write(&path, bytes).unwrap();
    wait(async {
        let table = SqliteTable::open(&path).unwrap();
        let error = table.query(&tenant(), "T#acme#p", "", None, 1_000).await.unwrap_err();
        assert!(told(&error).contains("malformed"), "{}", told(&error));
    });
}

#[test]
fn a_place_that_cannot_hold_a_database_is_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    for path in [dir.path().join("missing/table.db"), dir.path().to_owned()] {
        let error = SqliteTable::open(&path).err().expect("there is no place for it");
        assert!(told(&error).contains(&*path.to_string_lossy()), "{}", told(&error));
    }
}

#[test]
fn a_write_whose_caller_goes_away_is_whole_or_absent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table.db");
    let keys: Vec<_> = (0..100).map(|n| Key { pk: "T#acme#p".into(), sk: format!("{n:03}") }).collect();
    wait(async {
        let table = SqliteTable::open(&path).unwrap();
        for _ in 0..20 {
            let put = |key: &Key| Write::Put { key: key.clone(), item: Item::new(), condition: Condition::None };
            let owner = tenant();
            let write = table.write(&owner, keys.iter().map(put).collect(), Durability::Process);
            tokio::time::timeout(std::time::Duration::from_micros(50), write).await.ok();
            let found = table.query(&tenant(), "T#acme#p", "", None, 1_000).await.unwrap().items.len();
            assert!(found == 0 || found == 100, "{found} of 100 writes are there");
            let delete = |key: &Key| Write::Delete { key: key.clone() };
            table.write(&tenant(), keys.iter().map(delete).collect(), Durability::Process).await.unwrap();
        }
    });
}

fn put(sk: &str) -> Vec<Write> {
    let key = Key { pk: format!("T#{}#RUNS", tenant()), sk: sk.to_owned() };
    vec![Write::Put { key, item: Item::new(), condition: Condition::Absent }]
}

/// A row is read and written on the thread that asks, before anybody else gets a turn.
#[test]
fn rows_are_read_and_written_where_they_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let table = SqliteTable::open(&dir.path().join("table.db")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (tenant, key) = (tenant(), Key { pk: format!("T#{}#RUNS", tenant()), sk: "a".to_owned() });
        assert!(at_once(table.write(&tenant, put("a"), Durability::Process)).await.unwrap().is_ok());
        assert!(at_once(table.get(&tenant, &key)).await.unwrap().unwrap().is_some());
    });
}

/// What work comes to without waiting, if it does.
async fn at_once<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// While another process writes, whoever wants to write waits, and nobody else does.
#[test]
fn a_write_waits_for_another_process_and_holds_up_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table.db");
    let table = SqliteTable::open(&path).unwrap();
    // A connection of its own is to SQLite what another process is.
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let tenant = tenant();
        let mut writing = std::pin::pin!(table.write(&tenant, put("a"), Durability::Process));
        for _ in 0..100 {
            // Everybody else on this thread gets their turns.
            assert!(at_once(writing.as_mut()).await.is_none());
            tokio::task::yield_now().await;
        }
        other.execute_batch("COMMIT").unwrap();
        writing.await.unwrap();
        let key = Key { pk: format!("T#{tenant}#RUNS"), sk: "a".to_owned() };
        assert!(table.get(&tenant, &key).await.unwrap().is_some());
    });
}
