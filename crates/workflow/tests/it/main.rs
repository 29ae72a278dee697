//! The format as its users meet it.

// `cfg(test)` lets the lints know that the helpers, too, are test code.
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod compiled;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod library;
#[cfg(test)]
mod support;
