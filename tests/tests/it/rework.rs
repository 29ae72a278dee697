//! What gates refuse goes back to whoever made it, with what they made; what they do not mend is a person's to decide.

use crate::{
    jobs::referee,
    meddled::{Meddled, without_rule},
    scenarios::SMALL,
};
use async_trait::async_trait;
use maestro_blueprint::Blueprint;
use maestro_domain::{Decision, Phase, RunId, RunStatus};
use maestro_ports::{
    Model,
    model::{Error, Message, Progress, Quote, Reply, Request, ToolCall},
};
use maestro_sdlc::lifecycle;
use maestro_tests::Bed;
use serde_json::json;
use std::sync::{Arc, Mutex};

fn bed(model: Arc<dyn Model>) -> Bed {
    Bed::asking(model, referee())
}

async fn gates(bed: &Bed, run: &RunId, phase: Phase) -> Vec<Decision> {
    let gates = bed.hive.store().gates(run).await.unwrap();
    gates.into_iter().filter(|gate| gate.phase == phase).map(|gate| gate.decision).collect()
}

fn opening(request: &Request) -> &str {
    match &request.messages[0] {
        Message::User { text } => text,
        other => panic!("{other:?}"),
    }
}

/// An analyst who drops a statement. Sent back, it looks at what it handed over, and hands over the whole.
#[derive(Default)]
struct Forgetful(Mutex<Vec<Request>>);

#[async_trait]
impl Model for Forgetful {
    fn name(&self) -> &str {
        "forgetful"
    }
    fn answer_limit(&self) -> usize {
        Blueprint.answer_limit()
    }

