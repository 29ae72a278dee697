//! Runs whose models cost money: what was granted is never overspent, a run that has no more is paused with its work, and a
//! grant lets it go on where it was.

use crate::{
    jobs::{Paid, referee},
    scenarios::SMALL,
};
use maestro_domain::{Event, FailureKind, Grant, Limit, RunId, RunStatus};
use maestro_sdlc::record::canonical;
use maestro_store::{MemoryBlobs, MemoryTable};
use maestro_tests::Bed;
use serde_json::Value;
use std::sync::Arc;

/// What one call of [`Paid`] costs.
const CALL: u64 = 5;

fn usd(calls: u64) -> Limit {
    Limit { micro_usd: Some(calls * CALL), tokens: None }
}

struct Run {
    bed: Bed,
    model: Arc<Paid>,
    run: RunId,
}

async fn with(budget: Limit) -> Run {
    let model = Paid::new();
    let bed = Bed::with(model.clone(), referee(), Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let run = bed.create_with(SMALL, budget).await.unwrap();
    Run { bed, model, run }
}

impl Run {
    async fn calls(&self) -> u64 {
        let account = self.bed.hive.store().account(Some(&self.run)).await.unwrap().unwrap();
        assert_eq!(account.reserved.micro_usd, 0, "nothing is held when nobody works");
        assert!(account.spent.micro_usd <= account.granted.micro_usd.unwrap());
        assert_eq!(account.spent.micro_usd, CALL * self.model.answered().values().sum::<usize>() as u64);
        account.spent.micro_usd / CALL
    }

    async fn grant(&self, calls: u64) {
        let grant = Grant { amount: usd(calls), by: "ada".to_owned(), at_ms: 1 };
        self.bed.hive.store().grant(Some(&self.run), &grant).await.unwrap();
    }

    async fn record(&self) -> Value {
        canonical(self.bed.hive.store(), &self.run).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_without_money_is_paused_and_goes_on_after_a_grant_with_the_same_record() {
    let whole = with(usd(1_000)).await;
    let (ended, events) = whole.bed.execute(&whole.run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let all = whole.calls().await;
    let told = events.iter().filter(|event| matches!(event, Event::TurnTaken { .. })).count();
    assert_eq!(told as u64, all, "every turn is told while it happens");

    // Ends in the first phase, in the middle, and with the very last call.
    for granted in [1, all / 2, all - 1] {
        let run = with(usd(granted)).await;
        let (ended, events) = run.bed.execute(&run.run).await.unwrap();
        let reason = ended.run.reason.unwrap();
        assert_eq!((ended.run.status, reason.code.as_str()), (RunStatus::Blocked, "budget"), "{reason:?}");
        assert!(reason.message.contains("the budget of the run does not cover the next call"), "{reason:?}");
        assert_eq!(run.calls().await, granted, "what is granted can be spent, and no more");
        let paused = events
            .iter()
            .filter(|event| matches!(event, Event::TaskFailed { error, .. } if error == FailureKind::Budget.name()));
        assert!(paused.count() >= 1);
        run.grant(all - granted).await;
        run.bed.hive.resume(&run.run).await.unwrap();
        let (ended, _) = run.bed.execute(&run.run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
        assert_eq!(run.calls().await, all, "nothing was paid for twice");
        assert!(run.record().await == whole.record().await, "the record of `{granted}` calls differs");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn branches_side_by_side_with_money_for_all_but_one_pause_one() {
    // The implementation's first wave has three personas; each of them takes as many turns alone as beside the others.
    let whole = with(usd(1_000)).await;
    let (_, events) = whole.bed.execute(&whole.run).await.unwrap();
    let before =
        |event: &&Event| !matches!(event, Event::PhaseStarted { phase: maestro_domain::Phase::Implementation, .. });
    let calls =
        events.iter().take_while(before).filter(|event| matches!(event, Event::TurnTaken { .. })).count() as u64;
    let wave: Vec<_> = ["frontend_developer", "backend_developer", "devops_engineer"]
        .map(|persona| {
            let name = format!("implementation/{persona}");
            let turns =
                events.iter().filter(|event| matches!(event, Event::TurnTaken { task, .. } if task.as_str() == name));
            turns.count() as u64
        })
        .into();
    assert!(wave.iter().all(|turns| *turns > 0), "{wave:?}");
    let enough = calls + wave.iter().sum::<u64>();

    let run = with(usd(enough - 1)).await;
    let (ended, events) = run.bed.execute(&run.run).await.unwrap();
    assert_eq!(ended.run.reason.unwrap().code, "budget");
    assert_eq!(run.calls().await, enough - 1);
    let failed: Vec<_> = events.iter().filter(|event| matches!(event, Event::TaskFailed { .. })).collect();
    assert_eq!(failed.len(), 1, "one branch is paused; its siblings end, and who comes after it waits: {failed:?}");
    run.grant(1_000).await;
    run.bed.hive.resume(&run.run).await.unwrap();
    let (ended, _) = run.bed.execute(&run.run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
}
