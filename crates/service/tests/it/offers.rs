//! Rules that give something: taking the entry out of the model takes away just that.

use crate::fixture;
use crate::support::{Running, start, start_files};
use maestro_service::{backend_files, without_rule};
use serde_json::{Value, json};

/// The service with the rules, and with the first entry taken out.
fn both(rules: &[Value]) -> (Running, Running) {
    let files = backend_files(&fixture::model(rules));
    let mut disabled = files.clone();
    let model_py = without_rule(&files["service/model.py"], "R-1").unwrap();
    disabled.insert("service/model.py".to_owned(), model_py);
    (start_files(&files), start_files(&disabled))
}

#[test]
fn capability() {
    for (action, method, path, body) in [
        ("create", "POST", "/rooms", "{}"),
        ("read", "GET", "/rooms/1", ""),
        ("list", "GET", "/rooms", ""),
        ("update", "PATCH", "/rooms/1", "{}"),
        ("delete", "DELETE", "/rooms/1", ""),
    ] {
        let (with, without) = both(&[json!({"kind": "capability", "entity": "room", "action": action})]);
        with.post("/rooms", json!({})).expect(201);
        let answer = with.send(method, path, &[], Some(body.to_owned()));
        assert!(answer.status < 300, "{action}: {}", answer.text);
        let answer = without.send(method, path, &[], Some(body.to_owned()));
        answer.expect(405);
        assert!(!answer.headers["allow"].split(", ").any(|allowed| allowed == method), "{action}");
    }
}

#[test]
fn has_field() {
    // A rule about a field that is gone has nothing to say.
    let required = json!({"kind": "required", "entity": "room", "field": "code"});
    let (with, without) = both(&[json!({"kind": "has_field", "entity": "room", "field": "code"}), required]);
    assert_eq!(with.post("/rooms", json!({"code": "x"})).expect(201)["code"], "x");
    assert_eq!(without.post("/rooms", json!({"code": "x"})).expect(422)["field"], "code");
    assert_eq!(without.post("/rooms", json!({})).expect(201).get("code"), None);
}

#[test]
fn default() {
    for (field, value, stored) in [
        ("capacity", json!(4), json!(4)),
        ("price", json!("9.9"), json!("9.90")),
        ("active", json!(false), json!(false)),
        ("size", json!("small"), json!("small")),
        ("name", json!("today"), json!("today")),
    ] {
        let (with, without) = both(&[json!({"kind": "default", "entity": "room", "field": field, "value": value})]);
        assert_eq!(with.post("/rooms", json!({})).expect(201)[field], stored);
        assert_eq!(with.post("/rooms", json!({ field: null })).expect(201)[field], stored);
        assert_eq!(with.patch("/rooms/1", json!({ field: null })).expect(200)[field], Value::Null, "only at creation");
        assert_eq!(without.post("/rooms", json!({})).expect(201)[field], Value::Null);
    }
    let (with, _) = both(&[
        json!({"kind": "default", "entity": "room", "field": "opened", "value": "today"}),
        json!({"kind": "default", "entity": "booking", "field": "start", "value": "now"}),
        json!({"kind": "default", "entity": "booking", "field": "first_day", "value": "now"}),
        json!({"kind": "compare", "entity": "room", "field": "opened", "op": "eq", "to": {"of": "today"}}),
        json!({"kind": "compare", "entity": "booking", "field": "start", "op": "eq", "to": {"of": "now"}}),
        json!({"kind": "compare", "entity": "booking", "field": "first_day", "op": "eq", "to": {"of": "today"}}),
    ]);
    assert!(with.post("/rooms", json!({})).expect(201)["opened"].is_string());
    assert!(with.post("/bookings", json!({})).expect(201)["start"].is_string());
}

#[test]
fn stamp() {
    let created = |value: Value| json!({"kind": "stamp", "entity": "booking", "field": "stamped", "value": value});
    let (with, without) = both(&[created(json!({"of": "now"}))]);
    let stamped = with.post("/bookings", json!({})).expect(201)["stamped"].clone();
    assert_eq!(stamped.as_str().unwrap().len(), "2024-01-01T00:00:00Z".len());
    assert_eq!(without.post("/bookings", json!({})).expect(201)["stamped"], Value::Null);
    assert_eq!(with.post("/bookings", json!({"stamped": "2024-01-01T00:00:00Z"})).expect(422)["field"], "stamped");

    let confirmed = |field: &str, value: Value| json!({"kind": "stamp", "entity": "booking", "to": "confirmed", "field": field, "value": value});
    for (field, value, expected) in [
        ("stamped", json!({"of": "field", "field": "start", "plus": 2}), json!("2024-01-03T10:00:00Z")),
        ("last_day", json!({"of": "field", "field": "start", "plus": -1}), json!("2023-12-31")),
        ("people", json!({"of": "referenced", "via": "room_id", "field": "capacity", "plus": 1}), json!(8)),
        ("note", json!({"of": "value", "value": "v"}), json!("v")),
    ] {
        let (with, without) = both(&[confirmed(field, value)]);
        for (service, expected) in [(&with, expected), (&without, Value::Null)] {
            service.post("/rooms", json!({"capacity": 7})).expect(201);
            let booking = json!({"room_id": 1, "start": "2024-01-01T10:00:00Z"});
            assert_eq!(service.post("/bookings", booking).expect(201)[field], Value::Null);
            assert_eq!(
                service.patch("/bookings/1", json!({"status": "confirmed"})).expect(200)[field],
                expected,
                "{field}"
            );
        }
    }
    // The request comes first where the field can be given.
    let (with, _) = both(&[confirmed("note", json!({"of": "value", "value": "v"}))]);
    with.post("/bookings", json!({})).expect(201);
    assert_eq!(with.patch("/bookings/1", json!({"status": "confirmed", "note": "n"})).expect(200)["note"], "n");
}

