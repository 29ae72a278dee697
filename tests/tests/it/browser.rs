//! The pages of two examples in a real browser. `tests/browser/stories.py` plays every acceptance test of a deliverable by
//! way of its pages, looks at each screen in both colour schemes and on a small screen, and fills in each form by keyboard.
//!
//! Without a Chromium this is skipped, and says so; `.ci/run` installs one and fails where it was skipped.

use maestro_artifacts::Requirements;
use maestro_tests::example;
use serde_json::Value;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| PROGRAMS.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

fn read(epic: &str) -> Requirements {
    maestro_reader::read(&maestro_epic::read(&example(epic), "epic").unwrap())
}

/// The software of an epic, as far as the pages and their tests need it.
fn deliver(requirements: &Requirements, folder: &Path) {
    let model = &requirements.concepts;
    let mut files = maestro_service::backend_files(model);
    files.extend(maestro_service::page_files(&maestro_service::screens(requirements), model));
    files.extend(maestro_acceptance::write(requirements, model).files);
    files.insert("openapi.json".to_owned(), maestro_service::openapi(model).to_string());
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Plays all stories and gives the summary of what was done; nothing may have failed.
fn play(requirements: &Requirements) -> Option<Value> {
    let Some(chromium) = chromium() else {
        // Not by `eprintln!`, which the test harness swallows.
        let _ = writeln!(std::io::stderr(), "browser suite skipped: there is no Chromium on the path");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    deliver(requirements, folder.path());
    let out = Command::new("python3")
        .arg(maestro_tests::checkout().join("tests/browser/stories.py"))
        .args([&chromium, folder.path()])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{said}\n{}", String::from_utf8_lossy(&out.stderr));
    Some(serde_json::from_str(said.lines().last().unwrap()).unwrap())
}

fn expect_done(summary: &Value, actions: &[&str]) {
    assert!(summary["stories"].as_u64().unwrap() > 20, "{summary}");
    for action in actions {
        assert!(summary["done"][action].as_u64().is_some_and(|count| count > 0), "{action}: {summary}");
    }
}

#[test]
fn the_tool_library_works_in_a_browser() {
    let Some(summary) = play(&read("epics/tool-library.md")) else { return };
    let writes =
        ["POST accepted", "POST refused", "PATCH accepted", "PATCH refused", "DELETE accepted", "DELETE refused"];
    expect_done(&summary, &writes);
    expect_done(&summary, &["GET accepted", "text/csv accepted", "totals accepted"]);
}

/// Markup in every name that the pages show; date-times and bookings that must not overlap.
#[test]
fn court_bookings_with_names_full_of_markup_work_in_a_browser() {
    let mut requirements = read("epics/court-booking.md");
    let hostile = |name: &str| format!("{name} \"><img src=x onerror='window.struck = 1'>&lt;</script>");
    let model = &mut requirements.concepts;
    model.title = hostile(&model.title);
    model.roles.push(hostile("nobody"));
    for entity in &mut model.entities {
        entity.name = hostile(&entity.name);
        entity.plural = hostile(&entity.plural);
        for field in &mut entity.fields {
            field.name = hostile(&field.name);
        }
    }
    for rule in &mut model.rules {
        rule.message = hostile(&rule.message);
    }
    for item in &mut requirements.items {
        item.text = hostile(&item.text);
    }
    let Some(summary) = play(&requirements) else { return };
    expect_done(&summary, &["POST accepted", "POST refused", "PATCH accepted", "PATCH refused", "DELETE refused"]);
}
