//! Rows of workflows' nodes. A row changes on condition that its revision is the one that was read, so of two who decide
//! from the same row one decides again; what belongs together is one transaction.

use crate::{
    Error, Store, StoredFlow,
    codec::{PAGE, check_version, damaged, inline, inline_text, lost_race, parse, to_text},
    flows::read_flow,
    keys::{RunKeys, prefix},
};
use maestro_domain::{NodeKey, NodeOutput, NodeRow, RunId};
use maestro_ports::table::{Condition, Durability, Item, Key, Write};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::iter;

const REVISION: &str = "revision";
/// Longest output that stands in its node's row.
const SMALL: usize = 4 << 10;

/// A row as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNode {
    /// The row.
    pub row: NodeRow,
    /// How often it was written; 0 for one that is not stored.
    pub revision: u64,
}

/// A row to write.
#[derive(Debug, Clone, Copy)]
pub struct NodeWrite<'a> {
    /// Which.
    pub key: NodeKey,
    /// As it was read.
    pub revision: u64,
    /// As it becomes.
    pub row: &'a NodeRow,
}

/// What a person said about a node that waits for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Who.
    pub by: String,
    /// Whether they approve.
    pub approves: bool,
    /// What else they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When, milliseconds since 1970.
    pub at_ms: u64,
}

/// An event from outside that came for a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Who sent it.
    pub source: String,
    /// What kind of event.
    pub detail_type: String,
    /// What it says.
    pub detail: Value,
    /// When it came, milliseconds since 1970.
    pub at_ms: u64,
}

/// An item of a map that somebody began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRow {
    /// When, milliseconds since 1970.
    pub started_ms: u64,
    /// Its output, once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<NodeOutput>,
}

fn read_node(key: &Key, item: &Item) -> Result<StoredNode, Error> {
    let row = parse(key, inline_text(key, item)?)?;
    let revision = item.get(REVISION).and_then(Value::as_u64).ok_or_else(|| damaged(key, "it has no revision"))?;
    Ok(StoredNode { row, revision })
}

fn number_of(key: &Key, prefix: &str) -> Result<u32, Error> {
    let digits = key.sk.strip_prefix(prefix).and_then(|digits| digits.parse().ok());
    digits.ok_or_else(|| damaged(key, "its key has no number"))
}

