//! `maestro runs artifacts`: what the personas handed over.

use crate::{
    context::Context,
    site,
    stop::{Exit, Stop},
    table,
};
use maestro_domain::{Artifact, ContentHash, PersonaId, Phase, RunId};
use maestro_store::{Store, StoredArtifact};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Component, Path, PathBuf},
};

/// Arguments of `runs artifacts`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Prints one JSON array
    #[arg(long)]
    json: bool,
    /// Writes documents and files below a new or empty folder, as `<phase>/<attempt>/<kind>/`
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
}

#[derive(Serialize)]
struct Row<'a> {
    phase: Phase,
    attempt: u32,
    kind: &'a str,
    persona: PersonaId,
    hash: ContentHash,
    document: &'a ContentHash,
    files: &'a BTreeMap<String, ContentHash>,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { config, output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let store = there.store();
    let artifacts = store.artifacts(&stored.run.id).await.map_err(|error| site::failed(&error))?;
    if let Some(dir) = &args.extract {
        extract(store, &stored.run.id, &artifacts, &config.absolute(dir)).await?;
    }
    if args.json {
        output.json(&artifacts.iter().map(row).collect::<Vec<_>>());
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["phase", "attempt", "kind", "persona", "files", "hash"]);
    for stored in &artifacts {
        let row = row(stored);
        let (attempt, files) = (row.attempt.to_string(), row.files.len().to_string());
        table.add_row([row.phase.id(), &attempt, row.kind, row.persona.id(), &files, row.hash.short()]);
    }
    table::print(output, &table);
    if let Some(dir) = &args.extract {
        output.line(format!("\nwritten to `{}`", config.absolute(dir).display()));
    }
    Ok(Exit::Ok)
}

fn row(stored: &StoredArtifact) -> Row<'_> {
    let Artifact { kind, phase, document, files } = &stored.artifact;
    Row {
        phase: *phase,
        attempt: stored.attempt,
        kind: kind.id(),
        persona: kind.author(),
        hash: stored.artifact.hash(),
        document,
        files,
    }
}

async fn extract(store: &Store, run: &RunId, artifacts: &[StoredArtifact], dir: &Path) -> Result<(), Stop> {
    let refused = |error: &io::Error| {
        Stop::from_error(Exit::Failed, error).help(format!("could not write below `{}`", dir.display()))
    };
    match fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
        Ok(true) => {
            return Err(Stop::unusable(format!("`{}` is not empty", dir.display())).help("name another folder"));
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Stop::unusable(format!("`{}` cannot be used", dir.display())).because(&error));
        }
        _ => {}
    }
    for StoredArtifact { attempt, artifact, .. } in artifacts {
        let base = dir.join(artifact.phase.id()).join(attempt.to_string()).join(artifact.kind.id());
        let document = store.read_document(run, artifact).await.map_err(|error| site::failed(&error))?;
        let mut files = store.read_files(run, artifact).await.map_err(|error| site::failed(&error))?;
        fs::create_dir_all(&base).map_err(|error| refused(&error))?;
        fs::write(base.join("document.json"), format!("{document:#}\n")).map_err(|error| refused(&error))?;
        // The tools refuse such paths already; what is written outside the store is looked at once more.
        files.retain(|path, _| Path::new(path).components().all(|part| matches!(part, Component::Normal(_))));
        for (path, bytes) in files {
            let target = base.join("files").join(path);
            fs::create_dir_all(target.parent().unwrap_or(&base)).map_err(|error| refused(&error))?;
            fs::write(target, bytes).map_err(|error| refused(&error))?;
        }
    }
    Ok(())
}
