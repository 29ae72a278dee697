//! `maestro doctor`: whether this machine can build software, really tried out.

use crate::{
    config::Config,
    home, models,
    output::Output,
    stop::{Exit, Stop},
};
use maestro_domain::Isolation;
use maestro_mcp::Found;
use maestro_sandbox::Report;
use nix::{
    sys::statvfs::statvfs,
    unistd::{AccessFlags, access},
};
use serde::Serialize;
use std::path::Path;

/// Arguments of `doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 everything needed is there, 1 something must be mended.")]
pub(crate) struct Args {
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    found: String,
    /// Where it is not as it should be: what to do.
    mend: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Findings<'a> {
    ok: bool,
    checks: &'a [Check],
    sandbox: &'a Report,
}

/// Free space below which a run may not come to its end.
const ENOUGH_MIB: u64 = 256;

pub(crate) async fn run(args: &Args, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let report = maestro_sandbox::probe();
    let existing = config.home.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    let mut checks =
        vec![sandbox(&report), python(&report), home_check(config, existing), disk(existing), terminal(config)];
    checks.extend(models_check(config).await);
    checks.extend(servers_check(config).await);
    let ok = checks.iter().all(|check| check.ok);
    if args.json {
        output.json(&Findings { ok, checks: &checks, sandbox: &report });
    } else {
        show(&checks, output);
    }
    Ok(if ok { Exit::Ok } else { Exit::Failed })
}

fn show(checks: &[Check], output: &Output) {
    let paint = output.out();
    for Check { name, ok, found, mend } in checks {
        let mark = if *ok { paint.green("✔") } else { paint.red("✘") };
        output.line(format!("{mark} {:<10} {found}", name));
        if let Some(mend) = mend {
            output.line(format!("             {} {mend}", paint.cyan("help:")));
        }
    }
}

fn good(name: &'static str, found: String) -> Check {
    Check { name, ok: true, found, mend: None }
}

fn bad(name: &'static str, found: String, mend: impl Into<String>) -> Check {
    Check { name, ok: false, found, mend: Some(mend.into()) }
}

fn sandbox(report: &Report) -> Check {
    let walls = match (report.landlock, report.seccomp) {
        (true, true) => ", Landlock and seccomp",
        (true, false) => " and Landlock",
        (false, true) => " and seccomp",
        (false, false) => "",
    };
    match report.isolation {
        Some(isolation) if report.tested => good("sandbox", format!("{}{walls}; tried out", word(isolation))),
        _ => {
            let problem = |attempt: &maestro_sandbox::Attempt| {
                attempt.problem.as_ref().map(|problem| format!("{}: {problem}", word(attempt.isolation)))
            };
            let problems: Vec<_> = report.attempts.iter().filter_map(problem).collect();
            bad(
                "sandbox",
                format!("none works ({})", problems.join("; ")),
                "install bubblewrap (`apt install bubblewrap`) or allow user namespaces \
                 (`sysctl kernel.unprivileged_userns_clone=1`, `kernel.apparmor_restrict_unprivileged_userns=0`); \
                 in a container, run it with `--security-opt seccomp=unconfined` or as a machine of its own",
            )
        }
    }
}

/// A check that could not be made.
fn stopped(name: &'static str, stop: Stop, mend: &str) -> Check {
    let why = std::iter::once(stop.message).chain(stop.causes).collect::<Vec<_>>().join(": ");
    bad(name, why, stop.help.unwrap_or_else(|| mend.to_owned()))
}

/// The servers of tools from outside; each is started and asked what it can do.
async fn servers_check(config: &Config) -> Vec<Check> {
    const NAME: &str = "tools";
    const MEND: &str = "mend or take out its part of `maestro.toml`: docs/mcp.md";
    let servers = match models::servers(config) {
        Ok(Some(servers)) => servers,
        Ok(None) => return Vec::new(),
        Err(stop) => return vec![stopped(NAME, stop, MEND)],
    };
    let check = |Found { server, tools, problem, .. }: Found| match problem {
        None => {
            let tools: Vec<_> = tools.iter().map(|tool| tool.name.as_str()).collect();
            good(NAME, format!("the server `{server}` has {}", tools.join(", ")))
        }
        Some(why) => bad(NAME, why, MEND),
    };
    servers.try_out().await.into_iter().map(check).collect()
}

