//! What came of a run: one line of JSON for programs, an account for people.

use crate::{
    cost::model::Shares,
    output::{Output, number},
    progress::seconds,
    site::On,
    stop::Exit,
};
use maestro_artifacts::Design;
use maestro_domain::{
    Amount, ArtifactKind, Decision, Evidence, Finding, Gate, Run, RunId, RunStatus, TestOutcome,
    trace::{TraceCounts, count},
};
use maestro_sdlc::{Failure, record};
use maestro_store::Store;
use maestro_workflow::Scope;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

/// How many of a kind an account lists.
const LISTED: usize = 10;
/// The reason's word when the store's disk is full.
pub(crate) const STORE_FULL: &str = "store_full";

/// The last line on standard output with `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    /// None where it was stopped before there was one.
    run: Option<&'a RunId>,
    epic: &'a str,
    status: &'a str,
    reason: Option<&'a str>,
    deliverable: Option<&'a Path>,
    criteria: TraceCounts,
    tokens: u64,
    cost_usd: f64,
    wall_ms: u64,
    orchestration_ms: u64,
}

impl<'a> Line<'a> {
    /// The line of an execution that was stopped before there was a run.
    pub(crate) fn nothing_begun(epic: &'a str) -> Self {
        Self {
            run: None,
            epic,
            status: RunStatus::Cancelled.id(),
            reason: Some("cancelled"),
            deliverable: None,
            criteria: TraceCounts::default(),
            tokens: 0,
            cost_usd: 0.0,
            wall_ms: 0,
            orchestration_ms: 0,
        }
    }
}

/// How long an execution took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) wall: Duration,
    pub(crate) orchestration: Duration,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Summary {
    /// Where the run is.
    pub(crate) on: On,
    pub(crate) run: Run,
    pub(crate) deliverable: Option<Deliverable>,
    pub(crate) unknown: Vec<(String, String, String)>,
    pub(crate) gates: Vec<Gate>,
    criteria: TraceCounts,
    tokens: u64,
    cost_micro_usd: u64,
    shares: Option<Shares>,
    figures: Figures,
    design: Option<Design>,
    evidence: Vec<Evidence>,
}

/// Software in its place.
#[derive(Debug)]
pub(crate) struct Deliverable {
    pub(crate) place: PathBuf,
    start: Vec<String>,
    port: String,
}

#[derive(Deserialize)]
struct Manifest {
    run: String,
    #[serde(default)]
    start: Vec<String>,
    #[serde(default)]
    port_env: String,
}

/// A run's scope, and what it leaves out.
pub(crate) fn scope(run: &Run) -> String {
    let told = Scope::find(&run.scope).ok().and_then(|scope| maestro_sdlc::left_out_told(scope).ok().flatten());
    told.map_or_else(|| run.scope.clone(), |told| format!("{}, which leaves out: {told}", run.scope))
}

impl Summary {
    /// Reads what a run left.
    pub(crate) async fn read(store: &Store, on: On, run: Run, figures: Figures) -> Result<Self, Failure> {
        let spent = store.account(Some(&run.id)).await?.map_or(Amount::ZERO, |account| account.spent);
        let shares = match spent.tokens {
            0 => None,
            _ => Shares::of(&store.calls(&run.id).await?),
        };
        let artifacts = store.artifacts(&run.id).await?;
        let design = artifacts.iter().rfind(|stored| stored.artifact.kind == ArtifactKind::Design);
        let design = match design {
            Some(stored) => Design::deserialize(&*store.read_document(&run.id, &stored.artifact).await?).ok(),
            None => None,
        };
        Ok(Self {
            on,
            deliverable: Deliverable::of(&run),
            unknown: record::unknown(store, &run).await?,
            gates: store.gates(&run.id).await?,
            criteria: count(&record::trace(store, &run).await?),
            evidence: store.evidence(&run.id).await?,
            tokens: spent.tokens,
            cost_micro_usd: spent.micro_usd,
            shares,
            figures,
            design,
            run,
        })
    }

