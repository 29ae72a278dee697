//! Words of an epic that try to be more than words, in every file that carries them.

use crate::{
    fixture::{requirements, team_with},
    team::Team,
};
use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// Ends strings, fences, cells, labels, comments and tags of every format that is written.
const WORDS: [&str; 4] = [
    "A \"b\" 'c' `d` | \"\"\" ''' \\ ${{ secrets.GITHUB_TOKEN }} $(id) <img src=x onerror=alert(1)> %% --> ]]",
    "first\n\n# Not a heading\n```\nescaped\n```\n- x: y\n\"] --> evil[\"",
    "@START@ @TEST@ {{title}} __import__('os') \u{202e}txt.exe\u{0}",
    "; DROP TABLE tools; -- && rm -rf / #",
];

async fn written(word: &str) -> Team {
    team_with(requirements(word)).all().await
}

/// Files that other rooms generate are theirs to test.
fn ours(path: &str) -> bool {
    !["service/", "web/", "tests/", "openapi.json"].iter().any(|other| path.starts_with(other))
}

#[tokio::test]
async fn markdown_keeps_its_shape() {
    let plain = written("plain").await;
    for word in WORDS {
        let team = written(word).await;
        for (path, text) in team.files.iter().filter(|(path, _)| ours(path) && path.ends_with(".md")) {
            let like = plain.files.iter().find(|(other, _)| same_place(other, path));
            let (_, like) = like.unwrap_or_else(|| panic!("{path} has no counterpart"));
            assert_eq!(shape(text), shape(like), "{path} is another page with {word:?}:\n{text}");
            let outside: String = text.split("\n```").step_by(2).collect();
            assert!(!outside.contains("<img"), "{path} holds markup");
            assert!(!text.contains('\u{202e}') && !text.contains('\u{0}'), "{path} holds invisible characters");
        }
    }
}

/// Decision records carry a slug of the words in their names.
fn same_place(a: &str, b: &str) -> bool {
    let key = |path: &str| {
        let number = path.strip_prefix("docs/adr/").and_then(|name| name.get(..4)).map(str::to_owned);
        number.unwrap_or_else(|| path.to_owned())
    };
    key(a) == key(b)
}

/// What the lines begin with: headings, bullets, steps, table rows with their number of cells, fences.
fn shape(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut shape = Vec::new();
    for line in text.lines() {
        let fence = line.starts_with("```");
        if fence {
            fenced = !fenced;
            shape.push("fence".to_owned());
        } else if fenced {
            shape.push("code".to_owned());
        } else if line.starts_with('|') {
            let cells = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
            shape.push(format!("row of {cells}"));
        } else {
            let mark = line.split(' ').next().unwrap_or_default();
            let known =
                ["#", "##", "###", "-", ">"].contains(&mark) || mark.trim_end_matches('.').parse::<u32>().is_ok();
            shape.push(if known { mark.to_owned() } else { (!line.is_empty()).to_string() });
        }
    }
    assert!(!fenced, "a fence is not closed");
    shape
}

#[tokio::test]
async fn diagrams_keep_their_labels() {
    for word in WORDS {
        let team = written(word).await;
        for (path, text) in team.files.iter().filter(|(path, _)| ours(path) && path.ends_with(".md")) {
            for diagram in text.split("```mermaid\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()) {
                for line in diagram.lines() {
                    assert_eq!(line.matches('"').count() % 2, 0, "{path}: {line}");
                    assert!(!line.contains('`') && !line.contains("%%"), "{path}: {line}");
                }
            }
        }
    }
}

#[tokio::test]
async fn nothing_but_a_slug_reaches_containers_and_pipelines() {
    let plain = written("plain").await;
    for word in WORDS {
        let team = written(word).await;
        for path in ["Dockerfile", ".dockerignore", ".github/workflows/ci.yml", "compose.yaml"] {
            let text = &team.files[path];
            assert_eq!(text.lines().count(), plain.files[path].lines().count(), "{path}");
            assert!(!text.contains("secrets.") && !text.contains("$(id)") && !text.contains("DROP TABLE"), "{text}");
            assert!(!text.contains('@') || path.ends_with("ci.yml"), "{path} has an open placeholder: {text}");
        }
    }
}

#[tokio::test]
async fn tests_do_not_carry_the_words_but_in_values() {
    let plain = written("plain").await;
    for word in WORDS {
        let team = written(word).await;
        for (path, text) in team.files.iter().filter(|(path, _)| ours(path) && path.ends_with(".py")) {
            if path.ends_with("/factories.py") {
                // What records consist of holds the epic's own choices; the code around them stays what it is.
                assert_eq!(without_texts(text), without_texts(&plain.files[path]), "{path}: {text}");
            } else {
                assert_eq!(text, &plain.files[path], "{path}");
            }
        }
    }
}

/// Python's reading of a program, with all its texts taken out.
fn without_texts(program: &str) -> String {
    const READ: &str = "import ast, sys
tree = ast.parse(sys.stdin.buffer.read().decode('utf-8'))
for node in ast.walk(tree):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        node.value = ''
print(ast.dump(tree))";
    let mut python =
        Command::new("python3").args(["-c", READ]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(program.as_bytes()).unwrap();
    let read = python.wait_with_output().unwrap();
    assert!(read.status.success(), "{program}");
    String::from_utf8(read.stdout).unwrap()
}
