//! What work on a run used that somebody bills.

use crate::task::MadeBy;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::AddAssign};

/// Calls of one operation of a service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Calls {
    /// How often it was called.
    pub calls: u64,
    /// How often it was tried: a call that was throttled or broke off is tried again. Services bill tries.
    pub attempts: u64,
    /// What the service counts beside calls: capacity units of a table, entries of a bus.
    #[serde(default)]
    pub units: f64,
}

impl AddAssign for Calls {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.attempts += other.attempts;
        self.units += other.units;
    }
}

/// Calls by operation, as `<service>.<operation>`, such as `DynamoDB.GetItem`.
pub type CallsByOperation = BTreeMap<String, Calls>;

/// What one call of a function, or one command of a user, used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spending {
    /// Whose call.
    pub by: MadeBy,
    /// Memory that the function is given, in MiB; 0 for what is no function.
    pub memory_mib: u64,
    /// How long it took, in milliseconds, its start included where it had one.
    pub billed_ms: u64,
    /// Its processor, as Rust names it; prices differ.
    pub processor: String,
    /// Bytes that it logged.
    pub logged_bytes: u64,
    /// The calls that it made.
    pub calls: CallsByOperation,
}
