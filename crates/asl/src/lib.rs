//! Amazon States Language: typed model, static checks, interpreter, simulation.
//!
//! The semantics are those of AWS Step Functions (Standard workflows) in both query languages, JSONPath and JSONata.
//! What this crate does not execute it refuses with a place: `ItemReader` and `ResultWriter` of distributed maps, which
//! need a store, and in JSONata the parent operator and regular expressions that look around.
//!
//! # Reading
//! - [`check`] gives everything there is to say about a text, [`Checked::definition`] what can run;
//! - [`parse_and_check`] gives a [`Definition`] without errors, or the diagnostics;
//! - [`parse`] also lets pass what AWS accepts and only a check objects to;
//! - [`substitute`] fills in `${Name}` tokens. The checks work on text with tokens in its strings too.
//!
//! # Running
//! [`Execution::start`] gives an execution and its first [`Effect`]s. The driver
//! 1. carries out the effects: it runs each [`Effect::StartTask`], whose [`StartTask::input`] holds the effective
//!    parameters, and remembers [`StartTask::token`] (see [`Execution::task_for_token`]);
//! 2. calls [`Execution::handle`] with an [`Event`] and the time when something happens, and with
//!    [`Event::TimePassed`] at [`Execution::next_deadline`] at the latest;
//! 3. stops after [`Effect::Finished`], always the last effect.
//!
//! [`simulate`] is such a driver with a virtual clock, and with [`Mocks`] in place of tasks.
//!
//! An answer to a task that timed out or was cancelled is [`AnswerError::TaskTimedOut`] and changes nothing.
//! # Known differences from AWS
//! - Objects keep their keys in alphabetical order, so `States.JsonToString` and quoted inputs may order them otherwise.
//! - `States.MathRandom` and `$random` with a seed are repeatable, but give other numbers than AWS.
//! - A child of a distributed map that may fail leaves `{"Error", "Cause"}` in its place of the result.
//! - A Map goes over arrays. AWS documents objects too, as pairs; its recorded executions refuse them.
//! - Values are limited to 512 levels.
//!
//! The crate reads no clock, starts no threads and does no IO.

mod choose;
mod context;
mod diagnostic;
mod engine;
mod error;
mod expr;
mod history;
mod intrinsic;
mod jsonata;
mod mocks;
pub mod model;
mod path;
mod random;
mod read;
mod resource;
mod services;
mod simulate;
mod substitute;
mod time;

pub use context::ExecutionContext;
pub use diagnostic::{Code, Diagnostic, Severity};
pub use engine::{AnswerError, Effect, Event, Execution, Outcome, StartTask, TaskId};
pub use error::Error;
pub use expr::{Computed, Expr, Root, RootedPath, Template};
pub use history::{Details, EventType, HistoryEvent, MAX_EVENTS};
pub use intrinsic::Call;
pub use jsonata::{Expression, Fault};
pub use mocks::Mocks;
pub use model::Definition;
pub use path::{JsonPath, ReferencePath};
pub use random::{RandomSource, SeededRandom};
pub use read::{Checked, check, parse, parse_and_check};
pub use resource::{Integration, Pattern, Resource};
pub use simulate::{Simulated, SimulationOptions, Status, simulate};
pub use substitute::substitute;
