//! From a workflow to definitions in Amazon States Language.
//!
//! Every node is one Task state named after it, which hands a message with a task token to the workflow's queue. Where a
//! node waits for more than its place in the definition says, the message lists the rest under `after`, and whoever
//! receives it answers the token only when they are complete too. `docs/workflows.md` has the contract.

mod arrange;
mod emit;
mod names;
pub mod payload;
mod relays;
mod split;

pub use arrange::{Arrangement, Step, arrange};
pub use relays::{Relay, Wait};

use crate::check::Workflow;
use crate::graph::{ByNode, Ix, reduce};

/// The deadline of a run whose workflow gives none: a week.
pub const DEADLINE: u64 = 604_800;

/// How large a definition and the history of its execution may become. Step Functions has 1 MB and 25,000 events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a definition.
    pub bytes: usize,
    /// Events of an execution in which every attempt that may fail does.
    pub events: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 950_000, events: 24_000 }
    }
}

/// A compiled workflow.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The definitions; the first one runs the whole, the others are nested executions of it.
    pub definitions: Vec<Definition>,
    /// The name of each node's state.
    pub states: ByNode<String>,
    /// What each node waits for besides what its place says.
    pub after: ByNode<Vec<Wait>>,
    /// What stands between nodes so that none has many that wait for it.
    pub relays: Vec<Relay>,
}

/// A definition.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// The token that stands for its ARN in the definition that starts it; the first has none.
    pub token: Option<String>,
    /// Amazon States Language, as short as it can be written.
    pub asl: String,
}

/// Compiles a workflow.
#[must_use]
pub fn compile(workflow: &Workflow) -> Compiled {
    compile_within(workflow, Limits::default())
}

/// Compiles a workflow into definitions that stay within limits.
#[must_use]
pub fn compile_within(workflow: &Workflow, limits: Limits) -> Compiled {
    let (reduced, _) = reduce(&workflow.graph);
    let Arrangement { whole, gates } = arrange(&reduced);
    let (after, relays) = relays::cap(&gates);
    let states = names::states(workflow);
    let nodes: ByNode<emit::Task> = states.numbers().map(|at| emit::task(workflow, at, &after[at])).collect();
    let cost = |at: Ix| nodes[at].cost(&states[at]);
    let pieces = split::split(whole, limits, &cost);
    let definitions = emit::definitions(workflow, &pieces, &states, nodes);
    Compiled { definitions, states, after, relays }
}
