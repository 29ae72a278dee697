//! Who may depend on whom, and what every room must opt into.

use maestro_tests::checkout;
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path, process::Command};

/// Room → rooms it may use. What is not listed here is not allowed.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ports", &["domain"]),
    ("artifacts", &["domain"]),
    ("asl", &["domain"]),
    ("workflow", &["asl", "domain"]),
    ("epic", &["domain"]),
    ("personas", &["domain"]),
    ("reader", &["artifacts", "domain", "epic"]),
    ("service", &["artifacts", "domain"]),
    ("acceptance", &["artifacts", "domain"]),
    ("exercise", &[]),
    ("blueprint", &["acceptance", "artifacts", "domain", "exercise", "ports", "reader", "service"]),
    ("secrets", &[]),
    ("screen", &["secrets"]),
    ("tools", &["artifacts", "domain", "exercise", "ports", "secrets", "service", "workflow"]),
    ("sandbox", &["domain", "ports"]),
    ("agent", &["artifacts", "domain", "ports", "screen", "tools"]),
    ("store", &["domain", "ports"]),
    ("web", &["domain", "ports"]),
    ("models", &["domain", "personas", "ports", "web"]),
    ("sdlc", &["agent", "artifacts", "domain", "epic", "personas", "ports", "screen", "store", "tools", "workflow"]),
    ("stack", &[]),
    ("aws", &["domain", "ports", "store"]),
    ("lambda", &["agent", "aws", "domain", "flows", "ports", "sdlc", "store", "tools"]),
    ("fn-compensate", &["lambda"]),
    ("fn-dead-letters", &["lambda"]),
    ("fn-gate", &["lambda"]),
    ("fn-intake", &["lambda"]),
    ("fn-node", &["domain", "lambda", "models", "ports", "web"]),
    ("fn-persona", &["blueprint", "lambda", "models"]),
    ("fn-phase", &["lambda"]),
    ("fn-publish", &["lambda"]),
    ("fn-referee", &["lambda", "sandbox"]),
    ("fn-referee-done", &["lambda"]),
    ("fn-settle", &["lambda"]),
    ("fn-verify", &["lambda"]),
    ("flows", &["asl", "domain", "ports", "sdlc", "store", "workflow"]),
    ("mcp", &["domain", "screen", "secrets", "tools", "web"]),
    ("embedded", &["agent", "asl", "domain", "epic", "flows", "ports", "sdlc", "store", "tools", "workflow"]),
    (
        "cli",
        &[
            "artifacts",
            "asl",
            "blueprint",
            "domain",
            "embedded",
            "epic",
            "flows",
            "mcp",
            "models",
            "personas",
            "ports",
            "reader",
            "sandbox",
            "screen",
            "sdlc",
            "stack",
            "store",
            "tools",
            "web",
            "workflow",
        ],
    ),
    (
        "aws-cli",
        &[
            "aws",
            "blueprint",
            "cli",
            "domain",
            "embedded",
            "flows",
            "ports",
            "sandbox",
            "sdlc",
            "stack",
            "store",
            "workflow",
        ],
    ),
    ("bench", &["blueprint", "domain", "embedded", "flows", "models", "ports", "sdlc", "stack", "store", "workflow"]),
];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(checkout())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn room(package: &str) -> Option<&str> {
    package.strip_prefix("maestro-")
}

#[test]
fn rooms_use_only_what_they_may() {
    let packages = packages();
    for package in &packages {
        let name = room(package["name"].as_str().unwrap()).unwrap();
        if name == "tests" {
            continue;
        }
        let allowed = MAY_USE.iter().find(|(room, _)| *room == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("the room `{name}` is not in the table"));
        for dependency in package["dependencies"].as_array().unwrap() {
            // What tests use is free: a fake of a port lives in the room of its adapter.
            if dependency["kind"] == "dev" {
                continue;
            }
            if let Some(used) = room(dependency["name"].as_str().unwrap()) {
                assert!(allowed.contains(&used), "`{name}` may not use `{used}`");
            }
        }
    }
    let rooms: BTreeSet<_> = packages.iter().filter_map(|p| room(p["name"].as_str().unwrap())).collect();
    for (name, _) in MAY_USE {
        assert!(rooms.contains(name), "the table names `{name}`, which is not there");
    }
}

