//! Identity: like time, it comes from outside.

use maestro_domain::RunId;

/// An id for a new run, of whatever kind. Ids sort by when they were made.
#[must_use]
pub fn new_id() -> RunId {
    let text = format!("run-{}", ulid::Ulid::generate().to_string().to_lowercase());
    // A ULID is letters and digits, which is the shape of a run id.
    RunId::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}
