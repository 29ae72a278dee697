//! The built-in author, with some persona's calls changed on their way.

use async_trait::async_trait;
use maestro_blueprint::Blueprint;
use maestro_ports::{
    Model,
    model::{Error, Progress, Quote, Reply, Request, ToolCall},
};
use serde_json::json;

/// Changes calls by what was asked.
pub(crate) struct Meddled<F>(pub(crate) F);

#[async_trait]
impl<F: Fn(&Request, &mut Vec<ToolCall>) + Send + Sync> Model for Meddled<F> {
    fn name(&self) -> &str {
        Blueprint.name()
    }
    fn answer_limit(&self) -> usize {
        Blueprint.answer_limit()
    }

    fn quote(&self, request: &Request) -> Result<Quote, Error> {
        Blueprint.quote(request)
    }

    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error> {
        let mut reply = Blueprint.complete(request, progress).await?;
        (self.0)(request, &mut reply.calls);
        Ok(reply)
    }
}

/// Drops a rule from the service that the backend developer writes: the file that declares it is written anew from a model
/// without it.
pub(crate) fn without_rule(calls: &mut [ToolCall], model: &maestro_artifacts::ServiceModel, rule: &str) {
    let mut model = model.clone();
    model.rules.retain(|other| other.id != rule);
    let files = maestro_service::backend_files(&model);
    for call in calls.iter_mut().filter(|call| call.name == "write_file") {
        let path = call.arguments["path"].as_str().unwrap().to_owned();
        // The gate looks for the rule's name in the code; a comment is no enforcement.
        call.arguments["content"] = json!(format!("{}\n# {rule}\n", files[&path]));
    }
}
