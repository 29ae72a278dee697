//! One gate a model, shared by all who ask it: a token bucket that pays out as fast as the provider lets it, closed until
//! the moment that a provider named. Waiting is by the clock that it is given, and never fails.

use maestro_ports::{
    Timer,
    model::{Progress, Step},
};
use std::sync::{Arc, Mutex, PoisonError};

/// First pause after a refusal that named no moment; it doubles up to [`LONGEST_MS`].
const FIRST_MS: u64 = 1000;
/// The longest pause between two tries, whatever a provider names: one that is told a day looks again after this.
const LONGEST_MS: u64 = 60_000;
/// Requests that may go out at once after a quiet time.
const BURST: u64 = 8;
/// Between two requests in the long run, in milliseconds, while the provider has just refused some.
const SLOW_MS: u64 = 1000;

/// The gate of one model.
pub(crate) struct Throttle {
    timer: Arc<dyn Timer>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Since when, and for how long nobody may ask.
    closed: Option<(u64, u64)>,
    /// Refusals in a row.
    refusals: u32,
    /// Tokens of the bucket, and when they were counted; only while it is slow.
    bucket: Option<(u64, u64)>,
}

impl Throttle {
    pub(crate) fn new(timer: Arc<dyn Timer>) -> Self {
        Self { timer, state: Mutex::default() }
    }

    /// Comes back when a request may go out.
    pub(crate) async fn pass(&self, progress: &dyn Progress) {
        loop {
            let now = self.timer.now_ms();
            let Some(wait) = self.take(now) else { return };
            progress.step(Step::Waits { until_ms: now.saturating_add(wait) });
            self.timer.sleep(wait).await;
        }
    }

    /// The provider refused: nobody asks before the moment it named, or before a pause that grows. Then the bucket pays out
    /// slowly, so that all who waited do not ask at once.
    pub(crate) fn refused(&self, after_ms: Option<u64>) -> u64 {
        let now = self.timer.now_ms();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let grown = FIRST_MS.saturating_mul(1 << state.refusals.min(6)).min(LONGEST_MS);
        state.refusals = state.refusals.saturating_add(1);
        let pause = after_ms.map_or(grown, |named| named.clamp(1, LONGEST_MS));
        let left = state.closed.map_or(0, |closed| left(closed, now).unwrap_or(0));
        let pause = pause.max(left);
        state.closed = Some((now, pause));
        // One goes first, as soon as it is open.
        state.bucket = Some((1, now.saturating_add(pause)));
        now.saturating_add(pause)
    }

    /// The provider answered.
    pub(crate) fn answered(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.refusals = 0;
    }

    /// Takes a token, or says how long to wait.
    fn take(&self, now: u64) -> Option<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(closed) = state.closed {
            if now < closed.0 {
                // The wall clock went back; the pause does not grow by it.
                state.closed = Some((now, closed.1));
            }
            if let Some(left) = left(closed, now) {
                return Some(left);
            }
            state.closed = None;
        }
        let (tokens, since) = state.bucket?;
        let (tokens, since) = filled(tokens, since, now);
        if tokens >= BURST {
            // It has filled: the storm is over.
            state.bucket = None;
            return None;
        }
        if tokens == 0 {
            state.bucket = Some((0, since));
            return Some(since.saturating_add(SLOW_MS).saturating_sub(now).clamp(1, SLOW_MS));
        }
        state.bucket = Some((tokens - 1, since));
        None
    }
}

/// How long it is still closed.
fn left((since, pause): (u64, u64), now: u64) -> Option<u64> {
    let left = pause.saturating_sub(now.saturating_sub(since));
    (left > 0).then_some(left)
}

/// Tokens now, and since when the next one grows.
fn filled(tokens: u64, since: u64, now: u64) -> (u64, u64) {
    // The wall clock went back: what grows begins anew.
    if now.saturating_add(LONGEST_MS) < since {
        return (tokens, now);
    }
    let grown = now.saturating_sub(since) / SLOW_MS;
    if tokens.saturating_add(grown) >= BURST {
        return (BURST, now);
    }
    (tokens + grown, since.saturating_add(grown * SLOW_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Virtual;
    use maestro_ports::{Clock, model::Silent};

    #[tokio::test]
    async fn all_wait_for_the_named_moment_and_then_go_one_after_the_other() {
        let clock = Arc::new(Virtual::at(1_000_000));
        let throttle = Arc::new(Throttle::new(Arc::<Virtual>::clone(&clock)));
        throttle.pass(&Silent).await;
        assert_eq!(clock.now_ms(), 1_000_000, "nobody waits while nobody was refused");
        assert_eq!(throttle.refused(Some(7000)), 1_007_000);
        assert_eq!(throttle.refused(Some(2000)), 1_007_000, "a shorter one does not open it earlier");
        let mut passed = Vec::new();
        for _ in 0..4 {
            throttle.pass(&Silent).await;
            passed.push(clock.now_ms() - 1_000_000);
        }
        assert_eq!(passed[0], 7000);
        assert!(passed.windows(2).all(|two| two[1] - two[0] <= SLOW_MS), "{passed:?}");
        assert!(passed[3] >= 7000 + SLOW_MS, "they do not go all at once: {passed:?}");
    }

    #[tokio::test]
    async fn pauses_grow_and_end_and_a_clock_that_jumps_does_not_lengthen_them() {
        let clock = Arc::new(Virtual::at(5_000_000));
        let throttle = Throttle::new(Arc::<Virtual>::clone(&clock));
        let pauses: Vec<_> = (0..9).map(|_| throttle.refused(None) - clock.now_ms()).collect();
        assert_eq!(pauses, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
        assert_eq!(throttle.refused(Some(86_400_000)) - clock.now_ms(), LONGEST_MS);
        // The wall clock is put back by a day while somebody waits.
        clock.set(4_000_000);
        throttle.pass(&Silent).await;
        assert!(clock.slept_ms() <= 2 * LONGEST_MS, "{}", clock.slept_ms());
        throttle.answered();
        clock.set(clock.now_ms() + 3_600_000);
        throttle.pass(&Silent).await;
        throttle.answered();
        let before = clock.slept_ms();
        for _ in 0..100 {
            throttle.pass(&Silent).await;
        }
        assert_eq!(clock.slept_ms(), before, "after a quiet time nobody waits");
    }
}
