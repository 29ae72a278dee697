//! What rules look at of referenced records cannot be changed so that a record that refers to them no longer fits.

use crate::fixture;
use crate::refusing::{patch, post, refuse};
use crate::support::start;
use maestro_service::openapi;
use serde_json::{Value, json};

fn fits_its_room(to: Value) -> Value {
    json!({"kind": "compare", "entity": "booking", "field": "people", "op": "le", "to": to, "when": [
        {"test": "not_in", "field": "status", "values": ["cancelled"]},
    ]})
}

fn capacity() -> Value {
    json!({"of": "referenced", "via": "room_id", "field": "capacity"})
}

#[test]
fn a_comparison_holds_from_the_other_side_too() {
    let setup = vec![
        post("/rooms", json!({"name": "Blue", "capacity": 5})),
        post("/bookings", json!({"room_id": 1, "people": 4})),
    ];
    refuse(fits_its_room(capacity()), setup, patch("/rooms/1", json!({"capacity": 3})), 409, "capacity");
}

#[test]
fn only_what_breaks_a_rule_is_refused() {
    let service = start(&fixture::model(&[fits_its_room(capacity())]));
    service.post("/rooms", json!({"name": "Blue", "capacity": 5})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 4})).expect(201);
    service.patch("/rooms/1", json!({"capacity": 4})).expect(200);
    service.patch("/rooms/1", json!({"name": "Red"})).expect(200);
    // Without a capacity there is nothing to compare with.
    service.patch("/rooms/1", json!({"capacity": null})).expect(200);
    service.patch("/rooms/1", json!({"capacity": 4})).expect(200);
    // A rule that does not apply is not broken.
    service.patch("/bookings/1", json!({"status": "cancelled"})).expect(200);
    service.patch("/rooms/1", json!({"capacity": 1})).expect(200);
}

#[test]
fn what_is_worked_out_of_a_referenced_record_is_bound_from_there() {
    let total = json!({"kind": "computed", "entity": "booking", "field": "total", "expr": {
        "expr": "mul",
        "left": {"expr": "field", "field": "people"},
        "right": {"expr": "referenced", "via": "room_id", "field": "price"},
    }});
    let bound = json!({"kind": "range", "entity": "booking", "field": "total", "max": "100"});
    let service = start(&fixture::model(&[bound, total]));
    service.post("/rooms", json!({"name": "Blue", "price": "20.00"})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 4})).expect(201);
    let problem = service.patch("/rooms/1", json!({"price": "25.01"})).expect(409);
    assert_eq!(problem["field"], "price", "{problem}");
    assert_eq!(service.get("/rooms/1").expect(200)["price"], "20.00");
    service.patch("/rooms/1", json!({"price": "25.00"})).expect(200);
}

#[test]
fn the_document_says_so() {
    let document = openapi(&fixture::model(&[fits_its_room(capacity())]));
    let change = document.pointer("/paths/~1rooms~1{id}/patch").unwrap();
    assert!(change.pointer("/responses/409").is_some(), "{change}");
    let told = change["description"].as_str().unwrap();
    assert!(told.contains("R-1: rule 1 says no (409 where a record that refers to this one"), "{told}");
    // Making a room breaks no booking.
    let making = document.pointer("/paths/~1rooms/post").unwrap();
    assert!(making.pointer("/responses/409").is_none(), "{making}");
}
