//! Messages of the queue of phases that have something to be verified.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::LambdaEvent;
use maestro_lambda::{Host, work};
use std::convert::Infallible;

pub(crate) async fn handle(host: &Host, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Infallible> {
    work(host, "verify", event).await
}
