//! Tries out what this machine offers, for `maestro doctor`.

use crate::python::Python;
use crate::referee::{LocalReferee, Options};
use maestro_domain::Isolation;
use serde::Serialize;

/// What this machine offers to run untrusted code in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The isolation that jobs will run in; none when no isolation works.
    pub isolation: Option<Isolation>,
    /// Each isolation and what became of the attempt to use it.
    pub attempts: Vec<Attempt>,
    /// Whether the kernel has Landlock as a second wall.
    pub landlock: bool,
    /// Whether the kernel filters system calls as a third.
    pub seccomp: bool,
    /// The Python that jobs run with.
    pub python: Option<Python>,
    /// Why there is none, or why it will not do.
    pub python_problem: Option<String>,
    /// Whether a program has really been run in the isolation that was chosen.
    pub tested: bool,
}

/// One isolation, tried out by running `true` in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Which one.
    pub isolation: Isolation,
    /// Why it does not work; none when it works.
    pub problem: Option<String>,
}

impl Report {
    /// Whether untrusted Python can be run here.
    #[must_use]
    pub const fn ready(&self) -> bool {
        self.tested && self.python.is_some() && self.python_problem.is_none()
    }
}

/// Tries everything out, with the running program as the helper (see [`helper_main`](crate::helper_main)).
///
/// It blocks for some ten milliseconds. It may be called inside an async runtime or outside.
#[must_use]
pub fn probe() -> Report {
    match Options::for_current_exe() {
        Ok(options) => probe_with(options),
        Err(error) => nothing(error.to_string()),
    }
}

/// The same with other options; `force` restricts what is tried.
#[must_use]
pub fn probe_with(options: Options) -> Report {
    // A thread of its own, because a runtime cannot be started inside another.
    let probing = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_or_else(|error| nothing(error.to_string()), |runtime| runtime.block_on(try_all(options)))
    });
    probing.join().unwrap_or_else(|_| nothing("the probe itself broke off".to_owned()))
}

async fn try_all(options: Options) -> Report {
    let candidates = match options.force {
        Some(forced) => vec![forced],
        None => vec![Isolation::Bubblewrap, Isolation::Namespaces],
    };
    let referee = LocalReferee::new(options);
    let mut report = Report::default();
    for isolation in candidates {
        let tried = referee.try_out(isolation).await;
        if let Ok(walls) = tried {
            report.landlock |= walls.landlock;
            report.seccomp |= walls.seccomp;
            report.isolation.get_or_insert(isolation);
            report.tested = true;
        }
        report.attempts.push(Attempt { isolation, problem: tried.err() });
    }
    match referee.python().await {
        Ok(python) => {
            report.python_problem = (!python.new_enough()).then(|| "it is older than 3.9".to_owned());
            report.python = Some(python.clone());
        }
        Err(error) => report.python_problem = Some(error.to_string()),
    }
    report
}

/// Nothing could even be tried.
fn nothing(problem: String) -> Report {
    Report { attempts: vec![Attempt { isolation: Isolation::Namespaces, problem: Some(problem) }], ..Report::default() }
}
