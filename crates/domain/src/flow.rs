//! One run of a workflow, and the only ways its status may change: those of any run.

use crate::{
    hash::ContentHash,
    ids::RunId,
    run::{IllegalTransition, RunReason, RunStatus, Transition},
};
use serde::{Deserialize, Serialize};

/// The node whose work a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starter {
    /// Its id.
    pub node: String,
    /// Whether that work undoes the node.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undoes: bool,
}

/// One run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowRun {
    /// Its id.
    pub id: RunId,
    /// The workflow's name.
    pub dag_id: String,
    /// What people call the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Hash of the workflow's text, which is stored with the run and never changes.
    pub workflow: ContentHash,
    /// Hash of the values that replace `context.variables`: JSON, stored with the run.
    pub variables: ContentHash,
    /// Texts of the workflows that nodes run, by their names.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub others: std::collections::BTreeMap<String, ContentHash>,
    /// The models of its personas, where it was started with some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many nodes it has.
    pub nodes: usize,
    /// The run whose node this one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<RunId>,
    /// Which of that run's nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starter: Option<Starter>,
    /// What executes it, where that is none of this program's processes: a state machine's ARN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// The same of the workflows that nodes run, by their names.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub machines: std::collections::BTreeMap<String, String>,
    /// Where it stands.
    pub status: RunStatus,
    /// Why it is not `ok`; of a run that is under way, why what it did is being undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<RunReason>,
    /// How many executions have worked on it; the n-th is named `<run>-r<n>` from the second on.
    pub executions: u32,
    /// Clock at creation, milliseconds since 1970.
    pub created_ms: u64,
    /// Clock at the last change of status, milliseconds since 1970.
    pub changed_ms: u64,
}

impl FlowRun {
    /// Ends the run.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has already ended, or when `status` is no end.
    pub fn finish(
        &mut self,
        status: RunStatus,
        reason: Option<RunReason>,
        now_ms: u64,
    ) -> Result<(), IllegalTransition> {
        self.apply(Transition::Finish(status), now_ms)?;
        self.reason = reason;
        Ok(())
    }

    /// Its execution has failed. What it did is undone before it ends so, by whoever goes on with it.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has ended already.
    pub fn fail_after_undoing(&mut self, reason: RunReason, now_ms: u64) -> Result<(), IllegalTransition> {
        if self.status != RunStatus::Running {
            return Err(self.refused("fail"));
        }
        self.reason = Some(reason);
        self.changed_ms = now_ms;
        Ok(())
    }

    /// Why what it did is being undone, where it ends after that.
    #[must_use]
    pub fn fails_after_undoing(&self) -> Option<&RunReason> {
        self.reason.as_ref().filter(|_| self.status == RunStatus::Running)
    }

    /// Cancels the run, also one whose execution was only interrupted.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has ended in a way that cancelling would hide.
    pub fn cancel(&mut self, now_ms: u64) -> Result<(), IllegalTransition> {
        if self.status == RunStatus::Cancelled && self.reason == Some(RunReason::interrupted()) {
            self.changed_ms = now_ms;
        } else {
            self.apply(Transition::Cancel, now_ms)?;
        }
        self.reason = Some(RunReason::cancelled());
        Ok(())
    }

    /// Whether what it did can be undone now: it has ended, and not well.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has not.
    pub fn undo(&self) -> Result<(), IllegalTransition> {
        match self.status {
            RunStatus::Failed | RunStatus::Cancelled => Ok(()),
            RunStatus::Running | RunStatus::Blocked | RunStatus::Ok => Err(self.refused("be undone")),
        }
    }

    /// Opens the run for one more execution. Where it was being undone, that one goes on with it.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has ended well.
    pub fn resume(&mut self, now_ms: u64) -> Result<(), IllegalTransition> {
        let reason = self.fails_after_undoing().cloned();
        self.apply(Transition::Resume, now_ms)?;
        self.reason = reason;
        self.executions += 1;
        Ok(())
    }

    /// The name of the execution that works on the run now.
    #[must_use]
    pub fn execution_name(&self) -> String {
        self.id.execution(self.executions)
    }

    fn apply(&mut self, transition: Transition, now_ms: u64) -> Result<(), IllegalTransition> {
        self.status = self.status.after(transition).ok_or_else(|| self.refused(transition.verb()))?;
        self.changed_ms = now_ms;
        Ok(())
    }

    fn refused(&self, event: &'static str) -> IllegalTransition {
        IllegalTransition { run: self.id.clone(), status: self.status, event }
    }
}
