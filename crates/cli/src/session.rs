//! One execution of a run under the user's eyes: progress, signals, the end. Shared by `execute` and `runs resume`.

use crate::{
    output::Output,
    progress::Progress,
    signals::Signals,
    site::{self, Error, On, Site},
    stop::{Exit, Stop},
    summary::{Figures, STORE_FULL, Summary},
};
use maestro_domain::{Event, Run, RunStatus};
use maestro_embedded::{Ended, SystemClock};
use maestro_ports::Clock;
use std::{path::PathBuf, time::Duration};
use tokio::sync::{mpsc, oneshot};

const REDRAW_EVERY: Duration = Duration::from_millis(100);

/// How an execution is shown.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct View {
    /// Prints one line of JSON at the end, and nothing else to standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Shows no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// Everything an execution needs.
pub(crate) struct Session<'a> {
    pub(crate) output: &'a Output,
    pub(crate) on: On,
    pub(crate) site: &'a dyn Site,
    pub(crate) view: View,
    pub(crate) compensate: bool,
    /// The run's log.
    pub(crate) log: PathBuf,
    pub(crate) signals: Signals,
}

/// Prepares an execution; asked to stop meanwhile, there is nothing to end and nothing is created.
pub(crate) async fn prepare<T>(
    signals: &Signals,
    preparing: impl Future<Output = Result<T, Stop>>,
) -> Result<Option<T>, Stop> {
    tokio::select! {
        prepared = preparing => prepared.map(Some),
        () = signals.reached(1) => Ok(None),
    }
}

impl Session<'_> {
    /// Executes a run that was created or resumed, to its end.
    pub(crate) async fn work(self, run: Run) -> Result<Exit, Stop> {
        let now = SystemClock.now_ms();
        let mut progress = Progress::new(self.output, &run, self.view.quiet, now);
        let (events, seen) = mpsc::unbounded_channel();
        let (over, ended) = oneshot::channel();
        let signals = self.signals.clone();
        let watching = tokio::spawn(async move {
            watch(&mut progress, seen, signals, ended).await;
        });
        tracing::info!(run = %run.id, epic = %run.epic, model = %run.model, out = %run.out, "execution starts");
        let stop = Box::pin(self.signals.reached(1));
        let executed = tokio::select! {
            executed = self.site.execute(&run.id, self.compensate, events, stop) => Some(executed),
            () = self.signals.reached(2) => None,
        };
        // Whoever watches may be gone already; then there is nothing to wait for.
        let _gone = over.send(());
        let _gone = watching.await;
        match executed {
            Some(executed) => self.close(run, executed).await,
            None => {
                let line = Summary::unread(self.on, &run, RunStatus::Cancelled, "cancelled");
                if self.view.json {
                    self.output.json(&line.line());
                }
                line.advise(self.output, &self.log);
                Ok(Exit::Interrupted)
            }
        }
    }

    async fn close(&self, run: Run, executed: Result<Ended, Error>) -> Result<Exit, Stop> {
        let (run, figures) = match executed {
            Ok(ended) => {
                let figures = Figures { wall: ended.wall, orchestration: ended.orchestration };
                (ended.run, figures)
            }
            Err(error) => {
                let stop = Stop::from_error(Exit::Failed, &error);
                tracing::error!(error = %stop.message, causes = ?stop.causes, "execution broke off");
                let full = matches!(&error, Error::Store(error) if error.full());
                self.output.stop(&stop.help(format!(
                    "{} with `{}`; log: {}",
                    if full { "make room on the disk, then go on" } else { "go on" },
                    self.on.resume(&run.id),
                    self.log.display()
                )));
                if self.view.json {
                    let code = if full { STORE_FULL } else { "store" };
                    self.output.json(&Summary::unread(self.on, &run, RunStatus::Failed, code).line());
                }
                return Ok(Exit::Failed);
            }
        };
        let summary =
            Summary::read(self.site.store(), self.on, run, figures).await.map_err(|error| site::failed(&error))?;
        summary.log();
        if self.view.json {
            self.output.json(&summary.line());
        } else {
            summary.show(self.output, &self.log);
        }
        summary.advise(self.output, &self.log);
        Ok(summary.exit())
    }
}

/// Shows events as they come until the execution is over, then what is left of them.
async fn watch(
    progress: &mut Progress,
    mut seen: mpsc::UnboundedReceiver<Event>,
    signals: Signals,
    mut over: oneshot::Receiver<()>,
) {
    let mut redraw = tokio::time::interval(REDRAW_EVERY);
    redraw.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let show = |progress: &mut Progress, event: Event| {
        tracing::info!(event = %serde_json::to_string(&event).unwrap_or_default());
        progress.event(SystemClock.now_ms(), &event);
    };
    let asked = signals.reached(1);
    tokio::pin!(asked);
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            Some(event) = seen.recv() => show(progress, event),
            () = &mut asked, if !stopping => {
                stopping = true;
                progress.say("stopping; once more ends at once");
            }
            _ = &mut over => break,
            _ = redraw.tick() => progress.tick(SystemClock.now_ms()),
        }
    }
    while let Ok(event) = seen.try_recv() {
        show(progress, event);
    }
    progress.end(SystemClock.now_ms());
}
