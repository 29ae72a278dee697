//! One file a tool.

pub(crate) mod check_code;
pub(crate) mod check_dependencies;
pub(crate) mod list_files;
pub(crate) mod read_artifact;
pub(crate) mod read_epic;
pub(crate) mod read_file;
pub(crate) mod run_tests;
pub(crate) mod scan_secrets;
pub(crate) mod submit_work;
pub(crate) mod write_file;
