//! What Step Functions itself demands of the parameters of a service integration before it calls the service. Most
//! demands are the service's own, which answers with an error; here stand those that the records show.

use serde_json::Value;

use crate::resource::{Integration, Resource};

/// Why the parameters cannot be used, if so.
pub(crate) fn refusal(resource: &Resource, parameters: &Value) -> Option<String> {
    if resource.integration != Integration::Service {
        return None;
    }
    match (parameters.get("Headers")?, resource.short_name()) {
        // Each header has a list of values.
        (Value::Object(headers), "apigateway") if headers.values().all(is_texts) => None,
        (_, "apigateway") => Some(wrong_format("Headers")),
        _ => None,
    }
}

fn is_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

fn wrong_format(field: &str) -> String {
    format!("The value of the field '{field}' has an invalid format")
}
