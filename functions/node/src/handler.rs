//! Messages of the queue of nodes.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::LambdaEvent;
use maestro_lambda::{Nodes, node};
use std::convert::Infallible;

pub(crate) async fn handle(nodes: &Nodes, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Infallible> {
    node(nodes, event).await
}
