//! The ledger: nothing is overspent, whoever spends; nothing is counted twice; what nobody knows the end of is spent.

use crate::samples::{EPIC, epic, hash, run, run_id, task, tenant};
use async_trait::async_trait;
use maestro_domain::{
    Amount, ContentHash, Grant, Limit, RunId, RunStatus, TenantId,
    budget::{Exhausted, Owner, Unit},
};
use maestro_ports::{
    Blobs, Table, blobs,
    model::{Reply, Turn, Usage},
    table::{Durability, Key},
};
use maestro_store::{
    Error, Home, MemoryBlobs, MemoryTable, Store,
    budget::{Call, Refused},
    watched::{Call as Access, WatchedTable},
};
use std::sync::{Arc, Mutex};

fn usd(cents: u64) -> Limit {
    Limit { micro_usd: Some(cents * 10_000), tokens: None }
}

fn grant(amount: Limit, by: &str) -> Grant {
    Grant { amount, by: by.to_owned(), at_ms: 1 }
}

fn worst(cents: u64) -> Amount {
    Amount { micro_usd: cents * 10_000, tokens: cents }
}

fn turn(cents: u64) -> Turn {
    let usage = Usage { input_tokens: cents, cost_micro_usd: cents * 10_000, ..Usage::default() };
    Turn { request: hash("q"), reply: Reply { text: format!("for {cents}"), usage, ..Reply::default() } }
}

fn call(name: &str, turn: u32) -> Call {
    Call { task: task(name), input: hash("in"), turn, rework: false }
}

async fn with_run(store: &Store, granted: Limit) {
    store.create_run(&run("1", 1), &epic(), EPIC, &grant(granted, "default")).await.unwrap();
}

async fn left(store: &Store) -> (u64, u64, u64) {
    let account = store.account(Some(&run_id("1"))).await.unwrap().unwrap();
    let cents = |amount: Amount| amount.micro_usd / 10_000;
    (cents(account.spent), cents(account.reserved), cents(account.left()))
}

#[tokio::test]
async fn a_call_reserves_its_worst_case_and_pays_what_it_came_to() {
    let store = Store::in_memory(tenant());
    with_run(&store, usd(10)).await;
    let run = run_id("1");
    let held = store.reserve(&run, &call("a", 1), "m", worst(6)).await.unwrap();
    assert_eq!(left(&store).await, (0, 6, 4));
    let refused = store.reserve(&run, &call("b", 1), "m", worst(5)).await.unwrap_err();
    let Refused::Exhausted(Exhausted { owner: Owner::Run, unit: Unit::Money, .. }) = refused else {
        panic!("{refused}")
    };
    store.settle(&run, &call("a", 1), held, &turn(2)).await.unwrap();
    assert_eq!(left(&store).await, (2, 0, 8));
    assert_eq!(store.turns(&run, &task("a"), &hash("in")).await.unwrap()[&1], turn(2));
    // An answer that got lost: it is settled once.
    store.settle(&run, &call("a", 1), held, &turn(2)).await.unwrap();
    assert_eq!(left(&store).await, (2, 0, 8));
    // A call that was not billed.
    let held = store.reserve(&run, &call("b", 1), "m", worst(5)).await.unwrap();
    store.charge(&run, &call("b", 1), held, Usage::default()).await.unwrap();
    assert_eq!(left(&store).await, (2, 0, 8));
    let calls = store.calls(&run).await.unwrap();
    assert_eq!(calls.iter().map(|row| row.usage.cost_micro_usd).collect::<Vec<_>>(), [20_000, 0]);
    // One that was billed and gave no turn, and then one that did: both count.
    for (gives, told) in [(None, 1), (Some(turn(3)), 4)] {
        let held = store.reserve(&run, &call("b", 1), "m", worst(5)).await.unwrap();
        match gives {
            Some(turn) => store.settle(&run, &call("b", 1), held, &turn).await.unwrap(),
            None => store.charge(&run, &call("b", 1), held, turn(1).reply.usage).await.unwrap(),
        }
        assert_eq!(store.calls(&run).await.unwrap()[1].usage.input_tokens, told);
    }
    assert_eq!(left(&store).await, (6, 0, 4));
}

