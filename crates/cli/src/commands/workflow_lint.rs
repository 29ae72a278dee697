//! `maestro workflow lint`: what is likely to go wrong with workflows that are sound.

use super::workflow_validate::{Told, line, read};
use crate::{
    output::{Output, number},
    stop::{Exit, Stop},
};
use maestro_workflow::{Problem, Severity, lints};
use std::path::PathBuf;

/// Arguments of `workflow lint`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 no warnings (advice may be there), 1 warnings, 2 errors, or a file that cannot be read. \
docs/lints has a page for each code."
)]
pub(crate) struct Args {
    /// Files with workflows in YAML or JSON; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Leaves out what these lints find
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    allow: Vec<String>,
    /// Prints one JSON array of problems
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let known = |code: &&String| lints::ALL.iter().any(|lint| lint.code == code.as_str());
    if let Some(unknown) = args.allow.iter().find(|code| !known(code)) {
        let codes = lints::ALL.map(|lint| lint.code).join(", ");
        return Err(Stop::unusable(format!("there is no lint `{unknown}`")).help(format!("there are {codes}")));
    }
    let mut all: Vec<(String, Vec<Problem>)> = Vec::new();
    for path in &args.files {
        let (file, checked) = read(path)?;
        let found = match &checked.workflow {
            Some(workflow) => lints::lint(workflow),
            None => checked.problems,
        };
        let told = found.into_iter().filter(|one| !args.allow.iter().any(|code| code == one.code)).collect();
        all.push((file, told));
    }
    let count = |severity| all.iter().flat_map(|(_, found)| found).filter(|one| one.severity == severity).count();
    let (errors, warnings, advice) = (count(Severity::Error), count(Severity::Warning), count(Severity::Advice));
    if args.json {
        let told: Vec<_> =
            all.iter().flat_map(|(file, found)| found.iter().map(move |problem| Told { file, problem })).collect();
        output.json(&told);
    } else {
        for (file, found) in &all {
            found.iter().for_each(|problem| output.line(line(output.out(), file, problem)));
        }
        let files = number(all.len(), "file", "files");
        let (errors, warnings) = (number(errors, "error", "errors"), number(warnings, "warning", "warnings"));
        output.line(format!(
            "{files} checked: {errors}, {warnings}, {}",
            number(advice, "piece of advice", "pieces of advice")
        ));
    }
    Ok(match (errors, warnings) {
        (0, 0) => Exit::Ok,
        (0, _) => Exit::Failed,
        _ => Exit::Unusable,
    })
}
