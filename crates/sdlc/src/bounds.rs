//! How long work on a task may take. Workers keep to these, and template and definitions are held to them by tests: a machine
//! that gives up sooner than its queue lets a message wait fails work that nobody failed at.

/// Seconds for which a claim stands at most. It outlasts the longest call of a function; where it is known when a call ends,
/// its claims end soon after.
pub const LEASE_S: u64 = 15 * 60;
/// Seconds of a call's time that are kept for giving work back: a few calls of services, each perhaps tried again.
pub const RESERVE_S: u64 = 20;
/// The longest that an answer of a model is expected to take, in seconds. One that takes longer is cut, and asked again by
/// who goes on.
pub const LONGEST_ANSWER_S: u64 = 7 * 60;
/// The longest that a queue keeps a message from being received which is sent for later, in seconds.
pub const MOST_DELAY_S: u32 = 900;
