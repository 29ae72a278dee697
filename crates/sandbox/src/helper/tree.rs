//! The processes of a command: finding them, killing them.

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

/// How often leftovers are looked for, and the pause between.
const SWEEPS: u32 = 1000;
const SWEEP_PAUSE: Duration = Duration::from_millis(1);

/// Kills every process that the command left behind.
pub(super) fn kill_leftovers(isolated: bool) {
    for _ in 0..SWEEPS {
        if isolated {
            // Everyone in this process namespace but its first process and ourselves, in one indivisible step. Until
            // nobody is found: a killed process still takes a moment to be gone.
            if kill(Pid::from_raw(-1), Signal::SIGKILL) == Err(Errno::ESRCH) {
                return;
            }
        } else {
            let alive = descendants();
            if alive.is_empty() {
                return;
            }
            for pid in alive {
                // It may have ended since.
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
        }
        std::thread::sleep(SWEEP_PAUSE);
    }
}

/// Living processes of the command.
pub(super) fn processes(isolated: bool) -> Vec<i32> {
    if !isolated {
        return descendants();
    }
    // Nobody else is in this process namespace but its first process and this one.
    all().filter(|pid| *pid > 2).collect()
}

fn all() -> impl Iterator<Item = i32> {
    fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// Living processes below this one.
fn descendants() -> Vec<i32> {
    let own = i32::try_from(std::process::id()).unwrap_or(-1);
    // Parent and state of every process, from the part of its record that follows the name in parentheses.
    let processes: Vec<(i32, i32, bool)> = all()
        .filter_map(|pid| {
            let record = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            let mut fields = record.rsplit_once(')')?.1.split_whitespace();
            let dead = matches!(fields.next()?, "Z" | "X");
            Some((pid, fields.next()?.parse().ok()?, dead))
        })
        .collect();
    let mut found = BTreeSet::from([own]);
    loop {
        let before = found.len();
        let below: Vec<i32> =
            processes.iter().filter(|(_, parent, _)| found.contains(parent)).map(|(pid, _, _)| *pid).collect();
        found.extend(below);
        if found.len() == before {
            break;
        }
    }
    let living = processes.iter().filter(|(pid, _, dead)| !dead && *pid != own && found.contains(pid));
    living.map(|(pid, _, _)| *pid).collect()
}
