//! One persona's task in one phase.

use crate::{
    Failure, Platform,
    jobs::Wanted,
    keyed::{Done, Halt, keyed},
    outside,
    paid::PaidTurns,
    rework::Rework,
    team::{left_out_told, scope_of},
    upstream::{Standing, earlier},
};
use maestro_agent::{Brief, Ends, perform};
use maestro_domain::{
    Artifact, ContentHash, Decision, FailureKind, Gate, PersonaId, Phase, Run, RunId, TaskId, task::TaskState,
};
use maestro_personas::Persona;
use maestro_ports::model::Request;
use maestro_screen::for_prompt;
use maestro_store::Records;
use maestro_tools::{Context, Dispatcher, Effect, PathScope, Permissions, Toolbox};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
struct Payload {
    run: RunId,
    phase: Phase,
    attempt: u32,
}

/// What the work of an attempt failed by in an execution before this one, where the run went on from that to the next attempt.
/// Doing it anew would be paid for once more, and might come to something else than what all later attempts work from. Where the
/// run stopped at that attempt, it is done anew: that is what it was resumed for.
async fn failed_before(
    platform: &Platform,
    run: &Run,
    phase: Phase,
    attempt: u32,
    task: &str,
    key: &Value,
) -> Result<Option<Failure>, Failure> {
    if run.executions <= 1 {
        return Ok(None);
    }
    let task = TaskId::new(task).map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?;
    let row = platform.store.task(&run.id, &task, &ContentHash::of_json(key)).await?;
    let Some(TaskState::Open { failure: Some((kind, cause)) }) = row.map(|row| row.state) else { return Ok(None) };
    if !kind.of_the_work() {
        return Ok(None);
    }
    let gates = platform.store.gates(&run.id).await?;
    let of_it = |gate: &&Gate| gate.phase == phase && gate.attempt == attempt;
    let went_on = gates.iter().find(of_it).is_some_and(|gate| gate.decision == Decision::Rework);
    Ok(went_on.then(|| Failure::new(kind, cause)))
}

