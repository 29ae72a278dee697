//! `maestro tools call`: one call on the files of a folder, without a model. What the referee has to run is run at once.

use super::tools_show::find;
use crate::{
    config::Config,
    folder::Folder,
    input, local,
    output::Output,
    stop::{Exit, Stop},
};
use async_trait::async_trait;
use maestro_domain::{ArtifactKind, Epic, Evidence, PersonaId, Phase};
use maestro_ports::{Jobs, Referee, model::ToolCall, referee::Job};
use maestro_sandbox::LocalReferee;
use maestro_tools::{Context, Dispatcher, Outcome, Permissions, Toolbox, Upstream};
use serde_json::Value;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// Arguments of `tools call`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 done, 1 refused or denied, 2 no such tool or arguments that do not fit.")]
pub(crate) struct Args {
    /// The tool's name, such as `search_files`
    #[arg(value_name = "NAME")]
    name: String,
    /// Its arguments, one JSON object; `-` reads it from standard input
    #[arg(long, value_name = "JSON", default_value = "{}")]
    args: String,
    /// The folder whose files it works on; what it writes is written there
    #[arg(long, value_name = "DIR")]
    workspace: PathBuf,
    /// Calls it as this persona, with no more rights than it has; without one everything in the folder is allowed
    #[arg(long, value_name = "ID")]
    persona: Option<String>,
    /// An epic in Markdown, for tools that read it
    #[arg(long, value_name = "FILE")]
    epic: Option<PathBuf>,
    /// A typed document that was handed over, for tools that read it, such as `design=design.json`
    #[arg(long, value_name = "KIND=FILE")]
    artifact: Vec<String>,
    /// Prints one JSON object with what came of it
    #[arg(long)]
    json: bool,
}

/// Runs jobs at once.
struct AtOnce(LocalReferee);

#[async_trait]
impl Jobs for AtOnce {
    async fn evidence(&self, job: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Some(self.0.run(job.clone()).await?.evidence))
    }
}

pub(crate) async fn run(args: &Args, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let toolbox = Toolbox::standard();
    let tool = find(&toolbox, &args.name)?.name().to_owned();
    let folder = Folder::open(&args.workspace)?;
    let (mut context, permissions) = task(args, config, &toolbox, &folder)?;
    let call = ToolCall { id: "1".to_owned(), name: tool, arguments: arguments(args)? };
    let before = context.own.clone();
    let dispatched = Dispatcher::new(toolbox, permissions).dispatch(&call, &mut context).await;
    let outcome = dispatched.map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    if let Outcome::Done { changed, .. } = &outcome {
        for path in changed {
            let now = context.own.get(path);
            if now != before.get(path) {
                folder.put(path, now.map(Vec::as_slice))?;
            }
        }
    }
    if args.json {
        output.json(&outcome);
    } else {
        let (answer, _) = outcome.answer();
        output.line(serde_json::to_string_pretty(&answer).unwrap_or_default());
    }
    Ok(match outcome {
        Outcome::Done { .. } => Exit::Ok,
        Outcome::Refused { .. } | Outcome::Denied(_) => Exit::Failed,
        Outcome::BadArguments { .. } | Outcome::UnknownTool { .. } => Exit::Unusable,
    })
}

/// A task in which all files of the folder are the caller's own.
fn task(args: &Args, config: &Config, toolbox: &Toolbox, folder: &Folder) -> Result<(Context, Permissions), Stop> {
    let caller = args.persona.as_deref().map(|id| {
        let known = PersonaId::from_id(&id.replace('-', "_"));
        known.ok_or_else(|| {
            Stop::unusable(format!("there is no persona `{id}`")).help("`maestro personas list` shows them")
        })
    });
    let definition = match caller.transpose()? {
        Some(id) => Some(maestro_personas::get(id).map_err(|error| Stop::from_error(Exit::Failed, &error))?),
        None => None,
    };
    let permissions = definition.map_or_else(|| Permissions::everything(toolbox), maestro_sdlc::permissions);
    let epic = match &args.epic {
        Some(path) => {
            let text = input::text(path)?;
            maestro_epic::read(text.as_bytes(), &input::name_of(path))
                .map_err(|error| Stop::from_error(Exit::Unusable, &error))?
        }
        None => Epic { title: String::new(), statements: Vec::new() },
    };
    let context = Context {
        persona: definition.map_or(PersonaId::BackendDeveloper, |persona| persona.id),
        phase: definition.and_then(|persona| persona.phases.first().copied()).unwrap_or(Phase::Implementation),
        output: definition.map_or(ArtifactKind::Backend, |persona| persona.output),
        epic: Arc::new(epic),
        upstream: artifacts(&args.artifact)?,
        own: folder.files()?,
        before: None,
        submitted: None,
        jobs: Arc::new(AtOnce(local::referee(config, false)?)),
    };
    Ok((context, permissions))
}

fn artifacts(given: &[String]) -> Result<BTreeMap<ArtifactKind, Upstream>, Stop> {
    let mut found = BTreeMap::new();
    for one in given {
        let known =
            one.split_once('=').and_then(|(kind, file)| Some((ArtifactKind::from_id(kind)?, PathBuf::from(file))));
        let Some((kind, file)) = known else {
            let kinds: Vec<_> = ArtifactKind::ALL.iter().map(|kind| kind.id()).collect();
            return Err(
                Stop::unusable(format!("`{one}` is not `KIND=FILE`")).help(format!("kinds are {}", kinds.join(", ")))
            );
        };
        let document = json(&input::text(&file)?, &input::name_of(&file))?;
        found.insert(kind, Upstream { document: document.into(), files: BTreeMap::new() });
    }
    Ok(found)
}

fn arguments(args: &Args) -> Result<Value, Stop> {
    match args.args.as_str() {
        "-" => json(&input::text(&PathBuf::from("-"))?, "-"),
        text => json(text, "--args"),
    }
}

fn json(text: &str, name: &str) -> Result<Value, Stop> {
    serde_json::from_str(text).map_err(|error| Stop::unusable(format!("`{name}` is no JSON")).because(&error))
}
