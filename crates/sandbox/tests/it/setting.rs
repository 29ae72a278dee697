//! Jobs, referees and the list of isolations that every test runs in.

use maestro_domain::{ExitStatus, Isolation};
use maestro_ports::referee::{Action, Error, Job, Limits, Outcome, Referee as _};
use maestro_sandbox::{LocalReferee, Options};
use std::collections::BTreeMap;
use std::path::PathBuf;

pub(crate) const HELPER: &str = env!("CARGO_BIN_EXE_maestro-sandbox-init");

/// Runs the same test in both isolations. Bubblewrap may be missing on a machine; namespaces may not.
macro_rules! in_every_isolation {
    ($($name:ident),+ $(,)?) => {
        mod namespaces {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&crate::setting::referee(maestro_domain::Isolation::Namespaces)).await;
            })+
        }
        mod bubblewrap {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if crate::setting::has_bubblewrap() {
                    super::$name(&crate::setting::referee(maestro_domain::Isolation::Bubblewrap)).await;
                }
            })+
        }
    };
}
pub(crate) use in_every_isolation;

pub(crate) fn has_bubblewrap() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join("bwrap").is_file());
    if !found {
        println!("SKIPPED: bubblewrap is not installed on this machine, so its path through the sandbox is not tested");
    }
    found
}

pub(crate) fn options(isolation: Isolation) -> Options {
    Options {
        helper: PathBuf::from(HELPER),
        allow_unsandboxed: isolation == Isolation::Unsandboxed,
        scratch: std::env::temp_dir(),
        force: Some(isolation),
    }
}

pub(crate) fn referee(isolation: Isolation) -> LocalReferee {
    LocalReferee::new(options(isolation))
}

/// A job that runs this Python program.
pub(crate) fn python(program: &str) -> Job {
    let mut job = command(&["python3", "main.py"]);
    job.workspace.insert("main.py".to_owned(), program.as_bytes().to_vec());
    job
}

pub(crate) fn command(argv: &[&str]) -> Job {
    Job {
        name: "testing/verify".to_owned(),
        workspace: BTreeMap::new(),
        action: Action::Command { argv: argv.iter().map(|part| (*part).to_owned()).collect() },
        env: BTreeMap::new(),
        limits: Limits { wall_ms: 30_000, ..Limits::default() },
    }
}

/// A job that runs the tests of these files.
pub(crate) fn tests(files: &[(&str, &str)]) -> Job {
    let mut job = command(&[]);
    job.action = Action::PythonTests { dir: "tests".to_owned() };
    job.workspace = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    job
}

pub(crate) fn stdout(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&outcome.stdout).trim().to_owned()
}

pub(crate) fn stderr(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&outcome.stderr).trim().to_owned()
}

/// Runs a job that must end with 0; gives its standard output.
pub(crate) async fn succeed(referee: &LocalReferee, job: Job) -> String {
    let outcome = run(referee, job).await.unwrap();
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 0 }, "stderr: {}", stderr(&outcome));
    stdout(&outcome)
}

pub(crate) async fn run(referee: &LocalReferee, job: Job) -> Result<Outcome, Error> {
    referee.run(job).await.inspect_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            eprintln!("the referee failed: {error}");
            cause = error.source();
        }
    })
}
