//! One file a subcommand.

pub(crate) mod asl_check;
pub(crate) mod asl_run;
pub(crate) mod doctor;
pub(crate) mod dry_run;
pub(crate) mod execute;
pub(crate) mod personas_list;
pub(crate) mod personas_show;
pub(crate) mod runs_artifacts;
pub(crate) mod runs_cancel;
pub(crate) mod runs_cost;
pub(crate) mod runs_delete;
pub(crate) mod runs_fetch;
pub(crate) mod runs_list;
pub(crate) mod runs_resume;
pub(crate) mod runs_show;
pub(crate) mod runs_trace;
pub(crate) mod runs_watch;
pub(crate) mod stack;
pub(crate) mod workflow_compile;
pub(crate) mod workflow_library;
pub(crate) mod workflow_lint;
pub(crate) mod workflow_plan;
pub(crate) mod workflow_schema;
pub(crate) mod workflow_types;
pub(crate) mod workflow_validate;
