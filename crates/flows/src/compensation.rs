//! Undoes what a run has done, the last completed first. The same on every engine.

use crate::{
    board::{Board, Error, Undone},
    failure::Fault,
    flow::Flow,
    lifecycle,
    platform::{FlowEvent, Platform},
    task::{Progress, Task},
};
use maestro_domain::{FlowRun, NodeFailure, NodeKey, NodeStatus, RunStatus};
use maestro_ports::Timer;
use maestro_store::Store;
use maestro_workflow::{
    format::{Compensation, Delay, OnFailure, Rate, RetryPolicy, Seconds, WorkflowNode},
    graph::Ix,
    types,
};
use std::{pin::Pin, sync::Arc};

/// The nodes to undo: those that ran and say how they are undone, the last completed first. Of those that were completed
/// in the same millisecond, what depends on another comes before it.
#[must_use]
pub fn order(flow: &Flow, board: &Board) -> Vec<u32> {
    let mut done: Vec<(u64, u32, u32)> = board
        .nodes()
        .filter_map(|(node, row)| {
            let outcome = row.outcome().filter(|outcome| outcome.status == NodeStatus::Succeeded)?;
            flow.workflow.node(Ix(node))?.compensate_with.as_ref()?;
            Some((outcome.at_ms, flow.place(node), node))
        })
        .collect();
    done.sort_unstable_by(|a, b| b.cmp(a));
    done.into_iter().map(|(_, _, node)| node).collect()
}

/// The nodes that are left to undo. Those that could not be undone are not: that was told.
#[must_use]
pub fn left(flow: &Flow, board: &Board) -> Vec<u32> {
    let compensates = flow.workflow.dag.on_failure == OnFailure::Compensate;
    let all = if compensates { order(flow, board) } else { Vec::new() };
    all.into_iter().filter(|node| board.row(NodeKey::Node(*node)).not_undone.is_none()).collect()
}

/// The same of a run as it is stored.
///
/// # Errors
/// A failure of the store.
pub async fn is_left(store: &Store, run: &FlowRun) -> Result<bool, Error> {
    let flow = Flow::load(store, &store.flow(&run.id).await?).await?;
    let board = Board::load(store.clone(), &flow).await?;
    Ok(!left(&flow, &board).is_empty())
}

/// Who undoes, and with what.
pub struct Undoing<'a> {
    /// The run's workflow.
    pub flow: &'a Flow,
    /// What tasks work with.
    pub platform: &'a Platform,
    /// Between attempts.
    pub timer: &'a dyn Timer,
    /// How long one of its claims stands, in milliseconds.
    pub lease_ms: u64,
    /// Whether nobody else can be at it: then claims of the dead are void before their time.
    pub alone: bool,
    /// Whom to tell.
    pub tell: &'a (dyn Fn(FlowEvent) + Sync),
}

