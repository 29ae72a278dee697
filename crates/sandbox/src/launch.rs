//! Starts the helper for one task, feeds it and gathers what comes back.

use crate::report::Report;
use crate::wire::{End, Failure, Frame, MAX_MESSAGE, Setup, Task, Walls, message};
use maestro_domain::{Isolation, TreeLimit};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

/// How long a tree that has been told to die may take until its first process is killed from outside.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes kept of what the helper itself says on standard error.
const DIAGNOSTICS: u64 = 4096;

/// Everything that came back.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) ready: bool,
    pub(crate) walls: Walls,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) truncated: bool,
    pub(crate) report: Report,
    /// What a program reported.
    pub(crate) reported: Option<Vec<u8>>,
    pub(crate) end: Option<End>,
    pub(crate) failure: Option<Failure>,
    pub(crate) timed_out: bool,
    pub(crate) over: Option<(TreeLimit, u64)>,
    pub(crate) diagnostics: String,
}

/// Runs a task to its end or to its wall-clock limit. Nothing of it is alive afterwards.
pub(crate) async fn launch(
    helper: &Path,
    setup: &Setup,
    task: &Task,
    files: impl Iterator<Item = &[u8]>,
    report: Report,
    wall: Duration,
) -> io::Result<Gathered> {
    let mut input = message(setup)?;
    input.extend(message(task)?);
    files.for_each(|bytes| input.extend_from_slice(bytes));

    let mut child = start(helper, task.isolation)?;
    let mut stdin = child.stdin.take();
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(io::Error::other("the helper has no pipes"));
    };
    let mut stdout = BufReader::new(stdout);
    let mut gathered = Gathered { report, ..Gathered::default() };
    let mut said = Vec::new();
    let talk = async {
        let (_, read, _) = tokio::join!(
            // When the helper ends early it says why, which is better than a broken pipe.
            feed(&mut stdin, &input),
            gather(&mut stdout, &mut gathered, task.output_bytes),
            read_capped(stderr, &mut said),
        );
        read
    };
    let talked = tokio::time::timeout(wall, talk).await;
    // The pipe's end tells every stage to stop.
    drop(stdin);
    gathered.timed_out = talked.is_err() && gathered.end.is_none();
    bury(&mut child, &mut stdout).await?;
    gathered.diagnostics = String::from_utf8_lossy(&said).trim().to_owned();
    match talked {
        Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(io::Error::new(
            error.kind(),
            format!("`{}` does not answer as the sandbox's helper: {error}", helper.display()),
        )),
        Ok(Err(error)) => Err(error),
        Ok(Ok(())) | Err(_) => Ok(gathered),
    }
}

fn start(helper: &Path, isolation: Isolation) -> io::Result<Child> {
    let mut command = Command::new(helper);
    command.args([crate::helper::MARK, "outer"]);
    match isolation {
        Isolation::Bubblewrap => {
            let bwrap = find_bubblewrap().ok_or_else(|| io::Error::other("`bwrap` is not installed"))?;
            command.args([OsString::from("bubblewrap"), bwrap.into_os_string()]);
        }
        Isolation::Namespaces => {
            command.arg("namespaces");
        }
        Isolation::Unsandboxed => {
            command.arg("unsandboxed");
        }
        Isolation::Recorded => return Err(io::Error::other("a recording cannot run anything")),
    }
    command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // The future may be dropped at any point; the stages below follow the first one.
    command.kill_on_drop(true).spawn()
}

/// The `bwrap` on the `PATH`.
pub(crate) fn find_bubblewrap() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("bwrap")).find(|file| file.is_file())
}

async fn feed(stdin: &mut Option<ChildStdin>, input: &[u8]) -> io::Result<()> {
    match stdin {
        Some(stdin) => stdin.write_all(input).await,
        None => Ok(()),
    }
}

/// Reads frames until every stage has closed the pipe, which is when all of them have ended.
async fn gather(from: &mut (impl AsyncRead + Unpin), gathered: &mut Gathered, cap: usize) -> io::Result<()> {
    while let Some(frame) = next_frame(from).await? {
        match frame {
            Frame::Ready { walls } => {
                gathered.ready = true;
                gathered.walls = walls;
            }
            Frame::Stdout(bytes) => gathered.truncated |= keep(&mut gathered.stdout, &bytes, cap),
            Frame::Stderr(bytes) => gathered.truncated |= keep(&mut gathered.stderr, &bytes, cap),
            Frame::Test(event) => gathered.report.take(event),
            Frame::Report(json) => gathered.reported = Some(json),
            Frame::Over { limit, allowed } => gathered.over = Some((limit, allowed)),
            Frame::End(end) => {
                gathered.truncated |= end.truncated;
                gathered.end = Some(end);
            }
            Frame::Failed(failure) => {
                gathered.failure.get_or_insert(failure);
            }
        }
    }
    Ok(())
}

async fn next_frame(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Frame>> {
    let kind = match from.read_u8().await {
        Ok(kind) => kind,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let length = match from.read_u32().await {
        Ok(length) => usize::try_from(length).unwrap_or(usize::MAX),
        // Killed in the middle of a frame.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    if length > MAX_MESSAGE {
        return Err(broken("a frame is too long"));
    }
    let mut payload = vec![0; length];
    match from.read_exact(&mut payload).await {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    Frame::decode(kind, payload).map(Some).map_err(|error| broken(&error.to_string()))
}

/// Appends up to the cap; says whether something was left out.
fn keep(kept: &mut Vec<u8>, bytes: &[u8], cap: usize) -> bool {
    let room = cap.saturating_sub(kept.len());
    kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    bytes.len() > room
}

async fn read_capped(from: impl AsyncRead + Unpin, said: &mut Vec<u8>) -> io::Result<()> {
    let mut from = from.take(DIAGNOSTICS);
    from.read_to_end(said).await?;
    // Drained, or a stage that has much to say would stand still.
    tokio::io::copy(from.get_mut(), &mut tokio::io::sink()).await?;
    Ok(())
}

/// Waits until all stages have ended; the first one is killed if that takes too long.
async fn bury(child: &mut Child, stdout: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let ended = tokio::time::timeout(GRACE, async {
        tokio::io::copy(stdout, &mut tokio::io::sink()).await?;
        child.wait().await
    });
    match ended.await {
        Ok(ended) => ended.map(drop),
        Err(_) => child.kill().await,
    }
}
