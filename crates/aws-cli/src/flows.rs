//! Workflows of a deployed stack: state machines that are made of what they compile to, and functions that take their
//! nodes. This process starts, follows and stops executions.

use async_trait::async_trait;
use maestro_aws::{
    Clients, DynamoTable, Executions, Machines, Queues, S3Blobs, executions::Standing, machines::Definition,
};
use maestro_cli::{
    flow_site::{FlowEnded, FlowSite},
    site::Error,
};
use maestro_domain::{FlowRun, NodeKey, NodeState, RunId, RunStatus, TenantId};
use maestro_embedded::{FlowStop, SystemClock};
use maestro_flows::{
    Fault, Flow, FlowEvent,
    lifecycle::{self, Ending, Machine, NewRun},
    worker,
};
use maestro_ports::{Clock, Queue};
use maestro_store::Store;
use maestro_workflow::{
    compile::{self, compile},
    format::OnFailure,
};
use serde_json::json;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::sync::mpsc;

/// How often the rows of a run are read; a run of many nodes is looked at less often.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How much longer for each of its nodes.
const LOOK_LATER: Duration = Duration::from_millis(1);
/// After how many looks the execution itself is asked for, which Step Functions allows less often.
const ASK_EVERY: u32 = 3;
/// How soon a node is looked at again when something has come for it, in seconds.
const SOON: u32 = 1;
/// What stands for the queue in compiled definitions.
const QUEUE: &str = "WorkflowQueueUrl";

/// What a stack gives out.
pub(crate) struct Place<'a> {
    pub(crate) table: &'a str,
    pub(crate) bucket: &'a str,
    /// The ARN of the queue of nodes.
    pub(crate) queue: &'a str,
    pub(crate) queue_url: &'a str,
    /// What state machines may do.
    pub(crate) role: &'a str,
    /// How their names begin.
    pub(crate) prefix: &'a str,
}

/// The runs of workflows of a deployed stack.
pub(crate) struct RemoteFlows {
    name: String,
    store: Store,
    clients: Clients,
    machines: Machines,
    queues: Queues,
    queue: String,
    queue_url: String,
}

impl RemoteFlows {
    /// The stack with these resources.
    pub(crate) fn new(name: String, clients: &Clients, place: &Place<'_>, tenant: TenantId) -> Self {
        let rows = DynamoTable::new(clients.dynamodb.clone(), place.table);
        let blobs = S3Blobs::new(clients.s3.clone(), place.bucket);
        Self {
            name,
            store: Store::new(Arc::new(rows), Arc::new(blobs), tenant),
            machines: Machines::new(clients.sfn.clone(), place.prefix, place.role, place.queue),
            queues: Queues::new(clients.sqs.clone()),
            clients: clients.clone(),
            queue: place.queue.to_owned(),
            queue_url: place.queue_url.to_owned(),
        }
    }

    /// The state machines of a workflow, the one that runs the whole first; those that are there are used again.
    async fn machines(&self, definitions: &[compile::Definition]) -> Result<Vec<String>, Error> {
        let definitions: Vec<Definition> = definitions
            .iter()
            .map(|one| Definition { name: one.name.clone(), token: one.token.clone(), text: one.asl.clone() })
            .collect();
        let values = BTreeMap::from([(QUEUE.to_owned(), self.queue_url.clone())]);
        self.machines.make(&definitions, values).await.map_err(engine)
    }

    /// The state machines of a run: of its workflow, and of those that its nodes run.
    async fn machines_of(
        &self,
        definitions: &[compile::Definition],
        others: &BTreeMap<String, String>,
    ) -> Result<Option<Machine>, Error> {
        let mut found = BTreeMap::new();
        for (name, text) in others {
            // Errors in it were told before; a node that runs it all the same says so.
            if let Some(workflow) = maestro_workflow::check(text).workflow {
                let arns = self.machines(&compile(&workflow).definitions).await?;
                found.extend(arns.into_iter().next().map(|arn| (name.clone(), arn)));
            }
        }
        let own = self.machines(definitions).await?.into_iter().next();
        Ok(own.map(|arn| Machine { arn, others: found }))
    }

    /// Lets the stack undo what a run did, where its workflow says so.
    async fn have_undone(&self, run: &FlowRun) -> Result<(), Error> {
        let flow = Flow::load(&self.store, &self.store.flow(&run.id).await?).await?;
        if flow.workflow.dag.on_failure == OnFailure::Compensate {
            self.queues.send(&self.queue, &worker::undo(&run.id)).await.map_err(engine)?;
        }
        Ok(())
    }

    fn executions(&self, machine: &str) -> Executions {
        Executions::new(self.clients.sfn.clone(), machine)
    }

    /// How the execution stands that works on a run.
    async fn standing(&self, run: &FlowRun) -> Result<Standing, Error> {
        let Some(machine) = &run.machine else { return Ok(Standing::Absent) };
        let executions = self.executions(machine);
        executions.standing(&executions.arn(&run.execution_name())).await.map_err(engine)
    }

