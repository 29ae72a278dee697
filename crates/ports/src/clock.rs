//! Wall time, and waiting for it.

use async_trait::async_trait;

/// The only source of wall time above the adapters.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> u64;
}

/// A clock that can be waited by.
#[async_trait]
pub trait Timer: Clock {
    /// Comes back after so many milliseconds, whatever happens to the wall time meanwhile.
    async fn sleep(&self, ms: u64);
}
