//! `sample_mutants`: whether the tests notice when the software is wrong.

use super::program;
use crate::{Effect, Error, Tool, Workspace, plain_path};
use maestro_domain::job::bounds::LONGEST_S;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) struct SampleMutants;

/// Seconds for all of them; those that did not get their turn are told.
const ALL_S: u64 = LONGEST_S - 60;
/// Most that are tried at once.
const MOST: usize = 40;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The folder of the tests
    tests: String,
    /// The folder or file that is changed
    below: String,
    /// How many changes to try
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 40))]
    count: usize,
    /// Another seed is another sample
    #[serde(default)]
    seed: u32,
}

const fn ten() -> usize {
    10
}

#[derive(Debug, Deserialize)]
struct Report {
    baseline: String,
    said: String,
    candidates: usize,
    mutants: Vec<Mutant>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Changes that could be made to lines that the tests execute.
    candidates: usize,
    noticed: usize,
    survived: Vec<Mutant>,
    not_tried: usize,
}

#[derive(Debug, Deserialize, Serialize)]
struct Mutant {
    path: String,
    line: usize,
    old: String,
    new: String,
    #[serde(skip_serializing)]
    outcome: String,
}

impl Tool for SampleMutants {
    const NAME: &'static str = "sample_mutants";
    const DESCRIPTION: &'static str = "Changes one operator, constant, condition or return of the software at a time, runs the tests in the \
         sandbox against each change, and tells which changes no test noticed.";
    const EFFECT: Effect = Effect::RunsCode;
    const REST: &'static str = "ask for fewer in `count`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        plain_path(&args.tests)?;
        if !(1..=MOST).contains(&args.count) {
            return Err(Error::Respond(format!("`count` is {}; from 1 to {MOST} can be tried at once", args.count)));
        }
        let argument = json!({
            "tests": args.tests, "below": args.below, "count": args.count, "seed": args.seed, "seconds": ALL_S,
        });
        let report: Report = program::MUTANTS.report(&argument, [].into(), LONGEST_S, workspace).await?;
        if report.baseline != "ok" {
            return Err(Error::Respond(format!(
                "the tests do not pass as the software is, so they cannot be asked about changes: {}\n{}",
                report.baseline, report.said
            )));
        }
        if report.candidates == 0 {
            return Err(Error::Respond(format!(
                "the tests execute nothing below `{}` that could be changed",
                args.below
            )));
        }
        let mut output = Output { candidates: report.candidates, noticed: 0, survived: Vec::new(), not_tried: 0 };
        for mutant in report.mutants {
            match mutant.outcome.as_str() {
                "noticed" => output.noticed += 1,
                "survived" => output.survived.push(mutant),
                _ => output.not_tried += 1,
            }
        }
        Ok(output)
    }
}
