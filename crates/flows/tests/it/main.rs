//! Integration tests of the crate's public interface.

// `cfg(test)` lets the lints know that the helpers, too, are test code.
#[cfg(test)]
mod executed;
#[cfg(test)]
mod many_workers;
#[cfg(test)]
mod world;
