//! Nodes by messages: what a message of a state machine asks for, over rows that many workers write at once.
//!
//! A worker holds nothing between messages. It claims a node before it works on it; whoever completes a node counts down,
//! in the same transaction, every row that waits for it, and sends the messages of those that are ready by then. Rows
//! change on condition that they are as they were read, so what a transaction wrote of a waiting row is how that row
//! stands: it has either been parked before, and is sent, or its message is yet to come, and finds nothing to wait for.
//! A message that finds its node complete repeats what follows a completion. So whoever dies, and wherever, no wake-up is
//! lost.

use crate::{
    failure::Fault,
    flow::Flow,
    platform::Platform,
    scope::{Outcomes, Scope},
    task::{Progress, Task},
};
use maestro_domain::{
    NodeFailure, NodeKey, NodeOutcome, NodeOutput, NodeRow, NodeState, NodeStatus, RunId, RunStatus,
    node::{Refused, Take},
};
use maestro_ports::{Queue, TaskTokens, Timer, table::Durability};
use maestro_store::{NodeWrite, StoredNode};
use maestro_workflow::{Node, format::WorkflowNode, graph::Ix, types};
use serde::{Deserialize, Serialize};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How often a row that others write is read anew.
const ATTEMPTS: usize = 50;
/// Workflows that are kept compiled.
const KEPT: usize = 16;
/// The longest that a message is held back. Times further away are looked at again by then.
const LATER_MS: u64 = 900_000;

/// The end of the lease of a claim that was given on to a message.
const GIVEN_ON: u64 = 0;
/// The soonest that such a message comes, in seconds: by then the row says so.
const SOON: u64 = 1;

/// What a message says: of a state machine, of who released a node, or of a worker that gives its claim to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Body {
    run: RunId,
    node: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Which claim it goes on with. Where another stands by now, somebody else does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fence: Option<u32>,
}

/// A message that was received.
pub struct Received<'a> {
    /// Where from.
    pub queue: &'a str,
    /// Its text.
    pub body: &'a str,
    /// How long a claim stands: until whoever works on it is certainly gone.
    pub lease_ms: u64,
    /// When to stop, so that another can go on in time.
    pub time_up: Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is done with.
    Acknowledge,
    /// Somebody is at work: it has to come again then.
    ComesBack {
        /// When, milliseconds since 1970.
        at_ms: u64,
    },
}

/// Why a message could not be dealt with; it has to come again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing can be made of its text.
    #[error("the message is about no node: {0}")]
    Body(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] maestro_store::Error),
    /// A queue or a state machine could not be told.
    #[error(transparent)]
    Work(#[from] maestro_ports::work::Error),
    /// A row does not allow what the protocol says it must.
    #[error("node `{node}`: {source}")]
    Refused {
        /// Its id, or `relay N`.
        node: String,
        /// Why not.
        #[source]
        source: Refused,
    },
    /// Others were faster, again and again.
    #[error("the rows of run `{run}` are written by too many at once")]
    Contended {
        /// The run.
        run: RunId,
    },
}

/// What became of an attempt to write a completion.
enum Written {
    /// It is written, and these rows count one less.
    Now { waiters: Vec<(NodeKey, NodeRow)>, token: Option<String> },
    /// It was complete already.
    Before,
    /// The claim no longer stands.
    Fenced,
}

/// Takes messages. Cheap to keep for as long as a process lives.
pub struct Worker {
    platform: Platform,
    timer: Arc<dyn Timer>,
    tokens: Arc<dyn TaskTokens>,
    queue: Arc<dyn Queue>,
    flows: Mutex<Vec<Arc<Flow>>>,
}

impl Worker {
    /// A worker with these ports.
    #[must_use]
    pub fn new(platform: Platform, timer: Arc<dyn Timer>, tokens: Arc<dyn TaskTokens>, queue: Arc<dyn Queue>) -> Self {
        Self { platform, timer, tokens, queue, flows: Mutex::default() }
    }

