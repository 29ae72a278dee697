//! `maestro runs list`.

use crate::{
    context::Context,
    site::{self, Site},
    stop::{Exit, Stop},
    summary::Deliverable,
    table,
};
use jiff::{Timestamp, tz::TimeZone};
use maestro_domain::RunId;
use maestro_store::StoredRun;
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `runs list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Prints one JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    run: &'a RunId,
    epic: &'a str,
    status: &'static str,
    reason: Option<&'a str>,
    model: &'a str,
    scope: &'a str,
    deliverable: Option<PathBuf>,
    created_ms: u64,
    changed_ms: u64,
}

impl<'a> Row<'a> {
    async fn new(there: &dyn Site, stored: &'a StoredRun) -> Self {
        let run = &stored.run;
        Self {
            run: &run.id,
            epic: &run.epic,
            status: site::standing(there, stored).await,
            reason: run.reason.as_ref().map(|reason| reason.code.as_str()),
            model: &run.model,
            scope: &run.scope,
            deliverable: Deliverable::of(run).map(|deliverable| deliverable.place),
            created_ms: run.created_ms,
            changed_ms: run.changed_ms,
        }
    }
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { config, output, .. } = *context;
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let there = context.existing().await?;
    let mut runs: Vec<StoredRun> = Vec::new();
    let mut rows = Vec::new();
    if let Some(there) = there.as_deref() {
        let mut after = None;
        while runs.len() < limit {
            let page = there.store().runs(after.as_deref(), limit - runs.len()).await;
            let page = page.map_err(|error| site::failed(&error))?;
            runs.extend(page.runs);
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        for stored in &runs {
            rows.push(Row::new(there, stored).await);
        }
    }
    if args.json {
        output.json(&rows);
        return Ok(Exit::Ok);
    }
    if rows.is_empty() {
        let place = there.map_or_else(|| config.home.display().to_string(), |there| there.name());
        output.note(format!("no runs in `{place}`"));
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["run", "status", "started", "epic"]);
    for row in &rows {
        let status = row.reason.map_or(row.status.to_owned(), |reason| format!("{} ({reason})", row.status));
        table.add_row([row.run.as_str(), &status, &time(row.created_ms), row.epic]);
    }
    table::print(output, &table);
    Ok(Exit::Ok)
}

/// A time as a clock on the wall here shows it.
pub(crate) fn time(ms: u64) -> String {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default();
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
