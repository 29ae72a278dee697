//! `maestro-bench`: measures whole runs of the `maestro` command from outside, as a user's shell sees them.

mod run;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

#[derive(Parser)]
#[command(version, about = "Measures whole runs of the maestro command")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Executes an epic several times, each in an empty home, and prints medians as one JSON line
    Run {
        /// The epic
        epic: PathBuf,
        /// Counted runs, after one that is not counted
        #[arg(long, default_value_t = 5)]
        runs: usize,
        /// The command to measure; the one beside this program if not given
        #[arg(long)]
        maestro: Option<PathBuf>,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Run { epic, runs, maestro } => run::measure(&epic, runs, maestro),
    }
}
