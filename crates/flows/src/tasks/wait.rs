//! Waits for a time.

use super::Runner;
use crate::{failure::Fault, task::Progress};
use jiff::Timestamp;
use maestro_workflow::types::wait::Wait;

pub(super) const RUNNER: Runner = Runner {
    name: "wait",
    evaluates_itself: false,
    run: |work| {
        Box::pin(async move {
            let config: Wait = work.config()?;
            let until = match (config.seconds, config.until) {
                (Some(seconds), _) => work.started_ms.saturating_add(seconds.millis()),
                (None, Some(until)) => {
                    let at: Timestamp = until.parse().map_err(|error: jiff::Error| {
                        Fault::Expression.because(format!("`until` is `{until}`, which is no time: {error}"))
                    })?;
                    u64::try_from(at.as_millisecond()).unwrap_or(0)
                }
                (None, None) => return Err(Fault::Expression.because("`config` needs one of `seconds` and `until`")),
            };
            if work.platform.clock.now_ms() >= until {
                return Ok(Progress::Done(None));
            }
            Ok(Progress::Again { at_ms: until, waits_for: None })
        })
    },
};
