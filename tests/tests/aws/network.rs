//! A bad network: answers get lost, services refuse to be asked so often. Each test fails unless its fault happened.

use crate::{
    proxy::{Call, Fate, Proxy},
    runs::{embedded, referee},
    stack::{NAME, clients_of, deployed, frail, server},
};
use async_trait::async_trait;
use maestro_aws::{Bus, Clients, DynamoTable, Endpoint, Executions, Queues, S3Blobs, Tokens, deployment};
use maestro_blueprint::Blueprint;
use maestro_domain::{Event, RunId, RunStatus, TenantId};
use maestro_models::{Lambda, SecretsManager, Surroundings};
use maestro_ports::{
    Blobs, Clock, Events, Functions as _, Queue, Secret, Secrets as _, Table, TaskTokens, Timer,
    table::{Condition, Durability, Error, Item, Key, Write},
    work::Answered,
};
use maestro_sdlc::record::canonical;
use maestro_stack::Outputs;
use maestro_tests::{Bed, compare::Left, example};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

struct Still;

impl Clock for Still {
    fn now_ms(&self) -> u64 {
        1_700_000_000_000
    }
}

/// The first calls of each operation get a fate, the others pass.
fn first_of_each(many: usize, fate: impl Fn(&Call) -> Fate + Send + Sync) -> impl Fn(&Call) -> Fate + Send + Sync {
    let seen = Mutex::new(BTreeMap::<String, usize>::new());
    move |call: &Call| {
        let mut seen = seen.lock().unwrap();
        let count = seen.entry(call.name.clone()).or_default();
        *count += 1;
        if *count <= many { fate(call) } else { Fate::Passed }
    }
}

/// How each service says that it is asked too often.
fn throttled(call: &Call) -> Fate {
    let json = |kind: &str| Fate::Answered(400, json!({"__type": kind, "message": "slow down"}).to_string());
    match call.name.split('.').next().unwrap() {
        "DynamoDB" => json("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"),
        "SQS" => json("com.amazonaws.sqs#RequestThrottled"),
        "S3" => Fate::Answered(503, "<Error><Code>SlowDown</Code><Message>slow down</Message></Error>".to_owned()),
        "CloudFormation" => {
            let error = "<Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>";
            Fate::Answered(400, format!("<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"))
        }
        "Lambda" => Fate::Answered(429, json!({"Type": "User", "Reason": "CallerRateLimitExceeded"}).to_string()),
        _ => json("ThrottlingException"),
    }
}

/// Everything that calls a service, behind one proxy.
struct Adapters {
    clients: Clients,
    table: DynamoTable,
    blobs: S3Blobs,
    bus: Bus,
    executions: Executions,
    queues: Queues,
    tokens: Tokens,
}

impl Adapters {
    async fn behind(proxy: &Proxy, outputs: &Outputs) -> Self {
        let clients = clients_of(&proxy.endpoint).await;
        Self {
            table: DynamoTable::new(clients.dynamodb.clone(), &outputs["TableName"]),
            blobs: S3Blobs::new(clients.s3.clone(), &outputs["BucketName"]),
            bus: Bus::new(clients.eventbridge.clone(), &outputs["BusName"], Arc::new(Still)),
            executions: Executions::new(clients.sfn.clone(), &outputs["SdlcStateMachineArn"]),
            queues: Queues::new(clients.sqs.clone()),
            tokens: Tokens::new(clients.sfn.clone()),
            clients,
        }
    }
}

fn put(name: &str, condition: Condition) -> Write {
    let key = Key { pk: format!("T#{}#NETWORK", TenantId::local()), sk: name.to_owned() };
    Write::Put { key, item: Item::from_iter([("n".to_owned(), json!(1))]), condition }
}

