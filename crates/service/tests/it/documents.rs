//! The OpenAPI document and the pages match the service.

use crate::fixture;
use crate::support::{Running, start_files};
use maestro_artifacts::Requirements;
use maestro_service::{backend_files, openapi, page_files, screens};
use serde_json::{Value, json};

fn rules() -> Vec<Value> {
    vec![
        json!({"kind": "required", "entity": "room", "field": "name"}),
        json!({"kind": "length", "entity": "room", "field": "name", "min": 2, "max": 40}),
        json!({"kind": "pattern", "entity": "room", "field": "code", "regex": "[A-Z]+"}),
        json!({"kind": "range", "entity": "room", "field": "capacity", "min": "1", "max": "100", "below_max": true}),
        json!({"kind": "range", "entity": "room", "field": "price", "min": "0"}),
        json!({"kind": "default", "entity": "room", "field": "active", "value": true}),
        json!({"kind": "computed", "entity": "room", "field": "people", "expr": {"expr": "field", "field": "capacity"}}),
        json!({"kind": "transitions", "entity": "booking"}),
        json!({"kind": "transition_role", "entity": "booking", "to": "done", "roles": ["manager"]}),
        json!({"kind": "transition_requires", "entity": "booking", "from": "confirmed", "to": "cancelled", "fields": ["reason"]}),
        json!({"kind": "totals", "entity": "booking", "by": ["room_id", "size"], "measures": [{"measure": "average", "field": "people"}]}),
        json!({"kind": "list", "entity": "room", "sort": [{"field": "name", "descending": true}], "page_size": 20}),
    ]
}

fn serve() -> (Running, Value) {
    let model = fixture::model(&rules());
    let document = openapi(&model);
    let mut files = backend_files(&model);
    files.insert("openapi.json".to_owned(), document.to_string());
    let requirements = Requirements { concepts: model.clone(), ..Requirements::default() };
    files.extend(page_files(&screens(&requirements), &model));
    (start_files(&files), document)
}

#[test]
fn every_operation_stands_in_the_document_and_the_other_way_round() {
    let (service, document) = serve();
    service.post("/rooms", json!({"name": "room"})).expect(201);
    service.post("/bookings", json!({})).expect(201);
    service.post("/orders", json!({})).expect(201);
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 3 * 3 + 4);
    for (path, item) in paths {
        let real = path.replace("{id}", "1").replace("{file}", "app.js");
        let allow = service.send("OPTIONS", &real, &[], None).headers["allow"].clone();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let stands = item.get(method.to_lowercase()).is_some();
            assert_eq!(allow.split(", ").any(|allowed| allowed == method), stands, "{method} {path}");
        }
    }
    assert_eq!(service.get("/openapi.json").expect(200), document);
    assert_references(&document, &document);
    let ids: Vec<_> = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|op| op.get("operationId"))
        .collect();
    assert!(ids.iter().all(|id| ids.iter().filter(|other| other == &id).count() == 1), "{ids:?}");
}

fn assert_references(document: &Value, value: &Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
            }
            map.values().for_each(|value| assert_references(document, value));
        }
        Value::Array(items) => items.iter().for_each(|value| assert_references(document, value)),
        _ => {}
    }
}

