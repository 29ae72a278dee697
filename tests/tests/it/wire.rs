//! Whole runs whose every question goes to a provider over HTTP.

use crate::{
    jobs::referee,
    provider::{CALL, client, serve},
    scenarios::SMALL,
};
use async_trait::async_trait;
use maestro_domain::{Event, RunId, RunStatus};
use maestro_models::fake::Fake;
use maestro_ports::{
    Model,
    model::{Error, Progress, Quote, Reply, Request},
};
use maestro_sdlc::record::canonical;
use maestro_store::{MemoryBlobs, MemoryTable};
use maestro_tests::Bed;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// How often each question was asked.
fn asked(fake: &Fake) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for seen in fake.seen() {
        *asked.entry(seen.body.to_string()).or_default() += 1;
    }
    asked
}

/// Asks one question and no other: the process ends before the next is sent.
struct Once {
    inner: Arc<dyn Model>,
    asked: AtomicBool,
}

#[async_trait]
impl Model for Once {
    fn name(&self) -> &str {
        self.inner.name()
    }
    fn answer_limit(&self) -> usize {
        self.inner.answer_limit()
    }
    fn quote(&self, request: &Request) -> Result<Quote, Error> {
        self.inner.quote(request)
    }
    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error> {
        if self.asked.swap(true, Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        self.inner.complete(request, progress).await
    }
}

/// Executes a run in a process of its own that ends, with all its threads, as soon as a turn is written down. Answers whether
/// the run was over before.
async fn process(bed: Bed, run: RunId) -> (Bed, bool) {
    tokio::task::spawn_blocking(move || {
        let process = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let over = process.block_on(async {
            let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
            let turn = async {
                while let Some(event) = told.recv().await {
                    if matches!(event, Event::TurnTaken { .. }) {
                        return;
                    }
                }
                std::future::pending().await
            };
            tokio::select! {
                ended = bed.hive.execute(&run, false, Some(tell), Box::pin(std::future::pending())) => {
                    let run = ended.unwrap().run;
                    assert_eq!(run.status, RunStatus::Ok, "{:?}", run.reason);
                    true
                }
                () = turn => false,
            }
        });
        drop(process);
        (bed, over)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_after_every_turn_asks_and_pays_for_nothing_twice() {
    let fake = serve(|_, _| {}).await;
    let bed = |model, table: &Arc<MemoryTable>, blobs: &Arc<MemoryBlobs>| {
        Bed::with(model, referee(), Arc::<MemoryTable>::clone(table), Arc::<MemoryBlobs>::clone(blobs))
    };
    let (table, blobs) = (Arc::default(), Arc::default());
    let whole = bed(client(&fake), &table, &blobs);
    let run = whole.create(SMALL).await.unwrap();
    let (ended, _) = whole.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let expected = canonical(whole.hive.store(), &run).await.unwrap();
    let questions = asked(&fake);
    assert!(questions.len() > 20 && questions.values().all(|times| *times == 1));

    let (table, blobs) = (Arc::default(), Arc::default());
    let run = bed(client(&fake), &table, &blobs).create(SMALL).await.unwrap();
    let mut ends = 0;
    let last = loop {
        let model = Arc::new(Once { inner: client(&fake), asked: AtomicBool::new(false) });
        let bed = bed(model, &table, &blobs);
        bed.hive.resume(&run).await.unwrap();
        let (bed, over) = process(bed, run.clone()).await;
        if over {
            break bed;
        }
        ends += 1;
        assert!(ends <= questions.len(), "it never ends");
    };
    assert_eq!(ends, questions.len(), "it ended after each turn");
    let again = asked(&fake);
    assert_eq!(again.keys().collect::<Vec<_>>(), questions.keys().collect::<Vec<_>>(), "the same questions");
    assert!(again.values().all(|times| *times == 2), "once in each of the two runs");
    let store = last.hive.store();
    assert!(canonical(store, &run).await.unwrap() == expected, "the records differ");
    // Siblings that died between their reservation and their question may have been billed for all that the ledger knows; what
    // was answered was paid for once.
    let calls = store.calls(&run).await.unwrap();
    let (paid, lost) = calls
        .iter()
        .fold((0, 0), |(paid, lost), call| (paid + call.usage.cost_micro_usd, lost + call.hold.lost.micro_usd));
    assert_eq!(paid, CALL * questions.len() as u64);
    let account = store.account(Some(&run)).await.unwrap().unwrap();
    assert_eq!((account.spent.micro_usd, account.reserved.micro_usd), (paid + lost, 0));
}
