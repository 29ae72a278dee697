//! Runs of workflows in virtual time.

use async_trait::async_trait;
use maestro_domain::{ContentHash, Evidence, ExitStatus, FlowRun, Isolation, NodeKey, NodeRow, RunId, TenantId};
use maestro_embedded::{FlowEnded, FlowError, FlowHost};
use maestro_flows::lifecycle::{NewRun, new_id};
use maestro_ports::{
    Clock, Referee, Timer, Web,
    referee::{self, Job, Outcome},
    web::NoWeb,
};
use maestro_store::Store;
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// A clock that jumps to whatever is waited for, once everything else has had its turn.
#[derive(Debug, Default)]
pub(crate) struct Virtual(AtomicU64);

impl Clock for Virtual {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Timer for Virtual {
    async fn sleep(&self, ms: u64) {
        let until = self.now_ms().saturating_add(ms);
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        self.0.fetch_max(until, Ordering::SeqCst);
    }
}

/// Answers scripts by what they say: `exit N`, or `flaky N`, which fails N times by exit code 1 before it goes well, or
/// `hang`, which never ends the first time.
#[derive(Debug, Default)]
pub(crate) struct Scripted {
    /// The scripts that ran, in order.
    pub(crate) ran: Mutex<Vec<String>>,
}

#[async_trait]
impl Referee for Scripted {
    async fn run(&self, job: Job) -> Result<Outcome, referee::Error> {
        let script = String::from_utf8(job.workspace["script"].clone()).unwrap();
        let before = {
            let mut ran = self.ran.lock().unwrap();
            ran.push(script.clone());
            ran.iter().filter(|one| **one == script).count() - 1
        };
        if script.starts_with("hang") && before == 0 {
            std::future::pending().await
        }
        let number = || script.split_whitespace().nth(1).and_then(|word| word.parse::<i32>().ok()).unwrap_or(0);
        let code = match script.split_whitespace().next() {
            Some("exit") => number(),
            Some("flaky") => i32::from((before as i32) < number()),
            _ => 0,
        };
        let nothing = ContentHash::of(b"");
        let evidence = Evidence {
            job: job.name,
            command: vec![],
            exit: ExitStatus::Exited { code },
            isolation: Isolation::Recorded,
            output_hash: nothing.clone(),
            workspace_hash: nothing,
            tests: vec![],
            report: None,
            truncated: false,
            duration_ms: 0,
        };
        Ok(Outcome { evidence, stdout: format!("\"{script}\"").into_bytes(), stderr: b"said".to_vec() })
    }
}

/// A machine whose home is in memory.
pub(crate) struct Machine {
    pub(crate) host: FlowHost,
    pub(crate) timer: Arc<Virtual>,
    pub(crate) scripts: Arc<Scripted>,
    _home: tempfile::TempDir,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self::over(Store::in_memory(TenantId::local()), Arc::new(NoWeb))
    }

    /// A machine with this store, which calls web services by this.
    pub(crate) fn over(store: Store, web: Arc<dyn Web>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (timer, scripts) = (Arc::new(Virtual::default()), Arc::new(Scripted::default()));
        let referee: Arc<dyn Referee> = Arc::clone(&scripts) as _;
        let host = FlowHost::over(home.path(), store, referee, web, Arc::clone(&timer) as _);
        Self { host, timer, scripts, _home: home }
    }

    pub(crate) async fn create(&self, text: &str, others: &[(&str, &str)]) -> FlowRun {
        let checked = maestro_workflow::check(text);
        let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        let new = NewRun {
            id: new_id(),
            name: None,
            workflow,
            text: text.to_owned(),
            others: others.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            variables: Map::new(),
            models: None,
            parent: None,
            machine: None,
        };
        self.host.create(new).await.unwrap()
    }

    pub(crate) async fn execute(&self, run: &RunId) -> Result<FlowEnded, FlowError> {
        self.host.execute(run, false, None, Box::pin(std::future::pending())).await
    }

    /// What the machine does until a script hangs; then it is killed.
    pub(crate) async fn killed<T>(&self, doing: impl Future<Output = T>) {
        let hangs = || self.scripts.ran.lock().unwrap().iter().any(|script| script.starts_with("hang"));
        let hung = async {
            while !hangs() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = doing => panic!("nothing hung"),
            () = hung => {}
        }
    }

    /// Runs a workflow to its end.
    pub(crate) async fn run(&self, text: &str) -> FlowRun {
        let run = self.create(text, &[]).await;
        self.execute(&run.id).await.unwrap().run
    }

    /// The rows of nodes, by their numbers.
    pub(crate) async fn rows(&self, run: &RunId) -> BTreeMap<u32, NodeRow> {
        let rows = self.host.store().nodes(run).await.unwrap();
        let node = |(key, stored): (NodeKey, maestro_store::StoredNode)| match key {
            NodeKey::Node(at) => Some((at, stored.row)),
            NodeKey::Relay(_) => None,
        };
        rows.into_iter().filter_map(node).collect()
    }

    /// What a node handed over.
    pub(crate) async fn output(&self, run: &RunId, node: u32) -> Option<Value> {
        let rows = self.rows(run).await;
        let outcome = rows.get(&node)?.outcome()?.clone();
        self.host.store().output(run, &outcome.output).await.unwrap()
    }
}
