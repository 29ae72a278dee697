//! Intake: the epic's bytes are read again and must give the statements that the run was created with.
//!
//! Ids of statements are the spine of the trace. A newer program that numbers them differently must not go on with a run
//! that an older one began.

use crate::{
    Failure, Platform,
    keyed::{Done, Halt, keyed},
};
use maestro_domain::{ContentHash, FailureKind, RunId};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Payload {
    run: RunId,
}

pub(crate) async fn intake(platform: &Platform, payload: &Value) -> Result<Value, Failure> {
    let Payload { run } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let stored = platform.store.run(&run).await?;
    let key = json!({"epic": stored.run.epic_hash});
    let run = &run;
    keyed(platform, run, "intake", &key, move |_| async move {
        let (epic, bytes) = platform.store.epic_with_bytes(run).await?;
        let again = maestro_epic::read(&bytes, &epic.title)
            .map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?;
        // The title may come from the file's name, which the bytes do not hold; ids hang on the statements alone.
        if again.statements != epic.statements {
            return Err(Halt::Failed(Failure::new(
                FailureKind::BadOutput,
                "this maestro numbers the epic's statements differently from the one that began the run; start a new run",
            )));
        }
        let traced = epic.statements.iter().filter(|statement| statement.kind.traced()).count();
        let narrative = epic.statements.len() - traced;
        let hash = ContentHash::of(serde_json::to_string(&epic).unwrap_or_default().as_bytes());
        Ok(Done::plain(json!({"statements": {"traced": traced, "narrative": narrative, "hash": hash}})))
    })
    .await
    .map(|result| json!({"statements": result.get("statements")}))
}
