//! `maestro tools list`.

use crate::{
    output::Output,
    stop::{Exit, Stop},
    table,
};
use maestro_domain::PersonaId;
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
        })
    }
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let toolbox = Toolbox::standard();
    let cards = toolbox.iter().map(Card::of).collect::<Result<Vec<_>, _>>()?;
    if args.json {
        output.json(&cards);
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["name", "effect", "personas", "what it does"]);
    for card in &cards {
        table.add_row([card.name, card.effect.id(), &card.personas.len().to_string(), card.description]);
    }
    table::print(output, &table);
    Ok(Exit::Ok)
}
