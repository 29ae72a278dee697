//! Functions: how large they are, how soon they ask for work, how much memory they have then. Beside each figure stands
//! that of the least that a function can be.

use anyhow::{Context, Result, ensure};
use maestro_stack::FUNCTIONS;
use serde_json::{Value, json};
use std::{
    fs,
    io::{Read, Write, stdout},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(10);

/// Prints one JSON line for each function: `{"workload","function","binary_mib","zip_mib","first_poll_ms","rss_mib",
/// "hello_first_poll_ms","hello_rss_mib","ratio"}`. Times and memory are medians; `zip_mib` is null where there is no
/// package. Functions and the least one are measured in turn.
pub(crate) fn measure(binaries: &Path, packages: &Path, only: Option<&str>, runs: usize) -> Result<()> {
    ensure!(runs > 0, "at least one run is needed");
    let hello = binaries.join("examples/hello");
    ensure!(
        hello.exists(),
        "`{}` is missing: build it with `cargo build --release --package maestro-lambda --example hello`",
        hello.display()
    );
    let measured: Vec<_> = FUNCTIONS.into_iter().filter(|name| only.is_none_or(|only| only == *name)).collect();
    ensure!(!measured.is_empty(), "there is no function `{}`", only.unwrap_or_default());
    for name in measured {
        let handler = handler(name);
        let binary = binaries.join(name);
        ensure!(binary.exists(), "`{}` is missing: build it with `cargo build --release --bins`", binary.display());
        let (mut ours, mut least) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            least.push(once(&hello, handler)?);
            ours.push(once(&binary, handler)?);
        }
        let [(ours_ms, ours_mib), (least_ms, least_mib)] = [ours, least].map(|samples| medians(&samples));
        let line = json!({
            "workload": "lambda",
            "function": name,
            "binary_mib": size(&binary),
            "zip_mib": size(&packages.join(name).join("bootstrap.zip")),
            "first_poll_ms": round(ours_ms),
            "rss_mib": round(ours_mib),
            "hello_first_poll_ms": round(least_ms),
            "hello_rss_mib": round(least_mib),
            "ratio": (ours_ms / least_ms * 100.0).round() / 100.0,
        });
        writeln!(stdout(), "{line}")?;
    }
    Ok(())
}

/// What `Handler` may say for a binary.
fn handler(name: &str) -> &str {
    match name.trim_start_matches("maestro-fn-") {
        "persona" => "qa_engineer",
        "phase" => "design",
        own => own,
    }
}

/// Milliseconds from the start of the process to its first request for work, and MiB that it has then.
fn once(binary: &Path, handler: &str) -> Result<(f64, f64)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let started = Instant::now();
    let mut child = Command::new(binary)
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", listener.local_addr()?.to_string().as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "measured"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "none"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "none"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "none"),
            ("AWS_SECRET_ACCESS_KEY", "none"),
            ("MAESTRO_BUCKET", "none"),
            ("MAESTRO_BUS", "none"),
            ("MAESTRO_HTTP", "none"),
            ("MAESTRO_MODEL_KEYS", "none"),
            ("MAESTRO_NODE_QUEUE", "none"),
            ("MAESTRO_TABLE", "none"),
            ("MAESTRO_TENANT", "none"),
            ("_HANDLER", handler),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("starting `{}`", binary.display()))?;
    let polled = polled(&listener, &mut child, started);
    let rss = fs::read_to_string(format!("/proc/{}/status", child.id()));
    child.kill()?;
    child.wait()?;
    // Held until then: a function whose poll breaks off ends. Of one that has ended, memory cannot be read.
    let (polled, _waits) = polled.with_context(|| format!("measuring `{}`", binary.display()))?;
    let rss =
        rss?.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    Ok((polled, rss.context("its memory could not be read")? / 1024.0))
}

/// Waits for the request for work: milliseconds until then, and the connection on which an answer is waited for.
fn polled(listener: &TcpListener, child: &mut Child, started: Instant) -> Result<(f64, TcpStream)> {
    loop {
        if let Ok((mut stream, _)) = listener.accept() {
            stream.set_nonblocking(false)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            let mut asked = [0; 4];
            stream.read_exact(&mut asked).context("hearing what it asks for")?;
            ensure!(&asked == b"GET ", "it asks for something else first");
            return Ok((started.elapsed().as_secs_f64() * 1e3, stream));
        }
        ensure!(child.try_wait()?.is_none(), "it ended before it asked for work");
        ensure!(started.elapsed() < PATIENCE, "it does not ask for work");
        std::thread::sleep(Duration::from_micros(50));
    }
}

fn medians(samples: &[(f64, f64)]) -> (f64, f64) {
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    (median(samples.iter().map(|one| one.0).collect()), median(samples.iter().map(|one| one.1).collect()))
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn size(path: &PathBuf) -> Value {
    fs::metadata(path).map_or(Value::Null, |found| json!(round(found.len() as f64 / f64::from(1 << 20))))
}
