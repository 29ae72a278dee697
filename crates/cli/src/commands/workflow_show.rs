//! `maestro workflow show`: one run with its nodes, as a table, in time, or as a picture.

use super::{runs_list::time, workflow_watch::standing};
use crate::{
    context::Context,
    flows::{self, Counts},
    gantt, site,
    stop::{Exit, Stop},
    table,
};
use clap::ValueEnum;
use maestro_domain::{NodeRow, NodeState, recovery::Record};
use maestro_workflow::graph::Ix;
use serde_json::{Value, json};

/// Arguments of `workflow show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Shows when each node ran
    #[arg(long)]
    gantt: bool,
    /// What to print; `svg` is a picture of when each node ran
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "json")]
    format: Format,
    /// Prints one JSON object, with what nodes handed over
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// A picture.
    Svg,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    let (site, run) = context.find_flow(&args.run).await?;
    let workflow = flows::workflow(site.store(), &run).await?;
    let rows = flows::rows(site.store(), &run.id).await?;
    let bars: Vec<gantt::Bar> = rows
        .iter()
        .filter_map(|(node, row)| {
            let from_ms = row.started_ms?;
            let to_ms = row.outcome().map(|outcome| outcome.at_ms);
            Some(gantt::Bar { name: workflow.id(Ix(*node)).to_owned(), from_ms, to_ms, stands: standing(&row.state) })
        })
        .collect();
    if args.format == Format::Svg {
        output.line(gantt::svg(&run.dag_id, &bars).trim_end());
        return Ok(Exit::Ok);
    }
    let stands = flows::standing(&*site, &run).await;
    let counts = Counts::of(rows.iter().map(|(_, row)| row));
    if args.json {
        let mut nodes = Vec::with_capacity(rows.len());
        for (node, row) in &rows {
            nodes.push(told(site.store(), &run.id, workflow.id(Ix(*node)), row).await?);
        }
        let recoveries: Vec<Record> = site.store().recoveries(&run.id).await.map_err(|error| site::failed(&error))?;
        output.json(&json!({
            "run": run.id, "name": run.name, "dag_id": run.dag_id, "status": stands, "reason": run.reason,
            "executions": run.executions, "created_ms": run.created_ms, "changed_ms": run.changed_ms,
            "total": run.nodes, "counts": counts, "nodes": nodes, "recoveries": recoveries,
        }));
        return Ok(Exit::Ok);
    }
    let paint = output.out();
    output.line(format!(
        "{} {} is {stands}: {} of {} nodes complete, started {}",
        paint.bold(&run.dag_id),
        run.id,
        counts.succeeded + counts.skipped,
        run.nodes,
        time(run.created_ms)
    ));
    if let Some(reason) = &run.reason {
        output.line(format!("  {}: {}", reason.code, reason.message));
    }
    if args.gantt {
        gantt::text(&bars, output.columns().unwrap_or(100)).iter().for_each(|line| output.line(line));
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["node", "stands", "took", "claims", "why"]);
    for (node, row) in rows.iter().filter(|(_, row)| row.state != NodeState::Waiting) {
        let took = row.started_ms.zip(row.outcome()).map(|(from, outcome)| outcome.at_ms.saturating_sub(from));
        let why = failure(row).map(|failure| format!("{}: {}", failure.error, failure.cause)).unwrap_or_default();
        let (took, claims) = (took.map(|ms| format!("{ms} ms")).unwrap_or_default(), row.fence.to_string());
        table.add_row([workflow.id(Ix(*node)), standing(&row.state), &took, &claims, &why]);
    }
    table::print(output, &table);
    Ok(Exit::Ok)
}

/// Why a node failed, or could not be undone.
fn failure(row: &NodeRow) -> Option<&maestro_domain::NodeFailure> {
    match &row.state {
        NodeState::Failed(failure) => Some(failure),
        _ => row.not_undone.as_ref(),
    }
}

async fn told(
    store: &maestro_store::Store,
    run: &maestro_domain::RunId,
    id: &str,
    row: &NodeRow,
) -> Result<Value, Stop> {
    let output = match row.outcome() {
        Some(outcome) => store.output(run, &outcome.output).await.map_err(|error| site::failed(&error))?,
        None => None,
    };
    Ok(json!({
        "node": id,
        "status": standing(&row.state),
        "started_ms": row.started_ms,
        "completed_ms": row.outcome().map(|outcome| outcome.at_ms),
        "claims": row.fence,
        "output": output,
        "failure": failure(row),
    }))
}
