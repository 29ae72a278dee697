//! The `maestro` command: reads the command line, calls the house, shows what came of it. It decides nothing about runs.

mod args;
mod commands;
mod config;
mod home;
mod input;
mod logging;
mod output;
mod progress;
mod session;
mod signals;
mod stop;
mod summary;
mod table;

use args::{Args, Asl, Command, Personas, Runs};
use clap::Parser;
use config::Config;
use output::Output;
use std::{process::ExitCode, time::Duration};
use stop::{Exit, Stop};

/// How long work that was given up may still take, such as a write that is under way.
const LINGER: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    // The sandbox starts this very program as its helper.
    if let Some(code) = maestro_sandbox::helper_main() {
        return code;
    }
    let args = Args::parse();
    let exit = match Config::read() {
        Ok(config) => {
            let output = Output::new(&config, args.color);
            let exit = run(args.command, &config, &output).unwrap_or_else(|stop| {
                output.stop(&stop);
                stop.exit
            });
            output.finish(exit)
        }
        Err(stop) => {
            output::note(&format!("error: {}", stop.message));
            stop.exit
        }
    };
    ExitCode::from(exit as u8)
}

fn run(command: Command, config: &Config, output: &Output) -> Result<Exit, Stop> {
    match command {
        Command::Personas(Personas::List(args)) => commands::personas_list::run(&args, output),
        Command::Personas(Personas::Show(args)) => commands::personas_show::run(&args, output),
        Command::Asl(Asl::Run(args)) => commands::asl_run::run(&args, output),
        Command::Asl(Asl::Check(args)) => commands::asl_check::run(&args, output),
        Command::Doctor(args) => commands::doctor::run(&args, config, output),
        Command::Execute(args) => in_runtime(commands::execute::run(&args, config, output)),
        Command::Runs(runs) => in_runtime(run_runs(runs, config, output)),
    }
}

async fn run_runs(runs: Runs, config: &Config, output: &Output) -> Result<Exit, Stop> {
    match runs {
        Runs::List(args) => commands::runs_list::run(&args, config, output).await,
        Runs::Show(args) => commands::runs_show::run(&args, config, output).await,
        Runs::Watch(args) => commands::runs_watch::run(&args, config, output).await,
        Runs::Trace(args) => commands::runs_trace::run(&args, config, output).await,
        Runs::Artifacts(args) => commands::runs_artifacts::run(&args, config, output).await,
        Runs::Resume(args) => commands::runs_resume::run(&args, config, output).await,
        Runs::Cancel(args) => commands::runs_cancel::run(&args, config, output).await,
        Runs::Delete(args) => commands::runs_delete::run(&args, config, output).await,
    }
}

fn in_runtime(work: impl Future<Output = Result<Exit, Stop>>) -> Result<Exit, Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(LINGER);
    ended
}
