//! Calls of web services, as far as the operator allowed them.
//!
//! A workflow is text that may come from anybody, so it says what to call and never what may be called: hosts are allowed, and
//! credentials bound to them, in `maestro.toml` ([`Hosts`]). Each hop is held to that list and to public addresses
//! ([`Calls`]); the address that was checked is the one that is connected to, so that a name cannot mean something else by
//! then. Nothing here retries, and proxies of the environment are not used.

mod base;
mod calls;
#[cfg(feature = "test-support")]
pub mod fake;
mod hosts;
mod redirect;
mod tls;

pub use base::{Base, Line};
pub use calls::{Calls, Resolve};
pub use hosts::Hosts;
pub use tls::{connector, handshake};
