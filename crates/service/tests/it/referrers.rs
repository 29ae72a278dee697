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
    assert!(told.contains("R-1: rule 1 says no (409 where another record would no longer fit)"), "{told}");
    // Making a room breaks no booking.
    let making = document.pointer("/paths/~1rooms/post").unwrap();
    assert!(making.pointer("/responses/409").is_none(), "{making}");
}

/// The people of a room's bookings, and a booking whose room must have room for as many as it is paid for.
fn counted() -> Vec<Value> {
    let people = json!({"expr": "children", "child": "booking", "via": "room_id",
        "measure": {"measure": "sum", "field": "people"},
        "when": [{"test": "not_in", "field": "status", "values": ["cancelled"]}]});
    let enough = json!({"kind": "compare", "entity": "booking", "field": "paid", "op": "ge",
        "to": {"of": "referenced", "via": "room_id", "field": "people"}});
    vec![enough, json!({"kind": "computed", "entity": "room", "field": "people", "expr": people})]
}

#[test]
fn what_is_added_up_over_others_is_held_when_these_change_come_or_go() {
    let service = start(&fixture::model(&counted()));
    service.post("/rooms", json!({"name": "Blue"})).expect(201);
    service.post("/rooms", json!({"name": "Red"})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 4, "paid": "10.00"})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 6, "paid": "10.00"})).expect(201);
    // One more of this room, one that grows, one that comes from another room: the first is paid for too little then.
    let more = service.post("/bookings", json!({"room_id": 1, "people": 1, "paid": "20.00"})).expect(409);
    assert!(more["detail"].as_str().unwrap().contains("booking 1 would no longer fit"), "{more}");
    let problem = service.patch("/bookings/2", json!({"people": 7, "paid": "20.00"})).expect(409);
    assert_eq!(problem["field"], "people", "{problem}");
    service.post("/bookings", json!({"room_id": 2, "people": 1, "paid": "20.00"})).expect(201);
    let problem = service.patch("/bookings/3", json!({"room_id": 1})).expect(409);
    assert_eq!(problem["field"], "room_id", "{problem}");
    // Nothing of what was refused stays.
    assert_eq!(service.get("/rooms/1").expect(200)["people"], 10);
    assert_eq!(service.get("/bookings").expect(200)["total"], 3);
    // What does not count breaks nothing.
    service.patch("/bookings/2", json!({"status": "cancelled"})).expect(200);
    service.patch("/bookings/3", json!({"room_id": 1})).expect(200);
    let problem = service.patch("/bookings/3", json!({"people": 7})).expect(409);
    assert_eq!(problem["field"], "people", "{problem}");
}

#[test]
fn a_limit_of_what_is_worked_out_is_held_from_where_it_comes() {
    let total = json!({"kind": "computed", "entity": "booking", "field": "total", "expr": {
        "expr": "mul",
        "left": {"expr": "field", "field": "people"},
        "right": {"expr": "referenced", "via": "room_id", "field": "price"},
    }});
    let limit = json!({"kind": "capacity", "parent": "room", "child": "booking", "via": "room_id",
        "measure": {"measure": "sum", "field": "total"}, "op": "le", "limit": {"of": "value", "value": "100"}});
    let service = start(&fixture::model(&[limit, total]));
    service.post("/rooms", json!({"name": "Blue", "price": "10.00"})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 4})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 6})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 1})).expect(409);
    service.patch("/rooms/1", json!({"price": "10.01"})).expect(409);
    assert_eq!(service.get("/rooms/1").expect(200)["price"], "10.00");
    service.patch("/rooms/1", json!({"price": "9.99"})).expect(200);
}

#[test]
fn two_referenced_records_that_are_compared_stay_so() {
    let fits = json!({"kind": "requires", "entity": "order", "at": {"moment": "save"}, "condition": [
        {"test": "compare", "via": "booking_id", "field": "people", "op": "le",
         "to": {"of": "referenced", "via": "room_id", "field": "capacity"}}]});
    let mut model = fixture::model(&[fits]);
    let order = model.entities.iter_mut().find(|entity| entity.key == "order").unwrap();
    for key in ["room", "booking"] {
        order.fields.push(fixture::field(&format!("{key}_id"), key, json!({"type": "reference", "entity": key})));
    }
    let service = start(&model);
    service.post("/rooms", json!({"name": "Blue", "capacity": 5})).expect(201);
    service.post("/bookings", json!({"people": 4})).expect(201);
    service.post("/orders", json!({"room_id": 1, "booking_id": 1})).expect(201);
    assert_eq!(service.patch("/rooms/1", json!({"capacity": 3})).expect(409)["field"], "capacity");
    assert_eq!(service.patch("/bookings/1", json!({"people": 6})).expect(409)["field"], "people");
    service.patch("/bookings/1", json!({"people": 5})).expect(200);
}

#[test]
fn the_document_says_who_else_can_break_a_rule() {
    let document = openapi(&fixture::model(&counted()));
    for way in ["/bookings/post", "/bookings~1{id}/patch", "/bookings~1{id}/delete"] {
        let operation = document.pointer(&format!("/paths/~1{}", way.trim_start_matches('/'))).unwrap();
        assert!(operation.pointer("/responses/409").is_some(), "{way}: {operation}");
        assert!(operation["description"].as_str().unwrap().contains("R-1: rule 1 says no"), "{way}");
    }
}