    fn quote(&self, request: &Request) -> Result<Quote, Error> {
        Blueprint.quote(request)
    }

    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error> {
        if request.persona != "requirements_analyst" {
            return Blueprint.complete(request, progress).await;
        }
        if !opening(request).contains("finding of the last gate") {
            let mut reply = Blueprint.complete(request, progress).await?;
            for call in reply.calls.iter_mut().filter(|call| call.name == "submit_work") {
                call.arguments["document"]["items"].as_array_mut().unwrap().pop();
            }
            return Ok(reply);
        }
        if request.messages.len() == 1 {
            let call = |id: &str, name: &str, arguments| ToolCall { id: id.into(), name: name.into(), arguments };
            let calls = vec![
                call("own", "read_artifact", json!({"kind": "requirements"})),
                call("files", "list_files", json!({})),
            ];
            return Ok(Reply { calls, ..Reply::default() });
        }
        self.0.lock().unwrap().push(request.clone());
        // The author of the house goes on as if it had not looked.
        let mut rest = request.clone();
        rest.messages.drain(1..4);
        Blueprint.complete(&rest, progress).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reworks_sees_what_it_made_and_what_is_wrong_with_it() {
    let model = Arc::new(Forgetful::default());
    let bed = bed(model.clone());
    let run = bed.create(SMALL).await.unwrap();
    let (ended, _) = bed.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    assert_eq!(gates(&bed, &run, Phase::Requirements).await, [Decision::Rework, Decision::Advance]);

    let seen = model.0.lock().unwrap();
    let told = opening(&seen[0]);
    assert!(told.contains("(every_statement_has_a_requirement): `AC-1.2` was dropped"), "{told}");
    assert!(told.contains("your work of the attempt before"), "{told}");
    let answer = |id: &str| {
        let found = seen[0].messages.iter().find_map(|message| match message {
            Message::Tool { call, result, error: false } if call == id => Some(result),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{:?}", seen[0].messages))
    };
    let own = answer("own");
    let epic = maestro_epic::read(SMALL, "epic").unwrap();
    let traced = epic.statements.iter().filter(|statement| statement.kind.traced()).count();
    assert_eq!(
        own["document"]["items"].as_array().unwrap().len(),
        traced - 1,
        "what it handed over, not what it should"
    );
    let files = own["files"].as_array().unwrap();
    assert!(!files.is_empty());
    for file in files {
        assert!(answer("files").to_string().contains(file.as_str().unwrap()), "its files lie where it wrote them");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_that_tests_show_goes_back_to_whoever_built_it() {
    let epic = maestro_epic::read(SMALL, "epic").unwrap();
    let model = maestro_reader::read(&epic).concepts;
    let proven = |rule: &&maestro_artifacts::Rule| rule.sources.iter().any(|id| id.as_str() == "AC-1.2");
    let rule = model.rules.iter().find(proven).unwrap().id.clone();
    let author = Meddled(move |request: &Request, calls: &mut Vec<ToolCall>| {
        let told = opening(request);
        if request.persona == "backend_developer" && !told.contains("did not pass") {
            assert!(told.starts_with("phase: implementation"), "{told}");
            without_rule(calls, &model, &rule);
        }
    });
    let bed = bed(Arc::new(author));
    let run = bed.create(SMALL).await.unwrap();
    let (ended, _) = bed.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    assert_eq!(gates(&bed, &run, Phase::Implementation).await, [Decision::Advance]);
    assert_eq!(gates(&bed, &run, Phase::Testing).await, [Decision::Rework, Decision::Advance]);
    let store = bed.hive.store();
    let tasks = store.tasks(&run).await.unwrap();
    assert!(tasks.iter().any(|row| row.task.as_str() == "testing/backend_developer"), "{tasks:?}");
    // What was mended is judged by what was asked of it first, and is what is delivered.
    let last = store.gates(&run).await.unwrap().into_iter().rfind(|gate| gate.phase == Phase::Testing).unwrap();
    assert!(last.checks.iter().any(|check| check == "it_builds"), "{:?}", last.checks);
    let evidence = store.evidence(&run).await.unwrap();
    assert!(evidence.iter().any(|one| one.job == "testing/build" && one.success()));
    let artifacts = store.artifacts(&run).await.unwrap();
    let mended =
        artifacts.iter().find(|one| one.artifact.phase == Phase::Testing && one.artifact.kind.id() == "backend");
    for (path, bytes) in store.read_files(&run, &mended.unwrap().artifact).await.unwrap() {
        assert_eq!(std::fs::read(bed.out().join(&path)).unwrap(), bytes, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_mended_is_a_persons_to_decide() {
    const WORD: &str = "Keep every statement of the epic.";
    let author = Meddled(|request: &Request, calls: &mut Vec<ToolCall>| {
        if request.persona == "requirements_analyst" && !opening(request).contains(WORD) {
            for call in calls.iter_mut().filter(|call| call.name == "submit_work") {
                call.arguments["document"]["items"].as_array_mut().unwrap().pop();
            }
        }
    });
    let bed = bed(Arc::new(author));
    let (store, run) = (bed.hive.store(), bed.create(SMALL).await.unwrap());
    let early = lifecycle::rework(store, &run, "ada", None, 1).await.unwrap_err();
    assert!(early.to_string().contains("no gate of it waits"), "{early}");

    let (ended, _) = bed.execute(&run).await.unwrap();
    let reason = ended.run.reason.unwrap();
    assert_eq!((ended.run.status, reason.code.as_str()), (RunStatus::Blocked, "needs_person"));
    assert!(reason.message.contains("`AC-1.2` was dropped"), "{reason:?}");

    // A round that changes nothing comes to the same; one alone can be open.
    lifecycle::rework(store, &run, "ada", None, 1).await.unwrap();
    let twice = lifecycle::rework(store, &run, "ada", None, 1).await.unwrap_err();
    assert!(twice.to_string().contains("has not used yet"), "{twice}");
    bed.hive.resume(&run).await.unwrap();
    assert_eq!(bed.execute(&run).await.unwrap().0.run.status, RunStatus::Blocked);
    use Decision::{Advance, Blocked, Rework};
    assert_eq!(gates(&bed, &run, Phase::Requirements).await, [Rework, Rework, Blocked]);

    lifecycle::rework(store, &run, "grace", Some(WORD), 2).await.unwrap();
    bed.hive.resume(&run).await.unwrap();
    let (ended, _) = bed.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    assert_eq!(gates(&bed, &run, Phase::Requirements).await, [Rework, Rework, Rework, Advance]);
    let rounds = store.run(&run).await.unwrap().run.rounds;
    assert_eq!(rounds.iter().map(|round| round.by.as_str()).collect::<Vec<_>>(), ["ada", "grace"]);
}
