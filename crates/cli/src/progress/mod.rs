//! Progress of a run on standard error: a live tree on a terminal, plain lines elsewhere.

mod board;
mod lines;
mod tree;

use crate::output::Output;
use lines::Lines;
use maestro_domain::{Event, Run};
use maestro_workflow::Scope;
use tree::Tree;

pub(crate) use board::seconds;

/// Shows what happens.
#[derive(Debug)]
pub(crate) enum Progress {
    /// On a terminal.
    Tree(Box<Tree>),
    /// Elsewhere.
    Lines(Lines),
    /// Nowhere.
    Quiet,
}

impl Progress {
    /// Progress that began at `now_ms`.
    pub(crate) fn new(output: &Output, run: &Run, quiet: bool, now_ms: u64) -> Self {
        if quiet {
            return Self::Quiet;
        }
        // A scope that only a newer program knows is no reason to show nothing.
        match Scope::find(&run.scope) {
            Ok(scope) if output.live() => Self::Tree(Box::new(Tree::new(output.err(), &run.epic, scope, now_ms))),
            Ok(_) | Err(_) => Self::Lines(Lines::new(now_ms)),
        }
    }

    /// Something happened.
    pub(crate) fn event(&mut self, at_ms: u64, event: &Event) {
        match self {
            Self::Tree(tree) => tree.event(at_ms, event),
            Self::Lines(lines) => lines.event(at_ms, event),
            Self::Quiet => {}
        }
    }

    /// Time passed.
    pub(crate) fn tick(&mut self, now_ms: u64) {
        if let Self::Tree(tree) = self {
            tree.draw(now_ms);
        }
    }

    /// Something to tell besides.
    pub(crate) fn say(&self, text: &str) {
        match self {
            Self::Tree(tree) => tree.say(text),
            Self::Lines(_) | Self::Quiet => crate::output::note(text),
        }
    }

    /// It is over; the last picture stays.
    pub(crate) fn end(&mut self, now_ms: u64) {
        if let Self::Tree(tree) = self {
            tree.end(now_ms);
        }
    }
}
