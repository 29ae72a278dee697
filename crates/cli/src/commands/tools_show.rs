//! `maestro tools show`.

use super::tools_list::Card;
use crate::{
    output::Output,
    stop::{Exit, Stop},
};
use maestro_tools::{ErasedTool, Toolbox};
use serde::Serialize;
use serde_json::Value;

/// Arguments of `tools show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The tool's name, such as `search_files`
    #[arg(value_name = "NAME")]
    name: String,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Full<'a> {
    #[serde(flatten)]
    card: Card<'a>,
    rest: &'a str,
    schema: Value,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let toolbox = Toolbox::standard();
    let tool = find(&toolbox, &args.name)?;
    let full = Full { card: Card::of(tool)?, rest: tool.rest(), schema: tool.schema() };
    if args.json {
        output.json(&full);
        return Ok(Exit::Ok);
    }
    let paint = output.out();
    output.line(format!("{} ({})", paint.bold(full.card.name), full.card.effect.id()));
    output.line(format!("  {}", full.card.description));
    let personas: Vec<_> = full.card.personas.iter().map(|id| id.id()).collect();
    output.line(format!("  {}{}", paint.dim("personas: "), personas.join(", ")));
    output.line(paint.dim("arguments:"));
    output.line(serde_json::to_string_pretty(&full.schema).unwrap_or_default());
    Ok(Exit::Ok)
}

/// The tool of this name, or which there are.
pub(crate) fn find<'a>(toolbox: &'a Toolbox, name: &str) -> Result<&'a dyn ErasedTool, Stop> {
    toolbox.find(name).ok_or_else(|| {
        let known: Vec<_> = toolbox.iter().map(|tool| tool.name()).collect();
        Stop::unusable(format!("there is no tool `{name}`")).help(format!("there are {}", known.join(", ")))
    })
}
