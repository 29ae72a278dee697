//! One attempt of a node, or of what undoes it.

use crate::{
    failure::Fault,
    flow::Flow,
    platform::Platform,
    scope::{Outcomes, Scope},
    tasks,
};
use maestro_domain::{NodeFailure, NodeOutput, NodeStatus, RunId, Starter};
use maestro_workflow::{Node, format::WorkflowNode, types::noop};
use serde_json::Value;
use std::sync::Arc;

/// What an attempt has come to.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// It is done, with an output or without.
    Done(Option<Value>),
    /// It has to be run again, at this time; the claim stands.
    Again {
        /// Milliseconds since 1970.
        at_ms: u64,
        /// What it waits for, where that is people or events: nothing that passes by itself.
        waits_for: Option<String>,
    },
}

/// One attempt.
#[derive(Debug, Clone)]
pub struct Task {
    /// Whose node it is.
    pub run: RunId,
    /// The node's number.
    pub node: u32,
    /// The node's id.
    pub id: String,
    /// Its type.
    pub task_type: String,
    /// Its config, with expressions.
    pub config: Option<Node>,
    /// `$context`.
    pub context: Arc<Value>,
    /// How nodes ended that it reads of.
    pub outcomes: Outcomes,
    /// When the attempt began, milliseconds since 1970.
    pub started_ms: u64,
    /// Whether it undoes the node.
    pub undoes: bool,
}

/// What a task type works with.
pub(crate) struct Work<'a> {
    pub(crate) platform: &'a Platform,
    pub(crate) task: &'a Task,
    /// The config with the values of its expressions, but where the type evaluates it itself.
    pub(crate) config: Value,
    pub(crate) scope: &'a Scope,
    /// When this began: the attempt, or an item of it.
    pub(crate) started_ms: u64,
    /// Which item of a map it is.
    pub(crate) item: Option<u32>,
}

impl Work<'_> {
    /// The typed config.
    pub(crate) fn config<C: serde::de::DeserializeOwned>(&self) -> Result<C, NodeFailure> {
        let wrong =
            |problem| Fault::Expression.because(format!("with the values of its expressions, `config`: {problem}"));
        maestro_workflow::types::read(&self.config).map_err(wrong)
    }

    /// Whose work it is.
    pub(crate) fn starter(&self) -> Starter {
        Starter { node: self.task.id.clone(), undoes: self.task.undoes }
    }

    /// What tells this piece of work from all others, such as the name of a job.
    pub(crate) fn name(&self) -> String {
        let undoes = if self.task.undoes { "undo " } else { "" };
        match self.item {
            Some(item) => format!("{undoes}{}/{item}", self.task.id),
            None => format!("{undoes}{}", self.task.id),
        }
    }
}

/// Whether a node may end though nothing was done for it: what that comes to, [`Task::without_work`] says.
#[must_use]
pub fn may_need_no_work(written: &WorkflowNode) -> bool {
    written.when.is_some() || *written.task_type == noop::NAME
}

impl Task {
    /// How a node ends that nothing has to be done for: one that is skipped, or that only hands on a value. It needs no
    /// claim, since whoever does that twice has changed nothing.
    ///
    /// # Errors
    /// Why its texts come to nothing.
    pub async fn without_work(
        &self,
        platform: &Platform,
        written: &WorkflowNode,
    ) -> Result<Option<(NodeStatus, NodeOutput)>, NodeFailure> {
        let store = &platform.store;
        if let Some(when) = &written.when {
            let (now, context) = (platform.clock.now_ms(), Arc::clone(&self.context));
            let scope = Scope::read(store, &self.run, context, self.outcomes.clone(), now).await;
            if !scope.map_err(|error| Fault::store(&error))?.is_true(when.as_str())? {
                return Ok(Some((NodeStatus::Skipped, NodeOutput::Nothing)));
            }
        }
        if *written.task_type != noop::NAME {
            return Ok(None);
        }
        match self.run(platform).await? {
            Progress::Done(output) => {
                let output = store.keep_output(&self.run, output).await.map_err(|error| Fault::store(&error))?;
                Ok(Some((NodeStatus::Succeeded, output)))
            }
            Progress::Again { .. } => Ok(None),
        }
    }

    /// Does what the node's type says.
    ///
    /// # Errors
    /// Why the attempt failed.
    pub async fn run(&self, platform: &Platform) -> Result<Progress, NodeFailure> {
        let now = platform.clock.now_ms();
        let (store, context) = (&platform.store, Arc::clone(&self.context));
        let scope = Scope::read(store, &self.run, context, self.outcomes.clone(), now)
            .await
            .map_err(|error| Fault::store(&error))?;
        let runner = tasks::find(&self.task_type)?;
        let config = self.config.as_ref().map_or_else(Flow::nothing, Node::to_json);
        let config = if runner.evaluates_itself { config } else { scope.fill_json(config)? };
        let work = Work { platform, task: self, config, scope: &scope, started_ms: self.started_ms, item: None };
        (runner.run)(work).await
    }
}
