//! `maestro-bench`: measures from outside: whole runs of the `maestro` command as a user's shell sees them, functions
//! as Lambda sees them.

mod lambda;
mod run;
mod w1;
mod w2;

use anyhow::Result;
use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use std::path::PathBuf;

/// As in `maestro`, which is what is measured.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[derive(Parser)]
#[command(version, about = "Measures whole runs of the maestro command, and functions")]
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
    /// Asks a model eleven questions a run, as the peers of workload W1 do, and prints one JSON line
    W1 {
        /// Base URL of a provider that speaks OpenAI's chat completions, such as `http://127.0.0.1:18999`
        #[arg(long)]
        llm: String,
        /// Counted runs, after one that is not counted
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
        /// The home; a temporary one if not given
        #[arg(long)]
        store: Option<PathBuf>,
    },
    /// Runs a graph of nodes as `workflow run` does, as the peers of workload W2 do, and prints one JSON line
    W2 {
        #[command(subcommand)]
        graph: W2,
    },
    /// Starts every function several times beside the least that a function can be, and prints one JSON line each
    Lambda {
        /// Where the binaries are; beside this program if not given
        #[arg(long)]
        binaries: Option<PathBuf>,
        /// Where the packages are
        #[arg(long, default_value = "target/lambda")]
        packages: PathBuf,
        /// One function, such as `maestro-fn-persona`; all where not given
        #[arg(long)]
        function: Option<String>,
        /// Counted starts
        #[arg(long, default_value_t = 21)]
        runs: usize,
    },
}

/// The graphs of workload W2.
#[derive(Subcommand)]
enum W2 {
    /// Nodes in 20 layers, with three dependencies in earlier ones each
    Layered {
        /// How many nodes
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(20..=100_000))]
        n: u32,
        /// The home; a temporary one if not given
        #[arg(long)]
        store: Option<PathBuf>,
    },
    /// One node of 500 ms beside a chain of ten with 50 ms each
    Diamond {
        /// The home; a temporary one if not given
        #[arg(long)]
        store: Option<PathBuf>,
    },
}

fn main() -> Result<()> {
    let started = std::time::Instant::now();
    match Arguments::parse().command {
        Command::Run { epic, runs, maestro } => run::measure(&epic, runs, maestro),
        Command::W1 { llm, runs, store } => w1::measure(&llm, runs, store.as_deref(), started),
        Command::W2 { graph: W2::Layered { n, store } } => w2::measure(Some(n as usize), store.as_deref()),
        Command::W2 { graph: W2::Diamond { store } } => w2::measure(None, store.as_deref()),
        Command::Lambda { binaries, packages, function, runs } => {
            let beside = std::env::current_exe()?.with_file_name("");
            lambda::measure(&binaries.unwrap_or(beside), &packages, function.as_deref(), runs)
        }
    }
}
