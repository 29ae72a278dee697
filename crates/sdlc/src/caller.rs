//! Who calls a handler, where that is a function with a name, a request and only so much time.

use crate::{Platform, bounds::LEASE_S};
use maestro_domain::{Waiter, task::MadeBy};
use std::sync::Arc;
use tokio::sync::Notify;

/// One call of a function.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Written down with everything that the call makes.
    pub made_by: MadeBy,
    /// Notified when work must be given back, so that another call can go on with it.
    pub time_up: Arc<Notify>,
    /// After this moment, in milliseconds since 1970, no model is asked any more: the time might be up before it has
    /// answered, and its answer would be paid and lost.
    pub asks_until_ms: Option<u64>,
    /// The moment, in milliseconds since 1970, at which the call ends whatever it does; `None` where nobody knows.
    pub ends_ms: Option<u64>,
}

/// By how much the clocks of two callers may differ, in milliseconds.
const CLOCKS_MS: u64 = 10_000;

impl Platform {
    /// The same, for one call of a function.
    #[must_use]
    pub fn called_by(&self, caller: Caller) -> Self {
        Self { caller: Some(caller), ..self.clone() }
    }

    /// The same, for a call that answers a message of a queue: when the task has to wait, this message goes on with it.
    #[must_use]
    pub fn for_message(&self, queue: &str, message: &str) -> Self {
        let waiter = Waiter { queue: queue.to_owned(), message: message.to_owned(), jobs: Vec::new() };
        Self { waiter: Some(waiter), ..self.clone() }
    }

    /// Comes back when the caller's time is up; never where there is no such end.
    pub(crate) async fn time_up(&self) {
        match &self.caller {
            Some(caller) => caller.time_up.notified().await,
            None => std::future::pending().await,
        }
    }

    /// For how long a claim stands. After the end of a call nobody works on what it claimed, so another may.
    pub(crate) fn lease_ms(&self) -> u64 {
        let ends_ms = self.caller.as_ref().and_then(|caller| caller.ends_ms);
        let left = ends_ms.map(|ends_ms| ends_ms.saturating_sub(self.clock.now_ms()).saturating_add(CLOCKS_MS));
        left.unwrap_or(u64::MAX).min(LEASE_S * 1000)
    }

    /// Until when a model may be asked; `None` is for ever.
    pub(crate) fn asks_until_ms(&self) -> Option<u64> {
        self.caller.as_ref()?.asks_until_ms
    }

    /// Whether enough of the caller's time is left to ask a model.
    pub(crate) fn time_to_ask(&self) -> bool {
        self.asks_until_ms().is_none_or(|until| self.clock.now_ms() <= until)
    }
}
