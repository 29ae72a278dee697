//! The command line.

use crate::{commands, output::When, site::On};
use clap::{Parser, Subcommand};

/// Turns an epic into verified software: eleven personas, five phases, evidence for every criterion.
#[derive(Debug, Parser)]
#[command(name = "maestro", version, about, max_term_width = 100, after_help = AFTER)]
pub(crate) struct Args {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(crate) color: When,
    /// Where runs are
    #[arg(long, global = true, value_enum, default_value_t = On::Here, value_name = "PLACE")]
    pub(crate) on: On,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "\
Exit codes: 0 ok, 1 failed, 2 usage or unusable input (nothing is created), 3 blocked (a model or a
person is needed), 130 interrupted.

Environment: MAESTRO_HOME is the folder of all runs (default `.maestro` below the working directory),
MAESTRO_LOG what their logs keep (such as `debug`), MAESTRO_STACK the stack that `--on aws` uses
(default `maestro-dev`), NO_COLOR turns colour off.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Builds and verifies the software that an epic asks for
    Execute(commands::execute::Args),
    /// Lists, shows, follows and changes runs
    #[command(subcommand)]
    Runs(Runs),
    /// Shows and raises what all runs together may spend on models
    #[command(subcommand)]
    Budget(commands::budget::Budget),
    /// Shows the eleven personas
    #[command(subcommand)]
    Personas(Personas),
    /// Shows the tools of personas and calls them on a folder, without a model
    #[command(subcommand)]
    Tools(Tools),
    /// Looks at a text from outside as it would be looked at before it reaches a prompt
    Screen(commands::screen::Args),
    /// Checks and runs Amazon States Language definitions
    #[command(subcommand)]
    Asl(Asl),
    /// Checks, compiles, draws and runs workflows: directed acyclic graphs of tasks
    #[command(subcommand)]
    Workflow(Workflow),
    /// Runs a stack on this machine that speaks for AWS
    #[command(subcommand)]
    Stack(commands::stack::Command),
    /// Finds out whether this machine can build software, and what to mend
    Doctor(commands::doctor::Args),
}

/// What to do with runs.
#[derive(Debug, Subcommand)]
pub(crate) enum Runs {
    /// Lists runs, newest first
    List(commands::runs_list::Args),
    /// Shows one run: status, phases, gates, findings, tasks, what was not understood
    Show(commands::runs_show::Args),
    /// Follows a run until it ends
    Watch(commands::runs_watch::Args),
    /// Shows for every statement of the epic what carries and what proves it
    Trace(commands::runs_trace::Args),
    /// Lists what the personas handed over, or writes it to a folder
    Artifacts(commands::runs_artifacts::Args),
    /// Puts what an ended run handed over into another folder
    Fetch(commands::runs_fetch::Args),
    /// Shows what a run costs at list prices, by service
    Cost(commands::runs_cost::Args),
    /// Lets a run spend more on models
    Grant(commands::runs_grant::Args),
    /// Grants a run one more round of rework, where a gate asks a person
    Rework(commands::runs_rework::Args),
    /// Goes on with a run that was stopped, blocked or failed; nothing completed is done again
    Resume(commands::runs_resume::Args),
    /// Stops a run, whichever process executes it
    Cancel(commands::runs_cancel::Args),
    /// Deletes the record of a run; its deliverable stays
    Delete(commands::runs_delete::Args),
}

/// What to do with personas.
#[derive(Debug, Subcommand)]
pub(crate) enum Personas {
    /// Lists the personas
    List(commands::personas_list::Args),
    /// Shows one persona with its prompt
    Show(commands::personas_show::Args),
}

/// What to do with tools.
#[derive(Debug, Subcommand)]
pub(crate) enum Tools {
    /// Lists the tools
    List(commands::tools_list::Args),
    /// Shows one tool with its arguments
    Show(commands::tools_show::Args),
    /// Calls a tool on a folder
    Call(commands::tools_call::Args),
}

/// What to do with definitions.
#[derive(Debug, Subcommand)]
pub(crate) enum Asl {
    /// Runs a definition in virtual time, with mocks in place of its tasks
    Run(commands::asl_run::Args),
    /// Reports all problems of definitions, with their places
    Check(commands::asl_check::Args),
}

/// What to do with workflows.
#[derive(Debug, Subcommand)]
pub(crate) enum Workflow {
    /// Reports all errors of workflows, with their places
    Validate(commands::workflow_validate::Args),
    /// Reports what is likely to go wrong with workflows that are sound
    Lint(commands::workflow_lint::Args),
    /// Prints the definition in Amazon States Language that runs a workflow
    Compile(commands::workflow_compile::Args),
    /// Shows what to expect of a run: what makes it take so long, how wide it gets; or draws it
    Plan(commands::workflow_plan::Args),
    /// Workflows to use, and to start from
    #[command(subcommand)]
    Library(commands::workflow_library::Library),
    /// Prints the JSON Schema of the format, for editors
    Schema,
    /// Lists the task types
    Types(commands::workflow_types::Args),
    /// Runs a workflow
    Run(commands::workflow_run::Args),
    /// Lists runs, newest first
    List(commands::workflow_list::Args),
    /// Shows one run: its nodes, and when they ran
    Show(commands::workflow_show::Args),
    /// Tells what a run costs at list prices, with the runs that its nodes started
    Cost(commands::workflow_cost::Args),
    /// Follows a run until it ends
    Watch(commands::workflow_watch::Args),
    /// Goes on with a run that was stopped, blocked or failed; nothing completed is done again
    Resume(commands::workflow_resume::Args),
    /// Goes on with runs that nobody executes any more, and records that it did
    Recover(commands::workflow_recover::Args),
    /// Stops a run, whichever process executes it, and undoes what has to be undone
    Cancel(commands::workflow_cancel::Args),
    /// Undoes what is left of what a run did that failed or was cancelled
    Undo(commands::workflow_undo::Args),
    /// Deletes a run, and the runs that its nodes started
    Delete(commands::workflow_delete::Args),
    /// Records that a person approves of a node
    Approve(commands::workflow_approve::Args),
    /// Records that a person rejects a node
    Reject(commands::workflow_approve::Args),
    /// Tells a run of an event that its nodes may wait for
    Event(commands::workflow_event::Args),
}

impl Workflow {
    /// Whether it is about runs, which may be elsewhere. Only those of this machine need anybody to recover them.
    pub(crate) const fn about_runs(&self) -> bool {
        match self {
            Self::Validate(_)
            | Self::Lint(_)
            | Self::Compile(_)
            | Self::Plan(_)
            | Self::Library(_)
            | Self::Schema
            | Self::Types(_)
            | Self::Recover(_) => false,
            Self::Run(_)
            | Self::List(_)
            | Self::Show(_)
            | Self::Cost(_)
            | Self::Watch(_)
            | Self::Resume(_)
            | Self::Cancel(_)
            | Self::Undo(_)
            | Self::Delete(_)
            | Self::Approve(_)
            | Self::Reject(_)
            | Self::Event(_) => true,
        }
    }
}
