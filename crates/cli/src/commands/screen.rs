//! `maestro screen`.

use crate::{
    input,
    output::Output,
    stop::{Exit, Stop},
};
use maestro_screen::{Report, Severity, Verdict};
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `screen`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 nothing is withheld, 1 parts are withheld from prompts, 2 the file cannot be read."
)]
pub(crate) struct Args {
    /// The text; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Screened<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let text = input::text(&args.file)?;
    let name = input::name_of(&args.file);
    let report = maestro_screen::screen(&text).map_err(|why| Stop {
        exit: Exit::Failed,
        message: format!("`{name}` cannot be screened: {why}"),
        causes: Vec::new(),
        help: None,
    })?;
    if args.json {
        output.json(&Screened { file: &name, report: &report });
    } else {
        let paint = output.out();
        for finding in &report.findings {
            let severity = match finding.severity {
                Severity::High => paint.red("high"),
                Severity::Medium => paint.yellow("medium"),
                Severity::Low => paint.dim("low"),
            };
            let kind = serde_json::to_value(finding.kind).unwrap_or_default();
            let kind = kind.as_str().unwrap_or_default();
            output.line(format!("{name}:{}:{}: {severity}: {kind}: {}", finding.line, finding.column, finding.excerpt));
        }
        output.line(match report.verdict {
            Verdict::Clean => "nothing speaks against it",
            Verdict::Suspicious => "a person should look at it",
            Verdict::Withheld => "parts of it are withheld from prompts",
        });
    }
    Ok(if report.verdict == Verdict::Withheld { Exit::Failed } else { Exit::Ok })
}
