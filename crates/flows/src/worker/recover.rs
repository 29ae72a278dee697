//! Looks after runs: what nobody goes on with is sent again.

use super::{Body, Error, GIVEN_ON, Worker, text};
use maestro_domain::{
    NodeKey, NodeRow, NodeState, RunId,
    recovery::{Action, Execution, Record, Recovery, decide},
};

/// How long a lease may be over before its holder counts as gone, in milliseconds: clocks differ.
pub const GRACE_MS: u64 = 60_000;

impl Worker {
    /// Finds what is wrong with a run, sends the messages of nodes that nobody goes on with, and records that with the
    /// run. What is left to do besides is answered.
    ///
    /// # Errors
    /// [`Error`]; the next look goes on from there.
    pub async fn recover(
        &self,
        queue: &str,
        run: &RunId,
        execution: Execution,
        grace_ms: u64,
    ) -> Result<Vec<Recovery>, Error> {
        let store = &self.platform.store;
        let stored = store.flow(run).await?;
        let flow = self.flow(&stored).await?;
        let rows: Vec<(u32, NodeRow)> = store
            .nodes(run)
            .await?
            .into_iter()
            .filter_map(|(key, stored)| if let NodeKey::Node(at) = key { Some((at, stored.row)) } else { None })
            // What was given on is a message's, and those are not lost.
            .filter(|(_, row)| !matches!(row.state, NodeState::Claimed { lease_until_ms: GIVEN_ON }))
            .collect();
        let now = self.platform.clock.now_ms();
        let all = rows.iter().map(|(node, row)| (*node, row));
        let mut left = Vec::new();
        for recovery in decide(stored.run.status, execution, all, now, grace_ms) {
            let Action::Send { node } = recovery.action else {
                left.push(recovery);
                continue;
            };
            let token = rows.iter().find(|(at, _)| *at == node).and_then(|(_, row)| row.token.clone());
            let body = Body { token, ..Body::about(run, flow.id(node)) };
            self.queue.send(queue, &text(&body)).await?;
            store.keep_recovery(run, &Record { recovery, at_ms: now }).await?;
        }
        Ok(left)
    }
}
