//! Messages that no worker finished with: the run learns of them, and what is nobody's is kept.

use crate::HELPER;
use async_trait::async_trait;
use maestro_agent::Meter;
use maestro_blueprint::Blueprint;
use maestro_domain::{ContentHash, Event, FailureKind, RunId, TaskId};
use maestro_embedded::{FolderDeliverables, SystemClock};
use maestro_ports::{JobDispatcher, model::Only, work};
use maestro_sdlc::{Letter, Platform, dead_letter};
use maestro_store::Journal;
use maestro_tests::{Bed, example, real_referee};
use serde_json::{Value, json};
use std::sync::Arc;

/// Runs no jobs.
struct Nobody;

#[async_trait]
impl JobDispatcher for Nobody {
    async fn dispatch(&self, _: &RunId, _: &ContentHash) -> Result<(), work::Error> {
        unreachable!("dead letters ask for no jobs")
    }
}

struct Post {
    bed: Bed,
    run: RunId,
    journal: Arc<Journal>,
    platform: Platform,
}

impl Post {
    async fn new() -> Self {
        let referee = Arc::new(real_referee(HELPER, &std::env::temp_dir()));
        let bed = Bed::new(referee);
        let run = bed.create(&example("epics/tool-library.md")).await.unwrap();
        let store = bed.hive.store().clone();
        let journal = Arc::new(Journal::new(store.clone(), Arc::new(SystemClock), None));
        let platform = Platform {
            store,
            models: Arc::new(Only(Arc::new(Blueprint))),
            jobs: Arc::new(Nobody),
            outside: Arc::new(maestro_tools::NothingOutside),
            deliverables: Arc::new(FolderDeliverables { force: false }),
            events: Arc::<Journal>::clone(&journal),
            clock: Arc::new(SystemClock),
            meter: Arc::new(Meter::default()),
            caller: None,
            waiter: None,
        };
        Self { bed, run, journal, platform }
    }

    fn letter(body: impl Into<String>) -> Letter {
        Letter { queue: "hive-qa_engineer".into(), message: "m-1".into(), receives: 6, body: body.into() }
    }

    fn task(run: &RunId, persona: Option<&str>) -> String {
        let mut task = json!({"run": run, "phase": "testing", "attempt": 1});
        if let Some(persona) = persona {
            task["persona"] = persona.into();
        }
        json!({"task": task, "token": "t-1"}).to_string()
    }

    /// What the run's journal says, and what is kept as nobody's.
    async fn written(&self) -> (Vec<Event>, Vec<String>) {
        self.journal.flush().await;
        let store = self.bed.hive.store();
        let entries = store.events(&self.run, 0, 100).await.unwrap();
        let events = entries.into_iter().map(|entry| serde_json::from_value(entry.event["event"].clone()).unwrap());
        let kept = store.dead_letters(None, 100).await.unwrap().into_iter().map(|letter| letter.body);
        (events.collect(), kept.collect())
    }
}

#[tokio::test]
async fn whoever_waits_is_told_by_name_and_the_journal_why() {
    let post = Post::new().await;
    let letter = Post::letter(Post::task(&post.run, Some("qa_engineer")));
    let answer = dead_letter(&post.platform, &letter).await.unwrap().unwrap();
    assert_eq!((answer.token.as_str(), answer.failure.kind), ("t-1", FailureKind::DeadLetter));
    let said = "the message `m-1` of the queue `hive-qa_engineer` was given up after 6 deliveries; \
                no worker ever claimed the task `testing/qa_engineer`";
    assert_eq!(answer.failure.cause, said);
    let (events, kept) = post.written().await;
    let told = Event::DeadLetter {
        queue: "hive-qa_engineer".into(),
        message: "m-1".into(),
        receives: 6,
        cause: said.to_owned(),
    };
    assert_eq!(events, [told]);
    assert!(kept.is_empty());
}

#[tokio::test]
async fn the_cause_says_how_far_the_last_worker_came() {
    let post = Post::new().await;
    let store = post.bed.hive.store();
    let cause = async |persona| {
        let letter = Post::letter(Post::task(&post.run, persona));
        dead_letter(&post.platform, &letter).await.unwrap().unwrap().failure.cause
    };
    let claim = async |task: &str| {
        let input = maestro_domain::ContentHash::of(b"in");
        let claim = store.claim(&post.run, &TaskId::new(task).unwrap(), &input, 1, 1_000).await.unwrap();
        let maestro_domain::task::Claim::Work { row, .. } = claim else { panic!("{claim:?}") };
        row
    };
    let verify = claim("testing/verify").await;
    assert!(cause(None).await.ends_with("claimed the task `testing/verify` and was not heard of again"));
    let told = Some((FailureKind::Store, "the table is gone".to_owned()));
    store.release(&post.run, &verify, told, 2).await.unwrap();
    assert!(cause(None).await.ends_with("last failed with Maestro.Store: the table is gone"));
    let written = claim("testing/technical_writer").await;
    store.complete(&post.run, &written, &Value::Null, maestro_store::Records::default(), 3).await.unwrap();
    assert!(cause(Some("technical_writer")).await.contains("`testing/technical_writer` has a result"));
}

#[tokio::test]
async fn what_is_nobodys_is_kept_word_for_word() {
    let post = Post::new().await;
    let stranger = Post::task(&RunId::new("run-unknown").unwrap(), None);
    for body in ["{\"task\": 1}", stranger.as_str()] {
        assert_eq!(dead_letter(&post.platform, &Post::letter(body)).await.unwrap(), None);
        let (events, kept) = post.written().await;
        assert_eq!((events, kept), (vec![], vec![body.to_owned()]));
    }
    let letters = post.bed.hive.store().dead_letters(None, 10).await.unwrap();
    assert_eq!(letters[0].cause, "there is no run `run-unknown`");
}
