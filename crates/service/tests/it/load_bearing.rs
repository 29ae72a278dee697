//! For every kind of rule that refuses: what is accepted, what is refused and how, and that without the rule the refused
//! request is accepted. So no entry of the model is there for show.

use crate::fixture;
use crate::refusing::{patch, post, refuse};
use crate::support::start;
use serde_json::{Value, json};
use std::sync::OnceLock;

#[test]
fn required() {
    let rule = json!({"kind": "required", "entity": "room", "field": "name"});
    refuse(rule.clone(), vec![post("/rooms", json!({"name": "A"}))], post("/rooms", json!({})), 422, "name");
    refuse(rule.clone(), vec![], post("/rooms", json!({"name": "  "})), 422, "name");
    refuse(rule, vec![post("/rooms", json!({"name": "A"}))], patch("/rooms/1", json!({"name": null})), 422, "name");
}

#[test]
fn required_when() {
    let rule = json!({"kind": "required_when", "entity": "room", "field": "code",
        "when": [{"test": "in", "field": "size", "values": ["large"]}]});
    let setup = vec![post("/rooms", json!({"size": "small"})), post("/rooms", json!({"size": "large", "code": "x"}))];
    refuse(rule, setup, patch("/rooms/1", json!({"size": "large"})), 422, "code");
}

#[test]
fn unique() {
    let rule = json!({"kind": "unique", "entity": "room", "fields": ["code"]});
    let setup = vec![
        post("/rooms", json!({"code": "a"})),
        post("/rooms", json!({"code": "A"})),
        post("/rooms", json!({})),
        post("/rooms", json!({})),
    ];
    refuse(rule.clone(), setup.clone(), post("/rooms", json!({"code": "a"})), 409, "code");
    refuse(rule, setup, patch("/rooms/2", json!({"code": "a"})), 409, "code");

    let rule = json!({"kind": "unique", "entity": "room", "fields": ["name", "code"], "ignore_case": true,
        "when": [{"test": "not_in", "field": "active", "values": [false]}]});
    let setup = vec![
        post("/rooms", json!({"name": "ÄB", "code": "1"})),
        post("/rooms", json!({"name": "ÄB", "code": "2"})),
        post("/rooms", json!({"name": "äb", "code": "1", "active": false})),
        patch("/rooms/1", json!({"name": "äB"})),
    ];
    refuse(rule, setup, post("/rooms", json!({"name": "äb", "code": "1", "active": true})), 409, "name");
}

#[test]
fn range() {
    let range = |field: &str, rest: Value| {
        let mut rule =
            json!({"kind": "range", "entity": if field == "start" { "booking" } else { "room" }, "field": field});
        rule.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        rule
    };
    let cases = [
        ("capacity", json!({"min": "1", "max": "9"}), json!(1), json!(0)),
        ("capacity", json!({"min": "1", "max": "9"}), json!(9), json!(10)),
        ("price", json!({"min": "0", "above_min": true}), json!("0.01"), json!("0.00")),
        ("rating", json!({"max": "5", "below_max": true}), json!(4.999), json!(5.0)),
        ("opened", json!({"min": "2024-01-01"}), json!("2024-01-01"), json!("2023-12-31")),
    ];
    for (field, rest, good, bad) in cases {
        refuse(
            range(field, rest),
            vec![post("/rooms", json!({ field: good })), post("/rooms", json!({}))],
            post("/rooms", json!({ field: bad })),
            422,
            field,
        );
    }
    // A date covers the whole day of an instant.
    let rule = range("start", json!({"max": "2024-01-31"}));
    refuse(
        rule,
        vec![post("/bookings", json!({"start": "2024-01-31T23:59:59"}))],
        post("/bookings", json!({"start": "2024-02-01T00:00:00Z"})),
        422,
        "start",
    );
}

#[test]
fn places() {
    let rule = json!({"kind": "places", "entity": "room", "field": "rating", "places": 1});
    let fine = [json!(4.5), json!(4), json!(-0.1), json!(null)];
    let fine: Vec<_> = fine.into_iter().map(|rating| post("/rooms", json!({"rating": rating}))).collect();
    for bad in [json!(4.55), json!(0.01), json!(-1.25)] {
        refuse(rule.clone(), fine.clone(), post("/rooms", json!({"rating": bad})), 422, "rating");
    }
    refuse(rule, fine, patch("/rooms/1", json!({"rating": 4.55})), 422, "rating");
}