impl Store {
    /// Reads the row of a node or a relay, consistently.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn node(&self, run: &RunId, node: NodeKey) -> Result<Option<StoredNode>, Error> {
        let key = self.keys(run).node(node);
        self.get(&key).await?.map(|item| read_node(&key, &item)).transpose()
    }

    /// Reads rows of nodes and relays in the order of `nodes`, each consistently; what is written meanwhile may show in some
    /// and not in others.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn these_nodes(&self, run: &RunId, nodes: &[NodeKey]) -> Result<Vec<Option<StoredNode>>, Error> {
        let key_of = self.keys(run).nodes();
        let keys: Vec<Key> = nodes.iter().copied().map(key_of).collect();
        let found = self.get_all(&keys).await?;
        keys.iter().zip(found).map(|(key, item)| item.map(|item| read_node(key, &item)).transpose()).collect()
    }

    /// Reads a run of a workflow and rows of it, as [`Store::flow`] and [`Store::these_nodes`] do.
    ///
    /// # Errors
    /// [`Error::NoRun`], or a failure of the store.
    pub async fn flow_and_nodes(
        &self,
        run: &RunId,
        nodes: &[NodeKey],
    ) -> Result<(StoredFlow, Vec<Option<StoredNode>>), Error> {
        let flow = self.keys(run).flow();
        let key_of = self.keys(run).nodes();
        let keys: Vec<Key> = iter::once(flow).chain(nodes.iter().copied().map(key_of)).collect();
        let mut found = keys.iter().zip(self.get_all(&keys).await?);
        let Some((key, Some(item))) = found.next() else { return Err(Error::NoRun { run: run.clone() }) };
        let flow = read_flow(key, &item)?;
        let rows = found.map(|(key, item)| item.map(|item| read_node(key, &item)).transpose());
        Ok((flow, rows.collect::<Result<_, _>>()?))
    }

    /// Reads all rows of nodes and relays that are stored.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn nodes(&self, run: &RunId) -> Result<Vec<(NodeKey, StoredNode)>, Error> {
        let mut rows = Vec::new();
        for shard in self.keys(run).node_shards() {
            for (prefix, make) in [
                (prefix::NODE, NodeKey::Node as fn(u32) -> NodeKey),
                (prefix::RELAY, NodeKey::Relay as fn(u32) -> NodeKey),
            ] {
                let mut after = None;
                loop {
                    let page = self.page(&shard, prefix, after.as_deref(), PAGE).await?;
                    for (key, item) in &page.items {
                        rows.push((make(number_of(key, prefix)?), read_node(key, item)?));
                    }
                    match page.next {
                        Some(next) => after = Some(next),
                        None => break,
                    }
                }
            }
        }
        rows.sort_by_key(|(key, _)| *key);
        Ok(rows)
    }

    /// Writes rows in one transaction, on condition that each is as it was read.
    ///
    /// # Errors
    /// [`Error::NodeChanged`] when one is not; then nothing was written. [`TooMany`](maestro_ports::table::Error::TooMany) for more than 100 rows.
    /// Or a failure of the store.
    pub async fn write_nodes(&self, run: &RunId, rows: &[NodeWrite<'_>], durability: Durability) -> Result<(), Error> {
        let key_of = self.keys(run).nodes();
        let writes = rows.iter().map(|NodeWrite { key, revision, row }| {
            let mut item = inline(to_text("a node", row)?);
            item.insert(REVISION.to_owned(), (revision + 1).into());
            let condition = match revision {
                0 => Condition::Absent,
                revision => Condition::Equals(REVISION.to_owned(), (*revision).into()),
            };
            Ok(Write::Put { key: key_of(*key), item, condition })
        });
        let writes = writes.collect::<Result<Vec<_>, Error>>()?;
        if durability == Durability::Power {
            // An output that a row names must be there when the row is.
            self.flush_blobs(run).await?;
        }
        match self.write(writes, durability).await {
            Err(error) if lost_race(&error) => Err(Error::NodeChanged { run: run.clone() }),
            other => other,
        }
    }

    /// Stores an output, where it is too large for a row, and says how a row names it.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn keep_output(&self, run: &RunId, value: Option<Value>) -> Result<NodeOutput, Error> {
        let Some(value) = value else { return Ok(NodeOutput::Nothing) };
        let small = match &value {
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
            Value::String(text) => text.len() <= SMALL / 2,
            Value::Array(_) | Value::Object(_) => false,
        };
        if small {
            return Ok(NodeOutput::Inline(value));
        }
        let text = value.to_string();
        if text.len() <= SMALL {
            return Ok(NodeOutput::Inline(value));
        }
        Ok(NodeOutput::Blob(self.blobs.put(&self.tenant, run, text.as_bytes()).await?))
    }

    /// Reads an output; `None` where there is none.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn output(&self, run: &RunId, output: &NodeOutput) -> Result<Option<Value>, Error> {
        match output {
            NodeOutput::Nothing => Ok(None),
            NodeOutput::Inline(value) => Ok(Some(value.clone())),
            NodeOutput::Blob(hash) => {
                let bytes = self.blobs.get(&self.tenant, run, hash).await?;
                serde_json::from_slice(&bytes)
                    .map(Some)
                    .map_err(|source| Error::BadDocument { hash: hash.clone(), source })
            }
        }
    }

    /// Records what a person said about a node; what they said before no longer counts.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn say(&self, run: &RunId, node: u32, word: &Word) -> Result<(), Error> {
        let key = self.keys(run).word(node, &word.by);
        let item = inline(to_text("a person's word", word)?);
        self.write(vec![Write::Put { key, item, condition: Condition::None }], Durability::Power).await
    }

    /// Reads what people said about a node, in the order of time.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn words(&self, run: &RunId, node: u32) -> Result<Vec<Word>, Error> {
        let mut words: Vec<Word> = self.all(run, &self.keys(run).partition(), &RunKeys::words(node)).await?;
        words.sort_by(|a, b| (a.at_ms, &a.by).cmp(&(b.at_ms, &b.by)));
        Ok(words)
    }

    /// Records an event from outside.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn keep_arrived(&self, run: &RunId, event: &Arrived) -> Result<(), Error> {
        self.add(run, prefix::ARRIVED, event).await
    }

    /// Reads the events from outside, in the order in which they came.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn arrived(&self, run: &RunId) -> Result<Vec<Arrived>, Error> {
        self.all(run, &self.keys(run).partition(), prefix::ARRIVED).await
    }

    /// Records what a recovery did.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn keep_recovery<T: Serialize + Sync>(&self, run: &RunId, what: &T) -> Result<(), Error> {
        self.add(run, prefix::RECOVERY, what).await
    }

    /// Reads what recoveries did, in order.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn recoveries<T: DeserializeOwned>(&self, run: &RunId) -> Result<Vec<T>, Error> {
        self.all(run, &self.keys(run).partition(), prefix::RECOVERY).await
    }

    /// Reads an item of a map.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn item(&self, run: &RunId, node: u32, item: u32) -> Result<Option<ItemRow>, Error> {
        let key = self.keys(run).item(node, item);
        match self.get(&key).await? {
            Some(item) => {
                check_version(&key, &item)?;
                parse(&key, inline_text(&key, &item)?).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Writes an item of a map. Who holds the map's node is the only one who does.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn write_item(&self, run: &RunId, node: u32, item: u32, row: &ItemRow) -> Result<(), Error> {
        let key = self.keys(run).item(node, item);
        let item = inline(to_text("an item", row)?);
        self.write(vec![Write::Put { key, item, condition: Condition::None }], Durability::Process).await
    }

    /// Adds to a list that only grows.
    async fn add<T: Serialize>(&self, run: &RunId, prefix: &str, value: &T) -> Result<(), Error> {
        let keys = self.keys(run);
        let text = to_text("an entry", value)?;
        let mut number = 0;
        for _ in 0..crate::ATTEMPTS {
            let mut after = None;
            loop {
                let page = self.page(&keys.partition(), prefix, after.as_deref(), PAGE).await?;
                number += page.items.len() as u64;
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let write = Write::Put {
                key: keys.entry(prefix, number),
                item: inline(text.as_str()),
                condition: Condition::Absent,
            };
            match self.write(vec![write], Durability::Power).await {
                Err(error) if lost_race(&error) => number = 0,
                other => return other,
            }
        }
        Err(Error::Contended { action: "add to a list".to_owned() })
    }
}