    /// What can be said of a run without reading what it left.
    pub(crate) fn unread(on: On, run: &Run, status: RunStatus, code: &str) -> Self {
        let mut run = run.clone();
        run.status = status;
        run.reason = Some(maestro_domain::RunReason { code: code.to_owned(), message: String::new() });
        Self {
            on,
            deliverable: Deliverable::of(&run),
            run,
            unknown: Vec::new(),
            gates: Vec::new(),
            criteria: TraceCounts::default(),
            tokens: 0,
            cost_micro_usd: 0,
            shares: None,
            figures: Figures::default(),
            design: None,
            evidence: Vec::new(),
        }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        exit(self.run.status)
    }

    /// The line for programs.
    pub(crate) fn line(&self) -> Line<'_> {
        let ms = |took: Duration| u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Line {
            run: Some(&self.run.id),
            epic: &self.run.epic,
            status: self.run.status.id(),
            reason: self.run.reason.as_ref().map(|reason| reason.code.as_str()),
            deliverable: self.deliverable.as_ref().map(|deliverable| deliverable.place.as_path()),
            criteria: self.criteria,
            tokens: self.tokens,
            cost_usd: self.cost_micro_usd as f64 / 1e6,
            wall_ms: ms(self.figures.wall),
            orchestration_ms: ms(self.figures.orchestration),
        }
    }

    /// Keeps in the log what went wrong.
    pub(crate) fn log(&self) {
        let (status, reason) = (self.run.status.id(), self.run.reason.as_ref());
        tracing::info!(status, reason = ?reason, wall = ?self.figures.wall, "execution ends");
        for finding in self.refusals() {
            tracing::error!(check = %finding.check, statement = ?finding.statement, message = %finding.message, "finding");
        }
        for evidence in self.standing_evidence() {
            for test in evidence.tests.iter().filter(|test| test.outcome != TestOutcome::Passed) {
                let (outcome, message) = (test.outcome, &test.message);
                tracing::error!(job = %evidence.job, test = %test.name, ?outcome, %message, "test did not pass");
            }
            if !evidence.success() && evidence.tests.is_empty() {
                tracing::error!(job = %evidence.job, command = ?evidence.command, exit = %evidence.exit, "job failed");
            }
        }
    }

    /// The account for people.
    pub(crate) fn show(&self, output: &Output, log: &Path) {
        let paint = output.out();
        let status = self.run.status.id();
        let (mark, status) = match self.run.status {
            RunStatus::Ok => (paint.green("✔"), paint.green(status)),
            RunStatus::Failed => (paint.red("✘"), paint.red(status)),
            _ => (paint.yellow("■"), paint.yellow(status)),
        };
        let took = seconds(self.figures.wall);
        output.line(format!("\n{mark} {}: {status} after {took}", paint.bold(&self.run.epic)));
        let row = |name: &str, text: String| output.line(format!("  {} {text}", paint.dim(format!("{name:<12}"))));
        row("run", self.run.id.to_string());
        row("scope", scope(&self.run));
        if let Some(built) = self.built() {
            row("built", built);
        }
        if !self.evidence.is_empty() {
            row("tests", self.tests());
        }
        row("statements", counts(self.criteria));
        let shares = self.shares.map_or_else(String::new, |shares| format!(" ({})", shares.told()));
        row("cost", format!("{} tokens{shares}, ${:.2}", self.tokens, self.cost_micro_usd as f64 / 1e6));
        if let Some(deliverable) = &self.deliverable {
            row("deliverable", deliverable.place.display().to_string());
        }
        if let Some(start) = self.deliverable.as_ref().and_then(Deliverable::start) {
            row("start it", paint.bold(start));
        }
        self.show_unknown(output);
        self.show_failures(output, log);
        if self.run.status != RunStatus::Ok {
            output.line("");
            row("log", log.display().to_string());
            row("go on", self.on.resume(&self.run.id));
        }
    }

    /// What was not understood, and what could not be proven.
    pub(crate) fn show_unknown(&self, output: &Output) {
        let paint = output.out();
        if !self.unknown.is_empty() {
            output.line(format!("\n{}", paint.yellow("not understood")));
        }
        for (id, quote, why) in &self.unknown {
            output.line(format!("  {:<8} `{quote}`", id));
            output.line(format!("           {}", paint.dim(why)));
        }
        let known = |id: &str| self.unknown.iter().any(|(unknown, ..)| unknown == id);
        let bare = self.refusals().into_iter().filter(|finding| finding.blocked_by.is_some());
        let bare: Vec<_> = bare.filter(|one| one.statement.as_ref().is_some_and(|id| !known(id.as_str()))).collect();
        if !bare.is_empty() {
            output.line(format!("\n{}", paint.yellow("not proven")));
        }
        for finding in bare {
            output.line(format!("  {}", finding.message));
        }
    }

    fn show_failures(&self, output: &Output, log: &Path) {
        let findings = self.refusals().into_iter().filter(|finding| finding.blocked_by.is_none());
        let findings: Vec<_> = findings.collect();
        let reason = self.run.reason.as_ref().filter(|_| self.run.status == RunStatus::Failed);
        if findings.is_empty() && reason.is_none() {
            return;
        }
        let paint = output.out();
        output.line(format!("\n{}", paint.red("what failed")));
        if let (Some(reason), true) = (reason, findings.is_empty()) {
            output.line(format!("  {} ({})", reason.message, reason.code));
        }
        for finding in findings.iter().take(LISTED) {
            let statement = finding.statement.as_ref().map(|id| format!("{id} ")).unwrap_or_default();
            output.line(format!("  {statement}{} {}", finding.message, paint.dim(format!("({})", finding.check))));
        }
        if findings.len() > LISTED {
            output.line(format!("  and {} more in {}", findings.len() - LISTED, log.display()));
        }
    }

    /// What blocks the run, and what lets it go on.
    fn blocked(&self, code: &str, output: &Output) -> (String, String) {
        let cyan = |text: String| output.err().cyan(text);
        let reason = self.run.reason.as_ref().map_or_else(String::new, |reason| reason.message.clone());
        let resume = format!("`{}`", cyan(self.on.resume(&self.run.id)));
        match code {
            "needs_model" if self.run.model == maestro_blueprint::NAME => {
                let message = match self.unknown.len() {
                    0 => reason,
                    1 => "1 statement needs a model or a person".to_owned(),
                    many => format!("{many} statements need a model or a person"),
                };
                let help = format!(
                    "the built-in author, `{}`, knows record-keeping services only; a language model knows more (`--model \
                     anthropic:NAME`, or `maestro.toml`); or say it in other words, or mark it as out of scope in the epic, \
                     and execute the epic again",
                    maestro_blueprint::NAME
                );
                (message, help)
            }
            "budget" => {
                let grant = format!("maestro runs grant {} 5.00 --by NAME", self.run.id);
                (reason, format!("let it spend more with `{}`, then go on with {resume}", cyan(grant)))
            }
            "needs_model" | "model" => {
                let help =
                    "`maestro doctor` tries models out without asking them anything; once it is mended, go on with";
                (reason, format!("{help} {resume}"))
            }
            _ if self.gates.last().is_some_and(Gate::asks_a_person) => {
                let rework = format!("maestro runs rework {} --by NAME --note TEXT", self.run.id);
                let help = format!(
                    "whoever made it did not mend it; let them try once more with `{}`, then go on with {resume}; or say in \
                     other words what the epic asks for, and execute it again",
                    cyan(rework)
                );
                (reason, help)
            }
            _ => (reason, "change the epic so that its statements agree, and execute it again".to_owned()),
        }
    }

    /// What to do next, on standard error.
    pub(crate) fn advise(&self, output: &Output, log: &Path) {
        let reason = self.run.reason.as_ref();
        let code = reason.map_or("", |reason| reason.code.as_str());
        let cyan = |text| output.err().cyan(text);
        match (self.run.status, code) {
            (RunStatus::Blocked, code) => {
                let (message, help) = self.blocked(code, output);
                output.note(format!("{} {message}\n  {} {help}", output.err().yellow("blocked:"), cyan("help:")));
            }
            (RunStatus::Cancelled, _) => output.note(format!(
                "{} nothing completed is lost\n  {} go on with `{}`",
                output.err().yellow("stopped:"),
                cyan("help:"),
                self.on.resume(&self.run.id)
            )),
            (RunStatus::Failed, code) => {
                let message = match (reason, self.refusals().first()) {
                    (_, Some(finding)) => finding.message.as_str(),
                    (Some(reason), None) => &reason.message,
                    (None, None) => "the run ended badly",
                };
                let first = if code == STORE_FULL { "make room on the disk, then go on" } else { "go on" };
                output.note(format!(
                    "{} {message}\n  {} {first} with `{}`; log: {}",
                    output.err().red("failed:"),
                    cyan("help:"),
                    self.on.resume(&self.run.id),
                    log.display()
                ));
            }
            _ => {}
        }
    }

    /// Findings of the last gate of each phase that did not advance.
    pub(crate) fn refusals(&self) -> Vec<&Finding> {
        let mut last: BTreeMap<_, &Gate> = BTreeMap::new();
        for gate in &self.gates {
            last.insert(gate.phase, gate);
        }
        last.into_values().filter(|gate| gate.decision != Decision::Advance).flat_map(|gate| &gate.findings).collect()
    }

    fn built(&self) -> Option<String> {
        let design = self.design.as_ref()?;
        let paths = design.openapi.get("paths").and_then(Value::as_object).map_or(0, serde_json::Map::len);
        let names: Vec<_> = design.model.entities.iter().map(|entity| entity.plural.as_str()).collect();
        Some(format!(
            "{} ({}), {}, {}",
            number(names.len(), "kind of records", "kinds of records"),
            names.join(", "),
            number(design.model.rules.len(), "rule", "rules"),
            number(paths, "path", "paths")
        ))
    }

    /// One piece of evidence a job: where rework repeated it, one that succeeded, if any did.
    fn standing_evidence(&self) -> impl Iterator<Item = &Evidence> {
        let mut standing: BTreeMap<&str, &Evidence> = BTreeMap::new();
        for evidence in &self.evidence {
            let kept = standing.entry(&evidence.job).or_insert(evidence);
            if evidence.success() {
                *kept = evidence;
            }
        }
        standing.into_values()
    }

    fn tests(&self) -> String {
        let (mut passed, mut ran) = (0, 0);
        for evidence in self.standing_evidence() {
            ran += evidence.tests.len();
            passed += evidence.tests.iter().filter(|test| test.outcome == TestOutcome::Passed).count();
        }
        format!("{passed} of {ran} passed")
    }
}