#[test]
fn pure_rooms_have_no_runtime_and_no_aws() {
    for package in packages() {
        let name = room(package["name"].as_str().unwrap()).unwrap().to_owned();
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            let sdk = used.starts_with("aws-") && !matches!(&*name, "aws" | "tests");
            assert!(!sdk, "`{name}` uses `{used}`: SDKs stay behind the ports");
            let remote =
                matches!(used, "maestro-aws" | "maestro-lambda") && matches!(&*name, "cli" | "embedded" | "bench");
            assert!(!remote, "`{name}` uses `{used}`: SDKs triple what a new user has to build");
            let pure = matches!(
                &*name,
                "domain"
                    | "artifacts"
                    | "asl"
                    | "epic"
                    | "personas"
                    | "reader"
                    | "secrets"
                    | "service"
                    | "acceptance"
                    | "workflow"
            );
            let impure = matches!(used, "tokio" | "rusqlite" | "async-trait" | "nix");
            assert!(!(pure && impure && dependency["kind"] != "dev"), "`{name}` is pure and may not use `{used}`");
        }
    }
}

#[test]
fn every_room_keeps_the_lints_and_is_named_after_its_folder() {
    for package in packages() {
        let manifest = package["manifest_path"].as_str().unwrap();
        let text = fs::read_to_string(manifest).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{manifest} does not opt into the lints");
        let mut parts = Path::new(manifest).parent().unwrap().iter().rev().map(|part| part.to_str().unwrap());
        let (folder, above) = (parts.next().unwrap(), parts.next().unwrap());
        let kind = if above == "functions" { "fn-" } else { "" };
        assert_eq!(package["name"], format!("maestro-{kind}{folder}"));
        assert_eq!(package["license"], "Apache-2.0");
    }
}

/// Whether the documentation of any source below a folder holds a block of Rust.
fn has_examples(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return has_examples(&path);
        }
        let text = if path.extension().is_some_and(|ending| ending == "rs") {
            fs::read_to_string(&path).unwrap()
        } else {
            String::new()
        };
        let lines = text.lines().map(str::trim_start);
        let documentation = lines.filter_map(|line| line.strip_prefix("///").or_else(|| line.strip_prefix("//!")));
        // Every other fence ends a block.
        let fences = documentation.filter_map(|line| line.trim_start().strip_prefix("```"));
        fences.step_by(2).any(|tag| !["text", "yaml", "json", "console"].contains(&tag.trim()))
    })
}

#[test]
fn examples_in_documentation_are_run() {
    for package in packages() {
        let targets = package["targets"].as_array().unwrap();
        let Some(library) = targets.iter().find(|target| target["kind"][0] == "lib") else { continue };
        let sources = Path::new(library["src_path"].as_str().unwrap()).parent().unwrap();
        // Where there are none, looking for them takes about as long as compiling the crate's interface.
        assert_eq!(library["doctest"], has_examples(sources), "`doctest` in the manifest of `{}`", package["name"]);
    }
}

/// Whether a test stands in a source or in one below its folder; a source that names no module is all there is.
fn has_tests(source: &Path) -> bool {
    fn says(text: &str) -> bool {
        text.contains("#[test]") || text.contains("#[tokio::test")
    }
    fn below(folder: &Path) -> bool {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
            if path.is_dir() { below(&path) } else { says(&String::from_utf8_lossy(&fs::read(&path).unwrap())) }
        })
    }
    let text = fs::read_to_string(source).unwrap();
    let names_modules = text.lines().any(|line| line.trim_start_matches("pub ").starts_with("mod "));
    says(&text) || names_modules && below(source.parent().unwrap())
}

#[test]
fn programs_and_libraries_with_tests_are_tested() {
    for package in packages() {
        for target in package["targets"].as_array().unwrap() {
            if ["lib", "bin"].contains(&target["kind"][0].as_str().unwrap()) {
                let source = Path::new(target["src_path"].as_str().unwrap());
                // Where there are none, a program of nothing is linked: most of a minute for those of all functions.
                assert_eq!(target["test"], has_tests(source), "`test` in the manifest of `{}`", target["name"]);
            }
        }
    }
}
