//! Models of the rules, searched through.

// `cfg(test)` lets the lints know that the helpers, too, are test code.
#[cfg(test)]
mod readiness;
