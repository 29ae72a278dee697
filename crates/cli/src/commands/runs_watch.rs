//! `maestro runs watch`: follows the journal of a run until the run ends, whichever process executes it.

use crate::{
    context::Context,
    output::Output,
    progress::Progress,
    site::{self, On},
    stop::{Exit, Stop},
    summary,
};
use maestro_domain::{Event, RunId, RunStatus};
use maestro_embedded::SystemClock;
use maestro_ports::Clock;
use serde::Deserialize;
use std::time::Duration;

/// Arguments of `runs watch`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: those of the run; 1 when the process that executed it died.")]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Prints each event as one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Entry {
    at_ms: u64,
    event: Event,
}

const LOOK_EVERY: Duration = Duration::from_millis(200);
const PAGE: usize = 500;

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { on, output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let id = stored.run.id.clone();
    let mut progress = Progress::new(output, &stored.run, args.json, stored.run.created_ms);
    let (mut seen, mut last_ms) = (0, stored.run.created_ms);
    loop {
        // Asked before reading, so that what was written until then is read.
        let now = there.store().run(&id).await.map_err(|error| site::failed(&error))?.run;
        let over = now.status.terminal() || site::interrupted(&*there, &now).await;
        loop {
            let entries = there.store().events(&id, seen, PAGE).await.map_err(|error| site::failed(&error))?;
            let whole = entries.len() == PAGE;
            for entry in entries {
                seen = entry.sequence;
                if args.json {
                    output.json(&entry.event);
                }
                // An event of a newer maestro is none that could be shown.
                if let Ok(Entry { at_ms, event }) = serde_json::from_value(entry.event) {
                    last_ms = at_ms;
                    progress.event(at_ms, &event);
                }
            }
            if !whole {
                break;
            }
        }
        if over {
            progress.end(last_ms);
            return Ok(end(now.status, &id, on, args, output));
        }
        progress.tick(SystemClock.now_ms());
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn end(status: RunStatus, id: &RunId, on: On, args: &Args, output: &Output) -> Exit {
    if status == RunStatus::Running {
        output.note(format!("the process that executed run `{id}` died; go on with `{}`", on.resume(id)));
    } else if !args.json {
        output.line(format!("run `{id}` ended: {}", status.id()));
    }
    summary::exit(status)
}
