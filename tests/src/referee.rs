//! The program that the tests' referee starts again to prepare a sandbox.

use std::process::ExitCode;

fn main() -> ExitCode {
    maestro_sandbox::helper_main().unwrap_or(ExitCode::FAILURE)
}
