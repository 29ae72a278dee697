//! The screen on texts that it was made for, and on texts that it must leave alone.

// `cfg(test)` lets the lints know that what is below is test code.

#[cfg(test)]
mod measured;
