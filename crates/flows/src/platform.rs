//! What tasks work with.

use crate::{failure::Fault, task::Progress};
use async_trait::async_trait;
use maestro_domain::{NodeFailure, NodeStatus, PersonaId, RunId, Starter, with_causes};
use maestro_ports::{
    Clock, Functions, Referee, Web,
    referee::{Job, Outcome},
};
use maestro_store::Store;
use serde_json::Value;
use std::sync::Arc;

/// The ports. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Rows and blobs.
    pub store: Store,
    /// Wall time.
    pub clock: Arc<dyn Clock>,
    /// Runs scripts.
    pub scripts: Arc<dyn Scripts>,
    /// Calls web services.
    pub web: Arc<dyn Web>,
    /// Calls functions.
    pub functions: Arc<dyn Functions>,
    /// Gives tasks to personas.
    pub personas: Arc<dyn Personas>,
    /// Runs workflows that nodes name.
    pub children: Arc<dyn Children>,
}

/// A workflow that a node runs.
#[derive(Debug, Clone)]
pub struct Child {
    /// The run whose node it is.
    pub parent: RunId,
    /// Its own id: the same for the same node of the same run, so that a later attempt goes on with it.
    pub id: RunId,
    /// Its name, among those that were stored with the parent.
    pub dag_id: String,
    /// Values for its variables.
    pub variables: Value,
    /// The node whose work it is.
    pub starter: Starter,
    /// When the attempt of the node began, milliseconds since 1970: how it ended before that is not this attempt's end.
    pub since_ms: u64,
}

/// A script that a node runs.
#[derive(Debug, Clone)]
pub struct Script {
    /// Whose node it is.
    pub run: RunId,
    /// The node.
    pub starter: Starter,
    /// When the attempt of the node began, milliseconds since 1970: each attempt runs it anew.
    pub since_ms: u64,
    /// What is to be run.
    pub job: Job,
}

/// Runs scripts.
#[async_trait]
pub trait Scripts: Send + Sync {
    /// Runs one to its end. Or, where somebody else runs it, answers what is known: the script has to be given again until
    /// it has come to an end.
    async fn run(&self, script: Script) -> Result<Ran, NodeFailure>;
}

/// What has become of a script.
#[derive(Debug)]
pub enum Ran {
    /// It has ended.
    Ended(Box<Outcome>),
    /// It is somebody else's to run. The node is woken, or looks again.
    Later {
        /// When, milliseconds since 1970.
        at_ms: u64,
    },
}

/// Scripts that this process runs.
pub struct Sandbox(pub Arc<dyn Referee>);

#[async_trait]
impl Scripts for Sandbox {
    async fn run(&self, script: Script) -> Result<Ran, NodeFailure> {
        let ran = self.0.run(script.job).await;
        ran.map(|outcome| Ran::Ended(outcome.into())).map_err(|error| Fault::Referee.because(with_causes(&error)))
    }
}

/// A task that a node gives to a persona.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Whose node it is.
    pub run: RunId,
    /// The node's number.
    pub node: u32,
    /// What tells this task from all others of the run.
    pub name: String,
    /// Who is to work.
    pub persona: PersonaId,
    /// What is to be done.
    pub task: String,
    /// What it works from.
    pub inputs: Option<Value>,
}

/// Gives tasks to personas.
#[async_trait]
pub trait Personas: Send + Sync {
    /// Lets a persona do a task to its end; what it hands over is a text.
    async fn work(&self, assignment: Assignment) -> Result<String, NodeFailure>;
}

/// Where no persona works.
#[derive(Debug, Clone, Copy)]
pub struct NoPersonas;

#[async_trait]
impl Personas for NoPersonas {
    async fn work(&self, assignment: Assignment) -> Result<String, NodeFailure> {
        Err(Fault::NotSupported.because(format!("no persona works here, so `{}` was not asked", assignment.persona)))
    }
}

/// Runs workflows that nodes name.
#[async_trait]
pub trait Children: Send + Sync {
    /// Runs one to its end; its output holds the outputs of its nodes by their ids. Where it waits for people or events and
    /// nobody is to wait for them, it is left so.
    async fn run(&self, child: Child) -> Result<Progress, NodeFailure>;
}

/// What happens in a run, for whoever watches.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowEvent {
    /// Work on a node begins.
    Started {
        /// Its id.
        node: String,
    },
    /// A node is complete.
    Completed {
        /// Its id.
        node: String,
        /// How.
        status: NodeStatus,
    },
    /// A node waits for people or events.
    Waiting {
        /// Its id.
        node: String,
        /// For what.
        what: String,
    },
    /// An attempt failed.
    Failed {
        /// The node's id.
        node: String,
        /// Why.
        failure: NodeFailure,
    },
    /// A node was undone.
    Compensated {
        /// Its id.
        node: String,
    },
    /// A node could not be undone.
    NotCompensated {
        /// Its id.
        node: String,
        /// Why.
        failure: NodeFailure,
    },
}
