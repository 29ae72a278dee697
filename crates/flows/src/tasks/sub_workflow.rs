//! Runs another workflow.

use super::Runner;
use crate::{
    failure::Fault,
    platform::Child,
    task::{Progress, Work},
};
use maestro_domain::{ContentHash, NodeFailure, RunId};
use maestro_workflow::types::sub_workflow::SubWorkflow;
use serde_json::Value;

pub(super) const RUNNER: Runner = Runner { name: "workflow", evaluates_itself: false, run: |work| Box::pin(run(work)) };

async fn run(work: Work<'_>) -> Result<Progress, NodeFailure> {
    let config: SubWorkflow = work.config()?;
    let variables = config.variables.iter().map(|(name, value)| (name.clone(), value.to_json()));
    let child = Child {
        parent: work.task.run.clone(),
        id: child_id(&work)?,
        dag_id: config.dag_id,
        variables: Value::Object(variables.collect()),
        starter: work.starter(),
        since_ms: work.task.started_ms,
    };
    work.platform.children.run(child).await
}

/// The same for the same work of the same run.
fn child_id(work: &Work<'_>) -> Result<RunId, NodeFailure> {
    let place = format!("{}|{}|{}", work.task.node, work.name(), work.task.undoes);
    let hash = ContentHash::of_parts([(work.task.run.as_str(), place.as_bytes())]);
    let id = format!("run-{}", hash.as_str().get(..26).unwrap_or_default());
    RunId::new(id).map_err(|error| Fault::Workflow.because(error.to_string()))
}
