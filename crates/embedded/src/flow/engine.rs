//! Runs the nodes that state machines ask for, by the readiness protocol.
//!
//! Everything that happens at one moment is one turn: what needs no work is completed at once, claims and completions are
//! written together, and only then does work begin that has an effect.

use super::executions::{Asker, Executions, Message};
use maestro_asl::Outcome;
use maestro_domain::{NodeFailure, NodeKey, NodeOutput, NodeState, NodeStatus};
use maestro_flows::{Board, Error, Fault, Flow, FlowEvent, Outcomes, Platform, Progress, Task, may_need_no_work};
use maestro_ports::Timer;
use maestro_workflow::{format::WorkflowNode, graph::Ix, types};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
};

/// How long a claim stands without being renewed, in milliseconds.
pub(super) const LEASE_MS: u64 = 60_000;
/// How often claims are renewed.
const RENEW_MS: u64 = 20_000;

/// How an execution ended.
pub(super) enum Ended {
    /// By itself.
    Outcome(Outcome),
    /// It waits for people or events alone, and was asked not to.
    Blocked(String),
    /// From outside.
    Stopped,
}

/// What has to be done at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// To go on with work that asked for it.
    Again { node: u32, fence: u32 },
    /// To end an attempt that takes too long.
    Timeout { node: u32, fence: u32 },
    /// To say that an attempt is alive.
    Heartbeat { node: u32, fence: u32, every_ms: u64 },
    /// To renew all claims.
    Renew,
}

/// Work that is under way.
struct Active {
    fence: u32,
    /// None while it waits to be run again.
    handle: Option<AbortHandle>,
    /// For which people or events it waits.
    waits_for: Option<String>,
}

pub(super) type Finished = (u32, u32, Result<Progress, NodeFailure>);

/// One execution of a run.
pub(super) struct Engine {
    pub(super) flow: Arc<Flow>,
    pub(super) platform: Platform,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) board: Board,
    pub(super) executions: Executions,
    /// The newest task that waits for each node, by the node's number.
    askers: Vec<Option<Asker>>,
    /// Nodes whose last dependency has just completed.
    ready: VecDeque<u32>,
    /// Claimed nodes whose work begins with the end of the turn.
    claimed: Vec<(u32, u32)>,
    active: BTreeMap<u32, Active>,
    pub(super) running: JoinSet<Finished>,
    agenda: BTreeMap<(u64, u64), Due>,
    sequence: u64,
    pub(super) watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
    /// Whether to go on while there is nothing left but to wait for people or events.
    wait: bool,
    context: Arc<serde_json::Value>,
}

impl Engine {
    pub(super) fn new(
        flow: Arc<Flow>,
        platform: Platform,
        timer: Arc<dyn Timer>,
        board: Board,
        executions: Executions,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
        wait: bool,
    ) -> Self {
        let context = Arc::new(flow.context.clone());
        let askers = vec![None; flow.len()];
        Self {
            flow,
            platform,
            timer,
            board,
            executions,
            askers,
            ready: VecDeque::new(),
            claimed: Vec::new(),
            active: BTreeMap::new(),
            running: JoinSet::new(),
            agenda: BTreeMap::new(),
            sequence: 0,
            watcher,
            wait,
            context,
        }
    }

    /// Runs to the end. `stop` ends it from outside; what runs then is stopped.
    pub(super) async fn run(&mut self, stop: impl Future<Output = ()>) -> Result<Ended, Error> {
        tokio::pin!(stop);
        loop {
            self.turn().await?;
            if let Some(outcome) = self.executions.outcome() {
                return Ok(Ended::Outcome(outcome.clone()));
            }
            if let Some(waits) = self.only_people().filter(|_| !self.wait) {
                self.stop_all();
                return Ok(Ended::Blocked(waits));
            }
            let now = self.now();
            let due = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let due = [due, self.executions.next_deadline()].into_iter().flatten().min();
            tokio::select! {
                biased;
                () = &mut stop => {
                    self.stop_all();
                    self.executions.abort("Maestro.Cancelled", self.now());
                    self.board.commit(&self.flow).await?;
                    return Ok(Ended::Stopped);
                }
                Some(joined) = self.running.join_next() => self.joined(joined).await?,
                () = self.timer.sleep(due.map_or(u64::MAX, |at| at.saturating_sub(now))), if due.is_some() => {}
            }
            while let Some(joined) = self.running.try_join_next() {
                self.joined(joined).await?;
            }
            self.due().await?;
        }
    }

