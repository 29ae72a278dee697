//! Whole runs on the deployed stack end with the record that the embedded engine ends with.

use crate::{
    patience::wait_for,
    stack::{clients, deployed},
};
use maestro_aws::{DynamoTable, Executions, S3Blobs, S3Deliverables, executions::Standing};
use maestro_blueprint::Blueprint;
use maestro_domain::{Event, PersonaId, Phase, Run, RunId, RunStatus, TenantId};
use maestro_sdlc::record::canonical;
use maestro_stack::Outputs;
use maestro_tests::{
    Bed,
    compare::{Left, differences, files},
    example, real_referee,
};
use serde_json::json;
use std::{collections::BTreeSet, sync::Arc};
use tokio::sync::OnceCell;

/// A hive whose store is the stack's, and the machine that works on its runs.
pub(crate) struct Remote {
    pub(crate) bed: Bed,
    pub(crate) executions: Executions,
    pub(crate) deliverables: S3Deliverables,
}

impl Remote {
    pub(crate) async fn new() -> Option<Self> {
        Self::of(deployed().await?).await
    }

    pub(crate) async fn of(outputs: &Outputs) -> Option<Self> {
        let clients = clients().await?;
        let table = DynamoTable::new(clients.dynamodb, &outputs["TableName"]);
        let blobs = S3Blobs::new(clients.s3.clone(), &outputs["BucketName"]);
        let bed = Bed::with(Arc::new(Blueprint), referee(), Arc::new(table), Arc::new(blobs));
        let executions = Executions::new(clients.sfn, &outputs["SdlcStateMachineArn"]);
        let deliverables = S3Deliverables::new(clients.s3, &outputs["BucketName"]);
        Some(Self { bed, executions, deliverables })
    }

    /// Lets the stack begin to work on a run.
    pub(crate) async fn start(&self, run: &RunId) -> String {
        let name = self.bed.hive.store().run(run).await.unwrap().run.execution_name();
        self.executions.start(&name, &json!({"run": run, "on_failure": "keep"})).await.unwrap()
    }

    /// A run of an example, from its beginning to its end.
    async fn whole(&self, name: &str) -> (RunId, Standing) {
        let run = self.bed.create(&example(name)).await.unwrap();
        let standing = self.end(&self.start(&run).await).await;
        (run, standing)
    }

    /// Waits until an execution has ended.
    pub(crate) async fn end(&self, execution: &str) -> Standing {
        wait_for("the end of an execution", async || {
            let standing = self.executions.standing(execution).await.unwrap();
            (standing != Standing::Running).then_some(standing)
        })
        .await
    }
}

pub(crate) fn referee() -> Arc<maestro_sandbox::LocalReferee> {
    let scratch = tempfile::tempdir().unwrap();
    Arc::new(real_referee(env!("CARGO_BIN_EXE_maestro-tests-referee"), &scratch.keep()))
}

/// The same epic on this machine's engine.
pub(crate) async fn embedded(epic: &[u8]) -> (Run, Left) {
    let bed = Bed::new(referee());
    let run = bed.create(epic).await.unwrap();
    let (ended, _) = bed.execute(&run).await.unwrap();
    let record = canonical(bed.hive.store(), &run).await.unwrap();
    (ended.run, Left { record, files: files(&bed.out()) })
}

const LIBRARY: &str = "epics/tool-library.md";

/// A run of the deployed stack that has ended well, for all tests that look at one.
pub(crate) async fn library(remote: &Remote) -> (RunId, Standing) {
    static ENDED: OnceCell<(RunId, Standing)> = OnceCell::const_new();
    ENDED.get_or_init(|| remote.whole(LIBRARY)).await.clone()
}

