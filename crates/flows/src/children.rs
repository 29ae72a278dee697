//! Workflows that nodes run: runs of their own, whoever executes them.

use crate::{
    failure::Fault,
    flow::Flow,
    lifecycle::{Machine, Models, NewRun, Parent},
    platform::Child,
};
use maestro_domain::{FlowRun, NodeFailure, NodeKey, RunStatus, with_causes};
use maestro_store::Store;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The run that a node starts, from what was stored with the run whose node it is.
///
/// # Errors
/// When that run is over, does not hold the workflow, or cannot be read.
pub async fn new_run(store: &Store, child: &Child) -> Result<NewRun, NodeFailure> {
    let failed = |error: maestro_store::Error| Fault::store(&error);
    let stored = store.flow(&child.parent).await.map_err(failed)?;
    let parent = &stored.run;
    if !child.starter.undoes && parent.status != RunStatus::Running {
        return Err(Fault::Cancelled.because(format!("run `{}` is {}", parent.id, parent.status.id())));
    }
    let mut others = BTreeMap::new();
    for (name, hash) in &parent.others {
        others.insert(name.clone(), store.flow_text(&child.parent, hash).await.map_err(failed)?);
    }
    let wrong = |why: &str| Fault::Workflow.because(format!("the workflow `{}` cannot be run: {why}", child.dag_id));
    let text = others.get(&child.dag_id).cloned().ok_or_else(|| wrong("it was not stored with the run"))?;
    let workflow = maestro_workflow::check(&text).workflow;
    let workflow = workflow.ok_or_else(|| wrong("this maestro finds errors in it that an older one did not"))?;
    Ok(NewRun {
        id: child.id.clone(),
        name: None,
        workflow,
        text,
        others,
        variables: child.variables.as_object().cloned().unwrap_or_default(),
        models: parent.model.clone().map(|name| Models { name, grant: None }),
        machine: Machine::inside(parent, &child.dag_id),
        parent: Some(Parent { starter: child.starter.clone(), stored }),
    })
}

/// What its nodes handed over, by their ids.
///
/// # Errors
/// A failure of the store.
pub async fn outputs(store: &Store, run: &FlowRun) -> Result<Value, NodeFailure> {
    let read = async {
        let flow = Flow::load(store, &store.flow(&run.id).await?).await?;
        let mut outputs = Map::new();
        for (key, stored) in store.nodes(&run.id).await? {
            if let (NodeKey::Node(node), Some(outcome)) = (key, stored.row.outcome())
                && let Some(output) = store.output(&run.id, &outcome.output).await?
            {
                outputs.insert(flow.id(node).to_owned(), output);
            }
        }
        Ok(outputs.into())
    };
    read.await.map_err(|error: maestro_store::Error| Fault::Workflow.because(with_causes(&error)))
}

/// Why a node failed whose workflow did not end well.
#[must_use]
pub fn ended(run: &FlowRun) -> NodeFailure {
    let reason = run.reason.as_ref().map(|reason| format!("{}: {}", reason.code, reason.message)).unwrap_or_default();
    Fault::Workflow.because(format!("run `{}` of `{}` ended: {reason}", run.id, run.dag_id))
}
