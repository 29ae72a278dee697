//! `maestro personas list`.

use crate::{
    output::Output,
    stop::{Exit, Stop},
    table,
};
use maestro_domain::{PersonaId, Phase};
use maestro_personas::{Persona, Role};
use serde::Serialize;

/// Arguments of `personas list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Prints one JSON array
    #[arg(long)]
    json: bool,
}

/// A persona as programs see it.
#[derive(Debug, Serialize)]
pub(crate) struct Card<'a> {
    id: PersonaId,
    title: &'a str,
    phases: &'a [Phase],
    role: Role,
    tools: &'a [String],
}

impl<'a> From<&'a Persona> for Card<'a> {
    fn from(persona: &'a Persona) -> Self {
        let Persona { id, title, phases, role, tools, .. } = persona;
        Self { id: *id, title, phases, role: *role, tools }
    }
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let personas = maestro_personas::all().map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    if args.json {
        output.json(&personas.iter().map(Card::from).collect::<Vec<_>>());
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["id", "title", "role", "phases"]);
    for persona in personas {
        table.add_row([persona.id.id(), &persona.title, persona.role.id(), &phases(persona)]);
    }
    table::print(output, &table);
    Ok(Exit::Ok)
}

/// The phases of a persona, in words.
pub(crate) fn phases(persona: &Persona) -> String {
    if persona.phases == Phase::ALL {
        return "all".to_owned();
    }
    persona.phases.iter().map(|phase| phase.id()).collect::<Vec<_>>().join(", ")
}
