//! The `maestro-aws` command on the deployed stack, as a user's shell sees it.

use crate::stack::{deployed, home, ours, packaged};
use maestro_tests::checkout;
use serde_json::Value;
use std::{path::Path, process::Output, time::Duration};
use tokio::{
    io::AsyncReadExt,
    process::{Child, Command},
};

/// `None` where there is no stack that the command would find.
pub(crate) async fn command() -> Option<Command> {
    deployed().await?;
    if !tokio::task::spawn_blocking(ours).await.unwrap() {
        return None;
    }
    let mut command = Command::new(packaged().join("maestro-aws"));
    // Of the user's own account nothing is looked at: no call would get anywhere by this profile, or by these variables.
    let profile = home().join("profile-of-nobody");
    std::fs::write(&profile, "[profile nobody]\nregion = eu-north-1\nuse_fips_endpoint = true\n").unwrap();
    command.env("MAESTRO_HOME", home()).env("AWS_PROFILE", "nobody").env("AWS_CONFIG_FILE", profile);
    command.env("AWS_USE_FIPS_ENDPOINT", "true").env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    command.kill_on_drop(true);
    Some(command)
}

pub(crate) async fn run(arguments: &[&str], folder: &Path) -> Option<Output> {
    Some(command().await?.args(arguments).current_dir(folder).output().await.unwrap())
}

/// Reads what a command says until it has said so much, byte by byte: the rest is left to be read.
pub(crate) async fn until(child: &mut Child, wanted: &str) -> String {
    let mut told = Vec::new();
    let stderr = child.stderr.as_mut().unwrap();
    let read = async {
        while !String::from_utf8_lossy(&told).contains(wanted) {
            told.push(stderr.read_u8().await.unwrap());
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(120), read).await;
    let told = String::from_utf8_lossy(&told).into_owned();
    in_time.unwrap_or_else(|_| panic!("it did not come to `{wanted}`: {told}"));
    told
}

pub(crate) fn line(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.lines().last().unwrap_or_else(|| panic!("{output:?}"))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_on_the_stack_looks_like_one_here() {
    let folder = tempfile::tempdir().unwrap();
    let epic = checkout().join("examples/epics/tool-library.md");
    let epic = epic.to_str().unwrap();
    // Stopped after its first work, it says how to go on.
    let Some(mut command) = command().await else { return };
    command.args(["execute", "--on", "local-stack", epic, "--out", "built", "--json"]).current_dir(folder.path());
    let stopped = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = stopped.spawn().unwrap();
    let mut told = until(&mut child, "solution_architect done").await;
    let pid = nix::unistd::Pid::from_raw(child.id().unwrap().try_into().unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    let output = child.wait_with_output().await.unwrap();
    told.push_str(&String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(130), "{told}");
    let id = line(&output)["run"].as_str().unwrap().to_owned();
    assert!(told.contains(&format!("maestro runs resume {id} --on local-stack")), "{told}");
    assert!(!folder.path().join("built").exists());

    let output = run(&["runs", "resume", &id, "--on", "local-stack", "--json"], folder.path()).await.unwrap();
    let progress = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{progress}");
    assert!(progress.contains("design/solution_architect done (stored result)"), "{progress}");
    let end = line(&output);
    assert_eq!((&end["status"], &end["criteria"]["gap"]), (&"ok".into(), &0.into()), "{end}");
    // Here, where the user wanted it, though it was built elsewhere.
    let built = folder.path().join("built");
    assert_eq!(Path::new(end["deliverable"].as_str().unwrap()), built.canonicalize().unwrap());
    let manifest: Value = serde_json::from_slice(&std::fs::read(built.join("maestro.json")).unwrap()).unwrap();
    assert_eq!(manifest["run"], id.as_str());

    let fetched =
        run(&["runs", "fetch", &id, "--on", "local-stack", "--out", "copy", "--json"], folder.path()).await.unwrap();
    assert_eq!(fetched.status.code(), Some(0), "{fetched:?}");
    assert_eq!(maestro_tests::compare::files(&folder.path().join("copy")), maestro_tests::compare::files(&built));

    let output = run(&["runs", "list", "--on", "local-stack", "--json"], folder.path()).await.unwrap();
    let listed = line(&output);
    assert!(
        listed.as_array().unwrap().iter().any(|row| row["run"] == id.as_str() && row["status"] == "ok"),
        "{listed}"
    );
    let output = run(&["runs", "cancel", &id, "--on", "local-stack"], folder.path()).await.unwrap();
    assert_eq!(output.status.code(), Some(2), "it has ended: {}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_stack_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let epic = checkout().join("examples/epics/tool-library.md");
    let Some(mut command) = command().await else { return };
    command.args(["execute", "--on", "local-stack", epic.to_str().unwrap()]);
    let output = command.env("MAESTRO_HOME", folder.path().join("home")).current_dir(&folder).output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("maestro stack up"), "{told}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "nothing is made");
}
