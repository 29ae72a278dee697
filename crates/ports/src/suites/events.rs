//! What everybody does who takes events.

#![expect(clippy::unwrap_used, reason = "a suite is a test: what does not hold must panic")]

use crate::Events;
use async_trait::async_trait;
use maestro_domain::{Event, RunId, RunStatus, TenantId};
use std::{collections::BTreeSet, sync::Arc, thread};

/// An adapter, and somebody at its other end.
#[async_trait(?Send)]
pub trait Hearing: Send + Sync {
    /// The adapter.
    fn events(&self) -> &dyn Events;
    /// Hands over what waits, as whoever hosts the adapter does before it ends.
    async fn flush(&self);
    /// What was heard of a run, once that is so many different events, in any order.
    async fn heard(&self, tenant: &TenantId, run: &RunId, many: usize) -> Vec<Event>;
}

/// Runs all cases, each on an adapter of its own. `make` is told the runs that will be spoken of; they are the tenant
/// `local`'s. Only events that concern whole runs are emitted: those are what every adapter tells.
///
/// # Panics
/// When the adapter does something else than the port says.
pub async fn events_suite<F: Future<Output = Arc<dyn Hearing>>>(make: impl Fn(Vec<RunId>) -> F) {
    let (one, two) = (run("one"), run("two"));
    let runs = || vec![one.clone(), two.clone()];
    tells_each_run_its_own(&*make(runs()).await, &one, &two).await;
    tells_what_came_after_a_flush(&*make(runs()).await, &one).await;
    tells_long_events_whole(&*make(runs()).await, &one).await;
    loses_nothing_of_many_at_once(make(runs()).await, &one).await;
}

fn run(name: &str) -> RunId {
    RunId::new(format!("run-{name}")).unwrap()
}

fn begun(number: usize) -> Event {
    Event::ExecutionStarted { execution: format!("execution {number}") }
}

/// Events as text: what is told again is the same.
fn texts(events: impl IntoIterator<Item = Event>) -> BTreeSet<String> {
    events.into_iter().map(|event| serde_json::to_string(&event).unwrap()).collect()
}

async fn tells_each_run_its_own(hearing: &dyn Hearing, one: &RunId, two: &RunId) {
    let tenant = TenantId::local();
    let (mut of_one, mut of_two): (Vec<_>, Vec<_>) = ((0..23).map(begun).collect(), (100..103).map(begun).collect());
    of_one.push(Event::RunEnded { status: RunStatus::Ok });
    of_two.push(Event::RunEnded { status: RunStatus::Blocked });
    for (run, events) in [(one, &of_one), (two, &of_two)] {
        for event in events {
            hearing.events().emit(&tenant, run, event.clone());
        }
    }
    hearing.flush().await;
    for (run, events) in [(one, of_one), (two, of_two)] {
        let heard = hearing.heard(&tenant, run, events.len()).await;
        assert_eq!(texts(heard), texts(events), "{run}");
    }
}

async fn tells_what_came_after_a_flush(hearing: &dyn Hearing, one: &RunId) {
    let tenant = TenantId::local();
    hearing.flush().await;
    for number in 0..3 {
        hearing.events().emit(&tenant, one, begun(number));
        hearing.flush().await;
    }
    assert_eq!(texts(hearing.heard(&tenant, one, 3).await), texts((0..3).map(begun)));
}

async fn tells_long_events_whole(hearing: &dyn Hearing, one: &RunId) {
    let tenant = TenantId::local();
    let long = |letter: &str| Event::ExecutionStarted { execution: letter.repeat(100_000 / letter.len()) };
    let told = ["a", "ß", "\"", "😀"].map(long);
    for event in &told {
        hearing.events().emit(&tenant, one, event.clone());
    }
    hearing.flush().await;
    assert!(texts(hearing.heard(&tenant, one, 4).await) == texts(told), "they come whole");
}

async fn loses_nothing_of_many_at_once(hearing: Arc<dyn Hearing>, one: &RunId) {
    let tenant = TenantId::local();
    thread::scope(|scope| {
        for speaker in 0..6 {
            let (hearing, tenant) = (&hearing, &tenant);
            scope.spawn(move || {
                for number in 0..5 {
                    hearing.events().emit(tenant, one, begun(speaker * 5 + number));
                }
            });
        }
    });
    hearing.flush().await;
    assert_eq!(texts(hearing.heard(&tenant, one, 30).await), texts((0..30).map(begun)));
}
