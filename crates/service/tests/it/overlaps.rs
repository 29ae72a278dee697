//! Records that may not overlap by the times of what they refer to.

use crate::support::{Running, start, start_files};
use maestro_artifacts::ServiceModel;
use maestro_service::{backend_files, openapi, without_rule};
use serde_json::{Value, json};

/// Sign-ups of volunteers for shifts, of which neither those withdrawn nor those of cancelled shifts count.
fn rule() -> Value {
    json!({"kind": "no_overlap", "entity": "signup", "via": "shift_id", "start": "start", "end": "end",
    "by": ["volunteer_id"], "when": [
        {"test": "not_in", "field": "status", "values": ["withdrawn"]},
        {"test": "not_in", "via": "shift_id", "field": "status", "values": ["cancelled"]},
    ]})
}

fn model() -> ServiceModel {
    let field =
        |key: &str, kind: Value| json!({"key": key, "name": key, "kind": kind, "read_only": false, "sources": []});
    let reference = |to: &str| json!({"type": "reference", "entity": to});
    let status = |second: &str| json!({"type": "enum", "values": ["open", second]});
    let entity = |key: &str, fields: Vec<Value>| {
        json!({"key": key, "name": key, "plural": format!("{key}s"), "path": format!("{key}s"), "workflow": null, "sources": [],
            "fields": fields})
    };
    serde_json::from_value(json!({"title": "Rota", "roles": [], "entities": [
        entity("volunteer", vec![field("name", json!({"type": "text"}))]),
        entity("shift", vec![
            field("start", json!({"type": "date_time"})),
            field("end", json!({"type": "date_time"})),
            field("status", status("cancelled")),
        ]),
        entity("signup", vec![
            field("volunteer_id", reference("volunteer")),
            field("shift_id", reference("shift")),
            field("status", status("withdrawn")),
        ]),
    ], "rules": [{"id": "R-1", "sources": ["FR-1"], "message": "rule 1 says no", "demand": rule()}]}))
    .unwrap()
}

fn shift(from: &str, to: &str) -> Value {
    json!({"start": format!("2024-01-01T{from}:00Z"), "end": format!("2024-01-01T{to}:00Z"), "status": "open"})
}

fn signup(volunteer: i64, shift: i64) -> Value {
    json!({"volunteer_id": volunteer, "shift_id": shift, "status": "open"})
}

/// Two volunteers, and shifts from 10 to 12, 11 to 13, 12 to 14 and without an end from 20.
fn rota(service: &Running) {
    for name in ["Ann", "Bob"] {
        service.post("/volunteers", json!({"name": name})).expect(201);
    }
    for (from, to) in [("10:00", "12:00"), ("11:00", "13:00"), ("12:00", "14:00")] {
        service.post("/shifts", shift(from, to)).expect(201);
    }
    service.post("/shifts", json!({"start": "2024-01-01T20:00:00Z", "status": "open"})).expect(201);
}

#[test]
fn a_clash_of_what_is_referred_to_is_refused() {
    let service = start(&model());
    rota(&service);
    service.post("/signups", signup(1, 1)).expect(201);
    let problem = service.post("/signups", signup(1, 2)).expect(409);
    assert_eq!((&problem["rule"], &problem["field"]), (&json!("R-1"), &json!("shift_id")), "{problem}");
    // The same shift once more is at the same time; one that begins as the other ends is not, and others may.
    service.post("/signups", signup(1, 1)).expect(409);
    service.post("/signups", signup(1, 3)).expect(201);
    service.post("/signups", signup(2, 2)).expect(201);
    // Nor are those that name no shift or nobody, or a shift that has no start.
    service.post("/signups", json!({"volunteer_id": 1, "status": "open"})).expect(201);
    service.post("/signups", json!({"shift_id": 2, "status": "open"})).expect(201);
    service.post("/shifts", json!({"status": "open"})).expect(201);
    service.post("/signups", signup(1, 5)).expect(201);
    // What never ends is in the way of all that comes after it.
    service.post("/signups", signup(1, 4)).expect(201);
    service.post("/shifts", shift("22:00", "23:00")).expect(201);
    service.post("/signups", signup(1, 6)).expect(409);
    // A change of the record itself.
    assert_eq!(service.patch("/signups/3", json!({"volunteer_id": 1})).expect(409)["field"], "shift_id");
    service.patch("/signups/2", json!({"shift_id": 2})).expect(409);
    service.patch("/signups/1", json!({"shift_id": 1, "volunteer_id": 1})).expect(200);
}

