//! What is wrong with a file that a person wrote, told with its place.

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`, line {line}: {what}")]
pub struct FileError {
    /// The file.
    pub path: String,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl FileError {
    /// Something wrong with a file of this text, at so many bytes from its start.
    pub fn at(path: &str, text: &str, start: usize, what: impl Into<String>) -> Self {
        let before = text.get(..start).unwrap_or_default();
        Self { path: path.to_owned(), line: before.matches('\n').count() + 1, what: what.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_from_one() {
        let told = |start| FileError::at("f.toml", "a\nb\nc", start, "odd").to_string();
        assert_eq!((told(0), told(4)), ("`f.toml`, line 1: odd".to_owned(), "`f.toml`, line 3: odd".to_owned()));
        assert_eq!(told(99), "`f.toml`, line 1: odd", "a place outside is none");
    }
}
