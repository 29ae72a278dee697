//! `read_file`: one file's text.

use crate::{
    Context, Effect, Error, Tool,
    context::{arguments, strings},
};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct ReadFile;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    path: String,
}

/// Most bytes answered of one file.
const LIMIT: usize = 200_000;

#[async_trait]
impl Tool for ReadFile {
    fn name(&self) -> &'static str {
        "read_file"
    }
    fn description(&self) -> &'static str {
        "Reads a text file of the deliverable, at most its first 200,000 bytes."
    }
    fn effect(&self) -> Effect {
        Effect::ReadOnly
    }
    fn schema(&self) -> Value {
        strings(&[("path", "the file's path, as `list_files` gives it")])
    }
    async fn call(&self, given: &Value, context: &mut Context) -> Result<Value, Error> {
        let Arguments { path } = arguments(given)?;
        let files = context.files();
        let Some(bytes) = files.get(path.as_str()) else {
            return Err(Error::Respond(format!("there is no file `{path}`")));
        };
        let cut = bytes.len() > LIMIT;
        let text = String::from_utf8_lossy(bytes.get(..LIMIT).unwrap_or(bytes));
        Ok(json!({"path": path, "content": text, "cut": cut}))
    }
}
