//! The typed artifacts that personas hand to each other, one file a kind, with the checks that gates make of them.

pub mod cascade;
mod check;
pub mod delivery;
pub mod reach;
pub mod requirements;
pub mod rules;
pub mod screens;
pub mod service_model;

pub use check::{Misfit, check, schema};
pub use delivery::{Backend, Documents, Frontend, Integration, Operations, Release, SecurityReport, TestPlan};
pub use reach::{Reach, Step};
pub use requirements::{Requirement, Requirements, Understanding};
pub use rules::{
    Action, Condition, Expr, Measure, Moment, Offset, Op, Operand, Rule, RuleKind, Test, TextFormat, TimeUnit,
};
pub use screens::{Flow, Screen, ScreenKind, Screens};
pub use service_model::{Design, Entity, Field, FieldKind, ServiceModel, SortKey, Transition, Workflow, first_step};
