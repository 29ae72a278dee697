//! What roles may do is what functions were seen to do, or has a reason.

use crate::{
    faults::{held, queue},
    jobs::hurry,
    patience::wait_for,
    runs::{Remote, library},
    stack::{NAME, clients, folder},
    workers::raced,
    workflows::{self, hosts_that_the_operator_allowed},
};
use maestro_aws::executions::Standing;
use maestro_domain::{
    ContentHash, Grant, JobSpec, JobState, Limit, RunId, RunStatus, TenantId, Waiter,
    job::{Action, Limits, bounds::MOST},
};
use maestro_tests::{example, template::Template};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Why a function may do what it was not seen to do here.
struct Unseen {
    /// Whose names begin so.
    whose: &'static [&'static str],
    action: &'static str,
    /// Who was seen to do it for the same reason; nobody where none of these ever does it here.
    like: Option<&'static str>,
    why: &'static str,
}

const fn nobody(whose: &'static [&'static str], action: &'static str, why: &'static str) -> Unseen {
    Unseen { whose, action, like: None, why }
}

const fn like(one: &'static str, whose: &'static [&'static str], action: &'static str, why: &'static str) -> Unseen {
    Unseen { whose, action, like: Some(one), why }
}

const WORKERS: &[&str] = &["persona-", "verify", "node"];
const OF_EPICS: &[&str] = &["persona-", "verify"];
/// The emulator fetches and deletes messages in its own name, Lambda in the function's.
const FETCHED: &str = "Lambda fetches and deletes messages in the function's name; the emulator does so in its own";
const ENDED: &str = "only where the end of an execution was not heard of; what follows is what `settle` does";

const UNSEEN: &[Unseen] = &[
    nobody(&["persona-", "node"], "bedrock:InvokeModelWithResponseStream", "models of Bedrock are not on emulators"),
    like(
        "settle",
        &["node"],
        "dynamodb:DeleteItem",
        "only where the end of an execution was not heard of, or what is inside a run is undone with it",
    ),
    like("settle", &["node-sweep"], "sqs:GetQueueUrl", ENDED),
    like("settle", &["node-sweep"], "sqs:SendMessage", ENDED),
    like("settle", &["node-sweep"], "states:StopExecution", ENDED),
    nobody(&["phase-"], "dynamodb:Query", "the plan of a second attempt reads what the gate of the first one found"),
    like("publish", &["persona-", "phase-"], "events:PutEvents", "the bus is told of their failures only"),
    like("referee-sweep", &["referee-done"], "events:PutEvents", "the bus is told of refused reports only"),
    like("verify", &["node"], "events:PutEvents", "only nodes that are scripts ask for jobs"),
    like(
        "gate",
        &["intake", "phase-", "settle"],
        "s3:GetObject",
        "what is longer than 32 KiB is in the bucket, not in its row",
    ),
    like(
        "gate",
        &["persona-requirements_analyst"],
        "s3:GetObject",
        "it reads its own work when it is asked for rework",
    ),
    nobody(&[""], "s3:ListBucket", "it is never called; without it S3 answers 403 where it would answer 404"),
    nobody(
        &["compensate", "gate", "intake", "phase-", "referee-done", "referee-sweep"],
        "s3:PutObject",
        "an event or a result of more than 32 KiB goes into the bucket, not into its row",
    ),
    nobody(&["persona-"], "secretsmanager:GetSecretValue", "only where the stack was given keys of providers"),
    like(
        "persona-requirements_analyst",
        WORKERS,
        "sqs:ChangeMessageVisibility",
        "for a message that meets somebody at work",
    ),
    nobody(&[""], "sqs:DeleteMessage", FETCHED),
    nobody(&[""], "sqs:GetQueueAttributes", FETCHED),
    like("persona-requirements_analyst", OF_EPICS, "sqs:GetQueueUrl", "as `sqs:ChangeMessageVisibility`"),
    nobody(&[""], "sqs:ReceiveMessage", FETCHED),
    nobody(OF_EPICS, "sqs:SendMessage", "for a task that is handed on before its function's time is up"),
    like("dead-letters", OF_EPICS, "states:SendTaskFailure", "only work that fails is answered so"),
    like(
        "verify",
        &["persona-"],
        "states:SendTaskHeartbeat",
        "only who waits for a job or hands on gives a sign of life",
    ),
    nobody(
        &["dead-letters"],
        "states:SendTaskSuccess",
        "only a node that was complete before its message was given up is answered so",
    ),
];

impl Unseen {
    fn covers(&self, function: &str, action: &str) -> bool {
        self.action == action && self.whose.iter().any(|whose| function.starts_with(whose))
    }
}

/// What each function of the deployed stack was seen to do.
fn seen() -> BTreeMap<String, BTreeSet<String>> {
    let mut seen: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in std::fs::read_to_string(folder().calls()).unwrap().lines() {
        // The server may be in the middle of a line.
        let Ok(call) = serde_json::from_str::<Value>(line) else { continue };
        let session = call["principal"].as_str().unwrap().rsplit('/').next().unwrap();
        if let Some(function) = session.strip_prefix(NAME).and_then(|rest| rest.strip_prefix('-')) {
            seen.entry(function.to_owned()).or_default().insert(call["action"].as_str().unwrap().to_owned());
        }
    }
    seen
}

/// A run whose statements are not those of its text: intake refuses it, and what it had put in place is taken back.
async fn compensated(remote: &Remote) -> RunId {
    let (store, bytes) = (remote.bed.hive.store(), example("epics/tool-library.md"));
    let mut run = store.run(&remote.bed.create(&bytes).await.unwrap()).await.unwrap().run;
    let mut epic = store.epic(&run.id).await.unwrap();
    epic.statements.pop();
    run.id = RunId::new(format!("{}-odd", run.id)).unwrap();
    store
        .create_run(&run, &epic, &bytes, &Grant { amount: Limit::NONE, by: "test".to_owned(), at_ms: 0 })
        .await
        .unwrap();
    let (tenant, files) = (TenantId::local(), BTreeMap::from([("a".to_owned(), vec![])]));
    maestro_ports::Deliverables::publish(&remote.deliverables, &tenant, &run, files).await.unwrap();
    let input = json!({"run": run.id, "on_failure": "compensate"});
    let execution = remote.executions.start(run.id.as_str(), &input).await.unwrap();
    let standing = remote.end(&execution).await;
    assert!(matches!(&standing, Standing::Ended { error, .. } if error == "Maestro.BadOutput"), "{standing:?}");
    assert_eq!(store.run(&run.id).await.unwrap().run.status, RunStatus::Failed);
    assert_eq!(remote.deliverables.fetch(&tenant, &run).await.unwrap(), None, "it was taken back");
    run.id
}

/// A run whose execution is stopped by somebody who is no part of it.
async fn aborted(remote: &Remote) {
    let run = remote.bed.create(&example("epics/court-booking.md")).await.unwrap();
    let execution = remote.start(&run).await;
    remote.executions.stop(&execution, "Operator", "it was stopped by hand").await.unwrap();
    wait_for("that a run with a stopped execution ended", async || {
        let run = remote.bed.hive.store().run(&run).await.unwrap().run;
        (run.status == RunStatus::Cancelled).then_some(())
    })
    .await;
}

/// A job whose files are gone, so that no referee can run it: sweeps ask for it again, and at last give it up.
async fn given_up(remote: &Remote) {
    let (store, clients) = (remote.bed.hive.store(), clients().await.unwrap());
    let run = remote.bed.create(&example("epics/court-booking.md")).await.unwrap();
    let task = json!({"run": run, "phase": "requirements", "attempt": 1});
    let waiter = Waiter {
        queue: format!("arn:aws:sqs:us-east-1:000000000000:{NAME}-verify"),
        message: json!({"task": task, "token": "a token of nobody"}).to_string(),
        jobs: vec![],
    };
    let spec = JobSpec {
        name: "requirements/nothing".into(),
        action: Action::Command { argv: vec!["true".into()] },
        env: [].into(),
        limits: Limits::default(),
        files: [("gone".into(), ContentHash::of(b"gone"))].into(),
    };
    store.ask_job(&run, &spec, &ContentHash::of(b"gone"), &waiter, 0).await.unwrap();
    for asked in (2..=MOST).map(Some).chain([None]) {
        hurry(&clients, NAME, "referee-sweep", 0).await;
        wait_for("that a lost job is looked after", async || {
            let now = match store.job(&run, &spec.id()).await.unwrap().unwrap().state {
                JobState::Requested { asked, .. } => Some(asked),
                JobState::Done { .. } | JobState::Failed { .. } => None,
            };
            (now == asked).then_some(())
        })
        .await;
    }
    // A job is closed once all who waited for it were told.
    wait_for("that who waits is told", async || {
        store.open_jobs(Some(&run), None, 1).await.unwrap().is_empty().then_some(())
    })
    .await;
}

/// A dead letter of a run that nobody waits for any more.
async fn dead_letter(run: &RunId) {
    let sqs = clients().await.unwrap().sqs;
    let dead = queue(&sqs, &format!("{NAME}-verify-dead-letters")).await;
    let task = json!({"run": run, "phase": "testing", "attempt": 1});
    let body = json!({"task": task, "token": "a token of somebody else"}).to_string();
    sqs.send_message().queue_url(&dead).message_body(body).send().await.unwrap();
    wait_for("a dead letter that is read", async || (held(&sqs, &dead).await == 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_may_do_what_functions_do_and_what_has_a_reason() {
    let Some(remote) = Remote::new().await else { return };
    library(&remote).await;
    given_up(&remote).await;
    dead_letter(&compensated(&remote).await).await;
    aborted(&remote).await;
    workflows::undone().await;
    workflows::given_up().await;
    workflows::forgotten().await;
    workflows::left_inside().await;

    workflows::functions_called().await;
    hosts_that_the_operator_allowed().await;
    raced(&remote).await;

    let template = Template::read();
    let (seen, mut wrong) = (seen(), Vec::new());
    let did = |function: &str, action: &str| seen.get(function).is_some_and(|done| done.contains(action));
    let mut may = BTreeSet::new();
    for (name, function) in template.functions() {
        assert!(seen.contains_key(name), "nobody saw `{name}` work");
        let actions = Template::statements(function).into_iter().flat_map(|statement| statement.actions);
        may.extend(actions.map(|action| (name, action)));
    }
    for (name, action) in &may {
        let reasons = UNSEEN.iter().filter(|unseen| unseen.covers(name, action)).count();
        if reasons > 1 || !(did(name, action) || reasons == 1) {
            wrong.push(format!("{name} may {action}, for which there are {reasons} reasons"));
        }
    }
    for unseen in UNSEEN {
        let Unseen { whose, action, why, .. } = unseen;
        for whose in *whose {
            if !may.iter().any(|(name, may)| name.starts_with(whose) && may == action) {
                wrong.push(format!("a reason for what nobody may do: {whose} {action}, {why}"));
            }
        }
        match unseen.like {
            Some(one) if !did(one, action) => wrong.push(format!("{one} was not seen to do {action}: {why}")),
            Some(_) => {}
            None => {
                let outdated = may.iter().filter(|(name, action)| unseen.covers(name, action) && did(name, action));
                wrong.extend(outdated.map(|(name, action)| format!("{name} does {action} after all: {why}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
