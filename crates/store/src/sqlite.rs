//! The table in one SQLite file.
//!
//! Write-ahead log; one connection behind a mutex. Several processes may have the file open; writers wait for each other.
//! With `synchronous=NORMAL` a commit survives the end of the process; for [`Durability::Power`] the connection switches to
//! `FULL`, which flushes the log, and with it all earlier commits.
//!
//! What need not wait is done where it is asked for: reading or writing a row takes microseconds, less than telling another
//! thread of it. What waits (for the disk, for another process, for the connection) is done on a thread that may block.

use crate::{
    keys::{check_tenant, check_transaction},
    memory::{cut, holds},
};
use async_trait::async_trait;
use maestro_domain::TenantId;
use maestro_ports::{
    Table,
    table::{self, Condition, Durability, Item, Key, Page, Write},
};
use rusqlite::{CachedStatement, Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
    time::{Duration, Instant},
};

/// The layout of the file that this program writes, kept in `user_version`.
const LAYOUT: i64 = 1;

const INSERT: &str = "INSERT INTO items (pk, sk, item) VALUES (?1, ?2, ?3) ON CONFLICT (pk, sk) DO NOTHING";
const UPSERT: &str = "INSERT INTO items (pk, sk, item) VALUES (?1, ?2, ?3)
                      ON CONFLICT (pk, sk) DO UPDATE SET item = excluded.item";

/// Marks the file as ours (`application_id`): "MHIV".
const APPLICATION: i64 = 0x4d48_4956;

/// Pages that the log may have before a commit moves it into the file; several runs fit before one move. Moving waits for
/// the disk, so it is left to those who do anyway, unless there are none for long.
fn log_pages(durability: Durability) -> u32 {
    match durability {
        Durability::Power => 4_000,
        Durability::Process => 16_000,
    }
}

/// How long a writer waits for another process.
const BUSY: Duration = Duration::from_secs(15);

/// The table in a SQLite file.
pub struct SqliteTable {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    connection: Connection,
    durability: Durability,
}

/// The file is a SQLite database, but not one of ours.
#[derive(Debug, thiserror::Error)]
#[error("the file is a database of another program")]
struct Foreign;

/// The file's directory does not allow a write-ahead log.
#[derive(Debug, thiserror::Error)]
#[error("the file system does not allow a write-ahead log (journal mode stays `{0}`)")]
struct NoLog(String);

/// The file is damaged inside.
#[derive(Debug, thiserror::Error)]
#[error("the file is damaged: {0}")]
struct Damaged(String);

fn io(action: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> table::Error {
    table::Error::Io { action: action.to_owned(), source: source.into() }
}

fn sql(action: &str, source: rusqlite::Error) -> table::Error {
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => table::Error::Full { action: action.to_owned(), source: source.into() },
        _ => io(action, source),
    }
}

impl SqliteTable {
    /// Opens the file, or makes it. Blocks while it does.
    ///
    /// # Errors
    /// [`table::Error::Newer`] when a newer program wrote it; [`table::Error::Io`] when it is no database, is another
    /// program's, or cannot be opened. An existing file is not changed then.
    pub fn open(path: &Path) -> Result<Self, table::Error> {
        let place = path.display().to_string();
        let failed = |source: rusqlite::Error| sql(&format!("open `{place}`"), source);
        let mut connection = Connection::open(path).map_err(failed)?;
        connection.busy_timeout(BUSY).map_err(failed)?;
        // One snapshot: another process that makes the tables meanwhile is seen whole or not at all.
        let found = inspect(&*connection.unchecked_transaction().map_err(failed)?, &place)?;
        // Before anything is written: a new file is then synced five times instead of seven, itself still before it is used.
        connection.pragma_update(None, "synchronous", "NORMAL").map_err(failed)?;
        use_log(&connection, &place)?;
        if found != LAYOUT {
            create(&mut connection, &place)?;
        }
        connection.pragma_update(None, "wal_autocheckpoint", log_pages(Durability::Process)).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(16);
        connection.busy_timeout(Duration::ZERO).map_err(failed)?;
        let inner = Inner { connection, durability: Durability::Process };
        Ok(Self { inner: Arc::new(Mutex::new(inner)) })
    }

