//! The server: one process, one port of the loopback.

use crate::{Error, Stack, deploy::DEPLOYED, install::SERVER};
use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const LAUNCHER: &str = include_str!("launch.py");
/// How long it may take until it answers; the first time it compiles itself, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long one question may wait for its answer.
const ONE_ANSWER: Duration = Duration::from_secs(30);
/// How long it may take to stop by itself, writing down what it holds, on a busy machine.
const GRACE: Duration = Duration::from_secs(60);
/// How long the system may take to end it.
const ENDING: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A server that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    pid: i32,
    port: u16,
}

impl Server {
    /// Its address.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Whether the process is there, and is the one that was started: its number may be another's by now.
    fn alive(&self) -> bool {
        let Ok(line) = fs::read(format!("/proc/{}/cmdline", self.pid)) else { return false };
        String::from_utf8_lossy(&line).contains(LAUNCHER_NAME)
    }

    fn answers(&self) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let asked = TcpStream::connect_timeout(&address, ONE_ANSWER).and_then(|mut stream| {
            stream.set_read_timeout(Some(ONE_ANSWER))?;
            stream.write_all(b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut start = [0; 12];
            stream.read_exact(&mut start)?;
            Ok(start.starts_with(b"HTTP/1.1 200"))
        });
        asked.unwrap_or(false)
    }
}

/// Keeps a server up.
#[derive(Debug)]
pub struct Lifeline(#[expect(dead_code, reason = "it is held, never used")] Option<ChildStdin>);

const LAUNCHER_NAME: &str = "maestro-stack-launch.py";
const STATE: &str = "server.json";

impl Stack {
    /// The server, if it is up.
    #[must_use]
    pub fn server(&self) -> Option<Server> {
        self.last().filter(Server::alive)
    }

    /// The server that was started last.
    fn last(&self) -> Option<Server> {
        serde_json::from_slice(&fs::read(self.file(STATE)).ok()?).ok()
    }

    /// Starts the server on a free port, with what it held when it was stopped by [`Stack::down`], and waits until it
    /// answers. One that is up stays as it is.
    ///
    /// # Errors
    /// [`Error`] when it is not installed, cannot be started or does not answer.
    pub fn up(&self) -> Result<Server, Error> {
        match self.server() {
            Some(server) => Ok(server),
            None => self.start(&[], true, Stdio::null()).map(|(server, _)| server),
        }
    }

    /// Starts an empty server that ends as soon as the lifeline is dropped, however this process ends.
    ///
    /// # Errors
    /// As [`Stack::up`].
    pub fn up_while(&self) -> Result<(Server, Lifeline), Error> {
        let (server, mut child) = self.start(&["--follow"], false, Stdio::piped())?;
        Ok((server, Lifeline(child.stdin.take())))
    }

    fn start(&self, arguments: &[&str], keep: bool, stdin: Stdio) -> Result<(Server, Child), Error> {
        let launcher = self.file(LAUNCHER_NAME);
        fs::write(&launcher, LAUNCHER).map_err(Error::io(format!("write `{}`", launcher.display())))?;
        let log = File::create(self.log()).map_err(Error::io(format!("write `{}`", self.log().display())))?;
        let errors = log.try_clone().map_err(Error::io("share its log"))?;
        // Names of queues that it holds have the port in them.
        let held = keep.then(|| self.last()).flatten().map(|server| server.port);
        let port = bind(held.unwrap_or(0)).map_err(|source| match held {
            Some(port) => Error::PortTaken { port, source },
            None => Error::io("find a free port")(source),
        })?;
        let endpoint = format!("http://127.0.0.1:{port}");
        let switch = if keep { "1" } else { "0" };
        let mut child = Command::new(self.python(SERVER))
            .arg(&launcher)
            .args(arguments)
            .current_dir(self.dir())
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            // Functions are given this name; with a number, parts of the runtime cannot read it.
            .env("MINISTACK_HOST", "localhost")
            .env("AWS_ENDPOINT_URL", endpoint)
            // As for any program in `run`.
            .env_remove("PYTHONDONTWRITEBYTECODE")
            // Signatures and policies count: every function works under its own role.
            .env("AUTH", "true")
            .env("PERSIST_STATE", switch)
            .env("STATE_DIR", self.held().join("state"))
            .env("S3_PERSIST", switch)
            .env("S3_DATA_DIR", self.held().join("s3"))
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .stdin(stdin)
            .stdout(log)
            .stderr(errors)
            // Ctrl-C at the command that started it does not end it.
            .process_group(0)
            .spawn()
            .map_err(Error::io("start its server"))?;
        let server = Server { pid: i32::try_from(child.id()).unwrap_or(i32::MAX), port };
        let state = serde_json::to_vec(&server).unwrap_or_default();
        let written = fs::write(self.file(STATE), state).map_err(Error::io("write down where its server is"));
        let start = Instant::now();
        while written.is_ok() && start.elapsed() < PATIENCE && matches!(child.try_wait(), Ok(None)) {
            if server.answers() {
                return Ok((server, child));
            }
            sleep(LOOK_EVERY);
        }
        // Not by its command line, which a process has only a moment after it was started.
        let _gone_already = child.kill();
        let _gone_already = child.wait();
        written?;
        Err(Error::Silent { port, log: self.log() })
    }

    /// Stops the server, and lets it write down what it holds; `false` when none was up.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be stopped.
    pub fn down(&self) -> Result<bool, Error> {
        let Some(server) = self.server() else { return Ok(false) };
        // Its functions are children of it, in the same group.
        let group = Pid::from_raw(-server.pid);
        let stop = |signal| match kill(group, signal) {
            Ok(()) | Err(Errno::ESRCH) => Ok(()),
            Err(error) => Err(Error::io("stop its server")(io::Error::from(error))),
        };
        let gone_within = |limit| {
            let start = Instant::now();
            while server.alive() && start.elapsed() < limit {
                sleep(LOOK_EVERY);
            }
        };
        stop(Signal::SIGTERM)?;
        gone_within(GRACE);
        stop(Signal::SIGKILL)?;
        // One that still ends must not pass for one that is up.
        gone_within(ENDING);
        Ok(true)
    }

    /// Forgets what a server held that is down.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be deleted.
    pub fn forget(&self) -> Result<(), Error> {
        let gone = |removed: io::Result<()>| match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("forget what it held")(error)),
            _ => Ok(()),
        };
        gone(fs::remove_dir_all(self.held()))?;
        gone(fs::remove_file(self.file(STATE)))?;
        gone(fs::remove_file(self.file(DEPLOYED)))
    }

    /// What a server holds while it is down.
    fn held(&self) -> PathBuf {
        self.file("held")
    }
}

/// Whether nobody listens on a port; 0 finds one.
fn bind(port: u16) -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, port))?.local_addr()?.port())
}
