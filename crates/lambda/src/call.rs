//! One call of a function: who makes what, and when its time is up.

use lambda_runtime::Context;
use maestro_domain::task::MadeBy;
use maestro_sdlc::{Caller, Platform};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinHandle};

/// What is kept of a call's time for giving work back: a few calls of services, each perhaps tried again.
const RESERVE: Duration = Duration::from_secs(20);

/// Ends with the call.
pub(crate) struct Timer(JoinHandle<()>);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What handlers work with in one call.
pub(crate) fn platform(platform: &Platform, context: &Context) -> (Platform, Timer) {
    let made_by = MadeBy { function: context.env_config.function_name.clone(), request: context.request_id.clone() };
    let time_up = Arc::new(Notify::new());
    let left = Duration::from_millis(context.deadline.saturating_sub(platform.clock.now_ms()));
    let (wait, notified) = (working_time(left), Arc::clone(&time_up));
    let timer = tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        notified.notify_one();
    });
    (platform.called_by(Caller { made_by, time_up }), Timer(timer))
}

/// How much of a call's time may be worked. Even a short one works for most of it.
fn working_time(left: Duration) -> Duration {
    left.saturating_sub(RESERVE.min(left / 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_before_the_call_does() {
        assert_eq!(working_time(Duration::from_secs(900)), Duration::from_secs(880));
        assert_eq!(working_time(Duration::from_secs(4)), Duration::from_secs(3));
        assert_eq!(working_time(Duration::ZERO), Duration::ZERO);
    }
}
