//! Progress as a tree that redraws itself.

use super::board::{Board, PhaseRow, State, Step, seconds};
use crate::output::{Paint, tame};
use console::{Term, truncate_str};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use maestro_domain::{Event, PersonaId};
use maestro_workflow::Scope;
use std::time::Duration;

/// Times a second that it may redraw.
const RATE: u8 = 12;
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const BAR: usize = 24;

/// The live tree.
#[derive(Debug)]
pub(crate) struct Tree {
    bar: ProgressBar,
    board: Board,
    paint: Paint,
    title: String,
    turn: usize,
    over: bool,
}

impl Tree {
    pub(crate) fn new(paint: Paint, title: &str, scope: &Scope, now_ms: u64) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(RATE));
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        let tree = Self { bar, board: Board::new(scope, now_ms), paint, title: tame(title), turn: 0, over: false };
        tree.bar.set_message(tree.picture(now_ms));
        tree
    }

    pub(crate) fn event(&mut self, at_ms: u64, event: &Event) {
        self.board.event(at_ms, event);
        self.bar.set_message(self.picture(at_ms));
    }

    pub(crate) fn draw(&mut self, now_ms: u64) {
        self.turn = (self.turn + 1) % SPINNER.len();
        self.bar.set_message(self.picture(now_ms));
        self.bar.tick();
    }

    pub(crate) fn say(&self, text: &str) {
        self.bar.println(tame(text));
    }

    pub(crate) fn end(&mut self, now_ms: u64) {
        self.over = true;
        self.bar.abandon_with_message(self.picture(now_ms));
        // The last line of a drawing has no end of its own.
        crate::output::note("");
    }

    fn picture(&self, now_ms: u64) -> String {
        let (height, width) = Term::stderr().size();
        let (height, width) = (usize::from(height), usize::from(width).saturating_sub(1).max(20));
        let all: usize = self.board.phases.iter().map(|row| 1 + row.steps.len()).sum();
        // Where the terminal is low, only phases at work show their steps.
        let low = all + 3 > height;
        let mut lines = vec![self.paint.bold(&self.title)];
        for row in &self.board.phases {
            lines.push(self.phase(row, now_ms));
            let open = matches!(row.head.state, State::Working | State::Failed | State::Blocked | State::Stopped);
            // What was never begun is of no interest at the end.
            let untouched = self.over && row.head.state == State::Waiting;
            if open || !(low || untouched) {
                lines.extend(row.steps.iter().map(|step| self.step(step, now_ms)));
            }
        }
        lines.push(self.foot(now_ms));
        if lines.len() > height.saturating_sub(1) {
            let from = lines.len() - height.saturating_sub(1).max(1);
            lines.drain(..from);
        }
        let lines: Vec<_> = lines.iter().map(|line| truncate_str(line, width, "…")).collect();
        lines.join("\n")
    }

    fn phase(&self, row: &PhaseRow, now_ms: u64) -> String {
        let name = format!("{:<24}", row.phase.id());
        let name = if row.head.state == State::Waiting { self.paint.dim(name) } else { self.paint.bold(name) };
        let attempt = if row.attempt > 1 { format!("attempt {} ", row.attempt) } else { String::new() };
        let note = format!("{attempt}{}", row.head.note);
        format!("{} {name} {}", self.mark(row.head.state), self.rest(&row.head, &note, now_ms))
    }

    fn step(&self, step: &Step, now_ms: u64) -> String {
        let persona = PersonaId::from_id(&step.name).and_then(|id| maestro_personas::get(id).ok());
        let name = format!("{:<22}", persona.map_or(step.name.as_str(), |persona| &persona.title));
        let name = if step.state == State::Waiting { self.paint.dim(name) } else { name };
        format!("  {} {name} {}", self.mark(step.state), self.rest(step, &step.note, now_ms))
    }

    fn rest(&self, step: &Step, note: &str, now_ms: u64) -> String {
        let note = tame(&note.replace('\n', " "));
        let note = match step.state {
            State::Failed => self.paint.red(note),
            State::Blocked => self.paint.yellow(note),
            _ => self.paint.dim(note),
        };
        let took = match step.state {
            State::Waiting => String::new(),
            State::Done(true) => "stored".to_owned(),
            _ => seconds(step.took(now_ms)),
        };
        format!("{} {note}", self.paint.dim(format!("{took:>12}"))).trim_end().to_owned()
    }

    fn mark(&self, state: State) -> String {
        match state {
            State::Waiting => self.paint.dim("·"),
            State::Working => self.paint.cyan(SPINNER.get(self.turn).copied().unwrap_or("*")),
            State::Done(false) => self.paint.green("✔"),
            State::Done(true) => self.paint.green("↺"),
            State::Failed => self.paint.red("✘"),
            State::Blocked => self.paint.yellow("?"),
            State::Stopped => self.paint.yellow("■"),
        }
    }

    fn foot(&self, now_ms: u64) -> String {
        let share = self.board.share();
        let full = (share * BAR as f64) as usize;
        let bar = format!("{}{}", self.paint.green("━".repeat(full)), self.paint.dim("─".repeat(BAR - full.min(BAR))));
        let since = seconds(Duration::from_millis(now_ms.saturating_sub(self.board.began_ms)));
        let used = self.board.used();
        let cost = used.micro_usd as f64 / 1e6;
        format!("{bar} {:>3.0} %  {since}  {} tokens  ${cost:.2}", share * 100.0, used.tokens)
    }
}
