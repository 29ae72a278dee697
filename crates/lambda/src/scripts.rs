//! Scripts of nodes, on a stack: jobs of the referee. The node is given back meanwhile; whoever settles the job wakes it.

use crate::{Host, children::look_again_ms};
use async_trait::async_trait;
use maestro_domain::{
    ContentHash, JobRow, JobSpec, JobState, NodeFailure, Waiter,
    job::{Asked, bounds},
    with_causes,
};
use maestro_flows::{Fault, Ran, Script, Scripts, worker};
use maestro_ports::{
    Clock, JobDispatcher,
    referee::{Limits, Outcome},
};
use maestro_store::Store;
use std::sync::Arc;

/// Asks for them.
pub(crate) struct AskedFor {
    store: Store,
    clock: Arc<dyn Clock>,
    jobs: Arc<dyn JobDispatcher>,
    /// The queue of nodes.
    queue: String,
}

impl AskedFor {
    pub(crate) fn of(host: &Host) -> Self {
        let platform = host.platform();
        let (store, clock, jobs) = (platform.store.clone(), Arc::clone(&platform.clock), Arc::clone(&platform.jobs));
        Self { store, clock, jobs, queue: host.node_queue().to_owned() }
    }
}

#[async_trait]
impl Scripts for AskedFor {
    async fn run(&self, script: Script) -> Result<Ran, NodeFailure> {
        let Script { run, starter, since_ms, mut job } = script;
        // What failed may do better another time; within an attempt it is the same job, however often it is looked for.
        job.name = format!("{} since {since_ms}", job.name);
        job.limits = Limits { wall_ms: bounds::LONGEST_S * 1_000, cpu_s: bounds::LONGEST_S, ..job.limits };
        let spec: JobSpec = job.spec();
        let id = spec.id();
        let failed = |error: maestro_store::Error| Fault::Store.because(with_causes(&error));
        let later = || Ok(Ran::Later { at_ms: self.clock.now_ms().saturating_add(look_again_ms(&starter)) });
        let message = worker::wake(&run, &starter.node);
        let waiter = Waiter { queue: self.queue.clone(), message, jobs: vec![id.clone()] };
        match self.store.job(&run, &id).await.map_err(failed)? {
            Some(row) if row.open() && row.waits(&waiter) => return later(),
            Some(row) if !row.open() => return ended(row),
            _ => {}
        }
        // The row is committed before anybody is asked, so that what is lost afterwards is found.
        self.store.put_workspace(&run, &job.workspace, false).await.map_err(failed)?;
        self.store.put_blob(&run, spec.document().as_bytes()).await.map_err(failed)?;
        let files = job.workspace.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        let workspace = ContentHash::of_parts(files);
        let asked = self.store.ask_job(&run, &spec, &workspace, &waiter, self.clock.now_ms()).await.map_err(failed)?;
        if let Asked::Write { dispatch: true, .. } = asked {
            let asked = self.jobs.dispatch(&run, &id).await;
            asked.map_err(|error| Fault::Referee.because(with_causes(&error)))?;
        }
        later()
    }
}

/// What a job came to that is over.
fn ended(row: JobRow) -> Result<Ran, NodeFailure> {
    match row.state {
        JobState::Done { evidence } => {
            let (stdout, stderr) = row
                .printed
                .map(|printed| (printed.stdout.into_bytes(), printed.stderr.into_bytes()))
                .unwrap_or_default();
            Ok(Ran::Ended(Box::new(Outcome { evidence: *evidence, stdout, stderr })))
        }
        JobState::Failed { cause } => Err(Fault::Referee.because(cause)),
        JobState::Requested { .. } => Err(Fault::Referee.because("the job is still open")),
    }
}
