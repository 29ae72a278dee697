//! The result of one block of work, as the original system names it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a block ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlockStatus {
    /// All of it was done.
    Success,
    /// None of it counts.
    Failure,
    /// Some of it was done.
    Partial,
    /// It was not needed.
    Skipped,
}

/// The result of one block of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockResult {
    /// How it ended.
    pub status: BlockStatus,
    /// What it gives to the next block.
    pub output: serde_json::Value,
    /// Figures by name (tokens, turns, ...).
    #[serde(default)]
    pub metrics: BTreeMap<String, f64>,
    /// What went wrong, for people.
    #[serde(default)]
    pub errors: Vec<String>,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
}