#[test]
fn what_is_referred_to_cannot_be_moved_into_a_clash() {
    let service = start(&model());
    rota(&service);
    service.post("/signups", signup(1, 1)).expect(201);
    service.post("/signups", signup(1, 3)).expect(201);
    let problem = service.patch("/shifts/1", json!({"end": "2024-01-01T12:30:00Z"})).expect(409);
    assert_eq!((&problem["rule"], &problem["field"]), (&json!("R-1"), &json!("end")), "{problem}");
    assert_eq!(service.get("/shifts/1").expect(200)["end"], "2024-01-01T12:00:00Z");
    assert_eq!(service.patch("/shifts/3", json!({"start": "2024-01-01T09:00:00Z"})).expect(409)["field"], "start");
    assert_eq!(service.patch("/shifts/1", json!({"end": null})).expect(409)["field"], "end");
    service.patch("/shifts/1", json!({"end": "2024-01-01T11:30:00Z"})).expect(200);
    service.patch("/shifts/1", json!({"end": "2024-01-01T12:00:00Z"})).expect(200);
    // Once the other one does not count, it may.
    service.patch("/signups/2", json!({"status": "withdrawn"})).expect(200);
    service.patch("/shifts/1", json!({"end": "2024-01-01T12:30:00Z"})).expect(200);
    assert_eq!(service.patch("/signups/2", json!({"status": "open"})).expect(409)["field"], "shift_id");
}

#[test]
fn what_does_not_count_stands_in_nobodys_way_until_it_does() {
    let service = start(&model());
    rota(&service);
    service.post("/signups", signup(1, 1)).expect(201);
    service.patch("/shifts/2", json!({"status": "cancelled"})).expect(200);
    service.post("/signups", signup(1, 2)).expect(201);
    let problem = service.patch("/shifts/2", json!({"status": "open"})).expect(409);
    assert_eq!((&problem["rule"], &problem["field"]), (&json!("R-1"), &json!("status")), "{problem}");
    service.patch("/signups/1", json!({"status": "withdrawn"})).expect(200);
    service.patch("/shifts/2", json!({"status": "open"})).expect(200);
    service.patch("/signups/1", json!({"status": "open"})).expect(409);
}

#[test]
fn of_writers_at_once_only_one_is_taken() {
    let service = start(&model());
    rota(&service);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let send = |at: i64| service.post("/signups", signup(1, 1 + at % 2)).status;
        let threads: Vec<_> = (0..12).map(|at| scope.spawn(move || send(at))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
}

#[test]
fn without_the_rule_nothing_is_refused() {
    let mut files = backend_files(&model());
    let model_py = without_rule(&files["service/model.py"], "R-1").unwrap();
    files.insert("service/model.py".to_owned(), model_py);
    let service = start_files(&files);
    rota(&service);
    service.post("/signups", signup(1, 1)).expect(201);
    service.post("/signups", signup(1, 2)).expect(201);
    service.patch("/shifts/3", json!({"start": "2024-01-01T09:00:00Z"})).expect(200);
}

#[test]
fn the_document_tells_it_on_both_sides() {
    let document = openapi(&model());
    for (path, told) in [
        ("/paths/~1signups/post", "R-1: rule 1 says no"),
        ("/paths/~1signups~1{id}/patch", "R-1: rule 1 says no"),
        ("/paths/~1shifts~1{id}/patch", "R-1: rule 1 says no (409 where another record would no longer fit)"),
    ] {
        let operation = document.pointer(path).unwrap();
        assert!(operation.pointer("/responses/409").is_some(), "{operation}");
        assert!(operation["description"].as_str().unwrap().contains(told), "{operation}");
    }
    assert!(document.pointer("/paths/~1shifts/post/responses/409").is_none());
}
