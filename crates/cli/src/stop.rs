//! How a command ends: exit codes, and errors with their causes and what to do about them.

use std::error::Error;

/// The exit codes of `maestro`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It went well.
    Ok = 0,
    /// It was tried and failed.
    Failed = 1,
    /// Usage or input that cannot be used; nothing was created.
    Unusable = 2,
    /// A model or a person is needed.
    Blocked = 3,
    /// Somebody stopped it.
    Interrupted = 130,
}

/// Why a command ends early: what happened, why, and what to do.
#[derive(Debug)]
pub struct Stop {
    /// The exit code.
    pub exit: Exit,
    /// What happened.
    pub message: String,
    /// Why, from the nearest cause to the first.
    pub causes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Stop {
    /// Usage or input that cannot be used.
    pub fn unusable(message: impl Into<String>) -> Self {
        Self { exit: Exit::Unusable, message: message.into(), causes: Vec::new(), help: None }
    }

    /// An error with its chain of causes.
    pub fn from_error(exit: Exit, error: &(dyn Error + 'static)) -> Self {
        let mut stop = Self { exit, message: error.to_string(), causes: Vec::new(), help: None };
        stop.add_causes(error.source());
        stop
    }

    /// Adds why it happened.
    #[must_use]
    pub fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        self.add_causes(Some(error));
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn add_causes(&mut self, mut cause: Option<&(dyn Error + 'static)>) {
        while let Some(error) = cause {
            let text = error.to_string();
            // Some libraries tell the same again, with a number before it.
            if text != self.message && !self.causes.iter().any(|told| text.ends_with(told.as_str())) {
                self.causes.push(text);
            }
            cause = error.source();
        }
    }
}
