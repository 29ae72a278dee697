//! Computed fields: every kind of expression, and their use in filters, orders, totals and rules.

use crate::fixture;
use crate::support::{Running, start};
use serde_json::{Value, json};

fn computed(field: &str, expr: Value) -> Value {
    json!({"kind": "computed", "entity": "room", "field": field, "expr": expr})
}

fn field(key: &str) -> Value {
    json!({"expr": "field", "field": key})
}

fn number(value: &str) -> Value {
    json!({"expr": "number", "value": value})
}

fn op(kind: &str, left: Value, right: Value) -> Value {
    json!({"expr": kind, "left": left, "right": right})
}

/// The value of a computed field of one room with two bookings (and a cancelled one).
fn value_of(target: &str, expr: Value) -> Value {
    let service = start(&fixture::model(&[computed(target, expr)]));
    seed(&service);
    service.get("/rooms/1").expect(200)[target].clone()
}

fn seed(service: &Running) {
    let room = json!({"capacity": 7, "price": "10.05", "rating": 0.1, "opened": "2024-02-28", "active": true});
    service.post("/rooms", room).expect(201);
    for (people, start, status) in
        [(2, "2024-03-01T10:00:00Z", ""), (3, "2024-01-01T08:00:00Z", ""), (50, "2020-01-01T00:00:00Z", "cancelled")]
    {
        let booking = json!({"room_id": 1, "people": people, "start": start});
        let id = service.post("/bookings", booking).expect(201)["id"].clone();
        if !status.is_empty() {
            service.patch(&format!("/bookings/{id}"), json!({ "status": status })).expect(200);
        }
    }
    service.post("/bookings", json!({"room_id": 1})).expect(201);
}

fn children(measure: Value) -> Value {
    json!({"expr": "children", "child": "booking", "via": "room_id", "measure": measure,
        "when": [{"test": "not_in", "field": "status", "values": ["cancelled"]}]})
}

#[test]
fn expressions() {
    let sum = json!({"measure": "sum", "field": "people"});
    let average = json!({"measure": "average", "field": "people"});
    let start = |measure: &str| children(json!({"measure": measure, "field": "start"}));
    let elapsed = |unit: &str| json!({"expr": "elapsed", "from": start("min"), "to": start("max"), "unit": unit});
    let date_plus = |days: &str| json!({"expr": "plus_days", "date": field("opened"), "days": number(days)});
    let months_after =
        |date: Value, months: &str| json!({"expr": "plus_months", "date": date, "months": number(months)});
    for (target, expr, expected) in [
        ("score", op("add", field("rating"), number("0.2")), json!(0.3)),
        ("score", op("sub", number("1"), field("rating")), json!(0.9)),
        ("amount", op("mul", field("price"), field("capacity")), json!("70.35")),
        ("amount", op("div", field("price"), number("2")), json!("5.03")),
        ("score", op("div", number("1"), number("3")), json!(0.333_333_333_3)),
        ("people", op("mul", op("div", number("5"), number("8")), number("100")), json!(63)),
        ("score", op("div", field("capacity"), number("0")), Value::Null),
        ("score", op("add", field("capacity"), field("code")), Value::Null),
        ("people", op("sub", date_plus("2"), field("opened")), json!(2)),
        ("checked", date_plus("2"), json!("2024-03-01")),
        ("checked", date_plus("99999999"), Value::Null),
        ("checked", months_after(field("opened"), "12"), json!("2025-02-28")),
        ("checked", months_after(date_plus("1"), "-12"), json!("2023-02-28")),
        ("checked", months_after(date_plus("1"), "48"), json!("2028-02-29")),
        ("checked", months_after(date_plus("2"), "-1"), json!("2024-02-01")),
        ("checked", months_after(field("opened"), "1.5"), Value::Null),
        ("checked", months_after(field("opened"), "-24300"), Value::Null),
        ("people", op("sub", json!({"expr": "today"}), json!({"expr": "today"})), json!(0)),
        ("people", children(json!({"measure": "count"})), json!(3)),
        ("people", children(sum.clone()), json!(5)),
        ("score", children(average), json!(2.5)),
        ("first", children(json!({"measure": "min", "field": "start"})), json!("2024-01-01T08:00:00Z")),
        ("first", children(json!({"measure": "max", "field": "start"})), json!("2024-03-01T10:00:00Z")),
        ("people", op("sub", field("capacity"), children(sum)), json!(2)),
        ("score", elapsed("hours"), json!(1442)),
        ("people", elapsed("minutes"), json!(86_520)),
        (
            "free",
            json!({"expr": "holds", "when": [{"test": "given", "field": "opened"}, {"test": "in", "field": "active", "values": [true]}]}),
            json!(true),
        ),
        (
            "free",
            json!({"expr": "holds", "when": [{"test": "compare", "field": "opened", "op": "gt", "to": {"of": "today", "plus_days": -1}}]}),
            json!(false),
        ),
        (
            "free",
            json!({"expr": "holds", "when": [{"test": "compare", "field": "opened", "op": "lt", "to": {"of": "today", "plus_months": -12}}]}),
            json!(true),
        ),
        // A field computed from itself has no value.
        ("people", op("add", field("people"), number("1")), Value::Null),
    ] {
        assert_eq!(value_of(target, expr.clone()), expected, "{target} = {expr}");
    }
}

