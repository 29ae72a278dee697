//! For every kind of rule that refuses: what is accepted, what is refused and how, and that without the rule the refused
//! request is accepted. So no entry of the model is there for show.

use crate::fixture;
use crate::support::{Running, start, start_files};
use maestro_service::{backend_files, without_rule};
use serde_json::{Value, json};

/// One refusal. All rules but the first only set the scene.
struct Case {
    rules: Vec<Value>,
    /// Requests that must succeed, before.
    setup: Vec<(&'static str, &'static str, Value, &'static str)>,
    /// The request that the rule refuses: method, path, body, role.
    refused: (&'static str, &'static str, Value, &'static str),
    status: u16,
    /// The field to blame, or empty.
    field: &'static str,
}

fn send(service: &Running, request: &(&str, &str, Value, &str)) -> crate::support::Answer {
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

    let mut entry_removed = full.clone();
    let model_py = without_rule(&full["service/model.py"], "R-1").unwrap();
    entry_removed.insert("service/model.py".to_owned(), model_py);
    let mut others = fixture::model(&case.rules);
    others.rules.remove(0);
    for (how, service) in [("entry", start_files(&entry_removed)), ("rule", start(&others))] {
        for request in &case.setup {
            let answer = send(&service, request);
            assert!(answer.status < 300, "{what} without {how}: {request:?}: {}", answer.text);
        }
        let answer = send(&service, &case.refused);
        assert!(answer.status < 300, "{what} without {how}: {}", answer.text);
    }
}

fn post(path: &'static str, body: Value) -> (&'static str, &'static str, Value, &'static str) {
    ("POST", path, body, "")
}

fn patch(path: &'static str, body: Value) -> (&'static str, &'static str, Value, &'static str) {
    ("PATCH", path, body, "")
}

fn refuse(
    rule: Value,
    setup: Vec<(&'static str, &'static str, Value, &'static str)>,
    refused: (&'static str, &'static str, Value, &'static str),
    status: u16,
    field: &'static str,
) {
    prove(&Case { rules: vec![rule], setup, refused, status, field });
}

#[test]
fn required() {
    let rule = json!({"kind": "required", "entity": "room", "field": "name"});
    refuse(rule.clone(), vec![post("/rooms", json!({"name": "A"}))], post("/rooms", json!({})), 422, "name");
    refuse(rule.clone(), vec![], post("/rooms", json!({"name": "  "})), 422, "name");
    refuse(rule, vec![post("/rooms", json!({"name": "A"}))], patch("/rooms/1", json!({"name": null})), 422, "name");
}

#[test]
fn required_when() {
    let rule = json!({"kind": "required_when", "entity": "room", "field": "code",
        "when": [{"test": "in", "field": "size", "values": ["large"]}]});
    let setup = vec![post("/rooms", json!({"size": "small"})), post("/rooms", json!({"size": "large", "code": "x"}))];
    refuse(rule, setup, patch("/rooms/1", json!({"size": "large"})), 422, "code");
}
