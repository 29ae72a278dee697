//! A stack that is stopped in the middle of a run, and started with what it held.

use crate::{
    command::{line, until},
    runs::embedded,
    stack::{clients_of, home, packaged, server},
};
use maestro_aws::{DynamoTable, S3Blobs};
use maestro_domain::{RunId, TenantId};
use maestro_sdlc::record::canonical;
use maestro_stack::Stack;
use maestro_tests::{checkout, example};
use std::{fs, os::unix::fs::symlink, path::Path, process::Stdio, sync::Arc};
use tokio::process::Command;

/// A stack of its own, in a home of its own. What is installed is the other one's.
fn kept() -> (Stack, std::path::PathBuf) {
    let home_of_it = home().join("kept");
    let folder = home_of_it.join("stack");
    fs::create_dir_all(&folder).unwrap();
    for installed in ["server", "tools"] {
        let link = folder.join(installed);
        if link.symlink_metadata().is_err() {
            symlink(home().join("stack").join(installed), link).unwrap();
        }
    }
    (Stack::new(folder), home_of_it)
}

/// Stops the stack however the test ends.
struct Down(Stack);

impl Drop for Down {
    fn drop(&mut self) {
        self.0.down().and_then(|_| self.0.forget()).unwrap();
    }
}

fn command(home: &Path, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(packaged().join("maestro-aws"));
    command.args(arguments).env("MAESTRO_HOME", home).current_dir(folder).kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_goes_on_after_its_stack_was_stopped() {
    if tokio::task::spawn_blocking(server).await.unwrap().is_none() {
        return;
    }
    let (stack, home) = kept();
    let up = |stack: Stack| tokio::task::spawn_blocking(move || stack.up().unwrap());
    let down = |stack: Stack| tokio::task::spawn_blocking(move || stack.down().unwrap());
    // What a test before this one may have left.
    down(stack.clone()).await.unwrap();
    stack.forget().unwrap();
    let _down = Down(stack.clone());
    let endpoint = up(stack.clone()).await.unwrap().endpoint();
    let (deploying, at) = (stack.clone(), endpoint.clone());
    let deploy = move || {
        packaged();
        let deployed = deploying.deploy(&at, checkout(), "maestro-kept").unwrap();
        deploying.remember(&deployed).unwrap();
        deployed.outputs
    };
    let outputs = tokio::task::spawn_blocking(deploy).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let epic = checkout().join("examples/epics/tool-library.md");
    let arguments = ["execute", "--on", "local-stack", epic.to_str().unwrap(), "--json"];
    let mut child = command(&home, folder.path(), &arguments).spawn().unwrap();
    let told = until(&mut child, "solution_architect done").await;
    assert!(down(stack.clone()).await.unwrap(), "{told}");
    child.kill().await.unwrap();

    assert_eq!(up(stack.clone()).await.unwrap().endpoint(), endpoint, "what it holds names its port");
    let resumed = command(&home, folder.path(), &["runs", "resume", "latest", "--on", "local-stack", "--json"]);
    let output = { resumed }.output().await.unwrap();
    let progress = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{progress}");
    assert!(progress.contains("solution_architect done (stored result)"), "{progress}");

    let run = RunId::new(line(&output)["run"].as_str().unwrap()).unwrap();
    let clients = clients_of(&endpoint).await;
    let rows = DynamoTable::new(clients.dynamodb, &outputs["TableName"]);
    let blobs = S3Blobs::new(clients.s3, &outputs["BucketName"]);
    let store = maestro_store::Store::new(Arc::new(rows), Arc::new(blobs), TenantId::local());
    let (_, left) = embedded(&example("epics/tool-library.md")).await;
    assert_eq!(canonical(&store, &run).await.unwrap(), left.record);
}
