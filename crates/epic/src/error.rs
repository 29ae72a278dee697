//! Why a file cannot be read as an epic.

use crate::MAX_BYTES;

/// Why a file cannot be read as an epic. [`Error::help`] says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing but white space.
    #[error("`{name}` is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// Too large to be an epic.
    #[error("`{name}` has {bytes} bytes, more than the {MAX_BYTES} that an epic may have")]
    TooLarge {
        /// The file.
        name: String,
        /// Its size.
        bytes: usize,
    },
    /// A NUL byte: not a text file.
    #[error("`{name}` is a binary file (NUL byte at offset {offset})")]
    Binary {
        /// The file.
        name: String,
        /// Where the first NUL byte stands.
        offset: usize,
    },
    /// Text as some editors on Windows save it.
    #[error("`{name}` is UTF-16 text")]
    Utf16 {
        /// The file.
        name: String,
    },
    /// Another encoding.
    #[error("`{name}` is not UTF-8 text (invalid byte at offset {offset})")]
    NotUtf8 {
        /// The file.
        name: String,
        /// Where the first invalid byte stands.
        offset: usize,
    },
    /// Nothing to build.
    #[error("no story, rule or criterion found in `{name}`")]
    NoDemand {
        /// The file.
        name: String,
    },
}

impl Error {
    /// What the author can do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "write what the software must do, as Markdown",
            Self::TooLarge { .. } => "split the document: one epic describes one service",
            Self::Binary { .. } => "give the Markdown text, not a word processor's or PDF file",
            Self::Utf16 { .. } | Self::NotUtf8 { .. } => "save the file with the encoding UTF-8",
            Self::NoDemand { .. } => {
                "write at least one story (`As a ..., I want ...`), one rule (`The name is required.`) or one criterion (`Given ..., when ..., then ...`)"
            }
        }
    }
}

/// The text, or why there is none. The size is checked first, so that a huge file costs nothing.
pub(crate) fn check<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, Error> {
    let name = short(name);
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { name, bytes: bytes.len() });
    }
    // By its mark; every letter of it has a NUL byte, which would make it look like no text at all.
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Error::Utf16 { name });
    }
    if let Some(offset) = bytes.iter().position(|b| *b == 0) {
        return Err(Error::Binary { name, offset });
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(why) => return Err(Error::NotUtf8 { name, offset: why.valid_up_to() }),
    };
    if text.trim().is_empty() { Err(Error::Empty { name }) } else { Ok(text) }
}

/// A name fit for one line of an error.
pub(crate) fn short(name: &str) -> String {
    const MOST: usize = 80;
    let clean: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().count() <= MOST { clean } else { clean.chars().take(MOST - 1).chain(['…']).collect() }
}

/// The title of an epic without headings.
pub(crate) fn stem(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).trim();
    if stem.is_empty() { "epic".to_owned() } else { stem.to_owned() }
}
