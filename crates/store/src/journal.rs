//! Events of a run: kept in the journal, and told to whoever watches.

use crate::Store;
use maestro_domain::{Event, RunId, TenantId};
use maestro_ports::{Clock, Events};
use serde_json::json;
use std::sync::Arc;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

enum Note {
    Event(RunId, u64, Event),
    Flush(oneshot::Sender<()>),
}

/// Writes events down in the background, in order, each with the time at which it happened.
pub struct Journal {
    notes: mpsc::UnboundedSender<Note>,
    watcher: Option<mpsc::UnboundedSender<Event>>,
    clock: Arc<dyn Clock>,
    writer: JoinHandle<()>,
}

impl Journal {
    /// A journal over a store; `watcher` is told each event too.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, watcher: Option<mpsc::UnboundedSender<Event>>) -> Self {
        let (notes, mut incoming) = mpsc::unbounded_channel();
        let writer = tokio::spawn(async move {
            while let Some(note) = incoming.recv().await {
                match note {
                    Note::Event(run, at_ms, event) => {
                        // The journal is history: a run must not fail because a line of it could not be kept.
                        if let Err(error) = store.append(&run, &json!({"at_ms": at_ms, "event": event})).await {
                            tracing::warn!(%run, %error, "an event was not kept");
                        }
                    }
                    Note::Flush(done) => drop(done.send(())),
                }
            }
        });
        Self { notes, watcher, clock, writer }
    }

    /// Waits until every event so far is written.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.notes.send(Note::Flush(done)).is_ok() {
            // An error means that the writer is gone, and with it everything that could be waited for.
            let _gone = flushed.await;
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.writer.abort();
    }
}

impl Events for Journal {
    fn emit(&self, _: &TenantId, run: &RunId, event: Event) {
        if let Some(watcher) = &self.watcher {
            // Nobody watches any more: that is no concern of the run.
            let _gone = watcher.send(event.clone());
        }
        let _gone = self.notes.send(Note::Event(run.clone(), self.clock.now_ms(), event));
    }
}
