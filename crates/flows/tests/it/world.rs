//! A state machine, a queue and workers, in virtual time: the machine is the interpreter, everything else may go wrong.

use async_trait::async_trait;
use jiff::Timestamp;
use maestro_asl::{Effect, Event, Execution, ExecutionContext, Outcome, SeededRandom, TaskId, parse_and_check};
use maestro_domain::{
    ContentHash, Evidence, ExitStatus, Isolation, NodeFailure, NodeKey, RunId, TenantId,
    recovery::{Execution as Executing, Recovery},
};
use maestro_flows::{
    Child, Children, Flow, NoPersonas, Platform, Progress, Sandbox, Worker,
    lifecycle::{self, NewRun},
    worker::{self, GRACE_MS, Received, Taken},
};
use maestro_ports::{
    Clock, Queue, Referee, Table, TaskTokens, Timer,
    functions::NoFunctions,
    referee::{self, Job},
    web::NoWeb,
    work::{Answered, Error},
};
use maestro_store::{
    CrashingTable, MemoryBlobs, MemoryTable, Store,
    faulty::Moment,
    metered::MeteredTable,
    watched::{Call, WatchedTable},
};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

pub(crate) const LEASE_MS: u64 = 10_000;
/// How long a message is hidden that nobody acknowledged.
const HIDDEN_MS: u64 = 500;

/// Wall time, which the world moves.
#[derive(Default)]
pub(crate) struct Wall(AtomicU64);

impl Clock for Wall {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Timer for Wall {
    async fn sleep(&self, ms: u64) {
        let until = self.now_ms().saturating_add(ms);
        while self.now_ms() < until {
            tokio::task::yield_now().await;
        }
    }
}

/// A table whose calls take turns, so that workers come between each other's reads and writes.
fn taking_turns(table: Arc<dyn Table>) -> Arc<dyn Table> {
    let turn = AtomicUsize::new(0);
    let watch = move |call: Call<'_>| match call {
        Call::Query(_) => 0,
        Call::Get(_) | Call::Write(..) => turn.fetch_add(7, Ordering::SeqCst) % 5,
    };
    Arc::new(WatchedTable::new(table, watch))
}

/// The execution, and who waits for which token.
struct Machine {
    execution: Execution,
    tokens: BTreeMap<String, TaskId>,
    outcome: Option<Outcome>,
}

/// Messages by when they may be received.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Vec<(u64, String)>>);

#[derive(Clone, Default)]
pub(crate) struct Seen {
    /// Nodes in the order in which work on them began.
    pub(crate) ran: Vec<String>,
    /// Work that began before what it depends on was complete.
    pub(crate) too_early: Vec<String>,
}

/// Everything outside of workers.
pub(crate) struct World {
    pub(crate) wall: Arc<Wall>,
    pub(crate) run: RunId,
    pub(crate) store: Store,
    pub(crate) metered: Arc<MeteredTable>,
    table: Arc<dyn Table>,
    blobs: Arc<MemoryBlobs>,
    mailbox: Arc<Mailbox>,
    machine: Arc<Mutex<Machine>>,
    referee: Arc<Watching>,
    /// Lives as long as the world, and knows its workflow: what a message needs is read together by it.
    lasting: OnceLock<Worker>,
}

/// Runs scripts: looks whether all that they depend on is complete, and does nothing else.
struct Watching {
    store: Store,
    flow: Arc<Flow>,
    wall: Arc<Wall>,
    seen: Mutex<Seen>,
}

#[async_trait]
impl Referee for Watching {
    async fn run(&self, job: Job) -> Result<referee::Outcome, referee::Error> {
        let node = self.flow.number(&job.name).map(|at| &self.flow.workflow.dag.nodes[at as usize]);
        // What undoes a node waits for nothing.
        for before in node.map(|node| &node.dependencies).into_iter().flatten() {
            let key = NodeKey::Node(self.flow.number(before).unwrap());
            let row = self.store.node(&self.flow.run, key).await.unwrap();
            if row.is_none_or(|stored| stored.row.outcome().is_none()) {
                self.seen.lock().unwrap().too_early.push(job.name.clone());
            }
        }
        self.seen.lock().unwrap().ran.push(job.name.clone());
        let script = String::from_utf8(job.workspace["script"].clone()).unwrap();
        match script.split_once(' ') {
            None if script == "hang" => std::future::pending().await,
            Some(("hang", "once")) => {
                let before = self.seen.lock().unwrap().ran.iter().filter(|name| **name == job.name).count();
                if before == 1 {
                    std::future::pending::<()>().await;
                }
            }
            Some(("slow", seconds)) => self.wall.sleep(seconds.parse::<u64>().unwrap() * 1_000).await,
            _ => {}
        }
        let nothing = ContentHash::of(b"");
        let evidence = Evidence {
            job: job.name,
            command: vec![],
            exit: ExitStatus::Exited { code: i32::from(script == "fail") },
            isolation: Isolation::Recorded,
            output_hash: nothing.clone(),
            workspace_hash: nothing,
            tests: vec![],
            report: None,
            truncated: false,
            duration_ms: 0,
        };
        Ok(referee::Outcome { evidence, stdout: vec![], stderr: vec![] })
    }
}

