//! Integration tests of the crate's public interface.

// `cfg(test)` tells clippy that helpers in these modules are test code too.
#[cfg(test)]
mod recorded;