    /// Does what a message asks for.
    ///
    /// # Errors
    /// [`Error`]; the message has to come again then, and everything is as if it had not come, or goes on from there.
    pub async fn take(&self, mut received: Received<'_>) -> Result<Taken, Error> {
        let body: Body = serde_json::from_str(received.body).map_err(|error| Error::Body(error.to_string()))?;
        let stored = self.platform.store.flow(&body.run).await?;
        if stored.run.status != RunStatus::Running {
            let why = format!("run `{}` is {}", body.run, stored.run.status.id());
            self.answer(body.token.as_deref(), None, &Err(Fault::Cancelled.because(why))).await?;
            return Ok(Taken::Acknowledge);
        }
        let flow = self.flow(&stored).await?;
        let node = flow.number(&body.node);
        let node = node.ok_or_else(|| Error::Body(format!("the workflow has no node `{}`", body.node)))?;
        let own = body.token.as_deref();
        match self.claim(&flow, node, &body, received.lease_ms).await? {
            None => Ok(Taken::Acknowledge),
            Some(Take::Park(_)) => Ok(Taken::Acknowledge),
            Some(Take::Held { lease_until_ms, .. }) => Ok(Taken::ComesBack { at_ms: lease_until_ms }),
            Some(Take::Done(_)) => {
                self.release(&flow, received.queue, NodeKey::Node(node), None).await?;
                self.answer(own, None, &Ok(())).await?;
                Ok(Taken::Acknowledge)
            }
            Some(Take::Work(row)) => {
                let fence = row.fence;
                let worked = tokio::select! {
                    biased;
                    worked = self.work(&flow, node, &row) => Some(worked?),
                    () = &mut received.time_up => None,
                    () = self.keep_alive(&flow, node, row.token.as_deref()) => None,
                };
                match worked {
                    Some(Ok(Ended::Complete(status, output))) => {
                        self.complete(&flow, received.queue, node, &row, status, output, own).await
                    }
                    Some(Ok(Ended::Again { at_ms })) => self.hand_on(&flow, &received, &body, node, fence, at_ms).await,
                    Some(Err(failure)) => self.fail(&flow, node, fence, failure, own).await,
                    None => {
                        let now = self.platform.clock.now_ms();
                        self.hand_on(&flow, &received, &body, node, fence, now).await
                    }
                }
            }
        }
    }

    /// Writes what a message makes of its node's row. `None` where somebody else goes on with the claim it is about.
    async fn claim(&self, flow: &Flow, node: u32, body: &Body, lease_ms: u64) -> Result<Option<Take>, Error> {
        let key = NodeKey::Node(node);
        // Most nodes wait for nothing and come once: their first row is written without a look.
        let mut guess = flow.waits_for(key).is_empty() && body.fence.is_none();
        for _ in 0..ATTEMPTS {
            let stored = if guess { fresh(flow, key) } else { self.row(flow, key).await? };
            guess = false;
            if body.fence.is_some_and(|fence| fence != stored.row.fence && !in_hands(&stored.row)) {
                return Ok(None);
            }
            let take = stored.row.take(body.token.clone(), self.platform.clock.now_ms(), lease_ms);
            let row = match &take {
                Take::Park(row) | Take::Work(row) | Take::Held { row, .. } => row,
                Take::Done(_) => return Ok(Some(take)),
            };
            if self.write(flow, &[NodeWrite { key, revision: stored.revision, row }], Durability::Process).await? {
                return Ok(Some(take));
            }
        }
        Err(contended(flow))
    }