    async fn stop(&self, run: &FlowRun) -> Result<(), Error> {
        let Some(machine) = &run.machine else { return Ok(()) };
        let executions = self.executions(machine);
        let execution = executions.arn(&run.execution_name());
        executions.stop(&execution, Fault::Cancelled.name(), "somebody stopped the run").await.map_err(engine)
    }

    async fn start(&self, run: &FlowRun) -> Result<(), Error> {
        let machine = run.machine.as_deref().unwrap_or_default();
        self.executions(machine).start(&run.execution_name(), &json!({"run": run.id})).await.map_err(engine)?;
        Ok(())
    }

    /// Goes over to the execution that works on the run now: the stack goes on with a run of which it has seen no execution
    /// for a while, and what ours comes to is nobody's concern then.
    async fn keep_up(&self, run: &mut FlowRun) -> Result<(), Error> {
        let now = self.store.flow(&run.id).await?.run;
        if now.executions == run.executions {
            return Ok(());
        }
        self.stop(run).await?;
        if now.status == RunStatus::Running {
            // Whoever opened it for this execution may not have come to it.
            self.start(&now).await?;
        }
        *run = now;
        Ok(())
    }

    /// Follows a run's execution until it has ended, or somebody stops it.
    async fn follow(&self, run: &mut FlowRun, seen: &mut Seen<'_>, mut stop: FlowStop<'_>) -> Result<Ending, Error> {
        let every = LOOK_EVERY + LOOK_LATER * u32::try_from(run.nodes).unwrap_or(u32::MAX).min(20_000);
        let (mut looks, mut stopped) = (0_u32, false);
        loop {
            tokio::select! {
                () = &mut stop, if !stopped => {
                    stopped = true;
                    self.stop(run).await?;
                }
                () = tokio::time::sleep(every) => {}
            }
            // Asked before reading, so that what was written until then is read.
            let ask = stopped || looks.is_multiple_of(ASK_EVERY);
            if ask {
                self.keep_up(run).await?;
            }
            let standing = if ask { self.standing(run).await? } else { Standing::Running };
            looks = looks.wrapping_add(1);
            if seen.anybody() {
                seen.look(&self.store, &run.id).await?;
            }
            match standing {
                Standing::Running => {}
                Standing::Succeeded => return Ok(Ending::Done),
                Standing::Ended { error, cause } => return Ok(Ending::by(error, cause)),
                Standing::Absent => {
                    let cause = "the stack knows no such execution any more".to_owned();
                    return Ok(Ending::Failed { error: "ExecutionDoesNotExist".to_owned(), cause });
                }
            }
        }
    }

    /// How many states were entered in an execution and in those that its parts are.
    async fn entered(&self, definitions: &[compile::Definition], arns: &[String], run: &FlowRun) -> Result<u64, Error> {
        let mut entered = 0;
        let mut open = vec![(0, run.execution_name())];
        while let Some((at, name)) = open.pop() {
            let (Some(definition), Some(machine)) = (definitions.get(at), arns.get(at)) else { continue };
            let executions = self.executions(machine);
            entered += executions.transitions(&executions.arn(&name)).await.map_err(engine)?;
            for (at, part) in definitions.iter().enumerate() {
                if part.token.as_ref().is_some_and(|token| definition.asl.contains(&format!("${{{token}}}"))) {
                    open.push((at, format!("{name}-{at}")));
                }
            }
        }
        Ok(entered)
    }
}

#[async_trait]
impl FlowSite for RemoteFlows {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn store(&self) -> &Store {
        &self.store
    }

    async fn executing(&self, run: &FlowRun) -> Result<bool, Error> {
        Ok(self.standing(run).await? == Standing::Running)
    }

    async fn transitions(&self, run: &FlowRun) -> Result<Option<u64>, Error> {
        let flow = Flow::load(&self.store, &self.store.flow(&run.id).await?).await?;
        let definitions = &flow.compiled.definitions;
        let arns = match &run.machine {
            Some(machine) if definitions.len() == 1 => vec![machine.clone()],
            _ => self.machines(definitions).await?,
        };
        let mut entered = 0;
        for executions in 1..=run.executions {
            entered += self.entered(definitions, &arns, &FlowRun { executions, ..run.clone() }).await?;
        }
        Ok(Some(entered))
    }

    async fn create(&self, new: NewRun) -> Result<FlowRun, Error> {
        // A machine whose run could not be stored is there for the next one.
        let machine = self.machines_of(&compile(&new.workflow).definitions, &new.others).await?;
        let (stored, _) = lifecycle::create(&self.store, NewRun { machine, ..new }, SystemClock.now_ms()).await?;
        Ok(stored.run)
    }

