//! Random graphs on the stack: they complete, take few transitions, and little else than the calls themselves takes time.

use crate::{
    flows::{Place, create_table},
    proxy::{Call, Fate, Proxy},
    stack::{clients_of, server},
};
use maestro_aws::{Executions, executions::Standing};
use maestro_flows::Flow;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
};

/// Longer than the largest graph takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(1_800);

/// Workers at once.
const WORKERS: usize = 4;

/// Nodes that depend on up to three of the thirty before them.
fn random(nodes: usize, mut seed: u64) -> String {
    let mut below = |most: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % most as u64) as usize
    };
    let mut text = format!("dag_id: random-{nodes}\nnodes:\n");
    for node in 0..nodes {
        let mut before: Vec<usize> =
            (0..below(4)).filter(|_| node > 0).map(|_| node - 1 - below(node.min(30))).collect();
        before.sort_unstable();
        before.dedup();
        let before: Vec<String> = before.iter().map(|at| format!("n{at}")).collect();
        text.push_str(&format!("- {{node_id: n{node}, task_type: noop, dependencies: [{}]}}\n", before.join(", ")));
    }
    text
}

/// What all workers asked, in the order in which it came by: whose call it was, which, and with what.
type Recorded = Vec<(usize, String, Vec<u8>)>;