#[test]
fn every_parameter_is_known_to_the_service() {
    let (service, document) = serve();
    let mut seen = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(parameters) = item.pointer("/get/parameters").and_then(Value::as_array) else { continue };
        let by = if path.ends_with("totals") { "by=id_of_nothing" } else { "" };
        let mut names = Vec::new();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            assert!(!names.contains(&name), "{name} stands there twice");
            names.push(name);
            let schema = &parameter["schema"];
            let values: Vec<String> = match (schema.get("enum"), schema["items"].get("enum")) {
                (Some(values), _) | (_, Some(values)) => {
                    values.as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect()
                }
                _ => vec![sample(schema)],
            };
            for value in values {
                let query = if name == "by" || by.is_empty() {
                    String::new()
                } else {
                    format!("&by={}", first_group(parameters))
                };
                let target = format!(
                    "{path}?{name}={}{query}",
                    value.replace(' ', "%20").replace('&', "%26").replace('ö', "%C3%B6").replace('ß', "%C3%9F")
                );
                service.get(&target).expect(200);
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

fn first_group(parameters: &[Value]) -> String {
    let by = parameters.iter().find(|parameter| parameter["name"] == "by").unwrap();
    by["schema"]["enum"][0].as_str().unwrap().to_owned()
}

fn sample(schema: &Value) -> String {
    match (schema["type"].as_str(), schema["format"].as_str(), schema.get("pattern")) {
        (_, Some("date"), _) => "2024-01-31".to_owned(),
        (Some("integer" | "number"), ..) | (_, _, Some(_)) => "1".to_owned(),
        (Some("boolean"), ..) => "true".to_owned(),
        _ => schema["examples"][0].as_str().unwrap_or("x").to_owned(),
    }
}

#[test]
fn schemas_say_what_the_rules_say() {
    let document = openapi(&fixture::model(&rules()));
    let create = &document["components"]["schemas"]["room-create"];
    assert_eq!(create["required"], json!(["name"]));
    assert_eq!(create["additionalProperties"], false);
    let name = &create["properties"]["name"];
    assert_eq!((&name["type"], &name["minLength"], &name["maxLength"]), (&json!("string"), &json!(2), &json!(40)));
    assert_eq!(name["pattern"], "\\S", "a required text must not be blank");
    let capacity = &create["properties"]["capacity"];
    assert_eq!((&capacity["minimum"], &capacity["exclusiveMaximum"]), (&json!(1), &json!(100)));
    assert_eq!(capacity["type"], json!(["integer", "null"]));
    let price = &create["properties"]["price"];
    assert_eq!((&price["x-minimum"], &price["pattern"]), (&json!("0"), &json!(r"^[0-9]{1,13}(\.[0-9]{1,2})?$")));
    assert_eq!(
        openapi(&fixture::model(&rules()))["components"]["schemas"]["room"]["properties"]["price"]["pattern"],
        r"^[0-9]+\.[0-9]{2}$"
    );
    assert_eq!(create["properties"]["code"]["pattern"], "^(?:[A-Z]+)$");
    assert_eq!(create["properties"]["active"]["default"], true);
    assert_eq!(create["properties"].get("people"), None);
    let read = &document["components"]["schemas"]["room"];
    assert_eq!(read["properties"]["people"]["readOnly"], true);
    let booking = &document["components"]["schemas"]["booking"];
    assert_eq!(document["components"]["schemas"]["booking-create"]["properties"]["status"]["enum"], json!(["draft"]));
    assert_eq!(
        booking["x-workflow"]["transitions"][3],
        json!({"from": "confirmed", "to": "cancelled", "roles": [], "requires": ["reason"]})
    );
    let update = &document["paths"]["/bookings/{id}"]["patch"];
    assert_eq!(update["x-rules"][1], json!({"id": "R-9", "sources": ["AC-1.9", "BR-9"], "message": "rule 9 says no"}));
    let statuses: Vec<_> = update["responses"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(statuses, ["200", "400", "403", "404", "409", "413", "422"]);
    let list = document["paths"]["/rooms"]["get"]["parameters"].as_array().unwrap();
    let default =
        |name: &str| list.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"]["default"].clone();
    assert_eq!((default("sort"), default("per_page")), (json!(["-name"]), json!(20)));
}

#[test]
fn pages_are_served_safely() {
    let (service, _) = serve();
    let index = service.get("/");
    index.expect_status(200);
    assert!(index.text.contains("<title>Rooms &amp; &lt;b&gt;bookings&lt;/b&gt;</title>"), "{}", index.text);
    assert!(index.headers["content-security-policy"].contains("default-src 'self'"));
    assert_eq!(index.headers["x-content-type-options"], "nosniff");
    assert!(!index.text.contains("style=") && !index.text.contains("onclick"));
    for line in index.text.lines().filter(|line| line.contains("<script")) {
        assert!(line.contains("src=\"/web/"), "{line}");
    }
    for name in ["app.js", "screens.js", "style.css", "index.html"] {
        service.get(&format!("/web/{name}")).expect_status(200);
    }
    let screens = service.get("/web/screens.js");
    assert_eq!(screens.headers["content-type"], "text/javascript; charset=utf-8");
}

#[test]
fn pages_never_parse_text_as_markup() {
    let model = fixture::model(&[]);
    let requirements = Requirements { concepts: model.clone(), ..Requirements::default() };
    for (path, text) in page_files(&screens(&requirements), &model) {
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
            assert!(!text.contains(way), "{path} uses {way}");
        }
        // Whatever a module imports is there.
        for import in text.lines().filter(|line| line.starts_with("import ")) {
            let name = import.split("\"./").nth(1).unwrap().trim_end_matches("\";");
            assert!(page_files(&screens(&requirements), &model).contains_key(&format!("web/{name}")), "{import}");
        }
    }
}

#[test]
fn every_story_has_its_way_through_the_screens() {
    let model = fixture::model(&rules());
    let item = |id: &str, kind: &str, understanding: Value| json!({"id": id, "kind": kind, "text": id, "understanding": understanding});
    let requirements: Requirements = serde_json::from_value(json!({
        "items": [
            item("US-1", "story", json!({"is": "criteria"})),
            item("AC-1.1", "criterion", json!({"is": "rules", "rules": ["R-8", "R-1"]})),
            item("US-2", "story", json!({"is": "rules", "rules": ["R-11"]})),
            item("AC-12.1", "criterion", json!({"is": "rules", "rules": ["R-12"]})),
        ],
        "concepts": model,
    }))
    .unwrap();
    let screens = screens(&requirements);
    let steps: Vec<_> = screens.flows.iter().map(|flow| flow.steps.clone()).collect();
    assert_eq!(
        steps,
        [
            vec!["rooms-list", "rooms-form", "bookings-list", "bookings-detail"],
            vec!["bookings-list", "bookings-totals"]
        ]
    );
    let detail = screens.screens.iter().find(|screen| screen.id == "bookings-detail").unwrap();
    assert_eq!(detail.transitions, ["confirmed", "cancelled", "done"]);
    let files = page_files(&screens, &model);
    assert!(files["web/screens.js"].contains("bookings-totals"));
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let model = fixture::model(&rules());
    let requirements = Requirements { concepts: model.clone(), ..Requirements::default() };
    assert_eq!(backend_files(&model), backend_files(&model.clone()));
    assert_eq!(page_files(&screens(&requirements), &model), page_files(&screens(&requirements), &model));
    assert_eq!(openapi(&model).to_string(), openapi(&model).to_string());
}
