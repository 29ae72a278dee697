//! What a call of a function uses, written down with the run that it worked for. It is the last that a call does; what
//! comes after it, such as the answer's way, takes about a millisecond.

use crate::Host;
use lambda_runtime::Context;
use maestro_domain::{Calls, CallsByOperation, RunId, Spending};
use std::{
    io::{self, Write},
    sync::atomic::{AtomicU64, Ordering},
};

/// Writing it down is a call, too, of a row that is shorter than what one unit writes.
const ITSELF: &str = "DynamoDB.PutItem";
/// What Lambda logs of each call by itself: that it began, that it ended, and its figures.
const LOGGED_BY_LAMBDA: u64 = 350;

/// Bytes that this process has logged. The log is one for the process, too.
static LOGGED: AtomicU64 = AtomicU64::new(0);

/// Standard error, counted.
#[derive(Default)]
pub(crate) struct Counted;

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = io::stderr().write(bytes)?;
        LOGGED.fetch_add(u64::try_from(written).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// What a call used that took so long and called these; and once more `itself`, by which that is written down.
pub(crate) fn spent(context: &Context, mut calls: CallsByOperation, itself: &str, billed_ms: u64) -> Spending {
    *calls.entry(itself.to_owned()).or_default() += Calls { calls: 1, attempts: 1, units: 1.0 };
    Spending {
        by: crate::call::made_by(context),
        memory_mib: context.env_config.memory.try_into().unwrap_or(0),
        billed_ms: billed_ms + 1,
        processor: std::env::consts::ARCH.to_owned(),
        logged_bytes: LOGGED_BY_LAMBDA,
        calls,
    }
}

/// A call that is under way.
pub(crate) struct Bill {
    calls: CallsByOperation,
    logged: u64,
    started_ms: u64,
}

impl Host {
    /// Begins to count.
    pub(crate) fn open_bill(&self) -> Bill {
        Bill {
            calls: self.calls.so_far(),
            logged: LOGGED.load(Ordering::Relaxed),
            started_ms: self.platform().clock.now_ms(),
        }
    }

    /// Writes down what was used since. `known` says that the run is there; else it is looked for, so that nothing is
    /// written down for one that was deleted.
    pub(crate) async fn close_bill(&self, bill: Bill, run: Option<RunId>, known: bool, context: &Context) {
        let Some(run) = run else { return };
        let (store, clock) = (&self.platform().store, &self.platform().clock);
        if !known && store.run(&run).await.is_err() && store.flow(&run).await.is_err() {
            return;
        }
        let billed_ms = clock.now_ms().saturating_sub(bill.started_ms) + self.starting_ms.swap(0, Ordering::Relaxed);
        let mut spending = spent(context, self.calls.since(&bill.calls), ITSELF, billed_ms);
        spending.logged_bytes += LOGGED.load(Ordering::Relaxed) - bill.logged;
        // No run fails because nobody knows its price.
        if let Err(error) = store.record_spending(&run, &spending).await {
            tracing::warn!(%run, %error, "what the call used was not written down");
        }
    }
}
