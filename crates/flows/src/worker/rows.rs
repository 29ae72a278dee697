//! The rows of a run's nodes as many workers write them: each change on condition that a row is as it was read.

use super::{ATTEMPTS, Body, Error, Worker, text};
use crate::{flow::Flow, scope::Outcomes};
use maestro_domain::{NodeKey, NodeOutcome, NodeOutput, NodeRow, NodeStatus, node::Refused};
use maestro_ports::table::Durability;
use maestro_store::{NodeWrite, StoredNode};
use std::collections::BTreeMap;

/// What was read for a message, so that it is not read again.
#[derive(Default)]
pub(super) struct Seen {
    /// Rows that were read together with their run. Each is used once: who loses by one reads it anew.
    pub(super) rows: BTreeMap<NodeKey, StoredNode>,
    /// How the nodes ended that the node's texts read of, which does not change any more once it may begin.
    pub(super) outcomes: Option<Outcomes>,
}

/// What became of an attempt to write a completion.
pub(super) enum Written {
    /// It is written, and these rows count one less.
    Now { waiters: Vec<(NodeKey, NodeRow)>, token: Option<String> },
    /// It was complete already.
    Before,
    /// The claim no longer stands.
    Fenced,
}

impl Seen {
    /// Keeps rows that were found under these keys.
    pub(super) fn keep(&mut self, flow: &Flow, keys: &[NodeKey], found: Vec<Option<StoredNode>>) {
        let found = keys.iter().zip(found).map(|(key, row)| (*key, row.unwrap_or_else(|| fresh(flow, *key))));
        self.rows.extend(found);
    }
}

impl Worker {
    /// Writes a completion with all that it counts down, in one transaction. `claimed` is the row as it was claimed.
    pub(super) async fn settle(
        &self,
        flow: &Flow,
        key: NodeKey,
        mut claimed: Option<StoredNode>,
        outcome: &NodeOutcome,
        durability: Durability,
    ) -> Result<Written, Error> {
        let fence = claimed.as_ref().map(|claimed| claimed.row.fence);
        for _ in 0..ATTEMPTS {
            // Hardly ever has anybody written since it was claimed.
            let own = match claimed.take() {
                Some(claimed) => claimed,
                None => self.row(flow, key).await?,
            };
            let token = own.row.token.clone();
            let done = match own.row.complete(fence, outcome.clone()) {
                Ok(done) => done,
                Err(Refused::Complete) => return Ok(Written::Before),
                Err(Refused::Fenced) => return Ok(Written::Fenced),
                Err(source) => return Err(refused(flow, key, source)),
            };
            if let Some(waiters) =
                self.count_down(flow, key, own.revision, done, durability, &mut Seen::default()).await?
            {
                return Ok(Written::Now { waiters, token });
            }
        }
        Err(contended(flow))
    }

    /// Writes a completed row, which was read at this revision, with all that it counts down. `None` where somebody else has
    /// written one of them meanwhile.
    pub(super) async fn count_down(
        &self,
        flow: &Flow,
        key: NodeKey,
        revision: u64,
        done: NodeRow,
        durability: Durability,
        seen: &mut Seen,
    ) -> Result<Option<Vec<(NodeKey, NodeRow)>>, Error> {
        let waiters = flow.waiters(key);
        let mut rows = Vec::with_capacity(1 + waiters.len());
        rows.push((key, revision, done));
        for (waiter, StoredNode { mut row, revision }) in waiters.iter().zip(self.rows(flow, waiters, seen).await?) {
            // What waits for nothing any more was counted down by somebody else, who has completed this one.
            if row.release().is_err() {
                return Ok(None);
            }
            rows.push((*waiter, revision, row));
        }
        let writes: Vec<NodeWrite<'_>> =
            rows.iter().map(|(key, revision, row)| NodeWrite { key: *key, revision: *revision, row }).collect();
        let written = self.write(flow, &writes, durability).await?;
        Ok(written.then(|| rows.into_iter().skip(1).map(|(key, _, row)| (key, row)).collect()))
    }

