//! Runs of each scope: only its team works, and what proves the epic's statements is never left out.

use crate::{HELPER, emptied::emptied, meddled::Meddled, scenarios::SMALL};
use maestro_domain::{Decision, Event, Phase, RunId, RunStatus, TraceStatus};
use maestro_ports::{
    Model,
    model::{Request, ToolCall},
};
use maestro_sdlc::{left_out, lifecycle::DEFAULT_BUDGET, record};
use maestro_store::{MemoryBlobs, MemoryTable};
use maestro_tests::{Bed, real_referee};
use maestro_workflow::Scope;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};
use tokio::sync::{mpsc, oneshot};

fn bed_of(model: impl Model + 'static) -> Bed {
    let referee = Arc::new(real_referee(HELPER, &tempfile::tempdir().unwrap().keep()));
    Bed::with(Arc::new(model), referee, Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()))
}

fn bed() -> Bed {
    bed_of(maestro_blueprint::Blueprint)
}

async fn create(bed: &Bed, scope: &str) -> RunId {
    bed.create_in(scope, SMALL, DEFAULT_BUDGET).await.unwrap()
}

/// Phase and persona of all tasks that began.
fn worked(events: &[Event]) -> BTreeSet<String> {
    let tasks = events.iter().filter_map(|event| match event {
        Event::TaskStarted { task, .. } => Some(task.as_str()),
        _ => None,
    });
    let persona =
        |task: &&str| task.split_once('/').is_some_and(|(_, who)| maestro_domain::PersonaId::from_id(who).is_some());
    tasks.filter(persona).map(str::to_owned).collect()
}

fn planned(scope: &Scope) -> BTreeSet<String> {
    let of = |phase: Phase| scope.team(phase).into_iter().map(move |persona| format!("{phase}/{persona}"));
    Phase::ALL.into_iter().flat_map(of).collect()
}

