//! Scenarios of tools that look at the software as an attacker.

use super::desk::{Desk, expect, scenarios};
use serde_json::json;

scenarios! {
    check_code,
    check_dependencies,
    scan_secrets,
}

/// A request's text never becomes code.
async fn check_code(mut desk: Desk) -> Result<(), String> {
    desk.file("service/filter.py", "def filter(request):\n    return eval(request.body)\n");
    let checked = desk.call("check_code", json!({})).await?;
    expect(checked["findings"][0]["line"] == 2 && checked["findings"][0]["severity"] == "high", &checked)
}

/// A package that nobody pinned is found.
async fn check_dependencies(mut desk: Desk) -> Result<(), String> {
    desk.file("service/client.py", "import json\nimport requests\n");
    let checked = desk.call("check_dependencies", json!({})).await?;
    let found = checked["findings"].as_array().unwrap();
    expect(found.len() == 1 && found[0]["line"] == 2, &checked)
}

/// A password that was left in a file is found and not repeated.
async fn scan_secrets(mut desk: Desk) -> Result<(), String> {
    let secret = ["hunt", "er2.correct-horse"].concat();
    desk.file("service/store.py", &format!("import os\nDB_PASSWORD = \"{secret}\"\n"));
    let checked = desk.call("scan_secrets", json!({})).await?;
    expect(checked["findings"][0]["line"] == 2 && !checked.to_string().contains(&secret), &checked)
}
