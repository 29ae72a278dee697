//! The same tests as an ordinary user, when they are run by root.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// A user that owns nothing.
const ORDINARY: u32 = 60_123;

#[test]
fn everything_holds_for_an_ordinary_user_too() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    // Private places of the user's own, as a login has them. The installed Python, as root's own is out of reach.
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(home.path(), Some(ORDINARY), Some(ORDINARY)).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "escape::",
            "limits::",
            "lifetime::",
            "tests_run::",
            "evidence::",
            "kernel::",
            "whole_tree::",
            "--test-threads=4",
        ])
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .current_dir("/")
        .uid(ORDINARY)
        .gid(ORDINARY)
        .output()
        .expect("this user must be able to reach the test program");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("escape::namespaces::secrets_of_the_machine_are_out_of_reach ... ok"), "{said}");
}
