//! The first stage: leaves the machine's namespaces, starts the next stage and waits for it or for the referee's end.

use super::supervise::{ChildSignals, pass_on, pid_of};
use super::{During, MARK, Stop, input, privilege, stage};
use crate::wire::{Setup, read_message};
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{close, geteuid, setsid};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Seek, Write};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Where bubblewrap shows the helper to its next stage.
const HELPER: &str = "/.referee-helper";
/// How long the stages below may take to end by themselves.
const GRACE: Duration = Duration::from_secs(3);

pub(super) fn main(args: &[OsString]) -> Result<ExitCode, Stop> {
    close_inherited()?;
    // Away from the terminal, if there is one: the command must not type into it. It fails only for a group leader,
    // which has no terminal to lose that it could not already lose.
    let _ = setsid();
    // What is built below must be readable by the user that the command becomes.
    umask(Mode::from_bits_truncate(0o022));
    let signals = ChildSignals::open()?;
    // Files that the next stage inherits stay open until it has started.
    let mut inherited = Vec::new();
    let kind = args.first().and_then(|kind| kind.to_str());
    let mut next = match kind {
        Some("namespaces") => {
            leave_namespaces()?;
            stage("init")
        }
        Some("bubblewrap") => bubblewrap(args.get(1), &mut inherited)?,
        Some("unsandboxed") => {
            let _: Setup = read_message(&mut input()?).during("read the setup")?;
            let mut keep = stage("keep");
            std::os::unix::process::CommandExt::process_group(&mut keep, 0);
            keep
        }
        _ => return Err(Stop::setup("choose an isolation", "it is unknown")),
    };
    let mut child = next.spawn().during(format!("start `{}`", next.get_program().display()))?;
    drop(inherited);
    let pid = pid_of(&child)?;
    let end = signals.wait_for(pid)?;
    // The stages below have seen the referee's end as well and kill what is theirs; it is over when they are gone.
    if end.is_none() && !signals.ends_within(pid, GRACE)? && kind != Some("unsandboxed") {
        child.kill().during("kill the next stage")?;
        child.wait().during("wait for the next stage")?;
    }
    Ok(pass_on(end))
}

/// Files that the referee's process has open and forgot to mark are none of the command's business.
fn close_inherited() -> Result<(), Stop> {
    let open: Vec<i32> = std::fs::read_dir("/proc/self/fd")
        .during("list open files")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd > 2)
        .collect();
    for fd in open {
        // The listing's own descriptor is among them and closed by now.
        let _ = close(fd);
    }
    Ok(())
}

/// Root leaves directly and keeps the right to read what it is to show inside; anyone else needs a user namespace.
fn leave_namespaces() -> Result<(), Stop> {
    let flags = CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS;
    if geteuid().is_root() {
        return match unshare(flags) {
            Err(Errno::EPERM) => {
                Err(Stop::setup("make namespaces", "this root has no CAP_SYS_ADMIN (a container without it?)"))
            }
            other => other.during("make namespaces"),
        };
    }
    // Its root inside, so that the next stage keeps its capabilities over the namespace when it starts.
    privilege::enter_with(flags | CloneFlags::CLONE_NEWUSER, 0)
}

/// The bubblewrap command that does what `init` does.
fn bubblewrap(program: Option<&OsString>, inherited: &mut Vec<File>) -> Result<Command, Stop> {
    let program = program.ok_or_else(|| Stop::setup("start bubblewrap", "its path is missing"))?;
    let setup: Setup = read_message(&mut input()?).during("read the setup")?;
    let mut bwrap = Command::new(program);
    bwrap.env_clear().args(["--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net"]);
    bwrap.args(["--unshare-ipc", "--unshare-uts", "--hostname", super::init::HOST_NAME]);
    if geteuid().is_root() {
        // No user namespace yet: the next stage first becomes an unprivileged user.
        bwrap.args(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]);
    } else {
        let id = privilege::INSIDE_ID.to_string();
        bwrap.args(["--unshare-user", "--uid", &id, "--gid", &id]);
    }
    for folder in folders_above(&setup) {
        // Bubblewrap would make them as well, but closed to all but the user that made them.
        bwrap.args(["--perms", "0755", "--dir"]).arg(folder);
    }
    for path in &setup.read_only {
        bwrap.arg("--ro-bind").arg(path).arg(path);
    }
    for (target, at) in &setup.links {
        bwrap.arg("--symlink").arg(target).arg(at);
    }
    bwrap.args(["--proc", "/proc"]);
    for path in &setup.devices {
        bwrap.arg("--dev-bind").arg(path).arg(path);
    }
    for (path, text) in &setup.files {
        let file = memory_file(text).during("make a file in memory")?;
        bwrap.args(["--perms", "0444", "--file", &file.as_raw_fd().to_string()]).arg(path);
        inherited.push(file);
    }
    for (path, bytes) in &setup.scratch {
        bwrap.args(["--perms", "1777", "--size", &bytes.to_string(), "--tmpfs"]).arg(path);
    }
    bwrap.arg("--ro-bind").arg(&setup.helper).arg(HELPER).args(["--remount-ro", "/", "--chdir", "/"]);
    bwrap.arg("--").arg(Path::new(HELPER)).args([MARK, "keep"]);
    Ok(bwrap)
}

/// The folders that what is shown lies in, upper ones first.
fn folders_above(setup: &Setup) -> BTreeSet<&Path> {
    let shown = setup.read_only.iter().chain(&setup.devices);
    let shown = shown.chain(setup.links.iter().map(|(_, at)| at)).chain(setup.files.iter().map(|(path, _)| path));
    let shown = shown.chain(setup.scratch.iter().map(|(path, _)| path));
    shown.flat_map(|path| path.ancestors().skip(1)).filter(|folder| *folder != Path::new("/")).collect()
}

/// A file that the next program inherits: it is not marked to close.
fn memory_file(text: &str) -> std::io::Result<File> {
    let mut file = File::from(memfd_create("referee", MFdFlags::empty())?);
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(file)
}
