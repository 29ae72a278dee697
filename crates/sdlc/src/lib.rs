//! Handlers of the software development life cycle as plain functions: JSON in, JSON out, keyed and idempotent.
//!
//! The state machines in `state-machines/` own waiting, fan-out, retry and timeouts; the handlers own decisions. A handler
//! that meets a completed key answers the stored result, so running a definition again is how a run is resumed.
//! No handler knows which engine calls it, and none reads a clock, a file or the environment.

mod compensate;
mod failure;
mod gates;
mod intake;
mod keyed;
mod persona;
mod plan;
mod publish;
pub mod record;
mod team;
mod upstream;
mod verify;

pub use failure::Failure;
pub use team::{WAVES, waves};

use maestro_agent::Meter;
use maestro_domain::{Event, RunId};
use maestro_ports::{Clock, Deliverables, Events, Model, Referee};
use maestro_store::Store;
use serde_json::Value;
use std::sync::Arc;

/// What handlers work with; wired once by whoever hosts them.
#[derive(Clone)]
pub struct Platform {
    /// Rows and blobs of one tenant.
    pub store: Store,
    /// The model that personas use.
    pub model: Arc<dyn Model>,
    /// Runs untrusted code.
    pub referee: Arc<dyn Referee>,
    /// Takes finished software.
    pub deliverables: Arc<dyn Deliverables>,
    /// Takes events.
    pub events: Arc<dyn Events>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Adds up busy time of tools and sandbox.
    pub meter: Arc<Meter>,
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
    "referee",
];

/// Calls a handler by name. Persona ids are handlers too: each persona has a queue of its own.
///
/// # Errors
/// [`Failure`], by the name that definitions match.
pub async fn handle(platform: &Platform, name: &str, payload: &Value) -> Result<Value, Failure> {
    if let Some(persona) = maestro_domain::PersonaId::from_id(name) {
        return persona::work(platform, persona, payload).await;
    }
    if let Some(phase) = name.strip_prefix("phase-").and_then(maestro_domain::Phase::from_id) {
        return plan::plan(platform, phase, payload).await;
    }
    match name {
        "compensate" => compensate::compensate(platform, payload).await,
        "gate" => gates::gate(platform, payload).await,
        "intake" => intake::intake(platform, payload).await,
        "publish" => publish::publish(platform, payload).await,
        "referee" => verify::verify(platform, payload).await,
        _ => Err(Failure::new(maestro_domain::FailureKind::BadOutput, format!("there is no handler `{name}`"))),
    }
}
