//! The `maestro` command. It links no AWS SDK.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The sandbox starts this very program as its helper.
    maestro_sandbox::helper_main().unwrap_or_else(|| maestro_cli::start(None))
}
