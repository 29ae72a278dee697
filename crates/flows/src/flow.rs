//! A run's workflow, compiled: who waits for whom, by number.

use maestro_domain::{NodeKey, RunId};
use maestro_store::{Error, Store, StoredFlow};
use maestro_workflow::{
    Workflow,
    compile::{Compiled, Definition, Wait, compile},
    graph::Ix,
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// A workflow that runs.
#[derive(Debug)]
pub struct Flow {
    /// Whose it is.
    pub run: RunId,
    /// As written.
    pub workflow: Workflow,
    /// As compiled. The same text gives the same, so that numbers stand for the same in every execution.
    pub compiled: Compiled,
    /// `$context`.
    pub context: Value,
    numbers: HashMap<String, u32>,
    node_waiters: Vec<Vec<NodeKey>>,
    relay_waiters: Vec<Vec<NodeKey>>,
    /// Each node's place in the order of the graph.
    order: Vec<u32>,
}

impl Flow {
    /// The workflow of a run, with values that replace those of `context.variables`.
    #[must_use]
    pub fn new(run: RunId, workflow: Workflow, variables: &Map<String, Value>) -> Self {
        let compiled = compile(&workflow);
        let count = workflow.graph.len();
        let mut node_waiters = vec![Vec::new(); count];
        let mut relay_waiters = vec![Vec::new(); compiled.relays.len()];
        let mut wait = |of: &[Wait], who: NodeKey| {
            for one in of {
                let waiters = match one {
                    Wait::Node(Ix(at)) => node_waiters.get_mut(*at as usize),
                    Wait::Relay(at) => relay_waiters.get_mut(*at),
                };
                waiters.into_iter().for_each(|waiters| waiters.push(who));
            }
        };
        for (Ix(at), after) in compiled.after.iter() {
            wait(after, NodeKey::Node(at));
        }
        for (at, relay) in (0..).zip(&compiled.relays) {
            wait(&relay.after, NodeKey::Relay(at));
        }
        let mut order = vec![0; count];
        for (place, Ix(at)) in (0..).zip(&workflow.graph.order) {
            if let Some(one) = order.get_mut(*at as usize) {
                *one = place;
            }
        }
        let written = workflow.dag.context.variables.iter().map(|(name, value)| (name.clone(), value.to_json()));
        let mut all: Map<String, Value> = written.collect();
        all.extend(variables.iter().map(|(name, value)| (name.clone(), value.clone())));
        let numbers = (0..).zip(&workflow.dag.nodes).map(|(at, node)| (node.node_id.value.clone(), at)).collect();
        let context = serde_json::json!({"variables": all});
        Self { run, workflow, compiled, context, numbers, node_waiters, relay_waiters, order }
    }

    /// The workflow of a stored run.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn load(store: &Store, stored: &StoredFlow) -> Result<Self, Error> {
        let run = &stored.run;
        let text = store.flow_text(&run.id, &run.workflow).await?;
        let variables = store.flow_text(&run.id, &run.variables).await?;
        let damaged = |hash| move |source| Error::BadDocument { hash, source };
        let variables: BTreeMap<String, Value> =
            serde_json::from_str(&variables).map_err(damaged(run.variables.clone()))?;
        let workflow = maestro_workflow::check(&text).workflow.ok_or_else(|| Error::BadDocument {
            hash: run.workflow.clone(),
            source: serde::de::Error::custom("this maestro finds errors in the workflow that an older one did not"),
        })?;
        Ok(Self::new(run.id.clone(), workflow, &variables.into_iter().collect()))
    }

    /// The compiled definitions, for an execution. They go with it: the texts of a large graph are large, and who executes it
    /// reads them once.
    #[must_use]
    pub fn take_definitions(&mut self) -> Vec<Definition> {
        std::mem::take(&mut self.compiled.definitions)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.node_waiters.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.node_waiters.is_empty()
    }

    /// A node's number.
    #[must_use]
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// A node's id.
    #[must_use]
    pub fn id(&self, node: u32) -> &str {
        self.workflow.id(Ix(node))
    }

    /// What people call a row.
    #[must_use]
    pub fn named(&self, key: NodeKey) -> String {
        match key {
            NodeKey::Node(at) => self.id(at).to_owned(),
            NodeKey::Relay(at) => format!("relay {at}"),
        }
    }

    /// A node's place in the order of the graph: later than all that it depends on.
    #[must_use]
    pub fn place(&self, node: u32) -> u32 {
        self.order.get(node as usize).copied().unwrap_or(node)
    }

    /// What a row waits for, besides what the state machine sees.
    #[must_use]
    pub fn waits_for(&self, key: NodeKey) -> &[Wait] {
        match key {
            NodeKey::Node(at) if (at as usize) < self.len() => &self.compiled.after[Ix(at)],
            NodeKey::Node(_) => &[],
            NodeKey::Relay(at) => self.compiled.relays.get(at as usize).map_or(&[], |relay| &relay.after),
        }
    }

    /// What waits for a row.
    #[must_use]
    pub fn waiters(&self, key: NodeKey) -> &[NodeKey] {
        let waiters = match key {
            NodeKey::Node(at) => self.node_waiters.get(at as usize),
            NodeKey::Relay(at) => self.relay_waiters.get(at as usize),
        };
        waiters.map_or(&[], Vec::as_slice)
    }
}
