//! The referee of this machine.

use crate::launch::{Gathered, find_bubblewrap, launch};
use crate::python::Python;
use crate::report::{self, Report};
use crate::wire::{Failure, ProcessLimits, Task, TreeLimits, Walls, Work};
use crate::workspace::{self, Workspace};
use crate::{layout, normal};
use async_trait::async_trait;
use maestro_domain::{ContentHash, Evidence, ExitStatus, Isolation, TestResult, with_causes};
use maestro_ports::referee::{Action, Error, Job, Limits, Outcome, Referee};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// Processes and threads of the sandbox's own that live beside the command and are counted with it.
const OWN_PROCESSES: u64 = 10;
/// What helps on most machines.
const REMEDY: &str = "install bubblewrap, or let ordinary users make user namespaces: the settings \
    `kernel.apparmor_restrict_unprivileged_userns`, `kernel.unprivileged_userns_clone` and `user.max_user_namespaces` \
    forbid it, as do most containers unless they are started with more rights";
/// `SIGKILL`: how a command counts as ended that killed the stage which watches it.
const KILLED: i32 = 9;

/// How a referee is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// A program that calls [`helper_main`](crate::helper_main) first thing; it is started as the helper.
    pub helper: PathBuf,
    /// Whether jobs may run without isolation where none is to be had.
    pub allow_unsandboxed: bool,
    /// Folder for the private workspaces of jobs that run without isolation. All others live in memory.
    pub scratch: PathBuf,
    /// Only this isolation, for tests and diagnosis; by default the first that works.
    pub force: Option<Isolation>,
}

impl Options {
    /// The running program as the helper, the system's temporary folder as scratch.
    ///
    /// # Errors
    /// [`Error::Io`] when the running program's path cannot be found out.
    pub fn for_current_exe() -> Result<Self, Error> {
        let helper = std::env::current_exe().map_err(doing("find the running program"))?;
        Ok(Self { helper, allow_unsandboxed: false, scratch: std::env::temp_dir(), force: None })
    }
}

/// Runs jobs on this machine, each in a sandbox of its own.
#[derive(Debug)]
pub struct LocalReferee {
    options: Options,
    isolation: OnceCell<Isolation>,
    python: OnceCell<Python>,
}

