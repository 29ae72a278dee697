//! Workflows: nodes that depend on each other, without cycles, with exact dependency semantics.
//!
//! - [`check`] reads a text and says everything that is wrong with it, each with its place;
//! - [`lints::lint`] says what is likely to go wrong with a sound workflow;
//! - [`compile::compile`] makes definitions in Amazon States Language of it;
//! - [`schema`] is the published JSON Schema of the format.
//!
//! The crate does no IO, reads no clock and runs nothing.

mod check;
pub mod compile;
mod de;
pub mod format;
pub mod graph;
pub mod lints;
mod problem;
mod references;
mod schema;
pub mod types;
mod yaml;

pub use check::{Checked, MAX_NODES, Workflow, check};
pub use de::At;
pub use problem::{Place, Problem, Severity};
pub use schema::schema;
pub use yaml::{MAX_BYTES, Node};
