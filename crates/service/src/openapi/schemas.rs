//! JSON schemas of records: as they are created, changed and read.

use crate::backend::longest_text;
use crate::facts;
use maestro_artifacts::{Entity, Field, FieldKind, RuleKind, ServiceModel, TextFormat};
use serde_json::{Map, Number, Value, json};

/// The largest whole number that every JSON reader keeps exactly.
const LARGEST_INTEGER: i64 = 1 << 53;

/// Up to here every number of 15 digits is kept exactly.
const LARGEST_DECIMAL: i64 = 1_000_000_000_000_000;

/// The type alone, as filters take it.
pub(super) fn plain(kind: &FieldKind) -> Value {
    match kind {
        FieldKind::Text { .. } => json!({ "type": "string" }),
        FieldKind::Integer => {
            json!({ "type": "integer", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER })
        }
        FieldKind::Decimal => json!({ "type": "number", "minimum": -LARGEST_DECIMAL, "maximum": LARGEST_DECIMAL }),
        FieldKind::Money => json!({ "type": "string", "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$" }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::DateTime => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Enum { values } => json!({ "type": "string", "enum": values }),
        FieldKind::Reference { .. } => json!({ "type": "integer", "minimum": 1, "maximum": LARGEST_INTEGER }),
    }
}

/// A record as it is answered: every field is there, without a value it is null.
pub(super) fn read(model: &ServiceModel, entity: &Entity) -> Value {
    let mut properties = Map::new();
    properties.insert("id".to_owned(), json!({ "type": "integer", "minimum": 1, "readOnly": true }));
    let mut names = vec![json!("id")];
    for field in &entity.fields {
        let mut schema = with_rules(model, entity, field);
        if let (FieldKind::Money, Value::Object(map)) = (&field.kind, &mut schema) {
            let sign = if map.get("pattern").and_then(Value::as_str).is_some_and(|known| known.contains("-?")) {
                "-?"
            } else {
                ""
            };
            map.insert("pattern".to_owned(), json!(format!(r"^{sign}[0-9]+\.[0-9]{{2}}$")));
        }
        if field.read_only || facts::is_computed(model, entity, field) {
            set(&mut schema, "readOnly", json!(true));
        }
        if !facts::is_required(model, entity, field) {
            nullable(&mut schema);
        }
        properties.insert(field.key.clone(), schema);
        names.push(json!(field.key));
    }
    object(properties, names, &format!("One {}.", entity.name))
}

/// A record as it is created.
pub(super) fn create(model: &ServiceModel, entity: &Entity) -> Value {
    let mut properties = Map::new();
    let mut names = Vec::new();
    for field in facts::writable(model, entity) {
        let mut schema = with_rules(model, entity, field);
        let (required, filled) = (facts::is_required(model, entity, field), facts::is_filled_in(model, entity, field));
        if let Some(workflow) = entity.workflow.as_ref().filter(|workflow| workflow.field == field.key) {
            if facts::has_transitions(model, entity) {
                set(&mut schema, "enum", json!([workflow.initial]));
            }
            set(&mut schema, "default", json!(workflow.initial));
        } else if required && !filled {
            names.push(json!(field.key));
        } else {
            nullable(&mut schema);
        }
        for rule in &model.rules {
            if let RuleKind::Default { entity: of, field: key, value } = &rule.demand
                && *of == entity.key
                && *key == field.key
            {
                let clock = matches!(value.as_str(), Some("today" | "now"));
                set(&mut schema, if clock { "x-default" } else { "default" }, value.clone());
            }
        }
        properties.insert(field.key.clone(), schema);
    }
    object(properties, names, &format!("A new {}.", entity.name))
}

/// What can be changed of a record; what is not given stays as it is, null clears.
pub(super) fn patch(model: &ServiceModel, entity: &Entity) -> Value {
    let mut properties = Map::new();
    for field in facts::writable(model, entity) {
        let mut schema = with_rules(model, entity, field);
        if !facts::is_required(model, entity, field) {
            nullable(&mut schema);
        }
        properties.insert(field.key.clone(), schema);
    }
    object(properties, Vec::new(), &format!("Changes of one {}; null clears a field.", entity.name))
}

fn object(properties: Map<String, Value>, required: Vec<Value>, description: &str) -> Value {
    let mut schema = json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        set(&mut schema, "required", Value::Array(required));
    }
    schema
}