    pub(super) fn now(&self) -> u64 {
        self.platform.clock.now_ms()
    }

    pub(super) fn tell(&self, event: FlowEvent) {
        if let Some(watcher) = &self.watcher {
            // Whoever watches may be gone.
            let _gone = watcher.send(event);
        }
    }

    /// Does all that can be done now, writes it, and begins the work that was claimed.
    async fn turn(&mut self) -> Result<(), Error> {
        let now = self.now();
        loop {
            if let Some(node) = self.ready.pop_front() {
                if let Some(asker) = self.asker(node) {
                    self.begin(node, None, asker, now).await?;
                }
                continue;
            }
            match self.executions.next() {
                Some(Message::Node { node, token, asker }) => self.arrived(node, token, asker, now).await?,
                Some(Message::Cancelled { node, asker }) => self.cancelled(node, asker).await?,
                Some(Message::Compensate { error, cause, asker }) => {
                    self.compensate_after(&error, &cause).await?;
                    self.executions.answer(asker, Ok(()), self.now());
                }
                None => break,
            }
        }
        self.board.commit(&self.flow).await?;
        for (node, fence) in std::mem::take(&mut self.claimed) {
            self.start(node, fence, now);
        }
        Ok(())
    }

    async fn arrived(&mut self, node: u32, token: Option<String>, asker: Asker, now: u64) -> Result<(), Error> {
        let row = self.board.row(NodeKey::Node(node));
        if row.outcome().is_some() {
            self.executions.answer(asker, Ok(()), now);
            return Ok(());
        }
        let waits = row.remaining > 0;
        self.ask(node, Some(asker));
        if waits {
            return self.board.take(&self.flow, node, token, now, LEASE_MS).await.map(drop);
        }
        self.begin(node, token, asker, now).await
    }

    /// The newest task that waits for a node.
    fn asker(&self, node: u32) -> Option<Asker> {
        self.askers.get(node as usize).copied().flatten()
    }

    /// Notes that another task waits for a node, or none. Answers which one did.
    fn ask(&mut self, node: u32, asker: Option<Asker>) -> Option<Asker> {
        std::mem::replace(self.askers.get_mut(node as usize)?, asker)
    }

    /// Begins a node for which nothing remains: completes it where there is nothing to do, else claims it.
    async fn begin(&mut self, node: u32, token: Option<String>, asker: Asker, now: u64) -> Result<(), Error> {
        let flow = Arc::clone(&self.flow);
        let Some(written) = flow.workflow.node(Ix(node)) else { return Ok(()) };
        match self.without_work(node, written).await {
            Ok(Some((status, output))) => self.completed(node, None, status, output, asker, now).await,
            Ok(None) => {
                if let Some(fence) = self.board.take(&flow, node, token, now, LEASE_MS).await? {
                    self.claimed.push((node, fence));
                }
                Ok(())
            }
            Err(failure) => {
                if let Some(fence) = self.board.take(&flow, node, token, now, LEASE_MS).await? {
                    self.failed(node, fence, failure).await?;
                }
                Ok(())
            }
        }
    }

    /// How a node ends that nothing has to be done for: one that is skipped, or that only hands on a value.
    async fn without_work(
        &mut self,
        node: u32,
        written: &WorkflowNode,
    ) -> Result<Option<(NodeStatus, NodeOutput)>, NodeFailure> {
        let noop = *written.task_type == types::noop::NAME;
        if written.when.is_none() && noop && written.config.is_none() {
            return Ok(Some((NodeStatus::Succeeded, NodeOutput::Nothing)));
        }
        if !may_need_no_work(written) {
            return Ok(None);
        }
        self.task(node, written).without_work(&self.platform, written).await
    }

    /// How the nodes ended that texts read of.
    fn outcomes(&self, when: Option<&str>, config: Option<&maestro_workflow::Node>) -> Outcomes {
        let reads = self.flow.reads(when, config).into_iter();
        let ended = reads.filter_map(|at| {
            let outcome = self.board.row(NodeKey::Node(at)).outcome()?;
            Some((self.flow.id(at).to_owned(), outcome.clone()))
        });
        ended.collect()
    }

