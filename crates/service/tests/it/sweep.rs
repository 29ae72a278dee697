//! A model with a rule of every kind, with each of its entries taken out in turn: the service never breaks down.

use crate::fixture;
use crate::support::{Running, start_files};
use maestro_artifacts::ServiceModel;
use maestro_service::{backend_files, without_rule};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn every_kind() -> Vec<Value> {
    let open = json!([{"test": "not_in", "field": "status", "values": ["cancelled"]}]);
    let mut rules = vec![
        json!({"kind": "required", "entity": "room", "field": "name"}),
        json!({"kind": "required_when", "entity": "room", "field": "code", "when": [{"test": "given", "field": "size"}]}),
        json!({"kind": "default", "entity": "room", "field": "active", "value": true}),
        json!({"kind": "unique", "entity": "room", "fields": ["name", "code"], "ignore_case": true}),
        json!({"kind": "range", "entity": "room", "field": "capacity", "min": "0"}),
        json!({"kind": "places", "entity": "room", "field": "rating", "places": 1}),
        json!({"kind": "length", "entity": "room", "field": "name", "max": 50}),
        json!({"kind": "pattern", "entity": "room", "field": "code", "regex": "[a-z]+"}),
        json!({"kind": "format", "entity": "booking", "field": "contact", "format": "email"}),
        json!({"kind": "compare", "entity": "booking", "field": "end", "op": "gt", "to": {"of": "field", "field": "start"}}),
        json!({"kind": "compare", "entity": "booking", "field": "people", "op": "le", "to": {"of": "referenced", "via": "room_id", "field": "capacity"}}),
        json!({"kind": "requires", "entity": "booking", "at": {"moment": "create"}, "condition": [{"test": "in", "via": "room_id", "field": "active", "values": [true]}]}),
        json!({"kind": "transitions", "entity": "booking"}),
        json!({"kind": "transition_role", "entity": "booking", "to": "done", "roles": ["manager"]}),
        json!({"kind": "transition_requires", "entity": "booking", "to": "cancelled", "fields": ["reason"]}),
        json!({"kind": "stamp", "entity": "booking", "to": "confirmed", "field": "stamped", "value": {"of": "now"}}),
        json!({"kind": "immutable", "entity": "booking", "when": [{"test": "in", "field": "status", "values": ["done"]}]}),
        json!({"kind": "no_delete", "entity": "booking", "when": [{"test": "given", "field": "paid"}]}),
        json!({"kind": "cascade", "entity": "booking", "field": "room_id"}),
        json!({"kind": "no_overlap", "entity": "booking", "start": "start", "end": "end", "by": ["room_id"], "when": open}),
        json!({"kind": "capacity", "parent": "room", "child": "booking", "via": "room_id", "measure": {"measure": "sum", "field": "people"},
            "op": "le", "limit": {"of": "field", "field": "capacity"}, "when": open}),
        json!({"kind": "computed", "entity": "room", "field": "people", "expr": {"expr": "children", "child": "booking", "via": "room_id",
            "measure": {"measure": "sum", "field": "people"}, "when": open}}),
        json!({"kind": "computed", "entity": "booking", "field": "total", "expr": {"expr": "mul", "left": {"expr": "field", "field": "people"},
            "right": {"expr": "referenced", "via": "room_id", "field": "price"}}}),
        json!({"kind": "totals", "entity": "booking", "by": ["room_id", "size"], "measures": [{"measure": "average", "field": "people"}]}),
        json!({"kind": "list", "entity": "booking", "sort": [{"field": "start"}], "page_size": 5}),
        json!({"kind": "filter", "entity": "booking", "field": "status"}),
        json!({"kind": "sort", "entity": "booking", "field": "people"}),
        json!({"kind": "search", "entity": "booking", "fields": ["guest", "note"]}),
        json!({"kind": "csv", "entity": "booking"}),
        json!({"kind": "action_role", "entity": "order", "action": "delete", "roles": ["manager"]}),
    ];
    for action in ["create", "read", "list", "update", "delete"] {
        rules.push(json!({"kind": "capability", "entity": "booking", "action": action}));
    }
    // The fields that other rules speak of.
    for (entity, fields) in [
        ("room", ["name", "code", "capacity", "size", "active", "people", "price"].as_slice()),
        (
            "booking",
            ["room_id", "contact", "people", "start", "end", "status", "reason", "stamped", "total"].as_slice(),
        ),
    ] {
        rules.extend(fields.iter().map(|field| json!({"kind": "has_field", "entity": entity, "field": field})));
    }
    rules
}

