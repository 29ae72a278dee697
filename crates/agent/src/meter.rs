//! How long the model, tools and the sandbox were busy, so that orchestration can be told apart from work.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Adds up the time in which at least one model call, tool or sandbox job was busy.
#[derive(Debug, Default)]
pub struct Meter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    busy: u32,
    since: Option<Instant>,
    total: Duration,
}

/// Busy as long as it lives.
#[derive(Debug)]
pub struct Busy(Arc<Meter>);

impl Meter {
    /// Starts an interval that ends when the guard is dropped. Overlapping intervals count once.
    #[must_use]
    pub fn busy(self: &Arc<Self>) -> Busy {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.busy += 1;
        if state.busy == 1 {
            state.since = Some(Instant::now());
        }
        drop(state);
        Busy(Arc::clone(self))
    }

    /// The union of all intervals that have ended.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).total
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.busy -= 1;
        if state.busy == 0
            && let Some(since) = state.since.take()
        {
            state.total += since.elapsed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_intervals_count_once() {
        let meter = Arc::new(Meter::default());
        let outer = meter.busy();
        let inner = meter.busy();
        drop(outer);
        assert_eq!(meter.total(), Duration::ZERO, "the inner one is still open");
        drop(inner);
        assert!(meter.total() > Duration::ZERO);
    }
}
