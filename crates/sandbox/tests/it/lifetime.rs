//! Nothing outlives its job.

use crate::setting::{self, command, in_every_isolation, python, referee, run, stdout, tests};
use maestro_domain::{ExitStatus, Isolation};
use maestro_ports::referee::{Job, Referee as _};
use maestro_sandbox::LocalReferee;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

in_every_isolation!(
    a_daemon_dies_with_its_job,
    a_daemon_of_a_test_does_not_hold_the_run,
    a_timed_out_tree_is_dead,
    a_dropped_run_is_dead,
    a_command_that_kills_everyone_it_can_only_harms_itself,
);

/// How long the death of a process may take to show.
const BOUND: Duration = Duration::from_secs(10);

/// A program that leaves a daemon behind: new session, double fork, all streams still open, signals ignored.
fn daemon(mark: &str, then: &str) -> Job {
    let program = format!(
        r"
import os, signal, sys, time
seen, running = os.pipe()
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        os.execvp('sleep', ['{mark}', '600'])
    os._exit(0)
os.close(running)
os.read(seen, 1)  # ends when the daemon has become another program, which closes the pipe
print('started', flush=True)
{then}
"
    );
    python(&program)
}

/// A word that finds a process of this very test among all of the machine.
fn mark(test: &str) -> String {
    let now = Instant::now();
    format!("{test}-{}-{now:?}", std::process::id()).replace(|c: char| !c.is_ascii_alphanumeric(), "")
}

fn alive(mark: &str) -> Vec<u32> {
    let own = std::process::id();
    let entries =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let named =
        |pid: &u32| std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.starts_with(mark.as_bytes()));
    entries.filter(|pid| *pid != own).filter(named).collect()
}

/// Waits until something holds; says whether it came to hold.
async fn comes_true(what: impl Fn() -> bool) -> bool {
    let started = Instant::now();
    while started.elapsed() < BOUND {
        if what() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    false
}

async fn a_daemon_dies_with_its_job(referee: &LocalReferee) {
    let mark = mark("daemon");
    let started = Instant::now();
    let outcome = run(referee, daemon(&mark, "")).await.unwrap();
    assert_eq!((outcome.evidence.exit, stdout(&outcome).as_str()), (ExitStatus::Exited { code: 0 }, "started"));
    // It held the pipes open, and was not waited for.
    assert!(started.elapsed() < BOUND);
    assert_eq!(alive(&mark), [] as [u32; 0]);
}

async fn a_daemon_of_a_test_does_not_hold_the_run(referee: &LocalReferee) {
    let mark = mark("testdaemon");
    let text = format!(
        r"
import os, threading, time, unittest
class T(unittest.TestCase):
    def test_leaves_much(self):
        threading.Thread(target=time.sleep, args=(600,)).start()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execvp('sleep', ['{mark}', '600'])
            os.execvp('sleep', ['{mark}', '600'])
"
    );
    let started = Instant::now();
    let outcome = run(referee, tests(&[("tests/test_a.py", &text)])).await.unwrap();
    assert!(outcome.evidence.success(), "{:?}", outcome.evidence);
    assert!(started.elapsed() < BOUND);
    assert_eq!(alive(&mark), [] as [u32; 0]);
}

async fn a_timed_out_tree_is_dead(referee: &LocalReferee) {
    referee.isolation().await.unwrap();
    let mark = mark("timeout");
    let mut job = daemon(&mark, "time.sleep(600)");
    job.limits.wall_ms = 4_000;
    let outcome = run(referee, job).await.unwrap();
    assert_eq!((outcome.evidence.exit, stdout(&outcome).as_str()), (ExitStatus::TimedOut, "started"));
    assert_eq!(alive(&mark), [] as [u32; 0]);
}

async fn a_dropped_run_is_dead(referee: &LocalReferee) {
    referee.isolation().await.unwrap();
    let mark = mark("dropped");
    {
        let running = referee.run(daemon(&mark, "time.sleep(600)"));
        tokio::pin!(running);
        let seen = tokio::select! {
            outcome = &mut running => panic!("ended: {outcome:?}"),
            seen = comes_true(|| !alive(&mark).is_empty()) => seen,
        };
        assert!(seen, "the daemon never started");
    }
    assert!(comes_true(|| alive(&mark).is_empty()).await, "still alive: {:?}", alive(&mark));
}

async fn a_command_that_kills_everyone_it_can_only_harms_itself(referee: &LocalReferee) {
    let outcome = run(referee, python("import os\nos.kill(-1, 9)\nprint('done')\n")).await.unwrap();
    // With Landlock it cannot even reach the stage that watches it; without, its death counts as the command's.
    let exit = outcome.evidence.exit;
    assert!(
        exit == ExitStatus::Signalled { signal: 9 } || exit.success() || exit == (ExitStatus::Exited { code: 1 }),
        "{exit:?}"
    );
    let outcome = run(referee, command(&["true"])).await.unwrap();
    assert!(outcome.evidence.exit.success());
}

/// Without isolation the tree is found by its ancestry, which must work for all of the above as well.
mod unsandboxed {
    use super::*;

    #[tokio::test]
    async fn a_daemon_dies_with_its_job() {
        super::a_daemon_dies_with_its_job(&referee(Isolation::Unsandboxed)).await;
    }

    #[tokio::test]
    async fn a_timed_out_tree_is_dead() {
        super::a_timed_out_tree_is_dead(&referee(Isolation::Unsandboxed)).await;
    }

    #[tokio::test]
    async fn a_dropped_run_is_dead() {
        super::a_dropped_run_is_dead(&referee(Isolation::Unsandboxed)).await;
    }
}

/// The other half of the next test: a process that runs a job until it is killed.
#[tokio::test]
#[ignore = "started by the test below, in a process of its own"]
async fn host_that_gets_killed() {
    let given = |name| std::env::var_os(name).unwrap().into_string().unwrap();
    let isolation = serde_json::from_str(&given("SANDBOX_TEST_ISOLATION")).unwrap();
    let mark = given("SANDBOX_TEST_MARK");
    let mut job = daemon(&mark, "time.sleep(600)");
    job.limits.wall_ms = 600_000;
    run(&referee(isolation), job).await.unwrap();
}

#[tokio::test]
async fn everything_dies_when_the_host_is_killed() {
    let mut isolations = vec![Isolation::Namespaces, Isolation::Unsandboxed];
    if setting::has_bubblewrap() {
        isolations.push(Isolation::Bubblewrap);
    }
    for isolation in isolations {
        let mark = mark("killed");
        let scratch = tempfile::tempdir().unwrap();
        let mut host = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "lifetime::host_that_gets_killed"])
            .env("SANDBOX_TEST_ISOLATION", serde_json::to_string(&isolation).unwrap())
            .env("SANDBOX_TEST_MARK", &mark)
            .env("TMPDIR", Path::new(scratch.path()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let seen = comes_true(|| !alive(&mark).is_empty()).await;
        // SIGKILL: it gets no chance to clean up.
        host.kill().unwrap();
        host.wait().unwrap();
        assert!(seen, "{isolation:?}: the daemon never started");
        assert!(comes_true(|| alive(&mark).is_empty()).await, "{isolation:?}: still alive: {:?}", alive(&mark));
    }
}