impl LocalReferee {
    /// A referee; what the machine offers is found out at the first job.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, isolation: OnceCell::new(), python: OnceCell::new() }
    }

    /// The isolation that jobs run in.
    ///
    /// # Errors
    /// [`Error::NoIsolation`] when none works and running without was not allowed.
    pub async fn isolation(&self) -> Result<Isolation, Error> {
        self.isolation.get_or_try_init(|| self.choose()).await.copied()
    }

    /// The Python that jobs run with.
    ///
    /// # Errors
    /// [`Error::MissingProgram`] when there is none.
    pub async fn python(&self) -> Result<&Python, Error> {
        self.python.get_or_try_init(Python::find).await
    }

    async fn choose(&self) -> Result<Isolation, Error> {
        let candidates = match self.options.force {
            Some(forced) => vec![forced],
            None => vec![Isolation::Bubblewrap, Isolation::Namespaces, Isolation::Unsandboxed],
        };
        let mut reasons = Vec::new();
        for isolation in candidates {
            match self.try_out(isolation).await {
                Ok(_) => return Ok(isolation),
                Err(reason) => reasons.push(format!("{}: {reason}", name_of(isolation))),
            }
        }
        Err(Error::NoIsolation { reason: format!("{} ({REMEDY})", reasons.join("; ")) })
    }

    /// Runs `true` in an isolation, which needs no Python: that is looked for at the same time. Says what else stands
    /// behind it, or why it does not work.
    pub(crate) async fn try_out(&self, isolation: Isolation) -> Result<Walls, String> {
        match isolation {
            Isolation::Bubblewrap if find_bubblewrap().is_none() => return Err("`bwrap` is not installed".to_owned()),
            Isolation::Unsandboxed if !self.options.allow_unsandboxed => return Err("not allowed".to_owned()),
            Isolation::Recorded => return Err("a recording runs nothing".to_owned()),
            _ => {}
        }
        let limits = Limits { wall_ms: 10_000, ..Limits::default() };
        let work = Work::Command { argv: vec!["true".to_owned()] };
        let (files, env) = (Workspace::new(), BTreeMap::new());
        let ran = self.perform(isolation, None, work, &files, &env, &limits, Report::default()).await;
        let gathered = ran.map_err(|error| with_causes(&error))?;
        match outcome_of(&gathered).map_err(|error| with_causes(&error))? {
            ExitStatus::Exited { code: 0 } => Ok(gathered.walls),
            other => Err(format!("`true` ended in it with {other:?}: {}", String::from_utf8_lossy(&gathered.stderr))),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one job's parts, each used once")]
    async fn perform(
        &self,
        isolation: Isolation,
        python: Option<&Python>,
        work: Work,
        files: &Workspace,
        env: &BTreeMap<String, String>,
        limits: &Limits,
        report: Report,
    ) -> Result<Gathered, Error> {
        let bytes = files.values().map(|bytes| bytes.len() as u64).sum();
        let mut setup = layout::setup(&self.options.helper, python, bytes);
        let isolated = isolation != Isolation::Unsandboxed;
        let mut workdir = PathBuf::from(layout::WORKSPACE);
        let mut tmp = PathBuf::from("/tmp");
        // Lives as long as the job does.
        let mut private = None;
        if !isolated {
            let folder = private_folder(&self.options.scratch).map_err(doing("make a private folder"))?;
            workdir = folder.path().join("workspace");
            tmp = folder.path().join("tmp");
            std::fs::create_dir(&tmp).map_err(doing("make a private folder"))?;
            setup.scratch.clear();
            private = Some(folder);
        }
        let task = Task {
            isolation,
            workdir,
            work,
            env: environment(python, &tmp, env),
            limits: ProcessLimits {
                cpu_s: limits.cpu_s,
                memory_bytes: limits.memory_bytes,
                // Without a user namespace the kernel would count all other processes of the user.
                processes: isolated.then(|| limits.processes.saturating_add(OWN_PROCESSES)),
                file_bytes: limits.file_bytes,
            },
            tree: TreeLimits {
                memory_bytes: limits.tree_memory_bytes,
                files: limits.files,
                scratch: setup.scratch.iter().map(|(path, _)| path.clone()).collect(),
            },
            output_bytes: limits.output_bytes,
            readable: layout::readable(&setup),
            writable: layout::writable(&setup),
            files: files.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect(),
        };
        let wall = Duration::from_millis(limits.wall_ms);
        let bytes = files.values().map(Vec::as_slice);
        let gathered = launch(&self.options.helper, &setup, &task, bytes, report, wall).await;
        drop(private);
        gathered.map_err(doing(&format!("run the sandbox helper `{}`", self.options.helper.display())))
    }
}

#[async_trait]
impl Referee for LocalReferee {
    async fn run(&self, job: Job) -> Result<Outcome, Error> {
        workspace::check(&job.workspace)?;
        let workspace_hash = workspace::hash(&job.workspace);
        let (work, command, modules, odd) = self.plan(&job).await?;
        let tests_run = matches!(work, Work::PythonTests { .. });
        let reports = matches!(work, Work::PythonReport { .. });
        let isolation = self.isolation().await?;

        let started = Instant::now();
        let report = Report::expecting(&modules);
        // Jobs of other languages run without it; those that need it have been refused by now.
        let python = self.python().await.ok();
        let mut gathered = self.perform(isolation, python, work, &job.workspace, &job.env, &job.limits, report).await?;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);

        let mut exit = outcome_of(&gathered)?;
        let mut tests = Vec::new();
        let mut reported = None;
        if reports && exit.success() {
            reported = gathered.reported.take().and_then(|json| serde_json::from_slice(&json).ok());
            // A program that ended without its report has not done what it is for.
            if reported.is_none() {
                exit = ExitStatus::Exited { code: 1 };
            }
        }
        let output_hash = if let Some(reported) = &reported {
            report::report_hash(reported)
        } else if tests_run {
            tests = std::mem::take(&mut gathered.report).finish(gathered.over.map(|(limit, _)| limit));
            tests.extend(odd);
            tests.sort_by(|a, b| a.name.cmp(&b.name));
            if exit.success() {
                exit = ExitStatus::Exited { code: report::exit_code(&tests) };
            }
            report::output_hash(&tests)
        } else {
            output_hash(&gathered)
        };
        let evidence = Evidence {
            job: job.name,
            command,
            exit,
            isolation,
            output_hash,
            workspace_hash,
            tests,
            report: reported,
            truncated: gathered.truncated,
            duration_ms,
        };
        Ok(Outcome { evidence, stdout: gathered.stdout, stderr: gathered.stderr })
    }
}

impl LocalReferee {
    /// The interpreter, where it is new enough for the referee's own runners.
    async fn new_python(&self) -> Result<PathBuf, Error> {
        let python = self.python().await?;
        if !python.new_enough() {
            return Err(Error::MissingProgram { program: "python3 >= 3.9".to_owned() });
        }
        Ok(python.path.clone())
    }