    /// Works on a claimed node, for no longer than it may take.
    async fn work(&self, flow: &Arc<Flow>, node: u32, row: &NodeRow) -> Result<Result<Ended, NodeFailure>, Error> {
        let Some(written) = flow.workflow.node(Ix(node)) else {
            return Err(Error::Body(format!("the workflow has no node number {node}")));
        };
        let started_ms = row.started_ms.unwrap_or_else(|| self.platform.clock.now_ms());
        let when = written.when.as_ref().map(|when| when.as_str());
        let outcomes = self.outcomes(flow, when, written.config.as_ref()).await?;
        let ends_ms = written.timeout_seconds.map(|limit| started_ms.saturating_add(limit.get().saturating_mul(1_000)));
        let doing = self.attempt(flow, node, written, outcomes, started_ms);
        let late = || Fault::Timeout.because("the attempt took longer than `timeout_seconds`");
        let ended = match ends_ms {
            None => doing.await,
            Some(ends_ms) => {
                let left = ends_ms.saturating_sub(self.platform.clock.now_ms());
                tokio::select! {
                    biased;
                    ended = doing => ended,
                    () = self.timer.sleep(left) => Err(late()),
                }
            }
        };
        Ok(match (ended, ends_ms) {
            (Ok(Ended::Again { at_ms }), Some(ends_ms))
                if self.platform.clock.now_ms() >= ends_ms && at_ms > ends_ms =>
            {
                Err(late())
            }
            (Ok(Ended::Again { at_ms }), Some(ends_ms)) => Ok(Ended::Again { at_ms: at_ms.min(ends_ms) }),
            (ended, _) => ended,
        })
    }

    /// Tells a machine that a node is alive, as often as it asks for that. Never comes back.
    async fn keep_alive(&self, flow: &Flow, node: u32, token: Option<&str>) {
        if let (Some(every_ms), Some(token)) = (heartbeat_ms(flow, node), token) {
            loop {
                self.timer.sleep(every_ms).await;
                if let Err(error) = self.tokens.heartbeat(token).await {
                    tracing::warn!(%error, "no sign of life was given");
                }
            }
        }
        std::future::pending().await
    }

    async fn attempt(
        &self,
        flow: &Flow,
        node: u32,
        written: &WorkflowNode,
        outcomes: Outcomes,
        started_ms: u64,
    ) -> Result<Ended, NodeFailure> {
        let (store, context) = (&self.platform.store, Arc::new(flow.context.clone()));
        if let Some(when) = &written.when {
            let now = self.platform.clock.now_ms();
            let scope = Scope::read(store, &flow.run, Arc::clone(&context), outcomes.clone(), now).await;
            if !scope.map_err(|error| Fault::store(&error))?.is_true(when.as_str())? {
                return Ok(Ended::Complete(NodeStatus::Skipped, NodeOutput::Nothing));
            }
        }
        let task = Task {
            run: flow.run.clone(),
            node,
            id: written.node_id.value.clone(),
            task_type: written.task_type.value.clone(),
            config: written.config.clone(),
            context,
            outcomes,
            started_ms,
            undoes: false,
        };
        match task.run(&self.platform).await? {
            Progress::Done(output) => {
                let output = store.keep_output(&flow.run, output).await.map_err(|error| Fault::store(&error))?;
                Ok(Ended::Complete(NodeStatus::Succeeded, output))
            }
            Progress::Again { at_ms, .. } => Ok(Ended::Again { at_ms }),
        }
    }

    /// How the nodes ended that texts read of.
    async fn outcomes(&self, flow: &Flow, when: Option<&str>, config: Option<&Node>) -> Result<Outcomes, Error> {
        let mut outcomes = Vec::new();
        for at in flow.reads(when, config) {
            if let Some(outcome) = self.row(flow, NodeKey::Node(at)).await?.row.outcome() {
                outcomes.push((flow.id(at).to_owned(), outcome.clone()));
            }
        }
        Ok(outcomes)
    }

    #[expect(clippy::too_many_arguments, reason = "they are what one completion is made of")]
    async fn complete(
        &self,
        flow: &Flow,
        queue: &str,
        node: u32,
        row: &NodeRow,
        status: NodeStatus,
        output: NodeOutput,
        own: Option<&str>,
    ) -> Result<Taken, Error> {
        let key = NodeKey::Node(node);
        let outside = flow
            .workflow
            .node(Ix(node))
            .and_then(|written| types::find(&written.task_type))
            .is_some_and(|found| matches!(found.effect, types::Effect::CallsOut));
        let durability = if outside { Durability::Power } else { Durability::Process };
        let outcome = NodeOutcome { status, output, at_ms: self.platform.clock.now_ms() };
        let (waiters, newest) = match self.settle(flow, key, Some(row.fence), &outcome, durability).await? {
            Written::Now { waiters, token } => (Some(waiters), token),
            Written::Before => (None, None),
            // Whoever took the node over answers.
            Written::Fenced => return Ok(Taken::Acknowledge),
        };
        self.release(flow, queue, key, waiters).await?;
        self.answer(own, newest.as_deref(), &Ok(())).await?;
        Ok(Taken::Acknowledge)
    }

