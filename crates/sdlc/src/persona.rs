//! One persona's task in one phase.

use crate::{
    Failure, Platform,
    keyed::{Done, keyed},
    upstream::Standing,
};
use maestro_agent::{Brief, perform};
use maestro_domain::{FailureKind, Finding, PersonaId, Phase, RunId};
use maestro_store::Records;
use maestro_tools::Context;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
struct Payload {
    run: RunId,
    phase: Phase,
    attempt: u32,
}

pub(crate) async fn work(platform: &Platform, persona: PersonaId, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, phase, attempt } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let stored = platform.store.run(&run).await?.run;
    let definition = maestro_personas::get(persona).map_err(|error| Failure::from_error(FailureKind::Work, &error))?;
    let standing = Standing::before(&platform.store, &run, phase, attempt, persona).await?;
    let findings = findings_for(platform, &run, phase, attempt, persona).await?;
    let key = json!({
        "epic": stored.epic_hash,
        "model": stored.model,
        "persona": definition.content_hash(),
        "upstream": standing.key(),
        "findings": findings,
    });
    keyed(platform, &run, &format!("{phase}/{persona}"), &key, || async {
        let epic = platform.store.epic(&run).await?;
        let system = definition.render(phase, &epic.title);
        let mut context = Context {
            persona,
            phase,
            output: definition.output,
            epic: Arc::new(epic),
            upstream: standing.load(&platform.store, &run).await?,
            own: [].into(),
            submitted: None,
            referee: Arc::clone(&platform.referee),
        };
        let brief = Brief {
            system,
            tools: definition.tools.clone(),
            max_turns: definition.max_turns,
            findings: findings.clone(),
        };
        let work = perform(&*platform.model, &brief, &mut context, &platform.meter).await?;
        let artifact = platform.store.put_artifact(&run, phase, definition.output, &work.document, &work.files).await?;
        let result = json!({"artifact": artifact.hash(), "files": artifact.files.len(), "turns": work.turns});
        let records = Records { artifacts: vec![(attempt, artifact)], usage: Some(work.usage), ..Records::default() };
        Ok(Done { result, records, usage: work.usage })
    })
    .await
}

/// What the gate of the attempt before found against this persona's work.
async fn findings_for(
    platform: &Platform,
    run: &RunId,
    phase: Phase,
    attempt: u32,
    persona: PersonaId,
) -> Result<Vec<Finding>, Failure> {
    // Before the first attempt there is no gate.
    if attempt <= 1 {
        return Ok(Vec::new());
    }
    let gates = platform.store.gates(run).await?;
    let last = gates.into_iter().find(|gate| gate.phase == phase && gate.attempt + 1 == attempt);
    Ok(last.map_or_else(Vec::new, |gate| {
        gate.findings.into_iter().filter(|finding| finding.persona == Some(persona)).collect()
    }))
}
