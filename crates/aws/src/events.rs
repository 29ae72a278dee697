//! Events on an EventBridge bus, for whoever else wants to know how runs go. The journal holds all of them, in order and
//! for ever; the bus is told those that concern a whole run, at least once and in no order.

use crate::{
    Lazy,
    patience::{ATTEMPTS, pause},
};
use aws_sdk_eventbridge::{
    Client,
    error::DisplayErrorContext,
    primitives::DateTime,
    types::{PutEventsRequestEntry, PutEventsResultEntry},
};
use maestro_domain::{Event, RunId, TenantId};
use maestro_ports::{Clock, Events};
use serde_json::json;
use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Who says it, in every event's `source`.
pub const SOURCE: &str = "maestro";
/// Events that one request takes.
const ENTRIES: usize = 10;
/// Bytes that one request takes.
const BYTES: usize = 256 << 10;
/// Bytes that the time of an event counts for.
const TIME: usize = 14;

/// The `detail-type` of an event; `None` for those that the bus is not told.
#[must_use]
pub const fn detail_type(event: &Event) -> Option<&'static str> {
    match event {
        Event::ExecutionStarted { .. } => Some("maestro.run.started"),
        Event::GateDecided { .. } => Some("maestro.phase.ended"),
        Event::TaskFailed { .. } => Some("maestro.task.failed"),
        Event::ReportRefused { .. } => Some("maestro.report.refused"),
        Event::CallDenied { .. } => Some("maestro.call.denied"),
        Event::TextWithheld { .. } => Some("maestro.text.withheld"),
        Event::DeadLetter { .. } => Some("maestro.dead_letter"),
        Event::RunEnded { .. } => Some("maestro.run.ended"),
        Event::PhaseStarted { .. }
        | Event::TaskStarted { .. }
        | Event::TaskFinished { .. }
        | Event::TaskSuspended { .. }
        | Event::TaskWaits { .. }
        | Event::TurnTaken { .. }
        | Event::ModelWaits { .. }
        | Event::JobFinished { .. } => None,
    }
}

/// One event for the bus.
#[derive(Debug, Clone)]
struct Told {
    kind: &'static str,
    at_ms: u64,
    detail: String,
}

impl Told {
    /// What it counts for in a request.
    fn bytes(&self) -> usize {
        TIME + SOURCE.len() + self.kind.len() + self.detail.len()
    }
}

/// A bus. Events wait in it until [`Bus::flush`].
pub struct Bus {
    client: Lazy<Client>,
    name: String,
    clock: Arc<dyn Clock>,
    waiting: Mutex<Vec<Told>>,
}

impl Bus {
    /// The bus of this name.
    #[must_use]
    pub fn new(client: Lazy<Client>, name: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self { client, name: name.into(), clock, waiting: Mutex::default() }
    }

    /// Tells the bus what waits. Whoever flushes a journal does that first: what is lost here can still be read there.
    pub async fn flush(&self) {
        let told = mem::take(&mut *self.waiting());
        for batch in batches(told) {
            self.put(batch).await;
        }
    }

    async fn put(&self, mut batch: Vec<Told>) {
        for attempt in 1.. {
            let put = self.client.put_events().set_entries(Some(batch.iter().map(|told| self.entry(told)).collect()));
            let answer = match put.send().await {
                Ok(answer) => answer,
                // The SDK has tried again already.
                Err(error) => {
                    let error = DisplayErrorContext(&error);
                    tracing::warn!(bus = self.name, lost = batch.len(), %error, "events were not told");
                    return;
                }
            };
            let left = refused(batch, answer.entries());
            let Some((_, why)) = left.first() else { return };
            if attempt == ATTEMPTS {
                tracing::warn!(bus = self.name, lost = left.len(), why, "events were not told");
                return;
            }
            tokio::time::sleep(pause(attempt)).await;
            batch = left.into_iter().map(|(told, _)| told).collect();
        }
    }

    fn entry(&self, told: &Told) -> PutEventsRequestEntry {
        let time = DateTime::from_millis(i64::try_from(told.at_ms).unwrap_or(i64::MAX));
        let entry = PutEventsRequestEntry::builder().event_bus_name(&self.name).source(SOURCE).time(time);
        entry.detail_type(told.kind).detail(&told.detail).build()
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Told>> {
        // A list is whole whatever happened to who held it.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Events for Bus {
    fn emit(&self, tenant: &TenantId, run: &RunId, event: Event) {
        let Some(kind) = detail_type(&event) else { return };
        let at_ms = self.clock.now_ms();
        let detail = json!({"tenant": tenant, "run": run, "at_ms": at_ms, "event": event}).to_string();
        self.waiting().push(Told { kind, at_ms, detail });
    }
}

/// Requests that take as much as they may, in order.
fn batches(told: Vec<Told>) -> Vec<Vec<Told>> {
    let mut batches: Vec<Vec<Told>> = Vec::new();
    let mut bytes = 0;
    for one in told {
        if one.bytes() > BYTES {
            tracing::warn!(kind = one.kind, bytes = one.bytes(), "an event is too long for a bus");
            continue;
        }
        bytes += one.bytes();
        match batches.last_mut() {
            Some(batch) if batch.len() < ENTRIES && bytes <= BYTES => batch.push(one),
            _ => {
                bytes = one.bytes();
                batches.push(vec![one]);
            }
        }
    }
    batches
}

/// Those of a batch that the bus did not take, each with the reason. Its answers are in the order of the entries.
fn refused(batch: Vec<Told>, answers: &[PutEventsResultEntry]) -> Vec<(Told, String)> {
    let why = |answer: &PutEventsResultEntry| {
        Some(format!("{}: {}", answer.error_code()?, answer.error_message().unwrap_or("no reason")))
    };
    batch.into_iter().zip(answers).filter_map(|(told, answer)| Some((told, why(answer)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: usize) -> Told {
        let kind = "maestro.run.ended";
        Told { kind, at_ms: 0, detail: "x".repeat(bytes - TIME - SOURCE.len() - kind.len()) }
    }

    fn sizes(told: impl IntoIterator<Item = usize>) -> Vec<Vec<usize>> {
        let told = told.into_iter().map(self::told).collect();
        batches(told).iter().map(|batch| batch.iter().map(Told::bytes).collect()).collect()
    }

    #[test]
    fn requests_are_as_full_as_they_may_be() {
        assert!(sizes([]).is_empty());
        assert_eq!(sizes([100; 25]).iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
        assert_eq!(sizes([BYTES - 100, 100, 100]), [vec![BYTES - 100, 100], vec![100]]);
        assert_eq!(sizes([100, BYTES, 100]), [vec![100], vec![BYTES], vec![100]]);
        assert_eq!(sizes([100, BYTES + 1, 100]), [vec![100, 100]], "what no request takes is left out");
    }

    #[test]
    fn only_what_was_refused_is_told_again() {
        let answer = |code: Option<&str>| {
            let entry = PutEventsResultEntry::builder().set_error_code(code.map(str::to_owned));
            entry.set_error_message(code.map(|_| "later".to_owned())).build()
        };
        let answers = [answer(None), answer(Some("ThrottlingException")), answer(None)];
        let left = refused(vec![told(100), told(200), told(300)], &answers);
        let left: Vec<_> = left.iter().map(|(told, why)| (told.bytes(), why.as_str())).collect();
        assert_eq!(left, [(200, "ThrottlingException: later")]);
    }
}
