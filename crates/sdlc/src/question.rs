//! One question to a model as a task like any other: keyed, paid from the ledger, answered once. For work that is nothing but
//! a text; the life cycle's personas work with tools.

use crate::{
    Failure, Platform,
    keyed::{Done, keyed},
    paid::PaidTurns,
};
use maestro_agent::{Brief, Ends, perform};
use maestro_domain::{ArtifactKind, Epic, FailureKind, PersonaId, Phase, RunId};
use maestro_tools::{Context, Dispatcher, Permissions, Toolbox};
use serde_json::{Value, json};
use std::sync::Arc;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The task, such as `design/architect`; with prompt and words it is the key.
    pub task: &'a str,
    /// Whose work it is; chooses the model where several are configured.
    pub persona: PersonaId,
    /// Who the model is to be.
    pub system: &'a str,
    /// What it is to do.
    pub words: &'a str,
}

/// Turns of one question: the first text ends it, and providers may pause.
const TURNS: u32 = 4;

/// Asks, or answers what was answered before.
///
/// # Errors
/// A [`Failure`], by the name that definitions match.
pub async fn ask(platform: &Platform, run: &RunId, question: &Question<'_>) -> Result<String, Failure> {
    let Question { task, persona, system, words } = *question;
    let name = platform.store.run(run).await?.run.model;
    let model = platform.models.open(&name, persona).map_err(maestro_agent::Error::from)?;
    let model = &*model;
    let key = json!({"model": name, "system": system, "words": words});
    let answer = keyed(platform, run, task, &key, move |claimed| async move {
        let brief = Brief {
            task: claimed.task.to_string(),
            input: Some(claimed.input.clone()),
            system: system.to_owned(),
            tools: Dispatcher::new(Toolbox::default(), Permissions::default()),
            max_turns: TURNS,
            max_tokens: u64::MAX,
            opening: words.to_owned(),
            ends: Ends::FirstText,
            screened: false,
        };
        let mut context = Context {
            persona,
            phase: Phase::Requirements,
            output: ArtifactKind::Documents,
            epic: Arc::new(Epic { title: String::new(), statements: vec![] }),
            upstream: [].into(),
            own: [].into(),
            before: None,
            submitted: None,
            jobs: Arc::new(platform.jobs_of(run)),
        };
        let turns = PaidTurns::of(platform, run, claimed, false).await?;
        let work = perform(model, &brief, &mut context, &platform.meter, &turns).await?;
        Ok(Done { usage: work.usage, ..Done::plain(work.document) })
    })
    .await?;
    match answer {
        Value::String(text) => Ok(text),
        other => Err(Failure::new(FailureKind::BadOutput, format!("the answer is no text: {other}"))),
    }
}