/// One call of everything; each must do once what it is for.
async fn once_each(adapters: &Adapters, name: &str) {
    let (tenant, run) = (TenantId::local(), RunId::new(format!("run-{name}")).unwrap());
    let Write::Put { key, .. } = put(name, Condition::None) else { unreachable!() };
    let table: &dyn Table = &adapters.table;
    table.write(&tenant, vec![put(name, Condition::Absent)], Durability::Process).await.unwrap();
    let again = table.write(&tenant, vec![put(name, Condition::Absent)], Durability::Process).await;
    assert!(matches!(again, Err(Error::Conflict { index: 0 })), "it was written, by the first call: {again:?}");
    table.write(&tenant, vec![put(name, Condition::None)], Durability::Process).await.unwrap();
    assert!(table.get(&tenant, &key).await.unwrap().is_some());
    assert_eq!(table.query(&tenant, &key.pk, name, None, 9).await.unwrap().items.len(), 1);
    let hash = adapters.blobs.put(&tenant, &run, b"bytes").await.unwrap();
    assert_eq!(adapters.blobs.get(&tenant, &run, &hash).await.unwrap(), b"bytes");
    adapters.bus.emit(&tenant, &run, Event::RunEnded { status: RunStatus::Ok });
    adapters.bus.flush().await;
    // There is no such run, so its execution fails at once; that it is one execution is what counts.
    let input = json!({"run": run, "on_failure": "keep"});
    let started = adapters.executions.start(run.as_str(), &input).await.unwrap();
    assert_eq!(started, adapters.executions.arn(run.as_str()));
    adapters.executions.standing(&started).await.unwrap();
    let queue = adapters.clients.sqs.create_queue().queue_name(format!("network-{name}")).send().await.unwrap();
    let arn = format!("arn:aws:sqs:us-east-1:000000000000:network-{name}");
    adapters.queues.send(&arn, "a message").await.unwrap();
    assert!(queue.queue_url.is_some());
    assert_eq!(adapters.tokens.succeed("nobody's", &json!({})).await.unwrap(), Answered::Late);
    table.write(&tenant, vec![Write::Delete { key }], Durability::Process).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_no_second_write() {
    let Some(outputs) = deployed().await else { return };
    let proxy = Proxy::before(server().as_deref(), first_of_each(1, |_| Fate::AnswerLost)).await;
    let adapters = Adapters::behind(&proxy, outputs).await;
    once_each(&adapters, "lost").await;
    let calls = adapters.clients.calls.so_far();
    let tried_again: u64 = calls.values().map(|calls| calls.attempts - calls.calls).sum();
    assert!(proxy.fired() >= 10, "{} answers were lost", proxy.fired());
    assert_eq!(tried_again, proxy.fired() as u64, "each was asked for again: {calls:?}");
    // A message has no name by which a second one would be known; workers take both, and do the work once.
    let queue =
        adapters.clients.sqs.get_queue_url().queue_name("network-lost").send().await.unwrap().queue_url.unwrap();
    assert_eq!(crate::faults::held(&adapters.clients.sqs, &queue).await, 2);
}

/// The services of which one operation is needed, and what a command asks before all else.
async fn once_each_of_the_others(endpoint: &str) {
    let credentials = ("test".to_owned(), "test".to_owned());
    let given = deployment::outputs(&Endpoint::Local { url: endpoint.to_owned(), credentials }, NAME).await;
    assert!(given.unwrap().contains_key("TableName"));
    let surroundings = Surroundings {
        aws: Some(("test".into(), Secret::new("test"), None)),
        region: Some("us-east-1".into()),
        ..Surroundings::default()
    };
    let (url, timer) = (Some(endpoint), || Arc::new(SystemTimer) as Arc<dyn Timer>);
    let secrets = SecretsManager::new("nobody-made-this", &surroundings, url, timer()).unwrap();
    assert!(secrets.if_there().secret("A").await.unwrap().is_none(), "it was heard that there is none");
    let lambda = Lambda::new(&surroundings, url, timer()).unwrap();
    let swept = lambda.call(&format!("{NAME}-referee-sweep"), &json!({"patience_s": 1_000_000})).await;
    assert!(swept.unwrap()["open"].is_u64());
}

/// Waits in earnest.
struct SystemTimer;

impl Clock for SystemTimer {
    #[expect(clippy::disallowed_methods, reason = "who signs says when")]
    fn now_ms(&self) -> u64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        since.as_millis().try_into().unwrap()
    }
}

