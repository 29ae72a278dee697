//! Measures what a sandbox costs: `cargo run --release -p maestro-sandbox --example overhead`.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use maestro_domain::Isolation;
use maestro_ports::referee::{Action, Error, Job, Limits, Referee as _};
use maestro_sandbox::{LocalReferee, Options};
use std::process::ExitCode;
use std::time::Instant;

const RUNS: u32 = 50;

fn main() -> ExitCode {
    if let Some(code) = maestro_sandbox::helper_main() {
        return code;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    println!("{:#?}", maestro_sandbox::probe());
    for isolation in [Isolation::Bubblewrap, Isolation::Namespaces, Isolation::Unsandboxed] {
        match runtime.block_on(measure(isolation)) {
            Ok(times) => println!("{isolation:?}: `true` takes {times}"),
            Err(error) => println!("{isolation:?}: {error}"),
        }
    }
    ExitCode::SUCCESS
}

async fn measure(isolation: Isolation) -> Result<String, Error> {
    let options = Options { force: Some(isolation), allow_unsandboxed: true, ..Options::for_current_exe()? };
    let referee = LocalReferee::new(options);
    let job = Job {
        name: "overhead".to_owned(),
        workspace: std::collections::BTreeMap::new(),
        action: Action::Command { argv: vec!["true".to_owned()] },
        env: std::collections::BTreeMap::new(),
        limits: Limits::default(),
    };
    // The first run finds out what the machine offers.
    referee.run(job.clone()).await?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        referee.run(job.clone()).await?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    Ok(format!("{:.1?} (median), {:.1?} (least), {:.1?} (90 of 100)", at(50), at(0), at(90)))
}