#[tokio::test]
async fn a_grant_has_an_author_and_lets_the_next_call_through() {
    let store = Store::in_memory(tenant());
    with_run(&store, usd(1)).await;
    let run = run_id("1");
    assert!(store.reserve(&run, &call("a", 1), "m", worst(2)).await.is_err());
    let account = store.grant(Some(&run), &grant(usd(1), "ada")).await.unwrap();
    assert_eq!(account.granted, usd(2));
    assert!(store.reserve(&run, &call("a", 1), "m", worst(2)).await.is_ok());
    let by: Vec<_> = store.grants(Some(&run)).await.unwrap().into_iter().map(|grant| grant.by).collect();
    assert_eq!(by, ["default", "ada"]);
    assert!(matches!(store.grant(Some(&run_id("2")), &grant(usd(1), "ada")).await, Err(Error::NoRun { .. })));
}

#[tokio::test]
async fn a_tenants_budget_covers_all_its_runs() {
    let store = Store::in_memory(tenant());
    with_run(&store, usd(100)).await;
    let other = maestro_domain::Run { id: run_id("2"), ..run("1", 1) };
    store.create_run(&other, &epic(), EPIC, &grant(usd(100), "default")).await.unwrap();
    store.grant(None, &grant(usd(10), "ada")).await.unwrap();
    let held = store.reserve(&run_id("1"), &call("a", 1), "m", worst(6)).await.unwrap();
    let refused = store.reserve(&other.id, &call("a", 1), "m", worst(5)).await.unwrap_err();
    assert!(matches!(refused, Refused::Exhausted(Exhausted { owner: Owner::Tenant, .. })), "{refused}");
    assert_eq!(store.account(Some(&other.id)).await.unwrap().unwrap().reserved, Amount::ZERO, "all or nothing");
    // What is deleted while a call is open stays spent for the tenant.
    let _lost = held;
    store.delete_run(&run_id("1"), true).await.unwrap();
    let account = store.account(None).await.unwrap().unwrap();
    assert_eq!((account.spent, account.reserved), (worst(6), Amount::ZERO));
}

#[tokio::test]
async fn a_call_whose_end_nobody_knows_is_spent_and_its_late_answer_changes_nothing() {
    let store = Store::in_memory(tenant());
    with_run(&store, usd(10)).await;
    let run = run_id("1");
    let dead = store.reserve(&run, &call("a", 1), "m", worst(3)).await.unwrap();
    let next = store.reserve(&run, &call("a", 1), "m", worst(3)).await.unwrap();
    assert_eq!(left(&store).await, (3, 3, 4));
    let late = store.settle(&run, &call("a", 1), dead, &turn(1)).await.unwrap_err();
    assert!(matches!(late, Error::Superseded { .. }), "{late}");
    assert!(store.turns(&run, &task("a"), &hash("in")).await.unwrap().is_empty(), "it is not recorded");
    store.settle(&run, &call("a", 1), next, &turn(2)).await.unwrap();
    assert_eq!(left(&store).await, (5, 0, 5));
    assert_eq!(store.calls(&run).await.unwrap()[0].hold.lost, worst(3));
}

#[tokio::test]
async fn a_call_that_waited_when_its_asker_went_was_not_billed() {
    let store = Store::in_memory(tenant());
    with_run(&store, usd(10)).await;
    let run = run_id("1");
    let waiting = store.reserve(&run, &call("a", 1), "m", worst(3)).await.unwrap();
    for waits in [true, true, false, true] {
        store.note_wait(&run, &call("a", 1), waiting, waits).await.unwrap();
        assert_eq!(left(&store).await, (0, 3, 7), "it is held all the same");
    }
    let next = store.reserve(&run, &call("a", 1), "m", worst(4)).await.unwrap();
    assert_eq!(left(&store).await, (0, 4, 6), "nothing is lost, and the next one is held");
    // The one who waited comes back, and must not send what nothing is held for any more.
    let late = store.note_wait(&run, &call("a", 1), waiting, false).await.unwrap_err();
    assert!(matches!(late, Error::Superseded { .. }), "{late}");
    // What goes out after a wait may be billed again.
    store.note_wait(&run, &call("a", 1), next, true).await.unwrap();
    store.note_wait(&run, &call("a", 1), next, false).await.unwrap();
    let last = store.reserve(&run, &call("a", 1), "m", worst(1)).await.unwrap();
    assert_eq!(left(&store).await, (4, 1, 5));
    // A run that is deleted while a call waits has spent nothing for it.
    store.note_wait(&run, &call("a", 1), last, true).await.unwrap();
    store.delete_run(&run, true).await.unwrap();
    let account = store.account(None).await.unwrap().unwrap();
    assert_eq!((account.spent, account.reserved), (worst(4), Amount::ZERO));
}

