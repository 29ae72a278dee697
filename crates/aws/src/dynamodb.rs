//! The table on DynamoDB.

use crate::{
    Lazy,
    attributes::{self, Attributes, PK, SK},
    patience::{ATTEMPTS, pause},
};
use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        AttributeValue, CancellationReason, Delete, KeysAndAttributes, Put, ReturnConsumedCapacity::Total,
        TransactWriteItem,
    },
};
use maestro_domain::TenantId;
use maestro_ports::{
    Table,
    table::{Condition, Durability, Error, Item, Key, Page, Write},
};
use maestro_store::keys::{check_tenant, check_transaction};
use std::collections::{BTreeMap, BTreeSet};

/// Most items that one call reads.
const TOGETHER: usize = 100;

/// One table with a partition key `pk` and a sort key `sk`, both text.
#[derive(Debug, Clone)]
pub struct DynamoTable {
    client: Lazy<Client>,
    name: String,
}

impl DynamoTable {
    /// The table of this name.
    #[must_use]
    pub fn new(client: Lazy<Client>, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    /// One write that nothing depends on: doing it twice is doing it once, so the SDK may repeat it.
    async fn put(&self, key: &Key, item: &Item) -> Result<(), Error> {
        let put = self.client.put_item().table_name(&self.name).set_item(Some(attributes::row(key, item)));
        put.return_consumed_capacity(Total).send().await.map(drop).map_err(failed("write an item"))
    }

    async fn delete(&self, key: &Key) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.name).set_key(Some(attributes::key(key)));
        delete.return_consumed_capacity(Total).send().await.map(drop).map_err(failed("delete an item"))
    }

    /// All or nothing. The token makes a repetition harmless whose first answer was lost: a conditional write of its own
    /// would find its condition broken by itself.
    async fn transact(&self, writes: &[Write]) -> Result<(), Error> {
        let items: Vec<_> = writes.iter().map(|write| self.part(write)).collect::<Result<_, _>>()?;
        let token = ulid::Ulid::generate().to_string();
        for attempt in 1.. {
            let sending = self.client.transact_write_items().set_transact_items(Some(items.clone()));
            let sent = sending.client_request_token(&token).return_consumed_capacity(Total).send().await;
            let Err(error) = sent else { return Ok(()) };
            let Some(reasons) = cancelled(&error) else { return Err(failed("write items")(error)) };
            if let Some(index) = reasons.iter().position(|reason| reason.code() == Some("ConditionalCheckFailed")) {
                return Err(Error::Conflict { index });
            }
            if attempt == ATTEMPTS || !reasons.iter().all(passes) {
                return Err(failed("write items")(error));
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Ok(())
    }

    /// Reads items, as many calls as that takes: one answers no more than it has room and capacity for.
    async fn get_together(&self, keys: &[&Key], found: &mut BTreeMap<Key, Item>) -> Result<(), Error> {
        let wanted = KeysAndAttributes::builder().consistent_read(true);
        let wanted = keys.iter().fold(wanted, |wanted, key| wanted.keys(attributes::key(key)));
        let mut left = wanted.build().map_err(|source| io("read items", source))?;
        for attempt in 1.. {
            let get = self.client.batch_get_item().request_items(&self.name, left);
            let answer = get.return_consumed_capacity(Total).send().await.map_err(failed("read items"))?;
            for item in answer.responses.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default() {
                let (key, item) = read(item)?;
                found.insert(key, item);
            }
            match answer.unprocessed_keys.and_then(|mut tables| tables.remove(&self.name)) {
                None => break,
                Some(_) if attempt == ATTEMPTS => return Err(io("read items", "the table has no capacity left")),
                Some(unread) => left = unread,
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Ok(())
    }

    fn part(&self, write: &Write) -> Result<TransactWriteItem, Error> {
        let incomplete = |source| io("build a transaction", source);
        let part = match write {
            Write::Put { key, item, condition } => {
                let put = Put::builder().table_name(&self.name).set_item(Some(attributes::row(key, item)));
                let put = match condition {
                    Condition::None => put,
                    Condition::Absent => {
                        put.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK)
                    }
                    Condition::Equals(name, value) => put
                        .condition_expression("#name = :value")
                        .expression_attribute_names("#name", attributes::name(name))
                        .expression_attribute_values(":value", attributes::value(value)),
                };
                TransactWriteItem::builder().put(put.build().map_err(incomplete)?)
            }
            Write::Delete { key } => {
                let delete = Delete::builder().table_name(&self.name).set_key(Some(attributes::key(key)));
                TransactWriteItem::builder().delete(delete.build().map_err(incomplete)?)
            }
        };
        Ok(part.build())
    }
}

#[async_trait]
impl Table for DynamoTable {
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, Error> {
        check_tenant(tenant, &key.pk)?;
        let get = self.client.get_item().table_name(&self.name).set_key(Some(attributes::key(key)));
        let get = get.consistent_read(true).return_consumed_capacity(Total);
        let found = get.send().await.map_err(failed("read an item"))?;
        found.item.map(|found| Ok(read(found)?.1)).transpose()
    }

    async fn get_all(&self, tenant: &TenantId, keys: &[Key]) -> Result<Vec<Option<Item>>, Error> {
        if let [key] = keys {
            return Ok(vec![self.get(tenant, key).await?]);
        }
        keys.iter().try_for_each(|key| check_tenant(tenant, &key.pk))?;
        // No key may be named twice.
        let keys_once: Vec<_> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut found = BTreeMap::new();
        for together in keys_once.chunks(TOGETHER) {
            self.get_together(together, &mut found).await?;
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, _: Durability) -> Result<(), Error> {
        check_transaction(tenant, &writes)?;
        match writes.as_slice() {
            [] => Ok(()),
            [Write::Put { key, item, condition: Condition::None }] => self.put(key, item).await,
            [Write::Delete { key }] => self.delete(key).await,
            writes => self.transact(writes).await,
        }
    }

    async fn query(
        &self,
        tenant: &TenantId,
        pk: &str,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error> {
        check_tenant(tenant, pk)?;
        let mut start = match after {
            // A start outside the list is refused.
            Some(after) if after.starts_with(prefix) => Some(Key { pk: pk.to_owned(), sk: after.to_owned() }),
            Some(after) if after > prefix => return Ok(Page { items: Vec::new(), next: None }),
            _ => None,
        };
        let limit = limit.max(1);
        let mut items = Vec::new();
        loop {
            let mut query = self
                .client
                .query()
                .table_name(&self.name)
                .consistent_read(true)
                .return_consumed_capacity(Total)
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
                .limit(i32::try_from(limit - items.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start.as_ref().map(attributes::key));
            // A key is never empty, so an empty prefix cannot be asked for.
            query = if prefix.is_empty() {
                query.key_condition_expression("#pk = :pk")
            } else {
                query
                    .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
                    .expression_attribute_names("#sk", SK)
                    .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
            };
            let found = query.send().await.map_err(failed("read a list"))?;
            for row in found.items.unwrap_or_default() {
                items.push(read(row)?);
            }
            // A page ends after a megabyte, too.
            match found.last_evaluated_key {
                None => return Ok(Page { items, next: None }),
                Some(last) => {
                    let (key, _) = read(last)?;
                    if items.len() >= limit {
                        return Ok(Page { items, next: Some(key.sk) });
                    }
                    start = Some(key);
                }
            }
        }
    }
}

/// Why a transaction was taken back, write by write.
fn cancelled<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<&[CancellationReason]> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            Some(cancelled.cancellation_reasons())
        }
        _ => None,
    }
}

/// Whether a reason goes away by waiting: somebody else's transaction, or too many calls at once.
fn passes(reason: &CancellationReason) -> bool {
    let code = reason.code().unwrap_or("None");
    matches!(code, "None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
}

fn read(found: Attributes) -> Result<(Key, Item), Error> {
    attributes::read(found).map_err(|source| io("read an item", source))
}

fn failed<E, R>(action: &str) -> impl FnOnce(SdkError<E, R>) -> Error
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let action = action.to_owned();
    move |source| io(&action, source)
}

fn io(action: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Io { action: action.to_owned(), source: source.into() }
}
