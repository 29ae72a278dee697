//! What DynamoDB gives one partition in a second bounds how many tasks a run does in one.

use crate::{HELPER, scenarios::SMALL};
use maestro_blueprint::Blueprint;
use maestro_domain::RunStatus;
use maestro_store::{MemoryBlobs, MemoryTable, metered::MeteredTable};
use maestro_tests::{Bed, real_referee};
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
