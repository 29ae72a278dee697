//! The suites that every adapter must pass. An adapter's tests call them; an expectation that does not hold panics.
//!
//! `make` gives a fresh, empty adapter each time it is called.

mod blobs;
mod table;

pub use blobs::blobs_suite;
pub use table::table_suite;