    /// Writes a completion with all that it counts down, in one transaction.
    async fn settle(
        &self,
        flow: &Flow,
        key: NodeKey,
        fence: Option<u32>,
        outcome: &NodeOutcome,
        durability: Durability,
    ) -> Result<Written, Error> {
        for _ in 0..ATTEMPTS {
            let own = self.row(flow, key).await?;
            let token = own.row.token.clone();
            let done = match own.row.complete(fence, outcome.clone()) {
                Ok(done) => done,
                Err(Refused::Complete) => return Ok(Written::Before),
                Err(Refused::Fenced) => return Ok(Written::Fenced),
                Err(source) => return Err(refused(flow, key, source)),
            };
            let mut rows = Vec::with_capacity(1 + flow.waiters(key).len());
            rows.push((key, own.revision, done));
            for waiter in flow.waiters(key) {
                let stored = self.row(flow, *waiter).await?;
                let counted = stored.row.release().map_err(|source| refused(flow, *waiter, source))?;
                rows.push((*waiter, stored.revision, counted));
            }
            let writes: Vec<NodeWrite<'_>> =
                rows.iter().map(|(key, revision, row)| NodeWrite { key: *key, revision: *revision, row }).collect();
            if self.write(flow, &writes, durability).await? {
                let waiters = rows.into_iter().skip(1).map(|(key, _, row)| (key, row)).collect();
                return Ok(Written::Now { waiters, token });
            }
        }
        Err(contended(flow))
    }

