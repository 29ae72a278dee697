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
use maestro_domain::{FlowRun, NodeRow, NodeState, recovery::Record};
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
    let inner = inner(site.store(), &run.id).await?;
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
            "runs": inner.iter().map(of_node).collect::<Vec<_>>(),
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
    for one in &inner {
        let node = one.starter.as_ref().map_or("?", |starter| starter.node.as_str());
        output.line(format!("{node} runs {} as {}, which is {}", one.dag_id, one.id, one.status.id()));
    }
    Ok(Exit::Ok)
}

/// The runs that its nodes started, in the order of their nodes' names.
async fn inner(store: &maestro_store::Store, run: &maestro_domain::RunId) -> Result<Vec<FlowRun>, Stop> {
    let mut found = Vec::new();
    for child in store.children(run).await.map_err(|error| site::failed(&error))? {
        match store.flow(&child).await {
            Ok(stored) => found.push(stored.run),
            // Somebody deletes it.
            Err(maestro_store::Error::NoRun { .. }) => {}
            Err(error) => return Err(site::failed(&error)),
        }
    }
    let node = |run: &FlowRun| run.starter.as_ref().map(|starter| starter.node.clone());
    found.sort_by(|a, b| (node(a), a.created_ms, &a.id).cmp(&(node(b), b.created_ms, &b.id)));
    Ok(found)
}

fn of_node(run: &FlowRun) -> Value {
    let starter = run.starter.as_ref();
    json!({
        "node": starter.map(|starter| &starter.node), "undoes": starter.is_some_and(|starter| starter.undoes),
        "run": run.id, "dag_id": run.dag_id, "status": run.status.id(), "reason": run.reason,
    })
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
        "undone_ms": row.undone_ms,
        "claims": row.fence,
        "output": output,
        "failure": failure(row),
    }))
}
