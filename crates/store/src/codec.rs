//! How a value becomes a row.
//!
//! Every row holds `v`, the version of its shape, and the value as JSON text: in `text`, or, past [`INLINE`] bytes, in
//! the blob that `blob` names (DynamoDB refuses items over 400 KB). Text rather than nested attributes, because numbers
//! then read back as they were written on every adapter, and because a row can be compared with what was read by one
//! attribute.

use crate::{Error, Store};
use maestro_domain::{ContentHash, RunId};
use maestro_ports::table::{self, Condition, Durability, Item, Key, Page, Write};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The version of all row shapes that this program writes and the newest that it reads.
pub(crate) const VERSION: u64 = 1;

/// Longest text that stands in the row itself.
pub(crate) const INLINE: usize = 32 << 10;

/// Rows read or deleted at once.
pub(crate) const PAGE: usize = 100;

const TEXT: &str = "text";
const BLOB: &str = "blob";

/// A row without a value.
pub(crate) fn bare() -> Item {
    let mut item = Item::new();
    item.insert("v".to_owned(), VERSION.into());
    item
}

/// A row with its text inside.
pub(crate) fn inline(text: impl Into<String>) -> Item {
    let mut item = bare();
    item.insert(TEXT.to_owned(), Value::String(text.into()));
    item
}

/// The condition that a row's text is still what was read.
pub(crate) fn unchanged(text: &str) -> Condition {
    Condition::Equals(TEXT.to_owned(), Value::from(text))
}

/// Whether a write failed because a row was no longer what was read.
pub(crate) fn lost_race(error: &Error) -> bool {
    matches!(error, Error::Table(table::Error::Conflict { .. }))
}

pub(crate) fn to_text(what: &'static str, value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|source| Error::Encode { what, source })
}

pub(crate) fn damaged(key: &Key, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::DamagedRow { place: place(key), source: source.into() }
}

fn place(key: &Key) -> String {
    format!("{} / {}", key.pk, key.sk)
}

/// Refuses rows of newer programs.
pub(crate) fn check_version(key: &Key, item: &Item) -> Result<(), Error> {
    match item.get("v").and_then(Value::as_u64) {
        Some(VERSION) => Ok(()),
        Some(found) if found > VERSION => Err(Error::NewerRow { place: place(key), found, known: VERSION }),
        Some(_) | None => Err(damaged(key, "it has no known version")),
    }
}

/// The text of a row that always stands inside.
pub(crate) fn inline_text<'a>(key: &Key, item: &'a Item) -> Result<&'a str, Error> {
    check_version(key, item)?;
    text_of(item).ok_or_else(|| damaged(key, "it has no text"))
}

/// The text that an item holds inside, if it does.
pub(crate) fn text_of(item: &Item) -> Option<&str> {
    item.get(TEXT).and_then(Value::as_str)
}

pub(crate) fn parse<T: DeserializeOwned>(key: &Key, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| damaged(key, source))
}

impl Store {
    /// A row for a text of any length; a long one is put into the run's blobs first.
    pub(crate) async fn row(&self, run: &RunId, text: &str) -> Result<Item, Error> {
        if text.len() <= INLINE {
            return Ok(inline(text));
        }
        let hash = self.blobs.put(&self.tenant, run, text.as_bytes()).await?;
        let mut item = bare();
        item.insert(BLOB.to_owned(), Value::from(hash.as_str()));
        Ok(item)
    }

    /// The text of a row that [`Store::row`] made.
    pub(crate) async fn row_text(&self, run: &RunId, key: &Key, item: &Item) -> Result<String, Error> {
        let Some(blob) = item.get(BLOB) else {
            return inline_text(key, item).map(str::to_owned);
        };
        check_version(key, item)?;
        let hash: ContentHash = serde_json::from_value(blob.clone()).map_err(|source| damaged(key, source))?;
        let bytes = self.blobs.get(&self.tenant, run, &hash).await?;
        String::from_utf8(bytes).map_err(|source| damaged(key, source))
    }

    pub(crate) async fn decode<T: DeserializeOwned>(&self, run: &RunId, key: &Key, item: &Item) -> Result<T, Error> {
        parse(key, &self.row_text(run, key, item).await?)
    }

    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, Error> {
        Ok(self.table.get(&self.tenant, key).await?)
    }

    pub(crate) async fn get_all(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, Error> {
        Ok(self.table.get_all(&self.tenant, keys).await?)
    }

    pub(crate) async fn write(&self, writes: Vec<Write>, durability: Durability) -> Result<(), Error> {
        let paid = self.paid.recorded();
        self.table.write(&self.tenant, writes, durability).await?;
        if durability == Durability::Power {
            self.paid.safe(paid);
        }
        Ok(())
    }

    /// How surely a write must be safe that what was paid for before may count after it: a flush also saves all earlier
    /// writes, and the blobs that they name are flushed before it.
    pub(crate) async fn barrier(&self) -> Result<Durability, Error> {
        if !self.paid.unsafe_yet() {
            return Ok(Durability::Process);
        }
        // Of every run: the flush of the table knows no difference.
        while let Some(run) = self.paid.next() {
            if let Err(error) = self.flush_blobs(&run).await {
                self.paid.again(run);
                return Err(error);
            }
        }
        Ok(Durability::Power)
    }

    pub(crate) async fn page(&self, pk: &str, prefix: &str, after: Option<&str>, limit: usize) -> Result<Page, Error> {
        Ok(self.table.query(&self.tenant, pk, prefix, after, limit).await?)
    }

    /// Reads a whole list, page by page.
    pub(crate) async fn all<T: DeserializeOwned>(&self, run: &RunId, pk: &str, prefix: &str) -> Result<Vec<T>, Error> {
        let mut values = Vec::new();
        let mut after = None;
        loop {
            let page = self.page(pk, prefix, after.as_deref(), PAGE).await?;
            for (key, item) in &page.items {
                values.push(self.decode(run, key, item).await?);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(values),
            }
        }
    }
}