    /// An attempt of a node.
    fn task(&self, node: u32, written: &WorkflowNode) -> Task {
        Task {
            run: self.flow.run.clone(),
            node,
            id: written.node_id.value.clone(),
            task_type: written.task_type.value.clone(),
            config: written.config.clone(),
            context: Arc::clone(&self.context),
            outcomes: self.outcomes(written.when.as_ref().map(|when| when.as_str()), written.config.as_ref()),
            started_ms: self.board.row(NodeKey::Node(node)).started_ms.unwrap_or_else(|| self.now()),
            undoes: false,
        }
    }

    async fn completed(
        &mut self,
        node: u32,
        fence: Option<u32>,
        status: NodeStatus,
        output: NodeOutput,
        asker: Asker,
        now: u64,
    ) -> Result<(), Error> {
        let ready = self.board.complete(&self.flow, node, fence, status, output, now).await?;
        self.ready.extend(ready);
        self.ask(node, None);
        if self.watcher.is_some() {
            self.tell(FlowEvent::Completed { node: self.flow.id(node).to_owned(), status });
        }
        self.executions.answer(asker, Ok(()), now);
        Ok(())
    }

    async fn failed(&mut self, node: u32, fence: u32, failure: NodeFailure) -> Result<(), Error> {
        self.board.change(&self.flow, node, |row| row.fail(fence, failure.clone())).await?;
        let id = self.flow.id(node).to_owned();
        let cause = format!("node `{id}`: {}", failure.cause);
        self.tell(FlowEvent::Failed { node: id, failure: failure.clone() });
        if let Some(asker) = self.ask(node, None) {
            self.executions.answer(asker, Err((failure.error, cause)), self.now());
        }
        Ok(())
    }

    /// Nobody waits for a node any more: its time was up, or something beside it failed.
    async fn cancelled(&mut self, node: u32, asker: Asker) -> Result<(), Error> {
        if self.asker(node) != Some(asker) {
            return Ok(());
        }
        self.ask(node, None);
        self.claimed.retain(|(claimed, _)| *claimed != node);
        if let Some(active) = self.active.remove(&node) {
            active.handle.iter().for_each(AbortHandle::abort);
        }
        if let NodeState::Claimed { .. } = self.board.row(NodeKey::Node(node)).state {
            let fence = self.board.row(NodeKey::Node(node)).fence;
            let failure = Fault::Timeout.because("it was given up: its time was up, or its execution ended");
            self.tell(FlowEvent::Failed { node: self.flow.id(node).to_owned(), failure: failure.clone() });
            self.board.change(&self.flow, node, |row| row.fail(fence, failure)).await?;
        }
        Ok(())
    }

    /// Begins claimed work.
    fn start(&mut self, node: u32, fence: u32, now: u64) {
        let flow = Arc::clone(&self.flow);
        let Some(written) = flow.workflow.node(Ix(node)) else { return };
        self.active.insert(node, Active { fence, handle: None, waits_for: None });
        self.tell(FlowEvent::Started { node: flow.id(node).to_owned() });
        let gated = !flow.waits_for(NodeKey::Node(node)).is_empty();
        if gated && let Some(limit) = written.timeout_seconds {
            self.at(now.saturating_add(limit.get().saturating_mul(1_000)), Due::Timeout { node, fence });
        }
        if !gated && let Some(heartbeat) = written.heartbeat_seconds {
            let every_ms = heartbeat.get().saturating_mul(500);
            self.at(now + every_ms, Due::Heartbeat { node, fence, every_ms });
        }
        if !self.agenda.values().any(|due| *due == Due::Renew) {
            self.at(now + RENEW_MS, Due::Renew);
        }
        self.go_on(node, fence);
    }

    fn go_on(&mut self, node: u32, fence: u32) {
        let flow = Arc::clone(&self.flow);
        let Some(written) = flow.workflow.node(Ix(node)) else { return };
        let (task, platform) = (self.task(node, written), self.platform.clone());
        let handle = self.running.spawn(async move { (node, fence, task.run(&platform).await) });
        if let Some(active) = self.active.get_mut(&node) {
            active.handle = Some(handle);
        }
    }

