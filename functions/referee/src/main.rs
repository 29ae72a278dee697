//! Lambda function that runs what was built and makes evidence of it: the referee of a stack on one machine.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{Host, Parts, start_logging};
use maestro_sandbox::{LocalReferee, Options};
use std::{process::ExitCode, sync::Arc};

fn main() -> Result<ExitCode, Error> {
    // The sandbox starts this program again, as its helper.
    if let Some(code) = maestro_sandbox::helper_main() {
        return Ok(code);
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve())?;
    Ok(ExitCode::SUCCESS)
}

async fn serve() -> Result<(), Error> {
    start_logging()?;
    let referee = LocalReferee::new(Options::for_current_exe()?);
    let host = Host::from_environment(Parts { referee: Some(Arc::new(referee)), ..Parts::default() }).await?;
    run(service_fn(|event| handler::handle(&host, event))).await
}
