//! Scenarios of tools that read code by its grammar.

use super::desk::{Desk, expect, scenarios};
use maestro_domain::ArtifactKind;
use serde_json::{Value, json};

scenarios! {
    check_syntax,
    find_references,
    find_symbols,
    outline_code,
}

const STORE: &str = "class Store:\n    def lend(self, tool):\n        return tool\n\n\ndef lend_all(store):\n    # lend all\n    return \
                     store.lend(1)\n";

fn stored(desk: &mut Desk) {
    desk.upstream(ArtifactKind::Backend, Value::Null, &[("service/store.py", STORE)]);
}

/// A bracket that is not closed is found before anything is run.
async fn check_syntax(mut desk: Desk) -> Result<(), String> {
    desk.file("web/app.js", "export function load() {\n  return [1, 2;\n}\n");
    desk.file("tests/test_a.py", "x = (1)\n");
    let checked = desk.call("check_syntax", json!({})).await?;
    let errors = checked["errors"].as_array().unwrap();
    expect(checked["files"] == 2 && !errors.is_empty() && errors[0]["path"] == "web/app.js", &checked)
}

/// Before a method gets another name its one caller is found; the comment is none.
async fn find_references(mut desk: Desk) -> Result<(), String> {
    stored(&mut desk);
    let found = desk.call("find_references", json!({"name": "lend"})).await?;
    expect(found["counts"] == json!({"definition": 1, "call": 1}), &found)
}

/// The method is found by its name, and where it is inside of.
async fn find_symbols(mut desk: Desk) -> Result<(), String> {
    stored(&mut desk);
    let found = desk.call("find_symbols", json!({"name": "lend"})).await?;
    let first = &found["symbols"][0];
    expect(first["in"] == json!(["Store"]) && first["line"] == 2 && first["kind"] == "method", &found)
}

/// The outline tells which lines to read.
async fn outline_code(mut desk: Desk) -> Result<(), String> {
    stored(&mut desk);
    let outline = desk.call("outline_code", json!({"path": "service/store.py"})).await?;
    let lines: Vec<_> =
        outline["definitions"].as_array().unwrap().iter().map(|one| json!([one["name"], one["to_line"]])).collect();
    expect(json!(lines) == json!([["Store", 3], ["lend", 3], ["lend_all", 8]]), &outline)
}