pub(crate) async fn work(platform: &Platform, persona: PersonaId, payload: &Value) -> Result<Value, Failure> {
    let Payload { run, phase, attempt } = Payload::deserialize(payload).map_err(|error| Failure::payload(&error))?;
    let stored = platform.store.run(&run).await?.run;
    let model = platform.models.open(&stored.model, persona).map_err(maestro_agent::Error::Model)?;
    let definition = maestro_personas::get(persona).map_err(|error| Failure::from_error(FailureKind::Work, &error))?;
    let scope = scope_of(&stored)?;
    let standing = Standing::before(&platform.store, &run, scope, phase, attempt, persona).await?;
    if let Some(missing) = standing.missing(phase, &earlier(scope, phase, persona)) {
        let cause = format!("the {missing} before the {persona} has handed over nothing in the {phase} phase");
        return Err(Failure::new(FailureKind::Upstream, cause));
    }
    let rework = Rework::of(&platform.store, &stored, scope, phase, attempt, persona, definition.output).await?;
    let key = json!({
        "epic": stored.epic_hash,
        "model": stored.model,
        "persona": definition.content_hash(),
        "upstream": standing.key(),
        "findings": rework.findings,
        "note": rework.note,
        "before": rework.before.as_ref().map(Artifact::hash),
    });
    let task = format!("{phase}/{persona}");
    if let Some(failure) = failed_before(platform, &stored, phase, attempt, &task, &key).await? {
        return Err(failure);
    }
    let left_out = left_out_told(scope)?;
    let (model, definition, standing, rework, stored) = (&*model, &definition, &standing, &rework, &stored);
    let left_out = left_out.as_deref();
    let run = &stored.id;
    keyed(platform, run, &task, &key, move |claimed| async move {
        let epic = platform.store.epic(run).await?;
        // What costs nothing is no language model: it takes no orders from texts, and works from the very words.
        let screened = !model.quote(&Request::default()).map_err(maestro_agent::Error::from)?.is_free();
        let fit = |text: &str, origin: &str| {
            if screened { for_prompt(text, origin, OUTSIDE).text } else { text.to_owned() }
        };
        let system = definition.render(phase, &fit(&epic.title, "title"));
        let mut context = Context {
            persona,
            phase,
            output: definition.output,
            epic: Arc::new(epic),
            upstream: standing.load(&platform.store, run).await?,
            own: [].into(),
            before: None,
            submitted: None,
            jobs: Arc::new(platform.jobs_of(run)),
        };
        rework.restore(&platform.store, stored, &mut context).await?;
        let (mut toolbox, mut allowed) = (Toolbox::standard(), permissions(definition));
        if screened {
            (toolbox, allowed) = outside::add(platform, run, &claimed, persona, toolbox, allowed).await;
        }
        let brief = Brief {
            task: claimed.task.to_string(),
            input: Some(claimed.input.clone()),
            system,
            tools: Dispatcher::new(toolbox, allowed).with_answer_limit(model.answer_limit()),
            max_turns: definition.max_turns,
            max_tokens: definition.token_budget,
            ends: Ends::Submission,
            opening: opening(&context, left_out, rework, &fit),
            screened,
        };
        let turns = PaidTurns::of(platform, run, claimed, !rework.findings.is_empty()).await?;
        let work = match perform(model, &brief, &mut context, &platform.meter, &turns).await {
            Err(maestro_agent::Error::Waits(job)) => {
                return Err(Halt::Waits(Wanted { specs: vec![job.spec()], files: job.workspace, apart: false }));
            }
            work => work?,
        };
        let artifact = platform.store.put_artifact(run, phase, definition.output, &work.document, &work.files).await?;
        let result = json!({"artifact": artifact.hash(), "files": artifact.files.len(), "turns": work.turns});
        let records = Records { artifacts: vec![(attempt, artifact)], ..Records::default() };
        Ok(Done { result, records, usage: work.usage })
    })
    .await
}

/// Bytes of a text from outside that a prompt holds by itself.
const OUTSIDE: usize = 4_000;

/// What the task is, what there is to read, what the last gate found.
fn opening(
    context: &Context,
    left_out: Option<&str>,
    rework: &Rework,
    outside: &dyn Fn(&str, &str) -> String,
) -> String {
    let mut text =
        format!("phase: {}\npersona: {}\nartifact to hand over: {}\n", context.phase, context.persona, context.output);
    let upstream: Vec<_> = context.upstream.keys().map(|kind| kind.id()).collect();
    if !upstream.is_empty() {
        text.push_str(&format!("artifacts you can read: {}\n", upstream.join(", ")));
    }
    if let Some(left_out) = left_out {
        text.push_str(&format!("left out in this run, so nobody hands it over: {left_out}\n"));
    }
    for finding in &rework.findings {
        // What failed is told in the words of the software and of the epic.
        let message = outside(&finding.message, "finding");
        text.push_str(&format!("finding of the last gate ({}): {message}\n", finding.check));
    }
    if context.before.is_some() {
        text.push_str(&format!(
            "your work of the attempt before: {} files lie where you wrote them, and `read_artifact` with `{{\"kind\": \"{}\"}}` \
             shows the document that you handed over; mend what was found, keep the rest, and hand over the whole again\n",
            context.own.len(),
            context.output,
        ));
    }
    if let Some(note) = &rework.note {
        // Whoever may grant a round may also give orders; what they say was looked through for secrets when they said it.
        text.push_str(&format!("the person who asks for this rework says: {note}\n"));
    }
    text
}

/// What a persona may do. An effect that nobody knows allows nothing.
#[must_use]
pub fn permissions(definition: &Persona) -> Permissions {
    Permissions {
        tools: definition.tools.iter().cloned().collect(),
        effects: definition.effects.iter().filter_map(|id| Effect::from_id(id)).collect(),
        writes: definition.writes.iter().cloned().map(PathScope).collect(),
    }
}
