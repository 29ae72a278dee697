//! Waits for people to agree.

use super::{LOOK_AGAIN_MS, Runner};
use crate::{
    failure::Fault,
    task::{Progress, Work},
};
use maestro_domain::NodeFailure;
use maestro_workflow::types::approval::Approval;
use serde_json::json;

pub(super) const RUNNER: Runner = Runner { name: "approval", evaluates_itself: false, run: |work| Box::pin(run(work)) };

async fn run(work: Work<'_>) -> Result<Progress, NodeFailure> {
    let config: Approval = work.config()?;
    let words =
        work.platform.store.words(&work.task.run, work.task.node).await.map_err(|error| Fault::store(&error))?;
    let (mut approved, needed) = (Vec::new(), config.needed.map_or(1, |needed| needed.get()));
    for word in words.iter().filter(|word| config.approvers.contains(&word.by)) {
        if !word.approves {
            let why = word.comment.as_deref().map(|comment| format!(": {comment}")).unwrap_or_default();
            return Err(Fault::Rejected.because(format!("`{}` rejected{why}", word.by)));
        }
        approved.push(json!({"by": word.by, "comment": word.comment, "at_ms": word.at_ms}));
    }
    if approved.len() as u64 >= needed {
        return Ok(Progress::Done(Some(json!({"approvals": approved}))));
    }
    let missing = needed - approved.len() as u64;
    Ok(Progress::Again {
        at_ms: work.platform.clock.now_ms() + LOOK_AGAIN_MS,
        waits_for: Some(format!("{missing} approval(s) of {}: {}", config.approvers.join(", "), config.question)),
    })
}
