//! Stopped, and gone on with.

use crate::support::{EPIC, Place, Told};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Stdio},
};

/// Starts a run and comes back when its design phase has begun.
fn working(place: &Place) -> (Child, BufReader<std::process::ChildStderr>) {
    place.file("shelf.md", EPIC);
    let mut command = place.command(&["execute", "shelf.md", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("phase design started") {
        line.clear();
        assert!(err.read_line(&mut line).unwrap() > 0, "it ended too early");
    }
    (child, err)
}

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
}

fn ended(mut child: Child, mut err: BufReader<std::process::ChildStderr>) -> Told {
    let mut text = String::new();
    err.read_to_string(&mut text).unwrap();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    Told { code: child.wait().unwrap().code(), out, err: text }
}

#[test]
fn an_interrupted_run_is_cancelled_and_resumed() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let place = Place::new();
        let (child, err) = working(&place);
        send(&child, signal);
        let told = ended(child, err);
        assert_eq!(told.code, Some(130), "{told:?}");
        let line = told.last();
        assert_eq!((&line["status"], &line["reason"]), (&"cancelled".into(), &"cancelled".into()));
        let run = line["run"].as_str().unwrap();
        assert!(told.err.contains(&format!("maestro runs resume {run}")), "{told:?}");

        let resumed = place.maestro(&["runs", "resume", run, "--json"]);
        assert_eq!(resumed.code, Some(0), "{resumed:?}");
        assert_eq!((&resumed.last()["status"], &resumed.last()["run"]), (&"ok".into(), &run.into()));
        assert!(resumed.err.contains("requirements_analyst done (stored result)"), "{resumed:?}");
    }
}

#[test]
fn a_killed_run_is_shown_as_interrupted_and_resumed() {
    let place = Place::new();
    let (child, err) = working(&place);
    let busy = place.maestro(&["runs", "resume", "latest"]);
    // It may have ended by now; while it works it is refused.
    assert_eq!(busy.code, Some(2), "{busy:?}");
    send(&child, Signal::SIGKILL);
    ended(child, err);
    let list = place.maestro(&["runs", "list", "--json"]).json();
    assert_eq!(list[0]["status"], "interrupted", "{list}");
    let shown = place.maestro(&["runs", "show", "latest"]);
    assert!(shown.out.contains("interrupted") && shown.out.contains("maestro runs resume"), "{shown:?}");
    let watched = place.maestro(&["runs", "watch", "latest"]);
    assert!(watched.code == Some(1) && watched.err.contains("died"), "{watched:?}");
    let resumed = place.maestro(&["runs", "resume", "latest", "--json"]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
}

#[test]
fn another_process_cancels_a_run() {
    let place = Place::new();
    let (child, err) = working(&place);
    let cancelled = place.maestro(&["runs", "cancel", "latest"]);
    assert_eq!(cancelled.code, Some(0), "{cancelled:?}");
    let told = ended(child, err);
    assert_eq!((told.code, &told.last()["status"]), (Some(130), &"cancelled".into()), "{told:?}");
}

#[test]
fn asked_twice_it_ends_at_once_and_still_says_so() {
    let place = Place::new();
    let (child, err) = working(&place);
    send(&child, Signal::SIGINT);
    send(&child, Signal::SIGTERM);
    let told = ended(child, err);
    // Whichever way it ended, the line is there, and the run can be gone on with.
    assert_eq!((told.code, &told.last()["status"]), (Some(130), &"cancelled".into()), "{told:?}");
    let resumed = place.maestro(&["runs", "resume", "latest", "--json"]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
}

/// A `python3` that asks the command to stop as soon as the command asks where it is: before there is a run.
#[test]
fn stopped_before_there_is_a_run_nothing_is_created() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.file("shelf.md", EPIC);
    let shim = place.file("bin/python3", "#!/bin/sh\nkill -INT $PPID\nexec /bin/sleep 600\n");
    std::fs::set_permissions(shim, std::fs::Permissions::from_mode(0o755)).unwrap();
    let bin = place.path().join("bin");
    let mut command = place.command(&["execute", "shelf.md", "--json"]);
    command.env("PATH", &bin);
    let told = Told::from(command.output().unwrap());
    let line = told.last();
    assert_eq!((told.code, &line["status"], &line["run"]), (Some(130), &"cancelled".into(), &serde_json::Value::Null));
    assert_eq!(line["epic"], "Book shelf");
    assert!(told.err.contains("nothing was created"), "{told:?}");
    assert_eq!(place.entries(), ["bin", "shelf.md"]);
}

/// `nohup maestro execute ...` lives on when the terminal goes.
#[test]
fn a_signal_that_is_ignored_from_outside_stays_ignored() {
    let place = Place::new();
    place.file("shelf.md", EPIC);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" execute shelf.md --json", env!("CARGO_BIN_EXE_maestro")]);
    command.current_dir(place.path()).env_remove("MAESTRO_HOME").stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("phase requirements started") {
        line.clear();
        assert!(err.read_line(&mut line).unwrap() > 0, "it ended too early");
    }
    send(&child, Signal::SIGHUP);
    let told = ended(child, err);
    assert_eq!((told.code, &told.last()["status"]), (Some(0), &"ok".into()), "{told:?}");
}