struct NoChildren;

#[async_trait]
impl Children for NoChildren {
    async fn run(&self, _: Child) -> Result<Progress, NodeFailure> {
        unreachable!("no node runs a workflow")
    }
}

/// Answers the machine.
struct Answers {
    machine: Arc<Mutex<Machine>>,
    mailbox: Arc<Mailbox>,
    wall: Arc<Wall>,
}

impl Answers {
    fn tell(&self, token: &str, event: impl Fn(TaskId) -> Event) -> Answered {
        let mut machine = self.machine.lock().unwrap();
        let Some(task_id) = machine.tokens.get(token).copied() else { return Answered::Late };
        let now = timestamp(self.wall.now_ms());
        match machine.execution.handle(now, event(task_id)) {
            Ok(effects) => {
                carry_out(&mut machine, effects, &self.mailbox, self.wall.now_ms());
                Answered::Accepted
            }
            Err(_) => Answered::Late,
        }
    }
}

#[async_trait]
impl TaskTokens for Answers {
    async fn succeed(&self, token: &str, output: &Value) -> Result<Answered, Error> {
        Ok(self.tell(token, |task_id| Event::TaskSucceeded { task_id, output: output.clone() }))
    }

    async fn heartbeat(&self, token: &str) -> Result<Answered, Error> {
        Ok(self.tell(token, |task_id| Event::TaskHeartbeat { task_id }))
    }

    async fn fail(&self, token: &str, name: &str, cause: &str) -> Result<Answered, Error> {
        let event = |task_id| Event::TaskFailed { task_id, error: Some(name.into()), cause: Some(cause.into()) };
        Ok(self.tell(token, event))
    }
}

struct Sends {
    mailbox: Arc<Mailbox>,
    wall: Arc<Wall>,
}

#[async_trait]
impl Queue for Sends {
    async fn send_later(&self, _: &str, body: &str, seconds: u32) -> Result<(), Error> {
        self.mailbox.put(self.wall.now_ms() + u64::from(seconds) * 1_000, body.to_owned());
        Ok(())
    }

    async fn postpone(&self, _: &str, _: &str, _: u32) -> Result<(), Error> {
        unreachable!("who receives messages does that")
    }
}

impl Mailbox {
    fn put(&self, at_ms: u64, body: String) {
        self.0.lock().unwrap().push((at_ms, body));
    }
}

fn timestamp(ms: u64) -> Timestamp {
    Timestamp::from_millisecond(ms.try_into().unwrap()).unwrap()
}

fn carry_out(machine: &mut Machine, effects: Vec<Effect>, mailbox: &Mailbox, now_ms: u64) {
    for effect in effects {
        match effect {
            Effect::StartTask(task) => {
                let body = task.input["MessageBody"].to_string();
                machine.tokens.insert(task.token.clone().unwrap(), task.task_id);
                mailbox.put(now_ms, body);
            }
            Effect::CancelTask { .. } => {}
            Effect::Finished(outcome) => machine.outcome = Some(outcome),
        }
    }
}

/// What goes wrong, decided by numbers: the same again for the same.
pub(crate) struct Trouble {
    pub(crate) seed: u64,
    /// How many of a hundred workers die at one of their writes.
    pub(crate) deaths: u64,
    /// How many of a hundred messages come twice.
    pub(crate) copies: u64,
    /// How many messages are worked on at once.
    pub(crate) together: usize,
}

impl Trouble {
    fn next(&mut self, below: u64) -> u64 {
        // A step of xorshift.
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed % below
    }
}

