//! Work on a node that was claimed.

use super::{Error, LATER_MS, Worker, rows::Seen};
use crate::{
    failure::Fault,
    flow::Flow,
    scope::Outcomes,
    task::{Progress, Task, may_need_no_work},
};
use maestro_domain::{NodeFailure, NodeKey, NodeOutput, NodeRow, NodeStatus};
use maestro_workflow::{format::WorkflowNode, graph::Ix};
use std::sync::Arc;

/// What an attempt has come to.
pub(super) enum Ended {
    Complete(NodeStatus, NodeOutput),
    Again { at_ms: u64 },
}

impl Worker {
    /// Works on a claimed node, for no longer than it may take.
    pub(super) async fn work(
        &self,
        flow: &Arc<Flow>,
        node: u32,
        row: &NodeRow,
        seen: &mut Seen,
    ) -> Result<Result<Ended, NodeFailure>, Error> {
        let Some(written) = flow.workflow.node(Ix(node)) else {
            return Err(Error::Body(format!("the workflow has no node number {node}")));
        };
        let started_ms = row.started_ms.unwrap_or_else(|| self.platform.clock.now_ms());
        let task = self.task(flow, node, written, started_ms, seen).await?;
        let ends_ms = written.timeout_seconds.map(|limit| started_ms.saturating_add(limit.get().saturating_mul(1_000)));
        let doing = self.attempt(written, task);
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
    pub(super) async fn keep_alive(&self, flow: &Flow, node: u32, token: Option<&str>) {
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

    /// How a node ends that was not claimed yet, where nothing has to be done for it. What goes wrong with that goes wrong
    /// again once it is claimed, and is told then.
    pub(super) async fn without_work(
        &self,
        flow: &Flow,
        node: u32,
        row: &NodeRow,
        seen: &mut Seen,
    ) -> Result<Option<(NodeStatus, NodeOutput)>, Error> {
        let Some(written) = flow.workflow.node(Ix(node)).filter(|written| may_need_no_work(written)) else {
            return Ok(None);
        };
        let started_ms = row.started_ms.unwrap_or_else(|| self.platform.clock.now_ms());
        let task = self.task(flow, node, written, started_ms, seen).await?;
        Ok(task.without_work(&self.platform, written).await.ok().flatten())
    }

    async fn task(
        &self,
        flow: &Flow,
        node: u32,
        written: &WorkflowNode,
        started_ms: u64,
        seen: &mut Seen,
    ) -> Result<Task, Error> {
        Ok(Task {
            run: flow.run.clone(),
            node,
            id: written.node_id.value.clone(),
            task_type: written.task_type.value.clone(),
            config: written.config.clone(),
            context: Arc::new(flow.context.clone()),
            outcomes: self.outcomes(flow, node, seen).await?,
            started_ms,
            undoes: false,
        })
    }

    async fn attempt(&self, written: &WorkflowNode, task: Task) -> Result<Ended, NodeFailure> {
        if let Some((status, output)) = task.without_work(&self.platform, written).await? {
            return Ok(Ended::Complete(status, output));
        }
        let store = &self.platform.store;
        match task.run(&self.platform).await? {
            Progress::Done(output) => {
                let output = store.keep_output(&task.run, output).await.map_err(|error| Fault::store(&error))?;
                Ok(Ended::Complete(NodeStatus::Succeeded, output))
            }
            Progress::Again { at_ms, waits_for: None } => Ok(Ended::Again { at_ms }),
            // Whoever brings that sends a message; should it be lost, it is looked for all the same.
            Progress::Again { waits_for: Some(_), .. } => {
                Ok(Ended::Again { at_ms: self.platform.clock.now_ms().saturating_add(LATER_MS) })
            }
        }
    }

    /// How the nodes ended that a node's texts read of.
    async fn outcomes(&self, flow: &Flow, node: u32, seen: &mut Seen) -> Result<Outcomes, Error> {
        if let Some(outcomes) = &seen.outcomes {
            return Ok(outcomes.clone());
        }
        let reads = flow.reads_of(node);
        let keys: Vec<NodeKey> = reads.iter().copied().map(NodeKey::Node).collect();
        let mut outcomes = Vec::new();
        for (at, stored) in reads.into_iter().zip(self.rows(flow, &keys, seen).await?) {
            outcomes.extend(stored.row.outcome().map(|outcome| (flow.id(at).to_owned(), outcome.clone())));
        }
        seen.outcomes = Some(outcomes.clone());
        Ok(outcomes)
    }
}

/// How often a node's machine is told that it is alive, where it asks for that.
pub(super) fn heartbeat_ms(flow: &Flow, node: u32) -> Option<u64> {
    let gated = !flow.waits_for(NodeKey::Node(node)).is_empty();
    let written = flow.workflow.node(Ix(node)).filter(|_| !gated)?;
    Some(written.heartbeat_seconds?.get().saturating_mul(500))
}
