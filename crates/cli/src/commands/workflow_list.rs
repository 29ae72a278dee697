//! `maestro workflow list`: runs of workflows, newest first.

use super::runs_list::time;
use crate::{
    context::Context,
    flows,
    stop::{Exit, Stop},
    table,
};
use serde_json::json;

/// Arguments of `workflow list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The most runs to list
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Prints one JSON array
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let site = context.flows().await?;
    let mut runs = Vec::new();
    if let Some(site) = &site {
        for run in flows::list(site.store(), limit).await? {
            let standing = flows::standing(&**site, &run).await;
            runs.push((run, standing));
        }
    }
    if args.json {
        let told: Vec<_> = runs
            .iter()
            .map(|(run, standing)| {
                json!({
                    "run": run.id, "name": run.name, "dag_id": run.dag_id, "status": standing, "reason": run.reason,
                    "nodes": run.nodes, "executions": run.executions, "created_ms": run.created_ms,
                    "changed_ms": run.changed_ms,
                })
            })
            .collect();
        output.json(&told);
        return Ok(Exit::Ok);
    }
    if runs.is_empty() {
        output.note(format!("no runs of workflows in `{}`", context.config.home.display()));
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["run", "status", "started", "workflow"]);
    for (run, standing) in &runs {
        let status =
            run.reason.as_ref().map_or((*standing).to_owned(), |reason| format!("{standing} ({})", reason.code));
        let title = run.name.as_ref().map_or(run.dag_id.clone(), |name| format!("{} ({name})", run.dag_id));
        table.add_row([run.id.as_str(), &status, &time(run.created_ms), &title]);
    }
    table::print(output, &table);
    Ok(Exit::Ok)
}