/// A round through everything; an answer is right or a refusal, never a breakdown.
fn round(service: &Running, what: &str) {
    let room = json!({"name": "A", "code": "a", "capacity": 9, "price": "2.00", "rating": 1, "active": true, "size": "small", "opened": "2024-01-01"});
    let booking = json!({"room_id": 1, "guest": "g", "contact": "a@b.org", "note": "n", "people": 2, "paid": "1.00",
        "start": "2024-01-01T10:00:00Z", "end": "2024-01-01T11:00:00Z", "first_day": "2024-01-01", "last_day": "2024-01-02"});
    let mut answers = vec![
        service.post("/rooms", room.clone()),
        service.post("/rooms", json!({"name": "B"})),
        service.post("/rooms", room),
    ];
    answers.push(service.post("/bookings", booking));
    answers.push(service.post("/bookings", json!({"room_id": 1})));
    answers.push(service.post("/bookings", json!({})));
    for status in ["confirmed", "done", "cancelled"] {
        answers.push(service.patch("/bookings/1", json!({ "status": status })));
    }
    for path in [
        "/rooms",
        "/rooms/1",
        "/bookings/1",
        "/bookings?sort=-total,people&status=done&q=g",
        "/bookings/totals?by=size",
        "/bookings/totals?by=status&paid_from=0",
    ] {
        answers.push(service.get(path));
    }
    answers.push(service.send("GET", "/bookings", &[("Accept", "text/csv")], None));
    answers.extend([service.delete("/bookings/2"), service.delete("/rooms/1"), service.delete("/rooms/2")]);
    for answer in &answers {
        assert!(answer.status < 500, "{what}: {}", answer.text);
    }
}

#[test]
fn no_entry_holds_up_the_others() {
    let rules = every_kind();
    let kinds: BTreeSet<_> = rules.iter().map(|rule| rule["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 30, "a rule of every kind");
    let model: ServiceModel = fixture::model(&rules);
    let files = backend_files(&model);
    round(&start_files(&files), "all");
    for rule in &model.rules {
        let mut disabled = files.clone();
        disabled.insert("service/model.py".to_owned(), without_rule(&files["service/model.py"], &rule.id).unwrap());
        round(&start_files(&disabled), &format!("without {rule:?}"));
    }
}

#[test]
fn an_unknown_rule_cannot_be_taken_out() {
    assert_eq!(without_rule(&backend_files(&fixture::model(&[]))["service/model.py"], "R-1"), None);
}

#[test]
fn words_of_the_epic_stay_words() {
    let hostile = "\"\"\"\\ {} %s\n    },\n]; import os #\u{202e}\u{2028} </script> 😀\u{0}";
    let mut model = fixture::model(&[json!({"kind": "required", "entity": "room", "field": "name"})]);
    model.title = hostile.to_owned();
    model.rules[0].message = hostile.to_owned();
    model.entities[0].name = hostile.to_owned();
    let service = start_files(&backend_files(&model));
    assert_eq!(service.post("/rooms", json!({})).expect(422)["detail"], hostile);
    let disabled = without_rule(&backend_files(&model)["service/model.py"], "R-1").unwrap();
    model.rules.clear();
    assert_eq!(disabled, backend_files(&model)["service/model.py"]);
}
