//! Being asked to stop: the first time work is ended and written down, the second time it is left as it is.

use crate::stop::{Exit, Stop};
use nix::sys::signal::Signal;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
};

/// Ctrl-C, a request to end, and the end of the terminal.
const ASKING: [(Signal, SignalKind); 3] = [
    (Signal::SIGINT, SignalKind::interrupt()),
    (Signal::SIGTERM, SignalKind::terminate()),
    (Signal::SIGHUP, SignalKind::hangup()),
];

/// How often this process has been asked to stop.
#[derive(Debug, Clone)]
pub(crate) struct Signals(watch::Receiver<u32>);

impl Signals {
    /// Begins to listen. From now on a signal ends nothing by itself, until the third.
    pub(crate) fn listen() -> Result<Self, Stop> {
        let (asked, any) = mpsc::unbounded_channel();
        let ignored = ignored();
        for (number, kind) in ASKING {
            // `nohup` and shells that start something in the background say what is not meant for it.
            if ignored & (1 << (number as u32 - 1)) != 0 {
                continue;
            }
            let mut one = signal(kind).map_err(|error| Stop::from_error(Exit::Failed, &error))?;
            let asked = asked.clone();
            tokio::spawn(async move { while one.recv().await.is_some() && asked.send(()).is_ok() {} });
        }
        let (count, counted) = watch::channel(0);
        tokio::spawn(counting(any, count));
        Ok(Self(counted))
    }

    /// Comes back once there have been so many.
    pub(crate) async fn reached(&self, many: u32) {
        let mut count = self.0.clone();
        if count.wait_for(|count| *count >= many).await.is_err() {
            // Nobody counts any more.
            std::future::pending::<()>().await;
        }
    }
}

async fn counting(mut asked: mpsc::UnboundedReceiver<()>, count: watch::Sender<u32>) {
    for many in 1..3 {
        if asked.recv().await.is_none() {
            // All signals are ignored; the count must stand all the same.
            count.closed().await;
            return;
        }
        tracing::warn!(many, "asked to stop");
        count.send_replace(many);
    }
    if asked.recv().await.is_some() {
        std::process::exit(Exit::Interrupted as i32);
    }
}

/// The signals that this process was started to ignore, a bit each.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}