impl World {
    /// A run of a workflow whose definition is whole.
    pub(crate) async fn start(text: &str) -> Self {
        let metered = Arc::new(MeteredTable::new(Arc::new(MemoryTable::default())));
        let table = taking_turns(Arc::clone(&metered) as _);
        let blobs = Arc::new(MemoryBlobs::default());
        let store = Store::new(Arc::clone(&table), Arc::clone(&blobs) as _, TenantId::local());
        let checked = maestro_workflow::check(text);
        let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        let new = NewRun {
            id: lifecycle::new_id(),
            name: None,
            workflow,
            text: text.to_owned(),
            others: BTreeMap::new(),
            variables: Map::new(),
            models: None,
            parent: None,
            machine: None,
        };
        let (stored, flow) = lifecycle::create(&store, new, 0).await.unwrap();
        assert_eq!(flow.compiled.definitions.len(), 1);
        let definition = parse_and_check(&flow.compiled.definitions[0].asl).unwrap();
        let context = ExecutionContext {
            execution_id: "arn:aws:states:x:0:execution:m:e".into(),
            execution_name: "e".into(),
            role_arn: "arn:aws:iam::0:role/r".into(),
            start_time: timestamp(0),
            state_machine_id: "arn:aws:states:x:0:stateMachine:m".into(),
            state_machine_name: "m".into(),
        };
        let random = Box::new(SeededRandom::new(1));
        let input = json!({"run": stored.run.id});
        let (execution, effects) = Execution::start(definition.into(), input, context, timestamp(0), random);
        let mut machine = Machine { execution, tokens: BTreeMap::new(), outcome: None };
        let mailbox = Arc::new(Mailbox::default());
        carry_out(&mut machine, effects, &mailbox, 0);
        let flow = Arc::new(flow);
        let (wall, run) = (Arc::new(Wall::default()), stored.run.id);
        let referee =
            Arc::new(Watching { store: store.clone(), flow, wall: Arc::clone(&wall), seen: Mutex::default() });
        let (machine, lasting) = (Arc::new(Mutex::new(machine)), OnceLock::new());
        Self { wall, run, store, metered, table, blobs, mailbox, machine, referee, lasting }
    }

    /// A worker that dies at one of its writes, if it does.
    fn worker(&self, dies: Option<(u64, Moment)>) -> Worker {
        let table: Arc<dyn Table> = match dies {
            Some((nth, moment)) => Arc::new(CrashingTable::new(Arc::clone(&self.table), nth, moment)),
            None => Arc::clone(&self.table),
        };
        let platform = Platform {
            store: Store::new(table, Arc::clone(&self.blobs) as _, TenantId::local()),
            clock: Arc::clone(&self.wall) as _,
            scripts: Arc::new(Sandbox(Arc::clone(&self.referee) as _)),
            web: Arc::new(NoWeb),
            functions: Arc::new(NoFunctions),
            personas: Arc::new(NoPersonas),
            children: Arc::new(NoChildren),
        };
        let answers = Answers {
            machine: Arc::clone(&self.machine),
            mailbox: Arc::clone(&self.mailbox),
            wall: Arc::clone(&self.wall),
        };
        let sends = Sends { mailbox: Arc::clone(&self.mailbox), wall: Arc::clone(&self.wall) };
        Worker::new(platform, Arc::clone(&self.wall) as _, Arc::new(answers), Arc::new(sends))
    }

    /// Takes a message, and puts it back where it has to come again. Work is given `time_ms`.
    async fn deliver(&self, body: String, dies: Option<(u64, Moment)>, time_ms: u64) {
        let dying = dies.map(|_| self.worker(dies));
        let worker = dying.as_ref().unwrap_or_else(|| self.lasting.get_or_init(|| self.worker(None)));
        let time_up = Box::pin(async move { self.wall.sleep(time_ms).await });
        let received = Received { queue: "q", body: &body, lease_ms: LEASE_MS, time_up };
        let again_ms = match worker.take(received).await {
            Ok(Taken::Acknowledge | Taken::Gone) => return,
            Ok(Taken::ComesBack { at_ms }) => at_ms,
            Err(error) => {
                assert!(dies.is_some(), "nothing went wrong, but {error:?}");
                self.wall.now_ms() + HIDDEN_MS
            }
        };
        self.mailbox.put(again_ms, body);
    }

    /// Lets workers work until the machine is done, and answers how it ended.
    pub(crate) async fn run(&self, trouble: &mut Trouble) -> Outcome {
        for _ in 0..100_000 {
            if let Some(outcome) = self.machine.lock().unwrap().outcome.clone() {
                return outcome;
            }
            let now = self.wall.now_ms();
            let mut batch = Vec::new();
            {
                let mut waiting = self.mailbox.0.lock().unwrap();
                while batch.len() < trouble.together {
                    let there: Vec<usize> = (0..waiting.len()).filter(|at| waiting[*at].0 <= now).collect();
                    if there.is_empty() {
                        break;
                    }
                    let which = there[trouble.next(there.len() as u64) as usize];
                    let (_, body) = waiting.swap_remove(which);
                    if trouble.next(100) < trouble.copies {
                        let later = trouble.next(3_000);
                        waiting.push((now + later, body.clone()));
                    }
                    batch.push(body);
                }
            }
            if batch.is_empty() {
                self.pass_time();
                continue;
            }
            let mut deliveries = Vec::new();
            for body in batch {
                let dies = (trouble.next(100) < trouble.deaths).then(|| {
                    let moment = if trouble.next(2) == 0 { Moment::Before } else { Moment::After };
                    (1 + trouble.next(3), moment)
                });
                deliveries.push(self.deliver(body, dies, u64::MAX));
            }
            tokio::select! {
                biased;
                _ = futures_util::future::join_all(deliveries) => {}
                () = self.time_goes_on() => {}
            }
        }
        panic!("it never ends: {:?}", self.mailbox.0.lock().unwrap());
    }

