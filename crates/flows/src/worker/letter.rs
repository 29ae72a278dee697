//! Messages that no worker finished with, however often they were delivered.

use super::{Body, Error, Worker, told};
use crate::failure::Fault;
use maestro_domain::{
    NodeFailure, NodeKey, NodeState, RunStatus,
    recovery::{Action, Finding, Record, Recovery},
};

impl Worker {
    /// Gives a message up: its node's attempt fails, whoever waits for it is told, and the run holds that it was so. Says
    /// whether the message was one of a run that is there.
    ///
    /// # Errors
    /// [`Error`]; nobody may forget the message then.
    pub async fn give_up(&self, body: &str, cause: &str) -> Result<bool, Error> {
        let Ok(body) = serde_json::from_str::<Body>(body) else { return Ok(false) };
        let stored = match self.platform.store.flow(&body.run).await {
            Ok(stored) => stored,
            Err(maestro_store::Error::NoRun { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let flow = self.flow(&stored).await?;
        let node = flow.number(&body.node);
        let failure = Fault::DeadLetter.because(cause);
        let failed = Err(match node {
            Some(node) => told(&flow, node, failure.clone()),
            None => failure.clone(),
        });
        let (ended, newest): (Option<Result<(), NodeFailure>>, Option<String>) = match node {
            Some(node) if stored.run.status == RunStatus::Running => {
                let row = self.row(&flow, NodeKey::Node(node)).await?.row;
                let now = self.platform.clock.now_ms();
                match &row.state {
                    NodeState::Complete(_) | NodeState::Undoing { .. } => (Some(Ok(())), None),
                    NodeState::Claimed { lease_until_ms }
                        if *lease_until_ms > now || body.fence.is_some_and(|fence| fence != row.fence) =>
                    {
                        (None, None)
                    }
                    NodeState::Claimed { .. } => {
                        let changed =
                            self.change(&flow, node, |stands| stands.fail(row.fence, failure.clone())).await?;
                        (changed.is_some().then_some(failed), row.token)
                    }
                    NodeState::Waiting | NodeState::Parked | NodeState::Failed(_) | NodeState::Compensated => {
                        (Some(failed), None)
                    }
                }
            }
            _ => (Some(failed), None),
        };
        let action = if ended.is_some() { Action::Answer } else { Action::Nothing };
        if let Some(ended) = &ended {
            self.answer(body.token.as_deref(), newest.as_deref(), ended).await?;
        }
        let recovery = Recovery { finding: Finding::DeadLetter { node }, action };
        let record = Record { recovery, at_ms: self.platform.clock.now_ms() };
        self.platform.store.keep_recovery(&body.run, &record).await?;
        Ok(true)
    }
}
