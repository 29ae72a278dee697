//! The stage that watches the command: it has no privilege left, but the command cannot reach it either.

use super::supervise::referee_is_gone;
use super::tree::kill_leftovers;
use super::watch::Watch;
use super::{During, ENV_PREFIX, Stop, calls, exec, input, modules, privilege, program, stage};
use crate::wire::{End, ExecSpec, Failure, Frame, Task, Walls, Work, read_message, send};
use maestro_domain::Isolation;
use nix::poll::PollTimeout;
use nix::sys::prctl;
use nix::unistd::{AccessFlags, access};
use std::fs;
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Bytes of output that travel in one frame.
const CHUNK: usize = 32 << 10;

pub(super) fn main() -> Result<ExitCode, Stop> {
    let mut stdin = input()?;
    let task: Task = read_message(&mut stdin).during("read the task")?;
    let isolated = task.isolation != Isolation::Unsandboxed;
    if isolated {
        // Further down everybody in sight is killed; make sure that this is nobody but the command's own.
        if (std::process::id(), parent_id()) != (2, 1) {
            return Err(Stop::setup("trust the sandbox", "it has no process namespace of its own"));
        }
        privilege::drop_all(task.isolation == Isolation::Bubblewrap)?;
    } else {
        // Orphans of the command become ours, so that they can be found.
        prctl::set_child_subreaper(true).during("adopt orphans")?;
    }
    lay_out(&task, &mut stdin)?;
    drop(stdin);
    // The command runs as the same user; this takes its hands off our memory and our open files.
    prctl::set_dumpable(false).during("shut its own files in /proc")?;
    let walls = Walls { landlock: exec::landlock_works(), seccomp: isolated && calls::filter_works() };
    send(&mut io::stdout(), &Frame::Ready { walls }).during("report")?;

    std::thread::spawn(move || {
        while !referee_is_gone(PollTimeout::NONE) {}
        kill_leftovers(isolated);
        std::process::exit(1);
    });
    let output = Output::forward(task.output_bytes).during("open pipes")?;
    let watch = Watch::start(task.tree.clone(), isolated);
    let run = Run { task: &task, isolated, walls, output: &output, watch: &watch };
    let end = match &task.work {
        Work::Command { argv } => run.command(argv)?,
        Work::PythonTests { python, dir, modules } => modules::run(&run, python, dir, modules)?,
        Work::PythonReport { python, program, argument } => program::run(&run, python, program, argument)?,
    };
    watch.stop()?;
    kill_leftovers(isolated);
    let truncated = output.finish();
    send(&mut io::stdout(), &Frame::End(End { truncated, ..end })).during("report")?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the workspace. The referee has checked that every path stays inside.
fn lay_out(task: &Task, bytes: &mut impl Read) -> Result<(), Stop> {
    fs::create_dir_all(&task.workdir).during("make the workspace")?;
    for (path, size) in &task.files {
        let at = task.workdir.join(path);
        at.parent().map_or(Ok(()), fs::create_dir_all).during(format!("make the folder of `{path}`"))?;
        let mut file = fs::File::create_new(&at).during(format!("make `{path}`"))?;
        let copied = io::copy(&mut bytes.take(*size), &mut file).during(format!("write `{path}`"))?;
        if copied != *size {
            return Err(Stop::setup(format!("write `{path}`"), "its bytes ended early"));
        }
    }
    Ok(())
}

/// One task at work.
pub(super) struct Run<'a> {
    pub(super) task: &'a Task,
    /// Whether a limit of the whole tree was passed is asked here.
    pub(super) watch: &'a Watch,
    isolated: bool,
    walls: Walls,
    output: &'a Output,
}

