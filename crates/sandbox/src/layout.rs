//! What a job sees of the machine, and nothing else.

use crate::python::Python;
use crate::wire::Setup;
use std::path::{Path, PathBuf};

/// Where the workspace lies inside.
pub(crate) const WORKSPACE: &str = "/workspace";
/// Memory that a job may fill below `/tmp`, in shared memory, and in its workspace beyond its own files.
const TMP_BYTES: u64 = 256 << 20;
const SHARED_MEMORY_BYTES: u64 = 64 << 20;
const WORKSPACE_SPARE_BYTES: u64 = 256 << 20;

/// Folders of programs and libraries. On most machines all but the first are links into it.
const SYSTEM: [&str; 8] = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"];
/// What the dynamic loader and the distribution's links need of `/etc`. There is no time zone: jobs run in UTC.
const CONFIGURATION: [&str; 2] = ["/etc/ld.so.cache", "/etc/alternatives"];
const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];
const DEVICE_LINKS: [(&str, &str); 4] = [
    ("/proc/self/fd", "/dev/fd"),
    ("/proc/self/fd/0", "/dev/stdin"),
    ("/proc/self/fd/1", "/dev/stdout"),
    ("/proc/self/fd/2", "/dev/stderr"),
];
const FILES: [(&str, &str); 4] = [
    ("/etc/passwd", "root:x:0:0::/:/bin/false\nreferee:x:1000:1000::/tmp:/bin/sh\n"),
    ("/etc/group", "root:x:0:\nreferee:x:1000:\n"),
    ("/etc/hosts", "127.0.0.1 localhost sandbox\n::1 localhost\n"),
    ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
];

/// The file system for a job whose workspace holds this many bytes.
pub(crate) fn setup(helper: &Path, python: Option<&Python>, workspace_bytes: u64) -> Setup {
    let mut read_only = Vec::new();
    let mut links: Vec<(PathBuf, PathBuf)> =
        DEVICE_LINKS.iter().map(|(target, at)| (target.into(), at.into())).collect();
    for path in SYSTEM.map(PathBuf::from) {
        match std::fs::read_link(&path) {
            Ok(target) => links.push((target, path)),
            Err(_) if path.is_dir() => read_only.push(path),
            Err(_) => {}
        }
    }
    read_only.extend(CONFIGURATION.iter().map(PathBuf::from).filter(|path| path.exists()));
    for path in python.map(Python::read_only).unwrap_or_default() {
        if !read_only.iter().any(|shown| path.starts_with(shown)) {
            read_only.push(path);
        }
    }
    Setup {
        helper: helper.to_owned(),
        read_only,
        links,
        devices: DEVICES.iter().map(PathBuf::from).filter(|path| path.exists()).collect(),
        files: FILES.iter().map(|(path, text)| (path.into(), (*text).to_owned())).collect(),
        scratch: vec![
            ("/tmp".into(), TMP_BYTES),
            ("/dev/shm".into(), SHARED_MEMORY_BYTES),
            // Twice: small files take whole pages.
            (WORKSPACE.into(), workspace_bytes.saturating_mul(2).saturating_add(WORKSPACE_SPARE_BYTES)),
        ],
    }
}

/// What the second wall leaves readable.
pub(crate) fn readable(setup: &Setup) -> Vec<PathBuf> {
    setup.read_only.iter().cloned().chain(["/proc".into(), "/etc".into(), "/dev".into()]).collect()
}

/// What it leaves writable.
pub(crate) fn writable(setup: &Setup) -> Vec<PathBuf> {
    setup.scratch.iter().map(|(path, _)| path.clone()).chain(setup.devices.iter().cloned()).collect()
}

/// Where programs are looked up.
pub(crate) fn program_path(python: Option<&Python>) -> String {
    let system = "/usr/local/bin:/usr/bin:/bin";
    match python.and_then(|python| python.path.parent()) {
        Some(folder) => format!("{}:{system}", folder.display()),
        None => system.to_owned(),
    }
}
