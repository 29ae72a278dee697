//! The generated tests, run against generated services: right ones and wrong ones.

mod fixtures;
mod python;
mod suites;
