//! Proves that a rule refuses what it must, and that nothing else does.

use crate::fixture;
use crate::support::{Answer, Running, start_files};
use maestro_service::{backend_files, without_rule};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// A request: method, path, body, role.
type Request = (&'static str, &'static str, Value, &'static str);

/// One refusal. All rules but the first only set the scene.
struct Case {
    rules: Vec<Value>,
    /// Requests that must succeed, before.
    setup: Vec<Request>,
    /// The request that the rule refuses.
    refused: Request,
    status: u16,
    /// The field to blame, or empty.
    field: &'static str,
}

fn send(service: &Running, request: &Request) -> Answer {
    let (method, path, body, role) = request;
    let headers: &[(&str, &str)] = if role.is_empty() { &[] } else { &[("X-Role", *role)] };
    service.send(method, path, headers, (!body.is_null()).then(|| body.to_string()))
}

fn prove(case: &Case) {
    let what = case.rules[0].to_string();
    let full = backend_files(&fixture::model(&case.rules));
    let service = start_files(&full);
    for request in &case.setup {
        let answer = send(&service, request);
        assert!(answer.status < 300, "{what}: {request:?}: {}", answer.text);
    }
    let answer = send(&service, &case.refused);
    assert_eq!(answer.status, case.status, "{what}: {}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}");
    let problem = answer.json();
    assert_eq!(problem["rule"], "R-1", "{what}: {problem}");
    assert_eq!(problem["criteria"], json!(["AC-1.1", "BR-1"]), "{what}");
    assert_eq!(problem["field"].as_str().unwrap_or_default(), case.field, "{what}: {problem}");
    assert!(problem["detail"].as_str().unwrap().starts_with("rule 1 says no"), "{what}: {problem}");

    let mut disabled = full.clone();
    let model_py = without_rule(&full["service/model.py"], "R-1").unwrap();
    let mut others = fixture::model(&case.rules);
    others.rules.remove(0);
    assert_eq!(backend_files(&others)["service/model.py"], model_py, "{what}: a refusal stands in one place only");
    disabled.insert("service/model.py".to_owned(), model_py);
    // Every refusal names the rule; that it goes with the rule is tried once a kind.
    static TRIED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if !TRIED.lock().unwrap().insert(case.rules[0]["kind"].to_string()) {
        return;
    }
    let service = start_files(&disabled);
    for request in &case.setup {
        let answer = send(&service, request);
        assert!(answer.status < 300, "{what} disabled: {request:?}: {}", answer.text);
    }
    let answer = send(&service, &case.refused);
    assert!(answer.status < 300, "{what} disabled: {}", answer.text);
}

pub(crate) fn post(path: &'static str, body: Value) -> Request {
    ("POST", path, body, "")
}

pub(crate) fn patch(path: &'static str, body: Value) -> Request {
    ("PATCH", path, body, "")
}

/// Proves that the rule, alone in the model, refuses the request after the setup, and that it does not once disabled.
pub(crate) fn refuse(rule: Value, setup: Vec<Request>, refused: Request, status: u16, field: &'static str) {
    prove(&Case { rules: vec![rule], setup, refused, status, field });
}
