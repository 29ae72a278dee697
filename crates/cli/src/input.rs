//! Reads the files that the user names; `-` is standard input.

use crate::stop::Stop;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// What an argument stands for in messages.
pub(crate) fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// Reads at most `limit` bytes and one more, so that the reader can see that there is more.
pub(crate) fn bytes(path: &Path, limit: usize) -> Result<Vec<u8>, Stop> {
    let name = name_of(path);
    let refused = |error: &io::Error| {
        let stop = Stop::unusable(match error.kind() {
            io::ErrorKind::NotFound => format!("there is no file `{name}`"),
            io::ErrorKind::IsADirectory => format!("`{name}` is a folder, not a file"),
            _ => format!("`{name}` cannot be read"),
        });
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => stop,
            _ => stop.because(error),
        }
    };
    let cap = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(cap).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(cap).read_to_end(&mut bytes))
    };
    read.map_err(|error| refused(&error))?;
    Ok(bytes)
}

/// Reads a text file of at most 16 MiB.
pub(crate) fn text(path: &Path) -> Result<String, Stop> {
    const LIMIT: usize = 16 << 20;
    let name = name_of(path);
    let bytes = bytes(path, LIMIT)?;
    if bytes.len() > LIMIT {
        return Err(Stop::unusable(format!("`{name}` has more than {LIMIT} bytes")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| Stop::unusable(format!("`{name}` is not UTF-8 text")).because(&error.utf8_error()))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
