//! Workflows on one machine: their definitions interpreted, their nodes run, in one process.

mod compensate;
mod engine;
mod executions;
mod host;

pub use host::{FlowEnded, FlowError, FlowHost, FlowStop};
