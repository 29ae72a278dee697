//! Work on a node that was claimed.

use super::{Error, LATER_MS, Worker};
use crate::{
    failure::Fault,
    flow::Flow,
    scope::{Outcomes, Scope},
    task::{Progress, Task},
};
use maestro_domain::{NodeFailure, NodeKey, NodeOutput, NodeRow, NodeStatus};
use maestro_workflow::{Node, format::WorkflowNode, graph::Ix};
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
    ) -> Result<Result<Ended, NodeFailure>, Error> {
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
            Progress::Again { at_ms, waits_for: None } => Ok(Ended::Again { at_ms }),
            // Whoever brings that sends a message; should it be lost, it is looked for all the same.
            Progress::Again { waits_for: Some(_), .. } => {
                Ok(Ended::Again { at_ms: self.platform.clock.now_ms().saturating_add(LATER_MS) })
            }
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
}

/// How often a node's machine is told that it is alive, where it asks for that.
pub(super) fn heartbeat_ms(flow: &Flow, node: u32) -> Option<u64> {
    let gated = !flow.waits_for(NodeKey::Node(node)).is_empty();
    let written = flow.workflow.node(Ix(node)).filter(|_| !gated)?;
    Some(written.heartbeat_seconds?.get().saturating_mul(500))
}
