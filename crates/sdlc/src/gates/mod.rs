//! Gates: exit criteria of each phase, decided from artifacts and the referee's evidence, never from a model's word.

mod deployment;
mod design;
mod implementation;
mod requirements;
mod testing;

use crate::{
    Failure, Platform,
    keyed::{Done, keyed},
    team::scope_of,
    upstream::Standing,
};
use maestro_artifacts::{Requirements, Understanding, requirements::Requirement};
use maestro_domain::{
    Artifact, ArtifactKind, ContentHash, Decision, Epic, Event, Evidence, FailureKind, Finding, Gate, PersonaId, Phase,
    RunId, StatementId,
};
use maestro_store::{Records, Store};
use maestro_workflow::{Scope, scope::Explain};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

#[derive(Deserialize)]
struct Payload {
    run: RunId,
    phase: Phase,
    attempt: u32,
    /// What became of each task, wave by wave; failures are data.
    results: Vec<Vec<TaskResult>>,
}

#[derive(Deserialize)]
struct TaskResult {
    #[serde(default)]
    failure: Option<TaskFailure>,
}

#[derive(Deserialize)]
struct TaskFailure {
    persona: PersonaId,
    error: String,
    cause: String,
}

impl TaskFailure {
    /// The failure that ends the run, where this one interrupted the work and says nothing about it.
    fn interrupted(&self) -> Option<Value> {
        let kind = FailureKind::from_name(&self.error).filter(|kind| kind.interrupts())?;
        Some(json!({"error": kind.name(), "cause": self.cause}))
    }
}

/// Decides one attempt of one phase.
pub(crate) async fn gate(platform: &Platform, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, phase, attempt, results } =
        Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let stored = platform.store.run(&run).await?.run;
    let view = View::read(&platform.store, &run, scope_of(&stored)?, phase, attempt).await?;
    let failures: Vec<_> = results.into_iter().flatten().filter_map(|result| result.failure).collect();
    let key = json!({
        "attempt": attempt,
        "standing": view.standing.key(),
        "evidence": view.evidence.iter().map(Evidence::id).collect::<Vec<_>>(),
        "failures": failures.iter().map(|f| json!([f.persona, f.error, f.cause])).collect::<Vec<_>>(),
    });
    if let Some(interrupted) = failures.iter().find_map(TaskFailure::interrupted) {
        // The attempt is not over, so there is nothing to judge and nothing to keep: it goes on when the run does.
        platform.emit(&run, Event::GateDecided { phase, attempt, decision: Decision::Blocked, findings: 1 });
        return Ok(json!({"decision": Decision::Blocked, "failure": interrupted}));
    }
    let attempts = stored.attempts(phase);
    // The verdict on an attempt changes when a person grants one more.
    let key = json!([key, attempt < attempts]);
    let (view, failures) = (&view, &failures);
    let answer = keyed(platform, &run, &format!("{phase}/gate"), &key, move |_| async move {
        let mut judge = Judge::default();
        if view.scope.waves(phase).is_empty() {
            judge.left_out(view);
        } else {
            judge.tasks(failures, view);
            match phase {
                Phase::Requirements => requirements::judge(&mut judge, view),
                Phase::Design => design::judge(&mut judge, view),
                Phase::Implementation => implementation::judge(&mut judge, view),
                Phase::Testing => testing::judge(&mut judge, view, &platform.meter),
                Phase::Deployment => deployment::judge(&mut judge, view),
            }
            judge.documents(view);
            judge.explained(view);
        }
        let gate = Gate::decide(phase, attempt, attempts, judge.checks, judge.findings);
        let result = json!({"decision": gate.decision, "failure": failure_of(&gate), "findings": gate.findings.len()});
        Ok(Done { records: Records { gate: Some(gate), ..Records::default() }, ..Done::plain(result) })
    })
    .await?;
    let decision = answer.get("decision").and_then(|d| Decision::deserialize(d).ok());
    let findings = answer.get("findings").and_then(Value::as_u64).unwrap_or(0) as usize;
    if let Some(decision) = decision {
        platform.emit(&run, Event::GateDecided { phase, attempt, decision, findings });
    }
    Ok(json!({"decision": answer.get("decision"), "failure": answer.get("failure")}))
}

/// The failure that a verdict ends in, as definitions carry it; null where the run goes on.
fn failure_of(gate: &Gate) -> Value {
    let kind = match gate.decision {
        Decision::Advance => return Value::Null,
        Decision::Blocked => gate.blocked_by().unwrap_or(FailureKind::NeedsModel),
        Decision::Rework | Decision::Fail => FailureKind::GateRefused,
    };
    const TOLD: usize = 5;
    let mut told: Vec<_> = gate.findings.iter().take(TOLD).map(|finding| finding.message.clone()).collect();
    if gate.findings.len() > TOLD {
        told.push(format!("and {} more", gate.findings.len() - TOLD));
    }
    json!({"error": kind.name(), "cause": format!("the {} gate: {}", gate.phase, told.join("; "))})
}

