//! Programs that are started and waited for.

use crate::Error;
use std::process::{Command, Stdio};

/// How much of a failed program's words is told.
const TOLD: usize = 2_000;

/// Runs a program to its end and answers what it wrote to standard output.
pub(crate) fn run(command: &mut Command) -> Result<String, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    // What Python compiles it keeps, or every start compiles it anew.
    let command = command.env_remove("PYTHONDONTWRITEBYTECODE");
    let ran = command.stdin(Stdio::null()).output().map_err(Error::io(format!("start `{program}`")))?;
    if ran.status.success() {
        return Ok(String::from_utf8_lossy(&ran.stdout).into_owned());
    }
    let all = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    // Progress bars overwrite themselves; only what stays is worth reading.
    let lines: Vec<_> = all.lines().map(|line| line.rsplit('\r').next().unwrap_or(line).trim()).collect();
    let text = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let skipped = text.chars().count().saturating_sub(TOLD);
    Err(Error::Program { program, status: ran.status.to_string(), said: text.chars().skip(skipped).collect() })
}
