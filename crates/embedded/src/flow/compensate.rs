//! Undoes what a run has done.

use super::engine::{Engine, LEASE_MS};
use maestro_flows::{Error, compensation::Undoing, lifecycle};
use std::sync::Arc;

impl Engine {
    /// The same after a failure by which the run ends then.
    pub(super) async fn compensate_after(&mut self, error: &str, cause: &str) -> Result<(), Error> {
        let (store, now) = (&self.platform.store, self.now());
        match lifecycle::fail_after_undoing(store, &self.flow.run, error, cause, now).await {
            // Somebody has cancelled it, and what it did is undone all the same.
            Ok(_) | Err(lifecycle::Error::Illegal(_)) => {}
            Err(lifecycle::Error::Store(error)) => return Err(error.into()),
            Err(lifecycle::Error::Board(error)) => return Err(error),
        }
        self.compensate().await
    }

    /// Undoes all completed nodes that say how, and the runs of nodes that are under way.
    pub(super) async fn compensate(&mut self) -> Result<(), Error> {
        self.stop_all();
        // What was stopped may have been about to write.
        while self.running.join_next().await.is_some() {}
        let (flow, platform, timer) = (Arc::clone(&self.flow), self.platform.clone(), Arc::clone(&self.timer));
        let watcher = self.watcher.clone();
        let tell = |event| {
            if let Some(watcher) = &watcher {
                // Whoever watches may be gone.
                let _gone = watcher.send(event);
            }
        };
        let undoing =
            Undoing { flow: &flow, platform: &platform, timer: &*timer, lease_ms: LEASE_MS, alone: true, tell: &tell };
        undoing.all(&mut self.board).await
    }
}
