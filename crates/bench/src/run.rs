//! Whole runs: wall time, orchestration time, memory of the process itself, time to the first task.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::{
    fs,
    io::{Write, stdout},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

struct Sample {
    wall_ms: f64,
    orchestration_ms: f64,
    hwm_mib: f64,
    first_task_ms: f64,
}

/// Measures and prints one JSON line: `{"workload","epic","runs","wall_ms","orchestration_ms","vm_hwm_mib","first_task_ms"}`,
/// each figure as `{"min","median","max"}`.
pub(crate) fn measure(epic: &Path, runs: usize, maestro: Option<PathBuf>) -> Result<()> {
    ensure!(runs > 0, "at least one run is needed");
    let maestro = match maestro {
        Some(given) => given,
        None => std::env::current_exe()?.with_file_name("maestro"),
    };
    ensure!(maestro.exists(), "`{}` is missing: build it with `cargo build --release`", maestro.display());
    once(&maestro, epic)?;
    let samples = (0..runs).map(|_| once(&maestro, epic)).collect::<Result<Vec<_>>>()?;
    let line = json!({
        "workload": "run",
        "epic": epic.file_name().map(|name| name.to_string_lossy()),
        "runs": runs,
        "wall_ms": spread(samples.iter().map(|s| s.wall_ms)),
        "orchestration_ms": spread(samples.iter().map(|s| s.orchestration_ms)),
        "vm_hwm_mib": spread(samples.iter().map(|s| s.hwm_mib)),
        "first_task_ms": spread(samples.iter().map(|s| s.first_task_ms)),
    });
    writeln!(stdout(), "{line}")?;
    Ok(())
}

fn spread(values: impl Iterator<Item = f64>) -> Value {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let round = |value: Option<&f64>| value.map(|v| (v * 10.0).round() / 10.0);
    json!({"min": round(values.first()), "median": round(values.get(values.len() / 2)), "max": round(values.last())})
}

fn once(maestro: &Path, epic: &Path) -> Result<Sample> {
    let home = tempfile::tempdir()?;
    let out = home.path().join("out");
    let spawned_at = now_ms()?;
    let started = Instant::now();
    let mut child = Command::new(maestro)
        .arg("execute")
        .arg(epic)
        .arg("--json")
        .arg("--out")
        .arg(&out)
        .env("MAESTRO_HOME", home.path().join("home"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("starting `{}`", maestro.display()))?;
    let hwm_mib = high_water(&mut child)?;
    let output = child.wait_with_output()?;
    let wall_ms = started.elapsed().as_secs_f64() * 1e3;
    ensure!(output.status.success(), "`{}` ended with {}", epic.display(), output.status);
    let text = String::from_utf8(output.stdout)?;
    let end: Value = serde_json::from_str(text.lines().last().unwrap_or_default()).context("reading the last line")?;
    let run = end.get("run").and_then(Value::as_str).context("the last line names no run")?;
    let orchestration_ms = end.get("orchestration_ms").and_then(Value::as_f64).context("no orchestration_ms")?;
    let first = first_task(maestro, &home.path().join("home"), run)?;
    Ok(Sample { wall_ms, orchestration_ms, hwm_mib, first_task_ms: first - spawned_at })
}

/// Watches the process's own high-water mark until it ends; children are not part of it.
fn high_water(child: &mut Child) -> Result<f64> {
    let process = child.id().to_string();
    let mut most = 0.0_f64;
    while child.try_wait()?.is_none() {
        most = most.max(high_water_of(&process).unwrap_or(0.0));
        std::thread::sleep(Duration::from_millis(5));
    }
    ensure!(most > 0.0, "the process ended before its memory could be read");
    Ok(most)
}

/// The most memory that a process has had so far, in MiB; `None` when it is gone.
pub(crate) fn high_water_of(process: &str) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
}

/// When the first task was claimed, in milliseconds since 1970.
fn first_task(maestro: &Path, home: &Path, run: &str) -> Result<f64> {
    let output = Command::new(maestro).args(["runs", "watch", run, "--json"]).env("MAESTRO_HOME", home).output()?;
    let journal = String::from_utf8(output.stdout)?;
    let started = journal.lines().filter_map(|line| {
        let told: Value = serde_json::from_str(line).ok()?;
        (told.get("event")?.get("event")? == "task_started").then(|| told.get("at_ms")?.as_f64())?
    });
    match started.reduce(f64::min) {
        Some(first) => Ok(first),
        None => bail!("no task of `{run}` tells when it was started"),
    }
}

/// Milliseconds since 1970. Wall clock, because the task's time is one too.
#[expect(clippy::disallowed_methods, reason = "a measurement from outside has no clock port")]
fn now_ms() -> Result<f64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64() * 1e3)
}
