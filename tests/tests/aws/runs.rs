//! Whole runs on the deployed stack end with the record that the embedded engine ends with.

use crate::stack::{clients, output};
use maestro_aws::{DynamoTable, Executions, S3Blobs, S3Deliverables, executions::Standing};
use maestro_domain::{ContentHash, Run, RunId, RunStatus, TenantId};
use maestro_store::Store;
use maestro_tests::example;
use serde_json::json;
use std::{sync::Arc, time::{Duration, Instant}};

#[tokio::test(flavor = "multi_thread")]
async fn an_epic_becomes_the_same_software() {
    let clients = clients().await;
    let tenant = TenantId::new("main").unwrap();
    let table = DynamoTable::new(clients.dynamodb, output("TableName"));
    let blobs = S3Blobs::new(clients.s3.clone(), output("BucketName"));
    let store = Store::new(Arc::new(table), Arc::new(blobs), tenant.clone());
    let bytes = example("epics/tool-library.md");
    let epic = maestro_epic::read(&bytes, "tool-library").unwrap();
    let id = RunId::new(format!("run-{}", std::process::id())).unwrap();
    let run = Run {
        id: id.clone(),
        epic: epic.title.clone(),
        epic_hash: ContentHash::of(&bytes),
        model: "blueprint".into(),
        out: String::new(),
        status: RunStatus::Running,
        reason: None,
        executions: 1,
        created_ms: 1,
        changed_ms: 1,
    };
    store.create_run(&run, &epic, &bytes).await.unwrap();
    let executions = Executions::new(clients.sfn, output("SdlcStateMachineArn"));
    let start = Instant::now();
    let arn = executions.start(id.as_str(), &json!({"run": id, "on_failure": "keep"})).await.unwrap();
    loop {
        let standing = executions.standing(&arn).await.unwrap();
        println!("{:?} {standing:?}", start.elapsed());
        if standing != Standing::Running {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let run = store.run(&id).await.unwrap().run;
    println!("{run:?}");
    let files = S3Deliverables::new(clients.s3, output("BucketName")).fetch(&tenant, &run).await.unwrap().unwrap();
    println!("{} files", files.len());
    assert_eq!(run.status, RunStatus::Ok);
}
