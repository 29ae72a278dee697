//! Time that jumps: somebody puts the clock, or a machine sleeps. No task fails by it, and nothing is done or paid for twice.

use crate::{
    jobs::{Paid, referee},
    scenarios::SMALL,
};
use maestro_domain::{Event, RunStatus};
use maestro_ports::Clock;
use maestro_sdlc::record::canonical;
use maestro_tests::Bed;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

const HOUR: u64 = 3_600_000;

/// Every look at it shows another time: hours ahead, or hours back.
struct Jumping(AtomicU64);

impl Clock for Jumping {
    fn now_ms(&self) -> u64 {
        const JUMPS: [u64; 5] = [0, 9 * HOUR, 2 * HOUR, 48 * HOUR, HOUR];
        let looked = self.0.fetch_add(1, Ordering::SeqCst);
        1_764_000_000_000 + looked + JUMPS[(looked % 5) as usize]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_by_a_clock_that_jumps_is_the_same_run() {
    let (steady, jumps) = (Paid::new(), Paid::new());
    let one = Bed::asking(steady.clone(), referee());
    let two = Bed::asking(jumps.clone(), referee()).by_clock(Arc::new(Jumping(AtomicU64::new(0))));
    let mut records = Vec::new();
    for bed in [&one, &two] {
        let run = bed.create(SMALL).await.unwrap();
        let (ended, events) = bed.execute(&run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
        assert!(!events.iter().any(|event| matches!(event, Event::TaskFailed { .. })));
        records.push(canonical(bed.hive.store(), &run).await.unwrap());
    }
    assert!(records[0] == records[1], "the records differ");
    assert_eq!(steady.answered(), jumps.answered(), "the same questions, and each was paid for once");
    assert!(jumps.answered().values().all(|times| *times == 1));
}