/// The type with what the rules say about the value alone.
fn with_rules(model: &ServiceModel, entity: &Entity, field: &Field) -> Value {
    let mut schema = plain(&field.kind);
    set(&mut schema, "title", json!(field.name));
    if let FieldKind::Text { .. } = field.kind {
        set(&mut schema, "maxLength", json!(longest_text(model, entity, field)));
    }
    if let FieldKind::Reference { entity: to } = &field.kind
        && let Some(target) = model.entity(to)
    {
        set(&mut schema, "description", json!(format!("The id of a {}.", target.name)));
        set(&mut schema, "x-reference", json!({ "entity": to, "path": format!("/{}", target.path) }));
    }
    for rule in &model.rules {
        match &rule.demand {
            RuleKind::Length { entity: of, field: key, min, max } if *of == entity.key && *key == field.key => {
                tighten(&mut schema, "minLength", min.map(f64::from), f64::max);
                tighten(&mut schema, "maxLength", max.map(f64::from), f64::min);
            }
            // A number is shown with no more digits than it has.
            RuleKind::Places { entity: of, field: key, places } if *of == entity.key && *key == field.key => {
                let step: f64 = format!("1e-{places}").parse().unwrap_or(1.0);
                tighten(&mut schema, "multipleOf", Some(step), f64::max);
            }
            RuleKind::Pattern { entity: of, field: key, regex } if *of == entity.key && *key == field.key => {
                add_pattern(&mut schema, &format!("^(?:{regex})$"));
            }
            RuleKind::Format { entity: of, field: key, format } if *of == entity.key && *key == field.key => {
                let name = match format {
                    TextFormat::Email => "email",
                    TextFormat::Url => "uri",
                    TextFormat::Phone => "phone",
                };
                set(&mut schema, "format", json!(name));
            }
            RuleKind::Required { entity: of, field: key }
                if *of == entity.key && *key == field.key && matches!(field.kind, FieldKind::Text { .. }) =>
            {
                tighten(&mut schema, "minLength", Some(1.0), f64::max);
                add_pattern(&mut schema, r"\S");
            }
            RuleKind::Range { entity: of, field: key, min, max, above_min, below_max }
                if *of == entity.key && *key == field.key =>
            {
                bound(&mut schema, &field.kind, min.as_deref(), *above_min, true);
                bound(&mut schema, &field.kind, max.as_deref(), *below_max, false);
            }
            _ => {}
        }
    }
    schema
}

/// A second pattern is a further demand; one schema has room for one.
fn add_pattern(schema: &mut Value, pattern: &str) {
    if schema.get("pattern").is_some() {
        let more = schema.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
        set(schema, "allOf", Value::Array([more, vec![json!({ "pattern": pattern })]].concat()));
    } else {
        set(schema, "pattern", json!(pattern));
    }
}

/// A bound of a number stands in the schema proper; JSON Schema has no words for bounds of money and dates.
fn bound(schema: &mut Value, kind: &FieldKind, text: Option<&str>, exclusive: bool, lower: bool) {
    let Some(text) = text else { return };
    let name = match (lower, exclusive) {
        (true, false) => "minimum",
        (true, true) => "exclusiveMinimum",
        (false, false) => "maximum",
        (false, true) => "exclusiveMaximum",
    };
    if matches!(kind, FieldKind::Integer | FieldKind::Decimal) {
        let narrower = if lower { f64::max } else { f64::min };
        tighten(schema, name, text.parse().ok(), narrower);
    } else {
        set(schema, &format!("x-{name}"), json!(text));
        // That an amount is not negative its pattern can say.
        if lower && matches!(kind, FieldKind::Money) && !text.starts_with('-') {
            let pattern = schema.get("pattern").and_then(Value::as_str).map(|known| known.replacen("-?", "", 1));
            set(schema, "pattern", json!(pattern));
        }
    }
}

/// Sets a number unless a tighter one stands there already.
fn tighten(schema: &mut Value, name: &str, value: Option<f64>, tighter: fn(f64, f64) -> f64) {
    let Some(value) = value else { return };
    let value = schema.get(name).and_then(Value::as_f64).map_or(value, |known| tighter(known, value));
    set(schema, name, number(value));
}

/// Whole numbers are written without a fraction.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
        format!("{value:.0}").parse::<i64>().map_or(Value::Null, Value::from)
    } else {
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }
}

fn nullable(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(Value::String(name)) = map.get("type").cloned() {
        map.insert("type".to_owned(), json!([name, "null"]));
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.push(Value::Null);
    }
}

pub(super) fn set(schema: &mut Value, name: &str, value: Value) {
    if let Value::Object(map) = schema {
        map.insert(name.to_owned(), value);
    }
}
