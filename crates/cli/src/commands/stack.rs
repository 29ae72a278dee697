//! `maestro stack`: a stack on this machine that speaks for AWS, for runs with `--on local-stack`.

use crate::{
    config::Config,
    output::Output,
    stop::{Exit, Stop},
};
use maestro_stack::{Deployed, Error, FUNCTIONS, PACKAGES, Packing, Programs, Server, Stack, compile, package};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

/// Holds the program that works with AWS.
const REMOTE_PACKAGE: &str = "maestro-aws-cli";

/// What to do with the stack.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Installs it (the first time) and starts it on a free port of the loopback
    Up(View),
    /// Builds the functions of this checkout and deploys the template
    Deploy(Deploy),
    /// Shows whether it is up, where, and what is deployed; exit code 1 when it is down
    Status(View),
    /// Prints the server's log, or that of a function
    Logs(Logs),
    /// Stops it; what it holds is kept for the next time
    Down(Down),
}

/// How it is told.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct View {
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `stack deploy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Deploy {
    /// Builds optimised functions, small ones (default: as this program was built)
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    view: View,
}

/// Arguments of `stack logs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Logs {
    /// A function, such as `gate`, `phase-design` or `persona-qa_engineer`
    #[arg(value_name = "FUNCTION")]
    function: Option<String>,
    /// Goes on until it is stopped
    #[arg(long, short, conflicts_with = "function")]
    follow: bool,
}

/// Arguments of `stack down`.
#[derive(Debug, clap::Args)]
pub(crate) struct Down {
    /// Forgets what it holds: runs, deliverables, what is deployed
    #[arg(long)]
    forget: bool,
    #[command(flatten)]
    view: View,
}

pub(crate) fn run(command: &Command, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let stack = of(config);
    match command {
        Command::Up(view) => up(&stack, *view, output),
        Command::Deploy(args) => deploy(&stack, args, config, output),
        Command::Status(view) => status(&stack, *view, output),
        Command::Logs(args) => logs(&stack, args, output),
        Command::Down(args) => down(&stack, args, output),
    }
}

/// The stack of a home.
pub(crate) fn of(config: &Config) -> Stack {
    Stack::new(config.home.join("stack"))
}

fn up(stack: &Stack, view: View, output: &Output) -> Result<Exit, Stop> {
    stack.install(|what| output.note(what)).map_err(|error| {
        failed(&error).help("it needs Python 3 with `venv`, and a package index such as PyPI the first time")
    })?;
    let server = stack.up().map_err(|error| failed(&error))?;
    tell(stack, Some(&server), view, output);
    Ok(Exit::Ok)
}

fn status(stack: &Stack, view: View, output: &Output) -> Result<Exit, Stop> {
    let server = stack.server();
    tell(stack, server.as_ref(), view, output);
    Ok(if server.is_some() { Exit::Ok } else { Exit::Failed })
}

fn tell(stack: &Stack, server: Option<&Server>, view: View, output: &Output) {
    let deployed = stack.deployed();
    if view.json {
        output.json(&described(stack, server, deployed.as_ref()));
        return;
    }
    let row = |name: &str, text: &str| output.line(format!("  {} {text}", output.out().dim(format!("{name:<12}"))));
    match server {
        Some(server) => {
            output.line("the stack is up");
            row("endpoint", &server.endpoint());
            row("process", &server.pid().to_string());
        }
        None => output.line("the stack is down; `maestro stack up` starts it"),
    }
    row("log", &stack.log().display().to_string());
    match deployed {
        Some(Deployed { name, outputs }) => {
            row("deployed", &name);
            for (output, value) in outputs {
                row("", &format!("{output} = {value}"));
            }
        }
        None if server.is_some() => row("deployed", "nothing yet; `maestro stack deploy` in a checkout"),
        None => {}
    }
}