/// What was read of a table, and how surely it was written to.
#[derive(Default)]
struct Seen {
    reads: Mutex<Vec<Key>>,
    writes: Mutex<Vec<Durability>>,
}

/// A table, and what is seen of it.
fn seen() -> (Arc<dyn Table>, Arc<Seen>) {
    let seen = Arc::<Seen>::default();
    let sees = Arc::clone(&seen);
    let watch = move |access: Access<'_>| {
        match access {
            Access::Get(key) => sees.reads.lock().unwrap().push(key.clone()),
            Access::Write(_, durability) => sees.writes.lock().unwrap().push(durability),
            Access::Query(_) => {}
        }
        0
    };
    (Arc::new(WatchedTable::new(Arc::new(MemoryTable::default()), watch)), seen)
}

#[tokio::test]
async fn a_wave_of_paid_turns_is_made_safe_by_one_flush_before_anything_follows_from_it() {
    use Durability::{Power, Process};
    let (table, seen) = seen();
    let store = Store::new(table, Arc::new(MemoryBlobs::default()), tenant());
    with_run(&store, usd(100)).await;
    let run = run_id("1");
    seen.writes.lock().unwrap().clear();
    let take = async |name: &str| {
        let held = store.reserve(&run, &call(name, 1), "m", worst(1)).await.unwrap();
        store.settle(&run, &call(name, 1), held, &turn(1)).await.unwrap();
    };
    take("a").await;
    assert_eq!(*seen.writes.lock().unwrap(), [Process, Process]);
    take("b").await;
    assert_eq!(seen.writes.lock().unwrap()[2..], [Power, Process], "the next call makes the first turn safe");
    let held = store.reserve(&run, &call("c", 1), "m", worst(1)).await.unwrap();
    store.reserve(&run, &call("d", 1), "m", worst(1)).await.unwrap();
    assert_eq!(seen.writes.lock().unwrap()[4..], [Power, Process], "one flush for a wave");
    store.settle(&run, &call("c", 1), held, &turn(1)).await.unwrap();
    let mut stored = store.run(&run).await.unwrap();
    stored.run.finish(RunStatus::Ok, None, 2).unwrap();
    store.update_run(&mut stored).await.unwrap();
    assert_eq!(*seen.writes.lock().unwrap().last().unwrap(), Power);
}

#[tokio::test]
async fn who_begins_at_the_same_moment_shares_a_flush_though_it_keeps_others_waiting() {
    let flushes = Arc::new(Mutex::new(0));
    let sees = Arc::clone(&flushes);
    let watch = move |access: Access<'_>| {
        let mut flushes = sees.lock().unwrap();
        match access {
            Access::Write(_, Durability::Power) => {
                *flushes += 1;
                3
            }
            // Who wants the connection during a flush gets it when the one who flushed has long gone on.
            Access::Get(_) if *flushes > 0 => 10,
            _ => 0,
        }
    };
    let table = Arc::new(WatchedTable::new(Arc::new(MemoryTable::default()), watch));
    let store = Store::new(table, Arc::new(MemoryBlobs::default()), tenant());
    with_run(&store, usd(100)).await;
    let run = run_id("1");
    let take = async |name: &str| {
        assert!(store.task(&run, &task(name), &hash("in")).await.unwrap().is_none());
        let held = store.reserve(&run, &call(name, 1), "m", worst(1)).await.unwrap();
        // The model's time.
        tokio::task::yield_now().await;
        store.settle(&run, &call(name, 1), held, &turn(1)).await.unwrap();
    };
    take("a").await;
    tokio::join!(take("b"), take("c"), take("d"));
    assert_eq!(*flushes.lock().unwrap(), 1);
}

/// Blobs that tell whose were flushed.
#[derive(Default)]
struct Flushed {
    blobs: MemoryBlobs,
    runs: Mutex<Vec<String>>,
}

