//! `maestro execute --dry-run`: what was understood of an epic. Creates nothing.

use crate::{output::Output, stop::Exit};
use maestro_domain::Epic;

pub(crate) fn show(epic: &Epic, json: bool, output: &Output) -> Exit {
    if json {
        output.json(epic);
    }
    Exit::Ok
}
