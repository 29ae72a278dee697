//! Asking whoever sits at the terminal before something is gone.

use crate::{
    config::Config,
    output::Output,
    stop::{Exit, Stop},
};
use std::io::{self, BufRead};

/// Whether the user says yes.
pub(crate) fn confirmed(config: &Config, output: &Output, question: &str) -> Result<bool, Stop> {
    if !config.stdin_tty {
        return Err(Stop::unusable("there is no terminal to ask on").help("say `--yes`"));
    }
    output.note(format!("{question} [y/N]"));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
