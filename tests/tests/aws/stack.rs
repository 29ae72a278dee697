//! One stack for all tests of this program: installed once, started when the first test asks, gone with the last.
//! `MAESTRO_AWS_ENDPOINT` names another one that is up already, such as LocalStack's.
//!
//! Where it cannot be installed these tests are skipped, and say so; `.ci/run` fails where they were.

use maestro_aws::{Clients, Endpoint};
use maestro_stack::{Deployed, Lifeline, Outputs, Packing, Stack, package};
use maestro_tests::{checkout, template::Template};
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, OnceLock},
};

/// Name of the deployed stack.
pub(crate) const NAME: &str = "maestro-tests";
/// Name of the stack that tests may break.
pub(crate) const FRAIL: &str = "maestro-frail";
/// Name of the stack where events may be lost.
pub(crate) const LOSSY: &str = "maestro-lossy";

/// A home whose stack this is, for commands that look for it there. It is kept between runs: installing takes longer
/// than all tests.
pub(crate) fn home() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

pub(crate) fn folder() -> Stack {
    Stack::new(home().join("stack"))
}

/// What speaks for AWS here.
struct Up {
    endpoint: String,
    /// `None` where somebody else started it.
    _lifeline: Option<Lifeline>,
}

/// `None` where the stack cannot be installed, as without a network. Once it is, whatever fails is a failure.
fn up() -> Option<&'static Up> {
    static UP: OnceLock<Option<Up>> = OnceLock::new();
    let up = UP.get_or_init(|| {
        // The tools that deploy are needed either way.
        if let Err(error) = folder().install(|_| ()) {
            // Not by `eprintln!`, which the test harness swallows.
            let _ = writeln!(std::io::stderr(), "local stack suite skipped: {error}");
            return None;
        }
        Some(match elsewhere() {
            Some(endpoint) => Up { endpoint, _lifeline: None },
            None => {
                let (server, lifeline) = folder().up_while().unwrap();
                Up { endpoint: server.endpoint(), _lifeline: Some(lifeline) }
            }
        })
    });
    up.as_ref()
}

#[expect(clippy::disallowed_methods, reason = "the suite has no configuration of its own")]
fn elsewhere() -> Option<String> {
    std::env::var("MAESTRO_AWS_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty())
}

/// The endpoint of the stack, once it is up.
pub(crate) fn server() -> Option<String> {
    up().map(|up| up.endpoint.clone())
}

/// Clients of what speaks for AWS at this address.
pub(crate) async fn clients_of(endpoint: &str) -> Clients {
    let credentials = ("test".into(), "test".into());
    Clients::new(&Endpoint::Local { url: endpoint.to_owned(), credentials }).await
}

/// Clients of an empty stack: nothing is deployed for them.
pub(crate) async fn clients() -> Option<Clients> {
    let up = tokio::task::spawn_blocking(up).await.unwrap()?;
    Some(clients_of(&up.endpoint).await)
}

/// What the template gives out, once it is deployed with the functions of this build.
pub(crate) async fn deployed() -> Option<&'static Outputs> {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    let deploy = |up| {
        let deployed = deploy(up, NAME);
        // Commands find it there.
        folder().remember(&deployed).unwrap();
        deployed.outputs
    };
    tokio::task::spawn_blocking(move || up().map(|up| OUTPUTS.get_or_init(|| deploy(up)))).await.unwrap()
}

/// The same of a second deployment, whose queues and workers a test may break.
pub(crate) async fn frail() -> Option<&'static Outputs> {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    let deploy = |up| deploy(up, FRAIL).outputs;
    tokio::task::spawn_blocking(move || up().map(|up| OUTPUTS.get_or_init(|| deploy(up)))).await.unwrap()
}

/// The same of a third one, where requests and reports may be lost.
pub(crate) async fn lossy() -> Option<&'static Outputs> {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    let deploy = |up| deploy(up, LOSSY).outputs;
    tokio::task::spawn_blocking(move || up().map(|up| OUTPUTS.get_or_init(|| deploy(up)))).await.unwrap()
}

