//! Runs a Python program that reports.

use super::keep::Run;
use super::{During, Stop, channel};
use crate::wire::{End, Frame, send};
use std::io;
use std::path::Path;

/// The referee's runner. It is handed over as program text, so there is no file that the program could change.
const RUNNER: &str = concat!(include_str!("../../runners/channel.py"), include_str!("../../runners/report_runner.py"));

pub(super) fn run(run: &Run<'_>, python: &Path, program: &str, argument: &str) -> Result<End, Stop> {
    let mut command = run.prepare(python)?;
    command.args(["-B", "-s", "-c", RUNNER]).arg(run.task.workdir.join(program)).arg(argument);
    channel::talk(command, &format!("`{program}`"), |json| {
        send(&mut io::stdout().lock(), &Frame::Report(json.trim_ascii().to_vec())).during("report")?;
        Ok(true)
    })
}
