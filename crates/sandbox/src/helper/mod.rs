//! The stages that stand between the referee and an untrusted command.
//!
//! No code runs between fork and exec (that would take `unsafe`); instead the program starts itself again, once per stage:
//!
//! 1. `outer` leaves the machine's namespaces (or starts bubblewrap, which does) and waits;
//! 2. `init` is the first process of the new process namespace: it builds the file system and the loopback, then reaps;
//! 3. `keep` gives up all privilege, lays out the workspace, runs the work, forwards its output and kills what is left;
//! 4. `exec` sets limits on itself and becomes the command.
//!
//! Bubblewrap takes the place of `init`. Without isolation, `keep` follows on `outer` directly.

mod calls;
mod channel;
mod exec;
mod init;
mod keep;
mod loopback;
mod modules;
mod outer;
mod privilege;
mod program;
mod supervise;
mod tree;
mod watch;

use crate::wire::{Failure, Frame, send};
use std::ffi::OsString;
use std::fmt::Display;
use std::fs::File;
use std::os::fd::AsFd;
use std::process::{Command, ExitCode};

/// The first argument by which a program knows that it was started as a helper.
pub(crate) const MARK: &str = "__sandbox";
/// Prefix of the environment variables that are meant for the command. The stages themselves must not meet them:
/// one of them could be `LD_PRELOAD`.
const ENV_PREFIX: &str = "MAESTRO_JOB_";
/// The running program, whatever has become of its file since.
const SELF: &str = "/proc/self/exe";

/// Takes over when this process was started as a helper of the sandbox, and says with which code to end.
///
/// Call it as the first statement of `main`, before any thread or runtime starts, in every program that
/// [`Options::helper`](crate::Options) may name:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     if let Some(code) = maestro_sandbox::helper_main() {
///         return code;
///     }
///     std::process::ExitCode::SUCCESS
/// }
/// ```
#[must_use]
pub fn helper_main() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    if args.next()? != MARK {
        return None;
    }
    let stage = args.next();
    let rest: Vec<OsString> = args.collect();
    let done = match stage.as_ref().and_then(|stage| stage.to_str()) {
        Some("outer") => outer::main(&rest),
        Some("init") => init::main(),
        Some("keep") => keep::main(),
        // Its standard output is the command's, so it does not report by frames.
        Some("exec") => return Some(exec::main(&rest)),
        _ => Err(Stop::setup("run an unknown stage", "the helper is older or newer than its caller")),
    };
    Some(match done {
        Ok(code) => code,
        Err(Stop(failure)) => {
            // When even this fails, the referee sees the stream end early, which is a failure too.
            let _ = send(&mut std::io::stdout(), &Frame::Failed(failure));
            ExitCode::FAILURE
        }
    })
}

/// Why a stage ended before its work was done.
#[derive(Debug)]
struct Stop(Failure);

impl Stop {
    fn setup(action: impl Display, cause: impl Display) -> Self {
        Self(Failure::Setup { reason: format!("could not {action}: {cause}") })
    }
}

/// Names what a stage was doing when the system refused.
trait During<T> {
    fn during(self, action: impl Display) -> Result<T, Stop>;
}

impl<T, E: Display> During<T> for Result<T, E> {
    fn during(self, action: impl Display) -> Result<T, Stop> {
        self.map_err(|cause| Stop::setup(action, cause))
    }
}

/// The next stage, with nothing inherited but the three standard streams.
fn stage(name: &str) -> Command {
    let mut command = Command::new(SELF);
    std::os::unix::process::CommandExt::arg0(&mut command, "maestro-sandbox");
    command.args([MARK, name]).env_clear();
    command
}

/// Standard input, unbuffered: what one stage does not read is for the next.
fn input() -> Result<File, Stop> {
    Ok(File::from(std::io::stdin().as_fd().try_clone_to_owned().during("read its input")?))
}
