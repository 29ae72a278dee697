//! Tasks that wait for the referee: nobody waits in a call, nothing that was paid for is paid for again, and what was
//! asked for is found again however a process ends.

use crate::{HELPER, scenarios::SMALL};
use async_trait::async_trait;
use maestro_blueprint::Blueprint;
use maestro_domain::{ContentHash, Event, RunId, RunStatus};
use maestro_ports::{
    Model,
    model::{self, Message, Progress, Quote, Reply, Request, Silent, ToolCall, Usage},
    referee::{Action, Error as RefereeError, Job, Limits, Outcome, Referee},
};
use maestro_sandbox::LocalReferee;
use maestro_sdlc::record::canonical;
use maestro_store::{MemoryBlobs, MemoryTable};
use maestro_tests::{Bed, real_referee};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// The built-in author, whose replies cost something, and who as QA engineer runs the tests before handing them over.
pub(crate) struct Paid {
    /// How often each question was answered.
    answered: Mutex<BTreeMap<ContentHash, usize>>,
    /// How many more questions are answered before the process ends.
    left: AtomicUsize,
    ended: Notify,
}

impl Paid {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { answered: Mutex::default(), left: AtomicUsize::new(usize::MAX), ended: Notify::new() })
    }

    pub(crate) fn answered(&self) -> BTreeMap<ContentHash, usize> {
        self.answered.lock().unwrap().clone()
    }
}

fn is(call: &ToolCall, name: &str) -> bool {
    call.name == name
}

/// What the author says, but the QA engineer runs the tests first.
async fn careful(request: &Request) -> Result<Reply, model::Error> {
    let tested = request.messages.iter().position(
        |message| matches!(message, Message::Assistant { calls, .. } if calls.iter().any(|call| is(call, "run_tests"))),
    );
    let before = match tested {
        Some(turn) => Request { messages: request.messages[..turn].to_vec(), ..request.clone() },
        None => request.clone(),
    };
    let mut reply = Blueprint.complete(&before, &Silent).await?;
    let submitted = reply.calls.iter().find(|call| is(call, "submit_work")).cloned();
    if let (Some(submitted), "qa_engineer") = (submitted, request.persona.as_str()) {
        if tested.is_some() {
            reply.calls = vec![submitted];
        } else {
            let dir = submitted.arguments["document"]["dir"].clone();
            reply.calls.retain(|call| !is(call, "submit_work"));
            reply.calls.push(ToolCall { id: "t".into(), name: "run_tests".into(), arguments: json!({ "dir": dir }) });
        }
    }
    reply.usage = Usage { input_tokens: 10, output_tokens: 1, cost_micro_usd: 5, ..Usage::default() };
    Ok(reply)
}

#[async_trait]
impl Model for Paid {
    fn name(&self) -> &str {
        "paid"
    }
    fn answer_limit(&self) -> usize {
        Blueprint.answer_limit()
    }

    fn quote(&self, _: &Request) -> Result<Quote, model::Error> {
        Ok(Quote { model: "paid".to_owned(), input_tokens: 10, output_tokens: 1, cost_micro_usd: 5 })
    }

    async fn complete(&self, request: &Request, _: &dyn Progress) -> Result<Reply, model::Error> {
        if self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
            // What others were answered is written down before the process ends; a reply on its way would be lost.
            tokio::time::sleep(Duration::from_millis(60)).await;
            self.ended.notify_one();
            std::future::pending::<()>().await;
        }
        let reply = careful(request).await?;
        *self.answered.lock().unwrap().entry(request.hash()).or_default() += 1;
        Ok(reply)
    }
}

pub(crate) fn referee() -> Arc<LocalReferee> {
    Arc::new(real_referee(HELPER, &tempfile::tempdir().unwrap().keep()))
}