    /// Looks over the whole file, if there is one. Blocks while it does.
    ///
    /// # Errors
    /// Those of [`SqliteTable::open`], and [`table::Error::Io`] for a file that is damaged inside.
    pub fn check(path: &Path) -> Result<(), table::Error> {
        if !path.exists() {
            return Ok(());
        }
        let action = format!("read `{}`", path.display());
        let table = Self::open(path)?;
        let inner = table.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let found: String = inner
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|source| sql(&action, source))?;
        if found == "ok" { Ok(()) } else { Err(io(&action, Damaged(found))) }
    }

    /// Works with the connection at once, unless somebody has it or another process writes.
    async fn call<T: Send + 'static>(
        &self,
        action: &'static str,
        mut work: impl FnMut(&mut Inner) -> Result<T, table::Error> + Send + 'static,
    ) -> Result<T, table::Error> {
        if let Some(mut inner) = self.free() {
            match work(&mut inner) {
                Err(error) if waits(&error) => {}
                done => return done,
            }
        }
        self.call_blocking(action, work).await
    }

    /// The connection, if nobody has it.
    fn free(&self) -> Option<MutexGuard<'_, Inner>> {
        match self.inner.try_lock() {
            Ok(inner) => Some(inner),
            // A panic rolls the transaction back, so the connection is good for the next one.
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Works with the connection on a thread that may block. The work goes on when the caller stops waiting for it.
    async fn call_blocking<T: Send + 'static>(
        &self,
        action: &'static str,
        mut work: impl FnMut(&mut Inner) -> Result<T, table::Error> + Send + 'static,
    ) -> Result<T, table::Error> {
        let inner = Arc::clone(&self.inner);
        let job = tokio::task::spawn_blocking(move || {
            let mut inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.patience(BUSY)?;
            let done = work(&mut inner);
            inner.patience(Duration::ZERO)?;
            done
        });
        job.await.map_err(|source| io(action, source))?
    }
}

/// Answers the layout, 0 for a new file; refuses what is not ours without changing it.
fn inspect(connection: &Connection, place: &str) -> Result<i64, table::Error> {
    let failed = |source: rusqlite::Error| sql(&format!("open `{place}`"), source);
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(failed);
    let found = number("PRAGMA user_version")?;
    let application = number("PRAGMA application_id")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if application != APPLICATION && (application != 0 || found != 0 || tables != 0) {
        return Err(failed_foreign(place));
    }
    if found > LAYOUT {
        return Err(table::Error::Newer { place: format!("`{place}`"), found, known: LAYOUT });
    }
    Ok(found)
}

fn failed_foreign(place: &str) -> table::Error {
    io(&format!("open `{place}`"), Foreign)
}

/// Switches to the write-ahead log. SQLite does not wait its busy timeout for this, so the wait is here.
fn use_log(connection: &Connection, place: &str) -> Result<(), table::Error> {
    let start = Instant::now();
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(io(&format!("open `{place}`"), NoLog(mode))),
            Err(error) if busy(&error) && start.elapsed() < BUSY => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => return Err(sql(&format!("open `{place}`"), error)),
        }
    }
}

/// Whether another process has what this one needs; then nothing was done.
fn waits(error: &table::Error) -> bool {
    matches!(error, table::Error::Io { source, .. } if source.downcast_ref().is_some_and(busy))
}

fn busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Makes the one table. Several processes may try at once: the first does it, the others see that it is done.
fn create(connection: &mut Connection, place: &str) -> Result<(), table::Error> {
    let failed = |source: rusqlite::Error| sql(&format!("set up `{place}`"), source);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    if inspect(&transaction, place)? == LAYOUT {
        return Ok(());
    }
    let sql = format!(
        "CREATE TABLE items (
             pk TEXT NOT NULL, sk TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (pk, sk)
         ) STRICT, WITHOUT ROWID;
         PRAGMA application_id = {APPLICATION};
         PRAGMA user_version = {LAYOUT};"
    );
    transaction.execute_batch(&sql).map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn parse(text: &str) -> Result<Item, table::Error> {
    serde_json::from_str(text).map_err(|source| io("read an item", source))
}

fn read(connection: &Connection, key: &Key) -> Result<Option<Item>, table::Error> {
    let failed = |source: rusqlite::Error| sql("read an item", source);
    let mut statement =
        connection.prepare_cached("SELECT item FROM items WHERE pk = ?1 AND sk = ?2").map_err(failed)?;
    let text: Option<String> =
        statement.query_row(params![key.pk, key.sk], |row| row.get(0)).optional().map_err(failed)?;
    text.as_deref().map(parse).transpose()
}

/// A transaction that is rolled back unless it is committed. `rusqlite` has one that parses its statements anew each time, which
/// costs as much as writing a row.
struct Open<'a>(&'a Connection);

impl<'a> Open<'a> {
    /// Immediate: conditions are read under the write lock, so that nobody writes between them and the commit.
    fn begin(connection: &'a Connection) -> rusqlite::Result<Self> {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self(connection))
    }

    fn commit(self) -> rusqlite::Result<()> {
        self.0.prepare_cached("COMMIT")?.execute([]).map(drop)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // It is over once it was committed, and after some errors by itself.
        if !self.0.is_autocommit() {
            // The error that led here is the one to tell.
            self.0.execute_batch("ROLLBACK").ok();
        }
    }
}