fn described(stack: &Stack, server: Option<&Server>, deployed: Option<&Deployed>) -> Value {
    json!({
        "up": server.is_some(),
        "endpoint": server.map(Server::endpoint),
        "pid": server.map(Server::pid),
        "log": stack.log(),
        "deployed": deployed.map(|deployed| json!({"name": deployed.name, "outputs": deployed.outputs})),
    })
}

fn deploy(stack: &Stack, args: &Deploy, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let Some(server) = stack.server() else { return Err(failed(&Error::Down)) };
    let Some(checkout) = checkout(&config.absolute(Path::new("."))) else {
        return Err(Stop::unusable("there is no `infra/template.yaml` here or in a folder above")
            .help("run this in a checkout of Maestro Hive: the functions are built from it"));
    };
    output.note("building the functions");
    let release = args.release || !cfg!(debug_assertions);
    let programs = built(&checkout, release).map_err(|error| failed(&error))?;
    let binaries = programs.values().next().and_then(|program| program.parent()).unwrap_or(Path::new("."));
    let packing = if release { Packing::Small } else { Packing::Quick };
    package(binaries, &checkout.join(PACKAGES), packing).map_err(|error| failed(&error))?;
    output.note("deploying the template");
    let deployed = stack.deploy(&server.endpoint(), &checkout, maestro_stack::NAME);
    deployed.and_then(|deployed| stack.remember(&deployed)).map_err(|error| failed(&error))?;
    tell(stack, Some(&server), args.view, output);
    Ok(Exit::Ok)
}

/// The functions, and the program that works with AWS beside this one.
fn built(checkout: &Path, release: bool) -> Result<Programs, Error> {
    if release {
        compile(checkout, &[REMOTE_PACKAGE], "release")?;
        return compile(checkout, &FUNCTIONS, "small");
    }
    // In one go, so that what they share is compiled once.
    let all: Vec<_> = FUNCTIONS.into_iter().chain([REMOTE_PACKAGE]).collect();
    compile(checkout, &all, "dev")
}

/// The checkout that a folder is in.
fn checkout(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join("infra/template.yaml").is_file()).map(Path::to_owned)
}

fn logs(stack: &Stack, args: &Logs, output: &Output) -> Result<Exit, Stop> {
    if let Some(function) = &args.function {
        let log = stack.function_log(function).map_err(|error| failed(&error))?;
        output.line(log.trim_end());
        return Ok(Exit::Ok);
    }
    const LOOK_EVERY: Duration = Duration::from_millis(200);
    let path = stack.log();
    let refused = |error: std::io::Error| {
        let stop = Stop::unusable(format!("the log `{}` cannot be read", path.display())).because(&error);
        match error.kind() {
            std::io::ErrorKind::NotFound => stop.help("`maestro stack up` starts the stack, and with it the log"),
            _ => stop,
        }
    };
    let mut log = File::open(&path).map_err(refused)?;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        log.read_to_end(&mut bytes).map_err(refused)?;
        if !bytes.is_empty() {
            output.line(String::from_utf8_lossy(&bytes).trim_end());
        }
        // Whoever read it has seen enough, or nothing more is asked for.
        if !args.follow || output.broken() {
            return Ok(Exit::Ok);
        }
        sleep(LOOK_EVERY);
    }
}

fn down(stack: &Stack, args: &Down, output: &Output) -> Result<Exit, Stop> {
    let was_up = stack.down().map_err(|error| failed(&error))?;
    if args.forget {
        stack.forget().map_err(|error| failed(&error))?;
    }
    if args.view.json {
        output.json(&json!({"up": false, "was_up": was_up, "forgotten": args.forget}));
    } else {
        output.line(if was_up { "the stack is down" } else { "the stack was not up" });
    }
    Ok(Exit::Ok)
}

fn failed(error: &Error) -> Stop {
    let stop = Stop::from_error(Exit::Failed, error);
    match error {
        Error::Down => Stop { exit: Exit::Unusable, ..stop }.help("`maestro stack up` starts it"),
        _ => stop,
    }
}
