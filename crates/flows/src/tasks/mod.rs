//! What task types do: one file and one line a type.

mod approval;
mod event;
mod http;
mod lambda;
mod map;
mod noop;
mod persona;
mod script;
mod sub_workflow;
mod wait;

use crate::{
    failure::Fault,
    task::{Progress, Work},
};
use maestro_domain::NodeFailure;
use std::pin::Pin;

type Running<'a> = Pin<Box<dyn Future<Output = Result<Progress, NodeFailure>> + Send + 'a>>;

/// How a type runs.
pub(crate) struct Runner {
    /// The type's name.
    pub(crate) name: &'static str,
    /// Whether it evaluates the expressions of its config itself.
    pub(crate) evaluates_itself: bool,
    pub(crate) run: for<'a> fn(Work<'a>) -> Running<'a>,
}

/// All runners, by name.
const ALL: [&Runner; 10] = [
    &approval::RUNNER,
    &event::RUNNER,
    &http::RUNNER,
    &lambda::RUNNER,
    &map::RUNNER,
    &noop::RUNNER,
    &persona::RUNNER,
    &script::RUNNER,
    &wait::RUNNER,
    &sub_workflow::RUNNER,
];

/// The runner of a type, or why there is none.
pub(crate) fn find(name: &str) -> Result<&'static Runner, NodeFailure> {
    ALL.into_iter().find(|runner| runner.name == name).ok_or_else(|| {
        Fault::NotSupported.because(format!("this maestro checks nodes of type `{name}` and does not run them"))
    })
}

/// How soon people's words and events are looked for again, in milliseconds.
pub(crate) const LOOK_AGAIN_MS: u64 = 500;
