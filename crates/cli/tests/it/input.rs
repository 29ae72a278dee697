//! Bad input: a clear error, exit code 2, nothing created.

use crate::support::{EPIC, Place};

/// What was there before is there after, and nothing else.
fn refuses(place: &Place, args: &[&str], message: &str, help: &str) {
    let before = place.entries();
    place.maestro(args).refused(message, help);
    assert_eq!(place.entries(), before, "{args:?}");
}

#[test]
fn files_that_are_no_epic() {
    let place = Place::new();
    place.file("empty.md", "");
    place.file("blank.md", " \n\t\n");
    place.file("binary.md", b"# A\0B");
    place.file("wide.md", b"\xff\xfe#\0 \0A\0\n\0");
    place.file("latin.md", b"# Caf\xe9\n");
    place.file("chat.md", "# Hello\n\nNice weather.\n");
    std::fs::create_dir(place.path().join("folder")).unwrap();
    refuses(&place, &["execute", "missing.md"], "there is no file `missing.md`", "");
    refuses(&place, &["execute", "folder"], "`folder` is a folder", "");
    refuses(&place, &["execute", "empty.md"], "`empty.md` is empty", "help:");
    refuses(&place, &["execute", "blank.md"], "`blank.md` is empty", "help:");
    refuses(&place, &["execute", "binary.md"], "`binary.md` is a binary file", "help:");
    refuses(&place, &["execute", "wide.md"], "`wide.md` is UTF-16 text", "encoding UTF-8");
    refuses(&place, &["execute", "latin.md"], "`latin.md` is not UTF-8", "encoding UTF-8");
    refuses(&place, &["execute", "chat.md"], "no story, rule or criterion found in `chat.md`", "Given ...");
}

#[test]
fn twenty_megabytes() {
    let place = Place::new();
    let much = vec![b'a'; 20_000_000];
    place.file("big.md", &much);
    refuses(&place, &["execute", "big.md"], "`big.md` has 20000000 bytes", "split the document");
    place.fed(&["execute", "-"], &much).refused("`standard input` has more than", "split the document");
    assert_eq!(place.entries(), ["big.md"]);
}

#[test]
fn standard_input_is_named_in_errors() {
    let place = Place::new();
    place.fed(&["execute", "-"], b"").refused("`standard input` is empty", "help:");
    place.fed(&["execute", "-"], b"\xff").refused("`standard input` is not UTF-8", "help:");
}

#[test]
fn models_scopes_and_subcommands_that_do_not_exist() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    refuses(&place, &["execute", "epic.md", "--model", "gpt"], "there is no model `gpt`", "`blueprint`");
    refuses(&place, &["execute", "epic.md", "--scope", "bug"], "there is no scope `bug`", "workflow library list");
    refuses(&place, &["exceute", "epic.md"], "exceute", "'execute'");
    refuses(&place, &["execute"], "EPIC", "Usage");
}

#[test]
fn places_that_cannot_hold_the_deliverable() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    place.file("mine/thesis.txt", "years of work");
    place.file("file", "x");
    for force in [&[][..], &["--force"]] {
        let mut args = vec!["execute", "epic.md", "--out", "mine"];
        args.extend(force);
        refuses(&place, &args, "is not empty and holds no deliverable", "--out");
    }
    refuses(&place, &["execute", "epic.md", "--out", "file"], "is not a folder", "--out");
    refuses(&place, &["execute", "epic.md", "--out", "file/below"], "is not a folder", "--out");
    assert_eq!(std::fs::read(place.path().join("mine/thesis.txt")).unwrap(), b"years of work");
}

#[test]
fn a_home_of_a_newer_maestro() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    place.file(".maestro/layout", "99\n");
    for args in [&["execute", "epic.md"][..], &["runs", "list"], &["runs", "resume", "latest"]] {
        refuses(&place, args, "was written by a newer maestro (layout 99", "MAESTRO_HOME");
    }
    let home = std::fs::read_dir(place.path().join(".maestro")).unwrap().count();
    assert_eq!(home, 1, "nothing was added to it");
}

#[test]
fn a_home_that_cannot_be_made() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    place.file("file", "x");
    let told = place.command(&["execute", "epic.md"]).env("MAESTRO_HOME", "file/home").output().unwrap();
    crate::support::Told::from(told).refused("file/home", "MAESTRO_HOME");
    assert_eq!(place.entries(), ["epic.md", "file"]);
}

#[test]
fn a_log_filter_that_says_nothing() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    let told = place.command(&["execute", "epic.md"]).env("MAESTRO_LOG", "=,=").output().unwrap();
    crate::support::Told::from(told).refused("`MAESTRO_LOG` says `=,=`", "such as `debug`");
    assert_eq!(place.entries(), ["epic.md"]);
}

#[test]
fn without_python_nothing_begins() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    let told = place.command(&["execute", "epic.md"]).env("PATH", "/nonexistent").output().unwrap();
    crate::support::Told::from(told).refused("`python3` is not installed", "maestro doctor");
    assert_eq!(place.entries(), ["epic.md"]);
}

#[test]
fn a_dry_run_creates_nothing() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    let told = place.maestro(&["execute", "epic.md", "--dry-run"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    for part in ["Book shelf", "/books", "isbn", "rules", "deferred", "narrative", "one shelf", "statements understood"]
    {
        assert!(told.out.contains(part), "`{part}`: {}", told.out);
    }
    let told = place.fed(&["execute", "-", "--dry-run", "--json"], EPIC.replace('\n', "\r\n").as_bytes());
    assert_eq!(told.json()["concepts"]["entities"][0]["key"], "book", "{told:?}");
    assert_eq!(place.entries(), ["epic.md"]);
}

#[test]
fn a_dry_run_does_not_show_required_as_a_choice() {
    let place = Place::new();
    let text = "# Shelf\n\n## Data\n\nA book has:\n- title (text, required)\n- condition (one of new, used, damaged; required)\n";
    let told = place.fed(&["execute", "-", "--dry-run"], text.as_bytes());
    assert!(
        told.out.contains("required, one of new, used, damaged ") && told.out.contains("text, required "),
        "{}",
        told.out
    );
}

#[test]
fn a_dry_run_says_what_would_block() {
    let place = Place::new();
    let told =
        place.fed(&["execute", "-", "--dry-run"], format!("{EPIC}\n## Rules\n\n- The moon must be full.\n").as_bytes());
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.contains("not understood") && told.out.contains("moon must be full"), "{}", told.out);
    assert!(told.out.contains("would be blocked: 1 statement "), "{}", told.out);
    // A vague story is what its criteria say, as in the run.
    let told = place.fed(
        &["execute", "-", "--dry-run"],
        format!("{EPIC}\n## As a reader, I want to look at the moon.\n\n- The ISBN must be unique.\n").as_bytes(),
    );
    assert!(told.out.contains("not understood") && !told.out.contains("would be blocked"), "{}", told.out);
}
