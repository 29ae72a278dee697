//! What can be said of a run: its trace, its figures and its canonical record.

use crate::{
    Failure,
    gates::{View, evidence_about},
    team::scope_of,
    upstream::Standing,
};
use maestro_artifacts::{Requirements, Understanding};
use maestro_domain::{ArtifactKind, Evidence, Phase, Round, Run, RunId, TaskState, TraceRow, trace};
use maestro_store::Store;
use regex::Regex;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

static ID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:US|AC|BR|FR|NFR)-\d{1,5}(?:\.\d{1,5})*\b").ok());

/// Which files name which statement.
#[must_use]
pub fn carriers(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<String>> {
    let mut carriers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, bytes) in files {
        if let (Some(id), Ok(text)) = (ID.as_ref(), std::str::from_utf8(bytes)) {
            for found in id.find_iter(text) {
                carriers.entry(found.as_str().to_owned()).or_default().insert(path.clone());
            }
        }
    }
    carriers.into_iter().map(|(id, paths)| (id, paths.into_iter().collect())).collect()
}

/// The last attempt of each phase that made something.
async fn attempts(store: &Store, run: &RunId) -> Result<BTreeMap<Phase, u32>, Failure> {
    let mut attempts = BTreeMap::new();
    for stored in store.artifacts(run).await? {
        let last = attempts.entry(stored.artifact.phase).or_default();
        *last = stored.attempt.max(*last);
    }
    Ok(attempts)
}

/// The last phase that made something, and what stands after it.
pub(crate) async fn latest(store: &Store, run: &Run) -> Result<Option<View>, Failure> {
    match attempts(store, &run.id).await?.last_key_value() {
        Some((phase, attempt)) => View::read(store, &run.id, scope_of(run)?, *phase, *attempt).await.map(Some),
        None => Ok(None),
    }
}

/// The trace of a run, from the evidence about what the testing phase made.
///
/// # Errors
/// A failure of the store.
pub async fn trace(store: &Store, run: &Run) -> Result<Vec<TraceRow>, Failure> {
    trace_of(store, run, latest(store, run).await?.as_ref()).await
}

/// The trace of a run whose latest view was read already.
pub(crate) async fn trace_of(store: &Store, run: &Run, latest: Option<&View>) -> Result<Vec<TraceRow>, Failure> {
    let evidence = match attempts(store, &run.id).await?.get(&Phase::Testing) {
        Some(attempt) => {
            let standing = Standing::after(store, &run.id, scope_of(run)?, Phase::Testing, *attempt).await?;
            evidence_about(store, &run.id, Phase::Testing, &standing.files(store, &run.id).await?).await?
        }
        None => Vec::new(),
    };
    let carriers = latest.map(|view| carriers(&view.files)).unwrap_or_default();
    let epic = match latest {
        Some(view) => &view.epic,
        None => &store.epic(&run.id).await?,
    };
    Ok(trace::trace(epic, &carriers, &evidence))
}

/// Statements that were not understood: id, quote, why. A story without a meaning of its own means what stands below it.
///
/// # Errors
/// A failure of the store.
pub async fn unknown(store: &Store, run: &Run) -> Result<Vec<(String, String, String)>, Failure> {
    let Some(view) = latest(store, run).await? else { return Ok(Vec::new()) };
    let requirements: Requirements = view.document(ArtifactKind::Requirements).unwrap_or_default();
    Ok(requirements
        .unknown()
        .filter(|item| view.epic.below(&item.id).next().is_none())
        .filter_map(|item| match &item.understanding {
            Understanding::Unknown { quote, why } => Some((item.id.to_string(), quote.clone(), why.clone())),
            _ => None,
        })
        .collect())
}

/// What the canonical record leaves out: of what, which field, and why.
pub const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("run", "id", "each run has its own"),
    ("run", "out", "where the user wants the deliverable"),
    ("run", "executions", "how often the run was resumed"),
    ("run", "created_ms", "clock"),
    ("run", "changed_ms", "clock"),
    ("round", "at_ms", "clock"),
    ("task", "fence", "how often the task was claimed"),
    ("task", "state", "a completed task has its result instead"),
    ("task", "made_by", "which call of which function did it"),
    ("task", "started_ms", "clock"),
    ("task", "changed_ms", "clock"),
    ("artifact", "made_by", "as of a task"),
    ("evidence", "duration_ms", "clock"),
    ("evidence", "truncated", "how much of the raw output was kept; `output_hash` counts"),
    ("test", "message", "raw output, with ports and paths of one run"),
];

/// The record of a run without what [`LEFT_OUT`] lists. Two runs of the same epic by the same author are identical when
/// these are.
///
/// # Errors
/// A failure of the store.
pub async fn canonical(store: &Store, run: &RunId) -> Result<Value, Failure> {
    let stored = store.run(run).await?.run;
    let tasks: Vec<_> = store
        .tasks(run)
        .await?
        .into_iter()
        .map(|row| match row.state {
            TaskState::Completed { result } => json!({"task": row.task, "input": row.input, "result": result}),
            TaskState::Claimed { .. } => json!({"task": row.task, "input": row.input, "state": "claimed"}),
            TaskState::Open { .. } => json!({"task": row.task, "input": row.input, "state": "open"}),
        })
        .collect();
    let artifacts: Vec<_> = store
        .artifacts(run)
        .await?
        .into_iter()
        .map(|stored| json!({"attempt": stored.attempt, "artifact": stored.artifact, "hash": stored.artifact.hash()}))
        .collect();
    let evidence: BTreeSet<_> = store.evidence(run).await?.iter().map(canonical_evidence).collect();
    let evidence: Vec<Value> = evidence.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    Ok(json!({
        "epic": stored.epic,
        "epic_hash": stored.epic_hash,
        "model": stored.model,
        "scope": stored.scope,
        "status": stored.status,
        "reason": stored.reason,
        "rounds": stored.rounds.iter().map(canonical_round).collect::<Vec<_>>(),
        "gates": store.gates(run).await?,
        "tasks": tasks,
        "artifacts": artifacts,
        "evidence": evidence,
        "trace": trace(store, &stored).await?,
    }))
}

fn canonical_round(round: &Round) -> Value {
    json!({"phase": round.phase, "by": round.by, "note": round.note})
}

fn canonical_evidence(evidence: &Evidence) -> String {
    let tests: Vec<_> =
        evidence.tests.iter().map(|t| json!({"name": t.name, "outcome": t.outcome, "covers": t.covers})).collect();
    json!({
        "job": evidence.job,
        "id": evidence.id(),
        "command": evidence.command,
        "exit": evidence.exit,
        "isolation": evidence.isolation,
        "output_hash": evidence.output_hash,
        "workspace_hash": evidence.workspace_hash,
        "tests": tests,
    })
    .to_string()
}