#[test]
fn of_a_referenced_record_and_in_lists_and_rules() {
    let total = op("mul", field("people"), json!({"expr": "referenced", "via": "room_id", "field": "price"}));
    let rules = [
        json!({"kind": "computed", "entity": "booking", "field": "total", "expr": total}),
        json!({"kind": "compare", "entity": "booking", "field": "total", "op": "le", "to": {"of": "value", "value": "50.00"}}),
    ];
    let service = start(&fixture::model(&rules));
    seed_prices(&service);
    assert_eq!(service.get("/bookings/1").expect(200)["total"], "20.00");
    assert_eq!(service.get("/bookings/3").expect(200)["total"], Value::Null);
    assert_eq!(service.get("/bookings?total=40").expect(200)["items"][0]["id"], 2);
    assert_eq!(service.get("/bookings?total_from=20.01").expect(200)["total"], 1);
    let ids = |path: &str| {
        service.get(path).expect(200)["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("/bookings?sort=-total"), [2, 1, 3], "without a value last");
    assert_eq!(ids("/bookings?sort=total"), [1, 2, 3]);
    assert_eq!(service.get("/bookings/totals?by=room_id").expect(200)["items"][0]["total"], "60.00");
    assert_eq!(service.patch("/bookings/1", json!({"people": 6})).expect(422)["field"], "total");
    service.patch("/rooms/1", json!({"price": "1.00"})).expect(200);
    assert_eq!(service.get("/bookings/2").expect(200)["total"], "4.00");
}

fn seed_prices(service: &Running) {
    service.post("/rooms", json!({"price": "10.00"})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 2})).expect(201);
    service.post("/bookings", json!({"room_id": 1, "people": 4})).expect(201);
    service.post("/bookings", json!({"people": 4})).expect(201);
}

#[test]
fn a_record_does_not_stand_in_its_own_way() {
    // Free means: no booking. The first booking itself must not make the room taken, also when it is changed.
    let free = json!({"expr": "holds", "when": [{"test": "children", "child": "booking", "via": "room_id", "measure": {"measure": "count"},
        "op": "eq", "to": {"of": "value", "value": 0}}]});
    let rules = [
        computed("free", free),
        json!({"kind": "requires", "entity": "booking", "at": {"moment": "save"}, "condition": [{"test": "in", "via": "room_id", "field": "free", "values": [true]}]}),
    ];
    let service = start(&fixture::model(&rules));
    service.post("/rooms", json!({})).expect(201);
    service.post("/bookings", json!({"room_id": 1})).expect(201);
    service.patch("/bookings/1", json!({"note": "n"})).expect(200);
    assert_eq!(service.post("/bookings", json!({"room_id": 1})).expect(409)["field"], "room_id");
    assert_eq!(service.get("/rooms/1").expect(200)["free"], false);
    service.delete("/bookings/1").expect(204);
    assert_eq!(service.get("/rooms/1").expect(200)["free"], true);
}
