//! What a program can use up.

use crate::setting::{command, in_every_isolation, python, run, stderr, stdout, succeed};
use maestro_domain::ExitStatus;
use maestro_sandbox::LocalReferee;
use std::time::Instant;

in_every_isolation!(
    processor_time_runs_out,
    wall_time_runs_out,
    memory_runs_out,
    a_fork_bomb_is_contained,
    threads_are_counted_too,
    files_are_limited,
    memory_file_systems_are_limited,
    output_is_cut,
    codes_and_signals_are_told_apart,
);

async fn processor_time_runs_out(referee: &LocalReferee) {
    let mut job = python("while True: pass\n");
    job.limits.cpu_s = 1;
    let exit = run(referee, job).await.unwrap().evidence.exit;
    // SIGXCPU; a program that ignores it gets SIGKILL.
    assert_eq!(exit, ExitStatus::Signalled { signal: 24 });

    let mut job = python("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass\n");
    job.limits.cpu_s = 1;
    let exit = run(referee, job).await.unwrap().evidence.exit;
    assert_eq!(exit, ExitStatus::Signalled { signal: 9 });
}

async fn wall_time_runs_out(referee: &LocalReferee) {
    referee.isolation().await.unwrap();
    let mut job = python("import time\nprint('started', flush=True)\ntime.sleep(600)\n");
    job.limits.wall_ms = 1_500;
    let started = Instant::now();
    let outcome = run(referee, job).await.unwrap();
    assert_eq!(outcome.evidence.exit, ExitStatus::TimedOut);
    assert_eq!(stdout(&outcome), "started");
    assert!(started.elapsed().as_secs() < 10);
    assert!(outcome.evidence.duration_ms >= 1_500);
}

async fn memory_runs_out(referee: &LocalReferee) {
    let mut job = python("try:\n    b = bytearray(1 << 30)\nexcept MemoryError:\n    print('refused')\n");
    job.limits.memory_bytes = 512 << 20;
    assert_eq!(succeed(referee, job).await, "refused");
}

async fn a_fork_bomb_is_contained(referee: &LocalReferee) {
    // Every child forks on; the first process counts how many there are when no more can be had.
    let program = r"
import os, time
refused = os.open('/tmp/refused', os.O_CREAT | os.O_WRONLY | os.O_APPEND)
def bomb():
    while True:
        try:
            if os.fork() == 0:
                continue
        except OSError:
            os.write(refused, b'x')
            time.sleep(600)
if os.fork() == 0:
    bomb()
end = time.monotonic() + 20
while time.monotonic() < end and os.stat('/tmp/refused').st_size < 20:
    time.sleep(0.01)
most = len([p for p in os.listdir('/proc') if p.isdigit()])
print(os.stat('/tmp/refused').st_size >= 20, 20 <= most <= 60, most)
";
    let mut job = python(program);
    job.limits.processes = 30;
    let output = succeed(referee, job).await;
    assert!(output.starts_with("True True"), "{output}");
}

async fn threads_are_counted_too(referee: &LocalReferee) {
    let program = r"
import threading
stop, started = threading.Event(), 0
try:
    for started in range(500):
        threading.Thread(target=stop.wait, daemon=True).start()
except RuntimeError:
    pass
print(20 <= started <= 60, started)
";
    let mut job = python(program);
    job.limits.processes = 30;
    let output = succeed(referee, job).await;
    assert!(output.starts_with("True"), "{output}");
}

async fn files_are_limited(referee: &LocalReferee) {
    let program = r"
import os
try:
    with open('big', 'wb') as f:
        for _ in range(64):
            f.write(bytes(1 << 20))
            f.flush()
except OSError as error:
    print(error.strerror, os.path.getsize('big'))
";
    let mut job = python(program);
    job.limits.file_bytes = 8 << 20;
    assert_eq!(succeed(referee, job).await, format!("File too large {}", 8 << 20));
}

async fn memory_file_systems_are_limited(referee: &LocalReferee) {
    let program = r"
import os
for folder in ('/tmp', '/dev/shm', '/workspace'):
    written = 0
    try:
        for n in range(100):
            with open('%s/fill%d' % (folder, n), 'wb', buffering=0) as f:
                for _ in range(32):
                    written += f.write(bytes(1 << 20))
    except OSError as error:
        print(folder, error.strerror, written < (300 << 20))
    for n in range(100):
        try:
            os.unlink('%s/fill%d' % (folder, n))
        except OSError:
            pass
";
    let expected = "/tmp No space left on device True\n/dev/shm No space left on device True\n/workspace No space left on device True";
    assert_eq!(succeed(referee, python(program)).await, expected);
}

async fn output_is_cut(referee: &LocalReferee) {
    let program = r"
import sys
for n in range(300000):
    print('line %07d of much output' % n)
print('done', file=sys.stderr)
";
    let mut job = python(program);
    job.limits.output_bytes = 10_000;
    let outcome = run(referee, job.clone()).await.unwrap();
    // It ran to its end: output beyond the cap is read and thrown away.
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 0 });
    assert_eq!((outcome.stdout.len(), stderr(&outcome).as_str()), (10_000, "done"));
    assert!(outcome.stdout.starts_with(b"line 0000000 of"));
    assert!(outcome.evidence.truncated);
    let again = run(referee, job).await.unwrap();
    assert_eq!(again.evidence.id(), outcome.evidence.id());
}

async fn codes_and_signals_are_told_apart(referee: &LocalReferee) {
    let cases = [
        ("exit 0", ExitStatus::Exited { code: 0 }),
        ("exit 3", ExitStatus::Exited { code: 3 }),
        ("exit 137", ExitStatus::Exited { code: 137 }),
        ("kill -9 $$", ExitStatus::Signalled { signal: 9 }),
        ("kill -TERM $$", ExitStatus::Signalled { signal: 15 }),
    ];
    for (script, expected) in cases {
        let outcome = run(referee, command(&["sh", "-c", script])).await.unwrap();
        assert_eq!(outcome.evidence.exit, expected, "{script}: {}", stderr(&outcome));
    }
}
