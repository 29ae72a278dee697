//! Integration tests of the crate's public interface.

// `cfg(test)` lets the lints know that the helpers, too, are test code.
#[cfg(test)]
mod any_graph;
#[cfg(test)]
mod compensation;
#[cfg(test)]
mod support;
#[cfg(test)]
mod task_types;
