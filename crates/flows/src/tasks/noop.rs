//! Hands on a value.

use super::Runner;
use crate::task::Progress;
use maestro_workflow::types::noop::Noop;

pub(super) const RUNNER: Runner = Runner {
    name: "noop",
    evaluates_itself: false,
    run: |work| {
        Box::pin(async move {
            let config: Noop = work.config()?;
            Ok(Progress::Done(config.output.map(|output| output.to_json())))
        })
    },
};
