//! A clock that moves only when somebody sleeps, for tests.

use async_trait::async_trait;
use maestro_ports::{Clock, Timer};
use std::sync::atomic::{AtomicU64, Ordering};

/// Time as a number.
#[derive(Debug, Default)]
pub struct Virtual {
    now_ms: AtomicU64,
    slept_ms: AtomicU64,
}

impl Virtual {
    /// A clock that shows this.
    #[must_use]
    pub fn at(now_ms: u64) -> Self {
        Self { now_ms: AtomicU64::new(now_ms), slept_ms: AtomicU64::new(0) }
    }

    /// Puts the clock.
    pub fn set(&self, now_ms: u64) {
        self.now_ms.store(now_ms, Ordering::SeqCst);
    }

    /// How long was slept by it.
    pub fn slept_ms(&self) -> u64 {
        self.slept_ms.load(Ordering::SeqCst)
    }
}

impl Clock for Virtual {
    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Timer for Virtual {
    async fn sleep(&self, ms: u64) {
        self.slept_ms.fetch_add(ms, Ordering::SeqCst);
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
}
