//! Calls a Lambda function.

use super::Runner;
use crate::{failure::Fault, flow::Flow, task::Progress};
use maestro_ports::functions::Error;
use maestro_workflow::{Node, types::lambda::Lambda};

pub(super) const RUNNER: Runner = Runner {
    name: "lambda",
    evaluates_itself: false,
    run: |work| {
        Box::pin(async move {
            let config: Lambda = work.config()?;
            let payload = config.payload.as_ref().map_or_else(Flow::nothing, Node::to_json);
            let answer = work.platform.functions.call(&config.function, &payload).await;
            answer.map(|answer| Progress::Done(Some(answer))).map_err(|error| {
                let fault = match &error {
                    Error::NotSupported(_) => Fault::NotSupported,
                    Error::NotAllowed(_) => Fault::NotAllowed,
                    Error::Failed(_) => Fault::Function,
                    Error::Unavailable(_) => Fault::FunctionUnavailable,
                };
                fault.because(error.to_string())
            })
        })
    },
};
