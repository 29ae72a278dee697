//! Sentences that say what a record has and what is noted of each field, read apart from what rules mean.
//!
//! A sentence that is not read whole here stays unknown; what it names is known to other sentences. Which nouns are
//! records is told elsewhere.

mod describe;
mod facet;
mod names;
mod opening;
mod said;
mod taken;
mod words;

pub(crate) use describe::{read, several};
pub(crate) use facet::whole;
pub(crate) use taken::spelled_out;
