//! The tools that personas call: one file a tool. The dispatcher decides from the caller's permissions who may call what, and
//! where it may write.
//!
//! Tools do not judge the work: that is the gate's, from the referee's evidence.

mod bound;
mod context;
mod dispatcher;
mod escape;
mod finding;
mod given;
mod markup;
mod near;
mod outside;
mod permissions;
mod tool;
mod toolbox;
mod tools;
mod workspace;

/// The tool that hands work over and ends a task.
pub const SUBMIT: &str = "submit_work";

pub use context::{Context, Upstream};
pub use dispatcher::{ANSWER_LIMIT, Dispatcher, Outcome};
pub use outside::{Answers, NothingOutside, OUTSIDE_EFFECTS, Outside};
pub use permissions::{Denial, PathScope, Permissions, plain_path};
pub use tool::{Effect, ErasedTool, Error, Tool};
pub use toolbox::Toolbox;
pub use tools::{design::validate_openapi::openapi_faults, quality::check_tests::hollow_tests};
pub use workspace::{Changes, Workspace};

#[cfg(test)]
mod testing;
