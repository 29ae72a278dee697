//! Lambda function that tells runs of messages that no worker finished with.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{Host, Nodes, Parts, start_logging};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let host = Host::from_environment(Parts::default()).await?;
    let nodes = Nodes::of(&host);
    run(service_fn(|event| handler::handle(&host, &nodes, event))).await
}
