//! Compensation: what the run has put in place is taken back, then the run ends failed.

use crate::{Failure, Platform, publish::finish};
use maestro_domain::{FailureKind, RunId, RunReason, RunStatus};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Payload {
    run: RunId,
    failure: Told,
}

#[derive(Deserialize)]
struct Told {
    cause: String,
}

pub(crate) async fn compensate(platform: &Platform, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, failure } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let stored = platform.store.run(&run).await?;
    let removed = platform
        .deliverables
        .withdraw(platform.store.tenant(), &stored.run)
        .await
        .map_err(|error| Failure::from_error(FailureKind::Work, &error))?;
    let reason = RunReason { code: "compensated".into(), message: failure.cause };
    finish(platform, stored, RunStatus::Failed, Some(reason)).await?;
    Ok(json!({"removed": removed}))
}