    /// What follows a completion: whatever is ready by it is sent. `known` are the rows that wait for it, where they were
    /// just written; else they are read.
    pub(super) async fn release(
        &self,
        flow: &Flow,
        queue: &str,
        key: NodeKey,
        known: Option<Vec<(NodeKey, NodeRow)>>,
    ) -> Result<(), Error> {
        let (mut open, mut ready) = (vec![(key, known)], Vec::new());
        while let Some((key, known)) = open.pop() {
            let waiters = match known {
                Some(rows) => rows,
                None => {
                    let waiters = flow.waiters(key);
                    let rows = self.rows(flow, waiters, &mut Seen::default()).await?;
                    waiters.iter().copied().zip(rows.into_iter().map(|stored| stored.row)).collect()
                }
            };
            for (waiter, row) in waiters {
                match waiter {
                    NodeKey::Node(at) if row.ready() => {
                        let body = Body { token: row.token.clone(), ..Body::about(&flow.run, flow.id(at)) };
                        ready.push(text(&body));
                    }
                    NodeKey::Relay(_) if row.remaining == 0 => {
                        let at_ms = self.platform.clock.now_ms();
                        let outcome = NodeOutcome { status: NodeStatus::Succeeded, output: NodeOutput::Nothing, at_ms };
                        match self.settle(flow, waiter, None, &outcome, Durability::Process).await? {
                            Written::Now { waiters, .. } => open.push((waiter, Some(waiters))),
                            Written::Before | Written::Fenced => open.push((waiter, None)),
                        }
                    }
                    NodeKey::Node(_) | NodeKey::Relay(_) => {}
                }
            }
        }
        Ok(self.queue.send_all(queue, &ready).await?)
    }

    /// Changes a claimed row; `None` where the claim no longer stands.
    pub(super) async fn change(
        &self,
        flow: &Flow,
        node: u32,
        transition: impl Fn(NodeRow) -> Result<NodeRow, Refused>,
    ) -> Result<Option<NodeRow>, Error> {
        let key = NodeKey::Node(node);
        for _ in 0..ATTEMPTS {
            let stored = self.row(flow, key).await?;
            let row = match transition(stored.row) {
                Ok(row) => row,
                Err(Refused::Fenced) => return Ok(None),
                Err(source) => return Err(refused(flow, key, source)),
            };
            let write = NodeWrite { key, revision: stored.revision, row: &row };
            if self.write(flow, &[write], Durability::Process).await? {
                return Ok(Some(row));
            }
        }
        Err(contended(flow))
    }

    pub(super) async fn row(&self, flow: &Flow, key: NodeKey) -> Result<StoredNode, Error> {
        Ok(self.platform.store.node(&flow.run, key).await?.unwrap_or_else(|| fresh(flow, key)))
    }

    /// Rows in the order of their keys: as they were seen, and the others as they are now.
    pub(super) async fn rows(&self, flow: &Flow, keys: &[NodeKey], seen: &mut Seen) -> Result<Vec<StoredNode>, Error> {
        let unseen: Vec<NodeKey> = keys.iter().copied().filter(|key| !seen.rows.contains_key(key)).collect();
        let found = self.platform.store.these_nodes(&flow.run, &unseen).await?;
        seen.keep(flow, &unseen, found);
        Ok(keys.iter().map(|key| seen.rows.remove(key).unwrap_or_else(|| fresh(flow, *key))).collect())
    }

    /// Whether rows were written as they had been read.
    pub(super) async fn write(
        &self,
        flow: &Flow,
        rows: &[NodeWrite<'_>],
        durability: Durability,
    ) -> Result<bool, Error> {
        match self.platform.store.write_nodes(&flow.run, rows, durability).await {
            Ok(()) => Ok(true),
            Err(maestro_store::Error::NodeChanged { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) fn fresh(flow: &Flow, key: NodeKey) -> StoredNode {
    let waits_for = u32::try_from(flow.waits_for(key).len()).unwrap_or(u32::MAX);
    StoredNode { row: NodeRow::new(waits_for), revision: 0 }
}

pub(super) fn contended(flow: &Flow) -> Error {
    Error::Contended { run: flow.run.clone() }
}

pub(super) fn refused(flow: &Flow, key: NodeKey, source: Refused) -> Error {
    Error::Refused { node: flow.named(key), source }
}
