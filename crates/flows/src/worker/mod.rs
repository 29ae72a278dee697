//! Nodes by messages: what a message of a state machine asks for, over rows that many workers write at once.
//!
//! A worker holds nothing between messages. It claims a node before it works on it; whoever completes a node counts down,
//! in the same transaction, every row that waits for it, and sends the messages of those that are ready by then. Rows
//! change on condition that they are as they were read, so what a transaction wrote of a waiting row is how that row
//! stands: it has either been parked before, and is sent, or its message is yet to come, and finds nothing to wait for.
//! A message that finds its node complete repeats what follows a completion. So whoever dies, and wherever, no wake-up is
//! lost.

mod attempt;
mod letter;
mod recover;
mod rows;

use crate::{
    board::{self, Board},
    compensation::Undoing,
    failure::Fault,
    flow::Flow,
    platform::Platform,
    task::may_need_no_work,
};
use attempt::{Ended, heartbeat_ms};
use maestro_domain::{
    NodeFailure, NodeKey, NodeOutcome, NodeOutput, NodeRow, NodeState, NodeStatus, RunId, RunStatus,
    node::{Refused, Take},
};
use maestro_ports::{Queue, TaskTokens, Timer, table::Durability};
use maestro_store::{NodeWrite, StoredNode};
use maestro_workflow::{graph::Ix, types};
pub use recover::GRACE_MS;
use rows::{Seen, Written, contended, fresh, refused};
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
    /// Which node it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    node: String,
    /// Whether all is to be undone instead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    compensate: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Which claim it goes on with. Where another stands by now, somebody else does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fence: Option<u32>,
}

impl Body {
    fn about(run: &RunId, node: &str) -> Self {
        Self { run: run.clone(), node: node.to_owned(), compensate: false, token: None, fence: None }
    }

    /// Whether it says that something has come, and nothing else.
    fn wakes(&self) -> bool {
        self.token.is_none() && self.fence.is_none()
    }
}

/// The run that a message is about.
#[must_use]
pub fn run_of(body: &str) -> Option<RunId> {
    serde_json::from_str(body).ok().map(|Body { run, .. }| run)
}

/// A message after which a node that was begun is looked at again: something that it waits for has come.
#[must_use]
pub fn wake(run: &RunId, node: &str) -> String {
    text(&Body::about(run, node))
}