/// The models that the configuration names; each is tried out without being asked anything.
async fn models_check(config: &Config) -> Vec<Check> {
    const MEND: &str = "keys come from the environment, everything else from `maestro.toml`: docs/models.md";
    let refused = |stop| vec![stopped("model", stop, MEND)];
    let opener = match models::opener(config) {
        Ok(opener) => opener,
        Err(stop) => return refused(stop),
    };
    let choice = match opener.choose(None) {
        Ok(choice) => choice,
        Err(error) => return refused(Stop::from_error(Exit::Unusable, &error)),
    };
    let mut checks = Vec::new();
    for name in choice.names() {
        checks.push(match opener.check(name).await {
            Ok(found) => good("model", found),
            Err(found) => bad("model", found, MEND),
        });
    }
    checks
}

const fn word(isolation: Isolation) -> &'static str {
    match isolation {
        Isolation::Bubblewrap => "bubblewrap",
        Isolation::Namespaces => "namespaces",
        Isolation::Unsandboxed => "no isolation",
        Isolation::Recorded => "recorded",
    }
}

fn python(report: &Report) -> Check {
    const MEND: &str = "install Python 3.9 or newer so that `python3` is on the `PATH` (`apt install python3`)";
    match (&report.python, &report.python_problem) {
        (Some(python), None) => {
            let (major, minor, patch) = python.version;
            good("python3", format!("{major}.{minor}.{patch} at {}", python.path.display()))
        }
        (Some(python), Some(problem)) => {
            let (major, minor, patch) = python.version;
            bad("python3", format!("{major}.{minor}.{patch} will not do: {problem}"), MEND)
        }
        (None, problem) => bad("python3", problem.clone().unwrap_or_else(|| "not found".to_owned()), MEND),
    }
}

fn home_check(config: &Config, existing: &Path) -> Check {
    let shown = config.home.display();
    let mend = "name a folder that you can write to by `MAESTRO_HOME`";
    if !existing.is_dir() {
        return bad("home", format!("`{}` is not a folder", existing.display()), mend);
    }
    if access(existing, AccessFlags::W_OK | AccessFlags::X_OK).is_err() {
        return bad("home", format!("`{}` cannot be written to", existing.display()), mend);
    }
    let opened = home::open_existing(config)
        .and_then(|home| home.map(|home| home.check().map_err(|error| home::refused(config, &error))).transpose());
    match opened {
        Ok(Some(())) => good("home", format!("{shown}")),
        Ok(None) => good("home", format!("{shown}, made by the first run")),
        Err(stop) => stopped("home", stop, mend),
    }
}

fn disk(existing: &Path) -> Check {
    match statvfs(existing) {
        Ok(stat) => {
            let free = stat.blocks_available().saturating_mul(stat.fragment_size()) >> 20;
            let found = format!("{free} MiB free at {}", existing.display());
            if free >= ENOUGH_MIB {
                good("disk", found)
            } else {
                bad("disk", found, format!("free at least {ENOUGH_MIB} MiB, or name another place by `MAESTRO_HOME`"))
            }
        }
        Err(error) => bad("disk", format!("free space is not known: {error}"), "check that the disk is mounted"),
    }
}

/// A terminal is nice to have, so this is never a problem.
fn terminal(config: &Config) -> Check {
    good(
        "terminal",
        match (config.stderr_tty, config.dumb) {
            (true, false) => "live progress".to_owned(),
            (true, true) => "plain progress, because `TERM` names no terminal that can be drawn on".to_owned(),
            (false, _) => "none: progress is plain lines".to_owned(),
        },
    )
}
