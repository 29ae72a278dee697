//! Runs workflows, over the ports: nothing here knows which engine sends the messages.
//!
//! - [`Flow`] is a run's workflow, compiled: who waits for whom, by number;
//! - [`Board`] holds the rows of its nodes and applies the readiness protocol to them (`docs/workflows.md`);
//! - [`Task`] is one attempt of a node, and [`Task::run`] does what its type says, one file a type in `tasks`;
//! - [`Worker`] takes messages, each of which is about one node, where many processes work on a run at once;
//! - [`Consulted`] are personas whose models are asked in this process;
//! - [`children`] are the runs that nodes start;
//! - [`lifecycle`] creates, resumes, cancels and settles runs; [`compensation`] says what is undone in which order.

mod board;
pub mod children;
pub mod compensation;
mod consulted;
mod failure;
mod flow;
pub mod lifecycle;
mod platform;
mod scope;
mod task;
mod tasks;
pub mod worker;

pub use board::{Board, Error, Undone};
pub use consulted::Consulted;
pub use failure::Fault;
pub use flow::Flow;
pub use platform::{
    Assignment, Child, Children, FlowEvent, NoPersonas, Personas, Platform, Ran, Sandbox, Script, Scripts,
};
pub use scope::{Outcomes, Scope};
pub use task::{Progress, Task, may_need_no_work};
pub use worker::Worker;
