//! Fields: what a list item, a table row or a phrase says of one.

pub(crate) mod akin;
pub(crate) mod called;
pub(crate) mod demanded;
pub(crate) mod drawn;
mod duty;
pub(crate) mod every;
pub(crate) mod form;
pub(crate) mod infer;
pub(crate) mod item;
pub(crate) mod kept;
pub(crate) mod kinds;
pub(crate) mod lasting;
pub(crate) mod named_as;
pub(crate) mod note;
pub(crate) mod parts;
pub(crate) mod phrase;
pub(crate) mod prose;
pub(crate) mod remarks;
pub(crate) mod retold;
pub(crate) mod several;
pub(crate) mod table;
pub(crate) mod values;
