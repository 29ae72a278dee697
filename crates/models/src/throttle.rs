//! One gate a model, for all who ask it: its token bucket, in this process, or in a row that several processes share. Waiting is
//! by the clock that it is given; it ends only where who asks has no time for it.
//!
//! A row that is shared is read before each question, also while nobody is refused. That is one small read beside a question that
//! costs ten thousand times as much and takes seconds; a process that looked only after a refusal of its own would ask in the
//! middle of the pause that another was told, and once more for each process that begins.

use maestro_domain::TokenBucket;
use maestro_ports::{
    Timer,
    model::{BucketError, Error, Progress, Step, TokenBuckets},
};
use std::sync::{Arc, Mutex, PoisonError};

/// How often a row is read again that others change.
const ATTEMPTS: usize = 20;

/// The gate of one model.
pub(crate) struct Throttle {
    model: String,
    timer: Arc<dyn Timer>,
    shared: Option<Arc<dyn TokenBuckets>>,
    /// The bucket, or what was last seen of the one that is shared.
    own: Mutex<TokenBucket>,
}

impl Throttle {
    pub(crate) fn new(model: &str, timer: Arc<dyn Timer>, shared: Option<Arc<dyn TokenBuckets>>) -> Self {
        Self { model: model.to_owned(), timer, shared, own: Mutex::default() }
    }

    /// Comes back when a request may go out.
    ///
    /// # Errors
    /// [`Error::Late`] where that is later than who asks has time for, [`Error::Unnoted`] where the wait could not be noted.
    pub(crate) async fn pass(&self, progress: &dyn Progress) -> Result<(), Error> {
        let mut waited = false;
        while let Some(wait) = self.change(TokenBucket::take).await {
            let until_ms = self.timer.now_ms().saturating_add(wait);
            self.in_time(until_ms, progress, "its provider has no room")?;
            progress.step(Step::Waits { until_ms });
            if !waited {
                self.note(progress, true).await?;
                waited = true;
            }
            self.timer.sleep(wait).await;
        }
        if waited { self.note(progress, false).await } else { Ok(()) }
    }

    /// Waits before a provider that is out of order is asked again.
    ///
    /// # Errors
    /// As [`Throttle::pass`].
    pub(crate) async fn pause(&self, ms: u64, progress: &dyn Progress, reason: &str) -> Result<(), Error> {
        self.in_time(self.timer.now_ms().saturating_add(ms), progress, reason)?;
        self.note(progress, true).await?;
        self.timer.sleep(ms).await;
        self.note(progress, false).await
    }

    async fn note(&self, progress: &dyn Progress, waits: bool) -> Result<(), Error> {
        let noted = progress.waits(waits).await;
        noted.map_err(|source| Error::Unnoted { model: self.model.clone(), source })
    }

    /// Whether who asks has time to wait until then.
    fn in_time(&self, until_ms: u64, progress: &dyn Progress, reason: &str) -> Result<(), Error> {
        if progress.asks_until_ms().is_none_or(|last| until_ms <= last) {
            return Ok(());
        }
        Err(Error::Late { model: self.model.clone(), until_ms, reason: reason.to_owned() })
    }

    /// The provider refused. Tells until when nobody asks.
    pub(crate) async fn refused(&self, after_ms: Option<u64>) -> u64 {
        self.change(|bucket, now_ms| {
            let bucket = bucket.refused(after_ms, now_ms);
            (bucket, bucket.closed_until_ms(now_ms))
        })
        .await
    }

    /// The provider answered.
    pub(crate) async fn answered(&self) {
        // Most answers follow no refusal, and then there is nothing to tell anybody.
        if self.own.lock().unwrap_or_else(PoisonError::into_inner).was_refused() {
            self.change(|bucket, _| (bucket.answered(), ())).await;
        }
    }

    async fn change<T>(&self, change: impl Fn(TokenBucket, u64) -> (TokenBucket, T) + Sync) -> T {
        if let Some(shared) = &self.shared {
            match self.change_shared(&**shared, &change).await {
                Ok(Some(told)) => return told,
                Ok(None) => {
                    tracing::warn!(model = %self.model, "too many change the token bucket; going by what was last seen")
                }
                // It is no reason to fail: the provider says itself when it is asked too often.
                Err(error) => tracing::warn!(
                    model = %self.model,
                    error = maestro_domain::with_causes(&error),
                    "going by what was last seen of the token bucket"
                ),
            }
        }
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let (new, told) = change(*own, self.timer.now_ms());
        *own = new;
        told
    }

