//! Integration tests of the crate's public interface.

mod recorded;
