//! Undoes what a run has done, the last completed first.

use super::engine::{Engine, LEASE_MS};
use maestro_domain::NodeFailure;
use maestro_flows::{Error, Fault, FlowEvent, Progress, compensation};
use maestro_workflow::{
    format::{Compensation, Delay, Rate, RetryPolicy, Seconds},
    graph::Ix,
    types,
};
use std::sync::Arc;

impl Engine {
    /// Undoes all completed nodes that say how. What cannot be undone stays complete, with why; the others are undone
    /// all the same.
    pub(super) async fn compensate(&mut self) -> Result<(), Error> {
        let flow = Arc::clone(&self.flow);
        for node in compensation::order(&flow, &self.board) {
            let written = flow.workflow.node(Ix(node));
            let Some((written, how)) = written.and_then(|node| Some((node, node.compensate_with.as_ref()?))) else {
                continue;
            };
            let now = self.now();
            let mut fence = 0;
            self.board
                .change(&flow, node, |row| {
                    let row = row.undo(now, LEASE_MS)?;
                    fence = row.fence;
                    Ok(row)
                })
                .await?;
            self.board.commit(&flow).await?;
            let id = flow.id(node).to_owned();
            match self.undo(node, written, how).await {
                Ok(()) => {
                    self.board.change(&flow, node, |row| row.undone(fence)).await?;
                    self.tell(FlowEvent::Compensated { node: id });
                }
                Err(failure) => {
                    self.board.change(&flow, node, |row| row.not_undone(fence, failure.clone())).await?;
                    self.tell(FlowEvent::NotCompensated { node: id, failure });
                }
            }
            self.board.outside_changed();
            self.board.commit(&flow).await?;
        }
        Ok(())
    }

    /// Tries to undo one node as often as its policy says.
    async fn undo(
        &mut self,
        node: u32,
        written: &maestro_workflow::format::WorkflowNode,
        how: &Compensation,
    ) -> Result<(), NodeFailure> {
        let policy = how.retry_policy.as_ref().map(|policy| &policy.value);
        let attempts = policy.map_or(1, |policy| policy.max_attempts.get());
        let mut attempt = 1;
        loop {
            let failure = match self.undo_once(node, written, how).await {
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

    async fn undo_once(
        &mut self,
        node: u32,
        written: &maestro_workflow::format::WorkflowNode,
        how: &Compensation,
    ) -> Result<(), NodeFailure> {
        let mut task = self.task(node, written, true);
        task.started_ms = self.now();
        let ends = how.timeout_seconds.map(|limit| task.started_ms.saturating_add(limit.get().saturating_mul(1_000)));
        let late = || Fault::Timeout.because("undoing took longer than `timeout_seconds`");
        loop {
            let left = ends.map_or(u64::MAX, |ends| ends.saturating_sub(self.now()));
            let progress = tokio::select! {
                biased;
                progress = task.run(&self.platform) => progress?,
                () = self.timer.sleep(left), if ends.is_some() => return Err(late()),
            };
            match progress {
                Progress::Done(_) => return Ok(()),
                Progress::Again { at_ms, .. } if ends.is_none_or(|ends| at_ms < ends) => {
                    self.timer.sleep(at_ms.saturating_sub(self.now())).await;
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
