//! Records that are deleted together.

use crate::fixture;
use crate::support::{Running, start};
use maestro_artifacts::{Requirements, ServiceModel};
use maestro_service::{openapi, page_files, screens};
use serde_json::{Value, json};

/// Bookings go with their room; orders refer to a booking, to a room, and to an order.
fn model(more: &[Value]) -> ServiceModel {
    let mut rules = vec![json!({"kind": "cascade", "entity": "booking", "field": "room_id"})];
    rules.extend_from_slice(more);
    let mut model = fixture::model(&rules);
    let order = model.entities.iter_mut().find(|entity| entity.key == "order").unwrap();
    for key in ["room", "booking"] {
        order.fields.push(fixture::field(&format!("{key}_id"), key, json!({"type": "reference", "entity": key})));
    }
    model
}

fn cascade(field: &str) -> Value {
    json!({"kind": "cascade", "entity": "order", "field": field})
}

/// Two rooms with two bookings each.
fn rooms(service: &Running) {
    for room in [1, 2] {
        service.post("/rooms", json!({"name": format!("room {room}")})).expect(201);
        for people in [1, 2] {
            service.post("/bookings", json!({"room_id": room, "people": people})).expect(201);
        }
    }
}

fn ids(service: &Running, path: &str) -> Vec<i64> {
    let listed = service.get(path).expect(200);
    listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[test]
fn what_belongs_to_a_record_goes_with_it_and_nothing_else() {
    let service = start(&model(&[]));
    rooms(&service);
    service.post("/bookings", json!({})).expect(201);
    service.delete("/rooms/1").expect(204);
    assert_eq!((ids(&service, "/rooms"), ids(&service, "/bookings")), (vec![2], vec![3, 4, 5]));
    service.get("/bookings/1").expect(404);
    assert_eq!(service.post("/bookings", json!({})).expect(201)["id"], 6);
    // A record that goes with another can be deleted by itself as well.
    service.delete("/bookings/3").expect(204);
    assert_eq!((ids(&service, "/rooms"), ids(&service, "/bookings")), (vec![2], vec![4, 5, 6]));
}

#[test]
fn it_goes_on_to_what_belongs_to_those() {
    let service = start(&model(&[cascade("booking_id"), cascade("order_id")]));
    rooms(&service);
    for order in [json!({"booking_id": 2}), json!({"booking_id": 3}), json!({"order_id": 1}), json!({"order_id": 2})] {
        service.post("/orders", order).expect(201);
    }
    // Two that refer to each other, and to one that goes, go once.
    service.patch("/orders/1", json!({"order_id": 3})).expect(200);
    service.delete("/rooms/1").expect(204);
    assert_eq!((ids(&service, "/bookings"), ids(&service, "/orders")), (vec![3, 4], vec![2, 4]));
    service.delete("/orders/2").expect(204);
    assert_eq!(ids(&service, "/orders"), Vec::<i64>::new());
}

#[test]
fn with_two_owners_it_goes_with_either() {
    let service = start(&model(&[cascade("room_id"), cascade("booking_id")]));
    rooms(&service);
    for order in [
        json!({"room_id": 2, "booking_id": 1}),
        json!({"room_id": 1, "booking_id": 1}),
        json!({"room_id": 2, "booking_id": 3}),
        json!({"room_id": 1}),
    ] {
        service.post("/orders", order).expect(201);
    }
    service.delete("/bookings/1").expect(204);
    assert_eq!(ids(&service, "/orders"), vec![3, 4]);
    service.delete("/rooms/2").expect(204);
    assert_eq!((ids(&service, "/bookings"), ids(&service, "/orders")), (vec![2], vec![4]));
}

#[test]
fn one_that_must_be_kept_keeps_all() {
    let kept = [
        json!({"kind": "no_delete", "entity": "booking", "when": [{"test": "given", "field": "paid"}]}),
        json!({"kind": "immutable", "entity": "booking", "when": [{"test": "given", "field": "paid"}]}),
    ];
    for rule in kept {
        let service = start(&model(&[rule.clone(), cascade("booking_id")]));
        rooms(&service);
        service.post("/orders", json!({"booking_id": 1})).expect(201);
        service.patch("/bookings/2", json!({"paid": "1.00"})).expect(200);
        let problem = service.delete("/rooms/1").expect(409);
        assert_eq!(problem["rule"], "R-2", "{problem}");
        let told = "rule 2 says no: booking 2, which would be deleted with it, cannot be deleted";
        assert_eq!(problem["detail"], told, "{rule}");
        assert_eq!((ids(&service, "/rooms"), ids(&service, "/bookings")), (vec![1, 2], vec![1, 2, 3, 4]));
        assert_eq!(ids(&service, "/orders"), vec![1]);
        service.delete("/rooms/2").expect(204);
    }
}

#[test]
fn one_that_another_record_needs_keeps_all() {
    let service = start(&model(&[]));
    rooms(&service);
    service.post("/orders", json!({"booking_id": 2})).expect(201);
    let problem = service.delete("/rooms/1").expect(409);
    let told = "booking 2, which would be deleted with it, is referred to by the booking of a order";
    assert_eq!(problem["detail"], told);
    assert_eq!((ids(&service, "/rooms"), ids(&service, "/bookings")), (vec![1, 2], vec![1, 2, 3, 4]));
    service.delete("/orders/1").expect(204);
    service.delete("/rooms/1").expect(204);
    // A reference without a cascade is no obstacle where its record goes anyway.
    let service = start(&model(&[cascade("room_id")]));
    rooms(&service);
    service.post("/orders", json!({"booking_id": 2, "room_id": 1})).expect(201);
    service.delete("/bookings/2").expect(409);
    service.delete("/rooms/1").expect(204);
    assert_eq!(ids(&service, "/orders"), Vec::<i64>::new());
}

#[test]
fn who_may_delete_the_owner_may_do_so_with_all_that_is_its() {
    let only = |entity: &str, role: &str| json!({"kind": "action_role", "entity": entity, "action": "delete", "roles": [role]});
    let service = start(&model(&[only("room", "manager"), only("booking", "Front Desk")]));
    rooms(&service);
    let delete = |path: &str, role: &str| service.send("DELETE", path, &[("X-Role", role)], None);
    delete("/rooms/1", "front desk").expect(403);
    delete("/bookings/1", "manager").expect(403);
    assert_eq!(ids(&service, "/bookings"), vec![1, 2, 3, 4]);
    delete("/rooms/1", "manager").expect(204);
    assert_eq!(ids(&service, "/bookings"), vec![3, 4]);
}

/// A room adds up a number of the orders that it pays for.
fn classes_of_a_room() -> Value {
    json!({"kind": "computed", "entity": "room", "field": "people", "expr": {"expr": "children",
        "child": "order", "via": "room_id", "measure": {"measure": "sum", "field": "class"}}})
}

#[test]
fn what_others_work_out_of_them_follows() {
    let service = start(&model(&[cascade("booking_id"), classes_of_a_room()]));
    rooms(&service);
    for booking in [1, 2, 3] {
        service.post("/orders", json!({"booking_id": booking, "room_id": 2, "class": booking})).expect(201);
    }
    assert_eq!(service.get("/rooms/2").expect(200)["people"], 6);
    assert_eq!(service.get("/orders/totals?by=room_id").expect(200)["items"][0]["class"], 6);
    service.delete("/rooms/1").expect(204);
    assert_eq!(service.get("/rooms/2").expect(200)["people"], 3);
    assert_eq!(service.get("/orders/totals?by=room_id").expect(200)["items"][0]["class"], 3);
}

#[test]
fn a_record_that_would_no_longer_fit_without_them_keeps_them() {
    let enough = json!({"kind": "range", "entity": "room", "field": "people", "min": "0"});
    let service = start(&model(&[cascade("booking_id"), classes_of_a_room(), enough]));
    rooms(&service);
    for (booking, class) in [(1, 2), (2, 2), (3, -3)] {
        service.post("/orders", json!({"booking_id": booking, "room_id": 2, "class": class})).expect(201);
    }
    let problem = service.delete("/rooms/1").expect(409);
    assert_eq!(problem["detail"], "rule 4 says no: room 2 would no longer fit");
    assert!(problem.get("errors").is_none(), "told once, though two orders would go: {problem}");
    assert_eq!((ids(&service, "/bookings"), ids(&service, "/orders")), (vec![1, 2, 3, 4], vec![1, 2, 3]));
    service.delete("/orders/3").expect(204);
    service.delete("/rooms/1").expect(204);
}

#[test]
fn the_document_says_what_goes_and_what_keeps_it() {
    let paid = json!({"kind": "no_delete", "entity": "booking", "when": [{"test": "given", "field": "paid"}]});
    let document = openapi(&model(&[paid, cascade("booking_id")]));
    let delete = document.pointer("/paths/~1rooms~1{id}/delete").unwrap();
    let gone = delete.pointer("/responses/204/description").unwrap();
    assert_eq!(gone, "It is gone, and so are its bookings; their ids are never used again.");
    assert!(delete.pointer("/responses/409").is_some());
    let lines: Vec<&str> = delete["description"].as_str().unwrap().lines().collect();
    let kept = "- R-2: rule 2 says no (409 where this is so of one that would be deleted with it)";
    assert_eq!(lines, ["- R-1: rule 1 says no", kept, "- R-3: rule 3 says no"]);
    // Nothing keeps a room whose bookings nothing keeps.
    let mut model = model(&[]);
    model.entities.retain(|entity| entity.key != "order");
    let document = openapi(&model);
    assert!(document.pointer("/paths/~1rooms~1{id}/delete/responses/409").is_none());
}

#[test]
fn the_pages_know_who_may_not() {
    let barred = |action: &str, fields: Value, roles: Value| json!({"kind": "action_barred", "entity": "booking", "action": action, "fields": fields, "roles": roles});
    let rules = [
        barred("create", json!([]), json!(["auditor", "Reader"])),
        barred("delete", json!([]), json!(["auditor"])),
        barred("delete", json!([]), json!(["Reader"])),
        // Who may not change one field may change the others.
        barred("update", json!(["room_id"]), json!(["auditor"])),
    ];
    let model = model(&rules);
    let requirements = Requirements { concepts: model.clone(), ..Requirements::default() };
    let files = page_files(&screens(&requirements), &model);
    let text = files["web/screens.js"].split_once(" = ").unwrap().1.trim_end().trim_end_matches(';');
    let app: Value = serde_json::from_str(text).unwrap();
    let entities = app["entities"].as_array().unwrap();
    let of = |key: &str| entities.iter().find(|entity| entity["key"] == key).unwrap()["barred"].clone();
    assert_eq!(of("booking"), json!({"create": ["auditor", "Reader"], "delete": ["auditor", "Reader"]}));
    assert_eq!(of("room"), Value::Null);
}

#[test]
fn the_pages_know_what_goes_along() {
    let model = model(&[]);
    let requirements = Requirements { concepts: model.clone(), ..Requirements::default() };
    let files = page_files(&screens(&requirements), &model);
    let text = files["web/screens.js"].split_once(" = ").unwrap().1.trim_end().trim_end_matches(';');
    let app: Value = serde_json::from_str(text).unwrap();
    let going: Vec<_> = app["entities"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|entity| entity["fields"].as_array().unwrap().iter().map(move |field| (&entity["key"], field)))
        .filter(|(_, field)| field["cascades"] == true)
        .map(|(entity, field)| (entity.as_str().unwrap(), field["key"].as_str().unwrap()))
        .collect();
    assert_eq!(going, [("booking", "room_id")]);
}
