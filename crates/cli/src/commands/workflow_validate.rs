//! `maestro workflow validate`: all errors of all files.

use crate::{
    input,
    output::{Output, Paint, number},
    stop::{Exit, Stop},
};
use maestro_workflow::{Checked, Problem, Severity, Workflow, types};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Arguments of `workflow validate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 no errors, 2 errors, or a file that cannot be read.")]
pub(crate) struct Args {
    /// Files with workflows in YAML or JSON; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Prints one JSON array of problems
    #[arg(long)]
    json: bool,
}

/// A problem as programs see it.
#[derive(Serialize)]
pub(crate) struct Told<'a> {
    pub(crate) file: &'a str,
    #[serde(flatten)]
    pub(crate) problem: &'a Problem,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let mut exit = Exit::Ok;
    let mut all = Vec::new();
    for path in &args.files {
        match read(path) {
            Ok(read) => all.push(read),
            Err(stop) => {
                output.stop(&stop);
                exit = Exit::Unusable;
            }
        }
    }
    if all.iter().any(|(_, checked)| !checked.problems.is_empty()) {
        exit = Exit::Unusable;
    }
    if args.json {
        let flat: Vec<_> = all
            .iter()
            .flat_map(|(file, checked)| checked.problems.iter().map(|problem| Told { file, problem }))
            .collect();
        output.json(&flat);
        return Ok(exit);
    }
    for (file, checked) in &all {
        told(output, file, checked);
        if let Some(workflow) = &checked.workflow {
            let nodes = number(workflow.graph.len(), "node", "nodes");
            output.line(format!("{file}: `{}` is sound: {nodes}", *workflow.dag.dag_id));
            if let Some(note) = cannot_run(workflow) {
                output.note(format!("{} {note}", output.err().dim("note:")));
            }
        }
    }
    Ok(exit)
}

/// A file's name, and what there is to say about its text.
pub(crate) fn read(path: &Path) -> Result<(String, Checked), Stop> {
    Ok((input::name_of(path), maestro_workflow::check(&input::text(path)?)))
}

/// The workflow of a file; its problems are told where there are any.
pub(crate) fn sound(path: &Path, output: &Output) -> Result<Workflow, Stop> {
    sound_text(path, output).map(|(_, workflow)| workflow)
}

/// The same with the file's text.
pub(crate) fn sound_text(path: &Path, output: &Output) -> Result<(String, Workflow), Stop> {
    let text = input::text(path)?;
    let (file, checked) = (input::name_of(path), maestro_workflow::check(&text));
    told(output, &file, &checked);
    let errors = number(checked.problems.len() + checked.untold, "error", "errors");
    let workflow = checked.workflow.ok_or_else(|| Stop::unusable(format!("`{file}` has {errors}")))?;
    Ok((text, workflow))
}

fn told(output: &Output, file: &str, checked: &Checked) {
    for problem in &checked.problems {
        output.note(line(output.err(), file, problem));
    }
    if checked.untold > 0 {
        output.note(format!("{file}: and {} more", checked.untold));
    }
}

/// A problem as compilers print it.
pub(crate) fn line(paint: Paint, file: &str, problem: &Problem) -> String {
    let code = problem.code;
    let severity = match problem.severity {
        Severity::Error => paint.red(format!("error[{code}]")),
        Severity::Warning => paint.yellow(format!("warning[{code}]")),
        Severity::Advice => paint.cyan(format!("advice[{code}]")),
    };
    let mut text = format!("{file}:{}:{}: {severity}: {}", problem.place.line, problem.place.column, problem.message);
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\n  {} {hint}", paint.cyan("help:")));
    }
    text
}

/// Which task types of a workflow cannot be run yet.
pub(crate) fn cannot_run(workflow: &Workflow) -> Option<String> {
    let used: BTreeSet<&str> = workflow
        .dag
        .nodes
        .iter()
        .filter_map(|node| types::find(&node.task_type))
        .filter(|one| !one.runs)
        .map(|one| one.name)
        .collect();
    let names = used.into_iter().collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then(|| format!("this version checks but does not run nodes of type {names}"))
}
