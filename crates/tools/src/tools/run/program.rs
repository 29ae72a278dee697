//! Programs of the house that the referee runs over the caller's files.

use crate::{Error, Workspace};
use maestro_ports::referee::{Action, Limits};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// Where they lie, beside the deliverable's files.
pub(super) const FOLDER: &str = ".maestro";

const SOURCES: (&str, &str) = ("sources.py", include_str!("../../../programs/sources.py"));
const SITE: (&str, &str) = ("sitecustomize.py", include_str!("../../../programs/sitecustomize.py"));
const TRACED: (&str, &str) = ("traced.py", include_str!("../../../programs/traced.py"));

/// A program and what it imports.
pub(super) struct Program {
    file: &'static str,
    text: &'static str,
    beside: &'static [(&'static str, &'static str)],
}

macro_rules! program {
    ($file:literal, $beside:expr) => {
        Program { file: $file, text: include_str!(concat!("../../../programs/", $file)), beside: $beside }
    };
}

pub(super) const BUILD: Program = program!("build.py", &[SOURCES]);
pub(super) const COVERAGE: Program = program!("coverage.py", &[SITE, SOURCES, TRACED]);
pub(super) const FORMAT: Program = program!("format.py", &[SOURCES]);
pub(super) const LINT: Program = program!("lint.py", &[SOURCES]);
pub(super) const MUTANTS: Program = program!("mutants.py", &[SITE, SOURCES, TRACED]);
pub(super) const SMOKE: Program = program!("smoke.py", &[]);
pub(super) const START: Program = program!("start.py", &[]);

impl Program {
    /// What it reports of the task's files, with more modules beside it.
    pub(super) async fn report<T: DeserializeOwned>(
        &self,
        argument: &impl Serialize,
        more: BTreeMap<String, String>,
        wall_s: u64,
        workspace: &Workspace<'_>,
    ) -> Result<T, Error> {
        let fatal = |source: serde_json::Error| Error::Fatal { tool: self.file.to_owned(), source: source.into() };
        let program = format!("{FOLDER}/{}", self.file);
        let argument = serde_json::to_value(argument).map_err(fatal)?;
        let own = [(self.file, self.text)].into_iter().chain(self.beside.iter().copied());
        let files = own.map(|(name, text)| (format!("{FOLDER}/{name}"), text.to_owned())).chain(more).collect();
        let limits = Limits { wall_ms: wall_s * 1000, ..Limits::default() };
        let evidence = workspace.evidence_with(Action::PythonReport { program, argument }, files, limits).await?;
        match evidence.report {
            Some(report) => serde_json::from_value(report).map_err(fatal),
            None => Err(Error::Respond(format!("it came to no result: {}", evidence.exit))),
        }
    }
}
