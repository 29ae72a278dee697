//! Runs each Python test module in a process of its own and collects the runner's reports.
//!
//! A module whose report does not reach its last line has not passed, whatever its exit code.

use super::keep::Run;
use super::{During, Stop, channel};
use crate::wire::{End, Frame, ModuleEvent, TestEvent, send};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The referee's runner. It is handed over as program text, so there is no file that a test could change.
const RUNNER: &str =
    concat!(include_str!("../../runners/channel.py"), include_str!("../../runners/unittest_runner.py"));
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
    let mut command = run.prepare(python)?;
    // No `-E`: the seed of hashes, which makes runs repeatable, can only be given by the environment.
    command.args(["-B", "-s", "-c", RUNNER, module]);
    command.arg(run.task.workdir.join(dir)).arg(&run.task.workdir);
    channel::talk(command, &format!("the tests of `{module}`"), |json| {
        let Ok(what) = serde_json::from_slice::<ModuleEvent>(json) else { return Ok(false) };
        let last = what == ModuleEvent::Done;
        report(module, what)?;
        Ok(last)
    })
}

fn report(module: &str, what: ModuleEvent) -> Result<(), Stop> {
    let frame = Frame::Test(TestEvent { module: module.to_owned(), what });
    send(&mut io::stdout().lock(), &frame).during("report")
}
