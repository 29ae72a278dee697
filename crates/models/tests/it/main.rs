//! Clients of providers, over HTTP on loopback.

// `cfg(test)` lets the lints know that the helpers, too, are test code.
#[cfg(test)]
mod faults;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod support;
