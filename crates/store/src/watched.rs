//! A table whose calls are seen before they are made, and can be made to wait for others: for tests of what is read and written,
//! and of what happens between a read and a write.

use async_trait::async_trait;
use maestro_domain::TenantId;
use maestro_ports::{
    Table,
    table::{self, Durability, Item, Key, Page, Write},
};
use std::sync::Arc;

/// A call that is about to be made.
#[derive(Debug, Clone, Copy)]
pub enum Call<'a> {
    /// A row is read.
    Get(&'a Key),
    /// A transaction is written.
    Write(&'a [Write], Durability),
    /// A page of this partition is read.
    Query(&'a str),
}

/// Wraps a table and shows every call to `watch`, which says how often others go first.
pub struct WatchedTable<W> {
    inner: Arc<dyn Table>,
    watch: W,
}

impl<W: Fn(Call<'_>) -> usize + Send + Sync> WatchedTable<W> {
    /// Shows the calls of this table.
    #[must_use]
    pub fn new(inner: Arc<dyn Table>, watch: W) -> Self {
        Self { inner, watch }
    }

    async fn see(&self, call: Call<'_>) {
        for _ in 0..(self.watch)(call) {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl<W: Fn(Call<'_>) -> usize + Send + Sync> Table for WatchedTable<W> {
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, table::Error> {
        self.see(Call::Get(key)).await;
        self.inner.get(tenant, key).await
    }

    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, durability: Durability) -> Result<(), table::Error> {
        self.see(Call::Write(&writes, durability)).await;
        self.inner.write(tenant, writes, durability).await
    }

    async fn query(
        &self,
        tenant: &TenantId,
        pk: &str,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, table::Error> {
        self.see(Call::Query(pk)).await;
        self.inner.query(tenant, pk, prefix, after, limit).await
    }
}
