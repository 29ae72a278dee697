//! What programs read: the shapes of JSON output. And what terminals get: no colour where none is wanted.

use crate::support::{Place, Told};
use serde_json::Value;
use std::{io::Read, process::Stdio};

#[test]
fn the_personas() {
    let place = Place::new();
    let list = place.maestro(&["personas", "list", "--json"]).json();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 11);
    for persona in list {
        let keys: Vec<_> = persona.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["id", "phases", "role", "title", "tools"], "exactly the contract");
        assert!(persona["tools"].as_array().unwrap().iter().all(Value::is_string));
        let id = persona["id"].as_str().unwrap();
        let shown = place.maestro(&["personas", "show", id, "--json"]).json();
        assert_eq!(shown["title"], persona["title"]);
        assert!(!shown["prompt"].as_str().unwrap().is_empty());
    }
    let text = place.maestro(&["personas", "list"]);
    assert!(text.out.contains("qa_engineer") && text.out.contains("QA Engineer"), "{text:?}");
    let text = place.maestro(&["personas", "show", "qa_engineer"]);
    assert!(text.out.contains("hands over") && text.out.contains("prompt"), "{text:?}");
    place.maestro(&["personas", "show", "plumber"]).refused("there is no persona `plumber`", "qa_engineer");
    assert!(place.entries().is_empty());
}

#[test]
fn the_doctor() {
    let place = Place::new();
    let told = place.maestro(&["doctor", "--json"]);
    let found = told.json();
    let names: Vec<_> =
        found["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sandbox", "python3", "home", "disk", "terminal", "model"]);
    assert_eq!(found["ok"] == true, told.code == Some(0), "{told:?}");
    let unable = Told::from(place.command(&["doctor", "--json"]).env("PATH", "/nonexistent").output().unwrap());
    assert_eq!(unable.code, Some(1), "{unable:?}");
    let python = &unable.json()["checks"][1];
    assert!(python["ok"] == false && python["mend"].as_str().unwrap().contains("apt install python3"), "{python}");
    assert!(place.entries().is_empty(), "looking makes nothing");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let place = Place::new();
    let plain = place.maestro(&["doctor"]);
    assert!(!plain.out.contains('\x1b'), "no terminal, no colour: {plain:?}");
    let always = Told::from(place.command(&["doctor", "--color", "always"]).env("NO_COLOR", "1").output().unwrap());
    assert!(always.out.contains("\x1b[32m"), "said outright: {always:?}");
    let error = place.maestro(&["--color", "always", "execute", "missing.md"]);
    assert!(error.err.contains("\x1b[31merror:"), "{error:?}");
    let never = place.maestro(&["--color", "never", "execute", "missing.md"]);
    assert!(never.err.starts_with("error: "), "{never:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    let mut command = place.command(&["asl", "check", "--json", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Closed before the first byte: the command meets a broken pipe for sure.
    drop(child.stdout.take());
    drop(child.stdin.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{err}");
    assert_eq!(err, "");
}

#[test]
fn output_that_cannot_be_written_is_one() {
    let place = Place::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let told = place.command(&["personas", "list"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let told = Told::from(told);
    assert!(told.code == Some(1) && told.err.contains("No space left"), "{told:?}");
}
