//! Lambda functions that take the reports of whoever runs jobs, and look for jobs that were lost: `Handler` says which one this is.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{Host, Parts, start_logging};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let host = Host::from_environment(Parts::default()).await?;
    run(service_fn(|event| handler::handle(&host, event))).await
}
