//! How values of every type are read, kept and answered.

use crate::fixture;
use crate::support::start;
use serde_json::{Value, json};

#[test]
fn accepted_and_answered() {
    let service = start(&fixture::model(&[]));
    service.post("/rooms", json!({})).expect(201);
    for (path, field, given, answered) in [
        ("rooms", "name", r#""Zoë's \"room\"; DROP TABLE""#, json!("Zoë's \"room\"; DROP TABLE")),
        ("rooms", "name", r#""  kept as it is ""#, json!("  kept as it is ")),
        ("rooms", "name", r#""😀 日本""#, json!("😀 日本")),
        ("rooms", "capacity", "-3", json!(-3)),
        ("rooms", "capacity", "5.0", json!(5)),
        ("rooms", "capacity", "9007199254740992", json!(9_007_199_254_740_992_i64)),
        ("rooms", "price", r#""12.50""#, json!("12.50")),
        ("rooms", "price", r#""12.5""#, json!("12.50")),
        ("rooms", "price", "0.1", json!("0.10")),
        ("rooms", "price", "-3", json!("-3.00")),
        ("rooms", "price", r#""9999999999999.99""#, json!("9999999999999.99")),
        ("rooms", "rating", "0.1", json!(0.1)),
        ("rooms", "rating", "0.30000000000000004", json!(0.300_000_000_000_000_04)),
        ("rooms", "rating", "1e2", json!(100)),
        ("rooms", "active", "false", json!(false)),
        ("rooms", "size", r#""größer & höher""#, json!("größer & höher")),
        ("rooms", "opened", r#""2024-02-29""#, json!("2024-02-29")),
        ("rooms", "opened", "null", Value::Null),
        ("bookings", "start", r#""2024-01-31T23:30:00Z""#, json!("2024-01-31T23:30:00Z")),
        ("bookings", "start", r#""2024-01-31T23:30""#, json!("2024-01-31T23:30:00Z")),
        ("bookings", "start", r#""2024-01-31T23:30:15.999-02:00""#, json!("2024-02-01T01:30:15Z")),
        ("bookings", "room_id", "1", json!(1)),
        ("orders", "select", r#""from""#, json!("from")),
        ("orders", "class", "1", json!(1)),
        ("orders", "group", "true", json!(true)),
        ("orders", "from", r#""0001-01-01""#, json!("0001-01-01")),
    ] {
        let answer = service.send("POST", &format!("/{path}"), &[], Some(format!("{{\"{field}\": {given}}}")));
        let record = answer.expect(201);
        assert_eq!(record[field], answered, "{given}");
        let location = answer.headers["location"].clone();
        assert_eq!(location, format!("/{path}/{}", record["id"]));
        assert_eq!(service.get(&location).expect(200), record, "{given}");
    }
}

#[test]
fn refused() {
    let service = start(&fixture::model(&[]));
    let long = format!("\"{}\"", "x".repeat(10_001));
    for (path, field, given) in [
        ("rooms", "name", "5"),
        ("rooms", "name", long.as_str()),
        ("rooms", "name", r#""a\u0000b""#),
        ("rooms", "name", r#""\ud800""#),
        ("rooms", "name", "[]"),
        ("rooms", "capacity", "1.5"),
        ("rooms", "capacity", r#""5""#),
        ("rooms", "capacity", "true"),
        ("rooms", "capacity", "9007199254740993"),
        ("rooms", "capacity", "1e300"),
        ("rooms", "capacity", "1e999999"),
        ("rooms", "price", "0.001"),
        ("rooms", "price", r#""12.505""#),
        ("rooms", "price", r#""12,50""#),
        ("rooms", "price", r#""+1""#),
        ("rooms", "price", r#""1e3""#),
        ("rooms", "price", r#""10000000000000""#),
        ("rooms", "price", r#""""#),
        ("rooms", "rating", r#""1.0""#),
        ("rooms", "rating", "0.1234567890123456789"),
        ("rooms", "rating", "1e400"),
        ("rooms", "active", "1"),
        ("rooms", "active", r#""true""#),
        ("rooms", "size", r#""Small""#),
        ("rooms", "opened", r#""2023-02-29""#),
        ("rooms", "opened", r#""20240101""#),
        ("rooms", "opened", r#""2024-01-01T00:00:00Z""#),
        ("rooms", "opened", r#""٢٠٢٤-01-01""#),
        ("rooms", "id", "5"),
        ("rooms", "people", "5"),
        ("rooms", "nope", "null"),
        ("bookings", "start", r#""2024-01-31""#),
        ("bookings", "start", r#""2024-01-31T24:00:00Z""#),
        ("bookings", "start", r#""2024-01-31T10:00:00+25:00""#),
        ("bookings", "start", r#""0001-01-01T00:00:00+01:00""#),
        ("bookings", "room_id", "1"),
        ("bookings", "room_id", "0"),
        ("bookings", "room_id", r#""1""#),
        ("bookings", "room_id", "1e30"),
    ] {
        let answer = service.send("POST", &format!("/{path}"), &[], Some(format!("{{\"{field}\": {given}}}")));
        let problem = answer.expect(422);
        assert_eq!(problem["field"], field, "{given}");
        assert_eq!(problem["status"], 422);
    }
    for path in ["rooms", "bookings", "orders"] {
        assert_eq!(service.get(&format!("/{path}")).expect(200)["total"], 0, "nothing was stored");
    }
}

#[test]
fn a_length_rule_can_allow_longer_texts() {
    let service =
        start(&fixture::model(&[json!({"kind": "length", "entity": "room", "field": "name", "max": 20_000})]));
    service.post("/rooms", json!({"name": "x".repeat(20_000)})).expect(201);
    service.post("/rooms", json!({"name": "x".repeat(20_001)})).expect(422);
}

#[test]
fn changes_are_partial_and_null_clears() {
    let service = start(&fixture::model(&[]));
    service.post("/rooms", json!({"name": "a", "capacity": 1})).expect(201);
    let room = service.patch("/rooms/1", json!({"capacity": null})).expect(200);
    assert_eq!((room["name"].clone(), room["capacity"].clone()), (json!("a"), Value::Null));
    assert_eq!(service.patch("/rooms/1", json!({})).expect(200), room);
}

#[test]
fn references_hold_and_ids_are_never_used_again() {
    let service = start(&fixture::model(&[]));
    service.post("/rooms", json!({})).expect(201);
    service.post("/bookings", json!({"room_id": 1})).expect(201);
    let problem = service.delete("/rooms/1").expect(409);
    assert!(problem["detail"].as_str().unwrap().contains("booking"), "{problem}");
    service.patch("/bookings/1", json!({"room_id": null})).expect(200);
    service.delete("/rooms/1").expect(204);
    service.get("/rooms/1").expect(404);
    assert_eq!(service.post("/rooms", json!({})).expect(201)["id"], 2);
    // A record may refer to itself and still be deleted.
    service.post("/orders", json!({})).expect(201);
    service.patch("/orders/1", json!({"order_id": 1})).expect(200);
    service.delete("/orders/1").expect(204);
}