#[async_trait]
impl Timer for SystemTimer {
    async fn sleep(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

/// All services that anything here calls, but for models of Bedrock, who have tests of their own (`crates/models`), and
/// CodeBuild, which a rule of EventBridge calls.
const SERVICES: [&str; 8] =
    ["CloudFormation", "DynamoDB", "EventBridge", "Lambda", "S3", "SFN", "SQS", "SecretsManager"];

#[tokio::test(flavor = "multi_thread")]
async fn throttled_calls_of_every_service_are_tried_again() {
    let Some(outputs) = deployed().await else { return };
    let refused = Arc::new(Mutex::new(BTreeMap::<String, u64>::new()));
    let (count, fate) = (Arc::clone(&refused), first_of_each(2, throttled));
    let proxy = Proxy::before(server().as_deref(), move |call| {
        let fate = fate(call);
        if matches!(fate, Fate::Answered(..)) {
            let service = call.name.split('.').next().unwrap().to_owned();
            *count.lock().unwrap().entry(service).or_default() += 1;
        }
        fate
    })
    .await;
    let adapters = Adapters::behind(&proxy, outputs).await;
    once_each(&adapters, "throttled").await;
    once_each_of_the_others(&proxy.endpoint).await;
    let refused = refused.lock().unwrap().clone();
    assert_eq!(refused.keys().map(String::as_str).collect::<Vec<_>>(), SERVICES);
    assert!(refused.values().all(|times| *times >= 2), "{refused:?}");
    let calls = adapters.clients.calls.so_far();
    for service in ["DynamoDB", "EventBridge", "S3", "SFN", "SQS"] {
        let of = calls.iter().filter(|(operation, _)| operation.starts_with(service));
        let again: u64 = of.map(|(_, calls)| calls.attempts - calls.calls).sum();
        assert_eq!(again, refused[service], "each refusal of {service} is a try apart from its call: {calls:?}");
    }
    let queue = adapters.clients.sqs.get_queue_url().queue_name("network-throttled").send().await.unwrap();
    assert_eq!(crate::faults::held(&adapters.clients.sqs, &queue.queue_url.unwrap()).await, 1, "refused is not done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_over_a_bad_network_is_the_same_run() {
    // Where no other test hurries the sweep of jobs: it would take those of this run for lost ones of the stack.
    let Some(outputs) = frail().await else { return };
    let epic = example("epics/tool-library.md");
    // Every so many calls of writing, an answer is lost; every so many of any kind, one is refused.
    let (calls, writes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let lost = Arc::new(AtomicUsize::new(0));
    let lost_so_far = Arc::clone(&lost);
    let proxy = Proxy::before(server().as_deref(), move |call| {
        let number = calls.fetch_add(1, Ordering::SeqCst);
        if call.name == "DynamoDB.TransactWriteItems" && writes.fetch_add(1, Ordering::SeqCst) % 9 == 4 {
            lost_so_far.fetch_add(1, Ordering::SeqCst);
            return Fate::AnswerLost;
        }
        if number % 31 == 30 { throttled(call) } else { Fate::Passed }
    })
    .await;
    let adapters = Adapters::behind(&proxy, outputs).await;
    let bed = Bed::with(Arc::new(Blueprint), referee(), Arc::new(adapters.table), Arc::new(adapters.blobs));
    let run = bed.create(&epic).await.unwrap();
    let (ended, events) = bed.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let lost = lost.load(Ordering::SeqCst);
    assert!(lost >= 5 && proxy.fired() >= lost + 5, "{lost} answers were lost, {} faults in all", proxy.fired());

    let (_, Left { record, .. }) = embedded(&epic).await;
    assert_eq!(canonical(bed.hive.store(), &run).await.unwrap(), record);
    let mut done: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::TaskFinished { task, reused: false, .. } => Some(task.to_string()),
            _ => None,
        })
        .collect();
    let all = done.len();
    done.sort();
    done.dedup();
    assert_eq!(done.len(), all, "something was done twice");
}

/// A service that answers every call alike, and counts.
async fn stub(status: u16, answer: &'static str) -> (Proxy, Tokens) {
    let proxy = Proxy::before(None, move |_| Fate::Answered(status, answer.to_owned())).await;
    let tokens = Tokens::new(clients_of(&proxy.endpoint).await.sfn);
    (proxy, tokens)
}

/// What MiniStack does not do: Step Functions says of a token that it was answered by time, or is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_stale_token_is_late_and_no_failure() {
    for answer in [
        r#"{"__type": "com.amazonaws.swf.service.v2.model#TaskTimedOut", "message": "Task Timed Out"}"#,
        r#"{"__type": "com.amazonaws.swf.service.v2.model#InvalidToken", "message": "Invalid token"}"#,
        r#"{"__type": "com.amazonaws.swf.service.v2.model#TaskDoesNotExist", "message": "none"}"#,
    ] {
        let (proxy, tokens) = stub(400, answer).await;
        let told = [
            tokens.succeed("t", &json!({})).await.unwrap(),
            tokens.fail("t", "Maestro.Work", "why").await.unwrap(),
            tokens.heartbeat("t").await.unwrap(),
        ];
        assert_eq!(told, [Answered::Late; 3], "{answer}");
        assert_eq!(proxy.fired(), 3, "nobody asks again about what is over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_names_its_token_and_a_refusal_is_an_error() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let proxy = Proxy::before(None, move |call| {
        told.lock().unwrap().push((call.name.clone(), String::from_utf8(call.body.clone()).unwrap()));
        Fate::Answered(200, "{}".to_owned())
    })
    .await;
    let tokens = Tokens::new(clients_of(&proxy.endpoint).await.sfn);
    assert_eq!(tokens.heartbeat("the-token").await.unwrap(), Answered::Accepted);
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen, [("SFN.SendTaskHeartbeat".to_owned(), r#"{"taskToken":"the-token"}"#.to_owned())]);

    let (_proxy, tokens) = stub(400, r#"{"__type": "AccessDeniedException", "message": "no"}"#).await;
    assert!(tokens.heartbeat("t").await.unwrap_err().to_string().contains("AccessDenied"));
}
