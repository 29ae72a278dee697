//! Leases and a clock that jumps while somebody works.

use crate::{jobs::referee, scenarios::SMALL};
use async_trait::async_trait;
use maestro_agent::Meter;
use maestro_blueprint::Blueprint;
use maestro_domain::{ContentHash, FailureKind, RunId};
use maestro_embedded::FolderDeliverables;
use maestro_models::clock::Virtual;
use maestro_ports::{
    Clock, JobDispatcher, Model,
    model::{Error, Only, Progress, Quote, Reply, Request},
    work,
};
use maestro_sdlc::{Platform, handle};
use maestro_store::Journal;
use maestro_tests::Bed;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Semaphore;

const NOW: u64 = 1_764_000_000_000;
const HOUR: u64 = 3_600_000;

/// The built-in author, who answers when it is let.
struct Slow {
    begun: Semaphore,
    may: Semaphore,
}

#[async_trait]
impl Model for Slow {
    fn name(&self) -> &str {
        Blueprint.name()
    }
    fn answer_limit(&self) -> usize {
        Blueprint.answer_limit()
    }
    fn quote(&self, request: &Request) -> Result<Quote, Error> {
        Blueprint.quote(request)
    }
    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error> {
        self.begun.add_permits(1);
        self.may.acquire().await.unwrap().forget();
        Blueprint.complete(request, progress).await
    }
}

struct Nobody;

#[async_trait]
impl JobDispatcher for Nobody {
    async fn dispatch(&self, _: &RunId, _: &ContentHash) -> Result<(), work::Error> {
        unreachable!("analysts run nothing")
    }
}

/// Workers of one run, by one clock.
struct Workers {
    bed: Bed,
    run: RunId,
    clock: Arc<Virtual>,
}

impl Workers {
    async fn new() -> Self {
        let bed = Bed::new(referee());
        let run = bed.create(SMALL).await.unwrap();
        Self { bed, run, clock: Arc::new(Virtual::at(NOW)) }
    }

    async fn work(&self, model: Arc<dyn Model>) -> Result<Value, maestro_sdlc::Failure> {
        let store = self.bed.hive.store().clone();
        let clock: Arc<dyn Clock> = Arc::<Virtual>::clone(&self.clock);
        let platform = Platform {
            events: Arc::new(Journal::new(store.clone(), Arc::clone(&clock), None)),
            store,
            models: Arc::new(Only(model)),
            jobs: Arc::new(Nobody),
            outside: Arc::new(maestro_tools::NothingOutside),
            deliverables: Arc::new(FolderDeliverables { force: false }),
            clock,
            meter: Arc::new(Meter::default()),
            caller: None,
            waiter: None,
        };
        let task = json!({"run": self.run, "phase": "requirements", "attempt": 1});
        handle(&platform, "requirements_analyst", &task).await
    }

    async fn artifacts(&self) -> usize {
        self.bed.hive.store().artifacts(&self.run).await.unwrap().len()
    }
}

fn slow() -> Arc<Slow> {
    Arc::new(Slow { begun: Semaphore::new(0), may: Semaphore::new(0) })
}

#[tokio::test]
async fn a_clock_put_forward_ends_a_lease_and_the_late_worker_changes_nothing() {
    let workers = Workers::new().await;
    let model = slow();
    let late = workers.work(model.clone());
    let others = async {
        model.begun.acquire().await.unwrap().forget();
        let held = workers.work(Arc::new(Blueprint)).await.unwrap_err();
        assert_eq!(held.kind, FailureKind::LeaseHeld);
        // Hours ahead: to all who look, the first worker is long dead.
        workers.clock.set(NOW + 5 * HOUR);
        let done = workers.work(Arc::new(Blueprint)).await.unwrap();
        assert_eq!(workers.artifacts().await, 1);
        model.may.add_permits(1_000);
        done
    };
    let (late, done) = tokio::join!(late, others);
    let late = late.unwrap_err();
    assert!(late.kind.transient(), "it is told to look again: {late:?}");
    assert_eq!(workers.work(Arc::new(Blueprint)).await.unwrap(), done, "and then finds what the other did");
    assert_eq!(workers.artifacts().await, 1);
}

#[tokio::test]
async fn a_clock_put_back_keeps_a_lease_and_work_ends_under_it() {
    let workers = Workers::new().await;
    let model = slow();
    let first = workers.work(model.clone());
    let others = async {
        model.begun.acquire().await.unwrap().forget();
        workers.clock.set(NOW - 5 * HOUR);
        let held = workers.work(Arc::new(Blueprint)).await.unwrap_err();
        assert_eq!((held.kind, held.until_ms.is_some_and(|until| until > NOW)), (FailureKind::LeaseHeld, true));
        model.may.add_permits(1_000);
    };
    let (first, ()) = tokio::join!(first, others);
    assert_eq!(workers.work(Arc::new(Blueprint)).await.unwrap(), first.unwrap());
}
