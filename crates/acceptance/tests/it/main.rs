//! The generated tests, run against generated services: right ones and wrong ones.

mod fixtures;
mod mutants;
mod python;
mod suites;
