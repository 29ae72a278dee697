//! `maestro workflow run`: runs a workflow. Everything is checked before anything is created.

use super::workflow_validate::{cannot_run, sound_text};
use crate::{
    context::Context,
    flows::{self, Session},
    input, models,
    session::{View, prepare},
    signals::Signals,
    site::On,
    stop::{Exit, Stop},
};
use maestro_domain::{Grant, Limit, budget};
use maestro_embedded::SystemClock;
use maestro_flows::lifecycle::{Models, NewRun, new_id};
use maestro_ports::Clock;
use maestro_workflow::{
    Problem, Workflow,
    compile::{compile, payload},
    library,
};
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Arguments of `workflow run`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file with a workflow in YAML or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Values for `context.variables`: a JSON object, or `@FILE`
    #[arg(long, value_name = "JSON")]
    input: Option<String>,
    /// What to call the run
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The model of its personas: `anthropic:NAME`, `bedrock:ID`, `openai:NAME` or `scripted:FILE` (default: what
    /// `maestro.toml` says)
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// What the models may spend before somebody grants more, in US dollars
    #[arg(long, value_name = "USD", value_parser = budget::parse_usd, default_value = "10.00")]
    budget: u64,
    /// Tokens that they may read and write together (default: no limit)
    #[arg(long, value_name = "N")]
    budget_tokens: Option<u64>,
    #[command(flatten)]
    work: Work,
}

/// How a run of a workflow is executed.
#[derive(Debug, clap::Args)]
pub(crate) struct Work {
    /// Ends as blocked where there is nothing left but to wait for people or events
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Runs scripts without isolation where none is to be had
    #[arg(long)]
    pub(crate) unsandboxed: bool,
    #[command(flatten)]
    pub(crate) view: View,
}

impl Work {
    /// Refuses what only this machine can do.
    pub(crate) fn check(&self, on: On) -> Result<(), Stop> {
        if self.no_wait && on != On::Here {
            return Err(Stop::unusable("`--no-wait` is for this machine: a deployed stack waits by itself")
                .help("interrupt the command, then go on by `maestro workflow resume`"));
        }
        Ok(())
    }
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    args.work.check(context.on)?;
    let (text, workflow) = sound_text(&args.file, output)?;
    let variables = variables(args.input.as_deref(), &workflow)?;
    let others = others(&args.file, &workflow, context.on)?;
    if let Some(note) = cannot_run(&workflow) {
        output.note(format!("{} {note}", output.err().dim("note:")));
    }
    let models = personas(args, context, &workflow, &others)?;
    let signals = Signals::listen()?;
    let ready = context.flows_ready(&workflow, args.work.unsandboxed);
    let Some(site) = prepare(&signals, ready).await? else {
        output.note("stopped: nothing was created");
        return Ok(Exit::Interrupted);
    };
    let (id, name) = (new_id(), args.name.clone());
    let new = NewRun { id, name, workflow, text, others, variables, models, parent: None, machine: None };
    let run = site.create(new).await.map_err(|error| flows::failed(&error))?;
    Session { output, on: context.on, site: &*site, view: args.work.view, wait: !args.work.no_wait, signals }
        .work(run)
        .await
}

/// What its personas work with, where it has any: also in workflows that nodes run.
fn personas(
    args: &Args,
    context: &Context<'_>,
    workflow: &Workflow,
    others: &BTreeMap<String, String>,
) -> Result<Option<Models>, Stop> {
    let there = |workflow: &Workflow| workflow.uses("persona");
    let inside = || others.values().filter_map(|text| maestro_workflow::check(text).workflow).any(|one| there(&one));
    if !there(workflow) && !inside() {
        return match args.model {
            Some(_) => Err(Stop::unusable("`--model` is for personas, and the workflow has no node of type `persona`")),
            None => Ok(None),
        };
    }
    let name = models::chosen(context.config, context.on, args.model.as_deref())?;
    if name == maestro_models::BUILT_IN {
        let output = context.output;
        output.note(format!(
            "{} the built-in author does the tasks of epics only; name a model for this one by `--model`",
            output.err().dim("note:")
        ));
    }
    let amount = Limit { micro_usd: Some(args.budget), tokens: args.budget_tokens };
    let grant = Grant { amount, by: "default".to_owned(), at_ms: SystemClock.now_ms() };
    Ok(Some(Models { name, grant: Some(grant) }))
}

