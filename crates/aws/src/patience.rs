//! Waiting between tries where the SDK itself does not try again.

use std::time::Duration;

/// Tries of a write that others are in the way of.
pub(crate) const ATTEMPTS: u32 = 10;
const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(2);

/// How long to wait before try number `next` (from 1): anything up to twice as much as before, so that those who met
/// once do not meet again.
pub(crate) fn pause(next: u32) -> Duration {
    let most = FIRST.saturating_mul(1 << next.min(10)).min(LONGEST);
    // The random half of a ULID is random enough for that.
    let random = ulid::Ulid::generate().random() as u32;
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_vary_and_stay_bounded() {
        for next in [1, 5, 10, u32::MAX] {
            let pauses: Vec<_> = (0..50).map(|_| pause(next)).collect();
            assert!(pauses.iter().all(|pause| *pause <= LONGEST));
            assert!(pauses.iter().any(|pause| Some(pause) != pauses.first()), "{pauses:?}");
        }
    }
}