/// One after the other: the tool's own bucket is made by whoever comes first.
static ONE: Mutex<()> = Mutex::new(());

/// A role that state machines of workflows have, and nothing else: no functions are deployed with it.
const ROLE: &str = "
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Architecture: {Type: String}
  Emulator: {Type: String}
  Tenant: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: sends
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: 'sqs:SendMessage'
                Resource: !Sub 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:flows-*'
Outputs:
  Role: {Value: !GetAtt Role.Arn}
";

/// The ARN of that role.
pub(crate) async fn role() -> Option<&'static str> {
    static ARN: OnceLock<String> = OnceLock::new();
    let deploy = |up: &Up| {
        let _one = ONE.lock();
        let checkout = tempfile::tempdir().unwrap();
        fs::create_dir(checkout.path().join("infra")).unwrap();
        fs::write(checkout.path().join("infra/template.yaml"), ROLE).unwrap();
        let deployed = folder().deploy(&up.endpoint, checkout.path(), "flows-role").unwrap();
        deployed.outputs["Role"].clone()
    };
    tokio::task::spawn_blocking(move || up().map(|up| ARN.get_or_init(|| deploy(up)).as_str())).await.unwrap()
}

fn deploy(up: &Up, name: &str) -> Deployed {
    let _one = ONE.lock();
    packaged();
    folder().deploy(&up.endpoint, checkout(), name).unwrap()
}

/// Whether the stack is one of ours, which commands find in [`home`].
pub(crate) fn ours() -> bool {
    up().is_some_and(|up| up._lifeline.is_some())
}

/// The folder of this build's programs, all of them built and the functions packed.
pub(crate) fn packaged() -> &'static Path {
    static BINARIES: OnceLock<PathBuf> = OnceLock::new();
    BINARIES.get_or_init(|| {
        let binaries = Path::new(env!("CARGO_BIN_EXE_maestro-tests-referee")).parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        // All of them, and with a test, which brings in what tests need: then features are those of `cargo test --workspace`,
        // and what programs share is what that has made already.
        build.args(["build", "--workspace", "--bins", "--test", "aws"]).current_dir(checkout());
        // What this very build was told of its package would make crates anew that look at it.
        // How it was built stays: otherwise everything is built once more, the other way.
        let how =
            |name: &str| ["CARGO_HOME", "CARGO_INCREMENTAL"].contains(&name) || name.starts_with("CARGO_PROFILE_");
        let told = |name: &str| name.starts_with("CARGO_") && !how(name);
        for (name, _) in std::env::vars().filter(|(name, _)| told(name)) {
            build.env_remove(name);
        }
        // The same folder as that of this very build, wherever it is.
        build.env("CARGO_TARGET_DIR", binaries.parent().unwrap());
        assert!(build.status().unwrap().success());
        package(binaries, &checkout().join(maestro_stack::PACKAGES), Packing::Quick).unwrap();
        binaries.to_owned()
    })
}

#[test]
fn the_templates_are_clean() {
    if up().is_none() {
        return;
    }
    for (name, template) in [
        ("template.yaml", Template::read()),
        ("alarms.yaml", Template::alarms()),
        ("referee.yaml", Template::referee()),
    ] {
        let file = checkout().join("infra").join(name);
        folder().lint(&file).unwrap();
        assert!(fs::read_to_string(file).unwrap().lines().count() <= 800, "{name} is too long to be read");
        // The linter does not look into loops; so once more without any.
        let flat = tempfile::tempdir().unwrap();
        let mut whole = template.whole;
        whole.as_object_mut().unwrap().remove("Metadata");
        fs::write(flat.path().join(name), whole.to_string()).unwrap();
        folder().lint(&flat.path().join(name)).unwrap();
    }
}
