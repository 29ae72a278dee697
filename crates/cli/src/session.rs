//! One execution of a run under the user's eyes: progress, signals, the end. Shared by `execute` and `runs resume`.

use crate::{
    home,
    output::Output,
    progress::Progress,
    stop::{Exit, Stop},
    summary::{Figures, Summary},
};
use maestro_domain::{Event, Run};
use maestro_embedded::{Ended, Hive, SystemClock};
use maestro_ports::Clock;
use std::{path::PathBuf, time::Duration};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, oneshot},
};

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
    pub(crate) hive: &'a Hive,
    pub(crate) view: View,
    pub(crate) compensate: bool,
    /// The run's log.
    pub(crate) log: PathBuf,
}

impl Session<'_> {
    /// Executes a run that was created or resumed, to its end.
    pub(crate) async fn work(self, run: Run) -> Result<Exit, Stop> {
        let now = SystemClock.now_ms();
        let mut progress = Progress::new(self.output, &run.epic, self.view.quiet, now);
        let (events, seen) = mpsc::unbounded_channel();
        let (told, notes) = mpsc::unbounded_channel();
        let (over, ended) = oneshot::channel();
        let stop = stop_signal(told)?;
        let watching = tokio::spawn(async move {
            watch(&mut progress, seen, notes, ended).await;
        });
        tracing::info!(run = %run.id, epic = %run.epic, model = %run.model, out = %run.out, "execution starts");
        let executed = self.hive.execute(&run.id, self.compensate, Some(events), Box::pin(stop)).await;
        // Whoever watches may be gone already; then there is nothing to wait for.
        let _gone = over.send(());
        let _gone = watching.await;
        self.close(run, executed).await
    }

    async fn close(&self, run: Run, executed: Result<Ended, maestro_embedded::Error>) -> Result<Exit, Stop> {
        let (run, figures) = match executed {
            Ok(ended) => {
                let figures = Figures { wall: ended.wall, orchestration: ended.orchestration };
                (ended.run, figures)
            }
            Err(error) => {
                let stop = Stop::from_error(Exit::Failed, &error);
                tracing::error!(error = %stop.message, causes = ?stop.causes, "execution broke off");
                self.output.stop(&stop.help(format!(
                    "go on with `maestro runs resume {}`; log: {}",
                    run.id,
                    self.log.display()
                )));
                if self.view.json {
                    self.output.json(&Summary::broken(&run).line());
                }
                return Ok(Exit::Failed);
            }
        };
        let summary = Summary::read(self.hive, run, figures).await.map_err(|error| home::failed(&error))?;
        summary.log();
        if self.view.json {
            self.output.json(&summary.line());
        } else {
            summary.show(self.output, &self.log);
        }
        summary.advise(self.output);
        Ok(summary.exit())
    }
}

/// Shows events as they come until the execution is over, then what is left of them.
async fn watch(
    progress: &mut Progress,
    mut seen: mpsc::UnboundedReceiver<Event>,
    mut notes: mpsc::UnboundedReceiver<String>,
    mut over: oneshot::Receiver<()>,
) {
    let mut redraw = tokio::time::interval(REDRAW_EVERY);
    redraw.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let show = |progress: &mut Progress, event: Event| {
        tracing::info!(event = %serde_json::to_string(&event).unwrap_or_default());
        progress.event(SystemClock.now_ms(), &event);
    };
    loop {
        tokio::select! {
            biased;
            Some(event) = seen.recv() => show(progress, event),
            Some(note) = notes.recv() => progress.say(&note),
            _ = &mut over => break,
            _ = redraw.tick() => progress.tick(SystemClock.now_ms()),
        }
    }
    while let Ok(event) = seen.try_recv() {
        show(progress, event);
    }
    progress.end(SystemClock.now_ms());
}

/// Comes back at the first Ctrl-C or SIGTERM; at the second the process ends at once.
fn stop_signal(told: mpsc::UnboundedSender<String>) -> Result<impl Future<Output = ()> + Send, Stop> {
    let listen = |kind| signal(kind).map_err(|error| Stop::from_error(Exit::Failed, &error));
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(async move {
        either(&mut interrupt, &mut terminate).await;
        tracing::warn!("asked to stop");
        let _nobody_listens = told.send("stopping; once more ends at once".to_owned());
        let _over_already = stop.send(());
        either(&mut interrupt, &mut terminate).await;
        std::process::exit(Exit::Interrupted as i32);
    });
    Ok(async move {
        if stopped.await.is_err() {
            // No listener, no signal.
            std::future::pending::<()>().await;
        }
    })
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
