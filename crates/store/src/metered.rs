//! A table that counts what DynamoDB would count, partition by partition: for tests of how a run's rows are spread.

use async_trait::async_trait;
use maestro_domain::TenantId;
use maestro_ports::{
    Table,
    table::{self, Condition, Durability, Item, Key, Page, Write},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

/// Units that a partition gives in a second, however much the table gives.
const WRITES_A_SECOND: u64 = 1_000;
/// The same of reads.
const READS_A_SECOND: u64 = 3_000;

/// Bytes of an item for which a write takes one unit; in a transaction it takes two.
const WRITTEN_AT_ONCE: u64 = 1 << 10;
/// Bytes for which a consistent read takes one unit.
const READ_AT_ONCE: u64 = 4 << 10;

/// What a partition was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Units {
    /// Units of writing, those of refused transactions among them.
    pub written: u64,
    /// Units of consistent reading.
    pub read: u64,
    /// Transactions that had a part here.
    pub transactions: u64,
}

impl Units {
    /// How many a second a partition can do of what took these units so many times.
    #[must_use]
    pub fn a_second(&self, times: u64) -> u64 {
        let most = |given: u64, taken: u64| (given * times).checked_div(taken).unwrap_or(u64::MAX);
        most(WRITES_A_SECOND, self.written).min(most(READS_A_SECOND, self.read))
    }
}

/// Wraps a table and counts.
pub struct MeteredTable {
    inner: Arc<dyn Table>,
    used: Mutex<BTreeMap<String, Units>>,
}

impl MeteredTable {
    /// Counts what is asked of this table.
    #[must_use]
    pub fn new(inner: Arc<dyn Table>) -> Self {
        Self { inner, used: Mutex::default() }
    }

    /// What was asked so far, by partition key.
    #[must_use]
    pub fn used(&self) -> BTreeMap<String, Units> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, pk: &str, add: impl FnOnce(&mut Units)) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        add(used.entry(pk.to_owned()).or_default());
    }
}

/// Bytes of an item, keys and names among them.
fn size(key: &Key, item: &Item) -> u64 {
    let attributes: usize = item.iter().map(|(name, value)| name.len() + value.as_str().map_or(8, str::len)).sum();
    (key.pk.len() + key.sk.len() + attributes) as u64
}

#[async_trait]
impl Table for MeteredTable {
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, table::Error> {
        let found = self.inner.get(tenant, key).await?;
        let bytes = found.as_ref().map_or(0, |item| size(key, item));
        self.count(&key.pk, |units| units.read += bytes.div_ceil(READ_AT_ONCE).max(1));
        Ok(found)
    }

    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, durability: Durability) -> Result<(), table::Error> {
        // As `DynamoTable` sends them.
        let alone = matches!(writes.as_slice(), [Write::Put { condition: Condition::None, .. } | Write::Delete { .. }]);
        let mut partitions = BTreeSet::new();
        for write in &writes {
            let (key, bytes) = match write {
                Write::Put { key, item, .. } => (key, size(key, item)),
                Write::Delete { key } => (key, 0),
            };
            let each = if alone { 1 } else { 2 };
            let first = partitions.insert(&key.pk) && !alone;
            self.count(&key.pk, |units| {
                units.written += each * bytes.div_ceil(WRITTEN_AT_ONCE).max(1);
                units.transactions += u64::from(first);
            });
        }
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
        let page = self.inner.query(tenant, pk, prefix, after, limit).await?;
        let bytes: u64 = page.items.iter().map(|(key, item)| size(key, item)).sum();
        self.count(pk, |units| units.read += bytes.div_ceil(READ_AT_ONCE).max(1));
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryTable;
    use serde_json::json;

    #[tokio::test]
    async fn units_are_those_of_dynamodb() {
        let (table, tenant) = (MeteredTable::new(Arc::new(MemoryTable::default())), TenantId::local());
        let key = |pk: &str, sk: &str| Key { pk: format!("T#{tenant}#{pk}"), sk: sk.to_owned() };
        let put = |key: &Key, bytes: usize, condition| {
            let item = Item::from_iter([("text".to_owned(), json!("a".repeat(bytes)))]);
            Write::Put { key: key.clone(), item, condition }
        };
        let used = |pk: &str| table.used()[&key(pk, "").pk];
        // A write alone takes a unit for each kilobyte, one of a transaction two.
        table.write(&tenant, vec![put(&key("A", "1"), 1_500, Condition::None)], Durability::Process).await.unwrap();
        assert_eq!(used("A"), Units { written: 2, read: 0, transactions: 0 });
        let two = vec![put(&key("A", "2"), 10, Condition::Absent), put(&key("B", "1"), 10, Condition::None)];
        table.write(&tenant, two.clone(), Durability::Process).await.unwrap();
        assert_eq!(used("A"), Units { written: 4, read: 0, transactions: 1 });
        // One that is refused costs the same.
        table.write(&tenant, two, Durability::Process).await.unwrap_err();
        assert_eq!(used("B"), Units { written: 4, read: 0, transactions: 2 });
        table.write(&tenant, vec![Write::Delete { key: key("B", "1") }], Durability::Process).await.unwrap();
        assert_eq!(used("B"), Units { written: 5, read: 0, transactions: 2 });
        // A row that is not there is read, too; a list is read as one.
        table.get(&tenant, &key("C", "1")).await.unwrap();
        table.query(&tenant, &key("A", "").pk, "", None, 9).await.unwrap();
        assert_eq!((used("C").read, used("A").read), (1, 1));
        assert_eq!(Units { written: 10, read: 10, transactions: 0 }.a_second(1), 100);
        assert_eq!(Units { written: 2, read: 600, transactions: 0 }.a_second(2), 10);
    }
}
