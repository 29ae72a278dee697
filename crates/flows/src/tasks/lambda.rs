//! Calls a Lambda function: there are none on one machine.

use super::Runner;
use crate::failure::Fault;
use maestro_workflow::types::lambda::Lambda;

pub(super) const RUNNER: Runner = Runner {
    name: "lambda",
    evaluates_itself: false,
    run: |work| {
        Box::pin(async move {
            let config: Lambda = work.config()?;
            Err(Fault::NotSupported.because(format!(
                "this machine has no Lambda functions, so `{}` was not called; a `script` node may stand in for it",
                config.function
            )))
        })
    },
};
