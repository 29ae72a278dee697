//! Lambda functions that take nodes of workflows from their queue, and look after runs of workflows: `Handler` says which one this is.

mod handler;
mod web;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{Host, Nodes, Parts, SystemClock, optional_variable, start_logging};
use maestro_models::{Lambda, Surroundings};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let host = Host::from_environment(Parts::default()).await?;
    let (surroundings, url) = (Surroundings::read(optional_variable), optional_variable("AWS_ENDPOINT_URL"));
    let functions = Lambda::new(&surroundings, url.as_deref(), Arc::new(SystemClock))?;
    let nodes = Nodes::calling(&host, Arc::new(web::Allowed::from_environment()?), Arc::new(functions));
    run(service_fn(|event| handler::handle(&host, &nodes, event))).await
}