/// Executes a run in a process of its own that ends with all its threads, if `ended` is told before the run is over.
/// Answers whether it was over.
async fn process(bed: Bed, run: Option<RunId>, ended: impl Future<Output = ()> + Send + 'static) -> (Bed, RunId, bool) {
    tokio::task::spawn_blocking(move || {
        let process = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (run, over) = process.block_on(async {
            let run = match run {
                Some(run) => {
                    bed.hive.resume(&run).await.unwrap();
                    run
                }
                None => bed.create(SMALL).await.unwrap(),
            };
            tokio::select! {
                executed = bed.execute(&run) => {
                    executed.unwrap();
                    (run, true)
                }
                () = ended => (run, false),
            }
        });
        drop(process);
        (bed, run, over)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_runs_tests_is_given_back_meanwhile_and_pays_once() {
    let model = Paid::new();
    let bed = Bed::with(model.clone(), referee(), Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let run = bed.create(SMALL).await.unwrap();
    let (ended, events) = bed.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let waits = |name: &str| {
        events.iter().filter(|event| matches!(event, Event::TaskWaits { task } if task.as_str() == name)).count()
    };
    assert_eq!(waits("testing/qa_engineer"), 1);
    // Two jobs, and it waits once for both.
    assert_eq!(waits("deployment/verify"), 1);
    assert_eq!(waits("requirements/verify"), 0, "there is nothing to run");
    let jobs: BTreeSet<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::JobFinished { job, success: true, .. } => Some(job.as_str()),
            _ => None,
        })
        .collect();
    let expected = [
        "deployment/integration",
        "deployment/start",
        "implementation/build",
        "testing/acceptance",
        "testing/qa_engineer/run_tests",
    ];
    assert_eq!(jobs, expected.into());
    assert!(model.answered().values().all(|times| *times == 1), "a turn was paid for twice");
    let calls = bed.hive.store().calls(&run).await.unwrap();
    let paid: u64 = calls.iter().map(|row| row.usage.cost_micro_usd).sum();
    assert_eq!(paid, 5 * model.answered().len() as u64, "all turns count, and each once");
    assert!(bed.hive.store().open_jobs(None, None, 10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_ends_at_every_turn_pays_for_no_turn_twice() {
    let whole = Paid::new();
    let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let bed = Bed::with(whole.clone(), referee(), table, blobs);
    let run = bed.create(SMALL).await.unwrap();
    assert_eq!(bed.execute(&run).await.unwrap().0.run.status, RunStatus::Ok);
    let expected = canonical(bed.hive.store(), &run).await.unwrap();

    let model = Paid::new();
    let (table, blobs, referee) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()), referee());
    let (mut run, mut ends) = (None, 0);
    let left = loop {
        model.left.store(1, Ordering::SeqCst);
        let bed = Bed::with(model.clone(), referee.clone(), table.clone(), blobs.clone());
        let ended = model.clone();
        let (bed, of, over) = process(bed, run, async move { ended.ended.notified().await }).await;
        run = Some(of);
        if over {
            break bed;
        }
        ends += 1;
        assert!(ends < 200, "it never ends");
    };
    assert!(ends > 20, "it ended at each turn: {ends}");
    assert_eq!(model.answered(), whole.answered(), "the same questions, and each was paid for once");
    assert_eq!(canonical(left.hive.store(), &run.unwrap()).await.unwrap(), expected);
}

/// Never ends one job.
struct Hanging {
    inner: Arc<LocalReferee>,
    job: &'static str,
    begun: Arc<Notify>,
}

#[async_trait]
impl Referee for Hanging {
    async fn run(&self, job: Job) -> Result<Outcome, RefereeError> {
        if job.name == self.job {
            self.begun.notify_one();
            std::future::pending::<()>().await;
        }
        self.inner.run(job).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_of_a_process_that_ended_are_found_again() {
    let (table, blobs, begun) =
        (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()), Arc::new(Notify::new()));
    let hanging = Hanging { inner: referee(), job: "testing/acceptance", begun: begun.clone() };
    let first = Bed::with(Arc::new(Blueprint), Arc::new(hanging), table.clone(), blobs.clone());
    let (first, run, over) = process(first, None, async move { begun.notified().await }).await;
    assert!(!over);
    let open = first.hive.store().open_jobs(Some(&run), None, 10).await.unwrap();
    assert_eq!(open.len(), 1);
    let row = first.hive.store().job(&run, &open[0].job).await.unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.open(), row.waiting.len()), ("testing/acceptance", true, 1));

    let second = Bed::with(Arc::new(Blueprint), referee(), table, blobs);
    second.hive.resume(&run).await.unwrap();
    let (ended, events) = second.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let ran = |name: &str| {
        events.iter().filter(|event| matches!(event, Event::JobFinished { job, .. } if job == name)).count()
    };
    assert_eq!((ran("implementation/build"), ran("testing/acceptance")), (0, 1));
    assert!(second.hive.store().open_jobs(None, None, 10).await.unwrap().is_empty());
}

/// Can run nothing.
struct Unable;

#[async_trait]
impl Referee for Unable {
    async fn run(&self, _: Job) -> Result<Outcome, RefereeError> {
        Err(RefereeError::MissingProgram { program: "python3".to_owned() })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_cannot_be_run_fails_by_name_and_is_asked_for_anew() {
    let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let first = Bed::with(Arc::new(Blueprint), Arc::new(Unable), table.clone(), blobs.clone());
    let run = first.create(SMALL).await.unwrap();
    let (ended, events) = first.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Failed);
    let reason = ended.run.reason.unwrap();
    assert_eq!(reason.code, "referee", "{reason:?}");
    assert!(reason.message.contains("`python3` is not installed"), "{reason:?}");
    assert!(events.iter().any(|event| matches!(event, Event::TaskFailed { error, .. } if error == "Maestro.Referee")));

    let second = Bed::with(Arc::new(Blueprint), referee(), table, blobs);
    second.hive.resume(&run).await.unwrap();
    let (ended, _) = second.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
}

#[tokio::test]
async fn what_runs_in_the_sandbox_sees_no_credentials() {
    // Whatever names this process has in its environment, and those that a function or a build is given.
    let look = "import glob, os\n\
                seen = [f'{name}={value}' for name, value in os.environ.items()]\n\
                for path in glob.glob('/proc/[0-9]*/environ'):\n\
                \x20   try: seen += open(path, errors='replace').read().split('\\0')\n\
                \x20   except OSError: pass\n\
                print('\\n'.join(seen))\n";
    let job = Job {
        name: "testing/look".into(),
        workspace: [("look.py".into(), look.as_bytes().to_vec())].into(),
        action: Action::Command { argv: ["python3", "look.py"].map(str::to_owned).into() },
        env: [].into(),
        limits: Limits::default(),
    };
    let own: BTreeMap<String, String> = std::env::vars().collect();
    let outcome = referee().run(job).await.unwrap();
    assert!(outcome.evidence.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
    let told = String::from_utf8(outcome.stdout).unwrap();
    let names: BTreeSet<_> = told.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    let given = ["HOME", "LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "TMPDIR"];
    assert!(given.iter().all(|name| names.contains(name)), "{names:?}");
    let others: Vec<_> = names.iter().filter(|name| !given.contains(name) && own.contains_key(**name)).collect();
    assert!(others.is_empty(), "the sandbox inherits {others:?}");
    let secret = |name: &&str| name.starts_with("AWS_") || name.starts_with("MAESTRO_") || name.contains("TOKEN");
    assert_eq!(names.iter().copied().find(secret), None);
}
