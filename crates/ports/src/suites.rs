//! The suites that every adapter must pass. An adapter's tests call them; an expectation that does not hold panics.
//!
//! `make` gives a fresh, empty adapter each time it is called.

mod blobs;
mod deliverables;
mod events;
mod queue;
mod table;

pub use blobs::blobs_suite;
pub use deliverables::{Shelf, deliverables_suite};
pub use events::{Hearing, events_suite};
pub use queue::{Inbox, queue_suite};
pub use table::table_suite;
