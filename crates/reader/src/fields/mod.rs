//! Fields: what a list item, a table row or a phrase says of one.

pub(crate) mod infer;
pub(crate) mod item;
pub(crate) mod note;
pub(crate) mod prose;
pub(crate) mod table;
