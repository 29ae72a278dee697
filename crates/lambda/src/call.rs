//! One call of a function: who makes what, and when its time is up.

use lambda_runtime::Context;
use maestro_domain::{RunId, task::MadeBy};
use maestro_sdlc::{
    Caller, Platform,
    bounds::{LONGEST_ANSWER_S, RESERVE_S},
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinHandle};

const RESERVE: Duration = Duration::from_secs(RESERVE_S);
const LONGEST_ANSWER: Duration = Duration::from_secs(LONGEST_ANSWER_S);

/// Ends with the call.
pub(crate) struct Timer(JoinHandle<()>);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What handlers work with in a call that somebody waits for: when its time is up, whoever waits sees that it is.
pub(crate) fn awaited(platform: &Platform, context: &Context) -> Platform {
    platform.called_by(caller(context))
}

/// What handlers work with in a call that another can go on with.
pub(crate) fn timed(platform: &Platform, context: &Context) -> (Platform, Timer) {
    let mut caller = caller(context);
    let now = platform.clock.now_ms();
    let (wait, time_up) =
        (working_time(Duration::from_millis(context.deadline.saturating_sub(now))), Arc::clone(&caller.time_up));
    caller.asks_until_ms = u64::try_from(asking_time(wait).as_millis()).ok().map(|asking| now.saturating_add(asking));
    let timer = tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        time_up.notify_one();
    });
    (platform.called_by(caller), Timer(timer))
}

/// Which call of which function this is.
pub(crate) fn made_by(context: &Context) -> MadeBy {
    MadeBy { function: context.env_config.function_name.clone(), request: context.request_id.clone() }
}

/// The run that a payload or a task is about.
pub(crate) fn run_of(asked: &Value) -> Result<RunId, String> {
    let run = asked.get("run").cloned().unwrap_or_default();
    serde_json::from_value(run).map_err(|error| format!("it names no run: {error}"))
}

fn caller(context: &Context) -> Caller {
    let ends_ms = Some(context.deadline).filter(|deadline| *deadline > 0);
    Caller { made_by: made_by(context), time_up: Arc::new(Notify::new()), asks_until_ms: None, ends_ms }
}

/// How much of a call's time may be worked. Even a short one works for most of it.
pub(crate) fn working_time(left: Duration) -> Duration {
    left.saturating_sub(RESERVE.min(left / 4))
}

/// For how much of that models are asked.
fn asking_time(working: Duration) -> Duration {
    working.saturating_sub(LONGEST_ANSWER.min(working / 2))
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

    #[test]
    fn models_are_asked_while_they_have_time_to_answer() {
        assert_eq!(asking_time(Duration::from_secs(880)), Duration::from_secs(460));
        assert_eq!(asking_time(Duration::from_secs(40)), Duration::from_secs(20));
    }
}
