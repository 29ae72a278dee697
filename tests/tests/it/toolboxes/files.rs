//! Scenarios of tools over files.

use super::desk::{Desk, expect, scenarios};
use maestro_domain::ArtifactKind;
use serde_json::{Value, json};

scenarios! {
    apply_patch,
    delete_file,
    list_files,
    move_file,
    read_file,
    replace_text,
    search_files,
    write_file,
}

const STORE: &str = "LIMIT = 3\n\n\ndef lend(loans):\n    return len(loans) < LIMIT\n";

/// A rule changes in code and page with one patch, and neither changes when one part does not fit.
async fn apply_patch(mut desk: Desk) -> Result<(), String> {
    desk.file("service/store.py", STORE);
    desk.file("web/app.js", "const LIMIT = 3;\n");
    let patch = |limit: &str| {
        format!(
            "--- a/service/store.py\n+++ b/service/store.py\n@@ -1 +1 @@\n-LIMIT = 3\n+LIMIT = 5\n--- a/web/app.js\n+++ b/web/app.js\n@@ -1 +1 @@\n\
             -const LIMIT = {limit};\n+const LIMIT = 5;\n"
        )
    };
    let misfit = desk.call("apply_patch", json!({"patch": patch("4")})).await;
    expect(misfit.is_err() && desk.text("service/store.py") == STORE, &misfit)?;
    desk.call("apply_patch", json!({"patch": patch("3")})).await?;
    let (store, page) = (desk.text("service/store.py"), desk.text("web/app.js"));
    expect(store.starts_with("LIMIT = 5") && page == "const LIMIT = 5;\n", &page)
}

/// A draft is not handed over.
async fn delete_file(mut desk: Desk) -> Result<(), String> {
    desk.file("tests/draft.py", "");
    desk.file("tests/test_a.py", "");
    desk.call("delete_file", json!({"path": "tests/draft.py"})).await?;
    expect(desk.context.own.keys().eq(["tests/test_a.py"]), &desk.context.own.keys())
}

/// Somebody finds the page that another persona wrote.
async fn list_files(mut desk: Desk) -> Result<(), String> {
    desk.upstream(ArtifactKind::Frontend, Value::Null, &[("web/index.html", "<main>")]);
    let listed = desk.call("list_files", json!({"below": "web/"})).await?;
    expect(listed["files"] == json!([{"path": "web/index.html", "bytes": 6, "own": false}]), &listed)
}

/// A file gets the name that the runner looks for.
async fn move_file(mut desk: Desk) -> Result<(), String> {
    desk.file("tests/loans.py", "x = 1\n");
    desk.call("move_file", json!({"from": "tests/loans.py", "to": "tests/test_loans.py"})).await?;
    expect(desk.text("tests/test_loans.py") == "x = 1\n" && desk.context.own.len() == 1, &desk.context.own.keys())
}

/// The lines of one function are read, and no others.
async fn read_file(mut desk: Desk) -> Result<(), String> {
    desk.file("service/store.py", STORE);
    let read = desk.call("read_file", json!({"path": "service/store.py", "from_line": 4, "to_line": 5})).await?;
    expect(read["content"] == "def lend(loans):\n    return len(loans) < LIMIT\n", &read)
}

/// A bound is mended where it stands.
async fn replace_text(mut desk: Desk) -> Result<(), String> {
    desk.file("service/store.py", STORE);
    let mend = json!({"path": "service/store.py", "old": "len(loans) < LIMIT", "new": "len(loans) <= LIMIT"});
    desk.call("replace_text", mend).await?;
    expect(desk.text("service/store.py").contains("<= LIMIT"), &desk.text("service/store.py"))
}

/// The place of a rule is found by its bound.
async fn search_files(mut desk: Desk) -> Result<(), String> {
    desk.upstream(ArtifactKind::Backend, Value::Null, &[("service/store.py", STORE), ("service/page.py", "x = 1\n")]);
    let found = desk.call("search_files", json!({"text": r"<\s*LIMIT", "regex": true})).await?;
    expect(found["lines"][0]["line"] == 5 && found["matches"] == 1, &found)
}

/// What is written is part of the work.
async fn write_file(mut desk: Desk) -> Result<(), String> {
    desk.call("write_file", json!({"path": "tests/test_a.py", "content": "x = 1\n"})).await?;
    expect(desk.text("tests/test_a.py") == "x = 1\n", &desk.context.own.keys())
}
