//! The rows of a run's nodes, and the readiness protocol on them.
//!
//! Changes gather in memory until [`Board::commit`], so that claims and completions of one moment share a transaction.
//! Whoever works on something that has an effect commits its claim before, and with it everything that led there. How far
//! a waiting row is counted down is not written: only this board counts, and whoever opens the run again counts anew from
//! what is complete. One board at a time writes a run: who lost against another gets an error, and nothing of that commit
//! was written.

use crate::flow::Flow;
use maestro_domain::{
    NodeKey, NodeOutcome, NodeOutput, NodeRow, NodeState, NodeStatus,
    node::{Refused, Take},
};
use maestro_ports::table::{Durability, MAX_TRANSACTION};
use maestro_store::{NodeWrite, Store};
use maestro_workflow::{compile::Wait, graph::Ix};

/// Why a row was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed, or somebody else wrote the run.
    #[error(transparent)]
    Store(#[from] maestro_store::Error),
    /// The row does not allow it.
    #[error("node `{node}`: {source}")]
    Refused {
        /// Its id, or `relay N`.
        node: String,
        /// Why not.
        #[source]
        source: Refused,
    },
}

#[derive(Debug, Clone, Default)]
struct Slot {
    row: NodeRow,
    revision: u64,
    dirty: bool,
}

/// What becomes of undone nodes where a run is opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// They are done again.
    IsDoneAgain,
    /// They stay undone: the rest is to be undone too.
    Stays,
}

/// The rows of one run.
pub struct Board {
    store: Store,
    nodes: Vec<Slot>,
    relays: Vec<Slot>,
    dirty: Vec<NodeKey>,
    durability: Durability,
    writes: u64,
}

