//! A model with a field of every kind, whose rules each test chooses.

use maestro_artifacts::{Entity, Field, Rule, ServiceModel};
use serde_json::{Value, json};

/// Rooms with bookings, and orders whose names are keywords of Python and SQL.
pub(crate) fn model(rules: &[Value]) -> ServiceModel {
    ServiceModel {
        title: "Rooms & <b>bookings</b>".to_owned(),
        roles: vec!["Front Desk".to_owned(), "manager".to_owned()],
        entities: vec![room(), booking(), order()],
        rules: rules.iter().enumerate().map(|(index, demand)| rule(index + 1, demand)).collect(),
    }
}

fn rule(number: usize, demand: &Value) -> Rule {
    serde_json::from_value(json!({
        "id": format!("R-{number}"),
        "sources": [format!("AC-1.{number}"), format!("BR-{number}")],
        "message": format!("rule {number} says no"),
        "demand": demand,
    }))
    .unwrap_or_else(|error| panic!("{error}: {demand}"))
}

fn room() -> Entity {
    entity(
        "room",
        "rooms",
        vec![
            field("name", "name", json!({"type": "text"})),
            field("code", "code", json!({"type": "text"})),
            field("capacity", "capacity", json!({"type": "integer"})),
            field("price", "price", json!({"type": "money"})),
            field("rating", "rating", json!({"type": "decimal"})),
            field("active", "active", json!({"type": "boolean"})),
            field("size", "size", json!({"type": "enum", "values": ["small", "large", "größer & höher"]})),
            field("opened", "opened", json!({"type": "date"})),
            computed("people", json!({"type": "integer"})),
            computed("amount", json!({"type": "money"})),
            computed("score", json!({"type": "decimal"})),
            computed("checked", json!({"type": "date"})),
            computed("first", json!({"type": "date_time"})),
            computed("free", json!({"type": "boolean"})),
        ],
        Value::Null,
    )
}

fn booking() -> Entity {
    let states = json!({"type": "enum", "values": ["draft", "confirmed", "done", "cancelled"]});
    let ways = [("draft", "confirmed"), ("draft", "cancelled"), ("confirmed", "done"), ("confirmed", "cancelled")]
        .map(|(from, to)| json!({"from": from, "to": to, "sources": []}));
    entity(
        "booking",
        "bookings",
        vec![
            field("room_id", "room", json!({"type": "reference", "entity": "room"})),
            field("guest", "guest", json!({"type": "text"})),
            field("contact", "contact", json!({"type": "text"})),
            field("note", "note", json!({"type": "text", "long": true})),
            field("people", "people", json!({"type": "integer"})),
            field("paid", "paid", json!({"type": "money"})),
            field("start", "start", json!({"type": "date_time"})),
            field("end", "end", json!({"type": "date_time"})),
            field("first_day", "first day", json!({"type": "date"})),
            field("last_day", "last day", json!({"type": "date"})),
            field("reason", "reason", json!({"type": "text"})),
            field("status", "status", states),
            computed("stamped", json!({"type": "date_time"})),
            computed("total", json!({"type": "money"})),
        ],
        json!({
            "field": "status",
            "states": ["draft", "confirmed", "done", "cancelled"],
            "initial": "draft",
            "transitions": ways,
            "sources": [],
        }),
    )
}

fn order() -> Entity {
    entity(
        "order",
        "orders",
        vec![
            field("select", "select", json!({"type": "text"})),
            field("class", "class", json!({"type": "integer"})),
            field("from", "from", json!({"type": "date"})),
            field("group", "group", json!({"type": "boolean"})),
            field("order_id", "order", json!({"type": "reference", "entity": "order"})),
        ],
        Value::Null,
    )
}

fn entity(key: &str, path: &str, fields: Vec<Field>, workflow: Value) -> Entity {
    Entity {
        key: key.to_owned(),
        name: key.to_owned(),
        plural: path.to_owned(),
        path: path.to_owned(),
        fields,
        workflow: serde_json::from_value(workflow).unwrap(),
        sources: Vec::new(),
    }
}

pub(crate) fn field(key: &str, name: &str, kind: Value) -> Field {
    Field {
        key: key.to_owned(),
        name: name.to_owned(),
        kind: serde_json::from_value(kind).unwrap(),
        read_only: false,
        sources: Vec::new(),
    }
}

fn computed(key: &str, kind: Value) -> Field {
    Field { read_only: true, ..field(key, key, kind) }
}