#[test]
fn length_pattern_format() {
    let length = json!({"kind": "length", "entity": "room", "field": "name", "min": 2, "max": 3});
    let fine =
        vec![post("/rooms", json!({"name": "äöü"})), post("/rooms", json!({"name": "ab"})), post("/rooms", json!({}))];
    refuse(length.clone(), fine.clone(), post("/rooms", json!({"name": "a"})), 422, "name");
    refuse(length, fine, post("/rooms", json!({"name": "abcd"})), 422, "name");

    let pattern = json!({"kind": "pattern", "entity": "room", "field": "code", "regex": "[A-Z]{2}-[0-9]+|none"});
    for bad in ["xAB-1", "AB-1\n", "none "] {
        refuse(
            pattern.clone(),
            vec![post("/rooms", json!({"code": "AB-12"})), post("/rooms", json!({"code": "none"}))],
            post("/rooms", json!({"code": bad})),
            422,
            "code",
        );
    }
    for (format, good, bad) in [
        ("email", "ann.o'neil+x@mail.example.org", "ann@example"),
        ("url", "https://example.org/a?b=c#d", "ftp://example.org"),
        ("phone", "+49 (30) 123-456", "call me"),
    ] {
        let rule = json!({"kind": "format", "entity": "booking", "field": "contact", "format": format});
        refuse(
            rule,
            vec![post("/bookings", json!({"contact": good}))],
            post("/bookings", json!({"contact": bad})),
            422,
            "contact",
        );
    }
}

#[test]
fn compare() {
    let rule = |op: &str, field: &str, to: Value| json!({"kind": "compare", "entity": "booking", "field": field, "op": op, "to": to});
    let start_before_end = rule("gt", "end", json!({"of": "field", "field": "start"}));
    let setup = vec![
        post("/bookings", json!({"start": "2024-01-01T10:00:00Z"})),
        post("/bookings", json!({"start": "2024-01-01T10:00:00Z", "end": "2024-01-01T10:00:01Z"})),
    ];
    refuse(start_before_end, setup, patch("/bookings/1", json!({"end": "2024-01-01T11:00:00+01:00"})), 422, "end");

    let at_most_a_week = rule("le", "last_day", json!({"of": "field", "field": "first_day", "plus": 7}));
    let setup = vec![post("/bookings", json!({"first_day": "2024-02-25", "last_day": "2024-03-03"}))];
    refuse(at_most_a_week, setup, patch("/bookings/1", json!({"last_day": "2024-03-04"})), 422, "last_day");

    let half_an_hour = rule("ge", "end", json!({"of": "field", "field": "start", "plus_minutes": 30}));
    let setup = vec![post("/bookings", json!({"start": "2024-01-01T23:45:00Z", "end": "2024-01-02T00:15:00Z"}))];
    refuse(half_an_hour, setup, patch("/bookings/1", json!({"end": "2024-01-02T00:14:59Z"})), 422, "end");

    let fits = rule("le", "people", json!({"of": "referenced", "via": "room_id", "field": "capacity", "plus": 1}));
    let setup = vec![
        post("/rooms", json!({"capacity": 4})),
        post("/bookings", json!({"room_id": 1, "people": 5})),
        post("/bookings", json!({"people": 99})),
    ];
    refuse(fits, setup, post("/bookings", json!({"room_id": 1, "people": 6})), 422, "people");

    let constant = rule("ne", "paid", json!({"of": "value", "value": "13.00"}));
    refuse(
        constant,
        vec![post("/bookings", json!({"paid": "12.99"}))],
        post("/bookings", json!({"paid": "13"})),
        422,
        "paid",
    );

    for (op, good, bad) in [("ge", 0, -1), ("gt", 1, 0), ("le", 0, 1), ("lt", -1, 0), ("eq", 0, 1), ("ne", 1, 0)] {
        let today = rule(op, "first_day", json!({"of": "today"}));
        refuse(
            today,
            vec![post("/bookings", json!({"first_day": day(good)}))],
            post("/bookings", json!({"first_day": day(bad)})),
            422,
            "first_day",
        );
        let year = |years: i64| day(0).split('-').next().unwrap().parse::<i64>().unwrap() + years;
        for plus in [0, -2] {
            let this_year = rule(op, "people", json!({"of": "this_year", "plus_years": plus}));
            refuse(
                this_year,
                vec![post("/bookings", json!({"people": year(plus + good)})), post("/bookings", json!({}))],
                post("/bookings", json!({"people": year(plus + bad)})),
                422,
                "people",
            );
        }
        let tomorrow = rule(op, "start", json!({"of": "today", "plus_days": 1}));
        let at = |days: i64| format!("{}T12:00:00Z", day(days + 1));
        refuse(
            tomorrow,
            vec![post("/bookings", json!({"start": at(good)}))],
            post("/bookings", json!({"start": at(bad)})),
            422,
            "start",
        );
    }
    let now = rule("le", "start", json!({"of": "now"}));
    refuse(
        now,
        vec![post("/bookings", json!({"start": "2001-01-01T00:00"}))],
        post("/bookings", json!({"start": "2999-01-01T00:00"})),
        422,
        "start",
    );
}

