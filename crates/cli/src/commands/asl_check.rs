//! `maestro asl check`: all problems of all files.

use crate::{
    input,
    output::{Output, number},
    stop::{Exit, Stop},
};
use maestro_asl::{Code, Diagnostic, Severity};
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `asl check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 no errors (warnings may be there), 1 errors, 2 a file cannot be read.")]
pub(crate) struct Args {
    /// Files with definitions; `-` is standard input. `${Name}` tokens may stand in strings
    #[arg(required = true, value_name = "DEF")]
    definitions: Vec<PathBuf>,
    /// Prints one JSON array of problems
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Problem<'a> {
    file: &'a str,
    #[serde(flatten)]
    problem: &'a Diagnostic,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let mut exit = Exit::Ok;
    let mut all = Vec::new();
    for path in &args.definitions {
        match input::text(path) {
            Ok(text) => all.push((input::name_of(path), maestro_asl::check(&text).diagnostics)),
            Err(stop) => {
                output.stop(&stop);
                exit = Exit::Unusable;
            }
        }
    }
    let errors = all.iter().flat_map(|(_, problems)| problems).filter(|one| one.severity == Severity::Error).count();
    if args.json {
        let flat: Vec<_> = all
            .iter()
            .flat_map(|(file, problems)| problems.iter().map(move |problem| Problem { file, problem }))
            .collect();
        output.json(&flat);
    } else {
        for (file, problems) in &all {
            for problem in problems {
                output.line(line(output, file, problem));
            }
        }
        let found: usize = all.iter().map(|(_, problems)| problems.len()).sum();
        let (errors, warnings) = (number(errors, "error", "errors"), number(found - errors, "warning", "warnings"));
        output.line(format!("{} checked: {errors}, {warnings}", number(all.len(), "file", "files")));
    }
    Ok(if exit == Exit::Ok && errors > 0 { Exit::Failed } else { exit })
}

/// A problem as compilers print it.
pub(crate) fn line(output: &Output, file: &str, problem: &Diagnostic) -> String {
    let paint = output.out();
    let code = code(problem.code);
    let severity = match problem.severity {
        Severity::Error => paint.red(format!("error[{code}]")),
        Severity::Warning => paint.yellow(format!("warning[{code}]")),
    };
    let mut text = format!("{file}:{}:{}: {severity}: {}", problem.line, problem.column, problem.message);
    if !problem.pointer.is_empty() {
        text.push_str(&format!(" (at `{}`)", problem.pointer));
    }
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\n  {} {hint}", paint.cyan("help:")));
    }
    text
}

fn code(code: Code) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
