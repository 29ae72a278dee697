//! How a row's attributes stand in DynamoDB.
//!
//! Text, whole numbers, booleans and null have types of their own there. Everything else is kept as JSON text under
//! [`JSON`], so that it reads back as it was written: DynamoDB knows no difference between `1` and `1.0`, and allows no
//! empty names.

use aws_sdk_dynamodb::types::AttributeValue;
use maestro_ports::table::{Item, Key};
use serde_json::Value;
use std::collections::HashMap;

/// Attributes by name, as the SDK has them.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// The partition key's attribute.
pub(crate) const PK: &str = "pk";
/// The sort key's attribute.
pub(crate) const SK: &str = "sk";
/// The one name inside a map that stands for a value of another type.
const JSON: &str = "json";
/// Before names that cannot be used as they are.
const ESCAPE: char = '%';

/// Why stored attributes are no row.
#[derive(Debug, thiserror::Error)]
#[error("the stored attribute `{name}` {why}")]
pub(crate) struct Foreign {
    name: String,
    why: String,
}

/// The attribute that a name stands under.
pub(crate) fn name(name: &str) -> String {
    if name.is_empty() || name.starts_with(ESCAPE) || name == PK || name == SK {
        return format!("{ESCAPE}{name}");
    }
    name.to_owned()
}

/// A value as an attribute.
pub(crate) fn value(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(yes) => AttributeValue::Bool(*yes),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => AttributeValue::N(number.to_string()),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            AttributeValue::M([(JSON.to_owned(), AttributeValue::S(value.to_string()))].into())
        }
    }
}

/// The attributes of a key.
pub(crate) fn key(key: &Key) -> Attributes {
    let part = |text: &str| AttributeValue::S(text.to_owned());
    [(PK.to_owned(), part(&key.pk)), (SK.to_owned(), part(&key.sk))].into()
}

/// The attributes of a row under its key.
pub(crate) fn row(of: &Key, item: &Item) -> Attributes {
    let mut attributes = key(of);
    attributes.extend(item.iter().map(|(given, stored)| (name(given), value(stored))));
    attributes
}

/// Reads a row back.
pub(crate) fn read(mut attributes: Attributes) -> Result<(Key, Item), Foreign> {
    let mut part = |name: &str| match attributes.remove(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(foreign(name, "is no text")),
    };
    let key = Key { pk: part(PK)?, sk: part(SK)? };
    let mut item = Item::new();
    for (name, stored) in attributes {
        let given = name.strip_prefix(ESCAPE).unwrap_or(&name).to_owned();
        item.insert(given, plain(&name, &stored)?);
    }
    Ok((key, item))
}

fn plain(name: &str, stored: &AttributeValue) -> Result<Value, Foreign> {
    let parsed =
        |text: &str| serde_json::from_str(text).map_err(|error| foreign(name, &format!("is no JSON: {error}")));
    match stored {
        AttributeValue::Null(_) => Ok(Value::Null),
        AttributeValue::Bool(yes) => Ok(Value::Bool(*yes)),
        AttributeValue::S(text) => Ok(Value::String(text.clone())),
        AttributeValue::N(text) => parsed(text),
        AttributeValue::M(map) => match map.get(JSON) {
            Some(AttributeValue::S(text)) => parsed(text),
            _ => Err(foreign(name, "is a map of somebody else")),
        },
        _ => Err(foreign(name, "has a type that is never written")),
    }
}

fn foreign(name: &str, why: &str) -> Foreign {
    Foreign { name: name.to_owned(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_read_back_as_they_were_written() {
        let key = Key { pk: "T#t#p".into(), sk: "s".into() };
        let item = json!({
            "": "", "pk": 1, "sk": [1.0, 1], "%": null, "%pk": "x", "v": 18_446_744_073_709_551_615_u64, "n": -1,
            "half": 0.5, "one": 1.0, "map": {"": {"json": 1}}, "yes": true, "text": "\u{0}é",
        });
        let item: Item = serde_json::from_value(item).unwrap();
        let attributes = row(&key, &item);
        assert_eq!(attributes["v"], AttributeValue::N("18446744073709551615".into()), "numbers can be compared there");
        assert!(attributes.keys().all(|name| !name.is_empty()));
        let (found, read) = read(attributes).unwrap();
        assert_eq!((found, &read), (key, &item));
        assert_eq!(Value::Object(read).to_string().len(), Value::Object(item).to_string().len(), "`1.0` stays `1.0`");
    }

    #[test]
    fn what_somebody_else_wrote_is_refused() {
        let with = |value| {
            let mut attributes = key(&Key { pk: "p".into(), sk: "s".into() });
            attributes.insert("x".into(), value);
            read(attributes).unwrap_err().to_string()
        };
        assert_eq!(with(AttributeValue::M(HashMap::new())), "the stored attribute `x` is a map of somebody else");
        assert_eq!(with(AttributeValue::Ss(vec![])), "the stored attribute `x` has a type that is never written");
        assert!(read(Attributes::new()).unwrap_err().to_string().contains("`pk` is no text"));
    }
}
