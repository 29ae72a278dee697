//! Lists: pages, filters, orders, CSV, totals.

use crate::fixture;
use crate::support::{Running, start};
use serde_json::{Value, json};

fn ids(service: &Running, path: &str) -> Vec<i64> {
    let list = service.get(path).expect(200);
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

fn rooms() -> Running {
    let service = start(&fixture::model(&[]));
    for room in [
        json!({"name": "b, c", "code": "=1+1", "capacity": 3, "price": "2.50", "rating": 0.5, "active": true, "size": "small", "opened": "2024-01-01"}),
        json!({"name": "a\"x\"", "code": "two\r\nlines", "capacity": 10, "price": "10.00", "rating": 10, "active": false, "size": "large", "opened": "2024-06-30"}),
        json!({"name": "b", "capacity": 3, "price": "-1", "opened": "2023-12-31"}),
        json!({}),
    ] {
        service.post("/rooms", room).expect(201);
    }
    service
}

#[test]
fn pages() {
    let service = rooms();
    let list = service.get("/rooms?per_page=3&page=2").expect(200);
    assert_eq!((&list["page"], &list["per_page"], &list["total"]), (&json!(2), &json!(3), &json!(4)));
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(ids(&service, "/rooms?page=9"), [] as [i64; 0]);
    for bad in [
        "page=0",
        "page=x",
        "page=",
        "per_page=0",
        "per_page=1001",
        "per_page=1.5",
        "page=-1",
        "page=1&page=2",
        "page=%C2%B2",
    ] {
        service.get(&format!("/rooms?{bad}")).expect(400);
    }
    service.get("/rooms?per_page=1000").expect(200);
}

#[test]
fn texts_are_sorted_as_people_look_them_up() {
    let service = start(&fixture::model(&[]));
    for name in ["birch", "Cedar", "Ärger", "amber", "arm", "Øre", "oak", "Zoë", "zoe", "ZOE"] {
        service.post("/rooms", json!({"name": name})).expect(201);
    }
    let names = |path: &str, field: &str| -> Vec<String> {
        let list = service.get(path).expect(200);
        list["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
    };
    let sorted = ["amber", "Ärger", "arm", "birch", "Cedar", "oak", "Øre", "ZOE", "zoe", "Zoë"];
    assert_eq!(names("/rooms?sort=name", "name"), sorted);
    assert_eq!(names("/rooms?sort=-name", "name"), sorted.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(names("/rooms/totals?by=name", "value"), sorted);
}

#[test]
fn filters() {
    let service = rooms();
    for (query, expected) in [
        ("name=b", vec![3]),
        ("name=B", vec![]),
        ("name=b,%20c", vec![1]),
        ("name=b&name=a%22x%22", vec![2, 3]),
        ("name=", vec![4]),
        ("capacity=3", vec![1, 3]),
        ("capacity_from=3&capacity_to=9", vec![1, 3]),
        ("price=2.5", vec![1]),
        ("price_to=2.50", vec![1, 3]),
        ("rating_from=2", vec![2]),
        ("active=true", vec![1]),
        ("active=False", vec![2]),
        ("active=", vec![3, 4]),
        ("size=large", vec![2]),
        ("opened=2024-01-01", vec![1]),
        ("opened_from=2024-01-01&opened_to=2024-06-30", vec![1, 2]),
        ("id=2&id=3", vec![2, 3]),
        ("id_from=4", vec![4]),
        ("q=LINES", vec![2]),
        ("q=", vec![1, 2, 3, 4]),
        ("q=%25", vec![]),
        ("sort=name", vec![2, 3, 1, 4]),
        ("sort=-capacity,-name", vec![2, 1, 3, 4]),
        ("sort=price", vec![3, 1, 2, 4]),
        ("sort=-id", vec![4, 3, 2, 1]),
    ] {
        assert_eq!(ids(&service, &format!("/rooms?{query}")), expected, "{query}");
    }
    for bad in [
        "nope=1",
        "sort=nope",
        "sort=",
        "sort=name,",
        "capacity=x",
        "capacity_from=",
        "active=1",
        "size=huge",
        "opened=2024",
        "name_from=a",
        "price=1.005",
        "%FF=1",
    ] {
        let problem = service.get(&format!("/rooms?{bad}")).expect(400);
        let name = bad.split('=').next().unwrap();
        assert!(name.starts_with('%') || problem["field"] == name, "{problem}");
    }
}

#[test]
fn instants_are_filtered_by_whole_days() {
    let service = start(&fixture::model(&[]));
    for start in ["2024-01-30T23:59:59", "2024-01-31T00:00:00", "2024-01-31T23:59:59", "2024-02-01T00:00:00"] {
        service.post("/bookings", json!({ "start": start })).expect(201);
    }
    for (query, expected) in [
        ("start=2024-01-31", vec![2, 3]),
        ("start=2024-01-31T01:00:00%2B01:00", vec![2]),
        ("start=2024-01-31T01:00:00+01:00", vec![2]),
        ("start_from=2024-01-31&start_to=2024-01-31", vec![2, 3]),
        ("start_to=2024-01-31T00:00:00Z", vec![1, 2]),
    ] {
        assert_eq!(ids(&service, &format!("/bookings?{query}")), expected, "{query}");
    }
}

#[test]
fn csv() {
    let service = rooms();
    let answer = service.send("GET", "/rooms?per_page=1&capacity_from=3", &[("Accept", "text/csv")], None);
    answer.expect_status(200);
    assert!(answer.headers["content-type"].starts_with("text/csv"));
    assert_eq!(
        answer.text,
        "id,name,code,capacity,price,rating,active,size,opened,people,amount,score,checked,first,free\r\n\
         1,\"b, c\",=1+1,3,2.50,0.5,true,small,2024-01-01,,,,,,\r\n\
         2,\"a\"\"x\"\"\",\"two\r\nlines\",10,10.00,10,false,large,2024-06-30,,,,,,\r\n\
         3,b,,3,-1.00,,,,2023-12-31,,,,,,\r\n"
    );
    for (accept, csv) in [
        ("application/json, text/csv", false),
        ("text/csv;q=0.5, application/json;q=0.4", true),
        ("application/json;q=0.1, TEXT/CSV", true),
        ("text/csv;q=0", false),
        ("text/csv, */*", true),
        ("*/*", false),
    ] {
        let answer = service.send("GET", "/rooms", &[("Accept", accept)], None);
        assert_eq!(answer.headers["content-type"].starts_with("text/csv"), csv, "{accept}");
    }
}

#[test]
fn totals() {
    let service = rooms();
    let totals = |query: &str| service.get(&format!("/rooms/totals?{query}")).expect(200)["items"].clone();
    let capacity = totals("by=capacity");
    assert_eq!(
        capacity[0],
        json!({"value": 3, "count": 2, "capacity": 6, "price": "1.50", "rating": 0.5, "people": 0, "amount": "0.00", "score": 0})
    );
    assert_eq!((&capacity[1]["value"], &capacity[2]["value"]), (&json!(10), &Value::Null));
    assert_eq!(totals("by=active&capacity_to=3")[0]["value"], true);
    for by in ["name", "price", "rating", "size", "opened"] {
        assert!(totals(&format!("by={by}")).as_array().unwrap().len() >= 3, "{by}");
    }
    for bad in ["", "?by=nope", "?by=size&by=name", "?by=size&sort=name", "?by=size&page=1", "?by=name.size"] {
        service.get(&format!("/rooms/totals{bad}")).expect(400);
    }
    service.post("/bookings", json!({"room_id": 1, "paid": "0.10"})).expect(201);
    for by in ["room_id.name", "room.name", "room.opened"] {
        assert_eq!(service.get(&format!("/bookings/totals?by={by}")).expect(200)["items"][0]["paid"], "0.10");
    }
    for (by, value) in [("room_id", json!(1)), ("room", json!(1)), ("size", json!("small")), ("name", json!("b, c"))] {
        assert_eq!(service.get(&format!("/bookings/totals?by={by}")).expect(200)["items"][0]["value"], value);
    }
}

#[test]
fn totals_name_references_with_or_without_id() {
    let mut model = fixture::model(&[]);
    let order = model.entities.iter_mut().find(|entity| entity.key == "order").unwrap();
    order.fields.push(fixture::field("booking_id", "booking", json!({"type": "reference", "entity": "booking"})));
    let service = start(&model);
    service.post("/rooms", json!({})).expect(201);
    service.post("/bookings", json!({"room_id": 1})).expect(201);
    service.post("/orders", json!({"booking_id": 1})).expect(201);
    let ways = ["booking_id.room_id", "booking.room_id", "booking_id.room", "booking.room", "room_id", "room"];
    for by in ways {
        let items = service.get(&format!("/orders/totals?by={by}")).expect(200)["items"].clone();
        assert_eq!((&items[0]["value"], &items[0]["count"]), (&json!(1), &json!(1)), "{by}");
    }
    for bad in ["booking.nothing", "booking.status_id", "nothing.room", "room.name"] {
        service.get(&format!("/orders/totals?by={bad}")).expect(400);
    }
    let document = maestro_service::openapi(&model);
    let parameters = document.pointer("/paths/~1orders~1totals/get/parameters").unwrap().as_array().unwrap();
    let by = parameters.iter().find(|parameter| parameter["name"] == "by").unwrap();
    let named = by["schema"]["enum"].as_array().unwrap();
    assert!(ways.iter().all(|way| named.contains(&json!(way))), "{by}");
    assert_eq!(named.iter().filter(|name| **name == json!("room")).count(), 1);
}
