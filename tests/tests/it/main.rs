//! Tests over the whole house.

mod crash;
mod definitions;
mod emptied;
mod grammar;
mod house;
mod scenarios;
mod traced;

/// The program that prepares the referee's sandbox.
const HELPER: &str = env!("CARGO_BIN_EXE_maestro-tests-referee");
