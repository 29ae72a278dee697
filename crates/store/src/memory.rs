//! Table and blobs in memory, with the semantics of the real ones: for tests, and as the model that adapters are
//! compared with.

use crate::keys::{check_tenant, check_transaction};
use async_trait::async_trait;
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::{
    Blobs, Table, blobs,
    table::{self, Condition, Durability, Item, Key, Page, Write},
};
use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What every `Table` does with a condition.
pub(crate) fn holds(condition: &Condition, stored: Option<&Item>) -> bool {
    match condition {
        Condition::None => true,
        Condition::Absent => stored.is_none(),
        Condition::Equals(name, value) => stored.and_then(|item| item.get(name)) == Some(value),
    }
}

/// Cuts one item too many off a page and says where the next page starts.
pub(crate) fn cut(mut items: Vec<(Key, Item)>, limit: usize) -> Page {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(|(key, _)| key.sk.clone()) } else { None };
    Page { items, next }
}

/// A table in memory. It is gone when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryTable {
    items: Mutex<BTreeMap<Key, Item>>,
}

impl MemoryTable {
    /// All rows in order of their keys, for tests that look at the whole.
    #[must_use]
    pub fn rows(&self) -> Vec<(Key, Item)> {
        self.items().iter().map(|(key, item)| (key.clone(), item.clone())).collect()
    }

    fn items(&self) -> MutexGuard<'_, BTreeMap<Key, Item>> {
        // Writes below happen after all checks and cannot panic half-way, so a poisoned map is whole.
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Table for MemoryTable {
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, table::Error> {
        check_tenant(tenant, &key.pk)?;
        Ok(self.items().get(key).cloned())
    }

    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, _: Durability) -> Result<(), table::Error> {
        check_transaction(tenant, &writes)?;
        let mut items = self.items();
        for (index, write) in writes.iter().enumerate() {
            if let Write::Put { key, condition, .. } = write
                && !holds(condition, items.get(key))
            {
                return Err(table::Error::Conflict { index });
            }
        }
        for write in writes {
            match write {
                Write::Put { key, item, .. } => drop(items.insert(key, item)),
                Write::Delete { key } => drop(items.remove(&key)),
            }
        }
        Ok(())
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
        let limit = limit.max(1);
        let key = |sk: &str| Key { pk: pk.to_owned(), sk: sk.to_owned() };
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(key(after)),
            _ => Bound::Included(key(prefix)),
        };
        let found = self
            .items()
            .range((start, Bound::Unbounded))
            .take_while(|(key, _)| key.pk == pk && key.sk.starts_with(prefix))
            .take(limit + 1)
            .map(|(key, item)| (key.clone(), item.clone()))
            .collect();
        Ok(cut(found, limit))
    }
}

type BlobKey = (TenantId, RunId, ContentHash);

/// Blobs in memory. They are gone when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: Mutex<BTreeMap<BlobKey, Vec<u8>>>,
}

impl MemoryBlobs {
    /// Whether nothing is stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blobs().is_empty()
    }

    fn blobs(&self) -> MutexGuard<'_, BTreeMap<BlobKey, Vec<u8>>> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn put(&self, tenant: &TenantId, run: &RunId, bytes: &[u8]) -> Result<ContentHash, blobs::Error> {
        let hash = ContentHash::of(bytes);
        self.blobs().entry((tenant.clone(), run.clone(), hash.clone())).or_insert_with(|| bytes.to_vec());
        Ok(hash)
    }

    async fn get(&self, tenant: &TenantId, run: &RunId, hash: &ContentHash) -> Result<Vec<u8>, blobs::Error> {
        let found = self.blobs().get(&(tenant.clone(), run.clone(), hash.clone())).cloned();
        found.ok_or_else(|| blobs::Error::Missing { hash: hash.clone() })
    }

    async fn flush(&self, _: &TenantId, _: &RunId) -> Result<(), blobs::Error> {
        Ok(())
    }

    async fn delete_run(&self, tenant: &TenantId, run: &RunId) -> Result<(), blobs::Error> {
        self.blobs().retain(|(owner, of, _), _| (owner, of) != (tenant, run));
        Ok(())
    }
}
