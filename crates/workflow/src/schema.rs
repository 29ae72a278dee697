//! The published JSON Schema of `workflow.yaml`, for editors.

use crate::format::WorkflowDag;
use crate::types;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// The schema: that of the types that are read, and for each task type that of its config.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let rules: Vec<Value> = types::ALL
        .iter()
        .map(|one| {
            let config = one.schema(&mut generator);
            json!({
                "if": {"properties": {"task_type": {"const": one.name}}, "required": ["task_type"]},
                "then": {"properties": {"config": config}}
            })
        })
        .collect();
    let mut schema = generator.into_root_schema_for::<WorkflowDag>().to_value();
    if let Some(top) = schema.as_object_mut() {
        top.insert("title".into(), "Maestro workflow".into());
        if let Some(defs) = top.get_mut("$defs").and_then(Value::as_object_mut) {
            for name in ["WorkflowNode", "Compensation"] {
                if let Some(task) = defs.get_mut(name).and_then(Value::as_object_mut) {
                    task.insert("allOf".into(), rules.clone().into());
                }
            }
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `maestro workflow schema > docs/schemas/workflow.schema.json` makes it anew.
    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/workflow.schema.json");
        let published = std::fs::read_to_string(path).unwrap_or_default();
        let derived = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        assert!(published == derived, "run `maestro workflow schema > docs/schemas/workflow.schema.json`");
    }
}