/// Each artifact says which call of its persona's function made it; a whole run shows all sixteen functions.
async fn made_by_functions(remote: &Remote, run: &RunId, ended: RunStatus) {
    let store = remote.bed.hive.store();
    for stored in store.artifacts(run).await.unwrap() {
        let made_by = stored.made_by.unwrap();
        let persona = stored.artifact.kind.author();
        assert!(made_by.function.ends_with(&format!("-persona-{persona}")), "{made_by:?}");
        assert!(!made_by.request.is_empty());
    }
    let tasks = store.tasks(run).await.unwrap();
    let functions: BTreeSet<_> = tasks.into_iter().filter_map(|row| row.made_by.map(|by| by.function)).collect();
    let phases_and_personas =
        functions.iter().filter(|name| name.contains("-phase-") || name.contains("-persona-")).count();
    if ended == RunStatus::Ok {
        assert_eq!(phases_and_personas, Phase::ALL.len() + PersonaId::ALL.len(), "{functions:?}");
    }
}

async fn same_on_both(example_name: &str, ends: RunStatus) {
    let epic = example(example_name);
    let Some(remote) = Remote::new().await else { return };
    let (run, standing) =
        if example_name == LIBRARY { library(&remote).await } else { remote.whole(example_name).await };
    let ended = remote.bed.hive.store().run(&run).await.unwrap().run;
    assert_eq!(ended.status, ends, "{standing:?}: {:?}", ended.reason);
    assert_eq!(standing == Standing::Succeeded, ends == RunStatus::Ok, "{standing:?}");

    let (there, left) = embedded(&epic).await;
    assert_eq!((there.status, &there.reason), (ended.status, &ended.reason));
    made_by_functions(&remote, &run, ends).await;

    let record = canonical(remote.bed.hive.store(), &run).await.unwrap();
    let files = remote.deliverables.fetch(&TenantId::local(), &ended).await.unwrap().unwrap();
    assert_eq!(differences(&left, &Left { record, files }), BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epic_becomes_the_same_software_on_both_engines() {
    same_on_both(LIBRARY, RunStatus::Ok).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epic_that_needs_a_model_is_blocked_alike() {
    same_on_both("blocked/club-news.md", RunStatus::Blocked).await;
}

/// Names of tasks that were claimed, and of those that were completed, as often as they were.
async fn tasks(remote: &Remote, run: &RunId) -> (Vec<String>, Vec<String>) {
    let (mut started, mut finished) = (Vec::new(), Vec::new());
    let mut after = 0;
    loop {
        let page = remote.bed.hive.store().events(run, after, 100).await.unwrap();
        let Some(last) = page.last() else { return (started, finished) };
        after = last.sequence;
        for entry in &page {
            match serde_json::from_value(entry.event["event"].clone()) {
                Ok(Event::TaskStarted { task, .. }) => started.push(task.to_string()),
                Ok(Event::TaskFinished { task, reused: false, .. }) => finished.push(task.to_string()),
                _ => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_goes_on_and_pays_for_nothing_twice() {
    let Some(remote) = Remote::new().await else { return };
    let epic = example("epics/court-booking.md");
    let run = remote.bed.create(&epic).await.unwrap();
    let execution = remote.start(&run).await;
    // Some phases are done then, some are not.
    wait_for("work on the tests", async || {
        tasks(&remote, &run).await.0.iter().any(|task| task == "testing/qa_engineer").then_some(())
    })
    .await;
    remote.executions.stop(&execution, "Maestro.Cancelled", "a test").await.unwrap();
    assert!(matches!(remote.end(&execution).await, Standing::Ended { .. }));
    // Nobody watched; the stack itself writes down that the run was cancelled.
    wait_for("the end of a run whose execution was stopped", async || {
        let run = remote.bed.hive.store().run(&run).await.unwrap().run;
        (run.status == RunStatus::Cancelled).then_some(())
    })
    .await;
    let (before, done) = tasks(&remote, &run).await;
    assert!(!done.is_empty());

    remote.bed.hive.resume(&run).await.unwrap();
    assert_eq!(remote.end(&remote.start(&run).await).await, Standing::Succeeded);
    let (_, left) = embedded(&epic).await;
    assert_eq!(canonical(remote.bed.hive.store(), &run).await.unwrap(), left.record);

    let (after, _) = tasks(&remote, &run).await;
    let later: BTreeSet<_> = after.iter().skip(before.len()).collect();
    let twice: Vec<_> = done.iter().filter(|task| later.contains(task)).collect();
    assert!(twice.is_empty(), "done twice: {twice:?}");
    assert!(later.contains(&"deployment/gate".to_owned()), "there was something left to do");
}
