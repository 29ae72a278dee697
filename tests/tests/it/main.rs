//! Tests over the whole house.

// `cfg(test)` lets the lints know that what is below is test code.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod comparison;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod definitions;
#[cfg(test)]
mod emptied;
#[cfg(test)]
mod grammar;
#[cfg(test)]
mod house;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod leases;
#[cfg(test)]
mod lies;
#[cfg(test)]
mod meddled;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod partitions;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod rework;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod scopes;
#[cfg(test)]
mod template;
#[cfg(test)]
mod time;
#[cfg(test)]
mod toolboxes;
#[cfg(test)]
mod traced;
#[cfg(test)]
mod wire;

/// The program that prepares the referee's sandbox.
#[cfg(test)]
const HELPER: &str = env!("CARGO_BIN_EXE_maestro-tests-referee");
