//! Waiting for one child and, at the same time, for the end of the referee.

use super::{During, Stop};
use crate::wire::End;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Child signals, readable as a file. Opened before the child starts, so that its end cannot be missed.
pub(super) struct ChildSignals(SignalFd);

impl ChildSignals {
    pub(super) fn open() -> Result<Self, Stop> {
        let mut mask = SigSet::empty();
        mask.add(Signal::SIGCHLD);
        mask.thread_block().during("block child signals")?;
        let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
        Ok(Self(SignalFd::with_flags(&mask, flags).during("open a signal file")?))
    }

    /// Reaps children until the one that matters has ended, or returns `None` once the referee is gone.
    ///
    /// The referee holds the other end of standard input for as long as it wants the job, so a hang-up there is its
    /// end, however it died. (A parent-death signal would follow the *thread* that started this process.)
    pub(super) fn wait_for(&self, child: Pid) -> Result<Option<End>, Stop> {
        let stdin = std::io::stdin();
        loop {
            if let Some(end) = reap(child)? {
                return Ok(Some(end));
            }
            let mut watched =
                [PollFd::new(self.0.as_fd(), PollFlags::POLLIN), PollFd::new(stdin.as_fd(), PollFlags::empty())];
            match poll(&mut watched, PollTimeout::NONE) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(Stop::setup("wait", errno)),
            }
            let [signals, referee] = watched;
            if referee.any() == Some(true) {
                return Ok(None);
            }
            if signals.any() == Some(true) {
                self.0.read_signal().during("read a signal")?;
            }
        }
    }

    /// Gives a child that has been told to stop some time for it; says whether it has ended.
    pub(super) fn ends_within(&self, child: Pid, grace: Duration) -> Result<bool, Stop> {
        let started = Instant::now();
        while reap(child)?.is_none() {
            let left = grace.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            let mut watched = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
            match poll(&mut watched, PollTimeout::try_from(left).unwrap_or(PollTimeout::ZERO)) {
                Ok(_) => self.0.read_signal().during("read a signal").map(drop)?,
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(Stop::setup("wait", errno)),
            }
        }
        Ok(true)
    }
}

/// Collects every ended child; says how the one that matters ended.
fn reap(child: Pid) -> Result<Option<End>, Stop> {
    loop {
        let end = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => return Ok(None),
            Ok(WaitStatus::Exited(pid, code)) => (pid, End { code: Some(code), signal: None, truncated: false }),
            Ok(WaitStatus::Signaled(pid, signal, _)) => {
                (pid, End { code: None, signal: Some(signal as i32), truncated: false })
            }
            Ok(_) | Err(Errno::EINTR) => continue,
            Err(errno) => return Err(Stop::setup("collect ended processes", errno)),
        };
        if end.0 == child {
            return Ok(Some(end.1));
        }
    }
}

/// Whether the referee has closed its end of standard input.
pub(super) fn referee_is_gone(wait: PollTimeout) -> bool {
    let stdin = std::io::stdin();
    let mut watched = [PollFd::new(stdin.as_fd(), PollFlags::empty())];
    let polled = poll(&mut watched, wait);
    let [referee] = watched;
    polled.is_ok() && referee.any() == Some(true)
}

/// The process id of a child as the system's type.
pub(super) fn pid_of(child: &std::process::Child) -> Result<Pid, Stop> {
    Ok(Pid::from_raw(i32::try_from(child.id()).during("read a process id")?))
}

/// The code by which a stage passes on how the stage below it ended.
pub(super) fn pass_on(end: Option<End>) -> ExitCode {
    match end {
        Some(End { code: Some(0), .. }) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
