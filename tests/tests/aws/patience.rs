//! Waiting for what comes by itself, but not for ever.

use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Longer than a whole run takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(180);

/// Looks until there is something to see.
pub(crate) async fn wait_for<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(began.elapsed() < LIMIT, "nobody saw {what} within {LIMIT:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
