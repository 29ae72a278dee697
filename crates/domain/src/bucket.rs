//! How fast a model may be asked: a token bucket that pays out as fast as the provider lets it, closed until the moment that a
//! provider named. Plain values, so that one process keeps it in memory and many keep it in a row.

use serde::{Deserialize, Serialize};

/// First pause after a refusal that named no moment; it doubles up to [`LONGEST_MS`].
const FIRST_MS: u64 = 1000;
/// The longest pause between two tries, whatever a provider names: one that is told a day looks again after this.
const LONGEST_MS: u64 = 60_000;
/// Requests that may go out at once after a quiet time.
const BURST: u64 = 8;
/// Between two requests in the long run, in milliseconds, while the provider has just refused some.
const SLOW_MS: u64 = 1000;

/// The bucket of one model. Moments are milliseconds since 1970, by whoever's clock; one that goes back lengthens no pause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenBucket {
    /// Since when, and for how long nobody may ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<(u64, u64)>,
    /// Refusals in a row.
    #[serde(default)]
    refusals: u32,
    /// Its tokens, and when they were counted; only while it is slow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tokens: Option<(u64, u64)>,
}

impl TokenBucket {
    /// After a refusal: nobody asks before the moment it named, or before a pause that grows. Then the bucket pays out slowly,
    /// so that all who waited do not ask at once.
    #[must_use]
    pub fn refused(self, after_ms: Option<u64>, now_ms: u64) -> Self {
        let grown = FIRST_MS.saturating_mul(1 << self.refusals.min(6)).min(LONGEST_MS);
        let pause = after_ms.map_or(grown, |named| named.clamp(1, LONGEST_MS));
        let left = self.closed.map_or(0, |closed| left(closed, now_ms).unwrap_or(0));
        let pause = pause.max(left);
        Self {
            closed: Some((now_ms, pause)),
            refusals: self.refusals.saturating_add(1),
            // One goes first, as soon as it is open.
            tokens: Some((1, now_ms.saturating_add(pause))),
        }
    }

    /// After an answer.
    #[must_use]
    pub fn answered(self) -> Self {
        Self { refusals: 0, ..self }
    }

    /// Takes a token, or says how many milliseconds to wait.
    #[must_use]
    pub fn take(mut self, now_ms: u64) -> (Self, Option<u64>) {
        if let Some(closed) = self.closed {
            if now_ms < closed.0 {
                // The wall clock went back; the pause does not grow by it.
                self.closed = Some((now_ms, closed.1));
            }
            if let Some(left) = left(closed, now_ms) {
                return (self, Some(left));
            }
            self.closed = None;
        }
        let Some((tokens, since)) = self.tokens else { return (self, None) };
        let (tokens, since) = filled(tokens, since, now_ms);
        if tokens >= BURST {
            // It has filled: the storm is over.
            return (Self { tokens: None, ..self }, None);
        }
        if tokens == 0 {
            let wait = since.saturating_add(SLOW_MS).saturating_sub(now_ms).clamp(1, SLOW_MS);
            return (Self { tokens: Some((0, since)), ..self }, Some(wait));
        }
        (Self { tokens: Some((tokens - 1, since)), ..self }, None)
    }

    /// Until when nobody may ask, if that is later than now.
    #[must_use]
    pub fn closed_until_ms(self, now_ms: u64) -> u64 {
        now_ms.saturating_add(self.closed.and_then(|closed| left(closed, now_ms)).unwrap_or(0))
    }

    /// Whether the last request was refused.
    #[must_use]
    pub const fn was_refused(self) -> bool {
        self.refusals > 0
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

    #[test]
    fn pauses_grow_to_a_minute_and_begin_anew_after_an_answer() {
        let mut bucket = TokenBucket::default();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            bucket = bucket.refused(None, 5_000);
            pauses.push(bucket.closed_until_ms(5_000) - 5_000);
        }
        assert_eq!(pauses, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
        assert_eq!(bucket.refused(Some(86_400_000), 5_000).closed_until_ms(5_000), 65_000, "a day is looked at again");
        let (open, wait) = bucket.answered().take(65_000);
        assert_eq!(wait, None);
        assert_eq!(open.refused(None, 65_000).closed_until_ms(65_000), 66_000);
    }

    #[test]
    fn tokens_come_one_by_one_until_it_has_filled() {
        let mut bucket = TokenBucket::default().refused(Some(7_000), 0);
        assert_eq!(bucket.take(1_000).1, Some(6_000));
        let mut waits = Vec::new();
        for now in [7_000, 7_000, 8_000, 8_500, 9_000] {
            let (next, wait) = bucket.take(now);
            bucket = next;
            waits.push(wait);
        }
        assert_eq!(waits, [None, Some(1_000), None, Some(500), None]);
        let (quiet, wait) = bucket.take(60_000);
        assert_eq!((quiet.take(60_000), wait), ((quiet, None), None), "after a quiet time nobody waits");
    }

    #[test]
    fn it_is_the_same_out_of_a_row() {
        let bucket = TokenBucket::default().refused(None, 9).answered();
        let text = serde_json::to_string(&bucket).unwrap();
        assert_eq!(serde_json::from_str::<TokenBucket>(&text).unwrap(), bucket);
        assert!(serde_json::from_str::<TokenBucket>("{}").unwrap().take(0).1.is_none());
    }
}