/// The day that many days from today (UTC), as Python sees it.
fn day(days: i64) -> &'static str {
    static DAYS: OnceLock<String> = OnceLock::new();
    let all = DAYS.get_or_init(|| {
        let program = "import datetime as d; t = d.datetime.now(d.timezone.utc).date(); print(*[t + d.timedelta(days=n - 3) for n in range(7)])";
        let out = std::process::Command::new("python3").args(["-c", program]).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    });
    all.split_whitespace().nth(usize::try_from(days + 3).unwrap()).unwrap()
}

#[test]
fn compare_only_at_creation_and_only_when() {
    let mut rule = json!({"kind": "compare", "entity": "booking", "field": "people", "op": "ge", "to": {"of": "value", "value": 2}, "on_create": true});
    let setup = vec![post("/bookings", json!({"people": 2})), patch("/bookings/1", json!({"people": 1}))];
    refuse(rule.clone(), setup, post("/bookings", json!({"people": 1})), 422, "people");
    rule["on_create"] = json!(false);
    rule["when"] = json!([{"test": "given", "field": "guest"}, {"test": "empty", "field": "note"}]);
    let setup = vec![
        post("/bookings", json!({"people": 1})),
        post("/bookings", json!({"people": 1, "guest": "g", "note": "n"})),
    ];
    refuse(rule, setup, patch("/bookings/1", json!({"guest": "g"})), 422, "people");
}

#[test]
fn requires() {
    let rule = |at: Value, condition: Value| json!({"kind": "requires", "entity": "booking", "at": at, "condition": condition});
    let active = json!([{"test": "in", "via": "room_id", "field": "active", "values": [true]}]);
    let rooms = vec![
        post("/rooms", json!({"active": true})),
        post("/rooms", json!({"active": false})),
        post("/rooms", json!({})),
        post("/bookings", json!({"room_id": 1})),
        post("/bookings", json!({})),
    ];
    let create = rule(json!({"moment": "create"}), active.clone());
    refuse(create.clone(), rooms.clone(), post("/bookings", json!({"room_id": 2})), 409, "room_id");
    // A booking that is moved is made in the other room; what becomes of its own room later is no matter.
    let mut later = rooms.clone();
    later.push(patch("/rooms/1", json!({"active": false})));
    later.push(patch("/bookings/1", json!({"note": "n", "room_id": 1})));
    refuse(create, later, patch("/bookings/1", json!({"room_id": 3})), 409, "room_id");
    refuse(
        rule(json!({"moment": "save"}), active),
        rooms.clone(),
        patch("/bookings/1", json!({"room_id": 2})),
        409,
        "room_id",
    );

    let confirm = rule(
        json!({"moment": "transition", "to": "confirmed"}),
        json!([{"test": "compare", "field": "people", "op": "gt", "to": {"of": "value", "value": 0}}]),
    );
    let setup = vec![
        post("/bookings", json!({})),
        post("/bookings", json!({"people": 1})),
        patch("/bookings/2", json!({"status": "confirmed"})),
        patch("/bookings/1", json!({"note": "n"})),
    ];
    refuse(confirm, setup, patch("/bookings/1", json!({"status": "confirmed"})), 409, "people");
}

