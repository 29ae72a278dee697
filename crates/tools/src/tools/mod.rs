//! One file a tool, in a folder for each kind of work.

/// The modules of a folder and its tools. To add one: its file, its module and a line, both in alphabetical order.
macro_rules! tools {
    ($($module:ident::$tool:ident,)+) => {
        pub(super) fn all() -> Vec<std::sync::Arc<dyn crate::ErasedTool>> {
            vec![$(std::sync::Arc::new($module::$tool),)+]
        }
    };
}

mod code;
pub(crate) mod design;
mod docs;
mod handover;
mod operations;
pub(crate) mod quality;
mod release;
mod requirements;
mod run;
mod security;
mod workspace;

use crate::ErasedTool;
use std::sync::Arc;

/// Every tool.
pub(crate) fn all() -> Vec<Arc<dyn ErasedTool>> {
    [
        code::all(),
        design::all(),
        docs::all(),
        handover::all(),
        operations::all(),
        quality::all(),
        release::all(),
        requirements::all(),
        run::all(),
        security::all(),
        workspace::all(),
    ]
    .concat()
}
