//! `maestro runs rework`: a person grants one more round of rework where a gate asks for it, with a word to those who rework.

use crate::{
    context::Context,
    site,
    stop::{Exit, Stop},
};
use maestro_embedded::SystemClock;
use maestro_ports::Clock;
use maestro_screen::Kind;
use maestro_sdlc::lifecycle::{self, NotGranted};
use serde_json::json;

/// Bytes that a note may have: every persona that reworks reads it.
const NOTE: usize = 4_000;

/// Arguments of `runs rework`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Who grants it; it is kept with the run
    #[arg(long, value_name = "NAME")]
    by: String,
    /// What those who rework should know or do
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { on, output, .. } = *context;
    let by = args.by.trim();
    if by.is_empty() {
        return Err(Stop::unusable("`--by` must name who grants it"));
    }
    let note = args.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if let Some(note) = note {
        check(note)?;
    }
    let (there, stored) = context.find(&args.run).await?;
    let run = &stored.run;
    let granted = lifecycle::rework(there.store(), &run.id, by, note, SystemClock.now_ms()).await;
    let round = granted.map_err(|error| match &error {
        NotGranted::NoRound { .. } => {
            Stop::from_error(Exit::Unusable, &error).help(format!("`maestro runs show {}` shows its gates", run.id))
        }
        NotGranted::Store(error) => site::failed(error),
    })?;
    if args.json {
        output.json(&json!({"run": run.id, "round": round}));
        return Ok(Exit::Ok);
    }
    output.line(format!("the {} phase has one more round of rework", round.phase));
    output.line(format!("go on with `{}`", on.resume(&run.id)));
    Ok(Exit::Ok)
}

/// A note goes into prompts and into the record, so it is short and holds no secret.
fn check(note: &str) -> Result<(), Stop> {
    if note.len() > NOTE {
        return Err(Stop::unusable(format!("the note has {} bytes; {NOTE} is the most", note.len())));
    }
    let report =
        maestro_screen::screen(note).map_err(|why| Stop::unusable(format!("the note cannot be read: {why}")))?;
    if report.findings.iter().any(|finding| finding.kind == Kind::Secret) {
        return Err(Stop::unusable("the note holds a secret: it would reach a model and the record"));
    }
    Ok(())
}
