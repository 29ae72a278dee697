//! Workflows on Step Functions, DynamoDB, S3 and SQS as a stack on this machine speaks them: the compiled definitions as
//! state machines, the nodes by workers of this process that share their rows.

use crate::{
    patience::wait_for,
    stack::{clients, role},
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use maestro_aws::{
    Clients, DynamoTable, Executions, Machines, Queues, S3Blobs, Tokens, executions::Standing, machines::Definition,
};
use maestro_domain::{ContentHash, Evidence, ExitStatus, Isolation, NodeFailure, NodeKey, NodeState, RunId, TenantId};
use maestro_embedded::SystemClock;
use maestro_flows::{
    Child, Children, Flow, NoPersonas, Platform, Progress, Sandbox, Worker,
    lifecycle::{self, Ending, NewRun},
    worker::{Received, Taken},
};
use maestro_ports::{
    Clock, Referee, Web,
    functions::NoFunctions,
    referee::{self, Job, Outcome},
    web::NoWeb,
};
use maestro_store::Store;
use maestro_web::{Hosts, fake::Server};
use maestro_workflow::Workflow;
use serde_json::{Map, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::task::JoinHandle;

const LEASE_MS: u64 = 4_000;
const SECONDS_HIDDEN: i32 = 2;

/// A table, a bucket and a queue of its own.
pub(super) struct Place {
    /// Of whoever looks and of whoever receives messages, which are Lambda's calls on AWS.
    pub(super) clients: Clients,
    pub(super) store: Store,
    pub(super) table: String,
    pub(super) url: String,
    arn: String,
    scripts: Arc<Scripts>,
    web: Arc<dyn Web>,
}

/// Runs scripts by what they say: `hang` never ends the first time.
#[derive(Default)]
struct Scripts {
    ran: Mutex<Vec<String>>,
    hung: AtomicUsize,
}

#[async_trait]
impl Referee for Scripts {
    async fn run(&self, job: Job) -> Result<Outcome, referee::Error> {
        self.ran.lock().unwrap().push(job.name.clone());
        if job.workspace["script"] == b"hang" && self.hung.fetch_add(1, Ordering::SeqCst) == 0 {
            std::future::pending::<()>().await;
        }
        let nothing = ContentHash::of(b"");
        let evidence = Evidence {
            job: job.name,
            command: vec![],
            exit: ExitStatus::Exited { code: 0 },
            isolation: Isolation::Recorded,
            output_hash: nothing.clone(),
            workspace_hash: nothing,
            tests: vec![],
            report: None,
            truncated: false,
            duration_ms: 0,
        };
        Ok(Outcome { evidence, stdout: vec![], stderr: vec![] })
    }
}

struct NoChildren;

#[async_trait]
impl Children for NoChildren {
    async fn run(&self, _: Child) -> Result<Progress, NodeFailure> {
        unreachable!("no node runs a workflow")
    }
}

/// An empty table.
pub(super) async fn create_table(clients: &Clients, name: &str) {
    let mut create = clients.dynamodb.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for (name, role) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        let attribute = attribute.attribute_type(ScalarAttributeType::S).build().unwrap();
        let key = KeySchemaElement::builder().attribute_name(name).key_type(role).build().unwrap();
        create = create.attribute_definitions(attribute).key_schema(key);
    }
    create.send().await.unwrap();
}

impl Place {
    pub(super) async fn new(name: &str) -> Option<Self> {
        let clients = clients().await?;
        let name = format!("flows-{}-{name}", std::process::id());
        create_table(&clients, &name).await;
        clients.s3.create_bucket().bucket(&name).send().await.unwrap();
        let url = clients.sqs.create_queue().queue_name(&name).send().await.unwrap().queue_url.unwrap();
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:{name}");
        let store = store(&clients, &name);
        Some(Self { clients, store, table: name, url, arn, scripts: Arc::default(), web: Arc::new(NoWeb) })
    }

    /// Starts a run of a workflow, and answers its execution.
    pub(super) async fn start(&self, text: &str) -> (RunId, Executions, String) {
        let checked = maestro_workflow::check(text);
        let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        let new = new_run(workflow, text);
        let (stored, flow) = lifecycle::create(&self.store, new, SystemClock.now_ms()).await.unwrap();
        let machine = self.machine(&flow).await;
        assert_eq!(self.machine(&flow).await, machine, "made once");
        let executions = Executions::new(self.clients.sfn.clone(), machine);
        let name = stored.run.execution_name();
        let execution = executions.start(&name, &json!({"run": stored.run.id})).await.unwrap();
        (stored.run.id, executions, execution)
    }

    /// The state machine of a workflow.
    pub(super) async fn machine(&self, flow: &Flow) -> String {
        self.machines(flow).await.remove(0)
    }

    /// The same with those of its parts.
    pub(super) async fn machines(&self, flow: &Flow) -> Vec<String> {
        let role = role().await.unwrap();
        let machines = Machines::new(self.clients.sfn.clone(), &self.table, role, &self.arn);
        let definitions: Vec<Definition> = flow
            .compiled
            .definitions
            .iter()
            .map(|one| Definition { name: one.name.clone(), token: one.token.clone(), text: one.asl.clone() })
            .collect();
        let values = BTreeMap::from([("WorkflowQueueUrl".to_owned(), self.url.clone())]);
        machines.make(&definitions, values).await.unwrap()
    }

    /// Takes messages until it is dropped, through clients that count.
    pub(super) fn worker(&self, counted: &Clients) -> JoinHandle<()> {
        self.worker_that_receives(counted, &self.clients)
    }

    /// The same, which also receives messages through clients of its own.
    pub(super) fn worker_that_receives(&self, counted: &Clients, receiver: &Clients) -> JoinHandle<()> {
        let clock = Arc::new(SystemClock);
        let platform = Platform {
            store: store(counted, &self.table),
            clock: Arc::clone(&clock) as _,
            scripts: Arc::new(Sandbox(Arc::clone(&self.scripts) as _)),
            web: Arc::clone(&self.web),
            functions: Arc::new(NoFunctions),
            personas: Arc::new(NoPersonas),
            children: Arc::new(NoChildren),
        };
        let (tokens, queue) = (Tokens::new(counted.sfn.clone()), Queues::new(counted.sqs.clone()));
        let worker = Worker::new(platform, clock, Arc::new(tokens), Arc::new(queue));
        let (sqs, url, arn) = (receiver.sqs.clone(), self.url.clone(), self.arn.clone());
        tokio::spawn(async move {
            loop {
                let receive = sqs.receive_message().queue_url(&url).wait_time_seconds(1);
                let received = receive.visibility_timeout(SECONDS_HIDDEN).send().await.unwrap();
                for message in received.messages.unwrap_or_default() {
                    let (body, receipt) = (message.body.unwrap(), message.receipt_handle.unwrap());
                    let time_up = Box::pin(std::future::pending());
                    let received = Received { queue: &arn, body: &body, lease_ms: LEASE_MS, time_up };
                    match worker.take(received).await.unwrap() {
                        Taken::Acknowledge | Taken::Gone => {
                            sqs.delete_message().queue_url(&url).receipt_handle(receipt).send().await.unwrap();
                        }
                        // It comes again by itself.
                        Taken::ComesBack { .. } => {}
                    }
                }
            }
        })
    }

    async fn end(&self, executions: &Executions, execution: &str) -> Standing {
        wait_for("the end of an execution", async || {
            let standing = executions.standing(execution).await.unwrap();
            (standing != Standing::Running).then_some(standing)
        })
        .await
    }

    async fn row(&self, run: &RunId, node: u32) -> maestro_domain::NodeRow {
        self.store.node(run, NodeKey::Node(node)).await.unwrap().unwrap_or_else(|| panic!("no row {node}")).row
    }
}

/// A run of a workflow, executed by nobody yet.
pub(super) fn new_run(workflow: Workflow, text: &str) -> NewRun {
    NewRun {
        id: lifecycle::new_id(),
        name: None,
        workflow,
        text: text.to_owned(),
        others: BTreeMap::new(),
        variables: Map::new(),
        models: None,
        parent: None,
        machine: None,
    }
}

fn store(clients: &Clients, name: &str) -> Store {
    let (table, blobs) = (DynamoTable::new(clients.dynamodb.clone(), name), S3Blobs::new(clients.s3.clone(), name));
    Store::new(Arc::new(table), Arc::new(blobs), TenantId::local())
}

/// The team of the workload W1: each phase reads what the one before it handed over, the writer everything.
pub(super) fn team() -> String {
    let phases: [&[&str]; 6] = [
        &["product_manager", "business_analyst"],
        &["architect"],
        &["backend", "frontend", "data"],
        &["qa", "security"],
        &["devops", "sre"],
        &["technical_writer"],
    ];
    let mut text = String::from("dag_id: team\nnodes:\n");
    for (at, phase) in phases.iter().enumerate() {
        let before: Vec<&str> = match at {
            0 => Vec::new(),
            5 => phases[..5].concat(),
            at => phases[at - 1].to_vec(),
        };
        let read: Vec<String> = before.iter().map(|name| format!("$nodes.{name}.output")).collect();
        for name in *phase {
            text.push_str(&format!(
                "- {{node_id: {name}, task_type: noop, dependencies: [{}], config: {{output: '{{% $join([\"{name}\", {}], \" \") %}}'}}}}\n",
                before.join(", "),
                if read.is_empty() { "\"\"".to_owned() } else { read.join(", ") },
            ));
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_takes_few_transitions_and_calls() {
    let Some(place) = Place::new("team").await else { return };
    let counted = clients().await.unwrap();
    let workers: Vec<_> = (0..2).map(|_| place.worker(&counted)).collect();
    let (run, executions, execution) = place.start(&team()).await;
    assert_eq!(place.end(&executions, &execution).await, Standing::Succeeded);
    workers.iter().for_each(JoinHandle::abort);
    let now = SystemClock.now_ms();
    let name = execution.rsplit(':').next().unwrap();
    let ended = lifecycle::settle(&place.store, &run, name, &Ending::Done, now).await.unwrap();
    assert_eq!(ended.status, maestro_domain::RunStatus::Ok);
    let writer = place.row(&run, 10).await;
    let told = place.store.output(&run, &writer.outcome().unwrap().output).await.unwrap().unwrap();
    let words: BTreeSet<&str> = told.as_str().unwrap().split_whitespace().collect();
    assert_eq!(words.len(), 11, "{told}");

    let transitions = executions.transitions(&execution).await.unwrap();
    let calls = counted.calls.so_far();
    let called: u64 = calls.values().map(|calls| calls.calls).sum();
    println!("{transitions} transitions, {called} calls: {calls:?}");
    assert!(transitions <= 20, "{transitions} transitions");
    // Each node's rows are read, it is written and answered; each worker looks at the workflow first.
    assert!(called <= 3 * 11 + 2 * 3, "{called} calls: {calls:?}");
}

/// Two chains whose edges cross, so that nodes are parked and released, and a wide end with relays.
fn crossing() -> String {
    let mut text = String::from("dag_id: crossing\nnodes:\n");
    let mut node = |id: &str, before: &[&str], script: &str| {
        text.push_str(&format!(
            "- {{node_id: {id}, task_type: script, dependencies: [{}], config: {{script: '{script}'}}}}\n",
            before.join(", ")
        ));
    };
    node("a1", &[], "ok");
    node("b1", &[], "ok");
    node("a2", &["a1"], "ok");
    node("b2", &["b1", "a1"], "hang");
    node("a3", &["a2", "b2"], "ok");
    node("b3", &["b2", "a2"], "ok");
    node("b4", &["b3", "a3"], "ok");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn gates_hold_though_a_worker_is_killed_and_messages_come_twice() {
    let Some(place) = Place::new("gates").await else { return };
    let counted = clients().await.unwrap();
    let (run, executions, execution) = place.start(&crossing()).await;
    let workflow = maestro_workflow::check(&crossing()).workflow.unwrap();
    let gated =
        maestro_workflow::compile::compile(&workflow).after.iter().filter(|(_, after)| !after.is_empty()).count();
    assert!(gated > 0, "some node is parked until another branch has released it");

    let mut first = vec![place.worker(&counted), place.worker(&counted)];
    wait_for("that a script hangs", async || (place.scripts.hung.load(Ordering::SeqCst) > 0).then_some(())).await;
    // Between its claim and its write.
    assert!(matches!(place.row(&run, 3).await.state, NodeState::Claimed { .. }));
    first.drain(..).for_each(|worker| worker.abort());
    let workers = [place.worker(&counted), place.worker(&counted), place.worker(&counted)];
    // Whoever completed it, its message comes once more.
    let again = json!({"run": run, "node": "a1", "token": "of nobody"}).to_string();
    place.clients.sqs.send_message().queue_url(&place.url).message_body(again).send().await.unwrap();

    assert_eq!(place.end(&executions, &execution).await, Standing::Succeeded);
    workers.iter().for_each(JoinHandle::abort);
    let rows = place.store.nodes(&run).await.unwrap();
    assert!(rows.iter().all(|(_, stored)| stored.row.outcome().is_some()), "{rows:?}");
    let mut ran = place.scripts.ran.lock().unwrap().clone();
    let position = |name: &str| ran.iter().rposition(|one| one == name).unwrap();
    for node in &workflow.dag.nodes {
        for before in &node.dependencies {
            assert!(position(before) < position(&node.node_id), "{ran:?}");
        }
    }
    ran.sort();
    let twice: Vec<String> =
        ran.windows(2).filter(|pair| matches!(pair, [one, next] if one == next)).map(|pair| pair[0].clone()).collect();
    ran.dedup();
    assert_eq!(ran, ["a1", "a2", "a3", "b1", "b2", "b3", "b4"]);
    // The other one of the two that were killed may have been between its claim and its write, too.
    assert!(twice.contains(&"b2".to_owned()) && twice.len() <= 2, "only what had hung was done again: {twice:?}");
}

/// A service that says what it was sent, and refuses the rest.
fn service(request: &str, _: u16) -> String {
    let answer = |status: &str, body: &str| {
        format!("{status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    };
    match request.split(' ').nth(1).unwrap() {
        "/echo" => answer("200 OK", &format!("{{\"told\": {}}}", request.rsplit("\r\n").next().unwrap())),
        _ => answer("422 Unprocessable Content", "{\"why\": \"no\"}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn web_services_are_called_there_as_here() {
    let Some(mut place) = Place::new("http").await else { return };
    let server = Server::start(service).await.unwrap();
    let host = format!("api.example.com:{}", server.port);
    let hosts = || Hosts::named([host.as_str()].into_iter()).unwrap();
    let web = || Arc::new(server.caller(hosts(), |address| address.is_loopback()));
    place.web = web();
    let text = format!(
        "dag_id: calls\nnodes:\n\
         - {{node_id: a, task_type: http, config: {{url: 'http://{host}/echo', method: POST, body: {{n: 4}}}}}}\n\
         - {{node_id: b, task_type: noop, dependencies: [a], config: {{output: '{{% $nodes.a.output.body.told.n + 1 %}}'}}}}\n\
         - {{node_id: c, task_type: http, dependencies: [b], config: {{url: 'http://{host}/else'}}}}\n"
    );
    let worker = place.worker(&place.clients);
    let (run, executions, execution) = place.start(&text).await;
    let Standing::Ended { error, cause } = place.end(&executions, &execution).await else { panic!("it ended well") };
    worker.abort();

    let home = tempfile::tempdir().unwrap();
    let here = Store::in_memory(TenantId::local());
    let clock = Arc::new(SystemClock);
    let scripts = Arc::clone(&place.scripts) as _;
    let machine = maestro_embedded::FlowHost::over(home.path(), here.clone(), scripts, web(), clock);
    let workflow = maestro_workflow::check(&text).workflow.unwrap();
    let same = machine.create(new_run(workflow, &text)).await.unwrap();
    let ended = machine.execute(&same.id, true, None, Box::pin(std::future::pending())).await.unwrap().run;
    let reason = ended.reason.unwrap();
    // The machine is told which node it was; here the definition's state says so.
    assert_eq!((reason.code.as_str(), error.as_str()), ("Maestro.Http", "Maestro.Http"), "{cause}");
    assert!(cause.contains("the answer has status 422: {\"why\": \"no\"}"), "{cause}");
    assert!(reason.message.contains("the answer has status 422: {\"why\": \"no\"}"), "{}", reason.message);
    for node in [0, 1] {
        let mut outputs = Vec::new();
        for (store, run) in [(&place.store, &run), (&here, &same.id)] {
            let row = store.node(run, NodeKey::Node(node)).await.unwrap().unwrap().row;
            outputs.push(store.output(run, &row.outcome().unwrap().output).await.unwrap());
        }
        assert!(outputs[0].is_some() && outputs[0] == outputs[1], "{outputs:?}");
    }
}
