//! The referee's step of a phase: runs what was built and stores the evidence.

use crate::{
    Failure, Platform,
    keyed::{Done, keyed},
    upstream::Standing,
};
use maestro_artifacts::{Backend, Integration, Release, TestPlan};
use maestro_domain::{ArtifactKind, Event, Evidence, FailureKind, Phase, RunId, TestOutcome};
use maestro_ports::referee::{Action, Job, Limits};
use maestro_store::Records;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Payload {
    run: RunId,
    phase: Phase,
    attempt: u32,
}

pub(crate) async fn verify(platform: &Platform, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, phase, attempt } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let standing = Standing::after(&platform.store, &run, phase, attempt).await?;
    let actions = actions(platform, &run, phase, &standing).await?;
    let names: Vec<_> = actions.iter().map(|(name, _)| name.clone()).collect();
    let key = json!({"artifacts": standing.key(), "jobs": names});
    keyed(platform, &run, &format!("{phase}/verify"), &key, || async {
        let workspace =
            if actions.is_empty() { BTreeMap::new() } else { standing.files(&platform.store, &run).await? };
        let mut evidence = Vec::new();
        for (name, action) in actions {
            let job = Job { name, workspace: workspace.clone(), action, env: [].into(), limits: Limits::default() };
            evidence.push(judge(platform, &run, job).await?);
        }
        let ids: Vec<_> = evidence.iter().map(Evidence::id).collect();
        let records = Records { evidence, ..Records::default() };
        Ok(Done { records, ..Done::plain(json!({"evidence": ids})) })
    })
    .await
}

async fn judge(platform: &Platform, run: &RunId, job: Job) -> Result<Evidence, Failure> {
    let _busy = platform.meter.busy();
    let outcome = platform.referee.run(job).await.map_err(|error| Failure::from_error(FailureKind::Referee, &error))?;
    let evidence = outcome.evidence;
    let passed = evidence.tests.iter().filter(|test| test.outcome == TestOutcome::Passed).count();
    platform.emit(
        run,
        Event::JobFinished {
            job: evidence.job.clone(),
            success: evidence.success(),
            passed,
            ran: evidence.tests.len(),
            duration_ms: evidence.duration_ms,
        },
    );
    Ok(evidence)
}

/// The jobs of a phase. A phase whose artifact is missing has no job for it; its gate says so.
async fn actions(
    platform: &Platform,
    run: &RunId,
    phase: Phase,
    standing: &Standing,
) -> Result<Vec<(String, Action)>, Failure> {
    let tests = |dir: String| Action::PythonTests { dir };
    let mut actions = Vec::new();
    match phase {
        Phase::Requirements | Phase::Design => {}
        Phase::Implementation => {
            if let Some(backend) = document::<Backend>(platform, run, standing, ArtifactKind::Backend).await? {
                let argv = ["python3", "-m", "compileall", "-q", "-f", &backend.package].map(str::to_owned).into();
                actions.push(("implementation/build".to_owned(), Action::Command { argv }));
            }
        }
        Phase::Testing => {
            if let Some(plan) = document::<TestPlan>(platform, run, standing, ArtifactKind::Tests).await? {
                actions.push(("testing/acceptance".to_owned(), tests(plan.dir)));
            }
        }
        Phase::Deployment => {
            if let Some(release) = document::<Release>(platform, run, standing, ArtifactKind::Release).await? {
                actions.push(("deployment/start".to_owned(), tests(release.check_dir)));
            }
            if let Some(integration) =
                document::<Integration>(platform, run, standing, ArtifactKind::Integration).await?
            {
                actions.push(("deployment/integration".to_owned(), tests(integration.dir)));
            }
        }
    }
    Ok(actions)
}

/// Reads a typed document, if the artifact is there and has the type.
pub(crate) async fn document<T: DeserializeOwned>(
    platform: &Platform,
    run: &RunId,
    standing: &Standing,
    kind: ArtifactKind,
) -> Result<Option<T>, Failure> {
    match standing.get(kind) {
        Some(artifact) => Ok(serde_json::from_value(platform.store.read_document(run, artifact).await?).ok()),
        None => Ok(None),
    }
}