/// The statements of one transaction, each of which is looked for in the connection's cache once and not for every row.
struct Statements<'a> {
    connection: &'a Connection,
    insert: Option<CachedStatement<'a>>,
    upsert: Option<CachedStatement<'a>>,
}

impl<'a> Statements<'a> {
    fn over(connection: &'a Connection) -> Self {
        Self { connection, insert: None, upsert: None }
    }

    fn put(&mut self, key: &Key, text: &str, absent: bool) -> rusqlite::Result<usize> {
        let (kept, sql) = if absent { (&mut self.insert, INSERT) } else { (&mut self.upsert, UPSERT) };
        let statement = match kept {
            Some(statement) => statement,
            none => none.insert(self.connection.prepare_cached(sql)?),
        };
        statement.execute(params![key.pk, key.sk, text])
    }

    fn apply(&mut self, index: usize, write: &Write) -> Result<(), table::Error> {
        let failed = |source: rusqlite::Error| sql("write an item", source);
        match write {
            Write::Put { key, item, condition } => {
                let text = serde_json::to_string(item).map_err(|source| io("write an item", source))?;
                let checked = matches!(condition, Condition::Equals(..));
                if checked && !holds(condition, read(self.connection, key)?.as_ref()) {
                    return Err(table::Error::Conflict { index });
                }
                match self.put(key, &text, *condition == Condition::Absent).map_err(failed)? {
                    0 => Err(table::Error::Conflict { index }),
                    _ => Ok(()),
                }
            }
            Write::Delete { key } => self
                .connection
                .prepare_cached("DELETE FROM items WHERE pk = ?1 AND sk = ?2")
                .and_then(|mut delete| delete.execute(params![key.pk, key.sk]))
                .map(drop)
                .map_err(failed),
        }
    }
}

impl Inner {
    /// How long to wait for other processes from now on.
    fn patience(&self, patience: Duration) -> Result<(), table::Error> {
        self.connection.busy_timeout(patience).map_err(|source| sql("wait for another process", source))
    }

    fn write(&mut self, writes: &[Write], durability: Durability) -> Result<(), table::Error> {
        let failed = |source: rusqlite::Error| sql("commit a transaction", source);
        if durability != self.durability {
            let level = match durability {
                Durability::Process => "NORMAL",
                Durability::Power => "FULL",
            };
            self.connection.pragma_update(None, "synchronous", level).map_err(failed)?;
            self.connection.pragma_update(None, "wal_autocheckpoint", log_pages(durability)).map_err(failed)?;
            self.durability = durability;
        }
        let transaction = Open::begin(&self.connection).map_err(failed)?;
        let mut statements = Statements::over(&self.connection);
        for (index, write) in writes.iter().enumerate() {
            statements.apply(index, write)?;
        }
        drop(statements);
        transaction.commit().map_err(failed)
    }

    fn query(&self, pk: &str, prefix: &str, after: Option<&str>, limit: usize) -> Result<Page, table::Error> {
        let failed = |source: rusqlite::Error| sql("read a list", source);
        // Text compares by its bytes, so what starts with the prefix lies together, from the prefix itself on.
        let sql = "SELECT sk, item FROM items WHERE pk = ?1 AND sk >= ?2 AND (?3 IS NULL OR sk > ?3) ORDER BY sk";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let from = after.filter(|after| *after > prefix).unwrap_or(prefix);
        let mut rows = statement.query(params![pk, from, after]).map_err(failed)?;
        let mut items = Vec::new();
        while items.len() <= limit
            && let Some(row) = rows.next().map_err(failed)?
        {
            let sk: String = row.get(0).map_err(failed)?;
            if !sk.starts_with(prefix) {
                break;
            }
            let text: String = row.get(1).map_err(failed)?;
            items.push((Key { pk: pk.to_owned(), sk }, parse(&text)?));
        }
        Ok(cut(items, limit))
    }
}

#[async_trait]
impl Table for SqliteTable {
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, table::Error> {
        check_tenant(tenant, &key.pk)?;
        let key = key.clone();
        self.call("read an item", move |inner| read(&inner.connection, &key)).await
    }

    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, durability: Durability) -> Result<(), table::Error> {
        check_transaction(tenant, &writes)?;
        let work = move |inner: &mut Inner| inner.write(&writes, durability);
        match durability {
            Durability::Process => self.call("write items", work).await,
            // It waits for the disk.
            Durability::Power => self.call_blocking("write items", work).await,
        }
    }

    async fn query(
        &self,
        tenant: &TenantId,
        pk: &str,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, table::Error> {
        check_tenant(tenant, pk)?;
        let (pk, prefix, after) = (pk.to_owned(), prefix.to_owned(), after.map(str::to_owned));
        self.call("read a list", move |inner| inner.query(&pk, &prefix, after.as_deref(), limit.max(1))).await
    }
}
