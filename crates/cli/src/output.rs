//! The only place that writes to standard output and standard error.
//!
//! Results go to standard output, progress and errors to standard error. Text of epics is not trusted: what could drive a
//! terminal is taken out of every line. A closed pipe ends the output, not the command.

use crate::{
    config::Config,
    stop::{Exit, Stop},
};
use clap::ValueEnum;
use serde::Serialize;
use std::{
    cell::RefCell,
    io::{self, Write},
};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint(bool);

impl Paint {
    pub(crate) fn bold(self, text: impl AsRef<str>) -> String {
        self.wrap("1", text.as_ref())
    }
    pub(crate) fn dim(self, text: impl AsRef<str>) -> String {
        self.wrap("2", text.as_ref())
    }
    pub(crate) fn red(self, text: impl AsRef<str>) -> String {
        self.wrap("31", text.as_ref())
    }
    pub(crate) fn green(self, text: impl AsRef<str>) -> String {
        self.wrap("32", text.as_ref())
    }
    pub(crate) fn yellow(self, text: impl AsRef<str>) -> String {
        self.wrap("33", text.as_ref())
    }
    pub(crate) fn cyan(self, text: impl AsRef<str>) -> String {
        self.wrap("36", text.as_ref())
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Standard output and standard error.
#[derive(Debug)]
pub(crate) struct Output {
    out: Paint,
    err: Paint,
    live: bool,
    columns: Option<u16>,
    broken: RefCell<Option<io::Error>>,
}

impl Output {
    /// Decides about colour and live progress.
    pub(crate) fn new(config: &Config, when: When) -> Self {
        let colour = |tty: bool| match when {
            When::Always => true,
            When::Never => false,
            When::Auto => tty && !config.no_color && !config.dumb,
        };
        Self {
            out: Paint(colour(config.stdout_tty)),
            err: Paint(colour(config.stderr_tty)),
            live: config.stderr_tty && !config.dumb,
            columns: config.stdout_tty.then(|| console::Term::stdout().size().1),
            broken: RefCell::new(None),
        }
    }

    /// Colours for standard output.
    pub(crate) const fn out(&self) -> Paint {
        self.out
    }

    /// Colours for standard error.
    pub(crate) const fn err(&self) -> Paint {
        self.err
    }

    /// Whether standard error is a terminal that can be drawn on.
    pub(crate) const fn live(&self) -> bool {
        self.live
    }

    /// Width of the terminal that shows standard output; none where it is no terminal.
    pub(crate) const fn columns(&self) -> Option<u16> {
        self.columns
    }

    /// Writes lines to standard output.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        self.write(format!("{}\n", tame(text.as_ref())).as_bytes());
    }

    /// Writes a value as one line of JSON to standard output.
    pub(crate) fn json(&self, value: &impl Serialize) {
        match serde_json::to_vec(value) {
            Ok(mut bytes) => {
                bytes.push(b'\n');
                self.write(&bytes);
            }
            Err(error) => self.fail(io::Error::from(error)),
        }
    }

    /// Whether standard output can take no more.
    pub(crate) fn broken(&self) -> bool {
        self.broken.borrow().is_some()
    }

    /// Writes to standard error. Where that fails there is nobody left to tell.
    pub(crate) fn note(&self, text: impl AsRef<str>) {
        note(text.as_ref());
    }

    /// Tells of an early end on standard error.
    pub(crate) fn stop(&self, stop: &Stop) {
        let Stop { message, causes, help, .. } = stop;
        let mut text = format!("{} {message}", self.err.bold(self.err.red("error:")));
        for cause in causes {
            text.push_str(&format!("\n  {} {cause}", self.err.dim("cause:")));
        }
        if let Some(help) = help {
            text.push_str(&format!("\n  {} {help}", self.err.cyan("help:")));
        }
        self.note(text);
    }

    /// The exit code, once everything that could be written was written.
    pub(crate) fn finish(&self, exit: Exit) -> Exit {
        match self.broken.take() {
            // Whoever read it has seen enough.
            None => exit,
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => exit,
            Some(error) => {
                self.stop(&Stop::from_error(Exit::Failed, &error));
                if exit == Exit::Ok { Exit::Failed } else { exit }
            }
        }
    }

    fn write(&self, bytes: &[u8]) {
        if self.broken.borrow().is_some() {
            return;
        }
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            self.fail(error);
        }
    }

    fn fail(&self, error: io::Error) {
        self.broken.replace(Some(error));
    }
}

/// A number and what it counts.
pub(crate) fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Writes a line to standard error.
pub(crate) fn note(text: &str) {
    let _nobody_left_to_tell = writeln!(io::stderr().lock(), "{}", tame(text));
}

/// Takes out what could drive a terminal: control characters but newlines and our own colours, and marks that turn the
/// direction of writing.
pub(crate) fn tame(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match c {
            '\x1b' => match colour(after) {
                Some((code, after)) => {
                    out.push_str("\x1b[");
                    out.push_str(code);
                    out.push('m');
                    after
                }
                None => after,
            },
            '\t' => {
                out.push_str("    ");
                after
            }
            '\n' => {
                out.push('\n');
                after
            }
            c if c.is_control() => after,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => after,
            c => {
                out.push(c);
                after
            }
        };
    }
    out
}

/// The code of one of our colours, and what comes after it.
fn colour(after: &str) -> Option<(&str, &str)> {
    let (code, rest) = after.strip_prefix('[')?.split_once('m')?;
    ["0", "1", "2", "31", "32", "33", "36"].contains(&code).then_some((code, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_drive_the_terminal() {
        assert_eq!(tame("a\x1b]0;owned\x07b\rc\x1b[2Jd\u{202e}e"), "a]0;ownedbc[2Jde");
        let red = Paint(true).red("x");
        assert_eq!(tame(&red), red);
        assert_eq!(tame("two\nlines\tand a tab"), "two\nlines    and a tab");
    }
}