/// All that a gate may look at.
pub(crate) struct View {
    pub(crate) phase: Phase,
    /// Who works in the run, and so who owes what.
    pub(crate) scope: &'static Scope,
    pub(crate) epic: Epic,
    pub(crate) standing: Standing,
    /// Typed documents by kind; the writer's of this phase.
    documents: BTreeMap<ArtifactKind, Arc<Value>>,
    /// All files of the standing artifacts.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// What the referee saw of exactly these files.
    pub(crate) evidence: Vec<Evidence>,
}

impl View {
    /// Reads what stands after one attempt of one phase, and the evidence about exactly that.
    pub(crate) async fn read(
        store: &Store,
        run: &RunId,
        scope: &'static Scope,
        phase: Phase,
        attempt: u32,
    ) -> Result<Self, Failure> {
        let standing = Standing::after(store, run, scope, phase, attempt).await?;
        let files = standing.files(store, run).await?;
        let evidence = evidence_about(store, run, phase, &files).await?;
        let mut documents = BTreeMap::new();
        for ((of, kind), artifact) in &standing.0 {
            if *kind != ArtifactKind::Documents || *of == phase {
                documents.insert(*kind, store.read_document(run, artifact).await?);
            }
        }
        Ok(Self { phase, scope, epic: store.epic(run).await?, standing, documents, files, evidence })
    }

    /// A typed document; `None` where it is missing or not of the type.
    pub(crate) fn document<T: DeserializeOwned>(&self, kind: ArtifactKind) -> Option<T> {
        self.documents.get(&kind).and_then(|document| T::deserialize(&**document).ok())
    }

    /// The words of a text file, white space trimmed; empty where it is missing.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok()).map_or("", str::trim)
    }

    fn artifact(&self, kind: ArtifactKind) -> Option<&Artifact> {
        if kind == ArtifactKind::Documents { self.standing.documents(self.phase) } else { self.standing.get(kind) }
    }
}

