//! Random interleavings of two workers at every call of the table: a task is completed once, and the one result stays.

use crate::samples::{claimed, hash, task, tenant, wait, with_run};
use maestro_domain::{RunId, TaskRow, TaskState, task::Claim};
use maestro_store::{
    Error, MemoryBlobs, MemoryTable, Records, Store,
    watched::{Call, WatchedTable},
};
use proptest::prelude::*;
use serde_json::json;
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// How often others go first before each call.
type Schedule = Arc<Mutex<VecDeque<usize>>>;

/// A store whose calls wait as its schedule says; without one they do not.
fn interleaved() -> (Store, Schedule) {
    let schedule = Schedule::default();
    let turns = Arc::clone(&schedule);
    let watch = move |_: Call<'_>| turns.lock().unwrap().pop_front().unwrap_or(0);
    let table = WatchedTable::new(Arc::new(MemoryTable::default()), watch);
    (Store::new(Arc::new(table), Arc::new(MemoryBlobs::default()), tenant()), schedule)
}

/// A claimant whose read and write another call of the holder comes between.
async fn overtaken<T>(holder: impl AsyncFnOnce(&Store, &RunId, &TaskRow) -> T) -> Claim {
    let (store, schedule) = interleaved();
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    // The claimant reads the task and the run at once and waits before it writes; the holder, polled next, does not.
    *schedule.lock().unwrap() = [0, 0, 9].into();
    let (input, task) = (hash("input"), task("t"));
    let (claim, _) = tokio::join!(store.claim(&run, &task, &input, 100, 100), holder(&store, &run, &row));
    claim.unwrap()
}

#[test]
fn a_claim_does_not_overtake_what_the_holder_wrote() {
    wait(async {
        let claim = overtaken(async |store, run, row| store.heartbeat(run, row, 99, 100).await.unwrap()).await;
        assert_eq!(claim, Claim::Held { lease_until_ms: 199 }, "a lease that was just extended is not taken");
        let complete = async |store: &Store, run: &RunId, row: &TaskRow| {
            store.complete(run, row, &json!(1), Records::default(), 99).await.unwrap()
        };
        assert_eq!(overtaken(complete).await, Claim::Done { result: hash("1") }, "work just done is not done again");
        let claim = overtaken(async |store, run, row| store.release(run, row, None, 99).await.unwrap()).await;
        assert!(matches!(claim, Claim::Work { previous_fence: Some(1), .. }), "{claim:?}");
    });
}

/// What a worker does with a claim it got.
#[derive(Debug, Clone, Copy)]
enum Step {
    Complete,
    /// Twice the same, as after a lost answer.
    CompleteTwice,
    Heartbeat,
    Release,
    /// Time passes: leases run out.
    Sleep,
    /// A resume that believes nobody lives.
    ReleaseAll,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::{Complete, CompleteTwice, Heartbeat, Release, ReleaseAll, Sleep};
    prop::sample::select(vec![Complete, CompleteTwice, Heartbeat, Release, ReleaseAll, Sleep, Sleep, Sleep])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_completed_twice(
        schedule in prop::collection::vec(0..4_usize, 0..120),
        steps in prop::collection::vec(prop::collection::vec(step(), 1..12), 2..4),
    ) {
        wait(async {
            let (store, turns) = interleaved();
            let run = with_run(&store).await;
            *turns.lock().unwrap() = schedule.into();

            let clock = Arc::new(AtomicU64::new(0));
            let mut workers = tokio::task::JoinSet::new();
            for (worker, steps) in steps.into_iter().enumerate() {
                let (store, run, clock) = (store.clone(), run.clone(), clock.clone());
                workers.spawn(async move {
                    let now = || clock.load(Ordering::SeqCst);
                    let (mut completed, mut fences, mut seen) = (Vec::new(), Vec::new(), Vec::new());
                    let mut held = None;
                    for (n, step) in steps.into_iter().enumerate() {
                        if held.is_none() {
                            match store.claim(&run, &task("t"), &hash("i"), now(), 10).await.unwrap() {
                                Claim::Work { row, .. } => {
                                    fences.push(row.fence);
                                    held = Some((row, n));
                                }
                                Claim::Done { result } => seen.push(result),
                                Claim::Held { .. } => {}
                            }
                        }
                        if matches!(step, Step::Sleep) {
                            clock.fetch_add(6, Ordering::SeqCst);
                            tokio::task::yield_now().await;
                            continue;
                        }
                        if matches!(step, Step::ReleaseAll) {
                            store.release_all(&run, now()).await.unwrap();
                            continue;
                        }
                        let Some((row, claim)) = held.take() else { continue };
                        let result = json!({"worker": worker, "claim": claim});
                        let done = match step {
                            Step::Heartbeat => store.heartbeat(&run, &row, now(), 10).await.map(|row| held = Some((row, claim))),
                            Step::Release => store.release(&run, &row, None, now()).await,
                            Step::Complete | Step::CompleteTwice => {
                                let times = if matches!(step, Step::Complete) { 1 } else { 2 };
                                let mut done = Ok(());
                                for _ in 0..times {
                                    match store.complete(&run, &row, &result, Records::default(), now()).await {
                                        Ok(hash) => completed.push(hash),
                                        Err(error) => done = Err(error),
                                    }
                                }
                                done
                            }
                            Step::Sleep | Step::ReleaseAll => Ok(()),
                        };
                        if let Err(error) = done {
                            assert!(matches!(error, Error::Fenced { .. }), "{error}");
                        }
                    }
                    (completed, fences, seen)
                });
            }

            let (mut completed, mut fences, mut seen) = (Vec::new(), Vec::new(), Vec::new());
            for (own_completed, own_fences, own_seen) in workers.join_all().await {
                assert!(own_fences.is_sorted(), "fences rise");
                completed.extend(own_completed);
                fences.extend(own_fences);
                seen.extend(own_seen);
            }
            completed.dedup();
            assert!(completed.len() <= 1, "completed twice: {completed:?}");
            let claims = fences.len();
            fences.sort_unstable();
            fences.dedup();
            assert_eq!(fences.len(), claims, "two claims have one fence");
            let row = store.task(&run, &task("t"), &hash("i")).await.unwrap();
            match (completed.first(), row.map(|row| row.state)) {
                (Some(result), Some(TaskState::Completed { result: stored })) => assert_eq!(*result, stored),
                (None, Some(TaskState::Completed { .. })) => panic!("a completion that nobody was told of"),
                (Some(_), other) => panic!("a completed task became {other:?}"),
                (None, _) => {}
            }
            for result in seen {
                assert_eq!(Some(&result), completed.first(), "a claim was answered with another result");
            }
        });
    }
}
