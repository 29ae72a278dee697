//! What one of the referee's runners says beside its output.
//!
//! It comes over a socket that the runner finds as its standard input and moves away before any foreign code is loaded. Its
//! lines carry a word that only this stage and the runner know.

use super::keep::end_of;
use super::{During, Stop};
use crate::wire::{End, MAX_MESSAGE};
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

/// Starts a runner and hears each of its lines until one is the last, or it ends.
pub(super) fn talk(
    mut command: Command,
    what: &str,
    heard: impl FnMut(&[u8]) -> Result<bool, Stop> + Send,
) -> Result<End, Stop> {
    let (mut ours, theirs) = UnixStream::pair().during("open a report")?;
    let word = secret_word().during("choose a secret word")?;
    writeln!(ours, "{word}").during("start a report")?;
    command.stdin(Stdio::from(OwnedFd::from(theirs)));
    let mut child = command.spawn().during(format!("start {what}"))?;
    drop(command);

    let lines = ours.try_clone().during("read a report")?;
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| collect(lines, &word, heard));
        let end = child.wait().during(format!("wait for {what}"));
        // A process that was left behind may hold the other end open: what has been sent is read, then it is over.
        let _ = ours.shutdown(Shutdown::Both);
        reader.join().unwrap_or_else(|_| Err(Stop::setup("read a report", "its thread died")))?;
        Ok(end_of(end?))
    })
}

fn collect(lines: UnixStream, word: &str, mut heard: impl FnMut(&[u8]) -> Result<bool, Stop>) -> Result<(), Stop> {
    let mut lines = BufReader::new(lines);
    loop {
        let mut line = Vec::new();
        // A line that is too long is cut into pieces without the word, which are ignored like any other noise.
        match (&mut lines).take(MAX_MESSAGE as u64 / 2).read_until(b'\n', &mut line) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // The other end was torn down with unread bytes; the report is as complete as it will be.
            Err(_) => return Ok(()),
        }
        let Some(json) = line.strip_prefix(word.as_bytes()) else { continue };
        if heard(json)? {
            return Ok(());
        }
    }
}

fn secret_word() -> io::Result<String> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut word, byte| {
        // Writing to a string cannot fail.
        let _ = write!(word, "{byte:02x}");
        word
    }))
}