#[async_trait]
impl Blobs for Flushed {
    async fn put(&self, tenant: &TenantId, run: &RunId, bytes: &[u8]) -> Result<ContentHash, blobs::Error> {
        self.blobs.put(tenant, run, bytes).await
    }
    async fn get(&self, tenant: &TenantId, run: &RunId, hash: &ContentHash) -> Result<Vec<u8>, blobs::Error> {
        self.blobs.get(tenant, run, hash).await
    }
    async fn flush(&self, _: &TenantId, run: &RunId) -> Result<(), blobs::Error> {
        self.runs.lock().unwrap().push(run.to_string());
        Ok(())
    }
    async fn delete_run(&self, tenant: &TenantId, run: &RunId) -> Result<(), blobs::Error> {
        self.blobs.delete_run(tenant, run).await
    }
}

#[tokio::test]
async fn a_flush_for_one_run_does_not_leave_the_blobs_of_another_behind() {
    let blobs = Arc::new(Flushed::default());
    let store = Store::new(Arc::new(MemoryTable::default()), blobs.clone(), tenant());
    with_run(&store, usd(100)).await;
    let other = maestro_domain::Run { id: run_id("2"), ..run("1", 1) };
    store.create_run(&other, &epic(), EPIC, &grant(usd(100), "default")).await.unwrap();
    let held = store.reserve(&run_id("1"), &call("a", 1), "m", worst(1)).await.unwrap();
    store.settle(&run_id("1"), &call("a", 1), held, &turn(1)).await.unwrap();
    assert!(blobs.runs.lock().unwrap().is_empty());
    store.reserve(&other.id, &call("a", 1), "m", worst(1)).await.unwrap();
    assert_eq!(*blobs.runs.lock().unwrap(), ["run-1"], "its turn is in the table that was flushed");
    store.reserve(&run_id("1"), &call("b", 1), "m", worst(1)).await.unwrap();
    assert_eq!(blobs.runs.lock().unwrap().len(), 1, "once");
}

/// Branches of several processes on one store: money for all calls but one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn branches_and_processes_do_not_overspend_by_a_cent() {
    const BRANCHES: u64 = 12;
    let dir = tempfile::tempdir().unwrap();
    let stores: Vec<_> = (0..2).map(|_| Arc::new(Home::open(dir.path()).unwrap().store(tenant()).unwrap())).collect();
    with_run(&stores[0], usd(5 * BRANCHES - 1)).await;
    let tasks: Vec<_> = (0..BRANCHES)
        .map(|n| {
            let store = Arc::clone(&stores[(n % 2) as usize]);
            tokio::spawn(async move {
                let call = call(&format!("t{n}"), 1);
                let held = store.reserve(&run_id("1"), &call, "m", worst(5)).await?;
                store.settle(&run_id("1"), &call, held, &turn(5)).await?;
                Ok::<_, Refused>(())
            })
        })
        .collect();
    let mut paused = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => {}
            Err(Refused::Exhausted(_)) => paused += 1,
            Err(Refused::Store(error)) => panic!("{error}"),
        }
    }
    assert_eq!(paused, 1);
    assert_eq!(left(&stores[1]).await, (5 * (BRANCHES - 1), 0, 4));
}

#[tokio::test]
async fn what_a_process_left_is_not_read_again_and_what_another_changed_is() {
    let (table, seen) = seen();
    let here = Store::new(Arc::clone(&table), Arc::new(MemoryBlobs::default()), tenant());
    let there = Store::new(table, Arc::new(MemoryBlobs::default()), tenant());
    with_run(&here, usd(10)).await;
    let run = run_id("1");
    let pay = async |store: &Store, task: &str| {
        let call = call(task, 1);
        let held = store.reserve(&run, &call, "m", worst(5)).await?;
        Ok::<_, Refused>(store.settle(&run, &call, held, &turn(5)).await?)
    };
    pay(&here, "a").await.unwrap();
    seen.reads.lock().unwrap().clear();
    pay(&here, "b").await.unwrap();
    assert_eq!(*seen.reads.lock().unwrap(), [], "everything is as it was left");
    // All is spent. Another process grants more and spends of it, and the first one sees both.
    assert!(matches!(pay(&here, "c").await, Err(Refused::Exhausted(_))));
    there.grant(Some(&run), &grant(usd(10), "someone")).await.unwrap();
    pay(&there, "d").await.unwrap();
    pay(&here, "c").await.unwrap();
    assert_eq!(left(&there).await, (20, 0, 0));
    assert!(matches!(pay(&here, "e").await, Err(Refused::Exhausted(_))));
}