/// Values for the workflow's variables.
fn variables(input: Option<&str>, workflow: &Workflow) -> Result<Map<String, Value>, Stop> {
    let Some(given) = input else { return Ok(Map::new()) };
    let text = match given.strip_prefix('@') {
        Some(path) => input::text(Path::new(path))?,
        None => given.to_owned(),
    };
    let value: Value = serde_json::from_str(&text).map_err(|error| {
        Stop::unusable("`--input` is no JSON").because(&error).help("such as `{\"place\": \"staging\"}`")
    })?;
    let Value::Object(values) = value else {
        return Err(Stop::unusable("`--input` is no JSON object").help("such as `{\"place\": \"staging\"}`"));
    };
    let known = &workflow.dag.context.variables;
    if let Some(name) = values.keys().find(|name| !known.contains_key(*name)) {
        let names: Vec<_> = known.keys().map(|name| format!("`{name}`")).collect();
        let stop = Stop::unusable(format!("the workflow has no variable `{name}`"));
        return Err(stop.help(format!("`context.variables` has {}", names.join(", "))));
    }
    Ok(values)
}

/// The texts of all workflows that nodes run, also those that such run, by their names: from the folder of the file, else
/// from the library.
fn others(file: &Path, workflow: &Workflow, on: On) -> Result<BTreeMap<String, String>, Stop> {
    let mut found = BTreeMap::new();
    let mut around = vec![workflow.dag.dag_id.value.clone()];
    gather(file, workflow, on, &mut around, &mut found)?;
    Ok(found)
}

/// Refuses what a state machine of a stack cannot hold.
fn runs_there(workflow: &Workflow, on: On) -> Result<(), Stop> {
    if on == On::Here {
        return Ok(());
    }
    let of = &*workflow.dag.dag_id;
    // Better known before anything is deployed than when a run stands at that state.
    match payload::problems(workflow, &compile(workflow)).into_iter().next() {
        None => Ok(()),
        Some(Problem { place, message, hint, .. }) => {
            let (line, column) = (place.line, place.column);
            let stop = Stop::unusable(format!("{message} (workflow `{of}`, {line}:{column})"));
            Err(stop.help(hint.unwrap_or_default()))
        }
    }
}

/// The deepest that workflows may lie in each other.
const DEEPEST: usize = 8;

fn gather(
    file: &Path,
    workflow: &Workflow,
    on: On,
    around: &mut Vec<String>,
    found: &mut BTreeMap<String, String>,
) -> Result<(), Stop> {
    runs_there(workflow, on)?;
    for name in workflow.starts() {
        if around.contains(&name) || around.len() >= DEEPEST {
            around.push(name);
            return Err(Stop::unusable(format!("workflows run each other without end: {}", around.join(" → "))));
        }
        let text = match found.get(&name) {
            Some(text) => text.clone(),
            None => other(file, &name)?,
        };
        let checked = maestro_workflow::check(&text);
        let Some(inner) = checked.workflow else {
            return Err(Stop::unusable(format!("the workflow `{name}` that a node runs has errors"))
                .help("`maestro workflow validate` tells them"));
        };
        found.insert(name.clone(), text);
        around.push(name);
        gather(file, &inner, on, around, found)?;
        around.pop();
    }
    Ok(())
}

/// The text of a workflow by its name.
fn other(file: &Path, name: &str) -> Result<String, Stop> {
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    for ending in ["yaml", "yml", "json", "workflow.yaml"] {
        let path = folder.join(format!("{name}.{ending}"));
        if path.is_file() {
            return input::text(&path);
        }
    }
    library::find(name).map(|entry| entry.text.to_owned()).ok_or_else(|| {
        Stop::unusable(format!("a node runs the workflow `{name}`, which there is not"))
            .help(format!("put it into `{}`", folder.join(format!("{name}.yaml")).display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_state_cannot_hand_on_is_refused_before_anything_is_deployed() {
        let text = |letter: &str, mark: &str| {
            let mut text = "dag_id: wide\nnodes:\n".to_owned();
            let digits = |at: usize| letter.repeat(999 - at) + mark + &letter.repeat(at);
            let ids: Vec<_> = (0..64).map(digits).collect();
            for (at, id) in ids.iter().enumerate() {
                text.push_str(&format!("- {{node_id: '{id}', task_type: noop}}\n"));
                // Their chains go on, so that the last node can be in one of them only.
                text.push_str(&format!("- {{node_id: next {at}, task_type: noop, dependencies: ['{id}']}}\n"));
            }
            text.push_str(&format!(
                "- {{node_id: '{}', task_type: noop, dependencies: {ids:?}}}\n",
                letter.repeat(1_000)
            ));
            text
        };
        let told = |letter: &str, mark: &str, on: On| {
            let workflow = maestro_workflow::check(&text(letter, mark)).workflow.unwrap();
            runs_there(&workflow, on).map_err(|stop| stop.message)
        };
        let refused = told("🦀", "🚀", On::LocalStack).unwrap_err();
        assert!(
            refused.contains("64 nodes that it waits for") && refused.contains("(workflow `wide`, 131:"),
            "{refused}"
        );
        assert_eq!(told("🦀", "🚀", On::Here), Ok(()), "this machine hands nothing on");
        assert_eq!(told("x", "y", On::LocalStack), Ok(()));
    }
}
