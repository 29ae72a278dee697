//! `list_files`: every path that the task sees.

use crate::{Context, Effect, Error, Tool, context::strings};
use async_trait::async_trait;
use serde_json::{Value, json};

pub(crate) struct ListFiles;

#[async_trait]
impl Tool for ListFiles {
    fn name(&self) -> &'static str {
        "list_files"
    }
    fn description(&self) -> &'static str {
        "Lists the paths of all files of the deliverable so far, your own among them."
    }
    fn effect(&self) -> Effect {
        Effect::ReadOnly
    }
    fn schema(&self) -> Value {
        strings(&[])
    }
    async fn call(&self, _: &Value, context: &mut Context) -> Result<Value, Error> {
        let files: Vec<_> = context.files().into_keys().collect();
        Ok(json!({ "files": files }))
    }
}
