//! Handlers of the software development life cycle as plain functions: JSON in, JSON out, keyed and idempotent.
//!
//! The state machines in `state-machines/` own waiting, fan-out, retry and timeouts; the handlers own decisions. A handler
//! that meets a completed key answers the stored result, so running a definition again is how a run is resumed.
//! No handler knows which engine calls it, and none reads a clock, a file or the environment.

pub mod bounds;
mod caller;
mod compensate;
mod consult;
mod dead_letter;
mod failure;
mod gates;
mod intake;
mod jobs;
mod keyed;
pub mod lifecycle;
mod outside;
mod paid;
mod persona;
mod plan;
mod publish;
mod question;
pub mod record;
mod rework;
mod team;
mod upstream;
mod verify;

pub use caller::Caller;
pub use consult::{Consultation, consult};
pub use dead_letter::{Answer, Letter, dead_letter};
pub use failure::{Failure, reason};
pub use jobs::{Overdue, refuse_report, run_job, settle_job, sweep_job};
pub use persona::permissions;
pub use publish::deliverable;
pub use question::{Question, ask};
pub use team::{left_out, left_out_told};

use maestro_agent::Meter;
use maestro_domain::{Event, FailureKind, PersonaId, Phase, RunId, Waiter};
use maestro_ports::{Clock, Deliverables, Events, JobDispatcher, Models};
use maestro_store::Store;
use maestro_tools::Outside;
use serde_json::Value;
use std::{pin::Pin, sync::Arc};

/// What handlers work with; wired once by whoever hosts them.
#[derive(Clone)]
pub struct Platform {
    /// Rows and blobs of one tenant.
    pub store: Store,
    /// Opens the models that personas use.
    pub models: Arc<dyn Models>,
    /// Lets the referee run jobs.
    pub jobs: Arc<dyn JobDispatcher>,
    /// Tools that are not of the house.
    pub outside: Arc<dyn Outside>,
    /// Takes finished software.
    pub deliverables: Arc<dyn Deliverables>,
    /// Takes events.
    pub events: Arc<dyn Events>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Adds up busy time of tools and sandbox.
    pub meter: Arc<Meter>,
    /// Who calls, where that is a function; set for each call by [`Platform::called_by`].
    pub caller: Option<Caller>,
    /// Who goes on when a task has to wait; set for each message by [`Platform::for_message`].
    pub waiter: Option<Waiter>,
}

impl Platform {
    pub(crate) fn emit(&self, run: &RunId, event: Event) {
        self.events.emit(self.store.tenant(), run, event);
    }
}

/// The handlers, by the names under which definitions call them. `phase-` and a phase id are five of them.
pub const HANDLERS: [&str; 10] = [
    "compensate",
    "gate",
    "intake",
    "phase-deployment",
    "phase-design",
    "phase-implementation",
    "phase-requirements",
    "phase-testing",
    "publish",
    "verify",
];

/// What a handler's call gives. Boxed: the futures of all handlers in one type would be compiled into every caller.
pub type Handling<'a> = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send + 'a>>;

/// The handlers of a set of definitions.
pub trait Handlers: Send + Sync {
    /// Calls a handler by name.
    fn handle<'a>(&'a self, platform: &'a Platform, name: &'a str, payload: &'a Value) -> Handling<'a>;
}

/// The handlers of the life cycle.
#[derive(Debug, Clone, Copy, Default)]
pub struct LifeCycle;

impl Handlers for LifeCycle {
    fn handle<'a>(&'a self, platform: &'a Platform, name: &'a str, payload: &'a Value) -> Handling<'a> {
        handle(platform, name, payload)
    }
}

/// Calls a handler by name. Persona ids are handlers too: each persona has a queue of its own.
///
/// The future fails with a [`Failure`], by the name that definitions match.
#[must_use]
pub fn handle<'a>(platform: &'a Platform, name: &'a str, payload: &'a Value) -> Handling<'a> {
    if let Some(persona) = PersonaId::from_id(name) {
        return Box::pin(persona::work(platform, persona, payload));
    }
    if let Some(phase) = name.strip_prefix("phase-").and_then(Phase::from_id) {
        return Box::pin(plan::plan(platform, phase, payload));
    }
    match name {
        "compensate" => Box::pin(compensate::compensate(platform, payload)),
        "gate" => Box::pin(gates::gate(platform, payload)),
        "intake" => Box::pin(intake::intake(platform, payload)),
        "publish" => Box::pin(publish::publish(platform, payload)),
        "verify" => Box::pin(verify::verify(platform, payload)),
        _ => Box::pin(std::future::ready(Err(Failure::new(
            FailureKind::BadOutput,
            format!("there is no handler `{name}`"),
        )))),
    }
}
