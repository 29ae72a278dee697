//! The process ends at every commit of the store, on either side of it; a resumed run is the uninterrupted one.

use crate::{HELPER, scenarios::SMALL};
use async_trait::async_trait;
use maestro_blueprint::Blueprint;
use maestro_domain::{ContentHash, Event, RunStatus, TaskId, TaskState, TenantId};
use maestro_ports::{
    Model, Table,
    model::{self, Progress, Quote, Reply, Request},
    table::{Durability, Error, Item, Key, Page, Write},
};
use maestro_sandbox::{Recording, ReplayReferee};
use maestro_sdlc::record;
use maestro_store::{
    MemoryBlobs, MemoryTable,
    faulty::{CrashingTable, Moment},
};
use maestro_tests::{Bed, recording_referee};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};
use tokio::sync::Notify;

/// The built-in author, asked once for each conversation: hundreds of runs of one epic need not think it through again.
#[derive(Default)]
struct Remembered(Mutex<BTreeMap<String, Reply>>);

#[async_trait]
impl Model for Remembered {
    fn name(&self) -> &str {
        Blueprint.name()
    }
    fn answer_limit(&self) -> usize {
        Blueprint.answer_limit()
    }

    fn quote(&self, request: &Request) -> Result<Quote, model::Error> {
        Blueprint.quote(request)
    }

    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, model::Error> {
        let key = ContentHash::of_json(&json!([request.persona, request.messages])).to_string();
        if let Some(reply) = self.0.lock().unwrap().get(&key) {
            return Ok(reply.clone());
        }
        let reply = Blueprint.complete(request, progress).await?;
        self.0.lock().unwrap().insert(key, reply.clone());
        Ok(reply)
    }
}

/// Tells when the crashing table has come to its end, so that the execution can be dropped as a dying process would.
struct Dying {
    table: CrashingTable,
    ended: Notify,
}

impl Dying {
    fn told<T>(&self, result: T) -> T {
        if self.table.ended() {
            self.ended.notify_one();
        }
        result
    }
}

#[async_trait]
impl Table for Dying {
    async fn get(&self, tenant: &TenantId, key: &Key) -> Result<Option<Item>, Error> {
        self.told(self.table.get(tenant, key).await)
    }
    async fn write(&self, tenant: &TenantId, writes: Vec<Write>, durability: Durability) -> Result<(), Error> {
        self.told(self.table.write(tenant, writes, durability).await)
    }
    async fn query(
        &self,
        tenant: &TenantId,
        pk: &str,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error> {
        self.told(self.table.query(tenant, pk, prefix, after, limit).await)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ends_at_every_commit_and_resumes_to_the_same_record() {
    let scratch = tempfile::tempdir().unwrap();
    let recorder = Arc::new(recording_referee(HELPER, scratch.path()));
    let counting = Arc::new(CrashingTable::counting(Arc::new(MemoryTable::default())));
    let author = Arc::new(Remembered::default());
    let whole = Bed::with(author.clone(), recorder.clone(), counting.clone(), Arc::new(MemoryBlobs::default()));
    let run = whole.create(SMALL).await.unwrap();
    let (ended, _) = whole.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let expected = record::canonical(whole.hive.store(), &run).await.unwrap().to_string();
    let recording = recorder.recording();
    let commits = counting.commits();
    assert!(commits > 50, "a run is many commits, not {commits}");

    // Two halves side by side: the moments do not know of each other.
    let (expected, recording) = (Arc::new(expected), Arc::new(recording));
    let halves = [0, 1].map(|half| {
        let (expected, recording, author) = (Arc::clone(&expected), Arc::clone(&recording), Arc::clone(&author));
        tokio::spawn(async move {
            for nth in (2..=commits).filter(|nth| nth % 2 == half) {
                for moment in [Moment::Before, Moment::After] {
                    end_and_resume(nth, moment, &author, &recording, &expected).await;
                }
            }
        })
    });
    for half in halves {
        half.await.unwrap();
    }
}

/// Ends a run at one commit, resumes it, and compares.
async fn end_and_resume(nth: u64, moment: Moment, author: &Arc<Remembered>, recording: &Recording, expected: &str) {
    let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let dying = Arc::new(Dying { table: CrashingTable::new(table.clone(), nth, moment), ended: Notify::new() });
    let referee = Arc::new(ReplayReferee::new(recording.clone()));
    let first = Bed::with(author.clone(), referee.clone(), dying.clone(), blobs.clone());
    // A process takes all its threads with it; here a runtime of its own ends with all that they have under way.
    let (run, _first) = tokio::task::spawn_blocking(move || {
        let process = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let run = process.block_on(async {
            let run = first.create(SMALL).await.unwrap();
            tokio::select! {
                _ = first.execute(&run) => {}
                () = dying.ended.notified() => {}
            }
            run
        });
        (run, first)
    })
    .await
    .unwrap();

    let second = Bed::with(author.clone(), referee, table, blobs);
    let store = second.hive.store();
    let done: BTreeSet<(TaskId, String)> = store
        .tasks(&run)
        .await
        .unwrap()
        .into_iter()
        .filter(|row| matches!(row.state, TaskState::Completed { .. }))
        .map(|row| (row.task, row.input.short().to_owned()))
        .collect();
    if store.run(&run).await.unwrap().run.status != RunStatus::Ok {
        second.hive.resume(&run).await.unwrap();
        let (ended, events) = second.execute(&run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Ok, "{moment:?} {nth}: {:?}", ended.run.reason);
        for event in events {
            if let Event::TaskStarted { task, input } = event {
                assert!(!done.contains(&(task.clone(), input)), "{moment:?} {nth}: `{task}` was done twice");
            }
        }
    }
    let record = record::canonical(second.hive.store(), &run).await.unwrap().to_string();
    assert_eq!(ContentHash::of(record.as_bytes()), ContentHash::of(expected.as_bytes()), "{moment:?} {nth}");
}