#[test]
fn conditions_over_children() {
    // Two open children of 4 and 8; the closed one of 99 does not count.
    let open = json!([{"test": "not_in", "field": "group", "values": [true]}]);
    for (measure, op, to) in [
        (json!({"measure": "count"}), "ge", json!({"of": "value", "value": 2})),
        (json!({"measure": "sum", "field": "class"}), "gt", json!({"of": "field", "field": "class"})),
        (json!({"measure": "max", "field": "class"}), "ge", json!({"of": "value", "value": 8})),
        (json!({"measure": "average", "field": "class"}), "eq", json!({"of": "value", "value": 6})),
        (json!({"measure": "min", "field": "from"}), "le", json!({"of": "value", "value": "2024-01-01"})),
    ] {
        let rule = json!({"kind": "immutable", "entity": "order", "when": [
            {"test": "children", "child": "order", "via": "order_id", "when": open, "measure": measure, "op": op, "to": to}
        ]});
        let setup = vec![
            post("/orders", json!({"class": 10})),
            post("/orders", json!({"order_id": 1, "class": 4, "from": "2024-01-02"})),
            post("/orders", json!({"order_id": 1, "class": 99, "group": true, "from": "2020-01-01"})),
            patch("/orders/1", json!({"select": "fine"})),
            post("/orders", json!({"order_id": 1, "class": 8, "from": "2024-01-01"})),
        ];
        refuse(rule, setup, patch("/orders/1", json!({"select": "s"})), 409, "select");
    }
}

#[test]
fn transitions() {
    let rule = json!({"kind": "transitions", "entity": "booking"});
    let setup = vec![
        post("/bookings", json!({})),
        post("/bookings", json!({"status": "draft"})),
        patch("/bookings/1", json!({"status": "draft"})),
        patch("/bookings/2", json!({"status": "confirmed"})),
    ];
    refuse(rule.clone(), setup.clone(), patch("/bookings/1", json!({"status": "done"})), 409, "status");
    refuse(rule.clone(), setup.clone(), patch("/bookings/2", json!({"status": "draft"})), 409, "status");
    refuse(rule.clone(), setup, post("/bookings", json!({"status": "confirmed"})), 409, "status");

    let service = start(&fixture::model(&[rule]));
    assert_eq!(service.post("/bookings", json!({})).expect(201)["status"], "draft");
    let detail = service.patch("/bookings/1", json!({"status": "done"})).expect(409)["detail"].clone();
    assert_eq!(detail, "rule 1 says no: from `draft` to `confirmed` or `cancelled`, not to `done`");
    let detail = service.post("/bookings", json!({"status": "done"})).expect(409)["detail"].clone();
    assert_eq!(detail, "rule 1 says no: a new record starts as `draft`");
}