impl Deliverable {
    /// The deliverable that a run has put in place, if it is still there.
    pub(crate) fn of(run: &Run) -> Option<Self> {
        let place = PathBuf::from(&run.out);
        let manifest = std::fs::read(place.join("maestro.json")).ok()?;
        let manifest: Manifest = serde_json::from_slice(&manifest).ok()?;
        (manifest.run == run.id.as_str()).then_some(Self { place, start: manifest.start, port: manifest.port_env })
    }

    /// The command that starts the service.
    pub(crate) fn start(&self) -> Option<String> {
        if self.start.is_empty() {
            return None;
        }
        let argv: Vec<_> = self.start.iter().map(|part| quoted(part)).collect();
        let port = if self.port.is_empty() { String::new() } else { format!("{}=8080 ", self.port) };
        Some(format!("cd {} && {port}{}", quoted(&self.place.display().to_string()), argv.join(" ")))
    }
}

/// The exit code of a run that stands so.
pub(crate) fn exit(status: RunStatus) -> Exit {
    match status {
        RunStatus::Ok => Exit::Ok,
        RunStatus::Running | RunStatus::Failed => Exit::Failed,
        RunStatus::Blocked => Exit::Blocked,
        RunStatus::Cancelled => Exit::Interrupted,
    }
}

/// Counts of the trace, in words.
pub(crate) fn counts(counts: TraceCounts) -> String {
    let TraceCounts { ok, failed, gap, orphan, deferred } = counts;
    let mut parts = vec![format!("{ok} proven by tests")];
    for (count, what) in [(failed, "failed"), (gap, "without a test"), (orphan, "unknown ids"), (deferred, "deferred")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join(", ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("/a/b-c"), "/a/b-c");
        assert_eq!(quoted("it's here"), r"'it'\''s here'");
        assert_eq!(quoted(""), "''");
    }
}