    async fn joined(&mut self, joined: Result<Finished, tokio::task::JoinError>) -> Result<(), Error> {
        let (node, fence, ended) = match joined {
            Ok(finished) => finished,
            Err(error) => {
                let of = |active: &Active| active.handle.as_ref().is_some_and(|handle| handle.id() == error.id());
                let found =
                    self.active.iter().find(|(_, active)| of(active)).map(|(node, active)| (*node, active.fence));
                let Some((node, fence)) = found.filter(|_| error.is_panic()) else { return Ok(()) };
                let cause = "the worker panicked; this is a defect of maestro";
                (node, fence, Err(NodeFailure { error: "Lambda.Unknown".to_owned(), cause: cause.to_owned() }))
            }
        };
        if self.active.get(&node).is_none_or(|active| active.fence != fence) {
            // It was given up meanwhile.
            return Ok(());
        }
        match ended {
            Ok(Progress::Done(output)) => {
                self.active.remove(&node);
                let output = self.platform.store.keep_output(&self.flow.run, output).await?;
                let outside = self
                    .flow
                    .workflow
                    .node(Ix(node))
                    .and_then(|written| types::find(&written.task_type))
                    .is_some_and(|found| matches!(found.effect, types::Effect::CallsOut));
                let Some(asker) = self.asker(node) else { return Ok(()) };
                self.completed(node, Some(fence), NodeStatus::Succeeded, output, asker, self.now()).await?;
                if outside {
                    self.board.outside_changed();
                }
            }
            Ok(Progress::Again { at_ms, waits_for }) => {
                let mut news = None;
                if let Some(active) = self.active.get_mut(&node) {
                    active.handle = None;
                    if active.waits_for != waits_for {
                        active.waits_for.clone_from(&waits_for);
                        news = waits_for;
                    }
                }
                if let Some(what) = news {
                    self.tell(FlowEvent::Waiting { node: self.flow.id(node).to_owned(), what });
                }
                self.at(at_ms, Due::Again { node, fence });
            }
            Err(failure) => {
                self.active.remove(&node);
                self.failed(node, fence, failure).await?;
            }
        }
        Ok(())
    }

    async fn due(&mut self) -> Result<(), Error> {
        let now = self.now();
        self.executions.tick(now);
        while let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= now) {
            let due = entry.remove();
            let live = |node: u32, fence: u32| self.active.get(&node).is_some_and(|active| active.fence == fence);
            match due {
                Due::Again { node, fence } if live(node, fence) => self.go_on(node, fence),
                Due::Timeout { node, fence } if live(node, fence) => {
                    if let Some(active) = self.active.remove(&node) {
                        active.handle.iter().for_each(AbortHandle::abort);
                    }
                    self.failed(node, fence, Fault::Timeout.because("the attempt took longer than `timeout_seconds`"))
                        .await?;
                }
                Due::Heartbeat { node, fence, every_ms } if live(node, fence) => {
                    if let Some(asker) = self.asker(node) {
                        self.executions.heartbeat(asker, now);
                    }
                    self.at(now + every_ms, due);
                }
                Due::Renew if !self.active.is_empty() => {
                    let claims: Vec<(u32, u32)> =
                        self.active.iter().map(|(node, active)| (*node, active.fence)).collect();
                    for (node, fence) in claims {
                        self.board.change(&self.flow, node, |row| row.extend(fence, now, LEASE_MS)).await?;
                    }
                    self.at(now + RENEW_MS, Due::Renew);
                }
                Due::Again { .. } | Due::Timeout { .. } | Due::Heartbeat { .. } | Due::Renew => {}
            }
        }
        Ok(())
    }

    fn at(&mut self, at_ms: u64, due: Due) {
        self.sequence += 1;
        self.agenda.insert((at_ms, self.sequence), due);
    }

    /// What everything that is under way waits for, where that is people or events.
    fn only_people(&self) -> Option<String> {
        if self.active.is_empty() || !self.running.is_empty() {
            return None;
        }
        let mut waits = BTreeSet::new();
        for (node, active) in &self.active {
            waits.insert(format!("`{}` waits for {}", self.flow.id(*node), active.waits_for.as_ref()?));
        }
        Some(waits.into_iter().collect::<Vec<_>>().join("; "))
    }

    /// Stops all work that is under way. Its claims are void with the next execution.
    pub(super) fn stop_all(&mut self) {
        self.running.abort_all();
        self.active.clear();
        self.claimed.clear();
        self.ready.clear();
    }
}
