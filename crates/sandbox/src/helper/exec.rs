//! The last stage: limits itself, then becomes the command.

use super::{During, ENV_PREFIX, Stop, calls};
use crate::wire::{ExecSpec, Failure, ProcessLimits};
use landlock::{
    ABI, Access, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// What shells answer when a program is there but cannot be started.
const CANNOT_EXECUTE: u8 = 126;
/// Open files of one process. Enough for a small server and its clients.
const OPEN_FILES: u64 = 1024;

pub(super) fn main(args: &[OsString]) -> ExitCode {
    let Err(Stop(failure)) = become_command(args);
    let reason = match failure {
        Failure::Setup { reason } => reason,
        Failure::MissingProgram { program } => format!("`{program}` is not installed"),
    };
    // Standard error is all that is left to say it on; the exit code says it too.
    let _ = writeln!(std::io::stderr(), "sandbox: {reason}");
    ExitCode::from(CANNOT_EXECUTE)
}

fn become_command(args: &[OsString]) -> Result<std::convert::Infallible, Stop> {
    let [spec, program, arguments @ ..] = args else {
        return Err(Stop::setup("read its arguments", "there are too few"));
    };
    let spec: ExecSpec = serde_json::from_slice(spec.as_encoded_bytes()).during("read its limits")?;
    prctl::set_no_new_privs().during("give up new privileges")?;
    if spec.isolated {
        second_wall(&spec)?;
    }
    let mut command = Command::new(program);
    command.args(arguments).env_clear();
    for (name, value) in std::env::vars_os() {
        if let Some(name) = name.to_str().and_then(|name| name.strip_prefix(ENV_PREFIX)) {
            command.env(name, value);
        }
    }
    if spec.seccomp {
        calls::forbid().during("forbid system calls")?;
    }
    // Last, because a tight limit on memory binds this very process.
    limit(&spec.limits)?;
    Err(Stop::setup(format!("start `{}`", program.display()), command.exec()))
}

fn limit(limits: &ProcessLimits) -> Result<(), Stop> {
    // One second between the soft and the hard limit, so that a process that ignores the first signal dies all the same.
    set(Resource::RLIMIT_CPU, limits.cpu_s, limits.cpu_s.saturating_add(1))?;
    set(Resource::RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes)?;
    set(Resource::RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES)?;
    set(Resource::RLIMIT_CORE, 0, 0)?;
    if let Some(processes) = limits.processes {
        set(Resource::RLIMIT_NPROC, processes, processes)?;
    }
    set(Resource::RLIMIT_AS, limits.memory_bytes, limits.memory_bytes)
}

/// Sets a limit, or keeps a tighter one that the machine has set already.
fn set(resource: Resource, soft: u64, hard: u64) -> Result<(), Stop> {
    let (_, ceiling) = getrlimit(resource).during("read a limit")?;
    setrlimit(resource, soft.min(ceiling), hard.min(ceiling)).during(format!("set {resource:?}"))
}

/// Landlock on top of the namespaces, as far as the kernel has it: a mistake in one wall is caught by the other.
/// It also keeps the command from signalling or tracing the stage that watches it.
fn second_wall(spec: &ExecSpec) -> Result<(), Stop> {
    let abi = ABI::V6;
    let all = AccessFs::from_all(abi);
    Ruleset::default()
        .handle_access(all)
        .and_then(|rules| rules.scope(Scope::Signal))
        .and_then(Ruleset::create)
        .and_then(|rules| rules.add_rules(path_beneath_rules(&spec.readable, AccessFs::from_read(abi))))
        .and_then(|rules| rules.add_rules(path_beneath_rules(&spec.writable, all)))
        .and_then(landlock::RulesetCreated::restrict_self)
        .during("set up landlock")?;
    Ok(())
}

/// Whether the kernel has Landlock. Asked by a thread that ends at once, because asking means restricting.
pub(super) fn landlock_works() -> bool {
    std::thread::spawn(|| {
        let status = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V1))
            .and_then(Ruleset::create)
            .and_then(landlock::RulesetCreated::restrict_self);
        status.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
    })
    .join()
    .unwrap_or(false)
}
