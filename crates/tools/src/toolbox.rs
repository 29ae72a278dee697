//! Which tools there are. A toolbox is a value: a test puts another tool into the place of one.

use crate::{ErasedTool, tools};
use std::sync::Arc;

/// Tools, by name.
#[derive(Clone, Default)]
pub struct Toolbox(Vec<Arc<dyn ErasedTool>>);

impl Toolbox {
    /// Every tool of the house.
    #[must_use]
    pub fn standard() -> Self {
        tools::all().into_iter().fold(Self::default(), Self::with)
    }

    /// Puts a tool in, in place of the one that has its name.
    #[must_use]
    pub fn with(mut self, tool: Arc<dyn ErasedTool>) -> Self {
        match self.0.binary_search_by(|other| other.name().cmp(tool.name())) {
            Ok(at) => {
                if let Some(place) = self.0.get_mut(at) {
                    *place = tool;
                }
            }
            Err(at) => self.0.insert(at, tool),
        }
        self
    }

    /// Finds a tool by name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&dyn ErasedTool> {
        self.iter().find(|tool| tool.name() == name)
    }

    /// All tools, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &dyn ErasedTool> {
        self.0.iter().map(|tool| &**tool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Effect, Error, Workspace};
    use async_trait::async_trait;
    use serde_json::{Value, json};

    struct Broken;

    #[async_trait]
    impl ErasedTool for Broken {
        fn name(&self) -> &str {
            "read_file"
        }
        fn description(&self) -> &str {
            "Never works."
        }
        fn effect(&self) -> Effect {
            Effect::Reads
        }
        fn schema(&self) -> Value {
            json!({"type": "object"})
        }
        fn rest(&self) -> &str {
            ""
        }
        async fn call(&self, _: &Value, _: &mut Workspace<'_>) -> Result<Value, Error> {
            Err(Error::Respond("broken".to_owned()))
        }
    }

    #[test]
    fn a_tool_can_be_replaced_by_name() {
        let standard = Toolbox::standard();
        let count = standard.iter().count();
        let replaced = standard.with(Arc::new(Broken));
        assert_eq!(replaced.iter().count(), count);
        assert_eq!(replaced.find("read_file").unwrap().description(), "Never works.");
    }

    #[test]
    fn no_name_is_used_twice_and_every_schema_is_closed_and_says_what_its_members_are() {
        let standard = Toolbox::standard();
        assert_eq!(standard.iter().count(), tools::all().len(), "two tools have one name");
        for tool in standard.iter() {
            let (name, schema) = (tool.name(), tool.schema());
            assert_eq!((&schema["type"], &schema["additionalProperties"]), (&json!("object"), &json!(false)), "{name}");
            assert!(!schema.to_string().contains("$ref"), "{name}: {schema}");
            for (member, of) in schema["properties"].as_object().unwrap() {
                assert!(of["description"].is_string(), "{name}: {member} is not described");
            }
            assert!(tool.description().len() > 20 && tool.description().ends_with('.'), "{name}");
        }
    }
}
