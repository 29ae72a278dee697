//! `maestro workflow types`.

use crate::{
    output::Output,
    stop::{Exit, Stop},
    table,
};
use maestro_workflow::types::{ALL, Effect};
use serde::Serialize;

/// Arguments of `workflow types`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Prints one JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Card {
    task_type: &'static str,
    about: &'static str,
    effect: Effect,
    /// On this machine; a deployed stack runs all of them.
    runs: bool,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let cards = ALL.map(|one| {
        let (task_type, about, effect) = (one.name, one.about, one.effect);
        Card { task_type, about, effect, runs: one.runs }
    });
    if args.json {
        output.json(&cards);
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["type", "what it does", "effect", "runs"]);
    for card in cards {
        let place = if card.runs { "here and on a stack" } else { "on a stack" };
        table.add_row([card.task_type, card.about, effect(card.effect), place]);
    }
    table::print(output, &table);
    Ok(Exit::Ok)
}

const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::None => "none",
        Effect::Waits => "waits",
        Effect::WritesArtifacts => "writes artifacts",
        Effect::RunsCode => "runs code",
        Effect::CallsOut => "calls out",
    }
}