    /// What to do, how evidence names it, the test modules in it, and results for files that cannot be one.
    async fn plan(&self, job: &Job) -> Result<(Work, Vec<String>, Vec<String>, Vec<TestResult>), Error> {
        match &job.action {
            Action::Command { argv } | Action::Script { argv } => {
                let program = argv.first().map(String::as_str).unwrap_or_default();
                if program.is_empty() || argv.iter().any(|part| part.contains('\0')) {
                    return Err(Error::MissingProgram { program: program.to_owned() });
                }
                // It may be refused for a reason that is worth more than "not installed".
                if program.starts_with("python") {
                    self.python().await?;
                }
                Ok((Work::Command { argv: argv.clone() }, argv.clone(), Vec::new(), Vec::new()))
            }
            Action::PythonTests { dir } => {
                let dir = dir.strip_suffix('/').unwrap_or(dir);
                if dir != "." {
                    workspace::check_path(dir)?;
                }
                let python = self.new_python().await?;
                let (modules, odd) = workspace::test_modules(&job.workspace, dir);
                let work = Work::PythonTests { python, dir: dir.to_owned(), modules: modules.clone() };
                Ok((work, job.action.command(), modules, odd))
            }
            Action::PythonReport { program, argument } => {
                workspace::check_path(program)?;
                let python = self.new_python().await?;
                let work = Work::PythonReport { python, program: program.clone(), argument: argument.to_string() };
                Ok((work, job.action.command(), Vec::new(), Vec::new()))
            }
        }
    }
}

/// How the command ended, or why it never started.
fn outcome_of(gathered: &Gathered) -> Result<ExitStatus, Error> {
    if let Some((limit, allowed)) = gathered.over {
        return Ok(ExitStatus::OverLimit { limit, allowed });
    }
    if gathered.timed_out {
        return Ok(ExitStatus::TimedOut);
    }
    match &gathered.failure {
        Some(Failure::MissingProgram { program }) => return Err(Error::MissingProgram { program: program.clone() }),
        Some(Failure::Setup { reason }) => return Err(doing("build the sandbox")(io::Error::other(reason.clone()))),
        None => {}
    }
    Ok(match gathered.end {
        Some(end) => match end.signal {
            Some(signal) => ExitStatus::Signalled { signal },
            None => ExitStatus::Exited { code: end.code.unwrap_or(1) },
        },
        None if gathered.ready => ExitStatus::Signalled { signal: KILLED },
        None => {
            let said = match gathered.diagnostics.as_str() {
                "" => "it ended before it was ready",
                said => said,
            };
            return Err(doing("build the sandbox")(io::Error::other(said.to_owned())));
        }
    })
}

/// What a command wrote, without what varies. Of a command that was stopped at its limit nothing counts: how far it
/// had come is chance.
fn output_hash(gathered: &Gathered) -> ContentHash {
    let normal = |bytes| match gathered.timed_out || gathered.over.is_some() {
        true => String::new(),
        false => normal::normalise_stream(bytes, gathered.truncated),
    };
    let (stdout, stderr) = (normal(&gathered.stdout), normal(&gathered.stderr));
    ContentHash::of_parts([("stdout", stdout.as_bytes()), ("stderr", stderr.as_bytes())])
}

/// The command's whole environment: the sandbox's own, then the job's.
fn environment(python: Option<&Python>, tmp: &Path, job: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let tmp = tmp.display().to_string();
    let own = [
        ("PATH", layout::program_path(python)),
        ("HOME", tmp.clone()),
        ("TMPDIR", tmp),
        ("LANG", "C.UTF-8".to_owned()),
        // Python's order of sets must not differ from run to run, nor may it leave files in the workspace.
        ("PYTHONHASHSEED", "0".to_owned()),
        ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    own.chain(job.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
}

fn private_folder(scratch: &Path) -> io::Result<tempfile::TempDir> {
    std::fs::create_dir_all(scratch)?;
    tempfile::Builder::new().prefix("maestro-job-").tempdir_in(scratch)
}

fn doing(action: &str) -> impl FnOnce(io::Error) -> Error {
    let action = action.to_owned();
    move |source| Error::Io { action, source }
}

pub(crate) const fn name_of(isolation: Isolation) -> &'static str {
    match isolation {
        Isolation::Bubblewrap => "bubblewrap",
        Isolation::Namespaces => "namespaces",
        Isolation::Unsandboxed => "unsandboxed",
        Isolation::Recorded => "recorded",
    }
}
