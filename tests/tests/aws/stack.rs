//! One stack for all tests of this program: installed once, started when the first test asks, gone with the last.
//!
//! Where it cannot be installed these tests are skipped, and say so; `.ci/run` fails where they were.

use maestro_aws::{Clients, Endpoint};
use maestro_stack::{Lifeline, Outputs, Server, Stack, package};
use maestro_tests::{checkout, template::Template};
use std::{
    fs,
    io::Write as _,
    path::Path,
    process::Command,
    sync::{Mutex, Once, OnceLock},
};

/// Name of the deployed stack.
pub(crate) const NAME: &str = "maestro-tests";
/// Name of the stack that tests may break.
pub(crate) const FRAIL: &str = "maestro-frail";

/// The folder is kept between runs: installing takes longer than all tests.
pub(crate) fn folder() -> Stack {
    Stack::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join("stack"))
}

/// `None` where the stack cannot be installed, as without a network. Once it is, whatever fails is a failure.
fn up() -> Option<&'static (Server, Lifeline)> {
    static UP: OnceLock<Option<(Server, Lifeline)>> = OnceLock::new();
    let up = UP.get_or_init(|| {
        if let Err(error) = folder().install(|_| ()) {
            // Not by `eprintln!`, which the test harness swallows.
            let _ = writeln!(std::io::stderr(), "local stack suite skipped: {error}");
            return None;
        }
        Some(folder().up_while().unwrap())
    });
    up.as_ref()
}

/// Clients of an empty stack: nothing is deployed for them.
pub(crate) async fn clients() -> Option<Clients> {
    let (server, _) = tokio::task::spawn_blocking(up).await.unwrap()?;
    let local = Endpoint::Local { url: server.endpoint(), credentials: ("test".into(), "test".into()) };
    Some(Clients::new(&local).await)
}

/// What the template gives out, once it is deployed with the functions of this build.
pub(crate) async fn deployed() -> Option<&'static Outputs> {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    tokio::task::spawn_blocking(|| up().map(|_| OUTPUTS.get_or_init(|| deploy(NAME)))).await.unwrap()
}

/// The same of a second deployment, whose queues and workers a test may break.
pub(crate) async fn frail() -> Option<&'static Outputs> {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    tokio::task::spawn_blocking(|| up().map(|_| OUTPUTS.get_or_init(|| deploy(FRAIL)))).await.unwrap()
}

fn deploy(name: &str) -> Outputs {
    // One after the other: the tool's own bucket is made by whoever comes first.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock();
    static PACKED: Once = Once::new();
    PACKED.call_once(|| {
        let binaries = Path::new(env!("CARGO_BIN_EXE_maestro-tests-referee")).parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        // All of them, so that what they share is what this very build has made already.
        build.args(["build", "--workspace", "--bins"]).current_dir(checkout());
        // What this very build was told of its package would make crates anew that look at it.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_") && name != "CARGO_HOME") {
            build.env_remove(name);
        }
        // The same folder as that of this very build, wherever it is.
        build.env("CARGO_TARGET_DIR", binaries.parent().unwrap());
        assert!(build.status().unwrap().success());
        package(binaries, &checkout().join("target/lambda")).unwrap();
    });
    folder().deploy(checkout(), name).unwrap()
}

#[test]
fn the_template_is_clean() {
    if up().is_some() {
        folder().lint(checkout()).unwrap();
        // The linter does not look into loops; so once more without any.
        let flat = tempfile::tempdir().unwrap();
        fs::create_dir(flat.path().join("infra")).unwrap();
        let mut template = Template::read().whole;
        template.as_object_mut().unwrap().remove("Metadata");
        fs::write(flat.path().join("infra/template.yaml"), template.to_string()).unwrap();
        folder().lint(flat.path()).unwrap();
    }
}
