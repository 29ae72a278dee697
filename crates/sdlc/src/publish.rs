//! Publishing: the deliverable with its trace and evidence is put in place, then the run ends.
//!
//! A blocked or failed run hands over what it has, so that nothing of the work is lost. Publishing is not keyed: doing it
//! again replaces the same files by the same files.

use crate::{
    Failure, Platform,
    failure::reason,
    gates::View,
    record::{self, latest},
    team::{left_out, scope_of},
};
use maestro_artifacts::{Backend, Operations, TestPlan};
use maestro_domain::{ArtifactKind, Event, FailureKind, PersonaId, Run, RunId, RunReason, RunStatus, trace::count};
use maestro_store::{Store, StoredRun};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Payload {
    run: RunId,
    status: RunStatus,
    #[serde(default)]
    failure: Option<Told>,
}

/// A failure as definitions carry it.
#[derive(Deserialize)]
struct Told {
    error: String,
    cause: String,
}

pub(crate) async fn publish(platform: &Platform, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, status, failure } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let stored = platform.store.run(&run).await?;
    if stored.run.status == RunStatus::Cancelled {
        return Err(Failure::new(FailureKind::Cancelled, format!("run `{run}` was cancelled")));
    }
    let reason = failure.map(|told| reason(&told.error, &told.cause));
    let place = put_in_place(platform, &stored.run, status, reason.as_ref()).await?;
    finish(platform, stored, status, reason).await?;
    Ok(json!({"deliverable": place}))
}

async fn put_in_place(
    platform: &Platform,
    run: &Run,
    status: RunStatus,
    reason: Option<&RunReason>,
) -> Result<Option<String>, Failure> {
    let Some(files) = deliverable(&platform.store, run, status, reason).await? else { return Ok(None) };
    let placed = platform.deliverables.publish(platform.store.tenant(), run, files).await;
    placed.map(Some).map_err(|error| Failure::from_error(FailureKind::Work, &error))
}

/// What a run hands over when it ends so, made of its record; none where no phase has made anything.
///
/// # Errors
/// A failure of the store.
pub async fn deliverable(
    store: &Store,
    run: &Run,
    status: RunStatus,
    reason: Option<&RunReason>,
) -> Result<Option<BTreeMap<String, Vec<u8>>>, Failure> {
    let Some(view) = latest(store, run).await? else { return Ok(None) };
    let rows = record::trace_of(store, run, Some(&view)).await?;
    let evidence = store.evidence(&run.id).await?;
    let left_out = left_out(scope_of(run)?)?;
    let mut manifest = json!({
        "run": run.id,
        "epic": run.epic,
        "scope": run.scope,
        "left_out": left_out.into_iter().map(|(phase, persona)| json!({"phase": phase, "persona": persona})).collect::<Value>(),
        "status": status,
        "reason": reason,
        "trace": "trace.json",
        "evidence": "evidence.json",
        "criteria": count(&rows),
    });
    if let (Some(running), Some(object)) = (Running::of(&view), manifest.as_object_mut()) {
        object.insert("start".into(), json!(running.start));
        object.insert("test".into(), json!(running.test));
        object.insert("port_env".into(), json!(running.port_env));
        object.insert("openapi".into(), json!("openapi.json"));
    }
    let mut files = view.files;
    for (path, value) in [("maestro.json", manifest), ("trace.json", json!(rows)), ("evidence.json", json!(evidence))] {
        files.insert(path.to_owned(), pretty(&value));
    }
    Ok(Some(files))
}

/// How what was built is started and tested.
struct Running {
    start: Vec<String>,
    test: Vec<String>,
    port_env: String,
}

/// Where a service that nobody operates takes its port from: as the backend developer was told to.
const PORT_ENV: &str = "PORT";

impl Running {
    /// As the operations say; where the scope has none, as the service and the plan of its tests do.
    fn of(view: &View) -> Option<Self> {
        if view.scope.has(PersonaId::DevopsEngineer) {
            let Operations { start, test, port_env, .. } = view.document(ArtifactKind::Operations)?;
            return Some(Self { start, test, port_env });
        }
        let backend: Backend = view.document(ArtifactKind::Backend)?;
        let plan: Option<TestPlan> = view.document(ArtifactKind::Tests);
        let discover =
            |plan: TestPlan| ["python3", "-m", "unittest", "discover", "-s", &plan.dir].map(str::to_owned).into();
        Some(Self { start: backend.start, test: plan.map(discover).unwrap_or_default(), port_env: PORT_ENV.to_owned() })
    }
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = format!("{value:#}");
    text.push('\n');
    text.into_bytes()
}

/// Ends the run, unless it has ended the same way already. Where somebody changed its row since it was read, it is read again.
pub(crate) async fn finish(
    platform: &Platform,
    mut stored: StoredRun,
    status: RunStatus,
    reason: Option<RunReason>,
) -> Result<(), Failure> {
    let run = stored.run.id.clone();
    loop {
        if stored.run.status == status {
            return Ok(());
        }
        stored
            .run
            .finish(status, reason.clone(), platform.clock.now_ms())
            .map_err(|error| Failure::from_error(FailureKind::Cancelled, &error))?;
        match platform.store.update_run(&mut stored).await {
            Err(maestro_store::Error::Changed { .. }) => stored = platform.store.run(&run).await?,
            ended => {
                ended?;
                platform.emit(&run, Event::RunEnded { status });
                return Ok(());
            }
        }
    }
}
