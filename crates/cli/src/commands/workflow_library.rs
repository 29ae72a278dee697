//! `maestro workflow library list|show|new`.

use crate::{
    output::Output,
    stop::{Exit, Stop},
    table,
};
use clap::Subcommand;
use maestro_workflow::library::{self, Entry};
use serde::Serialize;
use std::{fs::File, io::Write, path::PathBuf};

/// What to do with the library.
#[derive(Debug, Subcommand)]
pub(crate) enum Library {
    /// Lists the workflows of the library
    List {
        /// Prints one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Prints a workflow of the library
    Show {
        /// Its name, such as `hotfix`
        name: String,
    },
    /// Writes a workflow of the library to a new file, to change it
    New {
        /// Its name, such as `hotfix`
        name: String,
        /// The file; `NAME.yaml` where none is given
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Serialize)]
struct Card {
    name: &'static str,
    kind: &'static str,
    nodes: usize,
    about: String,
}

pub(crate) fn run(library: &Library, output: &Output) -> Result<Exit, Stop> {
    match library {
        Library::List { json } => list(*json, output)?,
        Library::Show { name } => output.line(find(name)?.text.trim_end()),
        Library::New { name, out } => {
            let entry = find(name)?;
            let path = out.clone().unwrap_or_else(|| format!("{}.yaml", entry.name).into());
            let refused = |error: std::io::Error| {
                Stop::unusable(format!("`{}` cannot be written as a new file", path.display())).because(&error)
            };
            File::create_new(&path).and_then(|mut file| file.write_all(entry.text.as_bytes())).map_err(refused)?;
            output.line(path.display().to_string());
        }
    }
    Ok(Exit::Ok)
}

fn list(json: bool, output: &Output) -> Result<(), Stop> {
    let mut cards = Vec::new();
    for entry in library::ALL {
        let unread =
            || Stop { exit: Exit::Failed, ..Stop::unusable(format!("`{}` of the library is not sound", entry.name)) };
        let workflow = maestro_workflow::check(entry.text).workflow.ok_or_else(unread)?;
        cards.push(Card {
            name: entry.name,
            kind: if entry.scope { "scope" } else { "building block" },
            nodes: workflow.graph.len(),
            about: workflow.dag.description.as_deref().unwrap_or_default().to_owned(),
        });
    }
    if json {
        output.json(&cards);
        return Ok(());
    }
    let mut table = table::new(output, &["name", "kind", "nodes", "what it is"]);
    for card in cards {
        table.add_row([card.name, card.kind, &card.nodes.to_string(), &card.about]);
    }
    table::print(output, &table);
    Ok(())
}

fn find(name: &str) -> Result<&'static Entry, Stop> {
    library::find(name).ok_or_else(|| {
        let names = library::ALL.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
        Stop::unusable(format!("the library has no workflow `{name}`")).help(format!("there are {names}"))
    })
}