impl Board {
    /// Reads all rows of a run.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn load(store: Store, flow: &Flow) -> Result<Self, Error> {
        let fresh = |key| Slot { row: NodeRow::new(count(flow, key)), revision: 0, dirty: false };
        let mut board = Self {
            nodes: (0..).take(flow.len()).map(|at| fresh(NodeKey::Node(at))).collect(),
            relays: (0..).take(flow.compiled.relays.len()).map(|at| fresh(NodeKey::Relay(at))).collect(),
            dirty: Vec::new(),
            durability: Durability::Process,
            writes: 0,
            store,
        };
        for (key, stored) in board.store.nodes(&flow.run).await? {
            if let Some(slot) = board.slot_mut(key) {
                *slot = Slot { row: stored.row, revision: stored.revision, dirty: false };
            }
        }
        Ok(board)
    }

    /// A row as it stands.
    #[must_use]
    pub fn row(&self, key: NodeKey) -> &NodeRow {
        static NONE: NodeRow = NodeRow {
            state: NodeState::Waiting,
            remaining: 0,
            fence: 0,
            token: None,
            failed: Vec::new(),
            started_ms: None,
            undone_ms: None,
            not_undone: None,
        };
        self.slot(key).map_or(&NONE, |slot| &slot.row)
    }

    /// All nodes' rows, by number.
    pub fn nodes(&self) -> impl Iterator<Item = (u32, &NodeRow)> {
        (0..).zip(self.nodes.iter().map(|slot| &slot.row))
    }

    /// How many transactions were written.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Prepares a new execution, while none is under way: claims are void, and what each row waits for is counted anew.
    ///
    /// # Errors
    /// A failure of the store; doing it again mends what was done in part.
    pub async fn reopen(&mut self, flow: &Flow, undone: Undone, now_ms: u64) -> Result<(), Error> {
        // Relays are numbered in no particular order, so those that are complete are found in rounds.
        let mut complete = vec![false; self.relays.len()];
        let is = |board: &Self, complete: &[bool], wait: &Wait| match wait {
            Wait::Node(Ix(at)) => board.row(NodeKey::Node(*at)).outcome().is_some(),
            Wait::Relay(at) => complete.get(*at).copied().unwrap_or_default(),
        };
        loop {
            let found: Vec<usize> = (0..)
                .zip(&flow.compiled.relays)
                .filter(|(at, relay)| {
                    !complete.get(*at).copied().unwrap_or_default()
                        && relay.after.iter().all(|wait| is(self, &complete, wait))
                })
                .map(|(at, _)| at)
                .collect();
            if found.is_empty() {
                break;
            }
            for at in found {
                complete.get_mut(at).into_iter().for_each(|one| *one = true);
            }
        }
        let keys: Vec<NodeKey> = (0..)
            .take(self.nodes.len())
            .map(NodeKey::Node)
            .chain((0..).take(self.relays.len()).map(NodeKey::Relay))
            .collect();
        for key in keys {
            let left = flow.waits_for(key).iter().filter(|wait| !is(self, &complete, wait)).count();
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            let row = self.row(key).clone();
            let next = match key {
                NodeKey::Node(_) if undone == Undone::Stays && row.state == NodeState::Compensated => row.clone(),
                NodeKey::Node(_) => row.clone().reopened(left),
                NodeKey::Relay(_) if left == 0 && row.outcome().is_some() => row.clone(),
                NodeKey::Relay(_) => {
                    let open = NodeRow { state: NodeState::Waiting, ..row.clone() }.reopened(left);
                    if left == 0 { open.clone().complete(None, relayed(now_ms)).unwrap_or(open) } else { open }
                }
            };
            // A row that nothing has happened to need not be stored.
            let untouched = self.slot(key).is_some_and(|slot| slot.revision == 0)
                && next == NodeRow { fence: next.fence, ..NodeRow::new(count(flow, key)) };
            if next != row && !untouched {
                self.room(flow).await?;
                self.put(key, next);
                self.written(key);
            }
        }
        self.commit(flow).await
    }

    /// A message has come for a node. What it may become is written by the next commit. Answers the fence of the claim where
    /// the node is to be worked on now.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn take(
        &mut self,
        flow: &Flow,
        node: u32,
        token: Option<String>,
        now_ms: u64,
        lease_ms: u64,
    ) -> Result<Option<u32>, Error> {
        let key = NodeKey::Node(node);
        self.room(flow).await?;
        let take = self.row(key).clone().take(token, now_ms, lease_ms);
        let claim = if let Take::Work(row) = &take { Some(row.fence) } else { None };
        match take {
            Take::Park(row) | Take::Work(row) | Take::Held { row, .. } => self.put(key, row),
            Take::Done(_) | Take::Failed(_) | Take::Late => {}
        }
        Ok(claim)
    }

    /// Completes a node, and counts down all that wait for it, also through relays. Answers the nodes that are ready now.
    ///
    /// # Errors
    /// [`Error::Refused`] when the claim no longer stands, or a failure of the store.
    pub async fn complete(
        &mut self,
        flow: &Flow,
        node: u32,
        fence: Option<u32>,
        status: NodeStatus,
        output: NodeOutput,
        now_ms: u64,
    ) -> Result<Vec<u32>, Error> {
        let outcome = NodeOutcome { status, output, at_ms: now_ms };
        let mut ready = Vec::new();
        let mut next = vec![(NodeKey::Node(node), fence, outcome)];
        while let Some((key, fence, outcome)) = next.pop() {
            self.room(flow).await?;
            let row = self.row(key).clone().complete(fence, outcome).map_err(refused(flow, key))?;
            self.put(key, row);
            for waiter in flow.waiters(key) {
                let Some(Slot { row, .. }) = self.slot_mut(*waiter) else { continue };
                row.release().map_err(refused(flow, *waiter))?;
                match waiter {
                    NodeKey::Relay(_) if row.remaining == 0 => next.push((*waiter, None, relayed(now_ms))),
                    NodeKey::Node(at) if row.ready() => ready.push(*at),
                    _ => {}
                }
                if !waits(row) {
                    self.written(*waiter);
                }
            }
        }
        Ok(ready)
    }

    /// Changes a node's row by one of its transitions.
    ///
    /// # Errors
    /// [`Error::Refused`] when the row does not allow it, or a failure of the store.
    pub async fn change(
        &mut self,
        flow: &Flow,
        node: u32,
        transition: impl FnOnce(NodeRow) -> Result<NodeRow, Refused>,
    ) -> Result<(), Error> {
        let key = NodeKey::Node(node);
        self.room(flow).await?;
        let row = transition(self.row(key).clone()).map_err(refused(flow, key))?;
        self.put(key, row);
        Ok(())
    }

    /// The next commit has to survive the loss of power too: something outside was changed.
    pub fn outside_changed(&mut self) {
        self.durability = Durability::Power;
    }

    /// Writes all changes.
    ///
    /// # Errors
    /// A failure of the store, or [`maestro_store::Error::NodeChanged`] when somebody else wrote the run.
    pub async fn commit(&mut self, flow: &Flow) -> Result<(), Error> {
        if self.dirty.is_empty() {
            return Ok(());
        }
        let mut writes = Vec::with_capacity(self.dirty.len());
        for key in &self.dirty {
            if let Some(slot) = self.slot(*key) {
                writes.push(NodeWrite { key: *key, revision: slot.revision, row: &slot.row });
            }
        }
        self.store.write_nodes(&flow.run, &writes, self.durability).await?;
        drop(writes);
        self.writes += 1;
        self.durability = Durability::Process;
        for key in std::mem::take(&mut self.dirty) {
            if let Some(slot) = self.slot_mut(key) {
                slot.revision += 1;
                slot.dirty = false;
            }
        }
        Ok(())
    }

    /// Makes room for one more row in the transaction.
    async fn room(&mut self, flow: &Flow) -> Result<(), Error> {
        if self.dirty.len() < MAX_TRANSACTION { Ok(()) } else { self.commit(flow).await }
    }

    fn put(&mut self, key: NodeKey, row: NodeRow) {
        let waits = waits(&row);
        if let Some(slot) = self.slot_mut(key) {
            slot.row = row;
        }
        if !waits {
            self.written(key);
        }
    }

    /// The next commit writes the row.
    fn written(&mut self, key: NodeKey) {
        if let Some(slot) = self.slot_mut(key)
            && !std::mem::replace(&mut slot.dirty, true)
        {
            self.dirty.push(key);
        }
    }

    fn slot(&self, key: NodeKey) -> Option<&Slot> {
        match key {
            NodeKey::Node(at) => self.nodes.get(at as usize),
            NodeKey::Relay(at) => self.relays.get(at as usize),
        }
    }

    fn slot_mut(&mut self, key: NodeKey) -> Option<&mut Slot> {
        match key {
            NodeKey::Node(at) => self.nodes.get_mut(at as usize),
            NodeKey::Relay(at) => self.relays.get_mut(at as usize),
        }
    }
}

/// Whether nobody has begun: how far such a row is counted down is not written.
fn waits(row: &NodeRow) -> bool {
    matches!(row.state, NodeState::Waiting | NodeState::Parked)
}

fn count(flow: &Flow, key: NodeKey) -> u32 {
    u32::try_from(flow.waits_for(key).len()).unwrap_or(u32::MAX)
}

fn relayed(at_ms: u64) -> NodeOutcome {
    NodeOutcome { status: NodeStatus::Succeeded, output: NodeOutput::Nothing, at_ms }
}

fn refused(flow: &Flow, key: NodeKey) -> impl Fn(Refused) -> Error {
    move |source| Error::Refused { node: flow.named(key), source }
}