#[test]
fn transition_role_and_requires() {
    let role =
        json!({"kind": "transition_role", "entity": "booking", "to": "confirmed", "roles": ["Front Desk", "manager"]});
    let setup = vec![
        post("/bookings", json!({})),
        post("/bookings", json!({})),
        ("PATCH", "/bookings/2", json!({"status": "confirmed"}), "front-desk"),
        patch("/bookings/2", json!({"status": "confirmed"})),
        ("PATCH", "/bookings/1", json!({"note": "n"}), "guest"),
    ];
    for other in ["", "guest"] {
        refuse(role.clone(), setup.clone(), ("PATCH", "/bookings/1", json!({"status": "confirmed"}), other), 403, "");
    }
    // Who may not move a record there may not enter it there either.
    refuse(
        role,
        vec![post("/bookings", json!({}))],
        ("POST", "/bookings", json!({"status": "confirmed"}), "guest"),
        403,
        "",
    );
    let from = json!({"kind": "transition_role", "entity": "booking", "from": "confirmed", "to": "cancelled", "roles": ["manager"]});
    let setup = vec![
        post("/bookings", json!({})),
        patch("/bookings/1", json!({"status": "cancelled"})),
        post("/bookings", json!({})),
        patch("/bookings/2", json!({"status": "confirmed"})),
    ];
    refuse(from, setup.clone(), patch("/bookings/2", json!({"status": "cancelled"})), 403, "");

    let needs = json!({"kind": "transition_requires", "entity": "booking", "from": "confirmed", "to": "cancelled", "fields": ["note", "reason"]});
    refuse(
        needs,
        setup,
        patch("/bookings/2", json!({"status": "cancelled", "note": "n", "reason": " "})),
        422,
        "reason",
    );
    let needs = json!({"kind": "transition_requires", "entity": "booking", "to": "cancelled", "fields": ["reason"]});
    let setup = vec![
        post("/bookings", json!({})),
        post("/bookings", json!({})),
        patch("/bookings/2", json!({"status": "cancelled", "reason": "r"})),
    ];
    refuse(needs, setup, patch("/bookings/1", json!({"status": "cancelled"})), 422, "reason");
}

#[test]
fn what_a_change_requires_stays() {
    let needs = json!({"kind": "transition_requires", "entity": "booking", "to": "confirmed", "fields": ["reason"]});
    let ways = json!({"kind": "transitions", "entity": "booking"});
    let setup = vec![
        post("/bookings", json!({"reason": "r"})),
        patch("/bookings/1", json!({"reason": null})),
        patch("/bookings/1", json!({"status": "confirmed", "reason": "s"})),
        patch("/bookings/1", json!({"reason": "t", "note": null})),
    ];
    refuse(needs.clone(), setup.clone(), patch("/bookings/1", json!({"reason": null})), 422, "reason");
    // On the way on, and behind it.
    let service = start(&fixture::model(&[needs, ways]));
    for (method, path, body, _) in setup {
        service.send(method, path, &[], Some(body.to_string())).json();
    }
    service.patch("/bookings/1", json!({"status": "done", "reason": null})).expect(422);
    service.patch("/bookings/1", json!({"status": "done"})).expect(200);
    service.patch("/bookings/1", json!({"reason": ""})).expect(422);
    service.patch("/bookings/1", json!({"reason": "u"})).expect(200);
    // Where another way leads to the state as well, nothing is said about who came by it.
    let needs = json!({"kind": "transition_requires", "entity": "booking", "from": "confirmed", "to": "cancelled", "fields": ["reason"]});
    let service = start(&fixture::model(&[needs]));
    service.post("/bookings", json!({"reason": "r"})).expect(201);
    service.patch("/bookings/1", json!({"status": "confirmed"})).expect(200);
    service.patch("/bookings/1", json!({"status": "cancelled"})).expect(200);
    service.patch("/bookings/1", json!({"reason": null})).expect(200);
}

#[test]
fn immutable() {
    let done = json!([{"test": "in", "field": "status", "values": ["confirmed"]}]);
    let all = json!({"kind": "immutable", "entity": "booking", "when": done});
    let setup = vec![
        post("/bookings", json!({"people": 1})),
        patch("/bookings/1", json!({"people": 2, "status": "confirmed"})),
        patch("/bookings/1", json!({"people": 2})),
    ];
    refuse(all.clone(), setup.clone(), patch("/bookings/1", json!({"people": 3})), 409, "people");
    refuse(all.clone(), setup.clone(), patch("/bookings/1", json!({"people": 3, "status": "done"})), 409, "people");
    refuse(all.clone(), setup.clone(), ("DELETE", "/bookings/1", Value::Null, ""), 409, "");
    let some = json!({"kind": "immutable", "entity": "booking", "when": done, "fields": ["people"]});
    let mut free = setup.clone();
    free.push(patch("/bookings/1", json!({"note": "n"})));
    refuse(some.clone(), free, patch("/bookings/1", json!({"people": null})), 409, "people");

    // The change of state stays possible, with the fields that it requires; deleting too where only some are frozen.
    let needs = json!({"kind": "transition_requires", "entity": "booking", "to": "done", "fields": ["reason"]});
    let ways = json!({"kind": "transitions", "entity": "booking"});
    let service = start(&fixture::model(&[all, needs, ways]));
    service.post("/bookings", json!({})).expect(201);
    service.patch("/bookings/1", json!({"status": "confirmed"})).expect(200);
    service.patch("/bookings/1", json!({"status": "draft"})).expect(409);
    service.patch("/bookings/1", json!({"status": "done", "reason": "r"})).expect(200);
    let service = start(&fixture::model(&[some]));
    service.post("/bookings", json!({})).expect(201);
    service.patch("/bookings/1", json!({"status": "confirmed"})).expect(200);
    service.delete("/bookings/1").expect(204);
}

