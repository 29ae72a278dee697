//! Requirements with a rule of nearly every kind, so that records are hard to make by guessing.

use serde_json::{Value, json};

fn field(key: &str, kind: Value) -> Value {
    let name = key.trim_end_matches("_id").replace('_', " ");
    json!({"key": key, "name": name, "kind": kind, "sources": ["FR-1"]})
}

fn computed(key: &str, kind: Value) -> Value {
    let mut field = field(key, kind);
    field["read_only"] = json!(true);
    field
}

fn entity(key: &str, plural: &str, path: &str, fields: Value) -> Value {
    json!({"key": key, "name": key.replace('_', " "), "plural": plural, "path": path, "fields": fields, "sources": ["FR-1"]})
}

/// A room-booking service.
pub(crate) fn requirements() -> Value {
    let text = || json!({"type": "text"});
    let mut booking = entity(
        "booking",
        "bookings",
        "bookings",
        json!([
            field("room_id", json!({"type": "reference", "entity": "room"})),
            field("member_id", json!({"type": "reference", "entity": "member"})),
            field("starts_at", json!({"type": "date_time"})),
            field("ends_at", json!({"type": "date_time"})),
            field("seats", json!({"type": "integer"})),
            field("fee", json!({"type": "money"})),
            field("reason", json!({"type": "text", "long": true})),
            field("stage", json!({"type": "enum", "values": ["draft", "confirmed", "cancelled"]})),
            computed("total_fee", json!({"type": "money"})),
        ]),
    );
    booking["workflow"] = json!({
        "field": "stage", "states": ["draft", "confirmed", "cancelled"], "initial": "draft", "sources": ["FR-1"],
        "transitions": [
            {"from": "draft", "to": "confirmed", "sources": ["FR-1"]},
            {"from": "draft", "to": "cancelled", "sources": ["FR-1"]},
            {"from": "confirmed", "to": "cancelled", "sources": ["FR-1"]}
        ]
    });
    let demands = [
        json!({"kind": "required", "entity": "room", "field": "code"}),
        json!({"kind": "pattern", "entity": "room", "field": "code", "regex": "[A-Z]{2}-[0-9]{3}"}),
        json!({"kind": "unique", "entity": "room", "fields": ["code"], "ignore_case": true}),
        json!({"kind": "required", "entity": "room", "field": "capacity"}),
        json!({"kind": "range", "entity": "room", "field": "capacity", "min": "4", "max": "40"}),
        json!({"kind": "required", "entity": "room", "field": "open"}),
        json!({"kind": "action_role", "entity": "room", "action": "create", "roles": ["Facility manager"]}),
        json!({"kind": "required", "entity": "member", "field": "full_name"}),
        json!({"kind": "length", "entity": "member", "field": "full_name", "min": 3, "max": 20}),
        json!({"kind": "required", "entity": "member", "field": "email"}),
        json!({"kind": "format", "entity": "member", "field": "email", "format": "email"}),
        json!({"kind": "unique", "entity": "member", "fields": ["email"]}),
        json!({"kind": "format", "entity": "member", "field": "phone", "format": "phone"}),
        json!({"kind": "required", "entity": "member", "field": "born_on"}),
        json!({"kind": "compare", "entity": "member", "field": "born_on", "op": "le", "to": {"of": "today", "plus_days": -6570}}),
        json!({"kind": "required", "entity": "booking", "field": "room_id"}),
        json!({"kind": "required", "entity": "booking", "field": "member_id"}),
        json!({"kind": "required", "entity": "booking", "field": "starts_at"}),
        json!({"kind": "required", "entity": "booking", "field": "ends_at"}),
        json!({"kind": "required", "entity": "booking", "field": "seats"}),
        json!({"kind": "compare", "entity": "booking", "field": "ends_at", "op": "gt", "to": {"of": "field", "field": "starts_at"}}),
        json!({"kind": "compare", "entity": "booking", "field": "starts_at", "op": "ge", "to": {"of": "now"}, "on_create": true}),
        json!({"kind": "no_overlap", "entity": "booking", "start": "starts_at", "end": "ends_at", "by": ["room_id"],
            "when": [{"test": "not_in", "field": "stage", "values": ["cancelled"]}]}),
        json!({"kind": "requires", "entity": "booking", "at": {"moment": "create"},
            "condition": [{"test": "in", "via": "room_id", "field": "open", "values": [true]}]}),
        json!({"kind": "compare", "entity": "booking", "field": "seats", "op": "le",
            "to": {"of": "referenced", "via": "room_id", "field": "capacity"}}),
        json!({"kind": "capacity", "parent": "member", "child": "booking", "via": "member_id",
            "measure": {"measure": "count"}, "op": "le", "limit": {"of": "value", "value": 1}}),
        json!({"kind": "transitions", "entity": "booking"}),
        json!({"kind": "transition_role", "entity": "booking", "to": "confirmed", "roles": ["Facility manager"]}),
        json!({"kind": "transition_requires", "entity": "booking", "to": "cancelled", "fields": ["reason"]}),
        json!({"kind": "immutable", "entity": "booking", "when": [{"test": "in", "field": "stage", "values": ["cancelled"]}]}),
        json!({"kind": "computed", "entity": "booking", "field": "total_fee", "expr": {"expr": "mul",
            "left": {"expr": "field", "field": "fee"}, "right": {"expr": "field", "field": "seats"}}}),
        json!({"kind": "action_role", "entity": "booking", "action": "delete", "roles": ["Facility manager"]}),
        json!({"kind": "list", "entity": "booking", "sort": [{"field": "starts_at", "descending": true}], "page_size": 20}),
        json!({"kind": "cascade", "entity": "booking", "field": "room_id"}),
        json!({"kind": "cascade", "entity": "booking", "field": "member_id"}),
        json!({"kind": "totals", "entity": "booking", "by": ["room_id"], "measures": [{"measure": "sum", "field": "fee"}]}),
    ];
    let rules: Vec<_> = demands
        .into_iter()
        .enumerate()
        .map(|(at, demand)| {
            json!({"id": format!("R-{}", at + 1), "sources": ["FR-1"], "message": format!("rule {} holds", at + 1), "demand": demand})
        })
        .collect();
    let ids: Vec<_> = rules.iter().map(|rule| rule["id"].clone()).collect();
    json!({
        "items": [{"id": "FR-1", "kind": "functional", "text": "Rooms are booked.",
            "understanding": {"is": "rules", "rules": ids}}],
        "concepts": {
            "title": "Room booking", "roles": ["Facility manager"], "rules": rules,
            "entities": [
                entity("room", "rooms", "rooms", json!([
                    field("code", text()), field("capacity", json!({"type": "integer"})),
                    field("open", json!({"type": "boolean"}))])),
                entity("member", "members", "members", json!([
                    field("full_name", text()), field("email", text()), field("phone", text()),
                    field("born_on", json!({"type": "date"}))])),
                booking,
            ]
        }
    })
}
