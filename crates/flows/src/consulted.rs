//! Tasks that nodes give to personas, paid from the account of the outermost run.

use crate::{Assignment, Fault, Personas};
use async_trait::async_trait;
use maestro_domain::{FailureKind, NodeFailure, RunId, TaskId, with_causes};
use maestro_ports::Models;
use maestro_sdlc::{Consultation, consult};
use maestro_store::Store;
use std::sync::Arc;

/// Personas that answer in this process.
pub struct Consulted {
    store: Store,
    models: Arc<dyn Models>,
}

impl Consulted {
    /// Personas whose turns and accounts are in a store.
    #[must_use]
    pub fn new(store: Store, models: Arc<dyn Models>) -> Self {
        Self { store, models }
    }
}

#[async_trait]
impl Personas for Consulted {
    async fn work(&self, assignment: Assignment) -> Result<String, NodeFailure> {
        let Assignment { run, node, name, persona, task: words, inputs } = assignment;
        let failed = |error: maestro_store::Error| Fault::Store.because(with_causes(&error));
        let mut outer = self.store.flow(&run).await.map_err(failed)?.run;
        let model = outer.model.clone().ok_or_else(|| {
            Fault::NotSupported.because(format!("the run was started without a model, so `{persona}` was not asked"))
        })?;
        while let Some(parent) = &outer.parent {
            outer = self.store.flow(parent).await.map_err(failed)?.run;
        }
        let task = task(&outer.id, &run, node, &name)?;
        let asked = Consultation {
            run: &outer.id,
            model: &model,
            task: &task,
            persona,
            words: &words,
            inputs: inputs.as_ref(),
        };
        consult(&self.store, &*self.models, &asked).await.map_err(|failure| {
            let fault = match failure.kind {
                FailureKind::Budget => Fault::Budget,
                FailureKind::Model => Fault::Model,
                FailureKind::NeedsModel => Fault::NeedsModel,
                FailureKind::Store | FailureKind::StoreFull => Fault::Store,
                _ => Fault::Work,
            };
            fault.because(failure.cause)
        })
    }
}

/// Longest part of a name that a task's id repeats.
const NAMED: usize = 100;

/// A node's id may hold anything, a task's may not; so it is told by its number, and by as much of its name as can be read.
fn task(outer: &RunId, run: &RunId, node: u32, name: &str) -> Result<TaskId, NodeFailure> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/') { c } else { '_' };
    // Its end says which item of a map it is.
    let name: String = name.chars().skip(name.chars().count().saturating_sub(NAMED)).map(plain).collect();
    let within = if run == outer { String::new() } else { format!("{run}/") };
    TaskId::new(format!("{within}node/{node}#{name}")).map_err(|error| Fault::Work.because(error.to_string()))
}