fn words(argv: &Value) -> Vec<&str> {
    argv.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

/// What the deliverable says of itself is true: it starts, stops when it is told to, and its tests pass.
fn starts_and_tests(out: &Path, manifest: &Value) {
    let command = |argv: &Value| {
        let words = words(argv);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(out).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let variable = manifest["port_env"].as_str().unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut start = command(&manifest["start"]);
    start.env(variable, port.to_string()).env("DATA_DIR", data.path()).stdout(Stdio::piped());
    let mut service = start.spawn().unwrap();
    // Its first line says that it listens.
    let mut told = BufReader::new(service.stdout.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    let answers = TcpStream::connect(("127.0.0.1", port)).is_ok();
    kill(Pid::from_raw(i32::try_from(service.id()).unwrap()), Signal::SIGTERM).unwrap();
    let ended = service.wait().unwrap();
    assert!(answers && ended.success(), "answers: {answers}, {ended}");
    let tested = command(&manifest["test"]).output().unwrap();
    let told = String::from_utf8_lossy(&tested.stderr);
    assert!(tested.status.success() && !told.contains("Ran 0 tests"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_scopes_team_works_and_every_statement_is_proven() {
    for scope in Scope::all().unwrap() {
        let (bed, name) = (bed(), &scope.name);
        let run = create(&bed, name).await;
        let (ended, events) = bed.execute(&run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Ok, "{name}: {:?}", ended.run.reason);
        assert_eq!(ended.run.scope, *name);
        assert_eq!(worked(&events), planned(scope), "{name}");

        let store = bed.hive.store();
        let rows = record::trace(store, &ended.run).await.unwrap();
        assert!(rows.iter().all(|row| row.status == TraceStatus::Ok), "{name}: {rows:?}");
        let criteria = rows.iter().filter(|row| row.id.starts_with("AC-"));
        assert!(criteria.clone().count() > 0);
        assert!(criteria.clone().all(|row| !row.tests.is_empty() && !row.evidence.is_empty()), "{name}: {rows:?}");

        let gates = store.gates(&run).await.unwrap();
        assert_eq!(gates.iter().map(|gate| gate.phase).collect::<Vec<_>>(), Phase::ALL, "{name}");
        for gate in &gates {
            assert_eq!(gate.decision, Decision::Advance, "{name}: {gate:?}");
            assert_eq!(
                gate.checks == ["left_out_by_the_scope"],
                scope.waves(gate.phase).is_empty(),
                "{name}: {gate:?}"
            );
        }
        let tested = &gates.iter().find(|gate| gate.phase == Phase::Testing).unwrap().checks;
        for check in [
            "planned_tests_ran_and_passed",
            "tests_prove_something",
            "every_statement_is_proven",
            "security_is_checked",
        ] {
            assert!(tested.iter().any(|one| one == check), "{name} does not ask for {check}");
        }

        let manifest: Value = serde_json::from_slice(&std::fs::read(bed.out().join("maestro.json")).unwrap()).unwrap();
        assert_eq!(manifest["scope"], **name);
        let told = manifest["left_out"].as_array().unwrap().iter();
        let told: Vec<_> = told.map(|task| (task["phase"].clone(), task["persona"].clone())).collect();
        let left =
            left_out(scope).unwrap().into_iter().map(|(phase, persona)| (phase.id().into(), persona.id().into()));
        assert_eq!(told, left.collect::<Vec<_>>(), "{name}");
        starts_and_tests(&bed.out(), &manifest);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resumed_run_keeps_its_scope() {
    let whole = bed();
    let run = create(&whole, "poc").await;
    whole.execute(&run).await.unwrap();
    let expected = record::canonical(whole.hive.store(), &run).await.unwrap().to_string();

    let bed = bed();
    let run = create(&bed, "poc").await;
    let (tell, mut told) = mpsc::unbounded_channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let stop_in_design = async {
        let mut stop = Some(stop);
        let mut events = Vec::new();
        while let Some(event) = told.recv().await {
            if matches!(event, Event::PhaseStarted { phase: Phase::Design, .. }) {
                stop.take().map(|stop| stop.send(()));
            }
            events.push(event);
        }
        events
    };
    let stop: maestro_embedded::Stop<'_> = Box::pin(async {
        let _ended_or_told = stopped.await;
    });
    let (ended, before) = tokio::join!(bed.hive.execute(&run, false, Some(tell), stop), stop_in_design);
    assert_eq!(ended.unwrap().run.status, RunStatus::Cancelled);

    assert_eq!(bed.hive.resume(&run).await.unwrap().scope, "poc");
    let (ended, after) = bed.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let worked = worked(&[before, after].concat());
    assert_eq!(worked, planned(Scope::find("poc").unwrap()));
    assert_eq!(record::canonical(bed.hive.store(), &run).await.unwrap().to_string(), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_smallest_team_owes_is_missed_when_it_is_empty() {
    let scope = Scope::find("poc").unwrap();
    for persona in Phase::ALL.into_iter().flat_map(|phase| scope.team(phase)) {
        let bed = bed_of(Meddled(emptied(persona)));
        let run = create(&bed, "poc").await;
        let (ended, _) = bed.execute(&run).await.unwrap();
        assert_ne!(ended.run.status, RunStatus::Ok, "nobody missed the {persona}");
        let gates = bed.hive.store().gates(&run).await.unwrap();
        let refused = gates.iter().find(|gate| gate.decision != Decision::Advance);
        assert!(refused.is_some_and(|gate| !gate.findings.is_empty()), "no gate missed the {persona}: {:?}", ended.run);
    }
}

/// Runs the epic in both scopes in which everybody works, with a model that is meddled with, and tells how they ended.
async fn feature_and_enterprise(
    meddle: impl Fn(&Request, &mut Vec<ToolCall>) + Send + Sync + Clone + 'static,
) -> [(RunStatus, Vec<String>); 2] {
    let mut ended = Vec::new();
    for scope in ["feature", "enterprise"] {
        let bed = bed_of(Meddled(meddle.clone()));
        let run = create(&bed, scope).await;
        let (end, _) = bed.execute(&run).await.unwrap();
        let last = bed.hive.store().gates(&run).await.unwrap().pop().unwrap();
        let findings = last.findings.into_iter().map(|finding| format!("{}: {}", finding.check, finding.message));
        ended.push((end.run.status, findings.collect()));
    }
    ended.try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enterprise_is_stopped_by_findings_that_a_feature_lives_with() {
    let [feature, enterprise] = feature_and_enterprise(|asked, calls| {
        for call in calls.iter_mut().filter(|call| asked.persona == "security_specialist" && call.name == "submit_work") {
            let finding = serde_json::json!({
                "check": "code", "severity": "medium", "file": "service/model.py", "line": 1, "message": "it says too much",
            });
            call.arguments["document"]["findings"].as_array_mut().unwrap().push(finding);
        }
    })
    .await;
    assert_eq!(feature, (RunStatus::Ok, vec![]));
    assert_ne!(enterprise.0, RunStatus::Ok);
    assert_eq!(enterprise.1, ["security_is_checked: service/model.py:1: it says too much"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enterprise_has_a_page_for_every_statement() {
    let [feature, enterprise] = feature_and_enterprise(|asked, calls| {
        for call in calls.iter_mut().filter(|_| asked.persona == "technical_writer") {
            match &*call.name {
                "write_file" => {
                    let text = call.arguments["content"].as_str().unwrap().replace("AC-1.1", "that");
                    call.arguments["content"] = text.into();
                }
                "submit_work" => {
                    let explains = call.arguments["document"]["explains"].as_array_mut().unwrap();
                    explains.retain(|id| id != "AC-1.1");
                }
                _ => {}
            }
        }
    })
    .await;
    assert_eq!(feature, (RunStatus::Ok, vec![]));
    assert_ne!(enterprise.0, RunStatus::Ok);
    assert_eq!(enterprise.1, ["every_statement_is_explained: no page explains `AC-1.1`"]);
}