/// What the referee saw of exactly these files in the jobs of a phase.
pub(crate) async fn evidence_about(
    store: &Store,
    run: &RunId,
    phase: Phase,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<Evidence>, Failure> {
    let workspace = ContentHash::of_parts(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
    let mut evidence = store.evidence(run).await?;
    evidence.retain(|one| one.workspace_hash == workspace && one.job.starts_with(phase.id()));
    Ok(evidence)
}

/// Collects checks and findings.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    checks: Vec<String>,
    findings: Vec<Finding>,
}

impl Judge {
    /// Begins a check; its findings follow.
    pub(crate) fn check(&mut self, name: &str) {
        self.checks.push(name.to_owned());
    }

    /// Something the persona must mend.
    pub(crate) fn find(&mut self, persona: PersonaId, message: impl Into<String>) {
        self.push(message.into()).persona = Some(persona);
    }

    /// Something that is wrong between the persona's work and that of another.
    pub(crate) fn find_between(&mut self, persona: PersonaId, other: PersonaId, message: impl Into<String>) {
        let finding = self.push(message.into());
        (finding.persona, finding.others) = (Some(persona), vec![other]);
    }

    /// Something about a statement that the persona must mend.
    pub(crate) fn find_about(&mut self, persona: PersonaId, statement: &StatementId, message: impl Into<String>) {
        let finding = self.push(message.into());
        (finding.persona, finding.statement) = (Some(persona), Some(statement.clone()));
    }

    /// Something that only a model or a person can mend.
    pub(crate) fn needs_model(&mut self, statement: Option<&StatementId>, message: impl Into<String>) {
        let finding = self.push(message.into());
        (finding.statement, finding.blocked_by) = (statement.cloned(), Some(FailureKind::NeedsModel));
    }

    /// Something that only a person can decide.
    pub(crate) fn needs_person(&mut self, statement: Option<&StatementId>, message: impl Into<String>) {
        let finding = self.push(message.into());
        (finding.statement, finding.blocked_by) = (statement.cloned(), Some(FailureKind::Blocked));
    }

    fn push(&mut self, message: String) -> &mut Finding {
        let check = self.checks.last().cloned().unwrap_or_default();
        self.findings.push_mut(Finding {
            check,
            message,
            persona: None,
            others: Vec::new(),
            statement: None,
            blocked_by: None,
            not_worked: false,
        })
    }

    /// The scope has no work in the phase, so nothing of it may stand.
    fn left_out(&mut self, view: &View) {
        self.check("left_out_by_the_scope");
        for (_, kind) in view.standing.0.keys().filter(|(phase, _)| *phase == view.phase) {
            self.find(
                kind.author(),
                format!("the artifact `{kind}` is of a phase that scope `{}` leaves out", view.scope.name),
            );
        }
    }

    /// A file of a persona must be there and hold something.
    pub(crate) fn file(&mut self, view: &View, persona: PersonaId, path: &str) {
        if view.text(path).is_empty() {
            self.find(persona, format!("`{path}` is missing or empty"));
        }
    }

    /// Every task of the phase was done, and every artifact of the phase holds files.
    fn tasks(&mut self, failures: &[TaskFailure], view: &View) {
        self.check("every_task_done");
        let cause = |failure: &TaskFailure| failure.error != FailureKind::Upstream.name();
        // Who waited for another's work in vain is no finding: the other is.
        let only_waited = !failures.iter().any(cause);
        for failure in failures.iter().filter(|failure| only_waited || cause(failure)) {
            let message = format!("the {} could not work: {}", failure.persona, failure.cause);
            let kind = FailureKind::from_name(&failure.error);
            let finding = self.push(message);
            finding.persona = Some(failure.persona);
            finding.blocked_by = kind.filter(|kind| *kind == FailureKind::NeedsModel);
            finding.not_worked = kind.is_none_or(|kind| !kind.of_the_work());
        }
        let failed = |persona| failures.iter().any(|failure| failure.persona == persona);
        for persona in view.scope.team(view.phase).into_iter().filter(|persona| !failed(*persona)) {
            let Some(kind) = ArtifactKind::ALL.iter().copied().find(|kind| kind.author() == persona) else { continue };
            let empty = match view.artifact(kind) {
                None => true,
                Some(artifact) => artifact.files.is_empty(),
            };
            if empty {
                self.find(persona, format!("the artifact `{kind}` holds nothing"));
            }
        }
        // Two artifacts that claim one path would overwrite each other in the deliverable.
        let mut holders: BTreeMap<&str, PersonaId> = BTreeMap::new();
        for ((_, kind), artifact) in &view.standing.0 {
            for path in artifact.files.keys() {
                // In order of phases: what was accepted before stays.
                if let Some(other) = holders.insert(path, kind.author()) {
                    self.find(kind.author(), format!("`{path}` is a file of the {other} already"));
                }
            }
        }
    }

    /// Where the scope asks for it, a page explains each statement that is built. Known once all pages are written.
    fn explained(&mut self, view: &View) {
        if view.phase != Phase::Deployment || view.scope.gates.pages_explain != Explain::All {
            return;
        }
        self.check("every_statement_is_explained");
        let written = view.standing.0.iter().filter(|((_, kind), _)| *kind == ArtifactKind::Documents);
        let pages: Vec<_> = written.flat_map(|(_, artifact)| artifact.files.keys()).collect();
        let requirements: Requirements = view.document(ArtifactKind::Requirements).unwrap_or_default();
        let built =
            |item: &&Requirement| matches!(item.understanding, Understanding::Rules { .. } | Understanding::Criteria);
        for id in requirements.items.iter().filter(built).map(|item| &item.id) {
            if !pages.iter().any(|page| names(view.text(page), id.as_str())) {
                self.find_about(PersonaId::TechnicalWriter, id, format!("no page explains `{id}`"));
            }
        }
    }

    /// The writer's pages of this phase are there, and explain every statement that they claim.
    fn documents(&mut self, view: &View) {
        let writer = PersonaId::TechnicalWriter;
        if !view.scope.works(view.phase, writer) {
            return;
        }
        self.check("pages_written");
        let Some(documents) = view.document::<maestro_artifacts::Documents>(ArtifactKind::Documents) else { return };
        if documents.phase != view.phase || documents.pages.is_empty() {
            self.find(writer, format!("there is no page about the {} phase", view.phase));
        }
        for page in &documents.pages {
            self.file(view, writer, page);
        }
        for id in &documents.explains {
            if !documents.pages.iter().any(|page| names(view.text(page), id.as_str())) {
                self.find_about(writer, id, format!("no page of the {} phase names `{id}`", view.phase));
            }
        }
    }
}

/// Whether a text names an id as a whole: `AC-1.1` is not named by `AC-1.12`.
pub(crate) fn names(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let mut after = text.get(at + id.len()..).unwrap_or_default().chars();
        let (next, beyond) = (after.next(), after.next());
        let more = next.is_some_and(|c| c.is_ascii_alphanumeric())
            || (next == Some('.') && beyond.is_some_and(|c| c.is_ascii_digit()));
        !before.is_some_and(|c| c.is_ascii_alphanumeric()) && !more
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn ids_are_named_as_a_whole() {
        for (text, named) in [
            ("see AC-1.1.", true),
            ("(AC-1.1)", true),
            ("AC-1.12", false),
            ("AC-1.1.2", false),
            ("XAC-1.1", false),
            ("AC-1.12 and AC-1.1", true),
        ] {
            assert_eq!(names(text, "AC-1.1"), named, "{text}");
        }
    }
}
