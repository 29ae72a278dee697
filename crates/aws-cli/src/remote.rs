//! A deployed stack as a site: its state machine executes runs, this process starts, follows and stops them.

use crate::busy::Busy;
use async_trait::async_trait;
use maestro_aws::{Clients, Counter, DynamoTable, Executions, S3Blobs, S3Deliverables, executions::Standing};
use maestro_cli::site::{Error, Site};
use maestro_domain::{Event, Phase, Run, RunId, Spending, TenantId, task::MadeBy};
use maestro_embedded::{Ended, FolderDeliverables, Stop, SystemClock};
use maestro_ports::{Clock, Deliverables};
use maestro_sdlc::lifecycle::{self, Ending, NewRun};
use maestro_store::Store;
use maestro_workflow::Scope;
use serde_json::json;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::mpsc;

/// How often the journal is read.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// After how many looks the execution itself is asked for, which Step Functions allows less often. Once the journal says
/// that the run ended, every time: then it is a matter of moments.
const ASK_EVERY: u32 = 5;
const PAGE: usize = 500;
/// Who calls, where that is no function.
const COMMAND: &str = "maestro-aws";
/// The error of an execution that was stopped for the user; the same name as on the embedded engine.
const STOPPED: &str = "Maestro.Cancelled";

/// What a stack gives out.
pub(crate) struct Resources<'a> {
    pub(crate) table: &'a str,
    pub(crate) bucket: &'a str,
    pub(crate) life_cycle: &'a str,
    pub(crate) phase: &'a str,
}

/// A deployed stack.
pub(crate) struct Remote {
    name: String,
    store: Store,
    executions: Executions,
    phases: Executions,
    calls: Counter,
    /// Whether histories leave out that states inside of maps were entered.
    thin_history: bool,
    deliverables: S3Deliverables,
    folder: FolderDeliverables,
}

impl Remote {
    /// The stack with these resources.
    pub(crate) fn new(
        name: String,
        clients: &Clients,
        resources: &Resources<'_>,
        tenant: TenantId,
        force: bool,
        thin_history: bool,
    ) -> Self {
        let rows = DynamoTable::new(clients.dynamodb.clone(), resources.table);
        let blobs = S3Blobs::new(clients.s3.clone(), resources.bucket);
        Self {
            name,
            store: Store::new(Arc::new(rows), Arc::new(blobs), tenant),
            executions: Executions::new(clients.sfn.clone(), resources.life_cycle),
            phases: Executions::new(clients.sfn.clone(), resources.phase),
            calls: clients.calls.clone(),
            thin_history,
            deliverables: S3Deliverables::new(clients.s3.clone(), resources.bucket),
            folder: FolderDeliverables { force },
        }
    }

    async fn standing(&self, run: &Run) -> Result<Standing, Error> {
        let execution = self.executions.arn(&run.execution_name());
        self.executions.standing(&execution).await.map_err(|error| Error::Engine(Box::new(error)))
    }

    async fn stop(&self, run: &Run) -> Result<(), Error> {
        let execution = self.executions.arn(&run.execution_name());
        let stopped = self.executions.stop(&execution, STOPPED, "somebody cancelled the run").await;
        stopped.map_err(|error| Error::Engine(Box::new(error)))
    }

    /// Follows the execution until it has ended, or somebody stops it.
    async fn follow(&self, run: &Run, heard: &mut Heard<'_>, mut stop: Stop<'_>) -> Result<Ending, Error> {
        let (mut looks, mut stopped) = (0, false);
        loop {
            tokio::select! {
                () = &mut stop, if !stopped => {
                    stopped = true;
                    self.stop(run).await?;
                }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            // Asked before reading, so that what was written until then is read.
            let ask = looks % ASK_EVERY == 0 || stopped || heard.ended;
            let standing = if ask { self.standing(run).await? } else { Standing::Running };
            looks += 1;
            self.hear(&run.id, heard).await?;
            match standing {
                Standing::Running => {}
                Standing::Succeeded => return Ok(Ending::Done),
                Standing::Ended { error, .. } if error == STOPPED => return Ok(Ending::Stopped),
                Standing::Ended { error, cause } => return Ok(Ending::Failed { error, cause }),
                Standing::Absent => {
                    let cause = "the stack knows no such execution any more".to_owned();
                    return Ok(Ending::Failed { error: "ExecutionDoesNotExist".to_owned(), cause });
                }
            }
        }
    }

    /// Passes on what the journal got since the last time.
    async fn hear(&self, run: &RunId, heard: &mut Heard<'_>) -> Result<(), Error> {
        loop {
            let entries = self.store.events(run, heard.sequence, PAGE).await?;
            let whole = entries.len() == PAGE;
            for entry in entries {
                heard.sequence = entry.sequence;
                let at_ms = entry.event.get("at_ms").and_then(serde_json::Value::as_u64).unwrap_or_default();
                // An event of a newer maestro is none that could be shown.
                if let Some(event) = entry.event.get("event")
                    && let Ok(event) = serde_json::from_value::<Event>(event.clone())
                {
                    heard.busy.event(at_ms, &event);
                    heard.ended |= matches!(event, Event::RunEnded { .. });
                    if let Some(watcher) = heard.watcher {
                        // Nobody watches any more: that is no concern of the run.
                        let _gone = watcher.send(event);
                    }
                }
            }
            if !whole {
                return Ok(());
            }
        }
    }

    /// Writes an event of this process to the journal, where everybody finds it.
    async fn tell(&self, run: &RunId, event: Event) -> Result<(), Error> {
        self.store.append(run, &json!({"at_ms": SystemClock.now_ms(), "event": event})).await?;
        Ok(())
    }

    /// Writes down what this process has called for a run: somebody pays for that, too.
    async fn settle_up(&self, run: &RunId, execution: &str) -> Result<(), Error> {
        let by = MadeBy { function: COMMAND.to_owned(), request: format!("{COMMAND} {execution}") };
        let (memory_mib, billed_ms, logged_bytes) = (0, 0, 0);
        let (processor, calls) = (std::env::consts::ARCH.to_owned(), self.calls.so_far());
        let spending = Spending { by, memory_mib, billed_ms, processor, logged_bytes, calls };
        Ok(self.store.record_spending(run, &spending).await?)
    }

    /// Puts what the run handed over into the folder that it names on this machine.
    async fn fetch(&self, run: &Run) -> Result<(), Error> {
        let Some(files) = self.deliverables.fetch(self.store.tenant(), run).await? else { return Ok(()) };
        self.folder.publish(self.store.tenant(), run, files).await?;
        Ok(())
    }
}

/// How much of a journal was heard.
struct Heard<'a> {
    sequence: u64,
    busy: Busy,
    /// Whether the run is said to have ended.
    ended: bool,
    watcher: Option<&'a mpsc::UnboundedSender<Event>>,
}

