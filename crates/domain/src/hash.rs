//! Content hashes: what artifacts, inputs and outputs are known by.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fmt,
    io::{self, BufWriter, Write},
};

/// Hashes what is written into it.
struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// SHA-256 of some bytes, in lower-case hexadecimal (64 characters).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(String);

impl ContentHash {
    /// Hashes bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    /// Hashes a value through its canonical JSON: object keys sorted, no white space.
    #[must_use]
    pub fn of_json(value: &serde_json::Value) -> Self {
        // `serde_json::Value` keeps its objects in a sorted map, so its text is canonical. Hashed as it is written: the text itself,
        // which may be a whole prompt, is of no use to anybody.
        let mut sha = Hashing(Sha256::new());
        let written = serde_json::to_writer(BufWriter::with_capacity(1 << 10, &mut sha), value);
        debug_assert!(written.is_ok(), "neither a value nor a hash refuses a byte: {written:?}");
        Self(hex::encode(sha.0.finalize()))
    }

    /// Hashes named parts (a file tree, say); order of the iterator matters, so pass sorted names.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut sha = Sha256::new();
        for (name, bytes) in parts {
            sha.update((name.len() as u64).to_be_bytes());
            sha.update(name.as_bytes());
            sha.update((bytes.len() as u64).to_be_bytes());
            sha.update(bytes);
        }
        Self(hex::encode(sha.finalize()))
    }

    /// The hash as hexadecimal text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve characters, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