impl Undoing<'_> {
    /// Ends the runs of nodes that are under way, since nobody waits for them any more, and undoes those; then, where the
    /// workflow is one that compensates, all completed nodes that say how. What cannot be undone stays complete, with why;
    /// the others are undone all the same.
    ///
    /// # Errors
    /// A failure of the store, or [`Error::Refused`] where somebody else is at it; doing it again goes on from there.
    pub async fn all(&self, board: &mut Board) -> Result<(), Error> {
        let flow = self.flow;
        // What is inside began last.
        self.inside().await?;
        if flow.workflow.dag.on_failure != OnFailure::Compensate {
            return Ok(());
        }
        for node in order(flow, board) {
            let written = flow.workflow.node(Ix(node));
            let Some((written, how)) = written.and_then(|node| Some((node, node.compensate_with.as_ref()?))) else {
                continue;
            };
            let now = self.platform.clock.now_ms();
            let mut fence = 0;
            board
                .change(flow, node, |row| {
                    let row = row.undo(now, self.lease_ms)?;
                    fence = row.fence;
                    Ok(row)
                })
                .await?;
            board.commit(flow).await?;
            let id = flow.id(node).to_owned();
            match self.one(board, node, written, how).await {
                Ok(()) => {
                    board.change(flow, node, |row| row.undone(fence, self.platform.clock.now_ms())).await?;
                    (self.tell)(FlowEvent::Compensated { node: id });
                }
                Err(failure) => {
                    board.change(flow, node, |row| row.not_undone(fence, failure.clone())).await?;
                    (self.tell)(FlowEvent::NotCompensated { node: id, failure });
                }
            }
            board.outside_changed();
            board.commit(flow).await?;
        }
        Ok(())
    }

    /// Ends and undoes the runs of nodes that have not ended well. One that had ended was undone then, and is so again.
    fn inside(&self) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + '_>> {
        Box::pin(async {
            let (store, now) = (&self.platform.store, self.platform.clock.now_ms());
            for child in store.children(&self.flow.run).await? {
                let run = match store.flow(&child).await {
                    Ok(stored) => stored.run,
                    Err(maestro_store::Error::NoRun { .. }) => continue,
                    Err(error) => return Err(error.into()),
                };
                if run.status == RunStatus::Ok || run.starter.is_some_and(|starter| starter.undoes) {
                    continue;
                }
                match lifecycle::cancel(store, &child, now).await {
                    Ok(_) | Err(lifecycle::Error::Illegal(_)) => {}
                    Err(lifecycle::Error::Board(error)) => return Err(error),
                    Err(lifecycle::Error::Store(error)) => return Err(error.into()),
                }
                let flow = Flow::load(store, &store.flow(&child).await?).await?;
                let mut board = Board::load(store.clone(), &flow).await?;
                let Undoing { platform, timer, lease_ms, alone, .. } = *self;
                if alone {
                    board.reopen(&flow, Undone::Stays, now).await?;
                }
                Undoing { flow: &flow, platform, timer, lease_ms, alone, tell: &|_| () }.all(&mut board).await?;
            }
            Ok(())
        })
    }

    /// Tries to undo one node as often as its policy says.
    async fn one(
        &self,
        board: &Board,
        node: u32,
        written: &WorkflowNode,
        how: &Compensation,
    ) -> Result<(), NodeFailure> {
        let policy = how.retry_policy.as_ref().map(|policy| &policy.value);
        let attempts = policy.map_or(1, |policy| policy.max_attempts.get());
        let mut attempt = 1;
        loop {
            let failure = match self.once(board, node, written, how).await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            let again = policy.filter(|policy| {
                attempt < attempts && !types::never_retried(&how.task_type, policy).any(|name| name == failure.error)
            });
            match again {
                Some(policy) => self.timer.sleep(delay_ms(policy, attempt)).await,
                None => return Err(failure),
            }
            attempt += 1;
        }
    }

    async fn once(
        &self,
        board: &Board,
        node: u32,
        written: &WorkflowNode,
        how: &Compensation,
    ) -> Result<(), NodeFailure> {
        let started_ms = self.platform.clock.now_ms();
        let reads = self.flow.reads(None, how.config.as_ref()).into_iter();
        let outcomes = reads.filter_map(|at| {
            let outcome = board.row(NodeKey::Node(at)).outcome()?;
            Some((self.flow.id(at).to_owned(), outcome.clone()))
        });
        let task = Task {
            run: self.flow.run.clone(),
            node,
            id: written.node_id.value.clone(),
            task_type: how.task_type.value.clone(),
            config: how.config.clone(),
            context: Arc::new(self.flow.context.clone()),
            outcomes: outcomes.collect(),
            started_ms,
            undoes: true,
        };
        let ends = how.timeout_seconds.map(|limit| started_ms.saturating_add(limit.get().saturating_mul(1_000)));
        let late = || Fault::Timeout.because("undoing took longer than `timeout_seconds`");
        loop {
            let left = ends.map_or(u64::MAX, |ends| ends.saturating_sub(self.platform.clock.now_ms()));
            let progress = tokio::select! {
                biased;
                progress = task.run(self.platform) => progress?,
                () = self.timer.sleep(left), if ends.is_some() => return Err(late()),
            };
            match progress {
                Progress::Done(_) => return Ok(()),
                Progress::Again { at_ms, .. } if ends.is_none_or(|ends| at_ms < ends) => {
                    self.timer.sleep(at_ms.saturating_sub(self.platform.clock.now_ms())).await;
                }
                Progress::Again { .. } => return Err(late()),
            }
        }
    }
}

/// How long the attempt after the n-th waits, in milliseconds, as Step Functions would.
fn delay_ms(policy: &RetryPolicy, attempt: u64) -> u64 {
    let first = policy.interval_seconds.map_or(1, Seconds::get);
    let rate = policy.backoff_rate.map_or(2.0, Rate::get);
    let most = policy.max_delay_seconds.map_or(u64::MAX, |most| Delay::get(*most));
    let power = i32::try_from(attempt - 1).unwrap_or(i32::MAX);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is too large becomes the largest, and then the policy's longest"
    )]
    let seconds = (first as f64 * rate.powi(power)) as u64;
    seconds.min(most).saturating_mul(1_000)
}
