//! Killed ten times at random moments, with the real sandbox: the run ends as if nothing had happened, and nothing that was
//! completed is done again.

use crate::support::{EPIC, Place};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::Stdio,
};

/// Kills the command after this many lines of progress; answers whether it was still alive.
fn killed_after(place: &Place, args: &[&str], lines: usize) -> bool {
    let mut child = place.command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let told = BufReader::new(child.stderr.take().unwrap()).lines().take(lines).count();
    child.kill().unwrap();
    child.wait().unwrap();
    told == lines
}

#[test]
fn ten_kills_change_nothing() {
    let whole = Place::new();
    whole.file("shelf.md", EPIC);
    assert_eq!(whole.maestro(&["execute", "shelf.md", "--json"]).code, Some(0));
    let expected = whole.maestro(&["runs", "show", "latest", "--canonical"]).out;

    let place = Place::new();
    place.file("shelf.md", EPIC);
    // Which moments is left to the process id and the machine's pace: every run of this test tries others.
    let mut dice = u64::from(std::process::id());
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    let mut kills = 0;
    let mut args = vec!["execute", "shelf.md"];
    while kills < 10 {
        // Later executions tell what was stored before, so they get further before they are killed.
        let lines = 1 + roll(4 + 4 * kills);
        if killed_after(&place, &args, usize::try_from(lines).unwrap()) {
            kills += 1;
            if place.maestro(&["runs", "list", "--json"]).json().as_array().is_some_and(|runs| !runs.is_empty()) {
                args = vec!["runs", "resume", "latest"];
            }
        } else if args[0] == "runs" {
            // It ended before its kill; a run that has ended well cannot be killed any more.
            break;
        }
    }
    assert!(kills >= 5, "only {kills} kills met a living process");
    let end = place.maestro(&["runs", "resume", "latest", "--json"]);
    assert!(matches!(end.code, Some(0 | 2)), "{end:?}");
    let record = place.maestro(&["runs", "show", "latest", "--canonical"]).out;
    assert_eq!(record, expected, "after {kills} kills");

    let journal = place.maestro(&["runs", "watch", "latest", "--json"]).out;
    let mut done = BTreeSet::new();
    let mut started = 0;
    for line in journal.lines() {
        let told: Value = serde_json::from_str(line).unwrap();
        let event = &told["event"];
        match event["event"].as_str() {
            Some("task_started") => {
                started += 1;
                assert!(!done.contains(event["task"].as_str().unwrap()), "done twice: {event}");
            }
            Some("task_finished") => {
                done.insert(event["task"].as_str().unwrap().to_owned());
            }
            _ => {}
        }
    }
    assert!(done.len() > 20 && started >= 20, "the journal tells of {started} starts and {} tasks", done.len());
}
