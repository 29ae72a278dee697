//! Lambda functions of the eleven personas: `Handler` says which one this is.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use maestro_blueprint::Blueprint;
use maestro_lambda::{Host, Parts, start_logging};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let host = Host::from_environment(Parts { model: Some(Arc::new(Blueprint)) }).await?;
    run(service_fn(|event| handler::handle(&host, event))).await
}