#[async_trait]
impl Site for Remote {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn store(&self) -> &Store {
        &self.store
    }

    async fn executing(&self, run: &Run) -> Result<bool, Error> {
        Ok(self.standing(run).await? == Standing::Running)
    }

    async fn transitions(&self, run: &Run) -> Result<Option<u64>, Error> {
        let mut entered = 0;
        for number in 1..=run.executions {
            let name = Run { executions: number, ..run.clone() }.execution_name();
            let engine = |error| Error::Engine(Box::new(error));
            entered += self.executions.transitions(&self.executions.arn(&name)).await.map_err(engine)?;
            for phase in Phase::ALL {
                let execution = self.phases.arn(&format!("{name}-{phase}"));
                entered += self.phases.transitions(&execution).await.map_err(engine)?;
            }
        }
        if self.thin_history {
            // Of what goes on inside of maps it tells the tasks, but not the waves.
            let scope = Scope::find(&run.scope).map_err(|why| Error::Engine(why.into()))?;
            let gates = self.store.gates(&run.id).await?;
            let waves: usize = gates.iter().map(|gate| scope.waves(gate.phase).len()).sum();
            entered += u64::try_from(waves).unwrap_or(u64::MAX);
        }
        Ok(Some(entered))
    }

    async fn create(&self, new: NewRun) -> Result<Run, Error> {
        self.folder.check(Path::new(&new.out), None)?;
        Ok(lifecycle::create(&self.store, new, SystemClock.now_ms()).await?)
    }

    async fn resume(&self, run: &Run) -> Result<Run, Error> {
        if self.executing(run).await? {
            return Err(Error::Busy { run: run.id.clone() });
        }
        Ok(lifecycle::resume(&self.store, &run.id, SystemClock.now_ms()).await?)
    }

    async fn execute(
        &self,
        run: &RunId,
        compensate: bool,
        watcher: mpsc::UnboundedSender<Event>,
        stop: Stop<'_>,
    ) -> Result<Ended, Error> {
        let started = Instant::now();
        let run = self.store.run(run).await?.run;
        // What earlier executions had to say is history.
        let mut heard = Heard { sequence: 0, busy: Busy::default(), ended: false, watcher: None };
        self.hear(&run.id, &mut heard).await?;
        heard = Heard { busy: Busy::default(), ended: false, watcher: Some(&watcher), ..heard };
        let name = run.execution_name();
        self.tell(&run.id, Event::ExecutionStarted { execution: name.clone() }).await?;
        let input = json!({"run": run.id, "on_failure": if compensate { "compensate" } else { "keep" }});
        self.executions.start(&name, &input).await.map_err(|error| Error::Engine(Box::new(error)))?;
        let ending = self.follow(&run, &mut heard, stop).await?;
        let (settled, ended_here) =
            lifecycle::settle(&self.store, &run.id, &name, &ending, SystemClock.now_ms()).await?;
        if ended_here {
            self.tell(&run.id, Event::RunEnded { status: settled.status }).await?;
        }
        self.hear(&run.id, &mut heard).await?;
        self.fetch(&settled).await?;
        self.settle_up(&run.id, &name).await?;
        let wall = started.elapsed();
        Ok(Ended { run: settled, wall, orchestration: wall.saturating_sub(heard.busy.total()) })
    }

    async fn cancel(&self, run: &Run) -> Result<Run, Error> {
        let cancelled = lifecycle::cancel(&self.store, &run.id, SystemClock.now_ms()).await?;
        if self.executing(run).await? {
            self.stop(run).await?;
        }
        Ok(cancelled)
    }

    async fn delete(&self, run: &Run) -> Result<(), Error> {
        if self.executing(run).await? {
            return Err(Error::Busy { run: run.id.clone() });
        }
        Ok(self.store.delete_run(&run.id, true).await?)
    }
}
