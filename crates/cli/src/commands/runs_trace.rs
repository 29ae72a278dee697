//! `maestro runs trace`: statement → artifacts → tests → evidence.

use crate::{
    context::Context,
    site,
    stop::{Exit, Stop},
    summary, table,
};
use maestro_domain::{TraceStatus, trace::count};
use maestro_sdlc::record;

/// Arguments of `runs trace`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Prints one JSON array
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let rows = record::trace(there.store(), &stored.run).await.map_err(|error| site::failed(&error))?;
    if args.json {
        output.json(&rows);
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["id", "status", "statement", "tests", "files"]);
    for row in &rows {
        let files = row.artifacts.len().to_string();
        table.add_row([&row.id, word(row.status), &row.text, &row.tests.len().to_string(), &files]);
    }
    table::print(output, &table);
    output.line(format!("\n{}", summary::counts(count(&rows))));
    Ok(Exit::Ok)
}

/// The word of a status.
const fn word(status: TraceStatus) -> &'static str {
    match status {
        TraceStatus::Ok => "OK",
        TraceStatus::Failed => "FAILED",
        TraceStatus::Gap => "GAP",
        TraceStatus::Orphan => "ORPHAN",
        TraceStatus::Deferred => "DEFERRED",
    }
}
