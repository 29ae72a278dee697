//! The plan of a phase: which personas work, in which waves.

use crate::{
    Failure, Platform,
    keyed::{Done, keyed},
    rework::guests,
    team::scope_of,
};
use maestro_domain::{Event, Phase, RunId};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Payload {
    run: RunId,
    attempt: u32,
}

pub(crate) async fn plan(platform: &Platform, phase: Phase, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, attempt } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let stored = platform.store.run(&run).await?.run;
    let scope = scope_of(&stored)?;
    let guests = guests(&platform.store, &stored, scope, phase, attempt).await?;
    let own = scope.waves(phase).iter().cloned();
    let planned: Vec<Vec<_>> = std::iter::once(guests).filter(|wave| !wave.is_empty()).chain(own).collect();
    platform.emit(&run, Event::PhaseStarted { phase, attempt, waves: planned.clone() });
    let key = json!({"phase": phase.id(), "attempt": attempt, "waves": planned});
    let waves = &planned;
    let stored = keyed(platform, &run, &format!("{phase}/plan"), &key, move |_| async move {
        // What is stored names no run, so that two runs of one epic have the same record.
        Ok(Done::plain(json!({ "waves": waves })))
    })
    .await?;
    let task = |persona: &Value| json!({"run": run, "phase": phase.id(), "attempt": attempt, "persona": persona});
    let waves: Vec<Vec<_>> = stored
        .get("waves")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|wave| wave.as_array().into_iter().flatten().map(task).collect())
        .collect();
    Ok(json!({ "waves": waves }))
}