#[test]
fn no_delete() {
    let always = json!({"kind": "no_delete", "entity": "booking"});
    let setup = vec![post("/bookings", json!({})), post("/bookings", json!({"paid": "1.00"}))];
    refuse(always, setup.clone(), ("DELETE", "/bookings/1", Value::Null, ""), 409, "");
    let paid = json!({"kind": "no_delete", "entity": "booking", "when": [{"test": "given", "field": "paid"}]});
    let mut setup = setup;
    setup.push(("DELETE", "/bookings/1", Value::Null, ""));
    refuse(paid, setup, ("DELETE", "/bookings/2", Value::Null, ""), 409, "");
}

#[test]
fn no_overlap() {
    let times = json!({"kind": "no_overlap", "entity": "booking", "start": "start", "end": "end", "by": ["room_id"],
        "when": [{"test": "not_in", "field": "status", "values": ["cancelled"]}]});
    let at = |room: i64, from: &str, to: &str| {
        post(
            "/bookings",
            json!({"room_id": room, "start": format!("2024-01-01T{from}:00Z"), "end": format!("2024-01-01T{to}:00Z")}),
        )
    };
    let setup = vec![
        post("/rooms", json!({})),
        post("/rooms", json!({})),
        at(1, "10:00", "12:00"),
        at(1, "12:00", "13:00"),
        at(1, "09:00", "10:00"),
        at(2, "10:00", "12:00"),
        patch("/bookings/1", json!({"note": "itself is no clash"})),
        at(2, "14:00", "15:00"),
        patch("/bookings/5", json!({"status": "cancelled"})),
        at(2, "14:30", "15:00"),
    ];
    refuse(times.clone(), setup.clone(), at(1, "11:59", "12:30"), 409, "start");
    refuse(times.clone(), setup.clone(), at(1, "08:00", "20:00"), 409, "start");
    refuse(times.clone(), setup.clone(), patch("/bookings/2", json!({"start": "2024-01-01T11:00:00Z"})), 409, "start");
    refuse(times.clone(), setup.clone(), patch("/bookings/4", json!({"room_id": 1})), 409, "start");
    refuse(times, setup, post("/bookings", json!({"room_id": 1, "start": "2024-01-01T12:59:59Z"})), 409, "start");
    let days = json!({"kind": "no_overlap", "entity": "booking", "start": "first_day", "end": "last_day", "by": []});
    let setup = vec![
        post("/bookings", json!({"first_day": "2024-01-01", "last_day": "2024-01-05"})),
        post("/bookings", json!({"first_day": "2024-01-06", "last_day": "2024-01-06"})),
    ];
    refuse(
        days,
        setup,
        post("/bookings", json!({"first_day": "2024-01-05", "last_day": "2024-01-05"})),
        409,
        "first_day",
    );
}

