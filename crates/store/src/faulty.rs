//! A table that ends like a process does, for crash tests.

use async_trait::async_trait;
use maestro_domain::TenantId;
use maestro_ports::{
    Table,
    table::{self, Durability, Item, Key, Page, Write},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// At which side of a commit the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The commit does not happen.
    Before,
    /// The commit happens; nobody hears of it.
    After,
}

/// The error that every call answers once the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the process has ended (simulated)")]
pub struct Ended;

/// Wraps a table and makes one commit and every call after it fail, as if the process had ended there. What was
/// committed before stays in the wrapped table, which the test opens again.
pub struct CrashingTable {
    inner: Arc<dyn Table>,
    end: Option<(u64, Moment)>,
    commits: AtomicU64,
    ended: AtomicBool,
}

impl CrashingTable {
    /// Ends at the `nth` commit (from 1).
    #[must_use]
    pub fn new(inner: Arc<dyn Table>, nth: u64, moment: Moment) -> Self {
        Self { end: Some((nth, moment)), ..Self::counting(inner) }
    }

    /// Never ends: counts the commits of a whole run, so that a test can end it at each of them.
    #[must_use]
    pub fn counting(inner: Arc<dyn Table>) -> Self {
        Self { inner, end: None, commits: AtomicU64::new(0), ended: AtomicBool::new(false) }
    }

    /// How many commits were begun, the one at the end included. Refused transactions count: they, too, are moments at
    /// which a process can end.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// Whether the end has come.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    fn alive(&self) -> Result<(), table::Error> {
        if self.ended() { Err(dead()) } else { Ok(()) }
    }
}

fn dead() -> table::Error {
    table::Error::Io { action: "go on".to_owned(), source: Ended.into() }
}

#[async_trait]
impl Table for CrashingTable {
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, table::Error> {
        self.alive()?;
        self.inner.get(tenant, key).await
    }

    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, durability: Durability) -> Result<(), table::Error> {
        self.alive()?;
        let number = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        match self.end {
            Some((nth, _)) if number > nth => Err(dead()),
            Some((nth, moment)) if number == nth => {
                // Set first: nothing that runs beside this commit may still get through.
                self.ended.store(true, Ordering::SeqCst);
                if moment == Moment::After {
                    // Whatever came of it, nobody hears of it.
                    self.inner.write(tenant, writes, durability).await.ok();
                }
                Err(dead())
            }
            _ => self.inner.write(tenant, writes, durability).await,
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
        self.alive()?;
        self.inner.query(tenant, pk, prefix, after, limit).await
    }
}
