//! What DynamoDB gives one partition in a second bounds how many tasks a run does in one.

use crate::{HELPER, scenarios::SMALL};
use maestro_blueprint::Blueprint;
use maestro_domain::{ContentHash, Event, RunStatus, TaskId};
use maestro_store::{
    MemoryBlobs, MemoryTable,
    metered::{MeteredTable, Units},
};
use maestro_tests::{Bed, real_referee};
use serde_json::json;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_partition_keeps_a_run_below_a_hundred_tasks_a_second() {
    let scratch = tempfile::tempdir().unwrap();
    let table = Arc::new(MeteredTable::new(Arc::new(MemoryTable::default())));
    let referee = Arc::new(real_referee(HELPER, scratch.path()));
    let bed = Bed::with(Arc::new(Blueprint), referee, Arc::clone(&table) as _, Arc::new(MemoryBlobs::default()));
    let run = bed.create(SMALL).await.unwrap();
    let (ended, _) = bed.execute(&run).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    let used = table.used();
    let tasks = bed.hive.store().tasks(&run).await.unwrap().len() as u64;
    assert!(tasks >= 20, "a run is many tasks, not {tasks}");
    // The tenant's lists are not among them: what a run writes there is not by task.
    let own = format!("#RUN#{run}");
    let mut shards = 0;
    for (partition, units) in used.iter().filter(|(partition, _)| partition.contains(&own)) {
        let tasks_a_second = units.a_second(tasks);
        println!("{partition}: {units:?} for {tasks} tasks: {tasks_a_second} tasks a second");
        assert!(tasks_a_second >= 100, "{partition}: {units:?}");
        shards += u8::from(partition.contains("#TASKS#"));
    }
    assert_eq!(shards, maestro_store::keys::SHARDS);
}

/// A function's container is stopped between its calls, so each call writes down its own events. At worst it does so one by
/// one: when the task began, and when it ended.
#[tokio::test]
async fn a_journal_that_each_function_writes_by_itself_takes_a_hundred_tasks_a_second() {
    let scratch = tempfile::tempdir().unwrap();
    let table = Arc::new(MeteredTable::new(Arc::new(MemoryTable::default())));
    let referee = Arc::new(real_referee(HELPER, scratch.path()));
    let bed = Bed::with(Arc::new(Blueprint), referee, Arc::clone(&table) as _, Arc::new(MemoryBlobs::default()));
    let run = bed.create(SMALL).await.unwrap();
    let journal = format!("#RUN#{run}#EVENTS");
    let units = || {
        let used = table.used().into_iter().find(|(partition, _)| partition.ends_with(&journal));
        used.map(|(_, units)| units).unwrap_or_default()
    };
    let (tasks, before) = (50, units());
    for at in 0..tasks {
        let task = TaskId::new(format!("implementation/backend_developer-{at}")).unwrap();
        let input = ContentHash::of(task.as_str().as_bytes()).short().to_owned();
        let began = Event::TaskStarted { task: task.clone(), input };
        let ended = Event::TaskFinished { task, reused: false, tokens: 123_456, cost_micro_usd: 654_321 };
        for event in [began, ended] {
            bed.hive.store().append(&run, &json!({"at_ms": u64::MAX, "event": event})).await.unwrap();
        }
    }
    let after = units();
    let used = Units { written: after.written - before.written, read: after.read - before.read, transactions: 0 };
    println!("{used:?} for {tasks} tasks: {} tasks a second", used.a_second(tasks));
    assert!(used.written > 0 && used.a_second(tasks) >= 100, "{used:?}");
}
