//! The plan of a phase: which personas work, in which waves.

use crate::{
    Failure, Platform,
    keyed::{Done, keyed},
    team::waves,
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
    let planned: Vec<Vec<_>> = waves(phase).iter().map(|wave| wave.to_vec()).collect();
    platform.emit(&run, Event::PhaseStarted { phase, attempt, waves: planned.clone() });
    let key = json!({"phase": phase.id(), "attempt": attempt, "waves": planned});
    keyed(platform, &run, &format!("{phase}/plan"), &key, || async {
        let tasks = |wave: &Vec<_>| -> Value {
            wave.iter()
                .map(|persona| json!({"run": run, "phase": phase.id(), "attempt": attempt, "persona": persona}))
                .collect()
        };
        Ok(Done::plain(json!({"waves": planned.iter().map(tasks).collect::<Value>()})))
    })
    .await
}
