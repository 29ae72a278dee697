//! `maestro workflow compile`: prints Amazon States Language.

use super::workflow_validate::{line, sound};
use crate::{
    input,
    output::Output,
    stop::{Exit, Stop},
};
use maestro_workflow::compile::{self, Definition};
use serde::Serialize;
use serde_json::Value;
use std::{fs, path::PathBuf};

/// The longest definition that Step Functions takes.
const LONGEST: usize = 1_000_000;

/// Arguments of `workflow compile`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file with a workflow in YAML or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Writes `NAME.asl.json` files there; large workflows become several definitions
    #[arg(long, value_name = "DIR", conflicts_with = "json")]
    out: Option<PathBuf>,
    /// Prints one JSON object with all definitions
    #[arg(long)]
    json: bool,
}

/// A definition as programs see it.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    token: Option<&'a str>,
    asl: Value,
}

impl<'a> Told<'a> {
    fn new(Definition { name, token, asl }: &'a Definition) -> Result<Self, Stop> {
        Ok(Self { name, token: token.as_deref(), asl: read(asl)? })
    }
}

/// A relay as programs see it.
#[derive(Serialize)]
struct Relay {
    after: Vec<Value>,
}

#[derive(Serialize)]
struct All<'a> {
    definitions: Vec<Told<'a>>,
    nodes: usize,
    gated: usize,
    relays: Vec<Relay>,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let workflow = sound(&args.file, output)?;
    let compiled = compile::compile(&workflow);
    let (file, too_large) = (input::name_of(&args.file), compile::payload::problems(&workflow, &compiled));
    if !too_large.is_empty() {
        too_large.iter().for_each(|problem| output.note(line(output.err(), &file, problem)));
        return Err(Stop::unusable(format!("`{file}` compiles to what Step Functions would not run")));
    }
    if args.json {
        let relay =
            |relay: &compile::Relay| Relay { after: relay.after.iter().map(|wait| wait.to_json(&workflow)).collect() };
        output.json(&All {
            definitions: compiled.definitions.iter().map(Told::new).collect::<Result<_, _>>()?,
            nodes: compiled.states.len(),
            gated: compiled.after.iter().filter(|(_, after)| !after.is_empty()).count(),
            relays: compiled.relays.iter().map(relay).collect(),
        });
        return Ok(Exit::Ok);
    }
    if let Some(folder) = &args.out {
        let refused = |error: std::io::Error| {
            Stop::unusable(format!("definitions cannot be written to `{}`", folder.display())).because(&error)
        };
        fs::create_dir_all(folder).map_err(refused)?;
        for one in &compiled.definitions {
            let path = folder.join(format!("{}.asl.json", one.name));
            fs::write(&path, text(&one.asl)? + "\n").map_err(refused)?;
            output.line(path.display().to_string());
        }
        return Ok(Exit::Ok);
    }
    match compiled.definitions.as_slice() {
        [only] => output.line(text(&only.asl)?),
        many => {
            let message =
                format!("`{}` is too large for one definition; it becomes {}", *workflow.dag.dag_id, many.len());
            return Err(Stop::unusable(message).help("`--out DIR` writes them, `--json` prints them all"));
        }
    }
    Ok(Exit::Ok)
}

fn read(asl: &str) -> Result<Value, Stop> {
    serde_json::from_str(asl).map_err(|error| Stop::from_error(Exit::Failed, &error))
}

/// As people read it, where Step Functions still takes that.
fn text(asl: &str) -> Result<String, Stop> {
    let pretty = serde_json::to_string_pretty(&read(asl)?).map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    Ok(if pretty.len() < LONGEST { pretty } else { asl.to_owned() })
}
