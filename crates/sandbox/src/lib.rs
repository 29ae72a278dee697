//! The referee: runs untrusted code in isolation and produces evidence.
//!
//! A job sees a file system of its own (the machine's programs and libraries read-only, everything else in memory and
//! gone afterwards), a process list, a network with nothing but a loopback, and limits on time, memory, processes and
//! files, for each process and for all together. Programs that carry a [`LocalReferee`] call [`helper_main`] first thing
//! in `main`.
//!
//! This crate does not decide what is run, nor what its result is worth.

mod helper;
mod launch;
mod layout;
mod normal;
mod probe;
mod python;
mod recorded;
mod referee;
mod report;
mod wire;
mod workspace;

pub use helper::helper_main;
pub use probe::{Attempt, Report, probe, probe_with};
pub use python::Python;
pub use recorded::{Recording, RecordingReferee, ReplayReferee};
pub use referee::{LocalReferee, Options};
