//! What all processes of a job can use up together.

use crate::setting::{in_every_isolation, python, referee, run, succeed, tests};
use maestro_domain::{ExitStatus, Isolation, TestOutcome, TreeLimit};
use maestro_sandbox::LocalReferee;
use std::time::Instant;

in_every_isolation!(
    many_processes_share_one_limit_of_memory,
    files_in_memory_count_as_memory,
    shared_memory_counts_once,
    a_process_that_hides_its_maps_is_charged_in_full,
    memory_that_nobody_would_see_cannot_be_had,
    a_bomb_of_empty_files_is_stopped,
    tests_that_were_stopped_have_not_passed,
);

const MIB: u64 = 1 << 20;

/// Each child alone stays far below the limit of one process.
async fn many_processes_share_one_limit_of_memory(referee: &LocalReferee) {
    let mut job = python(
        r"
import os, time
for _ in range(20):
    if os.fork() == 0:
        block = bytearray(os.urandom(1)) * (40 << 20)
        time.sleep(600)
time.sleep(600)
",
    );
    job.limits.tree_memory_bytes = 300 * MIB;
    let started = Instant::now();
    let evidence = run(referee, job).await.unwrap().evidence;
    assert_eq!(evidence.exit, ExitStatus::OverLimit { limit: TreeLimit::Memory, allowed: 300 * MIB });
    assert!(!evidence.success() && started.elapsed().as_secs() < 20, "{evidence:?}");
}

async fn files_in_memory_count_as_memory(referee: &LocalReferee) {
    let mut job = python(
        r"
import time
for folder in ('/tmp', '/dev/shm', '/workspace'):
    for n in range(3):
        with open('%s/fill%d' % (folder, n), 'wb') as f:
            f.write(bytes(20 << 20))
time.sleep(600)
",
    );
    job.limits.tree_memory_bytes = 150 * MIB;
    let exit = run(referee, job).await.unwrap().evidence.exit;
    assert_eq!(exit, ExitStatus::OverLimit { limit: TreeLimit::Memory, allowed: 150 * MIB });
}

/// Thirty children look at one block: what is counted is the block, not thirty of it.
async fn shared_memory_counts_once(referee: &LocalReferee) {
    let mut job = python(
        r"
import mmap, os, time
block = mmap.mmap(-1, 60 << 20)
block.write(b'x' * (60 << 20))
seen, told = os.pipe()
children = []
for _ in range(30):
    pid = os.fork()
    if pid == 0:
        sum(block[n] for n in range(0, 60 << 20, 4096))
        os.write(told, b'x')
        time.sleep(0.5)  # long enough to be looked at
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
print(len(os.read(seen, 100)))
",
    );
    job.limits.tree_memory_bytes = 600 * MIB;
    assert_eq!(succeed(referee, job).await, "30");
}

async fn a_process_that_hides_its_maps_is_charged_in_full(referee: &LocalReferee) {
    let mut job = python(
        r"
import ctypes, time
ctypes.CDLL(None).prctl(4, 0)  # not dumpable: its maps can be read by nobody
block = bytearray(b'x') * (200 << 20)
time.sleep(600)
",
    );
    job.limits.tree_memory_bytes = 100 * MIB;
    let exit = run(referee, job).await.unwrap().evidence.exit;
    assert_eq!(exit, ExitStatus::OverLimit { limit: TreeLimit::Memory, allowed: 100 * MIB });
}

async fn memory_that_nobody_would_see_cannot_be_had(referee: &LocalReferee) {
    let program = r"
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
try:
    os.memfd_create('hidden')
    print('memfd')
except PermissionError:
    pass
print(libc.shmget(0, 1 << 20, 0o1600), ctypes.get_errno(), libc.msgget(0, 0o1600), ctypes.get_errno())
";
    assert_eq!(succeed(referee, python(program)).await, "-1 1 -1 1");
}

async fn a_bomb_of_empty_files_is_stopped(referee: &LocalReferee) {
    let mut job = python(
        r"
import os, time
try:
    for n in range(10**7):
        os.mkdir('/tmp/%d' % n) if n % 2 else os.symlink('nowhere', '/workspace/%d' % n)
except OSError as error:
    print(error)
time.sleep(600)
",
    );
    job.limits.files = 5_000;
    let exit = run(referee, job).await.unwrap().evidence.exit;
    assert_eq!(exit, ExitStatus::OverLimit { limit: TreeLimit::Files, allowed: 5_000 });
}

async fn tests_that_were_stopped_have_not_passed(referee: &LocalReferee) {
    let good = "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n";
    let greedy = r"
import time, unittest
class T(unittest.TestCase):
    def test_a(self):
        pass
    def test_b(self):
        block = bytearray(b'x') * (300 << 20)
        time.sleep(600)
    def test_c(self):
        pass
";
    let mut job = tests(&[("tests/test_1.py", greedy), ("tests/test_2.py", good)]);
    job.limits.tree_memory_bytes = 200 * MIB;
    let evidence = run(referee, job).await.unwrap().evidence;
    assert_eq!(evidence.exit, ExitStatus::OverLimit { limit: TreeLimit::Memory, allowed: 200 * MIB });
    let of = |name: &str| evidence.tests.iter().find(|test| test.name == name).unwrap();
    assert_eq!(of("test_1.T.test_a").outcome, TestOutcome::Passed);
    assert_eq!(of("test_1.T.test_b").message, "the test process was stopped at the memory limit during this test");
    assert_eq!(of("test_1.T.test_c").outcome, TestOutcome::Error);
    assert_eq!(of("test_1").message, "the test process was stopped at the memory limit before its report was complete");
}

/// Without isolation the tree is found by its ancestry.
#[tokio::test]
async fn without_isolation_memory_is_watched_too() {
    let mut job = python("import os, time\nos.fork()\nblock = bytearray(b'x') * (150 << 20)\ntime.sleep(600)\n");
    job.limits.tree_memory_bytes = 200 * MIB;
    let exit = run(&referee(Isolation::Unsandboxed), job).await.unwrap().evidence.exit;
    assert_eq!(exit, ExitStatus::OverLimit { limit: TreeLimit::Memory, allowed: 200 * MIB });
}
