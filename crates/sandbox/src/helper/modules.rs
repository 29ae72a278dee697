//! Runs each Python test module in a process of its own and collects the runner's reports.
//!
//! A report comes over a socket that the runner finds as its standard input and moves away before any test code is
//! loaded. Its lines carry a word that only this stage and the runner know; a module whose report does not reach its
//! last line has not passed, whatever its exit code.

use super::keep::{Run, end_of};
use super::{During, Stop};
use crate::wire::{End, Frame, MAX_MESSAGE, ModuleEvent, TestEvent, send};
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The referee's runner. It is handed over as program text, so there is no file that a test could change.
const RUNNER: &str = include_str!("../../runners/unittest_runner.py");
/// Test modules that run at the same time.
const WORKERS: usize = 2;

pub(super) fn run(run: &Run<'_>, python: &Path, dir: &str, modules: &[String]) -> Result<End, Stop> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(module) = modules.get(next.fetch_add(1, Ordering::Relaxed)) {
            // What is over its limits is not fed further.
            if run.watch.over() {
                break;
            }
            let end = run_module(run, python, dir, module)?;
            report(module, ModuleEvent::Exit { end })?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS.min(modules.len())).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(Stop::setup("run test modules", "a worker thread died")))
        })
    })?;
    Ok(End { code: Some(0), signal: None, truncated: false })
}

fn run_module(run: &Run<'_>, python: &Path, dir: &str, module: &str) -> Result<End, Stop> {
    let (mut ours, theirs) = UnixStream::pair().during("open a report")?;
    let word = secret_word().during("choose a secret word")?;
    writeln!(ours, "{word}").during("start a report")?;

    let mut command = run.prepare(python)?;
    // No `-E`: the seed of hashes, which makes runs repeatable, can only be given by the environment.
    command.args(["-B", "-s", "-c", RUNNER, module]);
    command.arg(run.task.workdir.join(dir)).arg(&run.task.workdir).stdin(Stdio::from(OwnedFd::from(theirs)));
    let mut child = command.spawn().during(format!("start the tests of `{module}`"))?;
    drop(command);

    let lines = ours.try_clone().during("read a report")?;
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| collect(lines, &word, module));
        let end = child.wait().during(format!("wait for the tests of `{module}`"));
        // A process that a test left behind may hold the other end open: what has been sent is read, then it is over.
        let _ = ours.shutdown(Shutdown::Both);
        reader.join().unwrap_or_else(|_| Err(Stop::setup("read a report", "its thread died")))?;
        Ok(end_of(end?))
    })
}

fn collect(lines: UnixStream, word: &str, module: &str) -> Result<(), Stop> {
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
        let Ok(what) = serde_json::from_slice::<ModuleEvent>(json) else { continue };
        let last = what == ModuleEvent::Done;
        report(module, what)?;
        if last {
            return Ok(());
        }
    }
}

fn report(module: &str, what: ModuleEvent) -> Result<(), Stop> {
    let frame = Frame::Test(TestEvent { module: module.to_owned(), what });
    send(&mut io::stdout().lock(), &frame).during("report")
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
