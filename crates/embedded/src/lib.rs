//! The orchestrator on one machine: the same definitions and handlers as on AWS, in one process.
//!
//! ```text
//! Hive::create   epic → run (row, epic, home)
//! Hive::execute  run  → sdlc definition → phase definitions → queue → handlers → deliverable
//! ```
//!
//! State is in the home's table and blobs; the definitions are compiled in. A run is resumed by executing it again: a new
//! execution, in which completed keys answer. Nothing above knows this crate, and this crate knows no AWS.

mod clock;
mod definitions;
mod deliverables;
mod driver;
mod flow;
mod hive;
mod integrations;
mod job_host;
mod lock;
mod queues;

pub use clock::SystemClock;
pub use definitions::{Definitions, OUTER, PHASE, SDLC, Source};
pub use deliverables::FolderDeliverables;
pub use flow::{FlowEnded, FlowError, FlowHost, FlowStop};
pub use hive::{Ended, Error, Hive, Stop};
pub use lock::Locked;