    async fn change_shared<T>(
        &self,
        shared: &dyn TokenBuckets,
        change: &(impl Fn(TokenBucket, u64) -> (TokenBucket, T) + Sync),
    ) -> Result<Option<T>, BucketError> {
        for _ in 0..ATTEMPTS {
            let read = shared.bucket(&self.model).await?;
            let bucket = read.unwrap_or_default();
            let (new, told) = change(bucket, self.timer.now_ms());
            if new == bucket || shared.replace_bucket(&self.model, read, new).await? {
                *self.own.lock().unwrap_or_else(PoisonError::into_inner) = new;
                return Ok(Some(told));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Virtual;
    use async_trait::async_trait;
    use maestro_ports::{Clock, model::Silent};
    use std::sync::atomic::{AtomicBool, Ordering};

    #[tokio::test]
    async fn all_wait_for_the_named_moment_and_then_go_one_after_the_other() {
        let clock = Arc::new(Virtual::at(1_000_000));
        let throttle = Throttle::new("m", Arc::<Virtual>::clone(&clock), None);
        throttle.pass(&Silent).await.unwrap();
        assert_eq!(clock.now_ms(), 1_000_000, "nobody waits while nobody was refused");
        assert_eq!(throttle.refused(Some(7000)).await, 1_007_000);
        assert_eq!(throttle.refused(Some(2000)).await, 1_007_000, "a shorter one does not open it earlier");
        let mut passed = Vec::new();
        for _ in 0..4 {
            throttle.pass(&Silent).await.unwrap();
            passed.push(clock.now_ms() - 1_000_000);
        }
        assert_eq!(passed[0], 7000);
        assert!(passed.windows(2).all(|two| two[1] - two[0] <= 1000), "{passed:?}");
        assert!(passed[3] >= 8000, "they do not go all at once: {passed:?}");
    }

    #[tokio::test]
    async fn a_clock_that_jumps_lengthens_no_pause() {
        let clock = Arc::new(Virtual::at(5_000_000));
        let throttle = Throttle::new("m", Arc::<Virtual>::clone(&clock), None);
        for _ in 0..9 {
            throttle.refused(None).await;
        }
        // The wall clock is put back by a day while somebody waits.
        clock.set(4_000_000);
        throttle.pass(&Silent).await.unwrap();
        assert!(clock.slept_ms() <= 120_000, "{}", clock.slept_ms());
        throttle.answered().await;
        clock.set(clock.now_ms() + 3_600_000);
        let before = clock.slept_ms();
        for _ in 0..100 {
            throttle.pass(&Silent).await.unwrap();
        }
        assert_eq!(clock.slept_ms(), before, "after a quiet time nobody waits");
    }

    /// A row that can break, and that others may change between a read and a write.
    #[derive(Default)]
    struct Row {
        bucket: Mutex<Option<TokenBucket>>,
        meddler: Mutex<Option<TokenBucket>>,
        broken: AtomicBool,
    }

    #[async_trait]
    impl TokenBuckets for Row {
        async fn bucket(&self, model: &str) -> Result<Option<TokenBucket>, BucketError> {
            if self.broken.load(Ordering::SeqCst) {
                return Err(BucketError { model: model.to_owned(), source: "no table".into() });
            }
            Ok(*self.bucket.lock().unwrap())
        }

        async fn replace_bucket(
            &self,
            _: &str,
            read: Option<TokenBucket>,
            new: TokenBucket,
        ) -> Result<bool, BucketError> {
            let mut bucket = self.bucket.lock().unwrap();
            if let Some(other) = self.meddler.lock().unwrap().take() {
                *bucket = Some(other);
            }
            let same = *bucket == read;
            if same {
                *bucket = Some(new);
            }
            Ok(same)
        }
    }

    #[tokio::test]
    async fn functions_that_share_a_row_wait_for_what_one_of_them_was_told() {
        let (clock, row) = (Arc::new(Virtual::at(1_000_000)), Arc::new(Row::default()));
        let function = || Throttle::new("m", Arc::<Virtual>::clone(&clock), Some(Arc::<Row>::clone(&row) as _));
        let (first, second) = (function(), function());
        first.pass(&Silent).await.unwrap();
        assert_eq!(*row.bucket.lock().unwrap(), None, "nothing is written while nobody was refused");
        first.refused(Some(7000)).await;
        second.pass(&Silent).await.unwrap();
        assert_eq!(clock.now_ms(), 1_007_000);
        // Another is refused for longer while the first writes its own refusal down: the longer pause stands.
        *row.meddler.lock().unwrap() = Some(TokenBucket::default().refused(Some(30_000), 1_007_000));
        assert_eq!(first.refused(Some(2000)).await, 1_037_000);
        second.pass(&Silent).await.unwrap();
        assert_eq!(clock.now_ms(), 1_037_000);
        // An answer to one ends what grows for all.
        first.answered().await;
        assert!(!row.bucket.lock().unwrap().unwrap().was_refused());
    }

    #[tokio::test]
    async fn a_row_that_cannot_be_read_stops_nobody() {
        let (clock, row) = (Arc::new(Virtual::at(1_000_000)), Arc::new(Row::default()));
        row.broken.store(true, Ordering::SeqCst);
        let throttle = Throttle::new("m", Arc::<Virtual>::clone(&clock), Some(Arc::<Row>::clone(&row) as _));
        throttle.pass(&Silent).await.unwrap();
        assert_eq!(throttle.refused(Some(7000)).await, 1_007_000);
        throttle.pass(&Silent).await.unwrap();
        assert_eq!(clock.now_ms(), 1_007_000, "it goes by its own");
    }
}