    /// Moves the clock second by second while workers are at work that takes time. Never comes back.
    async fn time_goes_on(&self) {
        loop {
            for _ in 0..20_000 {
                tokio::task::yield_now().await;
            }
            self.wall.0.fetch_add(1_000, Ordering::SeqCst);
            self.tick();
        }
    }

    /// The machine looks at the clock.
    fn tick(&self) {
        let mut machine = self.machine.lock().unwrap();
        let now = self.wall.now_ms();
        let effects = machine.execution.handle(timestamp(now), Event::TimePassed).unwrap_or_default();
        carry_out(&mut machine, effects, &self.mailbox, now);
    }

    /// Moves the clock to whatever comes next: a message, or a time of the machine.
    fn pass_time(&self) {
        let message = self.mailbox.0.lock().unwrap().iter().map(|(at_ms, _)| *at_ms).min();
        let due = self.machine.lock().unwrap().execution.next_deadline();
        let due = due.map(|at| u64::try_from((at.as_nanosecond() + 999_999) / 1_000_000).unwrap());
        let next = message.into_iter().chain(due).min().expect("nothing is left to happen: a wake-up was lost");
        self.wall.0.fetch_max(next, Ordering::SeqCst);
        self.tick();
    }

    /// Takes one message whose worker is gone while it works.
    pub(crate) async fn abandon_one(&self) {
        let (_, body) = self.mailbox.0.lock().unwrap().pop().unwrap();
        tokio::select! {
            biased;
            () = self.deliver(body, None, u64::MAX) => panic!("it was to be gone"),
            () = async {
                for _ in 0..200 {
                    tokio::task::yield_now().await;
                }
            } => {}
        }
    }

    /// Takes one message whose worker is given so much time, which passes meanwhile.
    pub(crate) async fn take_one(&self, time_ms: u64) {
        let body = {
            let mut waiting = self.mailbox.0.lock().unwrap();
            let at = waiting.iter().position(|(at_ms, _)| *at_ms <= self.wall.now_ms()).unwrap();
            waiting.swap_remove(at).1
        };
        let passes = async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            self.wall.0.fetch_add(time_ms, Ordering::SeqCst);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = self.deliver(body, None, time_ms) => {}
            () = passes => {}
        }
    }

    /// Puts a message as whoever wakes a node does.
    pub(crate) fn wake(&self, node: &str) {
        self.mailbox.put(self.wall.now_ms(), worker::wake(&self.run, node));
    }

    /// Gives up the message that was put last.
    pub(crate) async fn give_up(&self) -> bool {
        let (_, body) = self.mailbox.0.lock().unwrap().pop().unwrap();
        self.worker(None).give_up(&body, "nobody wanted it").await.unwrap()
    }

    /// What becomes of a message that is no node's.
    pub(crate) async fn is_nobodys(&self, body: &str) -> bool {
        !self.worker(None).give_up(body, "nobody wanted it").await.unwrap()
    }

    /// Loses all messages, as whoever ends them by mistake does.
    pub(crate) fn lose(&self) {
        self.mailbox.0.lock().unwrap().clear();
    }

    pub(crate) fn later(&self, ms: u64) {
        self.wall.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) async fn recover(&self) -> Vec<Recovery> {
        self.worker(None).recover("q", &self.run, Executing::UnderWay, GRACE_MS).await.unwrap()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.mailbox.0.lock().unwrap().len()
    }

    pub(crate) fn seen(&self) -> Seen {
        self.referee.seen.lock().unwrap().clone()
    }

    pub(crate) async fn complete(&self) -> BTreeSet<u32> {
        let rows = self.store.nodes(&self.run).await.unwrap();
        let complete = rows.into_iter().filter(|(_, stored)| stored.row.outcome().is_some());
        complete.filter_map(|(key, _)| if let NodeKey::Node(at) = key { Some(at) } else { None }).collect()
    }
}