#[test]
fn capacity() {
    let rule = |measure: Value, op: &str, limit: Value| {
        json!({"kind": "capacity", "parent": "room", "child": "booking", "via": "room_id",
        "measure": measure, "op": op, "limit": limit, "when": [{"test": "not_in", "field": "status", "values": ["cancelled"]}]})
    };
    let seats = rule(json!({"measure": "sum", "field": "people"}), "le", json!({"of": "field", "field": "capacity"}));
    let setup = vec![
        post("/rooms", json!({"capacity": 10})),
        post("/rooms", json!({})),
        post("/bookings", json!({"room_id": 1, "people": 6})),
        post("/bookings", json!({"room_id": 1, "people": 4})),
        post("/bookings", json!({"room_id": 2, "people": 400})),
        patch("/bookings/1", json!({"people": 5})),
        patch("/bookings/1", json!({"people": 6})),
        patch("/rooms/1", json!({"capacity": 10, "name": "same"})),
        patch("/bookings/2", json!({"status": "cancelled"})),
        post("/bookings", json!({"room_id": 1, "people": 4})),
    ];
    refuse(seats.clone(), setup.clone(), post("/bookings", json!({"room_id": 1, "people": 1})), 409, "room_id");
    refuse(seats.clone(), setup.clone(), patch("/bookings/4", json!({"people": 5})), 409, "room_id");
    refuse(seats.clone(), setup.clone(), patch("/bookings/3", json!({"room_id": 1})), 409, "room_id");
    refuse(seats.clone(), setup.clone(), patch("/bookings/2", json!({"status": "draft"})), 409, "room_id");
    refuse(seats, setup, patch("/rooms/1", json!({"capacity": 9})), 409, "capacity");
    let two = rule(json!({"measure": "count"}), "lt", json!({"of": "value", "value": 3}));
    let setup = vec![
        post("/rooms", json!({})),
        post("/bookings", json!({"room_id": 1})),
        post("/bookings", json!({"room_id": 1})),
        post("/bookings", json!({})),
    ];
    refuse(two, setup, post("/bookings", json!({"room_id": 1})), 409, "room_id");
}

#[test]
fn action_barred() {
    let rule = |action: &str, fields: Value| json!({"kind": "action_barred", "entity": "room", "action": action, "roles": ["Front Desk"], "fields": fields});
    // Others, and those without a role, are not touched.
    let setup = vec![("POST", "/rooms", json!({"name": "A"}), "guest"), post("/rooms", json!({"name": "B"}))];
    let requests = [
        ("create", "POST", "/rooms", json!({})),
        ("read", "GET", "/rooms/1", Value::Null),
        ("list", "GET", "/rooms", Value::Null),
        ("list", "GET", "/rooms/totals?by=size", Value::Null),
        ("update", "PATCH", "/rooms/1", json!({"name": "C"})),
        ("delete", "DELETE", "/rooms/1", Value::Null),
    ];
    for (action, method, path, body) in requests {
        refuse(rule(action, json!([])), setup.clone(), (method, path, body, "front_desk"), 403, "");
    }
    let mut setup = setup;
    setup.push(("PATCH", "/rooms/2", json!({"name": "D"}), "front desk"));
    setup.push(patch("/rooms/2", json!({"price": "2"})));
    refuse(
        rule("update", json!(["price"])),
        setup,
        ("PATCH", "/rooms/2", json!({"price": "3"}), "front desk"),
        403,
        "",
    );
}

#[test]
fn action_role() {
    let rule = |action: &str, fields: Value| json!({"kind": "action_role", "entity": "room", "action": action, "roles": ["Front Desk"], "fields": fields});
    let setup = vec![("POST", "/rooms", json!({"name": "A"}), "FRONT_DESK")];
    let requests = [
        ("create", "POST", "/rooms", json!({})),
        ("read", "GET", "/rooms/1", Value::Null),
        ("list", "GET", "/rooms", Value::Null),
        ("list", "GET", "/rooms/totals?by=size", Value::Null),
        ("update", "PATCH", "/rooms/1", json!({})),
        ("delete", "DELETE", "/rooms/1", Value::Null),
    ];
    for (action, method, path, body) in requests {
        refuse(rule(action, json!([])), setup.clone(), (method, path, body, "guest"), 403, "");
    }
    let price = rule("update", json!(["price"]));
    let mut setup = setup;
    setup.push(post("/rooms", json!({"price": "2.00"})));
    setup.push(patch("/rooms/2", json!({"price": "2", "name": "B"})));
    refuse(price, setup.clone(), patch("/rooms/2", json!({"price": "3"})), 403, "");
    refuse(
        rule("create", json!(["price"])),
        vec![post("/rooms", json!({}))],
        post("/rooms", json!({"price": "3"})),
        403,
        "",
    );
}
