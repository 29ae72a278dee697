//! Limits that hold for all processes of a command together.
//!
//! The kernel's own limits hold for each process alone, and control groups are rarely ours to make. So the stage that
//! watches looks again and again, and kills the tree when it has grown beyond what it may: a limit is passed by what can
//! be filled between two looks, no more. What no look would find (memory files, shared segments) cannot be made at all,
//! see `calls`.

use super::{Stop, tree};
use crate::wire::{Frame, TreeLimits, send};
use maestro_domain::TreeLimit;
use nix::sys::statvfs::statvfs;
use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// The pause between two looks. Without isolation a look goes over all processes of the machine.
const PAUSE: Duration = Duration::from_millis(20);
const PAUSE_UNSANDBOXED: Duration = Duration::from_millis(250);
/// Bytes of a memory page, as `/proc` counts them.
const PAGE: u64 = 4096;

/// Looks after a tree of processes until told to stop.
pub(super) struct Watch {
    stop: Sender<()>,
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Watch {
    pub(super) fn start(limits: TreeLimits, isolated: bool) -> Self {
        let (stop, stopped) = channel();
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let thread = std::thread::spawn(move || watch(&limits, isolated, &seen, &stopped));
        Self { stop, over, thread }
    }

    /// Whether a limit was passed: nothing more is to be started.
    pub(super) fn over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub(super) fn stop(self) -> Result<(), Stop> {
        // It has stopped already when it could not go on.
        let _ = self.stop.send(());
        self.thread.join().map_err(|_| Stop::setup("watch over the limits", "its thread died"))
    }
}

fn watch(limits: &TreeLimits, isolated: bool, seen: &AtomicBool, stopped: &Receiver<()>) {
    let pause = if isolated { PAUSE } else { PAUSE_UNSANDBOXED };
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        if !seen.load(Ordering::Relaxed) {
            let Some((limit, allowed)) = passed(limits, isolated) else { continue };
            seen.store(true, Ordering::Relaxed);
            // Without a referee to tell, this process is about to end as well.
            let _ = send(&mut io::stdout().lock(), &Frame::Over { limit, allowed });
        }
        // Again and again: what was just being started dies as well.
        tree::kill_leftovers(isolated);
    }
}

/// The limit that has been passed, if one has.
fn passed(limits: &TreeLimits, isolated: bool) -> Option<(TreeLimit, u64)> {
    let (mut bytes, mut files) = (0, 0);
    for place in &limits.scratch {
        // A place that cannot be asked is gone, and what it held with it.
        let Ok(stat) = statvfs(place) else { continue };
        bytes += stat.blocks().saturating_sub(stat.blocks_free()).saturating_mul(stat.fragment_size());
        files += stat.files().saturating_sub(stat.files_free());
    }
    if files > limits.files {
        return Some((TreeLimit::Files, limits.files));
    }
    let processes = tree::processes(isolated);
    let over = |memory: fn(i32) -> u64| {
        bytes.saturating_add(processes.iter().map(|pid| memory(*pid)).sum()) > limits.memory_bytes
    };
    // The quick sum counts shared pages for each process; only where that is too much, the exact and slow one decides.
    (over(resident) && over(proportional)).then_some((TreeLimit::Memory, limits.memory_bytes))
}

/// Everything that a process has in memory, libraries too. 0 for one that has ended.
fn resident(pid: i32) -> u64 {
    let pages = || fs::read_to_string(format!("/proc/{pid}/statm")).ok()?.split(' ').nth(1)?.parse::<u64>().ok();
    pages().unwrap_or_default().saturating_mul(PAGE)
}

/// A process's share of the memory that is its own, without the machine's files. One that hides its maps is charged in
/// full.
fn proportional(pid: i32) -> u64 {
    let Ok(maps) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else { return resident(pid) };
    let kib = |line: &str| {
        let rest = line.strip_prefix("Pss_Anon:").or_else(|| line.strip_prefix("Pss_Shmem:"))?;
        rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
    };
    let parts: Vec<u64> = maps.lines().filter_map(kib).collect();
    // Older kernels do not tell the parts.
    if parts.len() < 2 { resident(pid) } else { parts.iter().sum::<u64>().saturating_mul(1024) }
}
