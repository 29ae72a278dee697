//! Lambda function that asks the referee to run what was built, and takes its evidence over. It runs nothing itself.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{Host, Parts, start_logging};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let host = Host::from_environment(Parts::default()).await?;
    run(service_fn(|event| handler::handle(&host, event))).await
}
