//! `maestro workflow schema`.

use crate::{
    output::Output,
    stop::{Exit, Stop},
};

pub(crate) fn run(output: &Output) -> Result<Exit, Stop> {
    let text = serde_json::to_string_pretty(&maestro_workflow::schema())
        .map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    output.line(text);
    Ok(Exit::Ok)
}
