//! `maestro tools list`.

use crate::{
    config::Config,
    models,
    output::Output,
    stop::{Exit, Stop},
    table,
};
use maestro_domain::PersonaId;
use maestro_mcp::Found;
use maestro_tools::{Effect, ErasedTool, Toolbox};
use serde::Serialize;

/// Arguments of `tools list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Prints one JSON array
    #[arg(long)]
    json: bool,
}

/// A tool as programs see it.
#[derive(Debug, Serialize)]
pub(crate) struct Card<'a> {
    pub(crate) name: &'a str,
    pub(crate) effect: Effect,
    pub(crate) personas: Vec<PersonaId>,
    pub(crate) description: &'a str,
    /// The MCP server that it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) server: Option<&'a str>,
    /// What is wrong with that server.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
}

impl<'a> Card<'a> {
    pub(crate) fn of(tool: &'a dyn ErasedTool) -> Result<Self, Stop> {
        let personas = maestro_personas::all().map_err(|error| Stop::from_error(Exit::Failed, &error))?;
        let holders = personas.iter().filter(|persona| persona.tools.iter().any(|name| name == tool.name()));
        Ok(Self {
            name: tool.name(),
            effect: tool.effect(),
            personas: holders.map(|persona| persona.id).collect(),
            description: tool.description(),
            server: None,
            problem: None,
        })
    }

    pub(crate) fn of_server(found: &'a Found) -> impl Iterator<Item = Self> {
        found.tools.iter().map(|tool| Self {
            name: &tool.name,
            effect: tool.effect,
            personas: found.personas.clone(),
            description: &tool.description,
            server: Some(&found.server),
            problem: found.problem.as_deref(),
        })
    }
}

pub(crate) async fn run(args: &Args, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let toolbox = Toolbox::standard();
    let found = match models::servers(config)? {
        Some(servers) => servers.try_out().await,
        None => Vec::new(),
    };
    let mut cards = toolbox.iter().map(Card::of).collect::<Result<Vec<_>, _>>()?;
    cards.extend(found.iter().flat_map(Card::of_server));
    if args.json {
        output.json(&cards);
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["name", "effect", "personas", "what it does"]);
    for card in &cards {
        table.add_row([card.name, card.effect.id(), &card.personas.len().to_string(), card.description]);
    }
    table::print(output, &table);
    for problem in found.iter().filter_map(|found| found.problem.as_deref()) {
        output.line(format!("{problem}; its part of `maestro.toml` is described in docs/mcp.md"));
    }
    Ok(Exit::Ok)
}
