//! `maestro workflow plan`: what to expect of a run, or a picture.

use super::workflow_validate::{cannot_run, sound};
use crate::{
    output::{Output, number},
    stop::{Exit, Stop},
};
use clap::ValueEnum;
use maestro_workflow::{Plan, Workflow, compile::compile, draw, plan};
use serde::Serialize;
use std::{path::PathBuf, time::Duration};

/// How many names of a long critical path people are shown.
const SHOWN: usize = 12;

/// Arguments of `workflow plan`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file with a workflow in YAML or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "json")]
    format: Format,
    /// How many seconds a node takes that does not say so by `expected_seconds`
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=99_999_999))]
    assume: u64,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// What to expect, in words.
    Text,
    /// A flowchart in Mermaid.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A picture.
    Svg,
}

#[derive(Serialize)]
struct Told<'a> {
    dag_id: &'a str,
    nodes: usize,
    dependencies: usize,
    critical_path: Vec<&'a str>,
    makespan_ms: u64,
    width: usize,
    assumed: usize,
    gated: usize,
    definitions: usize,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let workflow = sound(&args.file, output)?;
    let plan = plan(&workflow, args.assume);
    match args.format {
        Format::Text => {}
        Format::Mermaid => output.line(draw::mermaid(&workflow, &plan).trim_end()),
        Format::Dot => output.line(draw::dot(&workflow, &plan).trim_end()),
        Format::Svg => output.line(draw::svg(&workflow, &plan).trim_end()),
    }
    if args.format != Format::Text {
        return Ok(Exit::Ok);
    }
    let told = told(&workflow, &plan);
    if args.json {
        output.json(&told);
        return Ok(Exit::Ok);
    }
    let paint = output.out();
    output.line(format!(
        "{}: {}, {}",
        paint.bold(told.dag_id),
        number(told.nodes, "node", "nodes"),
        number(told.dependencies, "dependency", "dependencies")
    ));
    let mut path: Vec<String> = told.critical_path.iter().take(SHOWN).map(|id| (*id).to_owned()).collect();
    if let Some(more) = told.critical_path.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        path.push(format!("({more} more)"));
    }
    let assumed = match told.assumed {
        0 => String::new(),
        count => format!(" ({} assumed to take {} s)", number(count, "node", "nodes"), args.assume),
    };
    let rows = [
        ("critical path", path.join(" → ")),
        ("makespan", format!("{:?} with a worker for each node{assumed}", Duration::from_millis(told.makespan_ms))),
        ("width", format!("{} at once", number(told.width, "node", "nodes"))),
        ("gates", format!("{} that may have to wait for other branches", number(told.gated, "node", "nodes"))),
        ("definitions", told.definitions.to_string()),
    ];
    for (name, value) in rows {
        output.line(format!("  {}{value}", paint.dim(format!("{name:<15}"))));
    }
    if let Some(note) = cannot_run(&workflow) {
        output.note(format!("{} {note}", output.err().dim("note:")));
    }
    Ok(Exit::Ok)
}

fn told<'a>(workflow: &'a Workflow, plan: &Plan) -> Told<'a> {
    let compiled = compile(workflow);
    Told {
        dag_id: &workflow.dag.dag_id,
        nodes: workflow.graph.len(),
        dependencies: workflow.graph.before.iter().map(|(_, before)| before.len()).sum(),
        critical_path: plan.longest.critical.iter().map(|at| workflow.id(*at)).collect(),
        makespan_ms: plan.longest.makespan,
        width: plan.longest.width,
        assumed: plan.assumed.iter().filter(|(_, assumed)| **assumed).count(),
        gated: compiled.after.iter().filter(|(_, after)| !after.is_empty()).count(),
        definitions: compiled.definitions.len(),
    }
}
