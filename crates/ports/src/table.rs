//! One table of items under partition and sort key, with conditional writes: what DynamoDB and SQLite both do.

use async_trait::async_trait;
use maestro_domain::TenantId;
use serde_json::{Map, Value};

/// Partition key and sort key. Built in one place only (`maestro-store`'s `keys`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition key; starts with `T#<tenant>#`.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

/// The attributes of one item.
pub type Item = Map<String, Value>;

/// What must hold of the stored item for a write to happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Anything.
    None,
    /// No item is stored under the key.
    Absent,
    /// An item is stored and this attribute has this value.
    Equals(String, Value),
}

/// How surely a write must have reached the disk before it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Survives the end of the process.
    Process,
    /// Survives the loss of power too: paid work and terminal states.
    Power,
}

/// One write of a transaction.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Replaces the whole item.
    Put {
        /// Where.
        key: Key,
        /// What.
        item: Item,
        /// On which condition.
        condition: Condition,
    },
    /// Removes the item, if it is there.
    Delete {
        /// Where.
        key: Key,
    },
}

/// One page of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Keys and items in order of the sort key.
    pub items: Vec<(Key, Item)>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<String>,
}

/// Most items one transaction may hold (DynamoDB's limit).
pub const MAX_TRANSACTION: usize = 100;

/// Why the table did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A condition did not hold; nothing was written.
    #[error("a condition did not hold (write {index} of the transaction)")]
    Conflict {
        /// Which write, from 0.
        index: usize,
    },
    /// More writes than a transaction may hold.
    #[error("{count} writes are more than one transaction holds ({MAX_TRANSACTION})")]
    TooMany {
        /// How many were asked for.
        count: usize,
    },
    /// A key that belongs to another tenant.
    #[error("key `{pk}` does not belong to tenant `{tenant}`")]
    Tenant {
        /// The key.
        pk: String,
        /// The tenant of the call.
        tenant: TenantId,
    },
    /// The store was written by a newer program.
    #[error("{place} was written by a newer maestro (layout {found}, this one knows {known})")]
    Newer {
        /// Where.
        place: String,
        /// Layout found.
        found: i64,
        /// Layout known.
        known: i64,
    },
    /// The disk has no room left; trying again does not help before somebody has made some.
    #[error("the table could not {action}: the disk is full")]
    Full {
        /// What it was doing.
        action: String,
        /// How it showed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store failed; trying again may help.
    #[error("the table could not {action}")]
    Io {
        /// What it was doing.
        action: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The table.
#[async_trait]
pub trait Table: Send + Sync {
    /// Reads one item, consistently.
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, Error>;
    /// Reads items in the order of their keys, each consistently; what is written meanwhile may show in some and not in others.
    async fn get_all(&self, tenant: &TenantId, keys: &[Key]) -> Result<Vec<Option<Item>>, Error> {
        let mut items = Vec::with_capacity(keys.len());
        for key in keys {
            items.push(self.get(tenant, key).await?);
        }
        Ok(items)
    }
    /// Writes all or nothing, at most [`MAX_TRANSACTION`] items.
    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, durability: Durability) -> Result<(), Error>;
    /// Reads items of one partition whose sort key starts with `prefix`, in order, at most `limit` from `after` on.
    async fn query(
        &self,
        tenant: &TenantId,
        pk: &str,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error>;
}