/// A call as it was recorded, made once more. Nobody waits for a message that does not come.
async fn again(endpoint: &str, name: &str, body: &[u8]) {
    let (service, operation) = name.split_once('.').unwrap();
    let (target, version) = match service {
        "DynamoDB" => ("DynamoDB_20120810", "1.0"),
        "SFN" => ("AWSStepFunctions", "1.0"),
        "SQS" => ("AmazonSQS", "1.0"),
        other => panic!("nobody calls {other}"),
    };
    let mut body = body.to_owned();
    if operation == "ReceiveMessage" {
        let mut asked: Value = serde_json::from_slice(&body).unwrap();
        asked["WaitTimeSeconds"] = json!(0);
        body = asked.to_string().into_bytes();
    }
    let service = service.to_lowercase().replace("sfn", "states");
    let scope = format!("Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {target}.{operation}\r\nContent-Type: application/x-amz-json-{version}\r\n\
         Authorization: AWS4-HMAC-SHA256 {scope}\r\nX-Amz-Date: 20260101T000000Z\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(endpoint.trim_start_matches("http://")).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.is_empty(), "{name} was not answered");
}

/// Makes recorded calls once more, each by the worker that made it and not before those that came before it began, in an
/// emptied table; answers how long that takes.
async fn replayed(place: &Place, endpoint: &str, recorded: Recorded) -> u128 {
    place.clients.dynamodb.delete_table().table_name(&place.table).send().await.unwrap();
    create_table(&place.clients, &place.table).await;
    let proxy = Proxy::before(Some(endpoint), |_| Fate::Passed).await;
    let messages = recorded.iter().filter(|(_, name, _)| name == "SQS.DeleteMessage").count();
    for at in 0..messages {
        let body = json!({"run": "run-nobody", "node": at}).to_string();
        place.clients.sqs.send_message().queue_url(&place.url).message_body(body).send().await.unwrap();
    }
    let (calls, begun) = (Arc::new(recorded), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let worker = |worker: usize| {
        let (calls, begun, endpoint) = (Arc::clone(&calls), Arc::clone(&begun), proxy.endpoint.clone());
        tokio::spawn(async move {
            for (at, (_, name, body)) in calls.iter().enumerate().filter(|(_, (whose, ..))| *whose == worker) {
                while begun.load(Ordering::SeqCst) < at {
                    tokio::task::yield_now().await;
                }
                begun.fetch_max(at + 1, Ordering::SeqCst);
                again(&endpoint, name, body).await;
            }
        })
    };
    for worker in (0..WORKERS).map(worker).collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    started.elapsed().as_millis()
}

/// Runs a random graph, then the same calls by themselves, and answers what that took.
async fn measured(nodes: usize) -> Option<Value> {
    let (endpoint, place) =
        (tokio::task::spawn_blocking(server).await.unwrap()?, Place::new(&format!("dag{nodes}")).await?);
    let recorded: Arc<Mutex<Recorded>> = Arc::default();
    let text = random(nodes, 7);
    let mut workers = Vec::new();
    let mut proxies = Vec::new();
    for worker in 0..WORKERS {
        let recorded = Arc::clone(&recorded);
        let proxy = Proxy::before(Some(&endpoint), move |call: &Call| {
            // The workflow's text, which each worker reads once.
            if call.name != "S3" {
                recorded.lock().unwrap().push((worker, call.name.clone(), call.body.clone()));
            }
            Fate::Passed
        });
        let proxy = proxy.await;
        let counted = clients_of(&proxy.endpoint).await;
        proxies.push(proxy);
        workers.push(counted);
    }
    // They are there before the first message is.
    let workers: Vec<_> = workers.iter().map(|own| place.worker_that_receives(own, own)).collect();
    let (run, executions, execution) = place.start(&text).await;
    let started = Instant::now();
    loop {
        match executions.standing(&execution).await.unwrap() {
            Standing::Running => tokio::time::sleep(Duration::from_millis(50)).await,
            ended => break assert_eq!(ended, Standing::Succeeded),
        }
        assert!(started.elapsed() < LIMIT, "{nodes} nodes take longer than {LIMIT:?}");
    }
    let makespan = started.elapsed().as_millis();
    workers.iter().for_each(JoinHandle::abort);
    let mut recorded = std::mem::take(&mut *recorded.lock().unwrap());
    // Who waits for a message that does not come any more.
    while recorded.last().is_some_and(|(_, name, _)| name == "SQS.ReceiveMessage") {
        recorded.pop();
    }

    let flow = Flow::load(&place.store, &place.store.flow(&run).await.unwrap()).await.unwrap();
    let rows = place.store.nodes(&run).await.unwrap();
    assert_eq!(rows.iter().filter(|(_, stored)| stored.row.outcome().is_some()).count(), rows.len());
    assert!(rows.len() >= nodes, "{} rows of {nodes} nodes", rows.len());
    let name = execution.rsplit(':').next().unwrap();
    let mut transitions = 0;
    for (at, machine) in place.machines(&flow).await.into_iter().enumerate() {
        let executions = Executions::new(place.clients.sfn.clone(), &machine);
        let name = if at == 0 { name.to_owned() } else { format!("{name}-{at}") };
        transitions += executions.transitions(&executions.arn(&name)).await.unwrap();
    }
    let calls = recorded.iter().filter(|(_, name, _)| name != "SQS.ReceiveMessage").count();
    let replay = replayed(&place, &endpoint, recorded).await;
    Some(json!({
        "workload": "random",
        "n": nodes,
        "engine": "stack",
        "workers": WORKERS,
        "definitions": flow.compiled.definitions.len(),
        "transitions": transitions,
        "calls": calls,
        "calls_per_node": (calls as f64 / nodes as f64 * 100.0).round() / 100.0,
        "wall_ms": makespan,
        "replay_ms": replay,
        "ratio": (makespan as f64 / replay as f64 * 100.0).round() / 100.0,
    }))
}

/// How many nodes: more take minutes, and what that prints depends on the machine's load.
#[expect(clippy::disallowed_methods, reason = "the suite has no configuration of its own")]
fn nodes() -> usize {
    std::env::var("MAESTRO_RANDOM_NODES").ok().map_or(200, |nodes| nodes.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_random_graph_completes_in_few_transitions() {
    let Some(told) = measured(nodes()).await else { return };
    println!("{told}");
    let (nodes, transitions) = (told["n"].as_f64().unwrap(), told["transitions"].as_f64().unwrap());
    assert!(transitions >= nodes && transitions <= 1.1 * nodes, "{told}");
    // A node that waits for nothing takes four, one that is parked four more.
    assert!(told["calls_per_node"].as_f64().unwrap() <= 6.0, "{told}");
}
