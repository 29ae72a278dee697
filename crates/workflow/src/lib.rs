//! Workflows: nodes that depend on each other, without cycles, with exact dependency semantics.
//!
//! - [`check`] reads a text and says everything that is wrong with it, each with its place;
//! - [`lints::lint`] says what is likely to go wrong with a sound workflow;
//! - [`compile::compile`] makes definitions in Amazon States Language of it;
//! - [`plan`] tells what to expect of a run, and [`draw`] draws it;
//! - [`library`] holds workflows to use and to start from;
//! - [`scope`] reads what a scope's workflow says of a run of an epic;
//! - [`yaml`] reads YAML into a tree with places, for other formats too;
//! - [`schema`] is the published JSON Schema of the format.
//!
//! The crate does no IO, reads no clock and runs nothing.

mod check;
pub mod compile;
mod de;
pub mod draw;
pub mod format;
pub mod graph;
pub mod library;
pub mod lints;
mod plan;
mod problem;
mod references;
mod schema;
pub mod scope;
pub mod types;
pub mod yaml;

pub use check::{Checked, MAX_NODES, Workflow, check};
pub use de::At;
pub use plan::{Plan, plan};
pub use problem::{Place, Problem, Severity};
pub use references::expression;
pub use schema::schema;
pub use scope::Scope;
pub use yaml::{MAX_BYTES, Node};
