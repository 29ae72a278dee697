//! `write_file`: adds or replaces a file of the caller's own artifact.

use crate::{
    Context, Effect, Error, Tool,
    context::{arguments, plain_path, strings},
};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct WriteFile;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    path: String,
    content: String,
}

/// Most bytes of one file.
const FILE_LIMIT: usize = 2 << 20;
/// Most files of one artifact.
const COUNT_LIMIT: usize = 500;

#[async_trait]
impl Tool for WriteFile {
    fn name(&self) -> &'static str {
        "write_file"
    }
    fn description(&self) -> &'static str {
        "Writes a text file of your artifact. Files that another persona handed over cannot be changed."
    }
    fn effect(&self) -> Effect {
        Effect::WritesArtifact
    }
    fn schema(&self) -> Value {
        strings(&[("path", "path below the deliverable, such as `docs/api.md`"), ("content", "the whole text")])
    }
    async fn call(&self, given: &Value, context: &mut Context) -> Result<Value, Error> {
        let Arguments { path, content } = arguments(given)?;
        plain_path(&path)?;
        if let Some(kind) = context.taken(&path) {
            return Err(Error::Respond(format!("`{path}` belongs to the artifact `{kind}` of another persona")));
        }
        if content.len() > FILE_LIMIT {
            return Err(Error::Respond(format!("`{path}` has {} bytes; {FILE_LIMIT} is the most", content.len())));
        }
        if context.own.len() >= COUNT_LIMIT && !context.own.contains_key(&path) {
            return Err(Error::Respond(format!("an artifact holds at most {COUNT_LIMIT} files")));
        }
        let bytes = content.len();
        context.own.insert(path.clone(), content.into_bytes());
        Ok(json!({"path": path, "bytes": bytes}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Upstream, tests::context};
    use maestro_domain::ArtifactKind;

    #[tokio::test]
    async fn writes_own_files_only() {
        let mut context = context();
        let design = Upstream { document: Value::Null, files: [("openapi.json".into(), vec![])].into() };
        context.upstream.insert(ArtifactKind::Design, design);
        let mut write = async |path: &str| {
            WriteFile.call(&json!({"path": path, "content": "x"}), &mut context).await.map_err(|e| e.to_string())
        };
        assert_eq!(write("docs/a.md").await.unwrap(), json!({"path": "docs/a.md", "bytes": 1}));
        assert!(write("openapi.json").await.unwrap_err().contains("belongs to the artifact `design`"));
        for bad in ["../x", "/etc/passwd", "a//b", "a/./b", "", "a\nb", "ü.md"] {
            assert!(write(bad).await.unwrap_err().contains("not a path inside"), "{bad}");
        }
        assert_eq!(context.own.keys().collect::<Vec<_>>(), ["docs/a.md"]);
    }
}
