//! Who calls a handler, where that is a function with a name, a request and only so much time.

use crate::Platform;
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
}

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

    /// Until when a model may be asked; `None` is for ever.
    pub(crate) fn asks_until_ms(&self) -> Option<u64> {
        self.caller.as_ref()?.asks_until_ms
    }

    /// Whether enough of the caller's time is left to ask a model.
    pub(crate) fn time_to_ask(&self) -> bool {
        self.asks_until_ms().is_none_or(|until| self.clock.now_ms() <= until)
    }
}
