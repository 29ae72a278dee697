//! Domain types of Maestro Hive and their rules as pure transitions.
//!
//! Nothing here reads a clock, a file, the environment or the network: time and identity come in as arguments.

pub mod address;
pub mod artifact;
pub mod block;
pub mod bucket;
pub mod budget;
pub mod epic;
pub mod event;
pub mod evidence;
pub mod failure;
pub mod file_error;
pub mod flow;
pub mod gate;
pub mod hash;
pub mod ids;
pub mod job;
pub mod node;
pub mod persona;
pub mod phase;
pub mod recovery;
pub mod run;
pub mod spending;
pub mod task;
pub mod trace;

pub use address::is_public;
pub use artifact::{Artifact, ArtifactKind};
pub use block::{BlockResult, BlockStatus};
pub use bucket::TokenBucket;
pub use budget::{Account, Amount, Grant, Limit};
pub use epic::{Epic, Statement, StatementKind};
pub use event::Event;
pub use evidence::{Evidence, ExitStatus, Isolation, TestOutcome, TestResult, TreeLimit};
pub use failure::{FailureKind, with_causes};
pub use file_error::FileError;
pub use flow::{FlowRun, Starter};
pub use gate::{Decision, Finding, Gate};
pub use hash::ContentHash;
pub use ids::{RunId, StatementId, TaskId, TenantId};
pub use job::{JobReport, JobRow, JobSpec, JobState, Waiter};
pub use node::{NodeFailure, NodeKey, NodeOutcome, NodeOutput, NodeRow, NodeState, NodeStatus};
pub use persona::PersonaId;
pub use phase::Phase;
pub use run::{DEFAULT_SCOPE, IllegalTransition, NoRound, Round, Run, RunReason, RunStatus};
pub use spending::{Calls, CallsByOperation, Spending};
pub use task::{TaskRow, TaskState};
pub use trace::{TraceRow, TraceStatus};