#[test]
fn filter_sort_search_csv() {
    let csv = [("Accept", "text/csv")];
    for (rule, query, refused) in [
        (json!({"kind": "filter", "entity": "room", "field": "size"}), "?size=small", 400),
        (json!({"kind": "filter", "entity": "room", "field": "capacity"}), "?capacity_from=3", 400),
        (json!({"kind": "sort", "entity": "room", "field": "name"}), "?sort=-name", 400),
        (json!({"kind": "search", "entity": "room", "fields": ["name"]}), "?q=x", 400),
        (json!({"kind": "csv", "entity": "room"}), "", 406),
    ] {
        let rules = [rule];
        let (with, without) = both(&rules);
        with.send("GET", &format!("/rooms{query}"), &csv, None).expect_status(200);
        without.send("GET", &format!("/rooms{query}"), &csv, None).expect_status(refused);
        // What no rule speaks of is offered all the same.
        let silent = start(&fixture::model(&[]));
        silent.send("GET", &format!("/rooms{query}"), &csv, None).expect_status(200);
        without.get("/rooms?code=x&sort=code").expect(200);
    }
}

#[test]
fn search_looks_into_the_named_fields() {
    let service = start(&fixture::model(&[json!({"kind": "search", "entity": "room", "fields": ["name"]})]));
    service.post("/rooms", json!({"name": "Größe", "code": "abc"})).expect(201);
    assert_eq!(service.get("/rooms?q=GR%C3%96SSE").expect(200)["total"], 1);
    assert_eq!(service.get("/rooms?q=abc").expect(200)["total"], 0);
    let service = start(&fixture::model(&[]));
    service.post("/rooms", json!({"name": "x", "code": "abc"})).expect(201);
    assert_eq!(service.get("/rooms?q=B").expect(200)["total"], 1);
}

#[test]
fn list() {
    let sort = json!([{"field": "size"}, {"field": "capacity", "descending": true}]);
    let (with, without) = both(&[json!({"kind": "list", "entity": "room", "sort": sort, "page_size": 2})]);
    for (service, ids, size) in [(&with, json!([3, 1]), 2), (&without, json!([1, 2, 3, 4]), 50)] {
        for (size, capacity) in [("large", 1), ("small", 9), ("large", 5), ("small", 2)] {
            service.post("/rooms", json!({"size": size, "capacity": capacity})).expect(201);
        }
        let list = service.get("/rooms").expect(200);
        let found: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
        assert_eq!(json!(found), ids);
        assert_eq!((list["per_page"].clone(), list["total"].clone()), (json!(size), json!(4)));
    }
    assert_eq!(with.get("/rooms?sort=id&per_page=1").expect(200)["items"][0]["id"], 1);
}

#[test]
fn totals() {
    let measures = json!([{"measure": "count"}, {"measure": "sum", "field": "paid"}, {"measure": "average", "field": "people"},
        {"measure": "min", "field": "paid"}, {"measure": "max", "field": "first_day"}]);
    let (with, without) =
        both(&[json!({"kind": "totals", "entity": "booking", "by": ["room_id", "size"], "measures": measures})]);
    for service in [&with, &without] {
        service.post("/rooms", json!({"size": "small"})).expect(201);
        service
            .post("/bookings", json!({"room_id": 1, "people": 1, "paid": "0.10", "first_day": "2024-01-01"}))
            .expect(201);
        service.post("/bookings", json!({"room_id": 1, "people": 2, "paid": "0.20"})).expect(201);
        service.post("/bookings", json!({})).expect(201);
    }
    let items = json!([
        {"value": "small", "count": 2, "people": 3, "paid": "0.30", "total": "0.00", "average_people": 1.5, "min_paid": "0.10", "max_first_day": "2024-01-01"},
        {"value": null, "count": 1, "people": 0, "paid": "0.00", "total": "0.00", "average_people": null, "min_paid": null, "max_first_day": null},
    ]);
    for by in ["room_id.size", "room.size", "size"] {
        assert_eq!(with.get(&format!("/bookings/totals?by={by}")).expect(200), json!({"by": by, "items": items}));
        without.get(&format!("/bookings/totals?by={by}")).expect(400);
    }
    without.get("/bookings/totals?by=status").expect(200);
}

#[test]
fn computed() {
    let rule = json!({"kind": "computed", "entity": "room", "field": "people", "expr": {"expr": "field", "field": "capacity"}});
    let (with, without) = both(&[rule]);
    assert_eq!(with.post("/rooms", json!({"capacity": 3})).expect(201)["people"], 3);
    assert_eq!(without.post("/rooms", json!({"capacity": 3})).expect(201)["people"], Value::Null);
}