    async fn resume(&self, run: &FlowRun) -> Result<FlowRun, Error> {
        if self.executing(run).await? {
            return Err(Error::Busy { run: run.id.clone() });
        }
        let flow = Flow::load(&self.store, &self.store.flow(&run.id).await?).await?;
        let mut others = BTreeMap::new();
        for (name, hash) in &run.others {
            others.insert(name.clone(), self.store.flow_text(&run.id, hash).await?);
        }
        let machine = self.machines_of(&flow.compiled.definitions, &others).await?;
        Ok(lifecycle::resume(&self.store, &run.id, machine, SystemClock.now_ms()).await?)
    }

    async fn execute(
        &self,
        run: &FlowRun,
        _: bool,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
        stop: FlowStop<'_>,
    ) -> Result<FlowEnded, Error> {
        let flow = Flow::load(&self.store, &self.store.flow(&run.id).await?).await?;
        let definitions = &flow.compiled.definitions;
        let arns = self.machines(definitions).await?;
        let mut seen = Seen { flow: &flow, known: HashMap::new(), watcher: None };
        // What earlier executions did is history.
        seen.look(&self.store, &run.id).await?;
        let mut seen = Seen { watcher, ..seen };
        let mut run = FlowRun { machine: run.machine.clone().or_else(|| arns.first().cloned()), ..run.clone() };
        self.start(&run).await?;
        let ending = self.follow(&mut run, &mut seen, stop).await?;
        let name = run.execution_name();
        let settled = lifecycle::settle(&self.store, &run.id, &name, &ending, SystemClock.now_ms()).await?;
        let transitions = self.entered(definitions, &arns, &run).await?;
        Ok(FlowEnded { run: settled, transitions, transactions: None })
    }

    async fn heard(&self, run: &FlowRun, nodes: &[&str]) -> Result<(), Error> {
        for node in nodes {
            // By then a worker that was just looking has seen it, or has put the node back.
            let sent = self.queues.send_later(&self.queue, &worker::wake(&run.id, node), SOON).await;
            sent.map_err(engine)?;
        }
        Ok(())
    }

    async fn cancel(&self, run: &FlowRun, _: mpsc::UnboundedSender<FlowEvent>) -> Result<FlowRun, Error> {
        let cancelled = lifecycle::cancel(&self.store, &run.id, SystemClock.now_ms()).await?;
        if self.executing(run).await? {
            self.stop(run).await?;
        }
        self.have_undone(run).await?;
        Ok(cancelled)
    }

    async fn undo(&self, run: &FlowRun, _: mpsc::UnboundedSender<FlowEvent>) -> Result<FlowRun, Error> {
        let ended = self.store.flow(&run.id).await?.run;
        ended.undo().map_err(Error::Illegal)?;
        self.have_undone(run).await?;
        Ok(ended)
    }

    async fn delete(&self, run: &FlowRun) -> Result<(), Error> {
        if self.executing(run).await? {
            return Err(Error::Busy { run: run.id.clone() });
        }
        Ok(self.store.delete_flow(&run.id, SystemClock.now_ms()).await?)
    }
}

fn engine(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Engine(Box::new(error))
}

/// What was told of a run's nodes: how their rows stood at the last look.
struct Seen<'a> {
    flow: &'a Flow,
    known: HashMap<u32, (NodeState, u32)>,
    watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
}

impl Seen<'_> {
    /// Whether anybody is told.
    const fn anybody(&self) -> bool {
        self.watcher.is_some()
    }

    /// Tells what became of nodes since the last look.
    async fn look(&mut self, store: &Store, run: &RunId) -> Result<(), Error> {
        for (key, stored) in store.nodes(run).await? {
            let NodeKey::Node(at) = key else { continue };
            let row = stored.row;
            let stands = (row.state, row.fence);
            // A claim that is given on or made longer is the same claim.
            let kind = |(state, fence): &(NodeState, u32)| (std::mem::discriminant(state), *fence);
            let before = self.known.get(&at);
            if before.is_some_and(|before| kind(before) == kind(&stands)) {
                continue;
            }
            let node = self.flow.id(at).to_owned();
            let began = before.is_some_and(|(state, _)| matches!(state, NodeState::Claimed { .. }));
            let event = match &stands.0 {
                NodeState::Claimed { .. } if !began => Some(FlowEvent::Started { node }),
                NodeState::Failed(failure) => Some(FlowEvent::Failed { node, failure: failure.clone() }),
                NodeState::Complete(outcome) => match row.not_undone {
                    Some(failure) => Some(FlowEvent::NotCompensated { node, failure }),
                    None => Some(FlowEvent::Completed { node, status: outcome.status }),
                },
                NodeState::Compensated => Some(FlowEvent::Compensated { node }),
                NodeState::Claimed { .. } | NodeState::Waiting | NodeState::Parked | NodeState::Undoing { .. } => None,
            };
            self.known.insert(at, stands);
            if let (Some(watcher), Some(event)) = (&self.watcher, event) {
                // Nobody watches any more: that is no concern of the run.
                let _gone = watcher.send(event);
            }
        }
        Ok(())
    }
}
