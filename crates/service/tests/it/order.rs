//! In which order a request is decided.

use crate::fixture;
use crate::support::start;
use serde_json::json;

#[test]
fn the_first_reason_is_the_answer() {
    let service = start(&fixture::model(&[
        json!({"kind": "transitions", "entity": "booking"}),
        json!({"kind": "transition_role", "entity": "booking", "to": "confirmed", "roles": ["manager"]}),
        json!({"kind": "transition_requires", "entity": "booking", "to": "confirmed", "fields": ["guest"]}),
        json!({"kind": "action_role", "entity": "booking", "action": "create", "roles": ["manager", "Front Desk"]}),
        json!({"kind": "unique", "entity": "booking", "fields": ["contact"]}),
        json!({"kind": "length", "entity": "booking", "field": "guest", "min": 2}),
        json!({"kind": "immutable", "entity": "booking", "when": [{"test": "in", "field": "status", "values": ["confirmed"]}]}),
        json!({"kind": "action_role", "entity": "booking", "action": "update", "fields": ["paid"], "roles": ["manager"]}),
    ]));
    let send = |method: &str, path: &str, role: &str, body: &str| {
        service.send(method, path, &[("X-Role", role)], Some(body.to_owned()))
    };
    let manager = |method: &str, path: &str, body: &str| send(method, path, "Manager", body);
    manager("POST", "/bookings", r#"{"contact": "a"}"#).expect(201);

    // JSON before the record, the record before the roles.
    manager("PATCH", "/bookings/9", "{").expect(400);
    send("PATCH", "/bookings/9", "guest", r#"{"paid": "1.00"}"#).expect(404);
    // A change of state that the workflow does not know before roles and values.
    let answer = send("PATCH", "/bookings/1", "guest", r#"{"status": "done", "people": "x"}"#).expect(409);
    assert_eq!(answer["rule"], "R-1");
    send("POST", "/bookings", "guest", r#"{"status": "done"}"#).expect(409);
    // Roles before values and before what a change of state requires.
    send("PATCH", "/bookings/1", "guest", r#"{"status": "confirmed", "people": "x"}"#).expect(403);
    send("POST", "/bookings", "guest", r#"{"nope": 1}"#).expect(403);
    send("PATCH", "/bookings/1", "guest", r#"{"paid": "no money"}"#).expect(403);
    // Values that cannot be read before rules about values, those before conflicts; all of one kind together.
    let answer =
        manager("POST", "/bookings", r#"{"guest": "x", "contact": "a", "people": 1.5, "nope": 1}"#).expect(422);
    let fields: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
    assert_eq!(json!(fields), json!(["people", "nope"]));
    let answer = manager("POST", "/bookings", r#"{"guest": "x", "contact": "a"}"#).expect(422);
    assert_eq!(answer["rule"], "R-6");
    assert_eq!(manager("POST", "/bookings", r#"{"guest": "xy", "contact": "a"}"#).expect(409)["rule"], "R-5");
    assert_eq!(manager("PATCH", "/bookings/1", r#"{"status": "confirmed"}"#).expect(422)["field"], "guest");
    manager("PATCH", "/bookings/1", r#"{"status": "confirmed", "guest": "xy"}"#).expect(200);
    // Frozen before the roles (whoever asks) and before the values.
    assert_eq!(send("PATCH", "/bookings/1", "guest", r#"{"paid": "1.00"}"#).expect(409)["rule"], "R-7");
    assert_eq!(manager("PATCH", "/bookings/1", r#"{"people": "x"}"#).expect(409)["rule"], "R-7");
    // The state is no value like others: it cannot be cleared, and must be one of the workflow.
    manager("POST", "/bookings", "{}").expect(201);
    assert_eq!(manager("PATCH", "/bookings/2", r#"{"status": null}"#).expect(422)["field"], "status");
    assert_eq!(manager("PATCH", "/bookings/2", r#"{"status": "lost"}"#).expect(422)["field"], "status");
}

#[test]
fn a_change_of_state_belongs_to_its_own_roles() {
    let service = start(&fixture::model(&[
        json!({"kind": "action_role", "entity": "booking", "action": "update", "roles": ["manager"]}),
        json!({"kind": "transition_role", "entity": "booking", "to": "confirmed", "roles": ["Front Desk"]}),
    ]));
    service.post("/bookings", json!({})).expect(201);
    let send =
        |role: &str, body: &str| service.send("PATCH", "/bookings/1", &[("X-Role", role)], Some(body.to_owned()));
    send("front_desk", r#"{"status": "confirmed", "note": "n"}"#).expect(403);
    send("manager", r#"{"status": "confirmed"}"#).expect(403);
    send("front_desk", r#"{"status": "confirmed"}"#).expect(200);
    send("front_desk", r#"{"status": "cancelled"}"#).expect(403);
    send("manager", r#"{"status": "cancelled"}"#).expect(200);
}

#[test]
fn what_must_be_kept_is_kept_whoever_asks() {
    let service = start(&fixture::model(&[
        json!({"kind": "action_role", "entity": "room", "action": "delete", "roles": ["manager"]}),
        json!({"kind": "no_delete", "entity": "room", "when": [{"test": "given", "field": "code"}]}),
    ]));
    for room in [json!({"code": "a"}), json!({}), json!({})] {
        service.post("/rooms", room).expect(201);
    }
    service.post("/bookings", json!({"room_id": 2})).expect(201);
    for (room, expected) in [(1, 409), (2, 409), (3, 403), (4, 404)] {
        service.delete(&format!("/rooms/{room}")).expect(expected);
    }
}
