//! Tables for people: no lines, as wide as the terminal.

use crate::output::Output;
use comfy_table::{ContentArrangement, Table, presets};

/// A table with a header.
pub(crate) fn new(output: &Output, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(columns) = output.columns() {
        table.set_width(columns.max(40));
    }
    table.set_header(header.iter().map(|name| name.to_uppercase()));
    table
}

/// Writes a table to standard output.
pub(crate) fn print(output: &Output, table: &Table) {
    for line in table.lines() {
        output.line(line.trim_end());
    }
}
