//! The referee: runs one job in the sandbox and puts one report. A build of CodeBuild is told its job by its environment;
//! as a Lambda function, where no CodeBuild is, it serves requests.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{RefereeHost, start_logging};
use maestro_sandbox::{LocalReferee, Options};
use std::process::ExitCode;

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
    // CodeBuild sets it for every build.
    if std::env::var_os("CODEBUILD_BUILD_ID").is_some() {
        return RefereeHost::of_build(referee).await?.build().await;
    }
    let host = RefereeHost::of_function(referee)?;
    run(service_fn(|event| handler::handle(&host, event))).await
}
