//! Integration tests of the crate's public interface.

// `cfg(test)` tells clippy that helpers in these modules are test code too.
#[cfg(test)]
mod checks;
#[cfg(test)]
mod dataflow;
#[cfg(test)]
mod distributed;
#[cfg(test)]
mod driving;
#[cfg(test)]
mod jsonata;
#[cfg(test)]
mod mocks;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod query;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod support;
#[cfg(test)]
mod timing;
