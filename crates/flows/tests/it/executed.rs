//! Every task type at work on its accepted fixture: what it asks of the world outside, and what it hands over.

use async_trait::async_trait;
use maestro_domain::{ContentHash, Evidence, ExitStatus, Isolation, NodeFailure, NodeOutcome, NodeStatus, TenantId};
use maestro_flows::{
    Assignment, Child, Children, Flow, Personas, Platform, Progress, Sandbox, Task,
    lifecycle::{self, NewRun},
};
use maestro_ports::{
    Clock, Functions, Referee, Web, functions,
    referee::{self, Job, Outcome},
    web,
};
use maestro_store::{Arrived, Store, Word};
use maestro_workflow::{graph::Ix, types};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// All that is outside: it notes what it is asked.
#[derive(Default)]
struct Outside {
    asked: Mutex<Vec<Value>>,
    now_ms: AtomicU64,
}

impl Outside {
    fn note(&self, asked: Value) {
        self.asked.lock().unwrap().push(asked);
    }
}

impl Clock for Outside {
    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Referee for Outside {
    async fn run(&self, job: Job) -> Result<Outcome, referee::Error> {
        let script = String::from_utf8(job.workspace["script"].clone()).unwrap();
        self.note(json!({"script": script, "env": job.env}));
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
        Ok(Outcome { evidence, stdout: b"{\"is\": \"here\"}\n".to_vec(), stderr: vec![] })
    }
}

#[async_trait]
impl Web for Outside {
    async fn call(&self, request: web::Request) -> Result<web::Answer, web::Error> {
        let body: Option<Value> = request.body.map(|body| serde_json::from_slice(&body).unwrap());
        self.note(json!({"method": request.method, "url": request.url, "headers": request.headers, "body": body}));
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Ok(web::Answer { status: 201, headers, body: b"{\"id\": 7}".to_vec() })
    }
}

#[async_trait]
impl Functions for Outside {
    async fn call(&self, function: &str, payload: &Value) -> Result<Value, functions::Error> {
        self.note(json!({"function": function, "payload": payload}));
        Ok(json!({"shipped": payload}))
    }
}

#[async_trait]
impl Personas for Outside {
    async fn work(&self, assignment: Assignment) -> Result<String, NodeFailure> {
        let Assignment { name, persona, task, inputs, .. } = assignment;
        self.note(json!({"name": name, "persona": persona.id(), "task": task, "inputs": inputs}));
        Ok("[true]".to_owned())
    }
}

#[async_trait]
impl Children for Outside {
    async fn run(&self, child: Child) -> Result<Progress, NodeFailure> {
        self.note(json!({"dag_id": child.dag_id, "variables": child.variables, "node": child.starter.node}));
        Ok(Progress::Done(Some(json!({"x": 1}))))
    }
}

fn fixture(name: &str, kind: &str) -> String {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "../workflow/tests/types", &format!("{name}.{kind}")].iter().collect();
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test]
async fn every_task_type_has_an_executed_fixture() {
    for one in types::ALL {
        let text = fixture(one.name, "accepted.yaml");
        let workflow = maestro_workflow::check(&text).workflow.unwrap();
        let node = workflow.node(Ix(1)).unwrap().clone();
        let store = Store::in_memory(TenantId::local());
        let new = NewRun {
            id: lifecycle::new_id(),
            name: None,
            workflow,
            text,
            others: BTreeMap::new(),
            variables: Map::new(),
            models: None,
            parent: None,
            machine: None,
        };
        let (stored, flow): (_, Flow) = lifecycle::create(&store, new, 0).await.unwrap();
        let run = stored.run.id;
        let output = store.keep_output(&run, Some(json!({"list": [1, 2]}))).await.unwrap();
        let first = NodeOutcome { status: NodeStatus::Succeeded, output, at_ms: 0 };
        let outside = Arc::new(Outside::default());
        let platform = Platform {
            store: store.clone(),
            clock: Arc::clone(&outside) as _,
            scripts: Arc::new(Sandbox(Arc::clone(&outside) as _)),
            web: Arc::clone(&outside) as _,
            functions: Arc::clone(&outside) as _,
            personas: Arc::clone(&outside) as _,
            children: Arc::clone(&outside) as _,
        };
        let task = Task {
            run: run.clone(),
            node: 1,
            id: "it".to_owned(),
            task_type: one.name.to_owned(),
            config: node.config.clone(),
            context: Arc::new(flow.context.clone()),
            outcomes: vec![("first".to_owned(), first)],
            started_ms: 0,
            undoes: false,
        };
        let mut waited = Value::Null;
        let output = loop {
            match task.run(&platform).await.unwrap_or_else(|failure| panic!("{}: {failure:?}", one.name)) {
                Progress::Done(output) => break output,
                // What it waits for comes to pass, once.
                Progress::Again { at_ms, waits_for } => {
                    assert_eq!(waited, Value::Null, "{} waits for what has come", one.name);
                    waited = json!({"at_ms": at_ms, "for": waits_for});
                    outside.now_ms.store(at_ms, Ordering::SeqCst);
                    for by in ["lead", "owner"] {
                        let word = Word { by: by.to_owned(), approves: true, comment: None, at_ms: 1 };
                        store.say(&run, 1, &word).await.unwrap();
                    }
                    let detail = json!({"branch": "main", "image": 3});
                    let (source, detail_type) = ("com.example.ci".to_owned(), "Build finished".to_owned());
                    store.keep_arrived(&run, &Arrived { source, detail_type, detail, at_ms: 1 }).await.unwrap();
                }
            }
        };
        let asked = std::mem::take(&mut *outside.asked.lock().unwrap());
        let told = json!({"waits": waited, "asks": asked, "output": output});
        let expected: Value = serde_json::from_str(&fixture(one.name, "executed.json")).unwrap();
        assert_eq!(told, expected, "{}", one.name);
    }
}
