//! Integration tests.

// `cfg(test)` lets the lints know that what is below is test code.
#[cfg(test)]
mod servers;
