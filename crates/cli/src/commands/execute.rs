//! `maestro execute`: an epic goes in, verified software comes out. Everything is checked before anything is created.

use super::dry_run;
use crate::{
    context::Context,
    input, logging, models,
    session::{Session, View, prepare},
    signals::Signals,
    site::Preparation,
    stop::{Exit, Stop},
    summary::Line,
};
use maestro_domain::{DEFAULT_SCOPE, Epic, Limit, budget};
use maestro_embedded::FolderDeliverables;
use maestro_ports::deliverable;
use maestro_sdlc::lifecycle::{NewRun, new_id};
use maestro_workflow::Scope;
use nix::unistd::{AccessFlags, access};
use std::path::{Path, PathBuf};

/// Arguments of `execute`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The epic, a Markdown file; `-` is standard input
    #[arg(value_name = "EPIC")]
    pub(crate) epic: PathBuf,
    /// Folder of the deliverable (default: `deliverables/<run>` below the working directory)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Who works: `poc`, `bugfix`, `mvp`, `feature` (everybody) or `enterprise` (everybody, stricter gates); `maestro workflow
    /// library show SCOPE` prints it
    #[arg(long, value_name = "SCOPE", default_value = DEFAULT_SCOPE)]
    scope: String,
    /// The model of all personas: `anthropic:NAME`, `bedrock:ID`, `openai:NAME`, `scripted:FILE`, or `blueprint`, the
    /// built-in author, which needs no key and no network (default: what `maestro.toml` says, else `blueprint`)
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// What the models of this run may spend before somebody grants more, in US dollars
    #[arg(long, value_name = "USD", value_parser = budget::parse_usd, default_value = "10.00")]
    budget: u64,
    /// Tokens that they may read and write together (default: no limit)
    #[arg(long, value_name = "N")]
    budget_tokens: Option<u64>,
    /// Replaces the deliverable of another run in the folder; a folder that holds anything else is never touched
    #[arg(long)]
    force: bool,
    /// Shows what would be built and what is not understood; creates nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) work: Work,
}

/// How an execution works; shared with `runs resume`.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Work {
    /// Takes the deliverable back when the run fails
    #[arg(long)]
    pub(crate) compensate: bool,
    /// Runs generated code without a sandbox where none works; the evidence records it
    #[arg(long)]
    pub(crate) unsandboxed: bool,
    #[command(flatten)]
    pub(crate) view: View,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { on, config, output, .. } = *context;
    let model = models::chosen(config, on, args.model.as_deref())?;
    let scope = Scope::find(&args.scope)
        .map_err(|why| Stop::unusable(why).help("`maestro workflow library list` says what each is for"))?;
    let (bytes, epic) = read(&args.epic)?;
    if args.dry_run {
        return Ok(dry_run::show(&epic, args.work.view.json, output));
    }
    let log = logging::filter(config.log.as_deref())?;
    if let Some(out) = &args.out {
        check_place(&config.absolute(out), args.force)?;
    }
    let signals = Signals::listen()?;
    let how = Preparation { unsandboxed: args.work.unsandboxed, force: args.force };
    let Some(site) = prepare(&signals, context.ready(how)).await? else {
        output.note("stopped: nothing was created");
        if args.work.view.json {
            output.json(&Line::nothing_begun(&epic.title));
        }
        return Ok(Exit::Interrupted);
    };
    let id = new_id();
    let out = match &args.out {
        Some(out) => config.absolute(out),
        None => config.absolute(&Path::new("deliverables").join(id.as_str())),
    };
    check_place(&out, args.force)?;
    let log = logging::start(config, &id, log)?;
    let budget = Limit { micro_usd: Some(args.budget), tokens: args.budget_tokens };
    let (scope, out) = (scope.name.clone(), out.display().to_string());
    let new = NewRun { bytes, epic, out, id, model, scope, budget };
    let created = site.create(new).await;
    let run = created.map_err(|error| {
        // There is no such run, so there is nothing that its log could tell.
        let _best_effort = std::fs::remove_file(&log);
        Stop::from_error(Exit::Unusable, &error).help("nothing was built; mend that and execute the epic again")
    })?;
    let Work { compensate, view, .. } = args.work;
    Session { output, on, site: &*site, view, compensate, log, signals }.work(run).await
}

/// Reads the epic's bytes and what they say.
fn read(path: &Path) -> Result<(Vec<u8>, Epic), Stop> {
    let name = if path == Path::new("-") { "epic".to_owned() } else { path.display().to_string() };
    let refused = |error: maestro_epic::Error| Stop::unusable(error.to_string()).help(error.help());
    // The size stands in the message, so it is asked for before so much is read.
    if let Ok(found) = std::fs::metadata(path)
        && found.is_file()
        && let Ok(bytes) = usize::try_from(found.len())
        && bytes > maestro_epic::MAX_BYTES
    {
        return Err(refused(maestro_epic::Error::TooLarge { name, bytes }));
    }
    let bytes = input::bytes(path, maestro_epic::MAX_BYTES)?;
    if bytes.len() > maestro_epic::MAX_BYTES {
        let message = format!("`{}` has more than {} bytes", input::name_of(path), maestro_epic::MAX_BYTES);
        return Err(Stop::unusable(message).help("split the document: one epic describes one service"));
    }
    let epic = maestro_epic::read(&bytes, &name).or_else(|_| {
        // The same error, under the name that the user knows.
        maestro_epic::read(&bytes, &input::name_of(path)).map_err(refused)
    })?;
    Ok((bytes, epic))
}

/// Whether nothing is there.
pub(crate) fn check_empty(out: &Path) -> Result<(), Stop> {
    if std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Stop::unusable(format!("`{}` is not empty", out.display()))
            .help("name another folder by `--out`, or replace a deliverable there by `--force`"));
    }
    Ok(())
}

/// Whether a deliverable can be put there.
pub(crate) fn check_place(out: &Path, force: bool) -> Result<(), Stop> {
    FolderDeliverables { force }.check(out, None).map_err(|error| {
        let stop = Stop::from_error(Exit::Unusable, &error);
        match &error {
            deliverable::Error::Occupied { why, .. } if why.contains("another run") => {
                stop.help("name another folder by `--out`, or replace that deliverable by `--force`")
            }
            _ => stop.help("name another folder by `--out`"),
        }
    })?;
    // A place that cannot be written is better known before the work than after it.
    let existing = out.ancestors().skip(1).find(|ancestor| ancestor.exists()).unwrap_or(Path::new("/"));
    let refused = |why: &str| {
        Stop::unusable(format!("`{}` cannot be made: `{}` {why}", out.display(), existing.display()))
            .help("name another folder by `--out`")
    };
    if !existing.is_dir() {
        return Err(refused("is not a folder"));
    }
    access(existing, AccessFlags::W_OK | AccessFlags::X_OK).map_err(|_| refused("cannot be written to"))
}
