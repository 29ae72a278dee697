//! The first process of the sandbox's process namespace: builds what the command may see, then reaps.

use super::supervise::{ChildSignals, pass_on, pid_of, referee_is_gone};
use super::{During, Stop, input, loopback, stage};
use crate::wire::{Setup, read_message};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::poll::PollTimeout;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{chdir, pivot_root, sethostname};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The machine's name as the command sees it, the same on every machine.
pub(super) const HOST_NAME: &str = "sandbox";
/// Bytes of the root file system's memory: it holds empty folders, links and a few small files.
const ROOT_BYTES: u64 = 1 << 20;
const NONE: Option<&str> = None;

pub(super) fn main() -> Result<ExitCode, Stop> {
    // When `outer` is killed, this process dies, and with it the whole namespace.
    prctl::set_pdeathsig(Signal::SIGKILL).during("follow its parent")?;
    let setup: Setup = read_message(&mut input()?).during("read the setup")?;
    // `outer` may have died before the line above took hold; then its killer has let go of our input as well.
    if referee_is_gone(PollTimeout::ZERO) {
        return Ok(ExitCode::FAILURE);
    }
    sethostname(HOST_NAME).during("set the host name")?;
    loopback::bring_up().during("bring the loopback up")?;
    build_root(&setup)?;

    let signals = ChildSignals::open()?;
    let child = stage("keep").spawn().during("start the stage inside")?;
    let end = signals.wait_for(pid_of(&child)?)?;
    // The kernel kills whatever is left in the namespace when its first process returns.
    Ok(pass_on(end))
}

fn build_root(setup: &Setup) -> Result<(), Stop> {
    mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE).during("detach from the machine's mounts")?;
    let base = mount_point(setup)?;
    mount_memory(&base, ROOT_BYTES, "755")?;
    for path in &setup.read_only {
        show_read_only(&base, path)?;
    }
    for (target, at) in &setup.links {
        let at = inside(&base, at);
        make_parent(&at)?;
        std::os::unix::fs::symlink(target, &at).during(format!("link `{}`", at.display()))?;
    }
    for path in &setup.devices {
        let at = inside(&base, path);
        make_file(&at, "")?;
        bind(path, &at)?;
    }
    for (path, text) in &setup.files {
        make_file(&inside(&base, path), text)?;
    }
    for (path, bytes) in &setup.scratch {
        let at = inside(&base, path);
        std::fs::create_dir_all(&at).during(format!("make `{}`", path.display()))?;
        mount_memory(&at, *bytes, "1777")?;
    }
    let proc = base.join("proc");
    std::fs::create_dir_all(&proc).during("make `/proc`")?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    // An ordinary user may do this only where the machine's own /proc is fully visible, as it is not in most containers.
    mount(Some("proc"), &proc, Some("proc"), flags, NONE).during("mount a private /proc")?;
    enter(&base)
}

/// Makes `base` the root and lets go of the machine's.
fn enter(base: &Path) -> Result<(), Stop> {
    chdir(base).during("enter the new root")?;
    // Both on one spot: the old root comes to lie on top and is taken off by the next line.
    pivot_root(".", ".").during("change the root")?;
    umount2(".", MntFlags::MNT_DETACH).during("let go of the old root")?;
    chdir("/").during("enter the new root")?;
    let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(NONE, "/", NONE, flags, NONE).during("make the root read-only")
}

/// Some folder to build on that hides nothing which is still to be shown.
fn mount_point(setup: &Setup) -> Result<PathBuf, Stop> {
    ["/sys", "/mnt", "/media", "/srv", "/tmp"]
        .into_iter()
        .map(PathBuf::from)
        .find(|at| at.is_dir() && !setup.read_only.iter().chain(&setup.devices).any(|path| path.starts_with(at)))
        .ok_or_else(|| Stop::setup("find a folder to build on", "none is free"))
}

fn mount_memory(at: &Path, bytes: u64, mode: &str) -> Result<(), Stop> {
    // Entries are limited too, or empty files could fill the kernel's memory.
    let options = format!("size={bytes},mode={mode},nr_inodes=65536");
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), at, Some("tmpfs"), flags, Some(options.as_str()))
        .during(format!("mount memory on `{}`", at.display()))
}

fn show_read_only(base: &Path, path: &Path) -> Result<(), Stop> {
    let at = inside(base, path);
    if path.is_dir() {
        std::fs::create_dir_all(&at).during(format!("make `{}`", path.display()))?;
    } else {
        make_file(&at, "")?;
    }
    bind(path, &at)?;
    // A bind takes the mounts below along, each with flags of its own.
    let mounts = std::fs::read("/proc/self/mountinfo").during("list mounts")?;
    for (below, kept) in mounts.split(|byte| *byte == b'\n').filter_map(parse_mount) {
        if below.starts_with(&at) {
            let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | kept;
            mount(NONE, &below, NONE, flags, NONE).during(format!("make `{}` read-only", below.display()))?;
        }
    }
    Ok(())
}

/// Path and flags of one line of `mountinfo`. In a user namespace a remount must repeat flags that the machine set.
fn parse_mount(line: &[u8]) -> Option<(PathBuf, MsFlags)> {
    let mut fields = line.split(|byte| *byte == b' ').skip(4);
    let path = PathBuf::from(std::ffi::OsString::from_vec(unescape(fields.next()?)));
    let mut flags = MsFlags::empty();
    for option in fields.next()?.split(|byte| *byte == b',') {
        flags |= match option {
            b"nodev" => MsFlags::MS_NODEV,
            b"noexec" => MsFlags::MS_NOEXEC,
            b"noatime" => MsFlags::MS_NOATIME,
            b"nodiratime" => MsFlags::MS_NODIRATIME,
            b"relatime" => MsFlags::MS_RELATIME,
            _ => MsFlags::empty(),
        };
    }
    Some((path, flags))
}

/// `mountinfo` writes blanks and backslashes as three octal digits.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, tail @ ..] = rest {
        let octal = tail.get(..3).filter(|_| *first == b'\\').and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

fn bind(path: &Path, at: &Path) -> Result<(), Stop> {
    mount(Some(path), at, NONE, MsFlags::MS_BIND | MsFlags::MS_REC, NONE).during(format!("show `{}`", path.display()))
}

fn inside(base: &Path, path: &Path) -> PathBuf {
    base.join(path.strip_prefix("/").unwrap_or(path))
}

fn make_parent(at: &Path) -> Result<(), Stop> {
    at.parent().map_or(Ok(()), std::fs::create_dir_all).during(format!("make the folder of `{}`", at.display()))
}

fn make_file(at: &Path, text: &str) -> Result<(), Stop> {
    make_parent(at)?;
    std::fs::write(at, text).during(format!("make `{}`", at.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_mountinfo_gives_its_path_and_its_locked_flags() {
        let line = br"36 35 98:0 / /mnt/a\040b rw,noatime,nodev master:1 - ext3 /dev/root rw";
        let (path, flags) = parse_mount(line).unwrap();
        assert_eq!(path, Path::new("/mnt/a b"));
        assert_eq!(flags, MsFlags::MS_NOATIME | MsFlags::MS_NODEV);
    }
}