    /// What follows a completion: whatever is ready by it is sent. `known` are the rows that wait for it, where they were
    /// just written; else they are read.
    async fn release(
        &self,
        flow: &Flow,
        queue: &str,
        key: NodeKey,
        known: Option<Vec<(NodeKey, NodeRow)>>,
    ) -> Result<(), Error> {
        let mut open = vec![(key, known)];
        while let Some((key, known)) = open.pop() {
            let waiters = match known {
                Some(rows) => rows,
                None => {
                    let mut rows = Vec::new();
                    for waiter in flow.waiters(key) {
                        rows.push((*waiter, self.row(flow, *waiter).await?.row));
                    }
                    rows
                }
            };
            for (waiter, row) in waiters {
                match waiter {
                    NodeKey::Node(at) if row.ready() => {
                        let body = Body {
                            run: flow.run.clone(),
                            node: flow.id(at).to_owned(),
                            token: row.token.clone(),
                            fence: None,
                        };
                        self.queue.send(queue, &text(&body)).await?;
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
        Ok(())
    }

    async fn fail(
        &self,
        flow: &Flow,
        node: u32,
        fence: u32,
        failure: NodeFailure,
        own: Option<&str>,
    ) -> Result<Taken, Error> {
        let Some(row) = self.change(flow, node, |row| row.fail(fence, failure.clone())).await? else {
            return Ok(Taken::Acknowledge);
        };
        let cause = format!("node `{}`: {}", flow.id(node), failure.cause);
        let told = Err(NodeFailure { error: failure.error, cause });
        self.answer(own, row.token.as_deref(), &told).await?;
        Ok(Taken::Acknowledge)
    }

    /// Gives a claim to whoever receives the message that is sent for it.
    async fn hand_on(
        &self,
        flow: &Flow,
        received: &Received<'_>,
        body: &Body,
        node: u32,
        fence: u32,
        at_ms: u64,
    ) -> Result<Taken, Error> {
        let now = self.platform.clock.now_ms();
        let next = Body { fence: Some(fence), ..body.clone() };
        let seconds = at_ms.saturating_sub(now).min(most_ms(flow, node)).div_ceil(1_000).max(SOON);
        // Sent first: who dies before the row says so has not lost it.
        self.queue.send_later(received.queue, &text(&next), u32::try_from(seconds).unwrap_or(u32::MAX)).await?;
        let Some(row) = self.change(flow, node, |row| row.extend(fence, GIVEN_ON, 0)).await? else {
            return Ok(Taken::Acknowledge);
        };
        if let Some(token) = &row.token {
            // The message that goes on is what counts; a missed sign of life costs at most another attempt.
            if let Err(error) = self.tokens.heartbeat(token).await {
                tracing::warn!(%error, "no sign of life was given");
            }
        }
        Ok(Taken::Acknowledge)
    }

    /// Changes a claimed row; `None` where the claim no longer stands.
    async fn change(
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

    /// Tells everybody who waits for a node how it ended: its own message's token, and the newest one.
    async fn answer(
        &self,
        own: Option<&str>,
        newest: Option<&str>,
        ended: &Result<(), NodeFailure>,
    ) -> Result<(), Error> {
        let nothing = serde_json::Value::Object(serde_json::Map::new());
        for token in own.into_iter().chain(newest.filter(|newest| Some(*newest) != own)) {
            // Whether anybody still waits is the machine's concern.
            let _late_or_not = match ended {
                Ok(()) => self.tokens.succeed(token, &nothing).await?,
                Err(failure) => self.tokens.fail(token, &failure.error, &failure.cause).await?,
            };
        }
        Ok(())
    }

    async fn row(&self, flow: &Flow, key: NodeKey) -> Result<StoredNode, Error> {
        Ok(self.platform.store.node(&flow.run, key).await?.unwrap_or_else(|| fresh(flow, key)))
    }

    /// Whether rows were written as they had been read.
    async fn write(&self, flow: &Flow, rows: &[NodeWrite<'_>], durability: Durability) -> Result<bool, Error> {
        match self.platform.store.write_nodes(&flow.run, rows, durability).await {
            Ok(()) => Ok(true),
            Err(maestro_store::Error::NodeChanged { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A run's workflow: its text never changes, so it is compiled once.
    async fn flow(&self, stored: &maestro_store::StoredFlow) -> Result<Arc<Flow>, Error> {
        let kept = self.kept().iter().find(|flow| flow.run == stored.run.id).cloned();
        if let Some(flow) = kept {
            return Ok(flow);
        }
        let flow = Arc::new(Flow::load(&self.platform.store, stored).await?);
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Arc::clone(&flow));
        Ok(flow)
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Arc<Flow>>> {
        // Single calls change the list, so a panic cannot leave half of one.
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an attempt has come to.
enum Ended {
    Complete(NodeStatus, NodeOutput),
    Again { at_ms: u64 },
}

/// How often a node of whose claim nobody has hold is looked at, at the least: its machine wants signs of life.
fn most_ms(flow: &Flow, node: u32) -> u64 {
    heartbeat_ms(flow, node).map_or(LATER_MS, |every_ms| every_ms.min(LATER_MS))
}

/// How often a node's machine is told that it is alive, where it asks for that.
fn heartbeat_ms(flow: &Flow, node: u32) -> Option<u64> {
    let gated = !flow.waits_for(NodeKey::Node(node)).is_empty();
    let written = flow.workflow.node(Ix(node)).filter(|_| !gated)?;
    Some(written.heartbeat_seconds?.get().saturating_mul(500))
}

/// Whether a worker has a node in its hands, or is done with it: not where its message, or another's, is yet to come.
fn in_hands(row: &NodeRow) -> bool {
    match row.state {
        NodeState::Claimed { lease_until_ms } => lease_until_ms != GIVEN_ON,
        _ => row.outcome().is_some(),
    }
}

fn fresh(flow: &Flow, key: NodeKey) -> StoredNode {
    let waits_for = u32::try_from(flow.waits_for(key).len()).unwrap_or(u32::MAX);
    StoredNode { row: NodeRow::new(waits_for), revision: 0 }
}

fn text(body: &Body) -> String {
    // Texts, numbers and nothing else: it can always be written.
    serde_json::to_string(body).unwrap_or_default()
}

fn contended(flow: &Flow) -> Error {
    Error::Contended { run: flow.run.clone() }
}

fn refused(flow: &Flow, key: NodeKey, source: Refused) -> Error {
    Error::Refused { node: flow.named(key), source }
}
