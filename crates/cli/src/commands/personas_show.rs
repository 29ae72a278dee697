//! `maestro personas show`.

use super::personas_list::{Card, phases};
use crate::{
    output::Output,
    stop::{Exit, Stop},
};
use maestro_domain::{ArtifactKind, ContentHash, PersonaId, Phase};
use maestro_personas::ModelTier;
use serde::Serialize;

/// Arguments of `personas show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The persona's id, such as `qa_engineer`
    #[arg(value_name = "ID")]
    id: String,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Full<'a> {
    #[serde(flatten)]
    card: Card<'a>,
    model_tier: ModelTier,
    output: ArtifactKind,
    max_turns: u32,
    token_budget: u64,
    hash: &'a ContentHash,
    prompt: &'a str,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let id = PersonaId::from_id(&args.id.replace('-', "_")).ok_or_else(|| {
        let known: Vec<_> = PersonaId::ALL.iter().map(|id| id.id()).collect();
        Stop::unusable(format!("there is no persona `{}`", args.id)).help(format!("there are {}", known.join(", ")))
    })?;
    let persona = maestro_personas::get(id).map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    let phase = persona.phases.first().copied().unwrap_or(Phase::Requirements);
    let prompt = persona.render(phase, "(the epic's title)");
    if args.json {
        output.json(&Full {
            card: persona.into(),
            model_tier: persona.model_tier,
            output: persona.output,
            max_turns: persona.max_turns,
            token_budget: persona.token_budget,
            hash: persona.content_hash(),
            prompt: &prompt,
        });
        return Ok(Exit::Ok);
    }
    let paint = output.out();
    output.line(format!("{} ({id})", paint.bold(&persona.title)));
    let rows = [
        ("role", persona.role.id().to_owned()),
        ("phases", phases(persona)),
        ("hands over", persona.output.to_string()),
        ("tools", persona.tools.join(", ")),
        ("model tier", persona.model_tier.id().to_owned()),
        ("limits", format!("{} turns, {} tokens a task", persona.max_turns, persona.token_budget)),
    ];
    for (name, value) in rows {
        output.line(format!("  {}{value}", paint.dim(format!("{name:<12}"))));
    }
    output.line(format!("\n{}", paint.dim(format!("prompt, as rendered for the {phase} phase:"))));
    output.line(prompt.trim());
    Ok(Exit::Ok)
}
