//! Messages of all dead-letter queues.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::LambdaEvent;
use maestro_lambda::{Host, Nodes, bury};
use std::convert::Infallible;

pub(crate) async fn handle(
    host: &Host,
    nodes: &Nodes,
    event: LambdaEvent<SqsEvent>,
) -> Result<SqsBatchResponse, Infallible> {
    bury(host, nodes, event).await
}
