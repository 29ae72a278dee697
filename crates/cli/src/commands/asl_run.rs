//! `maestro asl run`: one execution in virtual time.

use super::asl_check;
use crate::{
    input,
    output::{Output, number},
    stop::{Exit, Stop},
};
use maestro_asl::{Definition, Error, HistoryEvent, Mocks, Severity, Simulated, SimulationOptions, Status, simulate};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Arguments of `asl run`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    /// File with the definition; `-` is standard input
    #[arg(value_name = "DEF")]
    definition: PathBuf,
    /// File with the input as JSON; `-` is standard input; `{}` where absent
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// File with what tasks answer, by state name
    #[arg(long, value_name = "FILE")]
    mocks: Option<PathBuf>,
    /// Prints one line of JSON: status, output, error, cause, history
    #[arg(long)]
    json: bool,
}

const AFTER: &str = "\
Mocks are an object of state names, each with a list of answers; attempt after attempt takes the next,
the last one repeats. An answer is {\"output\": ...}, {\"error\": \"...\", \"cause\": \"...\"} or {\"never\": true},
with \"delay_seconds\" where it takes time. Nothing outside is called and no time is waited for.

Exit codes: 0 SUCCEEDED, 1 any other status, 2 a definition, input or mocks that cannot be used.";

pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit, Stop> {
    let stdin = [Some(&args.definition), args.input.as_ref(), args.mocks.as_ref()];
    if stdin.into_iter().flatten().filter(|path| *path == Path::new("-")).count() > 1 {
        return Err(Stop::unusable("only one of definition, input and mocks can be standard input"));
    }
    let definition = definition(&args.definition, output)?;
    let input = match &args.input {
        Some(path) => json_file(path, output)?,
        None => json!({}),
    };
    let mocks = match &args.mocks {
        Some(path) => Mocks::from_json(&json_file(path, output)?).map_err(|error| refused(&error))?,
        None => Mocks::default(),
    };
    let ended = simulate(Arc::new(definition), input, &mocks, &SimulationOptions::default())
        .map_err(|error| refused(&error))?;
    if args.json {
        output.json(&ended);
    } else {
        show(&ended, output);
    }
    Ok(if ended.status == Status::Succeeded { Exit::Ok } else { Exit::Failed })
}

/// What AWS would accept runs, even where a check objects; all objections are shown.
fn definition(path: &Path, output: &Output) -> Result<Definition, Stop> {
    let text = input::text(path)?;
    let name = input::name_of(path);
    let checked = maestro_asl::check(&text);
    for problem in &checked.diagnostics {
        output.note(asl_check::line(output, &name, problem));
    }
    checked.definition.ok_or_else(|| {
        let errors = checked.diagnostics.iter().filter(|problem| problem.severity == Severity::Error).count();
        Stop::unusable(format!("`{name}` cannot run: it has {}", number(errors, "error", "errors")))
    })
}

fn json_file(path: &Path, output: &Output) -> Result<Value, Stop> {
    let text = input::text(path)?;
    let name = input::name_of(path);
    serde_json::from_str(&text).map_err(|error| {
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or(&why);
        output.note(format!("{name}:{}:{}: error[syntax]: {why}", error.line(), error.column().max(1)));
        Stop::unusable(format!("`{name}` is not JSON"))
    })
}

fn refused(error: &Error) -> Stop {
    let stop = Stop::from_error(Exit::Unusable, error);
    match error {
        Error::MissingMock { state } => {
            stop.help(format!("give its answer with `--mocks`: {{\"{state}\": [{{\"output\": {{}}}}]}}"))
        }
        Error::Stalled { .. } => stop.help("give the state `TimeoutSeconds`, or its mock an answer"),
        _ => stop,
    }
}

fn show(ended: &Simulated, output: &Output) {
    let paint = output.out();
    for event in &ended.history {
        output.line(event_line(event));
    }
    let status = serde_json::to_value(ended.status).ok();
    let status = status.as_ref().and_then(Value::as_str).unwrap_or_default();
    output.line("");
    output.line(match ended.status {
        Status::Succeeded => paint.green(status),
        _ => paint.red(status),
    });
    if let Some(value) = &ended.output {
        output.line(format!("{value:#}"));
    }
    if let Some(error) = &ended.error {
        output.line(format!("error: {error}"));
    }
    if let Some(cause) = &ended.cause {
        output.line(format!("cause: {cause}"));
    }
}

fn event_line(event: &HistoryEvent) -> String {
    let mut line = format!("{:>4}  {:<28}", event.id, format!("{:?}", event.kind));
    let details = &event.details;
    if let Some(name) = &details.name {
        line.push_str(name);
    }
    if let Some(index) = details.index {
        line.push_str(&format!("[{index}]"));
    }
    if let Some(error) = &details.error {
        line.push_str(&format!("  {error}"));
    }
    line.trim_end().to_owned()
}
