//! The referee's step of a phase: asks for what was built to be run, and stores the evidence. It runs nothing itself.

use crate::{
    Failure, Platform,
    jobs::Wanted,
    keyed::{Done, Halt, keyed},
    team::scope_of,
    upstream::Standing,
};
use maestro_artifacts::{Backend, Integration, Release, TestPlan};
use maestro_domain::{
    ArtifactKind, Evidence, JobSpec, Phase, RunId,
    job::{Action, Limits, bounds},
};
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

/// Whoever planned many tests waits for all of them, on a busy machine too: a job that is stopped halfway says nothing.
fn patient() -> Limits {
    Limits { wall_ms: bounds::LONGEST_S * 1_000, cpu_s: bounds::LONGEST_S, ..Limits::default() }
}

pub(crate) async fn verify(platform: &Platform, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, phase, attempt } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let scope = scope_of(&platform.store.run(&run).await?.run)?;
    let standing = Standing::after(&platform.store, &run, scope, phase, attempt).await?;
    if standing.missing(phase, &scope.team(phase)).is_some() {
        // There is no whole to look at; the gate knows who is to blame.
        return Ok(json!({"evidence": []}));
    }
    let actions = actions(platform, &run, phase, &standing).await?;
    let names: Vec<_> = actions.iter().map(|(name, _)| name.clone()).collect();
    let key = json!({"artifacts": standing.key(), "jobs": names});
    let files: BTreeMap<_, _> =
        standing.paths().into_iter().map(|(path, (_, hash))| (path.to_owned(), hash.clone())).collect();
    let job = |(name, action)| JobSpec { name, action, env: [].into(), limits: patient(), files: files.clone() };
    let jobs: Vec<_> = actions.into_iter().map(job).collect();
    let (run, jobs, standing) = (&run, &jobs, &standing);
    keyed(platform, run, &format!("{phase}/verify"), &key, move |_| async move {
        let (mut evidence, mut specs) = (Vec::new(), Vec::new());
        for spec in jobs {
            match platform.jobs_of(run).known(&spec.id()).await? {
                Some(known) => evidence.push(known),
                None => specs.push(spec.clone()),
            }
        }
        if !specs.is_empty() {
            // Artifacts' files are stored one by one already.
            let files = standing.files(&platform.store, run).await?;
            return Err(Halt::Waits(Wanted { specs, files, apart: true }));
        }
        let ids: Vec<_> = evidence.iter().map(Evidence::id).collect();
        let records = Records { evidence, ..Records::default() };
        Ok(Done { records, ..Done::plain(json!({"evidence": ids})) })
    })
    .await
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
            actions.extend(build(platform, run, phase, standing).await?);
        }
        Phase::Testing => {
            if standing.0.contains_key(&(phase, ArtifactKind::Backend)) {
                actions.extend(build(platform, run, phase, standing).await?);
            }
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

/// The job that builds the service: where it is written, and where it was mended.
pub(crate) fn build_of(phase: Phase) -> String {
    format!("{phase}/build")
}

async fn build(
    platform: &Platform,
    run: &RunId,
    phase: Phase,
    standing: &Standing,
) -> Result<Option<(String, Action)>, Failure> {
    let backend = document::<Backend>(platform, run, standing, ArtifactKind::Backend).await?;
    Ok(backend.map(|backend| {
        let argv = ["python3", "-m", "compileall", "-q", "-f", &backend.package].map(str::to_owned).into();
        (build_of(phase), Action::Command { argv })
    }))
}

/// Reads a typed document, if the artifact is there and has the type.
pub(crate) async fn document<T: DeserializeOwned>(
    platform: &Platform,
    run: &RunId,
    standing: &Standing,
    kind: ArtifactKind,
) -> Result<Option<T>, Failure> {
    match standing.get(kind) {
        Some(artifact) => Ok(T::deserialize(&*platform.store.read_document(run, artifact).await?).ok()),
        None => Ok(None),
    }
}
