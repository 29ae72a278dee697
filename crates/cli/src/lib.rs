//! The `maestro` command: reads the command line, calls the house, shows what came of it. It decides nothing about runs.
//!
//! A library, so that `maestro-aws` is the same command with sites that need AWS's SDKs; `maestro` hands over to it.

mod args;
mod ask;
mod commands;
mod config;
mod context;
mod cost;
pub mod flow_site;
mod flows;
mod folder;
mod gantt;
mod home;
mod input;
mod local;
mod logging;
mod models;
mod output;
mod progress;
mod session;
mod signals;
pub mod site;
mod stop;
mod summary;
mod table;

pub use config::Config;
pub use stop::{Exit, Stop};

use args::{Args, Asl, Command, Personas, Runs, Tools, Workflow};
use async_trait::async_trait;
use clap::Parser;
use context::Context;
use flow_site::FlowSite;
use local::Local;
use output::Output;
use site::{On, Preparation, Site, Sites};
use std::{os::unix::process::CommandExt, process, process::ExitCode, time::Duration};

/// How long work that was given up may still take, such as a write that is under way.
const LINGER: Duration = Duration::from_secs(2);
/// The program that works with AWS.
const REMOTE: &str = "maestro-aws";

/// Does what the command line says. `remote` opens sites other than this machine; without it another program takes over.
pub fn start(remote: Option<&dyn Sites>) -> ExitCode {
    let args = Args::parse();
    let exit = match Config::read() {
        Ok(config) => {
            let output = Output::new(&config, args.color);
            let exit = run(args, remote, &config, &output).unwrap_or_else(|stop| {
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

fn run(args: Args, remote: Option<&dyn Sites>, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let Args { on, command, .. } = args;
    // What would be built is the same everywhere.
    let about_runs = match &command {
        Command::Runs(_) | Command::Execute(_) | Command::Budget(_) => true,
        Command::Workflow(workflow) => workflow.about_runs(),
        _ => false,
    };
    let elsewhere = on != On::Here && !matches!(&command, Command::Execute(args) if args.dry_run);
    if elsewhere && !about_runs {
        return Err(Stop::unusable("`--on` says where runs are; this command is not about runs"));
    }
    let sites: &dyn Sites = match remote {
        Some(sites) if elsewhere => sites,
        None if elsewhere => return Err(hand_over()),
        _ => &Here,
    };
    let context = Context::new(sites, on, config, output);
    match command {
        Command::Personas(Personas::List(args)) => commands::personas_list::run(&args, output),
        Command::Personas(Personas::Show(args)) => commands::personas_show::run(&args, output),
        Command::Tools(Tools::List(args)) => in_runtime(commands::tools_list::run(&args, config, output)),
        Command::Tools(Tools::Show(args)) => in_runtime(commands::tools_show::run(&args, config, output)),
        Command::Tools(Tools::Call(args)) => in_runtime(commands::tools_call::run(&args, config, output)),
        Command::Screen(args) => commands::screen::run(&args, output),
        Command::Asl(Asl::Run(args)) => commands::asl_run::run(&args, output),
        Command::Asl(Asl::Check(args)) => commands::asl_check::run(&args, output),
        Command::Workflow(workflow) => run_workflow(&workflow, &context),
        Command::Doctor(args) => in_runtime(commands::doctor::run(&args, config, output)),
        Command::Stack(command) => commands::stack::run(&command, config, output),
        Command::Execute(args) => in_runtime(commands::execute::run(&args, &context)),
        Command::Runs(runs) => in_runtime(run_runs(runs, &context)),
        Command::Budget(budget) => in_runtime(commands::budget::run(&budget, &context)),
    }
}

fn run_workflow(workflow: &Workflow, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    match workflow {
        Workflow::Validate(args) => commands::workflow_validate::run(args, output),
        Workflow::Lint(args) => commands::workflow_lint::run(args, output),
        Workflow::Compile(args) => commands::workflow_compile::run(args, output),
        Workflow::Plan(args) => commands::workflow_plan::run(args, output),
        Workflow::Library(library) => commands::workflow_library::run(library, output),
        Workflow::Schema => commands::workflow_schema::run(output),
        Workflow::Types(args) => commands::workflow_types::run(args, output),
        Workflow::Run(args) => in_runtime(commands::workflow_run::run(args, context)),
        Workflow::List(args) => in_runtime(commands::workflow_list::run(args, context)),
        Workflow::Show(args) => in_runtime(commands::workflow_show::run(args, context)),
        Workflow::Cost(args) => in_runtime(commands::workflow_cost::run(args, context)),
        Workflow::Watch(args) => in_runtime(commands::workflow_watch::run(args, context)),
        Workflow::Resume(args) => in_runtime(commands::workflow_resume::run(args, context)),
        Workflow::Recover(args) => in_runtime(commands::workflow_recover::run(args, context)),
        Workflow::Cancel(args) => in_runtime(commands::workflow_cancel::run(args, context)),
        Workflow::Undo(args) => in_runtime(commands::workflow_undo::run(args, context)),
        Workflow::Delete(args) => in_runtime(commands::workflow_delete::run(args, context)),
        Workflow::Approve(args) => in_runtime(commands::workflow_approve::run(args, true, context)),
        Workflow::Reject(args) => in_runtime(commands::workflow_approve::run(args, false, context)),
        Workflow::Event(args) => in_runtime(commands::workflow_event::run(args, context)),
    }
}

async fn run_runs(runs: Runs, context: &Context<'_>) -> Result<Exit, Stop> {
    match runs {
        Runs::List(args) => commands::runs_list::run(&args, context).await,
        Runs::Show(args) => commands::runs_show::run(&args, context).await,
        Runs::Watch(args) => commands::runs_watch::run(&args, context).await,
        Runs::Trace(args) => commands::runs_trace::run(&args, context).await,
        Runs::Artifacts(args) => commands::runs_artifacts::run(&args, context).await,
        Runs::Fetch(args) => commands::runs_fetch::run(&args, context).await,
        Runs::Cost(args) => commands::runs_cost::run(&args, context).await,
        Runs::Grant(args) => commands::runs_grant::run(&args, context).await,
        Runs::Rework(args) => commands::runs_rework::run(&args, context).await,
        Runs::Resume(args) => commands::runs_resume::run(&args, context).await,
        Runs::Cancel(args) => commands::runs_cancel::run(&args, context).await,
        Runs::Delete(args) => commands::runs_delete::run(&args, context).await,
    }
}

/// This machine, whatever is asked for.
struct Here;

#[async_trait]
impl Sites for Here {
    async fn flows(&self, _: On, config: &Config) -> Result<Option<Box<dyn FlowSite>>, Stop> {
        Ok(flows::existing(config)?.map(|here| Box::new(here) as Box<dyn FlowSite>))
    }

    async fn flows_ready(
        &self,
        _: On,
        config: &Config,
        workflow: &maestro_workflow::Workflow,
        unsandboxed: bool,
    ) -> Result<Box<dyn FlowSite>, Stop> {
        Ok(Box::new(flows::ready(config, workflow, unsandboxed).await?))
    }

    async fn existing(&self, _: On, config: &Config) -> Result<Option<Box<dyn Site>>, Stop> {
        Ok(Local::existing(config)?.map(|local| Box::new(local) as Box<dyn Site>))
    }

    async fn ready(&self, _: On, config: &Config, how: Preparation) -> Result<Box<dyn Site>, Stop> {
        Ok(Box::new(Local::ready(config, how).await?))
    }
}

/// Becomes the program that works with AWS, with the same command line. Comes back only when that is not possible.
fn hand_over() -> Stop {
    let beside = std::env::current_exe().map(|exe| exe.with_file_name(REMOTE)).ok().filter(|path| path.is_file());
    let program = beside.unwrap_or_else(|| REMOTE.into());
    let error = process::Command::new(&program).args(std::env::args_os().skip(1)).exec();
    Stop::unusable(format!("`{}`, the program that works with AWS, cannot be started", program.display()))
        .because(&error)
        .help("`maestro stack deploy` builds it, and so does `cargo build --package maestro-aws-cli`")
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
