//! Machines that are not as they should be: full, damaged, half installed.

use crate::support::{EPIC, Place, Told};
use std::{ffi::OsStr, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Instant};

fn script(place: &Place, name: &str, text: &str) {
    let path = place.file(name, text);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs a shell script in a mount namespace of its own, in which it may mount memory.
fn with_mounts(place: &Place, text: &str) -> Option<Told> {
    let root = nix::unistd::geteuid().is_root();
    let mut command = Command::new("unshare");
    command.args(if root { &["--mount"][..] } else { &["--mount", "--map-root-user"] });
    command.args(["sh", "-c", text, env!("CARGO_BIN_EXE_maestro")]).current_dir(place.path());
    let told = command.env("MAESTRO_HOME", place.path().join("home")).stdin(std::process::Stdio::null()).output();
    told.ok().map(Told::from).filter(|told| told.code != Some(77))
}

#[test]
fn a_full_disk_ends_a_run_at_once_and_loses_nothing() {
    for size in ["200k", "900k"] {
        let place = Place::new();
        place.file("shelf.md", EPIC);
        std::fs::create_dir(place.path().join("home")).unwrap();
        let text = format!(
            "mount -t tmpfs -o size={size} tmpfs home || exit 77
             \"$0\" execute shelf.md --json --out out > first; echo $? >> first
             mount -o remount,size=64m home || exit 77
             exec \"$0\" runs resume latest --json"
        );
        let started = Instant::now();
        let Some(told) = with_mounts(&place, &text) else {
            println!("SKIPPED: no file system can be mounted here, so a full one is not tested");
            return;
        };
        let first = std::fs::read_to_string(place.path().join("first")).unwrap();
        let lines: Vec<_> = first.lines().collect();
        let line: serde_json::Value = serde_json::from_str(lines[lines.len() - 2]).unwrap();
        assert_eq!((lines[lines.len() - 1], &line["status"]), ("1", &"failed".into()), "{size}: {first} {told:?}");
        assert_eq!(line["reason"], "store_full", "{size}: {told:?}");
        assert!(told.err.contains("disk is full") && told.err.contains("make room on the disk"), "{size}: {told:?}");
        // Both executions: no waiting for room that nobody makes.
        assert!(started.elapsed().as_secs() < 60, "{size}: {:?}", started.elapsed());
        assert_eq!((told.code, &told.last()["status"]), (Some(0), &"ok".into()), "{size}: {told:?}");
        assert!(place.path().join("out/maestro.json").exists());
    }
}

#[test]
fn a_disk_that_is_full_from_the_start_is_refused() {
    let place = Place::new();
    place.file("shelf.md", EPIC);
    std::fs::create_dir(place.path().join("home")).unwrap();
    let text = "mount -t tmpfs -o size=64k tmpfs home || exit 77
                \"$0\" execute shelf.md --out out; code=$?; ls home/log; exit $code";
    let Some(told) = with_mounts(&place, text) else {
        println!("SKIPPED: no file system can be mounted here, so a full one is not tested");
        return;
    };
    told.refused("disk is full", "help:");
    assert_eq!(place.entries(), ["home", "shelf.md"]);
}

#[test]
fn a_damaged_home_is_told_by_all_commands() {
    let place = Place::new();
    place.file("shelf.md", EPIC);
    place.file(".maestro/layout", "1\n");
    place.file(".maestro/table.db", vec![b'x'; 9_000]);
    let refused = |args: &[&str], what: &str| place.maestro(args).refused(what, "MAESTRO_HOME");
    for args in [&["execute", "shelf.md"][..], &["runs", "list"], &["runs", "show", "latest"]] {
        refused(args, "not a database");
    }
    let doctor = place.maestro(&["doctor", "--json"]);
    let home = &doctor.json()["checks"][2];
    assert!(home["ok"] == false && home["found"].as_str().unwrap().contains("not a database"), "{home}");
    assert_eq!(std::fs::read(place.path().join(".maestro/table.db")).unwrap(), vec![b'x'; 9_000], "left as it is");

    place.file(".maestro/layout", "banana\n");
    refused(&["runs", "list"], "holds no layout number but `banana`");
    std::fs::remove_dir_all(place.path().join(".maestro")).unwrap();
    place.file(".maestro", "a file");
    refused(&["runs", "list"], "is not a folder");
}

#[test]
fn a_home_that_is_damaged_inside_is_found_by_the_doctor() {
    let place = Place::new();
    place.file("shelf.md", EPIC);
    assert_eq!(place.maestro(&["execute", "shelf.md", "--quiet"]).code, Some(0));
    assert_eq!(place.maestro(&["doctor", "--json"]).json()["checks"][2]["ok"], true);
    let table = place.path().join(".maestro/table.db");
    let mut bytes = std::fs::read(&table).unwrap();
    // All but the first page: which command reads which page is up to the layout of the file.
    bytes[4096..].fill(0xa5);
    std::fs::write(&table, bytes).unwrap();
    let doctor = place.maestro(&["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("malformed") || doctor.out.contains("damaged"), "{doctor:?}");
    let listed = place.maestro(&["runs", "list"]);
    assert!(listed.code == Some(1) && listed.err.contains("maestro doctor"), "{listed:?}");
}

#[test]
fn a_table_of_a_newer_maestro() {
    let place = Place::new();
    place.file("shelf.md", EPIC);
    place.file(".maestro/layout", "1\n");
    let python = format!(
        "import sqlite3\nc = sqlite3.connect({:?})\nc.execute('pragma application_id={}')\nc.execute('pragma user_version=9')\nc.commit()\n",
        place.path().join(".maestro/table.db"),
        0x4d48_4956
    );
    assert!(Command::new("python3").args(["-c", &python]).status().unwrap().success());
    for args in [&["execute", "shelf.md"][..], &["runs", "list"], &["runs", "delete", "latest", "--yes"]] {
        place.maestro(args).refused("was written by a newer maestro (layout 9", "use the newer maestro");
    }
}

#[test]
fn a_python_that_does_not_work_is_told_with_what_it_says() {
    let cases = [
        ("#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n", "pyenv: python3: command not found"),
        ("#!/bin/sh\necho hello\n", "`hello`"),
        ("garbage", "Exec format error"),
        ("#!/bin/sh\necho '{\"path\": \"/usr/bin/python3\", \"prefix\": \"/usr\", \"version\": [3, 8, 2]}'\n", "3.8.2"),
        ("#!/bin/sh\necho '{\"path\": \"\", \"prefix\": \"/usr\", \"version\": [3, 11, 2]}'\n", "cannot be read"),
    ];
    for (text, what) in cases {
        let place = Place::new();
        place.file("shelf.md", EPIC);
        script(&place, "bin/python3", text);
        let bin = place.path().join("bin");
        let told = place.command(&["execute", "shelf.md", "--json"]).env("PATH", &bin).output();
        Told::from(told.unwrap()).refused(what, "maestro doctor");
        assert_eq!(place.entries(), ["bin", "shelf.md"]);
        let python = |path: &OsStr| {
            let doctor = place.command(&["doctor", "--json"]).env("PATH", path).output();
            let doctor = Told::from(doctor.unwrap()).json();
            assert_eq!(doctor["checks"][1]["name"], "python3", "{doctor}");
            doctor["checks"][1]["ok"] == true
        };
        assert!(!python(bin.as_os_str()));
        let rest = std::env::var_os("PATH").unwrap();
        let folders = std::iter::once(bin).chain(std::env::split_paths(&rest));
        assert!(python(&std::env::join_paths(folders).unwrap()), "another one works");
    }
    let place = Place::new();
    place.file("shelf.md", EPIC);
    let told = place.command(&["execute", "shelf.md"]).env("PATH", "/nonexistent").output();
    Told::from(told.unwrap()).refused("`python3` is not installed", "maestro doctor");
    assert_eq!(place.entries(), ["shelf.md"]);
}

#[test]
fn an_environment_with_nothing_in_it_is_enough() {
    let place = Place::new();
    place.file("shelf.md", EPIC);
    let python = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .find(|folder| folder.join("python3").is_file())
        .unwrap();
    let mut command = place.command(&["execute", "shelf.md", "--json", "--quiet"]);
    command.env_clear().env("TMPDIR", "/nonexistent").env("TERM", "dumb").env("CI", "true");
    command.env("PATH", std::env::join_paths([python.as_path(), Path::new("/usr/bin"), Path::new("/bin")]).unwrap());
    let told = Told::from(command.output().unwrap());
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{told:?}");
    assert_eq!(told.last()["status"], "ok");
}

#[test]
fn the_doctor_starts_servers_of_tools_from_outside() {
    let place = Place::new();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../mcp/tests/it/server.py");
    let server = |name: &str, command: &str| {
        format!(
            "[mcp.{name}]\ncommand = \"{command}\"\nargs = [{script:?}]\npersonas = [\"qa_engineer\"]\n\
             tools = {{look = \"reads\", long = \"reads\"}}\n"
        )
    };
    place.file("maestro.toml", server("small", "python3"));
    let doctor = place.maestro(&["doctor"]);
    assert!(
        doctor.code == Some(0) && doctor.out.contains("the server `small` has small__long, small__look"),
        "{doctor:?}"
    );
    let away =
        "[mcp.away]\nurl = \"http://127.0.0.1:9/mcp\"\npersonas = [\"qa_engineer\"]\ntools = {send = \"calls_out\"}\n";
    place.file("maestro.toml", &(server("small", "python3") + &server("other", "no-such-program") + away));
    let gone = "the server `away` could not be reached at `http://127.0.0.1:9/mcp`: ";
    // The list is there whatever becomes of servers, and says for whom their tools are.
    let tools = place.maestro(&["tools", "list", "--json"]).json();
    let find = |name: &str| tools.as_array().unwrap().iter().find(|tool| tool["name"] == name).unwrap().clone();
    let (look, send) = (find("small__look"), find("away__send"));
    assert_eq!(
        (&look["server"], &look["effect"], &look["personas"][0]),
        (&"small".into(), &"reads".into(), &"qa_engineer".into())
    );
    assert!(look["description"].as_str().unwrap().contains("withheld") && look["problem"].is_null(), "{look}");
    assert_eq!(send["effect"], "calls_out");
    assert!(send["problem"].as_str().unwrap().starts_with(gone) && find("read_file")["server"].is_null(), "{send}");
    let listed = place.maestro(&["tools", "list"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(listed.out.contains("small__look") && listed.out.contains("away__send"), "{listed:?}");
    assert_eq!(listed.out.lines().filter(|line| line.starts_with(gone)).count(), 1, "{listed:?}");
    // One tool is shown as a persona sees it, and only its own server is asked.
    let shown = place.maestro(&["tools", "show", "small__look", "--json"]).json();
    assert_eq!(
        (&shown["server"], &shown["effect"], &shown["personas"][0], &shown["schema"]["type"]),
        (&"small".into(), &"reads".into(), &"qa_engineer".into(), &"object".into())
    );
    assert!(shown["description"].as_str().unwrap().contains("withheld"), "{shown}");
    let shown = place.maestro(&["tools", "show", "small__look"]);
    assert!(shown.code == Some(0) && shown.out.contains("server: small") && shown.err.is_empty(), "{shown:?}");
    let shown = place.maestro(&["tools", "show", "away__send"]);
    assert!(shown.code == Some(1) && shown.err.contains(gone) && shown.err.contains("docs/mcp.md"), "{shown:?}");
    let shown = place.maestro(&["tools", "show", "small__hang"]);
    assert!(shown.code == Some(2) && shown.err.contains("there is no tool `small__hang`"), "{shown:?}");
    let doctor = place.maestro(&["doctor"]);
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(doctor.out.contains("the server `other` could not be started: `no-such-program`"), "{doctor:?}");
    assert!(doctor.out.contains("docs/mcp.md") && doctor.out.contains(gone), "{doctor:?}");
}
