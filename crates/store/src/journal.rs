//! Events of a run: kept in the journal, and told to whoever watches.

use crate::Store;
use maestro_domain::{Event, RunId, TenantId};
use maestro_ports::{Clock, Events};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::{Instant, timeout_at},
};

enum Note {
    Event(RunId, Value),
    Flush(oneshot::Sender<()>),
}

/// Notes that are taken at once: events of one run among them are one write.
const AT_ONCE: usize = 32;

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
        Self::lingering(store, clock, watcher, Duration::ZERO)
    }

    /// The same, where each write costs: an event waits so long for others that are written down with it.
    #[must_use]
    pub fn lingering(
        store: Store,
        clock: Arc<dyn Clock>,
        watcher: Option<mpsc::UnboundedSender<Event>>,
        linger: Duration,
    ) -> Self {
        let (notes, mut incoming) = mpsc::unbounded_channel();
        let writer = tokio::spawn(async move {
            while let Some(first) = incoming.recv().await {
                let until = Instant::now() + linger;
                let mut notes = vec![first];
                while notes.len() < AT_ONCE && !matches!(notes.last(), Some(Note::Flush(_))) {
                    match timeout_at(until, incoming.recv()).await {
                        Ok(Some(note)) => notes.push(note),
                        _ => break,
                    }
                }
                write(&store, notes).await;
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

/// Writes notes down, in order.
async fn write(store: &Store, notes: Vec<Note>) {
    let mut together: Option<(RunId, Vec<Value>)> = None;
    for note in notes {
        match note {
            Note::Event(run, event) => match &mut together {
                Some((of, events)) if *of == run => events.push(event),
                _ => append(store, together.replace((run, vec![event]))).await,
            },
            Note::Flush(done) => {
                append(store, together.take()).await;
                // Whoever waited may be gone.
                let _gone = done.send(());
            }
        }
    }
    append(store, together).await;
}

async fn append(store: &Store, events: Option<(RunId, Vec<Value>)>) {
    let Some((run, events)) = events else { return };
    // The journal is history: a run must not fail because a line of it could not be kept.
    if let Err(error) = store.append_all(&run, &events).await {
        tracing::warn!(%run, lost = events.len(), %error, "events were not kept");
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
        let told = json!({"at_ms": self.clock.now_ms(), "event": event});
        let _gone = self.notes.send(Note::Event(run.clone(), told));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryBlobs, MemoryTable, faulty::CrashingTable};
    use maestro_domain::{ContentHash, Grant, Limit, Run, RunStatus};

    struct Still;

    impl Clock for Still {
        fn now_ms(&self) -> u64 {
            7
        }
    }

    #[tokio::test]
    async fn events_that_are_close_are_one_write_and_no_order_is_lost() {
        let table = Arc::new(CrashingTable::counting(Arc::new(MemoryTable::default())));
        let tenant = TenantId::local();
        let store = Store::new(Arc::<CrashingTable>::clone(&table), Arc::new(MemoryBlobs::default()), tenant.clone());
        let id = RunId::new("run-1").unwrap();
        let epic = maestro_domain::Epic { title: "e".to_owned(), statements: Vec::new() };
        let run = Run {
            id: id.clone(),
            epic: "e".to_owned(),
            epic_hash: ContentHash::of(b"e"),
            model: "m".to_owned(),
            scope: "feature".into(),
            out: "o".to_owned(),
            status: RunStatus::Running,
            reason: None,
            rounds: vec![],
            executions: 1,
            created_ms: 1,
            changed_ms: 1,
        };
        store
            .create_run(&run, &epic, b"e", &Grant { amount: Limit::NONE, by: "test".to_owned(), at_ms: 0 })
            .await
            .unwrap();
        let journal = Journal::lingering(store.clone(), Arc::new(Still), None, Duration::from_secs(3_600));
        let before = table.commits();
        for execution in ["a", "b", "c"] {
            journal.emit(&tenant, &id, Event::ExecutionStarted { execution: execution.to_owned() });
            tokio::task::yield_now().await;
        }
        // Whoever flushes does not wait for more.
        journal.flush().await;
        assert_eq!(table.commits() - before, 1, "three events, one write");
        let told: Vec<_> = store.events(&id, 0, 9).await.unwrap();
        let told: Vec<_> = told.iter().map(|entry| entry.event["event"]["execution"].as_str().unwrap()).collect();
        assert_eq!(told, ["a", "b", "c"]);
    }
}
