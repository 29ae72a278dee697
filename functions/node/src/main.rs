//! Lambda functions that take nodes of workflows from their queue, and look after runs of workflows: `Handler` says which one this is.

mod handler;
mod web;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{Host, Nodes, Parts, start_logging};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let host = Host::from_environment(Parts::default()).await?;
    let nodes = Nodes::calling(&host, Arc::new(web::Allowed::from_environment()?));
    run(service_fn(|event| handler::handle(&host, &nodes, event))).await
}
