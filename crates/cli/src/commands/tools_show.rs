//! `maestro tools show`.

use super::tools_list::Card;
use crate::{
    config::Config,
    models,
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
    /// How to see what an answer left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<&'a str>,
    schema: Value,
}

pub(crate) async fn run(args: &Args, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let toolbox = Toolbox::standard();
    if let Some(tool) = toolbox.find(&args.name) {
        let full = Full { card: Card::of(tool)?, rest: Some(tool.rest()), schema: tool.schema() };
        return Ok(show(&full, args.json, output));
    }
    let found = match models::servers(config)? {
        Some(servers) => servers.try_tool(&args.name).await,
        None => None,
    };
    let Some(found) = found else { return Err(unknown(&toolbox, &args.name)) };
    if let Some(problem) = &found.problem {
        let help = "its part of `maestro.toml` is described in docs/mcp.md";
        return Err(Stop { exit: Exit::Failed, ..Stop::unusable(problem).help(help) });
    }
    let card = Card::of_server(&found).next();
    let (Some(card), Some(tool)) = (card, found.tools.first()) else { return Err(unknown(&toolbox, &args.name)) };
    Ok(show(&Full { card, rest: None, schema: tool.schema.clone() }, args.json, output))
}

fn show(full: &Full<'_>, json: bool, output: &Output) -> Exit {
    if json {
        output.json(full);
        return Exit::Ok;
    }
    let paint = output.out();
    output.line(format!("{} ({})", paint.bold(full.card.name), full.card.effect.id()));
    output.line(format!("  {}", full.card.description));
    if let Some(server) = full.card.server {
        output.line(format!("  {}{server}", paint.dim("server: ")));
    }
    let personas: Vec<_> = full.card.personas.iter().map(|id| id.id()).collect();
    output.line(format!("  {}{}", paint.dim("personas: "), personas.join(", ")));
    output.line(paint.dim("arguments:"));
    output.line(serde_json::to_string_pretty(&full.schema).unwrap_or_default());
    Exit::Ok
}

/// The built-in tool of this name, or which there are.
pub(crate) fn find<'a>(toolbox: &'a Toolbox, name: &str) -> Result<&'a dyn ErasedTool, Stop> {
    toolbox.find(name).ok_or_else(|| unknown(toolbox, name))
}

fn unknown(toolbox: &Toolbox, name: &str) -> Stop {
    let known: Vec<_> = toolbox.iter().map(|tool| tool.name()).collect();
    Stop::unusable(format!("there is no tool `{name}`")).help(format!("there are {}", known.join(", ")))
}
