//! The `maestro` command with two more sites: the stack on this machine that speaks for AWS, and AWS. `maestro` hands
//! over to it, so that it itself needs no AWS SDK.

mod busy;
mod flows;
mod open;
mod remote;

use std::process::ExitCode;

fn main() -> ExitCode {
    // The sandbox starts this very program as its helper.
    maestro_sandbox::helper_main().unwrap_or_else(|| maestro_cli::start(Some(&open::Deployments)))
}