/// A message after which all that the run has done is undone.
#[must_use]
pub fn undo(run: &RunId) -> String {
    text(&Body { compensate: true, ..Body::about(run, "") })
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
    /// So it is, and there is no such run any more.
    Gone,
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
        // Once its workflow is known, what a message needs is read together.
        let known = self.kept_of(&body.run);
        let needed = known.as_ref().map(|flow| needed(flow, &body)).unwrap_or_default();
        let (stored, found) = match self.platform.store.flow_and_nodes(&body.run, &needed).await {
            Ok(read) => read,
            // Runs are there before their first message, so this one was deleted: sending it again would not help anybody.
            Err(maestro_store::Error::NoRun { run }) => {
                let why = format!("there is no run `{run}` any more");
                self.answer(body.token.as_deref(), None, &Err(Fault::Cancelled.because(why))).await?;
                return Ok(Taken::Gone);
            }
            Err(error) => return Err(error.into()),
        };
        // What was cancelled may have to be undone, and what ran out of time.
        let wanted = match stored.run.status {
            RunStatus::Running => true,
            RunStatus::Cancelled | RunStatus::Failed => body.compensate,
            _ => false,
        };
        if !wanted {
            let why = format!("run `{}` is {}", body.run, stored.run.status.id());
            self.answer(body.token.as_deref(), None, &Err(Fault::Cancelled.because(why))).await?;
            return Ok(Taken::Acknowledge);
        }
        let flow = self.flow(&stored).await?;
        if body.compensate {
            return self.compensate(&flow, received, &body).await;
        }
        let node = flow.number(&body.node);
        let node = node.ok_or_else(|| Error::Body(format!("the workflow has no node `{}`", body.node)))?;
        let own = body.token.as_deref();
        let mut seen = Seen::default();
        seen.keep(&flow, &needed, found);
        let (take, revision) = match self.claim(&flow, node, &body, received.lease_ms, &mut seen).await? {
            Begun::Taken(take, revision) => (take, revision),
            Begun::Ended { waiters, token } => {
                self.release(&flow, received.queue, NodeKey::Node(node), Some(waiters)).await?;
                self.answer(own, token.as_deref(), &Ok(())).await?;
                return Ok(Taken::Acknowledge);
            }
            Begun::Elsewhere => return Ok(Taken::Acknowledge),
        };
        match take {
            Take::Park(_) | Take::Late => Ok(Taken::Acknowledge),
            Take::Held { lease_until_ms, .. } => Ok(Taken::ComesBack { at_ms: lease_until_ms }),
            Take::Failed(failure) => {
                self.answer(own, None, &Err(told(&flow, node, failure))).await?;
                Ok(Taken::Acknowledge)
            }
            Take::Done(_) => {
                self.release(&flow, received.queue, NodeKey::Node(node), None).await?;
                self.answer(own, None, &Ok(())).await?;
                Ok(Taken::Acknowledge)
            }
            Take::Work(row) => {
                let fence = row.fence;
                let worked = tokio::select! {
                    biased;
                    worked = self.work(&flow, node, &row, &mut seen) => Some(worked?),
                    () = &mut received.time_up => None,
                    () = self.keep_alive(&flow, node, row.token.as_deref()) => None,
                };
                match worked {
                    Some(Ok(Ended::Complete(status, output))) => {
                        let claimed = StoredNode { row, revision };
                        self.complete(&flow, received.queue, node, claimed, status, output, own).await
                    }
                    Some(Ok(Ended::Again { at_ms })) => {
                        self.hand_on(&flow, received.queue, &body, node, fence, at_ms).await
                    }
                    Some(Err(failure)) => self.fail(&flow, node, fence, failure, own).await,
                    None => {
                        let now = self.platform.clock.now_ms();
                        self.hand_on(&flow, received.queue, &body, node, fence, now).await
                    }
                }
            }
        }
    }

    /// Undoes what the run has done, and answers then. Where somebody else is at it, or time is up, the message comes again.
    async fn compensate(&self, flow: &Flow, received: Received<'_>, body: &Body) -> Result<Taken, Error> {
        let undoing = Undoing {
            flow,
            platform: &self.platform,
            timer: &*self.timer,
            lease_ms: received.lease_ms,
            alone: false,
            tell: &|event| tracing::info!(run = %flow.run, ?event, "undoing"),
        };
        let undone = async {
            let mut board = Board::load(self.platform.store.clone(), flow).await?;
            undoing.all(&mut board).await
        };
        let undone = tokio::select! {
            biased;
            undone = undone => undone,
            () = received.time_up => {
                self.queue.send(received.queue, received.body).await?;
                return Ok(Taken::Acknowledge);
            }
        };
        let again_ms = self.platform.clock.now_ms().saturating_add(received.lease_ms);
        match undone {
            Ok(()) => {
                self.answer(body.token.as_deref(), None, &Ok(())).await?;
                Ok(Taken::Acknowledge)
            }
            Err(board::Error::Refused { source: Refused::Fenced, .. })
            | Err(board::Error::Store(maestro_store::Error::NodeChanged { .. })) => {
                Ok(Taken::ComesBack { at_ms: again_ms })
            }
            Err(board::Error::Refused { node, source }) => Err(Error::Refused { node, source }),
            Err(board::Error::Store(error)) => Err(error.into()),
        }
    }

    /// Writes what a message makes of its node's row. Where there is no work, claim and completion are one write, on the same
    /// condition: whoever loses decides again.
    async fn claim(&self, flow: &Flow, node: u32, body: &Body, lease_ms: u64, seen: &mut Seen) -> Result<Begun, Error> {
        let key = NodeKey::Node(node);
        let mut own = if guessed(flow, node, body) { Some(fresh(flow, key)) } else { seen.rows.remove(&key) };
        let mut without_work = None;
        for _ in 0..ATTEMPTS {
            let stored = match own.take() {
                Some(stored) => stored,
                None => self.row(flow, key).await?,
            };
            if body.fence.is_some_and(|fence| fence != stored.row.fence && !in_hands(&stored.row)) {
                return Ok(Begun::Elsewhere);
            }
            // To who has not begun, the state machine has yet to come; then what was to be heard of is found.
            if body.wakes() && !in_work(&stored.row) {
                return Ok(Begun::Elsewhere);
            }
            // What was undone is not done again before another execution opens the run.
            if stored.row.state == NodeState::Compensated {
                return Ok(Begun::Elsewhere);
            }
            let take = stored.row.take(body.token.clone(), self.platform.clock.now_ms(), lease_ms);
            let row = match &take {
                Take::Park(row) | Take::Work(row) | Take::Held { row, .. } => row,
                Take::Done(_) | Take::Failed(_) | Take::Late => return Ok(Begun::Taken(take, stored.revision)),
            };
            if let Take::Work(row) = &take {
                if without_work.is_none() {
                    without_work = Some(self.without_work(flow, node, row, seen).await?);
                }
                if let Some(Some((status, output))) = &without_work {
                    let at_ms = self.platform.clock.now_ms();
                    let outcome = NodeOutcome { status: *status, output: output.clone(), at_ms };
                    let done = row.clone().complete(Some(row.fence), outcome);
                    let done = done.map_err(|source| refused(flow, key, source))?;
                    let revision = stored.revision;
                    match self.count_down(flow, key, revision, done, Durability::Process, seen).await? {
                        Some(waiters) => return Ok(Begun::Ended { waiters, token: row.token.clone() }),
                        None => continue,
                    }
                }
            }
            if self.write(flow, &[NodeWrite { key, revision: stored.revision, row }], Durability::Process).await? {
                return Ok(Begun::Taken(take, stored.revision + 1));
            }
        }
        Err(contended(flow))
    }

    #[expect(clippy::too_many_arguments, reason = "they are what one completion is made of")]
    async fn complete(
        &self,
        flow: &Flow,
        queue: &str,
        node: u32,
        claimed: StoredNode,
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
        let (waiters, newest) = match self.settle(flow, key, Some(claimed), &outcome, durability).await? {
            Written::Now { waiters, token } => (Some(waiters), token),
            Written::Before => (None, None),
            // Whoever took the node over answers.
            Written::Fenced => return Ok(Taken::Acknowledge),
        };
        self.release(flow, queue, key, waiters).await?;
        self.answer(own, newest.as_deref(), &Ok(())).await?;
        Ok(Taken::Acknowledge)
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
        self.answer(own, row.token.as_deref(), &Err(told(flow, node, failure))).await?;
        Ok(Taken::Acknowledge)
    }

    /// Gives a claim to whoever receives the message that is sent for it.
    async fn hand_on(
        &self,
        flow: &Flow,
        queue: &str,
        body: &Body,
        node: u32,
        fence: u32,
        at_ms: u64,
    ) -> Result<Taken, Error> {
        let now = self.platform.clock.now_ms();
        let next = Body { fence: Some(fence), ..body.clone() };
        let seconds = at_ms.saturating_sub(now).min(most_ms(flow, node)).div_ceil(1_000).max(SOON);
        // Sent first: who dies before the row says so has not lost it.
        self.queue.send_later(queue, &text(&next), u32::try_from(seconds).unwrap_or(u32::MAX)).await?;
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

    /// A run's workflow: its text never changes, so it is compiled once.
    async fn flow(&self, stored: &maestro_store::StoredFlow) -> Result<Arc<Flow>, Error> {
        if let Some(flow) = self.kept_of(&stored.run.id) {
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

    fn kept_of(&self, run: &RunId) -> Option<Arc<Flow>> {
        self.kept().iter().find(|flow| flow.run == *run).cloned()
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Arc<Flow>>> {
        // Single calls change the list, so a panic cannot leave half of one.
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a message has made of its node's row.
enum Begun {
    /// This, and how often the row was written.
    Taken(Take, u64),
    /// It is complete: there was nothing to do. These rows that wait for it count one less.
    Ended { waiters: Vec<(NodeKey, NodeRow)>, token: Option<String> },
    /// Nothing: somebody else goes on with the claim that it is about, or will begin.
    Elsewhere,
}

/// Whether a node's first row is written without a look: most wait for nothing, and their messages come once.
fn guessed(flow: &Flow, node: u32, body: &Body) -> bool {
    flow.waits_for(NodeKey::Node(node)).is_empty() && body.fence.is_none() && !body.wakes()
}

/// Which rows whoever receives a message will need, as far as they may be read together: a node that waits for others may
/// begin when its row says so, and only what is read after that is what they handed over.
fn needed(flow: &Flow, body: &Body) -> Vec<NodeKey> {
    let Some(node) = flow.number(&body.node).filter(|_| !body.compensate) else { return Vec::new() };
    let mut needed: Vec<NodeKey> = if guessed(flow, node, body) {
        flow.reads_of(node).into_iter().map(NodeKey::Node).collect()
    } else {
        vec![NodeKey::Node(node)]
    };
    if flow.workflow.node(Ix(node)).is_some_and(may_need_no_work) {
        needed.extend(flow.waiters(NodeKey::Node(node)));
    }
    needed
}

/// How often a node of whose claim nobody has hold is looked at, at the least: its machine wants signs of life.
fn most_ms(flow: &Flow, node: u32) -> u64 {
    heartbeat_ms(flow, node).map_or(LATER_MS, |every_ms| every_ms.min(LATER_MS))
}

/// Whether a worker has a node in its hands, or is done with it: not where its message, or another's, is yet to come.
fn in_hands(row: &NodeRow) -> bool {
    match row.state {
        NodeState::Claimed { lease_until_ms } => lease_until_ms != GIVEN_ON,
        _ => row.outcome().is_some(),
    }
}

/// A failure as a machine is told it, and then the run.
fn told(flow: &Flow, node: u32, failure: NodeFailure) -> NodeFailure {
    NodeFailure { cause: format!("node `{}`: {}", flow.id(node), failure.cause), error: failure.error }
}

/// Whether a node was begun.
fn in_work(row: &NodeRow) -> bool {
    matches!(row.state, NodeState::Claimed { .. }) || row.outcome().is_some()
}

fn text(body: &Body) -> String {
    // Texts, numbers and nothing else: it can always be written.
    serde_json::to_string(body).unwrap_or_default()
}
