//! Does one task for each item of a list. Items that are done stay done when the map is tried again.

use super::{Runner, find};
use crate::{
    failure::Fault,
    flow::Flow,
    task::{Progress, Work},
};
use futures_util::{StreamExt, stream};
use maestro_domain::NodeFailure;
use maestro_store::ItemRow;
use maestro_workflow::types::map::{Each, Map};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) const RUNNER: Runner = Runner { name: "map", evaluates_itself: true, run: |work| Box::pin(run(work)) };

/// How many items are worked on at once where the map does not say.
const AT_ONCE: usize = 40;
/// The most items.
const MOST: usize = 10_000;

async fn run(work: Work<'_>) -> Result<Progress, NodeFailure> {
    let config: Map = work.config()?;
    let Value::Array(items) = work.scope.fill(&config.items)? else {
        return Err(Fault::Expression.because("`items` gives no list"));
    };
    if items.len() > MOST {
        return Err(Fault::Items.because(format!("there are {} items; a map has at most {MOST}", items.len())));
    }
    let count = items.len();
    let at_once = config.max_concurrency.map_or(AT_ONCE, |most| usize::try_from(most.get()).unwrap_or(AT_ONCE));
    let (work, each, at_once) = (&work, &config.each, at_once.max(1));
    // Items that wait for something are at work too, though nobody has them in hand.
    let busy = &AtomicUsize::new(0);
    let ended: Vec<(usize, Option<Result<Progress, NodeFailure>>)> = stream::iter((0..).zip(items))
        .map(|(at, item)| async move {
            if busy.fetch_add(1, Ordering::Relaxed) >= at_once {
                busy.fetch_sub(1, Ordering::Relaxed);
                return (at as usize, None);
            }
            let ended = one(work, each, at, item).await;
            if !matches!(ended, Ok(Progress::Again { .. })) {
                busy.fetch_sub(1, Ordering::Relaxed);
            }
            (at as usize, Some(ended))
        })
        .buffer_unordered(at_once)
        .collect()
        .await;
    let mut outputs = vec![Value::Null; count];
    let (mut failed, mut first, mut again) = (0_usize, None, None::<(u64, Option<String>)>);
    for (at, ended) in ended {
        match ended {
            Some(Ok(Progress::Done(output))) => {
                outputs.get_mut(at).into_iter().for_each(|place| *place = output.clone().unwrap_or_default());
            }
            Some(Ok(Progress::Again { at_ms, waits_for })) => {
                again = Some(match again {
                    Some((soonest, what)) if soonest <= at_ms => (soonest, what),
                    _ => (at_ms, waits_for),
                });
            }
            // Its turn comes when one of those that wait is done.
            None => {}
            Some(Err(failure)) => {
                failed += 1;
                let place = outputs.get_mut(at).into_iter();
                place.for_each(|place| *place = json!({"error": failure.error, "cause": failure.cause}));
                if first.as_ref().is_none_or(|(earlier, _)| at < *earlier) {
                    first = Some((at, failure));
                }
            }
        }
    }
    let tolerated = config.tolerated_failure_percentage.map_or(0, |percentage| percentage.get()) as usize;
    if let Some((at, failure)) = first.filter(|_| failed * 100 > tolerated * count) {
        return Err(Fault::Items.because(format!(
            "{failed} of {count} items failed; item {at} by `{}`: {}",
            failure.error, failure.cause
        )));
    }
    match again {
        Some((at_ms, waits_for)) => Ok(Progress::Again { at_ms, waits_for }),
        None => Ok(Progress::Done(Some(outputs.into()))),
    }
}

async fn one(map: &Work<'_>, each: &Each, at: u32, item: Value) -> Result<Progress, NodeFailure> {
    let (store, run, node) = (&map.platform.store, &map.task.run, map.task.node);
    let store_failed = |error: maestro_store::Error| Fault::store(&error);
    let row = store.item(run, node, at).await.map_err(store_failed)?;
    let started_ms = match &row {
        // What undoes a map is another task than the map, with items of its own.
        Some(ItemRow { output: Some(output), .. }) if !map.task.undoes => {
            return Ok(Progress::Done(store.output(run, output).await.map_err(store_failed)?));
        }
        Some(row) => row.started_ms,
        None => {
            let row = ItemRow { started_ms: map.platform.clock.now_ms(), output: None };
            store.write_item(run, node, at, &row).await.map_err(store_failed)?;
            row.started_ms
        }
    };
    let runner = find(&each.task_type)?;
    let scope = map.scope.with_item(item);
    let config = each.config.as_ref().map_or_else(|| Ok(Flow::nothing()), |config| scope.fill(config))?;
    let work = Work { platform: map.platform, task: map.task, config, scope: &scope, started_ms, item: Some(at) };
    let progress = (runner.run)(work).await?;
    if let Progress::Done(output) = &progress
        && !map.task.undoes
    {
        let output = store.keep_output(run, output.clone()).await.map_err(store_failed)?;
        let row = ItemRow { started_ms, output: Some(output) };
        store.write_item(run, node, at, &row).await.map_err(store_failed)?;
    }
    Ok(progress)
}
