//! Lambda functions of the eleven personas: `Handler` says which one this is.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use maestro_blueprint::Blueprint;
use maestro_lambda::{Host, Parts, SystemClock, optional_variable, start_logging};
use maestro_models::{Opener, of_function};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let (config, keys) = of_function(optional_variable, Arc::new(SystemClock)).await?;
    let models = Opener::new(config, keys, Arc::new(Blueprint), Arc::new(SystemClock));
    let parts = Parts { models: Some(Box::new(|buckets| Arc::new(models.sharing(buckets)))) };
    let host = Host::from_environment(parts).await?;
    run(service_fn(|event| handler::handle(&host, event))).await
}
