//! The smallest program that can be the sandbox's helper. Tests start it; `maestro` carries the same call itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Started by hand there is nothing to do for it.
    maestro_sandbox::helper_main().unwrap_or(ExitCode::FAILURE)
}
