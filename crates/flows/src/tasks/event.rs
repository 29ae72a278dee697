//! Waits for an event.

use super::{LOOK_AGAIN_MS, Runner};
use crate::{
    failure::Fault,
    task::{Progress, Work},
};
use maestro_domain::NodeFailure;
use maestro_store::Arrived;
use maestro_workflow::types::event::Event;

pub(super) const RUNNER: Runner = Runner { name: "event", evaluates_itself: false, run: |work| Box::pin(run(work)) };

async fn run(work: Work<'_>) -> Result<Progress, NodeFailure> {
    let config: Event = work.config()?;
    let matches = |event: &Arrived| {
        event.source == config.source
            && event.detail_type == config.detail_type
            && config.fields.iter().all(|(name, value)| event.detail.get(name) == Some(&value.to_json()))
    };
    let arrived = work.platform.store.arrived(&work.task.run).await.map_err(|error| Fault::store(&error))?;
    if let Some(event) = arrived.into_iter().find(matches) {
        return Ok(Progress::Done(Some(event.detail)));
    }
    Ok(Progress::Again {
        at_ms: work.platform.clock.now_ms() + LOOK_AGAIN_MS,
        waits_for: Some(format!("an event `{}` of `{}`", config.detail_type, config.source)),
    })
}