impl Run<'_> {
    fn command(&self, argv: &[String]) -> Result<End, Stop> {
        let (name, arguments) = argv.split_first().ok_or_else(|| Stop::setup("start a command", "it is empty"))?;
        let program = self.find(name).ok_or_else(|| Stop(Failure::MissingProgram { program: name.clone() }))?;
        let mut command = self.prepare(&program)?;
        command.args(arguments).stdin(Stdio::null());
        let mut child = command.spawn().during(format!("start `{name}`"))?;
        // It holds our copy of the pipes' writing ends.
        drop(command);
        Ok(end_of(child.wait().during(format!("wait for `{name}`"))?))
    }

    /// The last stage, set up to become `program`: add its arguments and its standard input.
    pub(super) fn prepare(&self, program: &Path) -> Result<Command, Stop> {
        let spec = ExecSpec {
            limits: self.task.limits,
            isolated: self.isolated,
            seccomp: self.walls.seccomp,
            readable: self.task.readable.clone(),
            writable: self.task.writable.clone(),
        };
        let mut command = stage("exec");
        command.arg(serde_json::to_string(&spec).during("write the limits")?).arg(program);
        command.envs(self.task.env.iter().map(|(name, value)| (format!("{ENV_PREFIX}{name}"), value)));
        command.current_dir(&self.task.workdir).process_group(0);
        command.stdout(self.output.stdout.try_clone().during("copy a pipe")?);
        command.stderr(self.output.stderr.try_clone().during("copy a pipe")?);
        Ok(command)
    }

    /// Where the command's `PATH` leads.
    fn find(&self, name: &str) -> Option<PathBuf> {
        let usable = |path: &PathBuf| path.is_file() && access(path, AccessFlags::X_OK).is_ok();
        if name.contains('/') {
            return Some(self.task.workdir.join(name)).filter(usable);
        }
        let path = self.task.env.get("PATH")?;
        std::env::split_paths(path).map(|dir| self.task.workdir.join(dir).join(name)).find(usable)
    }
}

/// How a process ended.
pub(super) fn end_of(status: ExitStatus) -> End {
    End { code: status.code(), signal: status.signal(), truncated: false }
}

/// The pipes that the command writes to, and the threads that carry their bytes to the referee.
struct Output {
    stdout: PipeWriter,
    stderr: PipeWriter,
    truncated: Arc<AtomicBool>,
    threads: [JoinHandle<()>; 2],
}

impl Output {
    fn forward(cap: usize) -> io::Result<Self> {
        let truncated = Arc::new(AtomicBool::new(false));
        let (from_stdout, stdout) = io::pipe()?;
        let (from_stderr, stderr) = io::pipe()?;
        let threads = [
            forward(from_stdout, cap, Arc::clone(&truncated), Frame::Stdout),
            forward(from_stderr, cap, Arc::clone(&truncated), Frame::Stderr),
        ];
        Ok(Self { stdout, stderr, truncated, threads })
    }

    /// Waits until all bytes are through, and says whether some were cut. Nobody else may hold the pipes any more.
    fn finish(self) -> bool {
        drop((self.stdout, self.stderr));
        for thread in self.threads {
            // A thread that died has sent less than it should.
            if thread.join().is_err() {
                self.truncated.store(true, Ordering::Relaxed);
            }
        }
        self.truncated.load(Ordering::Relaxed)
    }
}

fn forward(
    mut from: PipeReader,
    cap: usize,
    truncated: Arc<AtomicBool>,
    frame: fn(Vec<u8>) -> Frame,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut left = cap;
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => return,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return truncated.store(true, Ordering::Relaxed),
            };
            let kept = buffer.get(..read.min(left)).unwrap_or_default();
            left -= kept.len();
            // Beyond the cap the pipe is still emptied, or the command would stand still.
            if kept.len() < read {
                truncated.store(true, Ordering::Relaxed);
            }
            // One frame is one locked write; when it fails, the referee is gone and so will be this process.
            if !kept.is_empty() && send(&mut io::stdout().lock(), &frame(kept.to_vec())).is_err() {
                return;
            }
        }
    })
}
