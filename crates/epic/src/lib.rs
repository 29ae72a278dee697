//! Reads an epic written in Markdown into numbered statements.
//!
//! What a statement is follows from where and how it stands in the document. Whether it can be built is not known here.

mod block;
mod error;
mod field_list;
mod jira;
mod label;
mod narrative;
mod number;
mod outline;
mod sentence;
mod shape;
mod signal;
mod steps;
mod telegram;
mod ticket;
mod walk;

pub use error::Error;
use maestro_domain::Epic;
pub use narrative::tells_outcome;

/// Largest epic that is read, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Reads an epic. `name` is the file's name: it is the title where the text has no heading, and stands in errors.
///
/// # Errors
/// [`Error`] when the bytes are no usable text or hold no statement that demands anything.
pub fn read(bytes: &[u8], name: &str) -> Result<Epic, Error> {
    let text = error::check(bytes, name)?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = outline::unfolded(&text).into_owned();
    let blocks = shape::shape(block::parse(&jira::to_markdown(text)));
    let (title, drafts) = walk::walk(&blocks);
    let statements = number::number(drafts);
    if !statements.iter().any(|statement| statement.kind.traced()) {
        return Err(Error::NoDemand { name: error::short(name) });
    }
    Ok(Epic { title: title.unwrap_or_else(|| error::stem(name)), statements })
}

/// Splits a text into sentences; abbreviations and decimals do not end one.
#[must_use]
pub fn sentences(text: &str) -> Vec<String> {
    sentence::split(text)
}
