//! What tools are for, from outside. Each scenario is a piece of work that its tool makes possible: with the tool it comes out as it
//! should, and with an error in the tool's place it does not.

// `cfg(test)` tells clippy that helpers in these modules are test code too.
#[cfg(test)]
mod professions;
#[cfg(test)]
mod scenario;
